// What several expressions of one point have in common, each part under a name: between them accumulators are stored, and an engine does not
// know that these are not what is loaded.
import { equalSizes } from "../../compiler/size.js";
import type { Axis, Expr, Var } from "../nest.js";
import { exprKey } from "../nest-key.js";
import { mapExprParts, mapSame, mapStmtParts } from "../nest-walk.js";
import { polynomialOf, varExpr } from "../polynomial.js";
import { mentions } from "./access.js";
import { cheapOps } from "./scalar/expression.js";

interface Named {
  readonly var: Var;
  readonly value: Expr;
}

export interface Shared {
  /** In their order: each may use those before it. */
  readonly lets: readonly Named[];
  readonly values: readonly Expr[];
}

/** The expressions are of points of `axes`. `fresh` gives ids that no name has. */
export function sharedParts(values: readonly Expr[], axes: readonly Axis[], fresh: () => number): Shared {
  const counts = new Map<string, number>();
  const count = (e: Expr, made: ReadonlySet<number>): Expr => {
    const key = keyOf(e, axes, made);
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
    return inParts(e, made, count);
  };
  const lets: Named[] = [];
  const names = new Map<string, Expr>();
  const rewrite = (e: Expr, made: ReadonlySet<number>): Expr => {
    const key = keyOf(e, axes, made);
    const known = key === undefined ? undefined : names.get(key);
    if (known) return known;
    const value = inParts(e, made, rewrite);
    if (key === undefined || (counts.get(key) ?? 0) < 2) return value;
    const name = e.kind === "load" ? e.array.name : "shared";
    const v: Var = { id: fresh(), name, type: e.type, mutable: false };
    lets.push({ var: v, value });
    const use = varExpr(v);
    names.set(key, use);
    return use;
  };
  const none = new Set<number>();
  for (const e of values) count(e, none);
  return { values: values.map((e) => rewrite(e, none)), lets };
}

type Rewriter = (e: Expr, made: ReadonlySet<number>) => Expr;

/** Subscripts stay as they are: lanes go by them. */
function inParts(e: Expr, made: ReadonlySet<number>, f: Rewriter): Expr {
  if (e.kind === "load" || e.kind === "reduce") return e;
  if (e.kind !== "block") return mapExprParts(e, { expr: (x) => f(x, made), block: (b) => b });
  const own = new Set(made);
  const parts = { expr: (x: Expr) => f(x, own), block: <T>(b: T) => b };
  if (e.body.some((s) => s.kind !== "let")) return e;
  const body = mapSame(e.body, (s) => {
    const to = mapStmtParts(s, parts);
    if (s.kind === "let") own.add(s.var.id);
    return to;
  });
  const value = f(e.value, own);
  return body === e.body && value === e.value ? e : { ...e, body, value };
}

/** Of what may be computed anywhere, and is no one's own. */
const keyOf = (e: Expr, axes: readonly Axis[], made: ReadonlySet<number>): string | undefined =>
  (e.kind === "load" || e.kind === "op") && !mentions(e, made) && isHarmless(e, axes) ? exprKey(e) : undefined;

function isHarmless(e: Expr, axes: readonly Axis[]): boolean {
  if (e.kind === "const" || e.kind === "var") return true;
  if (e.kind === "load") return !e.checks?.some((c) => c !== null) && runsOver(e, axes);
  return e.kind === "op" && harmlessOps.has(e.op) && e.args.every((a) => isHarmless(a, axes));
}

const harmlessOps: ReadonlySet<string> = new Set([...cheapOps, "isnan"]);

/** The subscripts are axes that run over the array, so that they are in range whatever conditions say. */
const runsOver = (load: Extract<Expr, { readonly kind: "load" }>, axes: readonly Axis[]): boolean =>
  load.index.every((k, d) => {
    const along = k.kind === "var" ? axes.find((a) => a.var.id === k.var.id) : undefined;
    const [hi, size] = [along && polynomialOf(along.hi), load.array.shape[d]];
    return along?.lo.kind === "const" && along.lo.value >= 0 && hi && size && equalSizes(hi, size);
  });
