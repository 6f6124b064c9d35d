// Walks a kernel with what is known of its integers at each place: for rewritings that need proofs.
import type { Block, Expr, Kernel, Stmt } from "./nest.js";
import { mapExprParts, mapSame, mapStmtParts, type Parts } from "./nest-walk.js";
import { intConst } from "./polynomial.js";
import { assume, Facts } from "./range/index.js";

/** Gives what stands in the place of a statement whose parts are rewritten already; `facts` holds before it. */
export type StmtRewriter = (s: Stmt, facts: Facts) => Block;

export const factsOf = (kernel: Kernel): Facts => {
  const facts = new Facts();
  for (const v of kernel.sizes) facts.size(v);
  return facts;
};

/** Rewrites every statement, innermost first, blocks in expressions included. */
export function rewriteWithFacts(kernel: Kernel, rewrite: StmtRewriter): Kernel {
  const facts = factsOf(kernel);
  const walk = new Walk(rewrite);
  const body = walk.block(kernel.body, facts);
  const results = mapSame(kernel.results, (r) => {
    if (r.kind === "array") return r;
    const value = walk.expr(r.value, facts);
    return value === r.value ? r : { ...r, value };
  });
  return body === kernel.body && results === kernel.results ? kernel : { ...kernel, body, results };
}

class Walk {
  constructor(private readonly rewrite: StmtRewriter) {}

  // What conditions inside expressions say is not used for the blocks in them: they are few, and less is known, never more.
  expr(e: Expr, facts: Facts): Expr {
    if (e.kind === "const" || e.kind === "var") return e;
    if (e.kind !== "reduce") return mapExprParts(e, this.parts(facts));
    const inner = facts.inner();
    for (const a of e.axes) inner.axis(a.var, a.lo, a.hi);
    return mapExprParts(e, this.parts(inner));
  }
  private parts = (facts: Facts): Parts => ({
    expr: (e) => this.expr(e, facts),
    block: (b) => this.block(b, facts.inner()),
  });

  /** `facts` holds before the block, and afterwards what holds behind it. */
  block(block: Block, facts: Facts): Block {
    let changed = false;
    const out: Stmt[] = [];
    for (const s of block) {
      const inner = this.inside(s, facts);
      const to = this.rewrite(inner, facts);
      if (to.length !== 1 || to[0] !== s) changed = true;
      out.push(...to);
      this.after(s, facts);
    }
    return changed ? out : block;
  }

  private inside(s: Stmt, facts: Facts): Stmt {
    switch (s.kind) {
      case "for": {
        const inner = facts.innerOfLoop();
        inner.axis(s.var, s.lo, s.hi);
        return mapStmtParts(s, this.parts(inner));
      }
      case "loop": {
        const inner = facts.innerOfLoop();
        inner.axis(s.turn, intConst(0), s.max);
        return mapStmtParts(s, this.parts(inner));
      }
      case "nest": {
        const inner = facts.inner();
        for (const a of s.nest.axes) inner.axis(a.var, a.lo, a.hi);
        return mapStmtParts(s, this.parts(inner));
      }
      case "if": {
        const condition = this.expr(s.condition, facts);
        const side = (b: Block, truth: boolean): Block => {
          const inner = facts.inner();
          assume(inner, s.condition, truth);
          return this.block(b, inner);
        };
        const [then, otherwise] = [side(s.then, true), side(s.otherwise, false)];
        const same = condition === s.condition && then === s.then && otherwise === s.otherwise;
        return same ? s : { ...s, condition, then, otherwise };
      }
      default:
        return mapStmtParts(s, this.parts(facts));
    }
  }

  private after(s: Stmt, facts: Facts): void {
    if (s.kind === "let") facts.define(s.var, s.value);
    else if (s.kind === "require") assume(facts, s.condition);
    else if (s.kind !== "nest" || s.nest.mode !== "define") facts.forgetTransient();
  }
}
