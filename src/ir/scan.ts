// Prefix sums, and their kin from either end and of every reducer: `c[i] = sum[k in 0..i + 1](x[k])`. Taken as it is written it costs a
// reduction an element; a schedule that asks here makes one pass of it.
import { type Size, subtractSizes, symbolsOfSize } from "../compiler/size.js";
import { effectsOf } from "./effects.js";
import type { Axis, Expr, Nest } from "./nest.js";
import { polynomialOf } from "./polynomial.js";

export type Reduce = Extract<Expr, { readonly kind: "reduce" }>;

/** A `define` nest each of whose elements is a reduction over a range that grows by one value from element to element. */
export interface Scan {
  /** Which axis of the nest the scan runs along; the scans at the points of the others are apart. */
  readonly along: number;
  /** Its one axis is `k`; neither its value nor its `where` speaks of the axis along which it runs. */
  readonly reduce: Reduce;
  /** `up`: k runs over `start..i + offset`. `down`: over `i + offset..start`, and the range grows as i falls. */
  readonly direction: "up" | "down";
  readonly start: Expr;
  readonly offset: Size;
}

/** The scan that the nest is, when it is nothing else. */
export function asScan(nest: Nest): Scan | undefined {
  const [only] = nest.yields;
  if (nest.mode !== "define" || nest.body.length > 0 || !only || nest.yields.length !== 1) return undefined;
  return only.value.kind === "reduce" ? scanOf(only.value, nest.axes) : undefined;
}

/** The scan that a reduction at the points of `axes` is. */
export function scanOf(reduce: Reduce, axes: readonly Axis[]): Scan | undefined {
  const [k] = reduce.axes;
  if (!k || reduce.axes.length !== 1) return undefined;
  const inside: Expr = { ...reduce, axes: [] };
  for (const [along, axis] of axes.entries()) {
    const speaks = (e: Expr): boolean => effectsOf(e).readVars.has(axis.var.id);
    if (speaks(inside) || axes.some((a) => speaks(a.lo) || speaks(a.hi))) continue;
    const up = offsetOf(k.hi, axis);
    if (up && !speaks(k.lo)) return { along, reduce, direction: "up", start: k.lo, offset: up };
    const down = offsetOf(k.lo, axis);
    if (down && !speaks(k.hi)) return { along, reduce, direction: "down", start: k.hi, offset: down };
  }
  return undefined;
}

/** `c` where `e` is `i + c`, and `c` does not speak of i. */
function offsetOf(e: Expr, axis: Axis): Size | undefined {
  const p = polynomialOf(e);
  const i = polynomialOf({ kind: "var", var: axis.var, type: "i32" });
  const c = p && i && subtractSizes(p, i);
  return c && symbolsOfSize(c).every((s) => s.id !== axis.var.id) ? c : undefined;
}
