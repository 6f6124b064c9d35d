// Operands of a contraction in panels: `size` rows (or columns) side by side, for one inner index after the other, so that tiles read straight on.
import type { Buffer, LoopExpr, LoopVar } from "../../loop.js";
import type { Axis, Expr, Scalar } from "../../nest.js";
import { bodyOfExpr, motionOf } from "../access.js";
import { add, compare, constant, convert, int, minimum, mul, operation, read, single, sub } from "../scalar/build.js";
import { lowerExpr } from "../scalar/expression.js";
import { branch, freshVar, loopOver, named, type Region } from "../scalar/region.js";
import type { Bounds } from "./loops.js";
import { chunksOf, inChunks } from "./parallel.js";

/** The inner range goes in blocks of so many, each a chain of additions. */
export const BLOCK = 256;

/** One operand, or a band of it: its axis, and how many of its indices stand side by side in a panel. */
export interface Side {
  readonly axis: Axis;
  readonly bounds: Bounds;
  readonly factors: readonly Expr[];
  readonly size: number;
  readonly count: LoopExpr;
  /** Panels, the last one filled up. */
  readonly panels: LoopExpr;
  readonly packed: Buffer;
  /** Where it is said and holds, tiles read its rows where they lie, not from panels. */
  readonly direct?: LoopExpr;
}

/** A block of the inner range: its first index, and how many it has. */
export interface Inner {
  readonly scalar: Scalar;
  readonly axis: Axis;
  readonly from: LoopExpr;
  readonly turns: LoopExpr;
}

/** Where a panel begins; `before` panels stand before the block's first. */
export const panelAt = (s: Side, panel: LoopExpr, before: LoopExpr): LoopExpr =>
  mul(add(before, panel), int(s.size * BLOCK));

/** Each panel of a side, in chunks of so much work where that is said. */
export function overPanels(
  region: Region,
  s: Side,
  name: string,
  turns: LoopExpr,
  parallel: number | undefined,
  emit: (at: Region, panel: LoopExpr) => void,
): void {
  const sweep = (at: Region, lo: LoopExpr, hi: LoopExpr): void => {
    const n = freshVar(at.lowering, name, "i32");
    loopOver(at, n, lo, hi, (inner) => emit(inner, read(n)));
  };
  if (parallel === undefined) {
    sweep(region, int(0), s.panels);
    return;
  }
  const work = operation("mul", single("f64"), convert("f64", turns), constant("f64", 4 * s.size));
  inChunks(region, name, int(0), s.panels, chunksOf(region, name, s.panels, work, parallel), sweep);
}

/** One panel of one block: for each inner index `size` values. The last panel repeats its last index, whose sums nobody reads. */
export function pack(region: Region, s: Side, k: Inner, panel: LoopExpr, before: LoopExpr): void {
  const first = named(region, "first", add(s.bounds.lo, mul(panel, int(s.size))));
  const left = named(region, "left", sub(s.bounds.hi, first));
  const base = named(region, "base", panelAt(s, panel, before));
  const last = named(region, "last", sub(left, int(1)));
  const copy = (at: Region, index: LoopExpr, t: LoopVar, n: LoopVar): void => {
    const value = factorAt(at, s, k, index, add(k.from, read(t)));
    at.out.push({ kind: "store", buffer: s.packed, index: add(add(base, mul(read(t), int(s.size))), read(n)), value });
  };
  const turn = (): LoopVar => freshVar(region.lowering, "t", "i32");
  const place = (): LoopVar => freshVar(region.lowering, "n", "i32");
  if (runsAlong(s, k.axis)) {
    // Row by row, as it lies in memory.
    const [t, n] = [turn(), place()];
    loopOver(region, n, int(0), int(s.size), (row) => {
      const index = named(row, s.axis.var.name, add(first, minimum(read(n), last)));
      loopOver(row, t, int(0), k.turns, (at) => copy(at, index, t, n));
    });
    return;
  }
  const acrossRows = (at: Region, vector: boolean, indexOf: (n: LoopExpr) => LoopExpr): void => {
    const [t, n] = [turn(), place()];
    loopOver(at, t, int(0), k.turns, (row) =>
      loopOver(row, n, int(0), int(s.size), (one) => copy(one, indexOf(read(n)), t, n), { vector }),
    );
  };
  branch(
    region,
    compare("ge", left, int(s.size)),
    (whole) => acrossRows(whole, true, (n) => add(first, n)),
    (edge) => acrossRows(edge, false, (n) => add(first, minimum(n, last))),
  );
}

/** One element for each pair of indices, without a computation or a conversion, side by side along the inner axis. */
export function liesReady(axis: Axis, inner: Axis, factors: readonly Expr[], scalar: Scalar): boolean {
  const [factor, ...more] = factors;
  if (more.length > 0 || factor?.kind !== "load" || factor.type !== scalar) return false;
  const body = bodyOfExpr([axis, inner], factor);
  return body.accesses.every((x) => motionOf(body, x, inner.var) === "next");
}

/** Where each row of a tile begins, of a side that is read directly. Past the last row it is the last, whose sums nobody reads. */
export function rowsOf(region: Region, s: Side, k: Inner, panel: LoopExpr): readonly Element[] {
  const first = named(region, "first", add(s.bounds.lo, mul(panel, int(s.size))));
  const last = named(region, "last", sub(s.bounds.hi, int(1)));
  return Array.from({ length: s.size }, (_, r) => {
    const index = named(region, s.axis.var.name, minimum(add(first, int(r)), last));
    const element = factorAt(region, s, k, index, k.from);
    if (element.kind !== "load") throw new Error("internal: a direct operand that is no load");
    return element;
  });
}

export type Element = LoopExpr & { readonly kind: "load" };

/** What is read lies side by side along the inner axis, and not along the side's own. */
function runsAlong(s: Side, inner: Axis): boolean {
  const bodies = s.factors.map((f) => bodyOfExpr([s.axis, inner], f));
  const goesOn = (a: Axis): boolean => bodies.some((b) => b.accesses.some((x) => motionOf(b, x, a.var) === "next"));
  return goesOn(inner) && !goesOn(s.axis);
}

/** The product of a side's factors at an index of its axis and one of the inner axis. */
function factorAt(region: Region, s: Side, k: Inner, index: LoopExpr, inner: LoopExpr): LoopExpr {
  const { scalars } = region.lowering;
  scalars.set(s.axis.var.id, named(region, s.axis.var.name, index));
  scalars.set(k.axis.var.id, inner);
  const values = s.factors.map((f) => convert(k.scalar, lowerExpr(region, f)));
  return values.reduce((a, b) => operation("mul", single(k.scalar), a, b));
}
