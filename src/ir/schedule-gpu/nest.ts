// Plans one nest: which kernels run its points.
import type { HostExpr } from "../../abi.js";
import type { Span } from "../../compiler/diagnostic.js";
import type { LoopExpr } from "../loop.js";
import type { Expr, Nest, Stmt } from "../nest.js";
import { mapExprParts, walkExpr } from "../nest-walk.js";
import { add, int } from "../schedule/scalar/build.js";
import { guarded } from "../schedule/scalar/expression.js";
import { lowerPoint } from "../schedule/scalar/nest.js";
import { named, type ReduceExpr, type Region } from "../schedule/scalar/region.js";
import { lowerStatement } from "../schedule/scalar/statement.js";
import { type FreshVar, type Separated, separated } from "../schedule/separate.js";
import { hostAxes } from "./axes.js";
import { dispatchByPoints, splitsByPoints } from "./columns.js";
import { atPoint, type Grid, planGrid } from "./grid.js";
import { hostMax, hostTest } from "./host.js";
import type { KernelBuilder, Uses } from "./kernel.js";
import type { Planner } from "./planner.js";
import { dispatchPoints, mapNest, usesOf } from "./point.js";
import { dispatchRows, loadAt, type Rows } from "./rows.js";
import { dispatchRun, isShort } from "./run.js";
import { planScan } from "./scan.js";
import { hitsOwnElement, scatterNest } from "./scatter.js";
import { type Contraction, dispatchTiles, isLarge } from "./tiles.js";

export function planNest(planner: Planner, given: Nest, at: Span): void {
  const nest: Nest = { ...given, axes: hostAxes(planner, given.axes, at) };
  if (nest.mode === "define") for (const y of nest.yields) planner.make(y.array);
  const grid = planGrid(planner, nest.axes);
  if (!grid) {
    dispatchRun(planner, [{ kind: "nest", nest, at }]);
    return;
  }
  const rows = (): void => planRows(planner, nest, at, grid);
  if (nest.mode === "add" && !hitsOwnElement(nest)) scatterNest(planner, nest, at, grid);
  else if (!planScan(planner, nest, at, grid, rows)) rows();
}

/** From so many values on a reduction is shared by invocations; below, the point's own does it. */
const LONG_ROW = 64;
/** So many points keep the device busy with one invocation each, where neighbours read neighbouring elements. */
const MANY_POINTS = 4096;
const WORKGROUP = 64;

/** A map, or one whose points reduce: those reductions by tiles or by many invocations where they are long, or by the points' own. */
function planRows(planner: Planner, given: Nest, at: Span, grid: Grid): void {
  const nest = flattened(given);
  const found = strictReduces(planner, nest);
  const freshVar: FreshVar = (name, type) => planner.freshVar(name, type);
  const rows = found.map(({ reduce, conditions }): Partial<Row> & Pick<Row, "reduce"> => {
    const inner = planGrid(planner, reduce.axes);
    const parts = conditions.length === 0 && exact(grid) ? separated(freshVar, nest, reduce) : undefined;
    return { reduce, conditions, ...(inner ? { inner } : {}), ...(parts && inner && exact(inner) ? { parts } : {}) };
  });
  // Invocations that share a row would each need a place for the arrays that a value makes.
  const crowded = found.some(({ reduce }) => makesArrays(reduce));
  if (crowded || rows.length === 0 || !rows.every((r): r is Row => r.inner !== undefined) || grid.axes.length === 0) {
    mapNest(planner, nest, at, grid);
    return;
  }
  const work: Work = { nest, at, grid, uses: usesOf(planner, [{ kind: "nest", nest, at }]) };
  const [first] = rows;
  if (rows.length > 1 || !first?.parts) {
    byRows(planner, work, rows);
    return;
  }
  const { parts, reduce, inner } = first;
  const contraction: Contraction = {
    ...work,
    name: nameOf(nest),
    reduce,
    parts,
    inner,
    finish: (region, _k, total) => {
      region.lowering.known.set(reduce, () => total);
      lowerPoint(region, nest);
    },
  };
  const condition = isLarge(contraction);
  const yes = planner.collect(() => dispatchTiles(planner, contraction));
  const no = planner.collect(() => byRows(planner, work, [{ reduce, inner, conditions: [] }]));
  planner.step({ step: "if", condition, yes, no });
}

function makesArrays(e: Expr): boolean {
  let found = false;
  walkExpr(e, {
    stmt: (s) => {
      if (s.kind === "nest" && s.nest.mode === "define") found = true;
      return !found;
    },
  });
  return found;
}

interface Work {
  readonly nest: Nest;
  readonly at: Span;
  readonly grid: Grid;
  readonly uses: Uses;
}

interface Row {
  readonly reduce: ReduceExpr;
  /** It is asked for only where these hold. */
  readonly conditions: readonly Expr[];
  /** The points of the reduction; its ranges may use the nest's axes. */
  readonly inner: Grid;
  /** It is a contraction. */
  readonly parts?: Separated;
}

