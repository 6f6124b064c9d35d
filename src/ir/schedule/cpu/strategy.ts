// Follows a schedule: each site of a kernel becomes the loops that its steps say.
import type { LoopExpr } from "../../loop.js";
import { nestMayFail } from "../../may-fail.js";
import type { Axis, Expr, Nest } from "../../nest.js";
import { asScan } from "../../scan.js";
import { bodyOfExpr, mentions, motionOf } from "../access.js";
import { asColumns } from "../columns.js";
import { asContraction, type Contraction } from "../contraction.js";
import { chooseLanes } from "../lanes.js";
import { and, compare, constant, convert, int, maximum, operation, single, sub } from "../scalar/build.js";
import { lowerExpr } from "../scalar/expression.js";
import { isIndependent } from "../scalar/nest.js";
import { bindAxis, lowerReduce } from "../scalar/reduce.js";
import { branch, loopOver, named, type ReduceExpr, type Region, type Strategy } from "../scalar/region.js";
import { ScheduleError, type Site } from "../schedule.js";
import { labelsOf, type Place, type SiteNode } from "../sites.js";
import { scheduleColumns } from "./columns.js";
import { boundsOf, declareYields, type LoopSchedule, scheduleLoops, withLanes } from "./loops.js";
import { schedulePacked, type Tiling, WHOLE } from "./packed.js";
import { BLOCK } from "./panels.js";
import { PARTS } from "./parallel.js";
import { scheduleScan } from "./scan.js";
import { lanesFor } from "./tile.js";
import { canSplit, totalInParts } from "./total.js";

/** Local arrays of a point with up to so many elements are kept where V8 may find registers for them. */
const REGISTER_ELEMENTS = 64;

export interface Planned {
  readonly place: Place;
  readonly site: Site;
}

export function strategyOf(plans: readonly Planned[]): Strategy {
  const byNode = new Map<Nest | ReduceExpr, Planned>(
    plans.map((p) => [p.place.node.kind === "nest" ? p.place.node.nest : p.place.node.reduce, p]),
  );
  const planFor = (node: Nest | ReduceExpr): Planned => {
    const plan = byNode.get(node);
    if (!plan) throw new Error("internal: a site without a schedule");
    return plan;
  };
  return {
    registerElements: REGISTER_ELEMENTS,
    nest: (region, nest) => lowerNest(region, nest, planFor(nest)),
    reduce: (region, reduce) => lowerTotal(region, reduce, planFor(reduce)),
  };
}

function lowerNest(region: Region, nest: Nest, { place, site }: Planned): void {
  const axis = axisFinder(site, place.node);
  const order = orderOf(site, nest, axis);
  const parallel = site.steps.find((s) => s.kind === "parallel");
  declareYields(region, nest);
  if (site.class === "contraction" && site.steps.some((s) => s.kind === "pack")) {
    lowerContraction(region, nest, site, axis, { order, lanes: lanesOf(site, axis) });
    return;
  }
  const split = site.steps.find((s) => s.kind === "splitReduce");
  if (site.class === "columnReduction" && site.steps.some((s) => s.kind === "stream")) {
    const columns = asColumns(nest);
    if (!columns) throw wrong(site, "its columns can't be taken row by row");
    if (parallel && (!split || axis(parallel.axis) !== columns.down))
      throw wrong(site, `only ${columns.down.var.name} can be parallel, and needs splitReduce`);
    const after = { order, lanes: lanesOf(site, axis) };
    const parts = parallel && split ? { parts: split.parts, work: parallel.work } : undefined;
    scheduleColumns(region, nest, columns, after, parts);
    return;
  }
  if (site.class === "scan" && site.steps.some((s) => s.kind === "stream")) {
    const scan = asScan(nest);
    const along = scan && nest.axes[scan.along];
    if (!scan || !along) throw wrong(site, "it is no scan");
    const lanes = lanesOf(site, axis);
    if (lanes.has(along.var.id)) throw wrong(site, "a scan runs along its axis in order");
    const others = { order: order.filter((a) => a !== along), lanes };
    if (parallel && axis(parallel.axis) !== others.order[0])
      throw wrong(site, "only the outermost other axis can be parallel");
    scheduleScan(region, nest, scan, parallel ? { ...others, parallel: parallel.work } : others);
    return;
  }
  if (parallel && axis(parallel.axis) !== order[0])
    throw wrong(site, `only the outermost axis can be parallel, and that is ${order[0]?.var.name}`);
  const loops = { order, lanes: lanesOf(site, axis) };
  scheduleLoops(region, nest, parallel ? { ...loops, parallel: parallel.work } : loops);
}

