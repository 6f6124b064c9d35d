// Plans one nest: which kernels run its points.
import type { HostExpr } from "../../abi.js";
import type { Span } from "../../compiler/diagnostic.js";
import { effectsOfBlock } from "../effects.js";
import type { Expr, Nest, Stmt } from "../nest.js";
import { mapExprParts, walkExpr } from "../nest-walk.js";
import { guarded } from "../schedule/scalar/expression.js";
import { lowerPoint } from "../schedule/scalar/nest.js";
import { named, type ReduceExpr } from "../schedule/scalar/region.js";
import { lowerStatement } from "../schedule/scalar/statement.js";
import { hostAxes } from "./axes.js";
import { atPoint, type Grid, planGrid } from "./grid.js";
import { hostMax, hostTest } from "./host.js";
import type { Planner } from "./planner.js";
import { dispatchPoints, mapNest, usesOf } from "./point.js";
import { dispatchRows, loadAt } from "./rows.js";
import { dispatchRun, isShort } from "./run.js";
import { hitsOwnElement, scatterNest } from "./scatter.js";

export function planNest(planner: Planner, given: Nest, at: Span): void {
  const nest: Nest = { ...given, axes: hostAxes(planner, given.axes, at) };
  if (nest.mode === "define") for (const y of nest.yields) planner.make(y.array);
  const grid = planGrid(planner, nest.axes);
  if (!grid) {
    dispatchRun(planner, [{ kind: "nest", nest, at }]);
    return;
  }
  if (nest.mode === "add" && !hitsOwnElement(nest)) scatterNest(planner, nest, at, grid);
  else planRows(planner, nest, at, grid);
}

/** From so many values on a workgroup reduces a row; below, one invocation does. */
const LONG_ROW = 64;
/** So many rows keep the device busy with one invocation each, where neighbours read neighbouring elements. */
const MANY_ROWS = 4096;
const WORKGROUP = 64;

/** A map, or one whose points reduce: those reductions by workgroups where they are long, or by the points' own invocations. */
function planRows(planner: Planner, given: Nest, at: Span, grid: Grid): void {
  const nest = flattened(given);
  const reduces = strictReduces(planner, nest);
  const rows = reduces.map((reduce) => ({ reduce, grid: planRowGrid(planner, grid, reduce) }));
  const longest = rows.reduce<HostExpr | undefined>(
    (most, r) => (most === undefined || r.grid === undefined ? undefined : hostMax(most, r.grid.points)),
    0,
  );
  if (rows.length === 0 || longest === undefined || grid.axes.length === 0) {
    mapNest(planner, nest, at, grid);
    return;
  }
  const long = hostTest("ge", longest, LONG_ROW);
  const condition = reduces.every((r) => alongRows(nest, r))
    ? long
    : hostTest("and", long, hostTest("lt", grid.points, MANY_ROWS));
  const yes = planner.collect(() => apart(planner, nest, at, grid, rows as readonly Row[]));
  const no = planner.collect(() => mapNest(planner, nest, at, grid));
  planner.step({ step: "if", condition, yes, no });
}

interface Row {
  readonly reduce: ReduceExpr;
  readonly grid: Grid;
}

/** The points of a reduction; its ranges may use the nest's axes. */
function planRowGrid(planner: Planner, _outer: Grid, e: ReduceExpr): Grid | undefined {
  return planGrid(planner, e.axes);
}

