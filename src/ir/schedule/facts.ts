// Small facts about Nest IR that several parts of the schedule ask for.
import type { Expr } from "../nest.js";

/** The same expression: equal values wherever both stand at the same point. */
export function sameExpr(a: Expr, b: Expr): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a.type !== b.type) return false;
  if (a.kind === "const" && b.kind === "const") return Object.is(a.value, b.value);
  if (a.kind === "var" && b.kind === "var") return a.var.id === b.var.id;
  if (a.kind === "load" && b.kind === "load") return a.array.id === b.array.id && sameExprs(a.index, b.index);
  if (a.kind === "op" && b.kind === "op") return a.op === b.op && sameExprs(a.args, b.args);
  if (a.kind === "convert" && b.kind === "convert") return sameExpr(a.value, b.value);
  if (a.kind === "if" && b.kind === "if")
    return sameExprs([a.condition, a.then, a.otherwise], [b.condition, b.then, b.otherwise]);
  return false;
}

export const sameExprs = (a: readonly Expr[], b: readonly Expr[]): boolean =>
  a.length === b.length && a.every((x, i) => sameExpr(x, b[i] as Expr));
