// Nests as loops in a chosen order: with one axis, or the innermost axes of the reductions, in lanes, and the outermost axis in chunks that
// may run on several threads. Maps, row reductions and scatters are made so, and whatever no other schedule fits.
import type { LoopExpr, LoopVar } from "../../loop.js";
import type { Axis, Nest } from "../../nest.js";
import { declareArray } from "../scalar/array.js";
import { add, int, maximum, mul, sub } from "../scalar/build.js";
import { lowerExpr, lowerNamed } from "../scalar/expression.js";
import { isIndependent, lowerPoint } from "../scalar/nest.js";
import { bindAxis } from "../scalar/reduce.js";
import { loopOver, named, type Region, stopIfFailed } from "../scalar/region.js";
import { chunksOf, inChunks } from "./parallel.js";
import { workOfAxes, workOfPoint } from "./work.js";

export interface LoopSchedule {
  /** All axes of the nest, outermost first: an axis stands inside those that its range depends on. */
  readonly order: readonly Axis[];
  /** An axis of the nest or of a reduction in it. */
  readonly lanes: ReadonlySet<number>;
  /** The first axis of `order` in chunks of so much work. */
  readonly parallel?: number;
  /** Bounds that have been taken already, by axes. */
  readonly bounds?: ReadonlyMap<number, Bounds>;
  /** Of these axes only a part is run. */
  readonly part?: ReadonlyMap<number, Bounds>;
}

/** Elements that vectors side by side take at most. */
const LINE = 16;

/** Bounds of an axis, taken once. */
export interface Bounds {
  readonly lo: LoopExpr;
  readonly hi: LoopExpr;
}

export function declareYields(region: Region, nest: Nest): void {
  if (nest.mode === "define") for (const y of nest.yields) declareArray(region, y.array);
}

/** What the nest defines has been declared. */
export function scheduleLoops(region: Region, nest: Nest, schedule: LoopSchedule): void {
  withLanes(region, schedule.lanes, () => pointsInOrder(region, nest, schedule, (point) => lowerPoint(point, nest)));
}

/** While `emit` runs, the loops over these axes are to be put in lanes. */
export function withLanes(region: Region, lanes: ReadonlySet<number>, emit: () => void): void {
  const { lowering } = region;
  const added = [...lanes].filter((id) => !lowering.lanes.has(id));
  for (const id of added) lowering.lanes.add(id);
  emit();
  for (const id of added) lowering.lanes.delete(id);
}

/** The loops alone; `emit` gets a region where all axes are bound and the point is known. */
export function pointsInOrder(
  region: Region,
  nest: Nest,
  { order, parallel, bounds: given, part }: LoopSchedule,
  emit: (point: Region) => void,
): void {
  const bounds = new Map<number, Bounds>(given);
  for (const a of nest.axes)
    if (!bounds.has(a.var.id) && isIndependent(a, nest.axes)) bounds.set(a.var.id, boundsOf(region, a));
  const rangeOf = (a: Axis): Bounds | undefined => part?.get(a.var.id) ?? bounds.get(a.var.id);
  stopIfFailed(region);
  const go = (at: Region, rest: readonly Axis[]): void => {
    const [axis, ...more] = rest;
    if (!axis) {
      emit({ ...at, point: pointOf(at, nest.axes, bounds) });
      return;
    }
    const b = rangeOf(axis) ?? boundsOf(at, axis);
    turns(at, axis, b.lo, b.hi, (inner) => go(inner, more));
  };
  const [outer, ...inner] = order;
  const b = outer && rangeOf(outer);
  if (!outer || !b || parallel === undefined) {
    go({ ...region, stops: false }, order);
    return;
  }
  const each = workOfAxes(region.lowering, inner, workOfPoint(region.lowering, nest));
  const count = named(region, `${outer.var.name}Count`, maximum(sub(b.hi, b.lo), int(0)));
  // Chunks of an axis in lanes fill their vectors.
  const unit = region.lowering.lanes.has(outer.var.id) ? LINE : 1;
  const chunks = chunksOf(region, outer.var.name, count, each, parallel, { unit });
  inChunks(region, outer.var.name, b.lo, b.hi, chunks, (chunk, start, stop) =>
    turns(chunk, outer, start, stop, (at) => go(at, inner)),
  );
}

export const boundsOf = (region: Region, axis: Axis): Bounds => ({
  lo: lowerNamed(region, `${axis.var.name}Lo`, axis.lo),
  hi: lowerNamed(region, `${axis.var.name}Hi`, axis.hi),
});

function turns(region: Region, axis: Axis, lo: LoopExpr, hi: LoopExpr, emit: (inner: Region) => void): void {
  const v: LoopVar = bindAxis(region, axis);
  loopOver(region, v, lo, hi, emit, { vector: region.lowering.lanes.has(axis.var.id) });
}

/** The position of the point among the nest's axes as they are written, whatever the loops' order; see `pointLoops`. */
function pointOf(region: Region, axes: readonly Axis[], bounds: ReadonlyMap<number, Bounds>): LoopExpr {
  let point: LoopExpr = int(0);
  for (const a of axes) {
    const b = bounds.get(a.var.id);
    if (!b) return point;
    point = add(mul(point, sub(b.hi, b.lo)), sub(lowerExpr(region, { kind: "var", type: "i32", var: a.var }), b.lo));
  }
  return point;
}
