// Contractions: a nest over two axes whose value is made from one sum, each term of which is made of what speaks of one of the two axes alone.
// The second axis may be that of a reduction in which the sum stands: the nearest of some points.
// `A B`, `A B'`, `X' diag(w) X` of centred columns, squared distances of rows: whatever stands in the terms and around the sum.
import { effectsOf } from "../effects.js";
import type { Axis, Block, Expr, Nest, Op, Scalar, Var } from "../nest.js";
import { Copier } from "../nest-copy.js";
import { exprKey } from "../nest-key.js";
import { mapExprParts, rewriteExpr, walkBlock, walkExpr, walkNest } from "../nest-walk.js";
import { varExpr } from "../polynomial.js";
import { mentions } from "./access.js";
import { isIndependent } from "./scalar/nest.js";
import type { ReduceExpr } from "./scalar/region.js";
import { separated } from "./separate.js";

export interface Contraction {
  readonly reduce: ReduceExpr;
  /** The reduction in which the sum stands, and whose axis the columns are; none where the nest has both axes. */
  readonly around?: ReduceExpr;
  /** Down the result, and along it. */
  readonly rows: Axis;
  readonly columns: Axis;
  readonly inner: Axis;
  /** Factors that speak of the rows, and of the columns; a factor that speaks of neither is among the former. */
  readonly left: readonly Expr[];
  readonly right: readonly Expr[];
  /** What is summed, of the product of either side's factors; the product of both where nothing is said. */
  readonly term?: Term;
  /** The result is its own transpose. */
  readonly symmetric: boolean;
}

export interface Term {
  readonly left: Var;
  readonly right: Var;
  readonly value: Expr;
}

type Sides = Pick<Contraction, "left" | "right" | "term" | "symmetric">;

export function asContraction(nest: Nest): Contraction | undefined {
  const [rows, second, ...more] = nest.axes;
  if (!rows || more.length > 0 || nest.yields.length !== 1) return undefined;
  if (nest.mode === "add" || nest.where) return undefined;
  if (!nest.axes.every((a) => isIndependent(a, nest.axes))) return undefined;
  const around = second ? undefined : reductionAround(nest, rows);
  const columns = second ?? around?.axes[0];
  const reduce = only(reducesIn(around ? valueAlone(around.value) : nest, (r) => r.reducer === "sum"));
  if (!columns || !reduce) return undefined;
  const [inner] = reduce.axes;
  if (!inner || reduce.axes.length > 1 || reduce.where || (reduce.type !== "f32" && reduce.type !== "f64"))
    return undefined;
  const value = withPlainNames(nest, reduce.value);
  const { readVars, fails } = effectsOf({ ...reduce, value });
  // It is computed before the points are: it may not speak of what they make.
  if (fails || [...namesMadeIn(nest)].some((id) => readVars.has(id))) return undefined;
  if ([inner.lo, inner.hi].some((e) => mentions(e, new Set([rows.var.id, columns.var.id])))) return undefined;
  const both: Nest = { ...nest, axes: [rows, columns] };
  const sides = asProduct(rows, columns, value) ?? asTerm(both, { ...reduce, value });
  if (!sides) return undefined;
  return around
    ? { reduce, around, rows, columns, inner, ...sides, symmetric: false }
    : { reduce, rows, columns, inner, ...sides };
}

/** The one reduction of a nest of one axis: over one axis that all points have in common. */
function reductionAround(nest: Nest, rows: Axis): ReduceExpr | undefined {
  const found = only(reducesIn(nest, () => true));
  const [axis, ...more] = found?.axes ?? [];
  if (!found || !axis || more.length > 0 || found.where) return undefined;
  return [axis.lo, axis.hi].some((e) => mentions(e, new Set([rows.var.id]))) ? undefined : found;
}

const only = <T>(all: readonly T[]): T | undefined => (all.length === 1 ? all[0] : undefined);

/** A part of a nest, for what looks for reductions. */
const valueAlone = (value: Expr): Reducing => ({ body: [], yields: [{ index: [], value }] });

interface Reducing {
  readonly body: Block;
  readonly yields: readonly { readonly index: readonly Expr[]; readonly value: Expr }[];
}

/** Reductions that are computed at every point: not those on one side of a branch, or in another one. One that is not wanted is no answer. */
function reducesIn(nest: Reducing, isWanted: (r: ReduceExpr) => boolean): readonly ReduceExpr[] {
  const found: ReduceExpr[] = [];
  // One that can't be drawn out counts twice, so that there is not only one.
  const refuse = (e: ReduceExpr): void => void found.push(e, e);
  const visit = (e: Expr): Expr => {
    switch (e.kind) {
      case "reduce":
        if (isWanted(e)) found.push(e);
        else refuse(e);
        return e;
      case "if":
        visit(e.condition);
        for (const side of [e.then, e.otherwise]) walkExpr(side, { expr: refuseReduces });
        return e;
      case "load":
        walkExpr(e, { expr: refuseReduces });
        return e;
      case "op":
      case "convert":
      case "block":
        return mapExprParts(e, { expr: visit, block });
      default:
        return e;
    }
  };
  const refuseReduces = (e: Expr): boolean => {
    if (e.kind === "reduce") refuse(e);
    return true;
  };
  const block = (b: Block): Block => {
    for (const s of b)
      if (s.kind === "let") visit(s.value);
      else walkBlock([s], { expr: refuseReduces });
    return b;
  };
  block(nest.body);
  for (const y of nest.yields) {
    for (const k of y.index) walkExpr(k, { expr: refuseReduces });
    visit(y.value);
  }
  return found;
}

