// Rewriting Nest IR block by block, each with what else sees its names: the yields of a nest, the value of a block expression, the
// `until` of a loop, the results of a kernel.
import type { Block, Expr, Kernel } from "./nest.js";
import { mapExprParts, mapStmtParts, type Parts } from "./nest-walk.js";

/** A block and the expressions behind it that see its names, in the order in which they are computed. */
export interface Scope {
  readonly body: Block;
  readonly tail: readonly Expr[];
}

/** What kind of scope it is: some rewritings hold in points and expressions alone. */
export type ScopeKind = "kernel" | "nest" | "expression" | "loop" | "branch";

export type ScopeRewriter = (scope: Scope, kind: ScopeKind) => Scope;

/** Rewrites every scope of the kernel, innermost first. `f` keeps the number of tail expressions. */
export function rewriteScopes(kernel: Kernel, f: ScopeRewriter): Kernel {
  const values = kernel.results.flatMap((r) => (r.kind === "scalar" ? [r.value] : []));
  const scope = f({ body: scopesIn(f).block(kernel.body), tail: values.map(scopesIn(f).expr) }, "kernel");
  if (scope.body === kernel.body && scope.tail.every((e, k) => e === values[k])) return kernel;
  let next = 0;
  const results = kernel.results.map((r) => (r.kind === "scalar" ? { ...r, value: scope.tail[next++] ?? r.value } : r));
  return { ...kernel, body: scope.body, results };
}

function scopesIn(f: ScopeRewriter): Parts {
  const parts: Parts = {
    expr: (e) => {
      const inner = mapExprParts(e, parts);
      if (inner.kind !== "block") return inner;
      const scope = f({ body: inner.body, tail: [inner.value] }, "expression");
      const value = scope.tail[0] ?? inner.value;
      return scope.body === inner.body && value === inner.value ? inner : { ...inner, body: scope.body, value };
    },
    // The statements' own blocks are scopes with tails of their own, which only the statement knows.
    block: (b) => {
      let changed = false;
      const out = b.map((s) => {
        const to = scopeOfStmt(mapStmtParts(s, parts), f);
        if (to !== s) changed = true;
        return to;
      });
      return changed ? out : b;
    },
  };
  return parts;
}

function scopeOfStmt(s: Block[number], f: ScopeRewriter): Block[number] {
  switch (s.kind) {
    case "nest": {
      const { nest } = s;
      const tail = nest.yields.flatMap((y) => (nest.mode === "define" ? [y.value] : [...y.index, y.value]));
      const scope = f({ body: nest.body, tail }, "nest");
      if (scope.body === nest.body && scope.tail.every((e, k) => e === tail[k])) return s;
      let next = 0;
      const take = (e: Expr): Expr => scope.tail[next++] ?? e;
      const yields = nest.yields.map((y) => {
        const index = nest.mode === "define" ? y.index : y.index.map(take);
        return { ...y, index, value: take(y.value) };
      });
      return { ...s, nest: { ...nest, body: scope.body, yields } };
    }
    case "for": {
      const { body } = f({ body: s.body, tail: [] }, "loop");
      return body === s.body ? s : { ...s, body };
    }
    case "loop": {
      const { body, tail } = f({ body: s.body, tail: [s.until] }, "loop");
      const until = tail[0] ?? s.until;
      return body === s.body && until === s.until ? s : { ...s, body, until };
    }
    case "if": {
      const then = f({ body: s.then, tail: [] }, "branch").body;
      const otherwise = f({ body: s.otherwise, tail: [] }, "branch").body;
      return then === s.then && otherwise === s.otherwise ? s : { ...s, then, otherwise };
    }
    default:
      return s;
  }
}
