// Matrix products and transposes.

import type { Size } from "../../compiler/size.js";
import type { Expr as TypedExpr } from "../../compiler/typed.js";
import type { Expr } from "../nest.js";
import { lower } from "./expression.js";
import type { Frame } from "./frame.js";
import { innerOut, int, type Out, op, varOf, within } from "./kernel-builder.js";
import { asArray, delayed, readable, scalar, type Value } from "./value.js";

export function transpose(v: Value): Value {
  const a = asArray(v);
  return delayed(a.type, [...a.shape].reverse(), [a], (index, out) => a.at([...index].reverse(), out), a.view);
}

/** `A @ B`: each element is a sum over the axis that they share. */
export function matmul(frame: Frame, e: TypedExpr & { kind: "matmul" }, out: Out): Value {
  const { kernel } = frame;
  const { at } = e;
  const a = readable(asArray(lower(frame, e.left, out)), "left", kernel, out, at);
  const b = readable(asArray(lower(frame, e.right, out)), "right", kernel, out, at);
  const shared = a.shape.at(-1) as Size;
  const type = frame.elementOf(e.type);
  const element = (row: readonly Expr[], column: readonly Expr[], o: Out): Expr => {
    const inner = innerOut(o);
    const axis = { var: kernel.var("k", "i32"), lo: int(0), hi: kernel.size(shared) };
    inner.facts.axis(axis.var, axis.lo, axis.hi);
    const k = varOf(axis.var);
    const value = op("mul", a.at([...row, k], inner), b.at([k, ...column], inner));
    return { kind: "reduce", reducer: "sum", axes: [axis], value: within(inner, value), type };
  };
  const shape = [...a.shape.slice(0, -1), ...b.shape.slice(1)];
  if (shape.length === 0) return scalar(element([], [], out));
  const rows = a.shape.length - 1;
  return delayed(type, shape, [a, b], (index, o) => element(index.slice(0, rows), index.slice(rows), o));
}
