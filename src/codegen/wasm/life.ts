// How long the names of a function are needed: after the statement that uses one last, its local may hold another.
import type { LoopBlock, LoopStmt } from "../../ir/loop.js";
import { blocksOf, exprsOf, walkExpr } from "../../ir/loop-walk.js";

export interface Life {
  /** Whether no statement behind `after`, in the block that makes a name, uses the name. */
  readonly isOver: (made: LoopStmt & { readonly kind: "let" | "alloc" }, after: LoopStmt) => boolean;
}

/** Kernels are made into code with and without relaxed instructions. */
const found = new WeakMap<LoopBlock, Life>();

export function lifeIn(body: LoopBlock): Life {
  const known = found.get(body) ?? findLife(body);
  found.set(body, known);
  return known;
}

/** Statements are numbered in the order in which they stand, those inside of one behind it. */
function findLife(body: LoopBlock): Life {
  const ends = new Map<LoopStmt, number>();
  const vars = new Map<number, number>();
  const buffers = new Map<number, number>();
  let at = 0;
  const visit = (block: LoopBlock): void => {
    for (const s of block) {
      const here = at++;
      if (s.kind === "let" || s.kind === "set") vars.set(s.var.id, here);
      if (s.kind === "store" || s.kind === "scatter" || s.kind === "alloc") buffers.set(s.buffer.id, here);
      if (s.kind === "call") for (const { buffer } of [...s.given, ...s.made]) buffers.set(buffer.id, here);
      for (const e of exprsOf(s))
        walkExpr(e, (x) => {
          if (x.kind === "var") vars.set(x.var.id, here);
          else if (x.kind === "load" || x.kind === "gather") buffers.set(x.buffer.id, here);
        });
      for (const inner of blocksOf(s)) visit(inner);
      // One that stands in two places tells of neither.
      ends.set(s, ends.has(s) ? 0 : at);
    }
  };
  visit(body);
  const lastUse = (s: LoopStmt & { readonly kind: "let" | "alloc" }): number | undefined =>
    s.kind === "let" ? vars.get(s.var.id) : buffers.get(s.buffer.id);
  return { isOver: (made, after) => (lastUse(made) ?? 0) < (ends.get(after) ?? 0) };
}
