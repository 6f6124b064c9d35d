// Looking through Nest IR: every expression and statement inside a statement or an expression.
import type { Axis, Block, Expr, Nest, Stmt } from "../nest.js";

export interface Visitor {
  readonly expr?: (e: Expr) => void;
  readonly stmt?: (s: Stmt) => void;
}

export function walkExpr(e: Expr, visitor: Visitor): void {
  visitor.expr?.(e);
  const visit = (x: Expr): void => walkExpr(x, visitor);
  switch (e.kind) {
    case "const":
    case "var":
      return;
    case "load":
      e.index.forEach(visit);
      return;
    case "op":
      e.args.forEach(visit);
      return;
    case "convert":
      visit(e.value);
      return;
    case "if":
      [e.condition, e.then, e.otherwise].forEach(visit);
      return;
    case "block":
      walkBlock(e.body, visitor);
      visit(e.value);
      return;
    case "reduce":
      walkAxes(e.axes, visitor);
      if (e.where) visit(e.where);
      visit(e.value);
      return;
  }
}

export const walkBlock = (block: Block, visitor: Visitor): void => {
  for (const s of block) walkStmt(s, visitor);
};

const walkAxes = (axes: readonly Axis[], visitor: Visitor): void => {
  for (const a of axes) {
    walkExpr(a.lo, visitor);
    walkExpr(a.hi, visitor);
  }
};

/** All of a nest: bounds, condition, body, indices and values. */
export function walkNest(nest: Nest, visitor: Visitor): void {
  walkAxes(nest.axes, visitor);
  if (nest.where) walkExpr(nest.where, visitor);
  walkBlock(nest.body, visitor);
  for (const y of nest.yields) {
    for (const k of y.index) walkExpr(k, visitor);
    walkExpr(y.value, visitor);
  }
}

export function walkStmt(s: Stmt, visitor: Visitor): void {
  visitor.stmt?.(s);
  const visit = (x: Expr): void => walkExpr(x, visitor);
  switch (s.kind) {
    case "let":
    case "set":
      visit(s.value);
      return;
    case "declare":
      return;
    case "list":
      s.elements.forEach(visit);
      return;
    case "nest":
      walkNest(s.nest, visitor);
      return;
    case "store":
      s.index.forEach(visit);
      visit(s.value);
      return;
    case "for":
      visit(s.lo);
      visit(s.hi);
      walkBlock(s.body, visitor);
      return;
    case "loop":
      visit(s.max);
      walkBlock(s.body, visitor);
      visit(s.until);
      return;
    case "if":
      visit(s.condition);
      walkBlock(s.then, visitor);
      walkBlock(s.otherwise, visitor);
      return;
    case "require":
      visit(s.condition);
      s.values.forEach(visit);
      return;
    case "host":
      [...s.sizes, ...s.scalars].forEach(visit);
      return;
  }
}

/** Whether something in it can fail at run time. */
export function mayFail(block: Block): boolean {
  let found = false;
  walkBlock(block, {
    stmt: (s) => {
      if (s.kind === "require") found = true;
    },
    expr: (e) => {
      if (e.kind === "load" && e.checks?.some((c) => c !== null)) found = true;
    },
  });
  return found;
}

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
