// Takes what has work for many invocations out of scalar statements: reductions become `let`s of their own, blocks in expressions become
// statements, and an `if` with such work in a side becomes a branch.
import type { Block, Expr, Stmt } from "../nest.js";
import { mapExprParts } from "../nest-walk.js";
import { varExpr } from "../polynomial.js";
import type { Planner } from "./planner.js";
import { isScalarExpr } from "./run.js";

/** The statements to plan in the place of `s`: its expressions are scalar work then, but for the value of a `let` that is a reduction. */
export function extracted(planner: Planner, s: Stmt): { readonly before: Block; readonly rest: Stmt } {
  const before: Stmt[] = [];
  const take = (e: Expr): Expr => takeOut(planner, e, s, before);
  const takeAll = (list: readonly Expr[]): readonly Expr[] => list.map(take);
  const after = (): Stmt => {
    switch (s.kind) {
      case "let":
        return s.value.kind === "reduce" && !s.var.mutable ? s : { ...s, value: take(s.value) };
      case "set":
        return { ...s, value: take(s.value) };
      case "store":
        return { ...s, index: takeAll(s.index), value: take(s.value) };
      case "require":
        return { ...s, condition: take(s.condition), values: takeAll(s.values) };
      case "list":
        return { ...s, elements: takeAll(s.elements) };
      case "if":
        return { ...s, condition: take(s.condition) };
      case "for":
        return { ...s, lo: take(s.lo), hi: take(s.hi) };
      case "loop":
        return { ...s, max: take(s.max) };
      case "host":
        return { ...s, sizes: takeAll(s.sizes), scalars: takeAll(s.scalars) };
      case "declare":
      case "nest":
        return s;
    }
  };
  const rest = after();
  return { before, rest };
}

function takeOut(planner: Planner, e: Expr, s: Stmt, before: Stmt[]): Expr {
  if (isScalarExpr(planner, e)) return e;
  const { at } = s;
  const take = (x: Expr): Expr => takeOut(planner, x, s, before);
  switch (e.kind) {
    case "reduce": {
      const v = planner.freshVar(e.reducer, e.type);
      before.push({ kind: "let", var: v, value: e, at });
      return varExpr(v);
    }
    case "block":
      before.push(...e.body);
      return take(e.value);
    case "if": {
      const condition = take(e.condition);
      if (isScalarExpr(planner, e.then) && isScalarExpr(planner, e.otherwise)) return { ...e, condition };
      const v = planner.freshVar("chosen", e.type, true);
      before.push({ kind: "let", var: v, value: { kind: "const", type: e.type, value: 0 }, at });
      const side = (value: Expr): Block => [{ kind: "set", var: v, value, at }];
      before.push({ kind: "if", condition, then: side(e.then), otherwise: side(e.otherwise), at });
      return varExpr(v);
    }
    default:
      return mapExprParts(e, { expr: take, block: (b) => b });
  }
}
