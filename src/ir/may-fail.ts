// Whether a part of Nest IR can fail at run time: it has a `require`, or a subscript that is checked.
import type { Block, Expr, Nest } from "./nest.js";
import { type Visitor, walkBlock, walkExpr, walkNest } from "./nest-walk.js";

function finds(walk: (v: Visitor) => void): boolean {
  let found = false;
  walk({
    stmt: (s) => {
      if (s.kind === "require") found = true;
      return !found;
    },
    expr: (e) => {
      if (e.kind === "load" && e.checks?.some((c) => c !== null)) found = true;
      return !found;
    },
  });
  return found;
}

export const blockMayFail = (block: Block): boolean => finds((v) => walkBlock(block, v));
export const nestMayFail = (nest: Nest): boolean => finds((v) => walkNest(nest, v));
export const exprMayFail = (e: Expr): boolean => finds((v) => walkExpr(e, v));