/** By tiles where the result is large enough to fill some, else by loops that suit a narrow one. */
function lowerContraction(region: Region, nest: Nest, site: Site, axis: AxisFinder, loops: LoopSchedule): void {
  const c = asContraction(nest);
  if (!c) throw wrong(site, "it is no contraction");
  const lanes = lanesFor(c.reduce.type);
  const tile = (of: Axis, unit: number, most: number): number => {
    const step = site.steps.find((s) => s.kind === "tile" && axis(s.axis) === of);
    const size = step?.kind === "tile" ? step.size : unit;
    if (size % unit !== 0 || size > most)
      throw wrong(site, `a tile of ${of.var.name} has a multiple of ${unit}, up to ${most}`);
    return size;
  };
  const parallel = site.steps.find((s) => s.kind === "parallel");
  const shared = c.around ? c.rows : c.columns;
  if (parallel && axis(parallel.axis) !== shared) throw wrong(site, `only ${shared.var.name} can be parallel`);
  const mirror = site.steps.some((s) => s.kind === "mirror");
  if (mirror && !c.symmetric) throw wrong(site, "the result is not symmetric");
  const tiling: Tiling = {
    height: tile(c.rows, 1, 16),
    width: tile(c.columns, lanes, 16 * lanes),
    mirror,
    ...(parallel ? { parallel: parallel.work } : {}),
  };
  const long = (a: Axis, least: number): LoopExpr =>
    compare("ge", sub(lowerExpr(region, a.hi), lowerExpr(region, a.lo)), int(least));
  const fills = and(and(long(c.rows, 4), long(c.columns, 4)), long(c.inner, 4));
  const large = c.around ? and(fills, fitsInBands(region, c)) : fills;
  const after: LoopSchedule = parallel ? { ...loops, parallel: parallel.work } : loops;
  branch(
    region,
    named(region, "large", large),
    (yes) => schedulePacked(yes, nest, c, tiling, after),
    (no) => {
      if (c.around) scheduleLoops(no, nest, { ...after, lanes: lanesAround(nest) });
      else scheduleNarrow(no, nest, c, parallel?.work);
    },
  );
}

/** Where the sums of a reduction go through memory, they are few enough for the cache. */
function fitsInBands(region: Region, c: Contraction): LoopExpr {
  const extent = (a: Axis): LoopExpr => maximum(sub(lowerExpr(region, a.hi), lowerExpr(region, a.lo)), int(0));
  const f64 = (e: LoopExpr): LoopExpr => convert("f64", e);
  const panels = operation("mul", single("f64"), f64(extent(c.columns)), f64(extent(c.inner)));
  return and(compare("le", panels, constant("f64", WHOLE)), compare("le", extent(c.columns), int(WHOLE / BLOCK)));
}

/** Without tiles, each point's reductions as in any other nest. */
function lanesAround(nest: Nest): ReadonlySet<number> {
  const lanes = chooseLanes(nest);
  if (lanes.kind === "none") return new Set();
  return new Set((lanes.kind === "axis" ? [lanes.axis] : lanes.axes).map((a) => a.var.id));
}

