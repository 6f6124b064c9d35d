// Simplify: folds constants, drops what does nothing, and writes integer expressions as polynomials in one form, so that later passes
// find equal subscripts and sizes equal by their text.
//
// Needs: nothing. Removes: operations on constants, branches and loops that are decided, requirements that hold. Adds: nothing.
// It stands first, since every other pass sees more in a simple kernel, and again after passes that leave constants behind.
//
// Floating-point algebra is exact here or not done: x * 1 and x - 0 are x for every x, x + 0 is not (x = -0), x * 0 is not 0 (NaN).
import { equalSizes, subtractSizes } from "../../compiler/size.js";
import { effectsOf } from "../effects.js";
import type { Block, Expr, Kernel, Nest, Op, Scalar, Stmt } from "../nest.js";
import { isFloat } from "../nest-types.js";
import { rewriteKernel, walkExpr } from "../nest-walk.js";
import { polynomialExpr, polynomialOf } from "../polynomial.js";
import { constant, foldConvert, foldOp, truth } from "./fold.js";

export const simplify = (kernel: Kernel): Kernel => rewriteKernel(kernel, { expr: simplifyNode, stmt: simplifyStmt });

const isConst = (e: Expr | undefined, value: number): boolean => e?.kind === "const" && Object.is(e.value, value);
const isTrue = (e: Expr | undefined): boolean => isConst(e, 1) && e?.type === "bool";
const isFalse = (e: Expr | undefined): boolean => isConst(e, 0) && e?.type === "bool";
const pure = (e: Expr): boolean => !effectsOf(e).fails;

/** One node whose parts are simple already. */
export function simplifyNode(e: Expr): Expr {
  switch (e.kind) {
    case "op":
      return foldOp(e.op, e.args, e.type) ?? (e.type === "i32" ? integer(e) : undefined) ?? identity(e) ?? e;
    case "convert":
      if (e.value.type === e.type) return e.value;
      return e.value.kind === "const" ? foldConvert(e.value, e.type) : e;
    case "if":
      if (isTrue(e.condition)) return e.then;
      if (isFalse(e.condition)) return e.otherwise;
      if (e.condition.kind === "op" && e.condition.op === "not" && e.condition.args[0])
        return { ...e, condition: e.condition.args[0], then: e.otherwise, otherwise: e.then };
      return same(e.then, e.otherwise) && pure(e.condition) ? e.then : e;
    case "block":
      return e.body.length === 0 ? e.value : e;
    case "reduce": {
      if (!isTrue(e.where)) return repeated(e) ?? e;
      const { where: _holds, ...all } = e;
      return all;
    }
    default:
      return e;
  }
}

/** A sum of one constant again and again is a product: rounded once, where a sum may be rounded at every turn. */
function repeated(e: Expr & { readonly kind: "reduce" }): Expr | undefined {
  const { value, axes, type } = e;
  if (e.reducer !== "sum" || e.where || value.kind !== "const" || !Number.isFinite(value.value)) return undefined;
  const own = new Set(axes.map((a) => a.var.id));
  const speaksOfOwn = (bound: Expr): boolean => {
    let found = false;
    walkExpr(bound, {
      expr: (x) => {
        if (x.kind === "var" && own.has(x.var.id)) found = true;
        return !found;
      },
    });
    return found;
  };
  if (axes.some((a) => [a.lo, a.hi].some((bound) => speaksOfOwn(bound) || !pure(bound)))) return undefined;
  const op = (name: Op, of: Scalar, ...args: readonly Expr[]): Expr =>
    simplifyNode({ kind: "op", op: name, type: of, args });
  const turns = axes.map((a): Expr => {
    const count = op("max", "i32", op("sub", "i32", a.hi, a.lo), constant(0, "i32"));
    return type === "i32" ? count : { kind: "convert", type, value: count };
  });
  return turns.reduce((product, n) => op("mul", type, product, n), value as Expr);
}

/** Only what can be seen to be equal at once. */
function same(a: Expr, b: Expr): boolean {
  if (a === b) return true;
  if (a.kind === "const") return b.kind === "const" && a.type === b.type && Object.is(a.value, b.value);
  return a.kind === "var" && b.kind === "var" && a.var.id === b.var.id;
}

const countNodes = (e: Expr): number => {
  let n = 0;
  walkExpr(e, {
    expr: () => {
      n++;
      return true;
    },
  });
  return n;
};

/** A polynomial in its one form, where that is no longer. Equal values, whatever wraps. */
function integer(e: Expr & { readonly kind: "op" }): Expr | undefined {
  const p = polynomialOf(e);
  if (!p) return undefined;
  const normal = polynomialExpr(p);
  return countNodes(normal) <= countNodes(e) ? normal : undefined;
}