const exact = (grid: Grid): boolean => grid.axes.every((g) => g.exact);
const nameOf = (nest: Nest): string => nest.yields[0]?.array.name ?? "nest";

/** The reductions apart from the nest where they are long, or in it. */
function byRows(planner: Planner, work: Work, rows: readonly Row[]): void {
  const { nest, at, grid } = work;
  const longest = rows.reduce<HostExpr>((most, r) => hostMax(most, r.inner.points), 0);
  const long = hostTest("ge", longest, LONG_ROW);
  const condition = rows.every((r) => alongRows(nest, r.reduce))
    ? long
    : hostTest("and", long, hostTest("lt", grid.points, MANY_POINTS));
  const yes = planner.collect(() => apart(planner, work, rows));
  const no = planner.collect(() => mapNest(planner, nest, at, grid));
  planner.step({ step: "if", condition, yes, no });
}

/** Each reduction into an array of its own, then the rest of the nest. */
function apart(planner: Planner, work: Work, rows: readonly Row[]): void {
  const { nest, at, grid, uses } = work;
  const known = new Map<ReduceExpr, number>();
  const readKnown = (k: KernelBuilder, region: Region, point: LoopExpr): void => {
    for (const [e, array] of known) {
      const total = named(region, e.reducer, loadAt(k.bind(e.reducer, e.type, array), point));
      region.lowering.known.set(e, () => total);
    }
  };
  for (const [n, row] of rows.entries()) {
    const { reduce, conditions, inner, parts } = row;
    const name = `${nameOf(nest)}${reduce.reducer[0]?.toUpperCase()}${reduce.reducer.slice(1)}${rows.length > 1 ? n + 1 : ""}`;
    const index = planner.scratch(name, reduce.type, grid.points);
    const before = bodyBefore(nest, reduce);
    const atRow: Rows["atRow"] = (k, region, point, emit) =>
      atPoint(k, region, grid, point, (own) => {
        readKnown(k, own, point);
        const under = (here: Region, rest: readonly Expr[]): void => {
          const [condition, ...more] = rest;
          if (!condition) emit(here);
          else guarded(here, condition, (inside) => under(inside, more));
        };
        guarded(own, nest.where, (here) => {
          for (const s of before) lowerStatement(here, s);
          under(here, conditions);
        });
      });
    const target: Rows["target"] = (k) => k.bind(name, reduce.type, index);
    const plain = (): void => {
      const r: Rows = { name, at, workgroup: WORKGROUP, uses, rows: grid.points, reduce, grid: inner, atRow, target };
      if (alongRows(nest, reduce) || !splitsByPoints(r)) dispatchRows(planner, r);
      else dispatchByPoints(planner, r);
    };
    if (parts) {
      const finish = (region: Region, k: KernelBuilder, total: LoopExpr): void => {
        const to = target(k);
        const point = region.point ?? int(0);
        const place = to.offset ? add(to.offset, point) : point;
        region.out.push({ kind: "store", buffer: to.buffer, index: place, value: total });
      };
      const contraction: Contraction = { ...work, name, reduce, parts, inner, finish };
      const condition = isLarge(contraction);
      const yes = planner.collect(() => dispatchTiles(planner, contraction));
      planner.step({ step: "if", condition, yes, no: planner.collect(plain) });
    } else plain();
    known.set(reduce, index);
  }
  dispatchPoints(planner, { name: nameOf(nest), at }, uses, grid, (inside, k) => {
    if (!inside.point) throw new Error("internal: a point without its order");
    readKnown(k, inside, inside.point);
    lowerPoint(inside, nest);
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

/**
 * Reductions that the points of the nest compute, where its body is nothing but names: each could be a nest of its own. With the conditions
 * under which a point asks for it.
 */
function strictReduces(planner: Planner, nest: Nest): readonly Pick<Row, "reduce" | "conditions">[] {
  const found: Pick<Row, "reduce" | "conditions">[] = [];
  const visit = (e: Expr, conditions: readonly Expr[]): void => {
    switch (e.kind) {
      case "reduce":
        if (!isShort(planner, e)) found.push({ reduce: e, conditions });
        return;
      case "op":
        for (const a of e.args) visit(a, conditions);
        return;
      case "load":
        for (const i of e.index) visit(i, conditions);
        return;
      case "convert":
        visit(e.value, conditions);
        return;
      case "if":
        visit(e.condition, conditions);
        visit(e.then, [...conditions, e.condition]);
        visit(e.otherwise, [...conditions, { kind: "op", op: "not", type: "bool", args: [e.condition] }]);
        return;
      case "const":
      case "var":
      case "block":
    }
  };
  for (const s of nest.body) {
    if (s.kind !== "let" || s.var.mutable) return [];
    visit(s.value, []);
  }
  for (const y of nest.yields) for (const e of [...y.index, y.value]) visit(e, []);
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