/** Each reduction into an array of its own, then the rest of the nest. */
function apart(planner: Planner, nest: Nest, at: Span, grid: Grid, rows: readonly Row[]): void {
  const uses = usesOf(planner, [{ kind: "nest", nest, at }]);
  const known = new Map<ReduceExpr, number>();
  for (const [n, { reduce, grid: inner }] of rows.entries()) {
    const name = `${nest.yields[0]?.array.name ?? "nest"}${reduce.reducer[0]?.toUpperCase()}${reduce.reducer.slice(1)}${rows.length > 1 ? n + 1 : ""}`;
    const index = planner.scratch(name, reduce.type, grid.points);
    const before = bodyBefore(nest, reduce);
    dispatchRows(planner, {
      name,
      at,
      workgroup: WORKGROUP,
      uses,
      rows: grid.points,
      reduce,
      grid: inner,
      atRow: (k, region, row, emit) =>
        atPoint(k, region, grid, row, (own) => {
          for (const [e, array] of known)
            own.lowering.known.set(e, named(own, e.reducer, loadAt(k.bind(e.reducer, e.type, array), row)));
          guarded(own, nest.where, (here) => {
            for (const s of before) lowerStatement(here, s);
            emit(here);
          });
        }),
      target: (k) => k.bind(name, reduce.type, index),
    });
    known.set(reduce, index);
  }
  const name = nest.yields[0]?.array.name ?? "nest";
  dispatchPoints(planner, { name, at }, uses, grid, (inner, k) => {
    const row = inner.point;
    if (!row) throw new Error("internal: a point without its order");
    for (const [e, array] of known)
      inner.lowering.known.set(e, named(inner, e.reducer, loadAt(k.bind(e.reducer, e.type, array), row)));
    lowerPoint(inner, nest);
  });
  for (const array of known.values()) planner.drop(array);
}

/** The statements of a point that a reduction may rely on. */
function bodyBefore(nest: Nest, e: ReduceExpr): readonly Stmt[] {
  const holder = nest.body.findIndex((s) => s.kind === "let" && contains(s.value, e));
  return holder < 0 ? nest.body : nest.body.slice(0, holder);
}

function contains(e: Expr, part: Expr): boolean {
  let found = false;
  walkExpr(e, {
    expr: (x) => {
      if (x === part) found = true;
      return !found;
    },
  });
  return found;
}

/** The nest with the `let`s of blocks in its expressions as `let`s of its points. */
function flattened(nest: Nest): Nest {
  const body: Stmt[] = [];
  const lift = (e: Expr): Expr => {
    switch (e.kind) {
      case "block":
        if (!e.body.every((s) => s.kind === "let" && !s.var.mutable)) return e;
        for (const s of e.body) if (s.kind === "let") body.push({ ...s, value: lift(s.value) });
        return lift(e.value);
      case "op":
      case "convert":
        return mapExprParts(e, { expr: lift, block: (b) => b });
      default:
        return e;
    }
  };
  for (const s of nest.body) {
    if (s.kind === "let") {
      const value = lift(s.value);
      body.push({ ...s, value });
    } else body.push(s);
  }
  const yields = nest.yields.map((y) => ({ ...y, value: lift(y.value) }));
  return { ...nest, body, yields };
}

/** Reductions that every point of the nest computes, where its body is nothing but names: each could be a nest of its own. */
function strictReduces(planner: Planner, nest: Nest): readonly ReduceExpr[] {
  const found: ReduceExpr[] = [];
  const visit = (e: Expr): void => {
    if (e.kind === "reduce") {
      if (!isShort(planner, e)) found.push(e);
    } else if (e.kind === "op" || e.kind === "load") for (const a of e.kind === "op" ? e.args : e.index) visit(a);
    else if (e.kind === "convert") visit(e.value);
  };
  for (const s of nest.body) {
    if (s.kind !== "let" || s.var.mutable) return [];
    visit(s.value);
  }
  for (const y of nest.yields) for (const e of [...y.index, y.value]) visit(e);
  return found;
}

/** Neighbouring values of the reduction lie side by side in memory, or nothing does. */
function alongRows(nest: Nest, e: ReduceExpr): boolean {
  const last = e.axes[e.axes.length - 1]?.var.id;
  const own = nest.axes[nest.axes.length - 1]?.var.id;
  let rows = true;
  walkExpr(e.value, {
    expr: (x) => {
      if (x.kind !== "load") return true;
      const fastest = x.index[x.index.length - 1];
      const uses = (id: number | undefined): boolean =>
        fastest !== undefined && id !== undefined && readsVar(fastest, id);
      if (uses(own) && !uses(last)) rows = false;
      return true;
    },
  });
  return rows;
}

const readsVar = (e: Expr, id: number): boolean => {
  let found = false;
  walkExpr(e, {
    expr: (x) => {
      if (x.kind === "var" && x.var.id === id) found = true;
      return !found;
    },
  });
  return found;
};
void effectsOfBlock;
