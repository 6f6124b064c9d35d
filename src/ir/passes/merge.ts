// Merge: makes one nest of column reductions that read the same rows.
//
// Needs: fused and hoisted nests, which are all the nests there will be. Removes: nests over an axis that an earlier one runs over too, and the
// reads of its arrays. Adds: yields to that nest.
// Only the CPU reads an array row by row for all columns at once. There each such nest takes as long as it takes the array to come in from
// memory, and two take hardly longer together than one. More of them than `asColumns` takes would spend more on accumulators than on the array.
import type { Span } from "../../compiler/diagnostic.js";
import { commute, effectsOfStmt } from "../effects.js";
import type { Block, Expr, Kernel, Nest, Stmt, Var } from "../nest.js";
import { Copier, type FreshId, freshIds } from "../nest-copy.js";
import { spaceKey } from "../nest-key.js";
import { rewriteScopes } from "../nest-scopes.js";
import { rewriteBlock, walkNest } from "../nest-walk.js";
import { varExpr } from "../polynomial.js";
import { asColumns } from "../schedule/columns.js";
import type { PassOptions } from "./index.js";

export function merge(kernel: Kernel, { target }: PassOptions): Kernel {
  if (target === "wgsl") return kernel;
  const fresh = freshIds(kernel);
  return rewriteScopes(kernel, (scope, kind) =>
    kind === "nest" || kind === "expression" ? scope : { ...scope, body: mergeBlock(scope.body, fresh) },
  );
}

type NestStmt = Extract<Stmt, { readonly kind: "nest" }>;

function mergeBlock(block: Block, fresh: FreshId): Block {
  let now = block;
  for (let later = 1; later < now.length; later++) {
    const second = now[later];
    if (!second || !isColumns(second)) continue;
    for (let earlier = 0; earlier < later; earlier++) {
      const merged = mergePair(now, earlier, later, second, fresh);
      if (!merged) continue;
      now = merged;
      later--;
      break;
    }
  }
  return now;
}

/** The block with the two statements made one, at the place of one of them; `undefined` where that can't be or does not pay. */
function mergePair(block: Block, earlier: number, later: number, second: NestStmt, fresh: FreshId): Block | undefined {
  const first = block[earlier];
  if (!first || !isColumns(first)) return undefined;
  if (spaceKey(first.nest.axes) !== spaceKey(second.nest.axes)) return undefined;
  const between = block.slice(earlier + 1, later);
  const passes = (s: Stmt): boolean => between.every((b) => commute(effectsOfStmt(b), effectsOfStmt(s)));
  const up = passes(second);
  if (!up && !passes(first)) return undefined;
  const nest = merged(first.nest, second.nest, first.at, fresh);
  if (!nest || !asColumns(nest)) return undefined;
  const one: Stmt = { ...first, nest };
  return [...block.slice(0, earlier), ...(up ? [one, ...between] : [...between, one]), ...block.slice(later + 1)];
}

const isColumns = (s: Stmt): s is NestStmt =>
  s.kind === "nest" && s.nest.mode === "define" && !effectsOfStmt(s).fails && asColumns(s.nest) !== undefined;

/** Both nests in one; `undefined` where the second reads another element of the first one's arrays than that of its own point. */
function merged(first: Nest, second: Nest, at: Span, fresh: FreshId): Nest | undefined {
  const [to, from] = [first.axes[0], second.axes[0]];
  if (!to || !from) return undefined;
  const reads = readsOf(second, new Set(first.yields.map((y) => y.array.id)));
  const isOwn = ({ index: [i] }: Load): boolean => i?.kind === "var" && i.var.id === from.var.id;
  if (!reads.every(isOwn)) return undefined;
  const read = new Set(reads.map((e) => e.array.id));
  const names = new Map<number, Expr>();
  const lets: Stmt[] = [];
  const yields = first.yields.map((y) => {
    if (!read.has(y.array.id)) return y;
    const v: Var = { id: fresh(), name: y.array.name, type: y.array.type, mutable: false };
    names.set(y.array.id, varExpr(v));
    lets.push({ kind: "let", var: v, value: y.value, at });
    return { ...y, value: varExpr(v) };
  });
  const [inner] = rewriteBlock([{ kind: "nest", nest: second, at }], {
    expr: (e) => (e.kind === "load" ? (names.get(e.array.id) ?? e) : e),
  });
  if (inner?.kind !== "nest") return undefined;
  const c = new Copier({ vars: new Map([[from.var.id, varExpr(to.var)]]) });
  const body = [...first.body, ...lets, ...c.block(inner.nest.body)];
  const moved = inner.nest.yields.map((y) => ({ array: y.array, index: y.index.map(c.expr), value: c.expr(y.value) }));
  return { mode: "define", axes: first.axes, body, yields: [...yields, ...moved] };
}

type Load = Extract<Expr, { readonly kind: "load" }>;

function readsOf(nest: Nest, arrays: ReadonlySet<number>): readonly Load[] {
  const found: Load[] = [];
  walkNest(nest, {
    expr: (e) => {
      if (e.kind === "load" && arrays.has(e.array.id)) found.push(e);
      return true;
    },
  });
  return found;
}
