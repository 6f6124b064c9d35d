// Contractions: a nest over two axes whose value is made from one sum of products, each factor of which speaks of one of the two axes alone.
// `A B`, `A B'`, `X' diag(w) X` of centred columns, what is added to it or taken from it: whatever stands in the factors and around the sum.
import type { Axis, Expr, Nest } from "../nest.js";
import { Copier } from "../nest-copy.js";
import { exprKey } from "../nest-key.js";
import { mapExprParts } from "../nest-walk.js";
import { varExpr } from "../polynomial.js";
import { mentions } from "./access.js";
import { mayFail } from "./facts.js";
import { isIndependent } from "./scalar/nest.js";
import type { ReduceExpr } from "./scalar/region.js";

export interface Contraction {
  readonly reduce: ReduceExpr;
  /** Down the result, and along it. */
  readonly rows: Axis;
  readonly columns: Axis;
  readonly inner: Axis;
  /** Factors that speak of the rows, and of the columns; a factor that speaks of neither is among the former. */
  readonly left: readonly Expr[];
  readonly right: readonly Expr[];
  /** The result is its own transpose. */
  readonly symmetric: boolean;
}

export function asContraction(nest: Nest): Contraction | undefined {
  const [rows, columns, ...more] = nest.axes;
  const [only] = nest.yields;
  if (!rows || !columns || more.length > 0 || !only || nest.yields.length > 1) return undefined;
  if (nest.mode === "add" || nest.where || nest.body.length > 0) return undefined;
  if (!nest.axes.every((a) => isIndependent(a, nest.axes))) return undefined;
  const sums = sumsIn(only.value);
  const [reduce] = sums;
  if (!reduce || sums.length > 1) return undefined;
  const [inner] = reduce.axes;
  if (!inner || reduce.axes.length > 1 || reduce.where || (reduce.type !== "f32" && reduce.type !== "f64"))
    return undefined;
  const i = new Set([rows.var.id]);
  const j = new Set([columns.var.id]);
  if ([inner.lo, inner.hi].some((e) => mentions(e, i) || mentions(e, j)) || failsIn(reduce)) return undefined;
  const factors = factorsOf(reduce.value);
  const right = factors.filter((f) => mentions(f, j));
  const left = factors.filter((f) => !mentions(f, j));
  if (right.some((f) => mentions(f, i)) || right.length === 0 || !left.some((f) => mentions(f, i))) return undefined;
  const symmetric = isSymmetric(rows, columns, left, right);
  return { reduce, rows, columns, inner, left, right, symmetric };
}

/** Sums that are computed wherever the value is: not those on one side of a branch, or in another reduction. Something else is no answer. */
function sumsIn(value: Expr): readonly ReduceExpr[] {
  const found: ReduceExpr[] = [];
  const visit = (e: Expr, always: boolean): Expr => {
    if (e.kind === "reduce") {
      // One that can't be drawn out counts twice, so that there is not only one.
      found.push(e);
      if (!always || e.reducer !== "sum") found.push(e);
      return e;
    }
    const inner = always && (e.kind === "op" || e.kind === "convert");
    return mapExprParts(e, {
      expr: (x) => visit(x, inner || (e.kind === "if" && x === e.condition && always)),
      block: (b) => b,
    });
  };
  visit(value, true);
  return found;
}

const NOWHERE = { file: "", start: 0, end: 0 };
const failsIn = (e: Expr): boolean => mayFail([{ kind: "list", array: NO_ARRAY, elements: [e], at: NOWHERE }]);
const NO_ARRAY = { id: -1, name: "", type: "f64", shape: [], role: "local", mutable: false } as const;

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
