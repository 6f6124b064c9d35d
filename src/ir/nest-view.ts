// Looking at the parts of Nest IR without making anything: analyses and walks stand on it, and they run often.
import type { Axis, Block, Expr, Nest, Stmt } from "./nest.js";

/** What to do with the parts of a node that is only looked at. */
export interface Viewer {
  readonly expr: (e: Expr) => void;
  readonly block: (b: Block) => void;
}

function viewAxes(axes: readonly Axis[], v: Viewer): void {
  for (const a of axes) {
    v.expr(a.lo);
    v.expr(a.hi);
  }
}
function viewEach(all: readonly Expr[], v: Viewer): void {
  for (const e of all) v.expr(e);
}

/** Shows the parts of `e`, in the order in which they are computed. */
export function viewExprParts(e: Expr, v: Viewer): void {
  switch (e.kind) {
    case "const":
    case "var":
      return;
    case "load":
      viewEach(e.index, v);
      return;
    case "op":
      viewEach(e.args, v);
      return;
    case "convert":
      v.expr(e.value);
      return;
    case "if":
      v.expr(e.condition);
      v.expr(e.then);
      v.expr(e.otherwise);
      return;
    case "block":
      v.block(e.body);
      v.expr(e.value);
      return;
    case "reduce":
      viewAxes(e.axes, v);
      if (e.where) v.expr(e.where);
      v.expr(e.value);
  }
}

export function viewNestParts(nest: Nest, v: Viewer): void {
  viewAxes(nest.axes, v);
  if (nest.where) v.expr(nest.where);
  v.block(nest.body);
  for (const y of nest.yields) {
    viewEach(y.index, v);
    v.expr(y.value);
  }
}

/** Shows the parts of `s`, in the order in which they are computed. */
export function viewStmtParts(s: Stmt, v: Viewer): void {
  switch (s.kind) {
    case "let":
    case "set":
      v.expr(s.value);
      return;
    case "declare":
      return;
    case "list":
      viewEach(s.elements, v);
      return;
    case "nest":
      viewNestParts(s.nest, v);
      return;
    case "store":
      viewEach(s.index, v);
      v.expr(s.value);
      return;
    case "for":
      v.expr(s.lo);
      v.expr(s.hi);
      v.block(s.body);
      return;
    case "loop":
      v.expr(s.max);
      v.block(s.body);
      v.expr(s.until);
      return;
    case "if":
      v.expr(s.condition);
      v.block(s.then);
      v.block(s.otherwise);
      return;
    case "require":
      v.expr(s.condition);
      viewEach(s.values, v);
      return;
    case "host":
      viewEach(s.sizes, v);
      viewEach(s.scalars, v);
  }
}