const comparisons: Readonly<Partial<Record<Op, { readonly onEqual: boolean; readonly negated: Op }>>> = {
  eq: { onEqual: true, negated: "ne" },
  ne: { onEqual: false, negated: "eq" },
  lt: { onEqual: false, negated: "ge" },
  le: { onEqual: true, negated: "gt" },
  gt: { onEqual: false, negated: "le" },
  ge: { onEqual: true, negated: "lt" },
};

/** What an operation is that does nothing, or the opposite of another. */
function identity(e: Expr & { readonly kind: "op" }): Expr | undefined {
  const [a, b, c] = e.args;
  if (!a) return undefined;
  switch (e.op) {
    case "add":
      if (isFloat(e.type)) return isConst(b, -0) ? a : isConst(a, -0) ? b : undefined;
      return isConst(b, 0) ? a : isConst(a, 0) ? b : undefined;
    case "sub":
      return isConst(b, 0) ? a : undefined;
    case "mul":
      if (isConst(b, 1)) return a;
      if (isConst(a, 1)) return b;
      if (isFloat(e.type)) return undefined;
      if (isConst(a, 0) && b && pure(b)) return a;
      return isConst(b, 0) && pure(a) ? b : undefined;
    case "div":
    case "idiv":
      return isConst(b, 1) ? a : undefined;
    case "imod":
      return isConst(b, 1) && pure(a) ? constant(0, e.type) : undefined;
    case "neg":
      return a.kind === "op" && a.op === "neg" ? a.args[0] : undefined;
    case "and":
      if (isTrue(a)) return b;
      if (isTrue(b)) return a;
      if (isFalse(a) && b && pure(b)) return a;
      return isFalse(b) && pure(a) ? b : undefined;
    case "or":
      if (isFalse(a)) return b;
      if (isFalse(b)) return a;
      if (isTrue(a) && b && pure(b)) return a;
      return isTrue(b) && pure(a) ? b : undefined;
    case "not":
      return negation(a);
    case "select":
      if (isTrue(a) && c && pure(c)) return b;
      if (isFalse(a) && b && pure(b)) return c;
      return undefined;
    case "eq":
    case "ne":
    case "lt":
    case "le":
    case "gt":
    case "ge":
      return b ? comparison(e.op, a, b) : undefined;
    default:
      return undefined;
  }
}

function negation(a: Expr): Expr | undefined {
  if (a.kind !== "op") return undefined;
  if (a.op === "not") return a.args[0];
  const order = comparisons[a.op];
  // A NaN is neither less nor not less: only equality may be turned around for floating point.
  if (!order || (isFloat(a.args[0]?.type ?? "bool") && a.op !== "eq" && a.op !== "ne")) return undefined;
  return { ...a, op: order.negated };
}

function comparison(op: Op, a: Expr, b: Expr): Expr | undefined {
  const p = polynomialOf(a);
  const q = polynomialOf(b);
  const order = comparisons[op];
  if (!p || !q || !order) return undefined;
  if (equalSizes(p, q)) return truth(order.onEqual);
  // Two values that differ by a constant differ even where they wrap; which is less then, nobody knows.
  const difference = subtractSizes(p, q).terms;
  const apart = difference.length === 1 && difference[0]?.atoms.length === 0;
  return apart && (op === "eq" || op === "ne") ? truth(op === "ne") : undefined;
}

function simplifyStmt(s: Stmt): Block {
  switch (s.kind) {
    case "if":
      if (isTrue(s.condition)) return s.then;
      if (isFalse(s.condition)) return s.otherwise;
      if (s.then.length === 0 && s.otherwise.length === 0 && pure(s.condition)) return [];
      return [s];
    case "for":
      return (s.body.length === 0 || isEmpty(s.lo, s.hi)) && pure(s.lo) && pure(s.hi) ? [] : [s];
    case "require":
      return isTrue(s.condition) ? [] : [s];
    case "nest":
      return simplifyNest(s, s.nest);
    default:
      return [s];
  }
}

function isEmpty(lo: Expr, hi: Expr): boolean {
  if (lo.kind === "const" && hi.kind === "const") return hi.value <= lo.value;
  const p = polynomialOf(lo);
  const q = polynomialOf(hi);
  return p !== undefined && q !== undefined && equalSizes(p, q);
}

function simplifyNest(s: Stmt & { readonly kind: "nest" }, nest: Nest): Block {
  if (isTrue(nest.where)) {
    const { where: _holds, ...all } = nest;
    return [{ ...s, nest: all }];
  }
  if (nest.mode === "define") return [s];
  const never = isFalse(nest.where) || nest.axes.some((a) => isEmpty(a.lo, a.hi));
  return never && nest.axes.every((a) => pure(a.lo) && pure(a.hi)) ? [] : [s];
}
