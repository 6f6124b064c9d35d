// Walking Loop IR, and leaving out names that nobody reads: kernels start from all that they may use.
import type { LoopBlock, LoopExpr, LoopStmt } from "../loop.js";
import { blocksOf, exprsOf, walkExpr } from "../loop-walk.js";

export interface LoopVisitor {
  readonly expr?: (e: LoopExpr) => void;
  readonly stmt?: (s: LoopStmt) => void;
}

/** Every statement and expression, outermost first. */
export function walkLoop(block: LoopBlock, v: LoopVisitor): void {
  for (const s of block) {
    v.stmt?.(s);
    if (v.expr) for (const e of exprsOf(s)) walkExpr(e, v.expr);
    for (const b of blocksOf(s)) walkLoop(b, v);
  }
}

/** Without definitions that nobody reads, and without branches and loops that are left empty by that. */
export function pruned(block: LoopBlock): LoopBlock {
  for (let body = block; ; ) {
    const read = new Set<number>();
    walkLoop(body, {
      expr: (e) => {
        if (e.kind === "var") read.add(e.var.id);
      },
    });
    const next = prunedBy(body, read);
    if (next === body) return body;
    body = next;
  }
}

function prunedBy(block: LoopBlock, read: ReadonlySet<number>): LoopBlock {
  let changed = false;
  const out: LoopStmt[] = [];
  for (const s of block) {
    const kept = prunedStmt(s, read);
    if (kept !== s) changed = true;
    if (kept) out.push(kept);
  }
  return changed ? out : block;
}

function prunedStmt(s: LoopStmt, read: ReadonlySet<number>): LoopStmt | undefined {
  switch (s.kind) {
    case "let":
    case "set":
      return read.has(s.var.id) ? s : undefined;
    case "for": {
      const body = prunedBy(s.body, read);
      return body.length === 0 ? undefined : body === s.body ? s : { ...s, body };
    }
    case "while": {
      const body = prunedBy(s.body, read);
      return body === s.body ? s : { ...s, body };
    }
    case "if": {
      const then = prunedBy(s.then, read);
      const otherwise = prunedBy(s.otherwise, read);
      if (then.length + otherwise.length === 0) return undefined;
      return then === s.then && otherwise === s.otherwise ? s : { ...s, then, otherwise };
    }
    default:
      return s;
  }
}
