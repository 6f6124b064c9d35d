// Scans in one pass: each value is taken once, and each element of the result is what came in so far. A sum that rounds is a cascade: the
// element is the total of the blocks before it and the running sum of its own block.
import type { LoopExpr, LoopVar } from "../../loop.js";
import type { Axis, Nest } from "../../nest.js";
import { isFloat } from "../../nest-types.js";
import type { Scan } from "../../scan.js";
import { add, compare, int, operation, read, sub } from "../scalar/build.js";
import { CASCADE_BLOCK, cascadeTotal, flushCascade, startCascade } from "../scalar/cascade.js";
import { guarded, lowerExpr, lowerNamed } from "../scalar/expression.js";
import { lowerSize } from "../scalar/index.js";
import { lowerPoint } from "../scalar/nest.js";
import { combine, identityOf } from "../scalar/reduce.js";
import { assign, branch, freshVar, loopOver, named, type Region, variable } from "../scalar/region.js";
import { type LoopSchedule, pointsInOrder, withLanes } from "./loops.js";

/** `others` has the axes beside the one that the scan runs along. */
export function scheduleScan(region: Region, nest: Nest, scan: Scan, others: LoopSchedule): void {
  const along = nest.axes[scan.along] as Axis;
  const outer: Nest = { ...nest, axes: nest.axes.filter((a) => a !== along) };
  withLanes(region, others.lanes, () =>
    pointsInOrder(region, outer, others, (point) => runAlong(point, nest, scan, along)),
  );
}

function runAlong(region: Region, nest: Nest, scan: Scan, along: Axis): void {
  const { lowering } = region;
  const lo = lowerNamed(region, `${along.var.name}Lo`, along.lo);
  const hi = lowerNamed(region, `${along.var.name}Hi`, along.hi);
  const start = lowerNamed(region, "scanStart", scan.start);
  const offset = named(region, "offset", lowerSize(lowering, scan.offset));
  branch(region, compare("lt", lo, hi), (some) => {
    const running = startRunning(some, scan);
    // What is in all the ranges: it comes in before the first element.
    const up = scan.direction === "up";
    const before = freshVar(lowering, "early", "i32");
    const [first, last] = up
      ? [start, sub(add(lo, offset), int(1))]
      : [add(add(sub(hi, int(1)), offset), int(1)), start];
    loopOver(some, before, first, last, (at) => {
      const k = up ? read(before) : named(at, "k", sub(add(first, sub(last, int(1))), read(before)));
      running.take(at, k);
    });
    const turn = freshVar(lowering, along.var.name, "i32");
    loopOver(some, turn, lo, hi, (at) => {
      const i = up ? read(turn) : named(at, along.var.name, sub(add(lo, sub(hi, int(1))), read(turn)));
      const k = named(at, "k", up ? sub(add(i, offset), int(1)) : add(i, offset));
      branch(at, up ? compare("ge", k, start) : compare("lt", k, start), (yes) => running.take(yes, k));
      lowering.scalars.set(along.var.id, i);
      const scanned = named(at, "scanned", running.value());
      lowering.known.set(scan.reduce, () => scanned);
      lowerPoint(at, nest);
    });
    lowering.known.delete(scan.reduce);
  });
}

interface Running {
  /** The value at `k` comes in, where the scan's condition holds. */
  readonly take: (region: Region, k: LoopExpr) => void;
  readonly value: () => LoopExpr;
}

function startRunning(region: Region, { reduce }: Scan): Running {
  const { reducer, type } = reduce;
  const [axis] = reduce.axes;
  const valueAt = (at: Region, k: LoopExpr, use: (inner: Region, value: LoopExpr) => void): void => {
    if (axis) at.lowering.scalars.set(axis.var.id, k);
    guarded(at, reduce.where, (inner) => use(inner, lowerExpr(inner, reduce.value)));
  };
  if ((reducer !== "sum" && reducer !== "prod") || !isFloat(type)) {
    const acc = variable(region, reducer, identityOf(reducer, type));
    return {
      take: (at, k) => valueAt(at, k, (inner, value) => assign(inner, acc, combine(reducer, read(acc), value))),
      value: () => read(acc),
    };
  }
  const identity = identityOf(reducer, type);
  const cascade = startCascade(region, reducer, identity, true);
  const blocks: LoopVar = variable(region, "blocks", identity);
  const taken = variable(region, "taken", int(0));
  return {
    take: (at, k) =>
      valueAt(at, k, (inner, value) => {
        assign(inner, cascade.first, combine(reducer, read(cascade.first), value));
        assign(inner, taken, add(read(taken), int(1)));
        const full = operation("bitAnd", taken.type, read(taken), int(CASCADE_BLOCK - 1));
        branch(inner, compare("eq", full, int(0)), (yes) => {
          flushCascade(yes, cascade);
          assign(yes, blocks, cascadeTotal(cascade));
        });
      }),
    value: () => combine(reducer, read(blocks), read(cascade.first)),
  };
}
