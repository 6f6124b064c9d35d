// Reducers, and binders.
import type { Binder, Expr as TypedExpr } from "../../compiler/typed.js";
import type { Axis, Expr } from "../nest.js";
import { assume } from "../range/index.js";
import { lowerScalar } from "./expression.js";
import type { Frame } from "./frame.js";
import { innerOut, type Out, varOf, within } from "./kernel-builder.js";
import { scalar, type Value } from "./value.js";

export interface Bound {
  readonly frame: Frame;
  readonly axes: readonly Axis[];
  readonly where?: Expr;
  /** Where the point's own statements go; it knows the ranges, and that `where` holds. */
  readonly inner: Out;
}

/** Makes axes of binders. Each range may speak of the binders before it. */
export function bindAxes(outer: Frame, binders: readonly Binder[], where: TypedExpr | undefined, out: Out): Bound {
  const frame = outer.inner();
  const inner = innerOut(out);
  const axes = binders.map((b, k) => {
    const bound = (e: TypedExpr): Expr => {
      // The first range is computed before; the others once for each value of the binders before them.
      if (k === 0) return lowerScalar(frame, e, out);
      const own = innerOut(inner);
      return within(own, lowerScalar(frame, e, own));
    };
    const axis = { var: outer.kernel.var(b.local.name, "i32"), lo: bound(b.lo), hi: bound(b.hi) };
    inner.facts.axis(axis.var, axis.lo, axis.hi);
    frame.bind(b.local, scalar(varOf(axis.var)));
    return axis;
  });
  if (!where) return { frame, axes, inner };
  const own = innerOut(inner);
  const condition = within(own, lowerScalar(frame, where, own));
  assume(inner.facts, condition);
  return { frame, axes, where: condition, inner };
}

export function reduce(outer: Frame, e: TypedExpr & { kind: "reduce" }, out: Out): Value {
  const { frame, axes, where, inner } = bindAxes(outer, e.binders, e.where, out);
  const value = lowerScalar(frame, e.body, inner);
  return scalar({
    kind: "reduce",
    reducer: e.reducer,
    axes,
    ...(where ? { where } : {}),
    value: within(inner, value),
    type: outer.elementOf(e.type),
  });
}
