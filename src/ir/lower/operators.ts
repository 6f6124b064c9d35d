// Operators, conversions and constants at one point, and over whole arrays.
import type { Span } from "../../compiler/diagnostic.js";
import type { BinaryOp, Expr as TypedExpr } from "../../compiler/typed.js";
import { exprMayFail } from "../may-fail.js";
import type { Expr, Op, Scalar } from "../nest.js";
import { isFloat } from "../nest-types.js";
import { assume, isAtMost, isLess } from "../range/index.js";
import type { Frame } from "./frame.js";
import {
  constant,
  innerOut,
  int,
  isCheap,
  type KernelBuilder,
  type Out,
  op,
  test,
  truth,
  varOf,
  within,
} from "./kernel-builder.js";
import { bindBefore, inOrder } from "./order.js";
import { asScalar, delayed, scalar, type Value } from "./value.js";

/** What an operation at one point needs besides its operands. */
export interface Point {
  readonly kernel: KernelBuilder;
  readonly at: Span;
  readonly out: Out;
}

/** `f` at each element of `operands`: arrays of one shape, and scalars, which are taken once. */
export function elementwise(
  frame: Frame,
  e: TypedExpr,
  operands: readonly Value[],
  out: Out,
  f: (operands: readonly Expr[], p: Point) => Expr,
): Value {
  const { kernel } = frame;
  const { at } = e;
  const first = operands.find((o) => o.kind === "array");
  if (first?.kind !== "array") return scalar(f(operands.map(asScalar), { kernel, at, out }));
  const parts = operands.map((o) => (o.kind === "scalar" ? scalar(kernel.once(o.expr, "s", at, out)) : o));
  return delayed(frame.elementOf(e.type), first.shape, parts, (index, inner) => {
    const elements = inOrder(parts, (p) => (p.kind === "array" ? scalar(p.at(index, inner)) : p), {
      kernel,
      at,
      out: inner,
    });
    return f(elements.map(asScalar), { kernel, at, out: inner });
  });
}

const plain: Readonly<Partial<Record<BinaryOp, Op>>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  "==": "eq",
  "!=": "ne",
  "<": "lt",
  "<=": "le",
  ">": "gt",
  ">=": "ge",
};
const isComparison = (o: BinaryOp): boolean => ["==", "!=", "<", "<=", ">", ">="].includes(o);

export function binaryAt(name: BinaryOp, a: Expr, b: Expr, p: Point): Expr {
  const simple = plain[name];
  if (simple) return isComparison(name) ? test(simple, a, b) : op(simple, a, b);
  if (name === "div" || name === "%") {
    const before = p.out.statements.length;
    const by = refuseZero(b, p);
    const sides: Value[] = [scalar(a)];
    if (p.out.statements.length > before) bindBefore(before, sides, p);
    return op(name === "div" ? "idiv" : "imod", ...sides.map(asScalar), by);
  }
  throw new Error(`internal: ${name} is no plain operator`);
}

export function unaryAt(name: "-" | "not", a: Expr): Expr {
  if (name === "not") return test("not", a);
  if (a.kind === "const" && a.type !== "u32") return constant(-a.value, a.type);
  return a.type === "u32" ? op("sub", constant(0, "u32"), a) : op("neg", a);
}

export function convertAt(a: Expr, to: Scalar): Expr {
  if (a.type === to) return a;
  if (a.kind === "const" && a.type === "i32" && (isFloat(to) || (to === "u32" && a.value >= 0)))
    return constant(a.value, to);
  return { kind: "convert", value: a, type: to };
}

/** The divisor, after a check that it is not 0 where that is not plain. */
function refuseZero(b: Expr, p: Point): Expr {
  if (b.kind === "const" && b.value !== 0) return b;
  const { facts } = p.out;
  if (b.type === "i32" && (isLess(int(0), b, facts) || isLess(b, int(0), facts))) return b;
  const by = p.kernel.once(b, "divisor", p.at, p.out);
  const check = p.kernel.check("division", ["division by zero"], p.at);
  p.kernel.require(test("ne", by, constant(0, by.type)), check, [], p.at, p.out);
  return by;
}

/** `a and b`, `a or b`; the right side is computed in a block of its own, which sees what the left one says. */
export function logicalAt(name: "and" | "or", a: Expr, right: (out: Out) => Expr, p: Point): Expr {
  const inner = innerOut(p.out);
  assume(inner.facts, a, name === "and");
  const b = right(inner);
  if (inner.statements.length === 0 && isHarmless(b)) return test(name, a, b);
  const value = within(inner, b);
  return name === "and"
    ? { kind: "if", condition: a, then: value, otherwise: truth(false), type: "bool" }
    : { kind: "if", condition: a, then: truth(true), otherwise: value, type: "bool" };
}

