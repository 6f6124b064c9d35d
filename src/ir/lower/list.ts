// Array literals: of scalars, of lists, or of whole arrays side by side.
import type { Expr as TypedExpr } from "../../compiler/typed.js";
import type { Expr } from "../nest.js";
import { lower, lowerScalar } from "./expression.js";
import type { Frame } from "./frame.js";
import { innerOut, int, type Out } from "./kernel-builder.js";
import { asArray, axesOver, indexOf, pushNest, storedValue, type Value } from "./value.js";

export function list(frame: Frame, e: TypedExpr & { kind: "list" }, out: Out): Value {
  const { kernel } = frame;
  const shape = frame.shape(e.type);
  const type = frame.elementOf(e.type);
  const leaves = scalarsOf(e);
  if (leaves) {
    const elements: Expr[] = leaves.map((x) => lowerScalar(frame, x, out));
    const array = kernel.array("list", type, shape);
    out.statements.push({ kind: "list", array, elements, at: e.at });
    return storedValue(array);
  }
  const parts = e.elements.map((x) => asArray(lower(frame, x, out)));
  const array = kernel.array("list", type, shape, true);
  out.statements.push({ kind: "declare", array, at: e.at });
  parts.forEach((part, row) => {
    const inner = innerOut(out);
    const axes = axesOver(part.shape, kernel, inner);
    const index = indexOf(axes);
    const yields = [{ array, index: [int(row), ...index], value: part.at(index, inner) }];
    pushNest("assign", axes, inner, yields, out, e.at);
  });
  return storedValue(array);
}

/** The scalars of nested lists in row-major order; `undefined` where an element is an array by other means. */
function scalarsOf(e: TypedExpr & { kind: "list" }): readonly TypedExpr[] | undefined {
  const all: TypedExpr[] = [];
  for (const x of e.elements) {
    if (x.type.kind === "scalar") all.push(x);
    else {
      const inner = x.kind === "list" ? scalarsOf(x) : undefined;
      if (!inner) return undefined;
      all.push(...inner);
    }
  }
  return all;
}
