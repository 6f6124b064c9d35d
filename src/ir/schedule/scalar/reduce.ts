// Reductions at one point: loops with accumulators. A floating-point sum over a range that may be long is a cascade of accumulators, so
// that its error does not grow with the range like a plain chain's.
import type { LoopExpr, LoopVar } from "../../loop.js";
import type { Axis, Reducer, Scalar } from "../../nest.js";
import { add, and, compare, constant, convert, int, maximum, minimum, operation, or, read } from "./build.js";
import { CASCADE_BLOCK, CHAIN_LIMIT, cascadeTotal, flushCascade, loopInBlocks, startCascade } from "./cascade.js";
import { guarded, lowerExpr, lowerNamed } from "./expression.js";
import { assign, branch, freshVar, loopOver, type ReduceExpr, type Region, variable } from "./region.js";

const FLOAT_ENDS = { f32: 3.4028234663852886e38, f64: Number.MAX_VALUE } as const;

/** The value of a reduction of nothing, and what its accumulator starts from. `arg` reducers start their value from that of `min` and `max`. */
export const identityOf = (reducer: Reducer, type: Scalar): LoopExpr => constant(type, identityValue(reducer, type));

/** The same as a number, of a value of this type; for `count` that of what does not count. */
export function identityValue(reducer: Reducer, type: Scalar): number {
  switch (reducer) {
    case "sum":
    case "count":
    case "any":
      return 0;
    case "prod":
    case "all":
      return 1;
    case "min":
    case "argmin":
      return highest(type);
    case "max":
    case "argmax":
      return lowest(type);
  }
}

const highest = (type: Scalar): number =>
  type === "f32" || type === "f64" ? FLOAT_ENDS[type] : type === "i32" ? 2 ** 31 - 1 : type === "u32" ? 2 ** 32 - 1 : 1;
const lowest = (type: Scalar): number =>
  type === "f32" || type === "f64" ? -FLOAT_ENDS[type] : type === "i32" ? -(2 ** 31) : 0;

/** Puts a value into an accumulator; not for `argmin` and `argmax`, whose accumulators are pairs. */
export function combine(reducer: Reducer, acc: LoopExpr, value: LoopExpr): LoopExpr {
  switch (reducer) {
    case "sum":
      return add(acc, value);
    case "prod":
      return operation("mul", acc.type, acc, value);
    case "min":
      return minimum(acc, value);
    case "max":
      return maximum(acc, value);
    case "any":
      return or(acc, value);
    case "all":
      return and(acc, value);
    case "count":
      return add(acc, convert("i32", value));
    case "argmin":
    case "argmax":
      throw new Error("internal: an arg reducer has no plain accumulator");
  }
}

export function lowerReduce(outer: Region, e: ReduceExpr): LoopExpr {
  // Outside nests, what is inside a reduction is one point.
  const region: Region = outer.point ? outer : { ...outer, point: int(0), stops: false };
  if (e.reducer === "argmin" || e.reducer === "argmax") return lowerArg(region, e, e.reducer);
  if (roundsOff(e) && !isShort(e.axes)) return lowerLong(region, e, e.reducer);
  const acc = variable(region, e.reducer, identityOf(e.reducer, e.type));
  loopNest(region, e.axes, (inner) =>
    guarded(inner, e.where, (at) => assign(at, acc, combine(e.reducer, read(acc), lowerExpr(at, e.value)))),
  );
  return read(acc);
}

/** Loops over axes, the first outermost. */
export function loopNest(region: Region, axes: readonly Axis[], emit: (inner: Region) => void): void {
  const [axis, ...rest] = axes;
  if (!axis) {
    emit(region);
    return;
  }
  const lo = lowerExpr(region, axis.lo);
  const hi = lowerExpr(region, axis.hi);
  const v = bindAxis(region, axis);
  loopOver(region, v, lo, hi, (inner) => loopNest(inner, rest, emit), {
    vector: region.lowering.lanes.has(axis.var.id),
  });
}

/** A loop's variable for an axis, known under the axis's name from here on. */
export function bindAxis(region: Region, axis: Axis): LoopVar {
  const v = freshVar(region.lowering, axis.var.name, "i32");
  region.lowering.scalars.set(axis.var.id, read(v));
  return v;
}

function lowerArg(region: Region, e: ReduceExpr, reducer: "argmin" | "argmax"): LoopExpr {
  const [axis] = e.axes;
  if (!axis || e.axes.length !== 1) throw new Error(`internal: ${reducer} over ${e.axes.length} axes`);
  const best = variable(region, "best", identityOf(reducer, e.value.type));
  const found = variable(region, reducer, int(-1));
  loopNest(region, e.axes, (inner) =>
    guarded(inner, e.where, (at) => {
      const value = lowerNamed(at, "candidate", e.value);
      const better = compare(reducer === "argmin" ? "lt" : "gt", value, read(best));
      const index = at.lowering.scalars.get(axis.var.id);
      if (!index) throw new Error("internal: an axis without a variable");
      // The first value counts even where it is no better than the identity.
      branch(at, or(better, compare("lt", read(found), int(0))), (yes) => {
        assign(yes, best, value);
        assign(yes, found, index);
      });
    }),
  );
  return read(found);
}

/** The order of the operations changes the result's last bits. */
const roundsOff = (e: ReduceExpr): e is ReduceExpr & { readonly reducer: "sum" | "prod" } =>
  (e.reducer === "sum" || e.reducer === "prod") && (e.type === "f32" || e.type === "f64");

/** A chain is as good as a cascade up to here. */
const isShort = (axes: readonly Axis[]): boolean =>
  axes.reduce((n, a) => n * (constantExtent(a) ?? Number.POSITIVE_INFINITY), 1) <= CHAIN_LIMIT;

export function constantExtent(axis: Axis): number | undefined {
  return axis.lo.kind === "const" && axis.hi.kind === "const" ? Math.max(0, axis.hi.value - axis.lo.value) : undefined;
}

/** The outer axes as loops, the innermost in blocks, each of which goes into the cascade as one value. */
function lowerLong(region: Region, e: ReduceExpr, reducer: "sum" | "prod"): LoopExpr {
  const cascade = startCascade(region, reducer, identityOf(reducer, e.type), e.axes.length === 1);
  const inner = e.axes[e.axes.length - 1];
  if (!inner) throw new Error("internal: a reduction without an axis");
  loopNest(region, e.axes.slice(0, -1), (row) => {
    const lo = lowerNamed(row, `${inner.var.name}Lo`, inner.lo);
    const hi = lowerNamed(row, `${inner.var.name}Hi`, inner.hi);
    loopInBlocks(row, inner.var.name, lo, hi, CASCADE_BLOCK, (block, start, stop) => {
      const k = bindAxis(block, inner);
      loopOver(
        block,
        k,
        start,
        stop,
        (point) =>
          guarded(point, e.where, (at) =>
            assign(at, cascade.first, combine(reducer, read(cascade.first), lowerExpr(at, e.value))),
          ),
        { vector: block.lowering.lanes.has(inner.var.id) },
      );
      flushCascade(block, cascade);
    });
  });
  return cascadeTotal(cascade);
}
