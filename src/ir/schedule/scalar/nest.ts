// A nest run point by point, in order: what is left for a nest that no schedule makes faster, and for nests inside nests. A nest that
// reads what other points of it write has got a second buffer before (passes/second-buffer.ts), so writing in place is right.
import type { LoopExpr } from "../../loop.js";
import { blockMayFail } from "../../may-fail.js";
import type { Axis, Block, Nest } from "../../nest.js";
import { walkBlock, walkExpr } from "../../nest-walk.js";
import { declareArray } from "./array.js";
import { add, int, load, mul, read, sub, truth } from "./build.js";
import { guarded, lowerExpr, lowerNamed } from "./expression.js";
import { linearIndex } from "./index.js";
import { bindAxis, combine } from "./reduce.js";
import { loopOver, named, placeOf, type Region, variable } from "./region.js";
import { lowerStatements } from "./statement.js";

export function sequentialNest(region: Region, nest: Nest): void {
  if (nest.mode === "define") for (const y of nest.yields) declareArray(region, y.array);
  pointLoops(region, nest.axes, (point) => lowerPoint(point, nest));
}

/**
 * Loops over the axes of a nest, the first outermost. Outside other nests `point` becomes the position of the point in their order; from an
 * axis on whose range depends on others it no longer tells points apart, and the first that fails is reported because it runs first.
 */
export function pointLoops(region: Region, axes: readonly Axis[], emit: (inner: Region) => void): void {
  const go = (at: Region, rest: readonly Axis[], point: LoopExpr, exact: boolean): void => {
    const [axis, ...more] = rest;
    if (!axis) {
      emit(region.point ? at : { ...at, point });
      return;
    }
    const lo = lowerNamed(at, `${axis.var.name}Lo`, axis.lo);
    const hi = lowerNamed(at, `${axis.var.name}Hi`, axis.hi);
    const v = bindAxis(at, axis);
    const counts = exact && isIndependent(axis, axes);
    const next = counts ? add(mul(point, sub(hi, lo)), sub(read(v), lo)) : point;
    loopOver(at, v, lo, hi, (inner) => go(inner, more, next, counts));
  };
  go({ ...region, stops: false }, axes, int(0), true);
}

/** The range is the same at all points of the other axes. */
export function isIndependent(axis: Axis, axes: readonly Axis[]): boolean {
  let independent = true;
  for (const bound of [axis.lo, axis.hi])
    walkExpr(bound, {
      expr: (e) => {
        if (e.kind === "var" && axes.some((a) => a.var.id === e.var.id)) independent = false;
        return independent;
      },
    });
  return independent;
}

/** What runs at one point whose axes are bound: the condition, the body, and the writes. */
export function lowerPoint(region: Region, nest: Nest): void {
  pointBody(region, nest, (end) => writeYields(end, nest));
}

function pointBody(region: Region, nest: Nest, after: (end: Region) => void): void {
  guarded(region, nest.where, (inner) => {
    const failed = failsInLoop(nest.body) && !region.failed ? variable(inner, "failed", truth(false)) : undefined;
    lowerStatements(failed ? { ...inner, failed } : inner, nest.body, after);
  });
}

/** Something that may fail is in a loop of the point: later turns must not report what only follows from it. */
function failsInLoop(body: Block): boolean {
  let found = false;
  walkBlock(body, {
    stmt: (s) => {
      if ((s.kind === "for" || s.kind === "loop") && blockMayFail(s.body)) found = true;
      return !found;
    },
  });
  return found;
}

/** Writes the yields of one point, once all their values are known. */
function writeYields(region: Region, nest: Nest): void {
  const writes = nest.yields.map((y) => {
    const place = placeOf(region, y.array);
    const index = linearIndex(
      place,
      y.index.map((k) => lowerExpr(region, k)),
    );
    const value = lowerExpr(region, y.value);
    return nest.yields.length > 1
      ? { buffer: place.buffer, index: named(region, "at", index), value: named(region, y.array.name, value) }
      : { buffer: place.buffer, index, value };
  });
  for (const { buffer, index, value } of writes) {
    if (nest.mode === "add") {
      const at = named(region, "at", index);
      region.out.push({ kind: "store", buffer, index: at, value: combine("sum", load(buffer, at), value) });
    } else region.out.push({ kind: "store", buffer, index, value });
  }
}
