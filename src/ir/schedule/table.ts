// What is done with each site: its class, and the steps that the class gets. Only data comes out of here; cpu/strategy.ts follows it.

import { nestMayFail } from "../may-fail.js";
import type { Axis, Nest } from "../nest.js";
import { asScan, type Scan } from "../scan.js";
import { bodyOfNest, mentions, motionOf, varyingWith } from "./access.js";
import { asColumns } from "./columns.js";
import { asContraction, type Contraction } from "./contraction.js";
import { PARTS } from "./cpu/parallel.js";
import { lanesFor } from "./cpu/tile.js";
import { canSplit } from "./cpu/total.js";
import { chooseLanes, innermostReductions, type Lanes } from "./lanes.js";
import { isIndependent } from "./scalar/nest.js";
import type { Site, SiteClass, Step } from "./schedule.js";
import { hasStatementLoops, labelsOf, nestOf, type Place, type SiteNode } from "./sites.js";

/** Fewer operations than this are done before another thread is awake. */
const FORK_WORK = 1 << 16;

export function siteOf(place: Place): Site {
  const nest = nestOf(place.node);
  const contraction = place.node.kind === "nest" ? asContraction(nest) : undefined;
  if (contraction) return { name: place.name, class: "contraction", steps: contractionSteps(place, contraction) };
  const scan = nest.where ? undefined : asScan(nest);
  if (scan && takesOnce(scan) && !nestMayFail(nest))
    return { name: place.name, class: "scan", steps: scanSteps(place, nest, scan) };
  const lanes = lanesOf(nest);
  const cls = classOf(place, nest, lanes);
  return { name: place.name, class: cls, steps: stepsOf(place, nest, lanes) };
}

function classOf({ node }: Place, nest: Nest, lanes: Lanes): SiteClass {
  if (node.kind === "reduce") return "fullReduction";
  if (nest.mode === "add") return "scatter";
  if (lanes.kind === "none" && hasStatementLoops(nest.body)) return "sequential";
  if (innermostReductions(nest).length === 0) return "map";
  return lanes.kind === "axis" ? "columnReduction" : "rowReduction";
}

/** Eight accumulators of 128 bits: more would leave the registers. */
const HEIGHT = 4;
const VECTORS = 2;

function contractionSteps({ node }: Place, c: Contraction): readonly Step[] {
  const label = labelIn(node);
  const [i, j] = [label(c.rows), label(c.columns)];
  return [
    ...(c.around ? [] : [{ kind: "order", axes: [i, j] } as const]),
    { kind: "lanes", axis: j },
    { kind: "tile", axis: i, size: HEIGHT },
    { kind: "tile", axis: j, size: VECTORS * lanesFor(c.reduce.type) },
    { kind: "pack" },
    ...(c.symmetric ? [{ kind: "mirror" } as const] : []),
    { kind: "parallel", axis: c.around ? i : j, work: FORK_WORK },
  ];
}

/** The place of an extremum is not something that values are added to. */
const takesOnce = ({ reduce }: Scan): boolean => reduce.reducer !== "argmin" && reduce.reducer !== "argmax";

function scanSteps({ node, inLoop }: Place, nest: Nest, scan: Scan): readonly Step[] {
  const label = labelIn(node);
  const along = nest.axes[scan.along];
  const others = nest.axes.filter((a) => a !== along);
  const next = others.at(-1);
  const body = bodyOfNest(nest);
  const isAlong = next && body.accesses.some((a) => !a.write && motionOf(body, a, next.var) === "next");
  const [outer] = others;
  return [
    ...(nest.axes.length > 1 ? [{ kind: "order", axes: [...others, along as Axis].map(label) } as const] : []),
    { kind: "stream" },
    ...(next && isAlong ? [{ kind: "lanes", axis: label(next) } as const] : []),
    ...(outer && !inLoop ? [{ kind: "parallel", axis: label(outer), work: FORK_WORK } as const] : []),
  ];
}