/** Can't fail, and costs little more than a branch would. */
function isHarmless(e: Expr): boolean {
  let weight = 0;
  const visit = (x: Expr): boolean => {
    weight += 1;
    switch (x.kind) {
      case "const":
      case "var":
        return true;
      case "load":
        return !x.checks?.some((c) => c !== null) && x.index.every(visit);
      case "op":
        return x.args.every(visit);
      case "convert":
        return visit(x.value);
      default:
        return false;
    }
  };
  return visit(e) && weight <= 10;
}

// Powers with integer exponents: repeated multiplication.

/** Exponents up to this are multiplied out in place. */
const mostUnrolled = 64;

export function powerAt(base: Expr, exponent: Expr, p: Point): Expr {
  if (exponent.kind === "const" && Math.abs(exponent.value) <= mostUnrolled)
    return constantPower(base, exponent.value, p);
  const { kernel, at, out } = p;
  const e = kernel.once(exponent, "exponent", at, out);
  if (!isFloat(base.type) && e.type === "i32" && !isAtMost(int(0), e, out.facts)) {
    const check = kernel.check("power", ["an integer to the negative power ", 0], at);
    kernel.require(test("ge", e, int(0)), check, [e], at, out);
  }
  const power = powerLoop(base, e.type === "u32" ? convertAt(e, "i32") : e, e.type === "u32", p);
  if (!isFloat(base.type) || e.type === "u32") return power;
  const result = varOf(kernel.define(power, "power", at, out));
  return op("select", test("lt", e, int(0)), op("div", constant(1, base.type), result), result);
}

function constantPower(base: Expr, exponent: number, p: Point): Expr {
  const { kernel, at, out } = p;
  if (exponent === 0) {
    // A base that may fail is still asked for.
    if (exprMayFail(base)) kernel.define(base, "base", at, out);
    return constant(1, base.type);
  }
  if (exponent < 0) {
    if (isFloat(base.type)) return op("div", constant(1, base.type), constantPower(base, -exponent, p));
    const check = kernel.check("power", ["an integer to the negative power ", 0], at);
    kernel.require(truth(false), check, [int(exponent)], at, out);
    return constant(0, base.type);
  }
  let square = base;
  let result: Expr | undefined;
  for (let k = exponent; k > 0; k = Math.floor(k / 2)) {
    if (k === 1) return result ? op("mul", result, square) : square;
    square = isCheap(square) && square.kind !== "op" ? square : varOf(kernel.define(square, "x", at, out));
    if (k % 2 === 1) result = result ? op("mul", result, square) : square;
    square = op("mul", square, square);
  }
  throw new Error("internal: a power has no last factor");
}

/** One turn for each bit of the exponent: all points that share it take the same way. */
function powerLoop(base: Expr, exponent: Expr, unsigned: boolean, p: Point): Expr {
  const { kernel, at, out } = p;
  const inner = innerOut(out);
  const bits = unsigned ? exponent : varOf(kernel.define(op("abs", exponent), "bits", at, inner));
  const result = kernel.variable(constant(1, base.type), "result", at, inner);
  const square = kernel.variable(base, "square", at, inner);
  const turn = kernel.var("bit", "i32");
  const isSet = test("ne", op("bitAnd", op("shiftRight", bits, varOf(turn)), int(1)), int(0));
  const multiplied = op("mul", varOf(result), varOf(square));
  inner.statements.push({
    kind: "for",
    var: turn,
    lo: int(0),
    hi: op("sub", int(32), op("countLeadingZeros", bits)),
    body: [
      { kind: "set", var: result, value: op("select", isSet, multiplied, varOf(result)), at },
      { kind: "set", var: square, value: op("mul", varOf(square), varOf(square)), at },
    ],
    at,
  });
  return within(inner, varOf(result));
}

const ends = {
  f32: { eps: 2 ** -23, tiny: 2 ** -126, huge: (2 - 2 ** -23) * 2 ** 127 },
  f64: { eps: Number.EPSILON, tiny: 2 ** -1022, huge: Number.MAX_VALUE },
} as const;

export function namedConstant(name: "pi" | "eps" | "tiny" | "huge", type: Scalar): Expr {
  if (type !== "f32" && type !== "f64") throw new Error(`internal: ${name} of ${type}`);
  return constant(name === "pi" ? Math.PI : ends[type][name], type);
}