/** Names that points make for themselves. */
function namesMadeIn(nest: Nest): ReadonlySet<number> {
  const made = new Set<number>();
  walkNest(nest, {
    stmt: (s) => {
      if (s.kind === "let" || s.kind === "for") made.add(s.var.id);
      else if (s.kind === "loop") made.add(s.turn.id).add(s.turns.id);
      return true;
    },
  });
  return made;
}

/** The value with names that stand for no more than an element, such as a function's parameters, taken out. */
function withPlainNames(nest: Nest, value: Expr): Expr {
  const meaning = new Map<number, Expr>();
  const note = (b: Block): Block =>
    b.filter((s) => {
      if (s.kind !== "let" || s.var.mutable) return true;
      const meant = put(s.value);
      if (isPlain(meant)) meaning.set(s.var.id, meant);
      return !isPlain(meant);
    });
  const put = (e: Expr): Expr => rewriteExpr(e, { expr: (x) => (x.kind === "var" && meaning.get(x.var.id)) || x });
  const go = (e: Expr): Expr => {
    if (e.kind !== "block") return mapExprParts(e, { expr: go, block: (b) => b });
    const body = note(e.body);
    const inner = go(e.value);
    return body.length === 0 ? inner : { ...e, body, value: inner };
  };
  note(nest.body);
  return put(go(value));
}

const isPlain = (e: Expr): boolean =>
  e.kind === "const" ||
  e.kind === "var" ||
  (e.kind === "load" && e.index.every((k) => k.kind === "const" || k.kind === "var")) ||
  (e.kind === "convert" && isPlain(e.value));

function asProduct(rows: Axis, columns: Axis, value: Expr): Sides | undefined {
  const i = new Set([rows.var.id]);
  const j = new Set([columns.var.id]);
  const factors = factorsOf(value);
  const right = factors.filter((f) => mentions(f, j));
  const left = factors.filter((f) => !mentions(f, j));
  if (right.some((f) => mentions(f, i)) || right.length === 0 || !left.some((f) => mentions(f, i))) return undefined;
  return { left, right, symmetric: isSymmetric(rows, columns, left, right) };
}

function factorsOf(e: Expr): readonly Expr[] {
  return e.kind === "op" && e.op === "mul" ? e.args.flatMap(factorsOf) : [e];
}

/** The factors of one side are those of the other with one axis in the place of the other; what neither speaks of may stand on either side. */
function isSymmetric(rows: Axis, columns: Axis, left: readonly Expr[], right: readonly Expr[]): boolean {
  if (exprKey(rows.lo) !== exprKey(columns.lo) || exprKey(rows.hi) !== exprKey(columns.hi)) return false;
  const i = new Set([rows.var.id]);
  const own = left.filter((f) => mentions(f, i));
  const swap = new Copier({ vars: new Map([[rows.var.id, varExpr(columns.var)]]) });
  const there = keysOf(own.map(swap.expr));
  return there !== undefined && there === keysOf(right);
}

function keysOf(factors: readonly Expr[]): string | undefined {
  const keys = factors.map(exprKey);
  return keys.includes(undefined) ? undefined : keys.sort().join(" * ");
}

/** Something else of one value of either side, which can be computed in lanes. */
function asTerm(nest: Nest, reduce: ReduceExpr): Sides | undefined {
  // No name of a kernel is negative, and nobody keeps these longer than the tiles.
  let id = 0;
  const freshVar = (name: string, type: Scalar): Var => ({ id: --id, name, type, mutable: false });
  const found = separated(freshVar, nest, reduce);
  const [left, ...others] = found?.left ?? [];
  const [right, ...more] = found?.right ?? [];
  if (!found || !left || !right || others.length + more.length > 0) return undefined;
  if ([left, right].some((p) => p.value.type !== reduce.type) || !goesInLanes(found.value, reduce.type))
    return undefined;
  const term = { left: left.var, right: right.var, value: found.value };
  return { left: [left.value], right: [right.value], term, symmetric: false };
}

const laneOps: ReadonlySet<Op> = new Set([
  ...(["neg", "abs", "sqrt", "not"] as const),
  ...(["add", "sub", "mul", "div", "min", "max", "eq", "ne", "lt", "le", "gt", "ge", "and", "or", "select"] as const),
]);

/** Whether it is made of names and constants by operations that vectors have, in one floating type. */
function goesInLanes(e: Expr, type: Scalar): boolean {
  if (e.type !== type && e.type !== "bool") return false;
  const go = (x: Expr): boolean => goesInLanes(x, type);
  switch (e.kind) {
    case "const":
    case "var":
      return true;
    case "op":
      return laneOps.has(e.op) && e.args.every(go);
    case "if":
      return go(e.condition) && go(e.then) && go(e.otherwise);
    case "block":
      return e.body.every((s) => s.kind === "let" && !s.var.mutable && go(s.value)) && go(e.value);
    default:
      return false;
  }
}
