// Column reductions: a nest over one axis whose values are made from reductions over another, where memory goes on along the nest's axis.
// Taken as it is written, each column walks down the whole array; taken row by row, the array is read straight on.
import { exprMayFail } from "../may-fail.js";
import type { Axis, Expr, Nest } from "../nest.js";
import { exprKey } from "../nest-key.js";
import { walkExpr } from "../nest-walk.js";
import { bodyOfExpr, mentions, motionOf } from "./access.js";
import type { ReduceExpr } from "./scalar/region.js";

export interface Columns {
  readonly axis: Axis;
  /** The axis down the columns; the same range for all reductions. */
  readonly down: Axis;
  readonly reductions: readonly ReduceExpr[];
  /** Only where this holds, which is the same at all points, is any of them asked for. */
  readonly guard?: Expr;
}

export function asColumns(nest: Nest): Columns | undefined {
  const [axis] = nest.axes;
  if (!axis || nest.axes.length > 1 || nest.mode === "add" || nest.where) return undefined;
  const reductions: ReduceExpr[] = [];
  const guards: (Expr | undefined)[] = [];
  let fits = true;
  const own = new Set<number>([axis.var.id]);
  const made = new Set<number>();
  const take = (e: Expr, guard?: Expr): void => {
    if (e.kind === "reduce") {
      fits &&= isPlain(e) && !mentions(e, made);
      reductions.push(e);
      guards.push(guard);
    } else if (e.kind === "op") for (const a of e.args) take(a, guard);
    else if (e.kind === "convert") take(e.value, guard);
    else if (e.kind === "if" && !containsReduction(e.otherwise)) {
      take(e.condition, guard);
      const { condition } = e;
      const isSame = !mentions(condition, own) && !mentions(condition, made) && !containsReduction(condition);
      if (isSame && !guard && !exprMayFail(condition)) take(e.then, condition);
      else if (containsReduction(e.then)) fits = false;
    } else if (containsReduction(e)) fits = false;
  };
  for (const s of nest.body) {
    if (s.kind !== "let") return undefined;
    take(s.value);
    made.add(s.var.id);
  }
  for (const y of nest.yields) {
    take(y.value);
    if (y.index.some(containsReduction)) return undefined;
  }
  const [first] = reductions;
  const down = first?.axes[0];
  if (!fits || !first || !down || reductions.length > 3) return undefined;
  const range = (e: ReduceExpr): string | undefined => {
    const [a] = e.axes;
    const bounds = a && [a.lo, a.hi].map(exprKey);
    return bounds && !bounds.includes(undefined) ? bounds.join("..") : undefined;
  };
  if (reductions.some((e) => range(e) === undefined || range(e) !== range(first))) return undefined;
  if (mentions(down.lo, own) || mentions(down.hi, own)) return undefined;
  if (!reductions.some((e) => goesAlong(e, axis))) return undefined;
  const [guard] = guards;
  if (!guard) return guards.some((g) => g) ? undefined : { axis, down, reductions };
  const key = exprKey(guard);
  const isShared = key !== undefined && guards.every((g) => g && exprKey(g) === key);
  return isShared ? { axis, down, reductions, guard } : undefined;
}

/** One axis, no place of an extremum, nothing that fails and no reduction inside. */
function isPlain(e: ReduceExpr): boolean {
  if (e.axes.length !== 1 || e.reducer === "argmin" || e.reducer === "argmax") return false;
  if (containsReduction(e.value) || (e.where && containsReduction(e.where))) return false;
  return !exprMayFail(e) && !hasStatements(e);
}

function hasStatements(e: Expr): boolean {
  let found = false;
  walkExpr(e, {
    stmt: (s) => {
      if (s.kind !== "let") found = true;
      return !found;
    },
  });
  return found;
}

function containsReduction(e: Expr): boolean {
  let found = false;
  walkExpr(e, {
    expr: (x) => {
      if (x.kind === "reduce") found = true;
      return !found;
    },
  });
  return found;
}

/** Something that is read lies next to each other along the nest's axis, and not down the columns. */
function goesAlong(e: ReduceExpr, axis: Axis): boolean {
  const [down] = e.axes;
  if (!down) return false;
  const body = bodyOfExpr([axis, down], e.value);
  return body.accesses.some(
    (a) => motionOf(body, a, axis.var) === "next" && ["strided", "scattered"].includes(motionOf(body, a, down.var)),
  );
}
