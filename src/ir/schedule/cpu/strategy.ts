// Follows a schedule: each site of a kernel becomes the loops that its steps say.
import type { LoopExpr } from "../../loop.js";
import type { Axis, Nest } from "../../nest.js";
import { mentions } from "../access.js";
import { isIndependent } from "../scalar/nest.js";
import { lowerReduce } from "../scalar/reduce.js";
import type { ReduceExpr, Region, Strategy } from "../scalar/region.js";
import { ScheduleError, type Site } from "../schedule.js";
import { labelsOf, type Place, type SiteNode } from "../sites.js";
import { scheduleLoops, withLanes } from "./loops.js";

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
  if (parallel && axis(parallel.axis) !== order[0])
    throw wrong(site, `only the outermost axis can be parallel, and that is ${order[0]?.var.name}`);
  const loops = { order, lanes: lanesOf(site, axis) };
  scheduleLoops(region, nest, parallel ? { ...loops, parallel: parallel.work } : loops);
}

function lowerTotal(region: Region, reduce: ReduceExpr, { place, site }: Planned): LoopExpr | undefined {
  let total: LoopExpr | undefined;
  const axis = axisFinder(site, place.node);
  withLanes(region, lanesOf(site, axis), () => {
    total = lowerReduce(region, reduce);
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