function labelIn(node: SiteNode): (axis: Axis) => string {
  const labels = [...labelsOf(node)];
  return (axis) => {
    const found = labels.find(([, a]) => a === axis);
    if (!found) throw new Error(`internal: ${axis.var.name} is no axis of the site`);
    return found[0];
  };
}

function stepsOf({ node, inLoop }: Place, nest: Nest, lanes: Lanes): readonly Step[] {
  const label = labelIn(node);
  const steps: Step[] = [];
  const order = orderOf(nest, lanes);
  if (nest.axes.length > 1) steps.push({ kind: "order", axes: order.map(label) });
  if (lanes.kind === "axis") steps.push({ kind: "lanes", axis: label(lanes.axis) });
  if (lanes.kind === "reductions") for (const a of lanes.axes) steps.push({ kind: "lanes", axis: label(a) });
  if (node.kind === "reduce") {
    const [first] = node.reduce.axes;
    if (first && !inLoop && canSplit(node.reduce))
      steps.push({ kind: "splitReduce", parts: PARTS }, { kind: "parallel", axis: label(first), work: FORK_WORK });
    return steps;
  }
  const columns = lanes.kind === "axis" ? asColumns(nest) : undefined;
  if (columns) {
    steps.push({ kind: "stream" });
    if (!inLoop)
      steps.push(
        { kind: "splitReduce", parts: PARTS },
        { kind: "parallel", axis: label(columns.down), work: FORK_WORK },
      );
    return steps;
  }
  const [outer] = order;
  if (outer && isIndependent(outer, nest.axes) && mayFork(nest, outer, inLoop))
    steps.push({ kind: "parallel", axis: label(outer), work: FORK_WORK });
  return steps;
}

/** Axes of the nest as they are written, but that in lanes last. */
function orderOf(nest: Nest, lanes: Lanes): readonly Axis[] {
  if (lanes.kind !== "axis") return nest.axes;
  return [...nest.axes.filter((a) => a !== lanes.axis), lanes.axis];
}

/** A nest in a loop that has one axis and no reduction is too small to fork for. */
function mayFork(nest: Nest, outer: Axis, inLoop: boolean): boolean {
  const depth = nest.axes.length + innermostReductions(nest).length;
  if (inLoop && depth < 2) return false;
  return nest.mode !== "add" || writesApart(nest, outer);
}

function lanesOf(nest: Nest): Lanes {
  const lanes = chooseLanes(nest);
  if (lanes.kind !== "axis") return lanes;
  if (nest.mode === "add" && !writesApart(nest, lanes.axis, true)) return { kind: "none" };
  // Of points that fail and can't be told apart, the first in the order that is written is reported.
  if (!nest.axes.every((a) => isIndependent(a, nest.axes)) && nestMayFail(nest) && lanes.axis !== nest.axes.at(-1))
    return { kind: "none" };
  return lanes;
}

/**
 * Points that differ in this axis alone add to different elements; with `alone` false, points that differ in this axis do, whatever their
 * other axes are.
 */
export function writesApart(nest: Nest, axis: Axis, alone = false): boolean {
  const arrays = new Set(nest.yields.map((y) => y.array.id));
  if (arrays.size !== nest.yields.length) return false;
  const body = bodyOfNest(nest);
  const varying = varyingWith(body, axis.var);
  const others = nest.axes.filter((a) => a !== axis).map((a) => varyingWith(body, a.var));
  return nest.yields.every((y) => {
    const at = y.index.findIndex((k) => mentions(k, varying));
    const index = y.index[at];
    const extent = y.array.shape[at];
    if (!index || !extent || y.index.slice(at + 1).some((k) => mentions(k, varying))) return false;
    if (!alone && others.some((o) => mentions(index, o))) return false;
    const access = { array: { ...y.array, shape: [extent] }, index: [index], write: true, within: [] };
    return motionOf(body, access, axis.var, varying) === "next";
  });
}
