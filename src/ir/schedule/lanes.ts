// Which axis of a nest stands in lanes: the one along which most of the memory that is touched is contiguous.
import type { Axis, Expr, Nest, Var } from "../nest.js";
import { walkNest } from "../nest-walk.js";
import { type Access, type Body, bodyOfNest, type Motion, mentions, motionOf, varyingWith } from "./access.js";
import { constantExtent } from "./scalar/reduce.js";
import type { ReduceExpr } from "./scalar/region.js";

/** An axis of the nest, the innermost axes of its reductions or the last of one that has others inside, or nothing. */
export type Lanes =
  | { readonly kind: "axis"; readonly axis: Axis }
  | { readonly kind: "reductions"; readonly axes: readonly Axis[] }
  | { readonly kind: "none" };

/** What touching memory costs for four elements, in lanes. One by one it is `ONE_BY_ONE`. */
const inLanes: Record<Motion, number> = { still: 0.5, next: 1, strided: 5, scattered: 6 };
const ONE_BY_ONE = 4;
/** A loop is taken to have so many turns. */
const TURNS = 16;
/** To put the lanes of an accumulator together, and the turns that do not fill the lanes. */
const ROW_OVERHEAD = 12;
/** An axis that is known to be shorter than this fills no lanes. */
const FEWEST = 4;

export function chooseLanes(nest: Nest): Lanes {
  const body = bodyOfNest(nest);
  const reductions = innermostReductions(nest);
  let best: Lanes = { kind: "none" };
  let least = costAlone(body);
  for (const axis of nest.axes) {
    if (isShort(axis) || !mayStandInLanes(nest, axis)) continue;
    const cost = costOfAxis(body, axis) * (hasRaggedLoops(nest, varyingWith(body, axis.var)) ? 2 : 1);
    if (cost < least) {
      least = cost;
      best = { kind: "axis", axis };
    }
  }
  const rows = reductions.filter((r) => !isShort(r));
  const inRows = rows.length > 0 ? costOfRows(body, rows) : least;
  if (inRows < least) {
    least = inRows;
    best = { kind: "reductions", axes: rows };
  }
  for (const axis of outerReductions(nest)) {
    const varying = varyingWith(body, axis.var);
    if (isShort(axis) || hasRaggedLoops(nest, varying)) continue;
    const cost = ROW_OVERHEAD + costOfAxis(body, axis);
    if (cost < least) {
      least = cost;
      best = { kind: "reductions", axes: [axis] };
    }
  }
  return best;
}

const isShort = (axis: Axis): boolean => (constantExtent(axis) ?? FEWEST) < FEWEST;

/** Other axes may stand outside it: none of their ranges depends on it. */
const mayStandInLanes = (nest: Nest, axis: Axis): boolean =>
  nest.axes.every((a) => !mentions(a.lo, new Set([axis.var.id])) && !mentions(a.hi, new Set([axis.var.id])));

const weight = (a: Access): number => TURNS ** a.within.length;
const costAlone = (body: Body): number => body.accesses.reduce((sum, a) => sum + 2 * ONE_BY_ONE * weight(a), 1);

/** Arithmetic is taken to cost as much as the memory that it is done on. */
function costOfAxis(body: Body, axis: Axis): number {
  const varying = varyingWith(body, axis.var);
  return body.accesses.reduce((sum, a) => sum + (1 + inLanes[motionOf(body, a, axis.var, varying)]) * weight(a), 0);
}

function costOfRows(body: Body, rows: readonly Axis[]): number {
  let cost = ROW_OVERHEAD * rows.length;
  for (const a of body.accesses) {
    const row = rows.find((r) => r.var.id === a.within[a.within.length - 1]?.id);
    cost += (row ? 1 + inLanes[motionOf(body, a, row.var)] : 2 * ONE_BY_ONE) * weight(a);
  }
  return cost;
}

/** The last axis of each reduction that has no other inside. */
export function innermostReductions(nest: Nest): readonly Axis[] {
  const found: Axis[] = [];
  walkNest(nest, {
    expr: (e) => {
      const last = e.kind === "reduce" && !hasReduction(e) ? e.axes[e.axes.length - 1] : undefined;
      if (last) found.push(last);
      return true;
    },
  });
  return found;
}

/** The last axis of each reduction that has others inside and stands in none. */
function outerReductions(nest: Nest): readonly Axis[] {
  const found: Axis[] = [];
  walkNest(nest, {
    expr: (e) => {
      if (e.kind !== "reduce") return true;
      const last = hasReduction(e) ? e.axes[e.axes.length - 1] : undefined;
      if (last) found.push(last);
      return false;
    },
  });
  return found;
}

function hasReduction(e: ReduceExpr): boolean {
  let found = false;
  const inner: Expr = e.value;
  walkNest(
    { mode: "define", axes: [], body: [], yields: [], where: inner },
    {
      expr: (x) => {
        if (x.kind === "reduce") found = true;
        return !found;
      },
    },
  );
  return found;
}

/** Loops inside whose numbers of turns differ from lane to lane. */
function hasRaggedLoops(nest: Nest, varying: ReadonlySet<number>): boolean {
  let found = false;
  const bounds = (es: readonly Expr[]): void => {
    if (es.some((e) => mentions(e, varying))) found = true;
  };
  walkNest(nest, {
    expr: (e) => {
      if (e.kind === "reduce") for (const a of e.axes) bounds([a.lo, a.hi]);
      return true;
    },
    stmt: (s) => {
      if (s.kind === "for") bounds([s.lo, s.hi]);
      if (s.kind === "loop") bounds([s.max, s.until]);
      if (s.kind === "nest") for (const a of s.nest.axes) bounds([a.lo, a.hi]);
      return true;
    },
  });
  return found;
}

/** Names for the axes of a site that tell them apart, in the order in which they stand. */
export function axisLabels(axes: readonly Var[]): ReadonlyMap<string, Var> {
  const labels = new Map<string, Var>();
  for (const v of axes) {
    let label = v.name;
    for (let k = 2; labels.has(label); k++) label = `${v.name}'${k}`;
    labels.set(label, v);
  }
  return labels;
}