/** Of a result with few columns (or rows), the left operand is the one that is long: lanes go where it is contiguous. */
function scheduleNarrow(region: Region, nest: Nest, c: Contraction, work: number | undefined): void {
  const left = bodyOfExpr([c.rows, c.inner], product(c.left));
  // How it lies is for those to say that move with the rows: a weight of the inner index says nothing.
  const moving = left.accesses.filter((x) => motionOf(left, x, c.rows.var) !== "still");
  const goesOn = (a: Axis): boolean => moving.some((x) => motionOf(left, x, a.var) === "next");
  const byLoops = (at: Region, order: readonly Axis[], lanes: Axis): void => {
    const loops = { order, lanes: new Set([lanes.var.id]) };
    scheduleLoops(at, nest, work === undefined ? loops : { ...loops, parallel: work });
  };
  if (goesOn(c.inner)) byLoops(region, nest.axes, c.inner);
  else if (!goesOn(c.rows)) byLoops(region, nest.axes, c.columns);
  else {
    const walked = (at: Region): void => byLoops(at, [c.columns, c.rows], c.rows);
    // For one column of the result, the left operand's are reduced: row by row, as it lies. A symmetric one with few columns is small either way.
    const one: Nest = { ...nest, axes: [c.rows] };
    const columns = c.symmetric ? undefined : asColumns(one);
    if (!columns || columns.axis !== c.rows || nestMayFail(nest)) {
      walked(region);
      return;
    }
    const { lo, hi } = boundsOf(region, c.columns);
    const after = { order: one.axes, lanes: new Set([c.rows.var.id]) };
    const few = named(region, "few", compare("lt", sub(hi, lo), int(FEW)));
    const each = (at: Region): void =>
      scheduleColumns(at, one, columns, after, work === undefined ? undefined : { parts: PARTS, work });
    branch(region, few, (yes) => loopOver(yes, bindAxis(yes, c.columns), lo, hi, each), walked);
  }
}

/** So many columns are taken one after the other. */
const FEW = 4;

const product = (factors: readonly Expr[]): Expr =>
  factors.reduce((a, b) => ({ kind: "op", op: "mul", type: a.type, args: [a, b] }));

function lowerTotal(region: Region, reduce: ReduceExpr, { place, site }: Planned): LoopExpr | undefined {
  let total: LoopExpr | undefined;
  const axis = axisFinder(site, place.node);
  const split = site.steps.find((s) => s.kind === "splitReduce");
  const parallel = site.steps.find((s) => s.kind === "parallel");
  if (parallel && (!split || axis(parallel.axis) !== reduce.axes[0] || !canSplit(reduce)))
    throw wrong(
      site,
      "only the outermost axis can be parallel, with splitReduce, where no check and no place is asked for",
    );
  withLanes(region, lanesOf(site, axis), () => {
    total = split && parallel ? totalInParts(region, reduce, parallel.work, split.parts) : lowerReduce(region, reduce);
  });
  return total;
}

type AxisFinder = (label: string) => Axis;

export const wrong = (site: Site, what: string): ScheduleError => new ScheduleError(`${site.name}: ${what}`);

function axisFinder(site: Site, node: SiteNode): AxisFinder {
  const labels = labelsOf(node);
  return (label) => {
    const axis = labels.get(label);
    if (!axis) throw wrong(site, `there is no axis ${label}; its axes are ${[...labels.keys()].join(" ")}`);
    return axis;
  };
}

const lanesOf = (site: Site, axis: AxisFinder): ReadonlySet<number> =>
  new Set(site.steps.flatMap((s) => (s.kind === "lanes" ? [axis(s.axis).var.id] : [])));

function orderOf(site: Site, nest: Nest, axis: AxisFinder): readonly Axis[] {
  const step = site.steps.find((s) => s.kind === "order");
  if (!step) return nest.axes;
  const order = step.axes.map(axis);
  if (order.length !== nest.axes.length || !nest.axes.every((a) => order.includes(a)))
    throw wrong(site, `order must name each axis once: ${nest.axes.map((a) => a.var.name).join(" ")}`);
  order.forEach((a, k) => {
    const later = new Set(order.slice(k).map((x) => x.var.id));
    if (!isIndependent(a, nest.axes) && (mentions(a.lo, later) || mentions(a.hi, later)))
      throw wrong(site, `${a.var.name} must stand inside the axes that its range depends on`);
  });
  return order;
}
