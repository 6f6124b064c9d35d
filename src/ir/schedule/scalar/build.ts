// Small constructors of Loop IR expressions with one lane. Integer arithmetic on constants is folded, so that addresses read well.
import type { Buffer, LoopExpr, LoopType, LoopVar } from "../../loop.js";
import type { Op, Scalar } from "../../nest.js";

export const single = (scalar: Scalar): LoopType => ({ scalar, lanes: 1 });
export const constant = (scalar: Scalar, value: number): LoopExpr => ({ kind: "const", type: single(scalar), value });
export const int = (value: number): LoopExpr => constant("i32", value);
export const truth = (value: boolean): LoopExpr => constant("bool", value ? 1 : 0);
export const read = (v: LoopVar): LoopExpr => ({ kind: "var", type: v.type, var: v });
export const operation = (op: Op, type: LoopType, ...args: readonly LoopExpr[]): LoopExpr => ({
  kind: "op",
  type,
  op,
  args,
});
export const load = (buffer: Buffer, index: LoopExpr, lanes: LoopType["lanes"] = 1): LoopExpr => ({
  kind: "load",
  type: { scalar: buffer.scalar, lanes },
  buffer,
  index,
});
export const convert = (scalar: Scalar, value: LoopExpr): LoopExpr =>
  value.type.scalar === scalar ? value : { kind: "convert", type: { scalar, lanes: value.type.lanes }, value };

const integerOf = (e: LoopExpr): number | undefined =>
  e.kind === "const" && e.type.scalar === "i32" && e.type.lanes === 1 ? e.value : undefined;
const fitsInteger = (n: number): boolean => n >= -(2 ** 31) && n < 2 ** 31;
/** The constant, when an operation on constants gives one without wrapping. */
function folded(a: LoopExpr, b: LoopExpr, f: (x: number, y: number) => number): LoopExpr | undefined {
  const x = integerOf(a);
  const y = integerOf(b);
  if (x === undefined || y === undefined) return undefined;
  const value = f(x, y);
  return fitsInteger(value) ? int(value) : undefined;
}

const sameType = (op: Op, a: LoopExpr, b: LoopExpr): LoopExpr => operation(op, a.type, a, b);

export function add(a: LoopExpr, b: LoopExpr): LoopExpr {
  if (integerOf(a) === 0) return b;
  if (integerOf(b) === 0) return a;
  return folded(a, b, (x, y) => x + y) ?? sameType("add", a, b);
}

export function sub(a: LoopExpr, b: LoopExpr): LoopExpr {
  if (integerOf(b) === 0) return a;
  return folded(a, b, (x, y) => x - y) ?? sameType("sub", a, b);
}

export function mul(a: LoopExpr, b: LoopExpr): LoopExpr {
  if (integerOf(a) === 1) return b;
  if (integerOf(b) === 1) return a;
  if (integerOf(a) === 0 || integerOf(b) === 0) return int(0);
  return folded(a, b, (x, y) => x * y) ?? sameType("mul", a, b);
}

export const minimum = (a: LoopExpr, b: LoopExpr): LoopExpr => folded(a, b, Math.min) ?? sameType("min", a, b);
export const maximum = (a: LoopExpr, b: LoopExpr): LoopExpr => folded(a, b, Math.max) ?? sameType("max", a, b);

/** A comparison of one-lane or vector values of one type. */
export const compare = (op: "eq" | "ne" | "lt" | "le" | "gt" | "ge", a: LoopExpr, b: LoopExpr): LoopExpr =>
  operation(op, { scalar: "bool", lanes: a.type.lanes }, a, b);

const isTruth = (e: LoopExpr, value: 0 | 1): boolean =>
  e.kind === "const" && e.type.scalar === "bool" && e.value === value;

export function and(a: LoopExpr, b: LoopExpr): LoopExpr {
  if (isTruth(a, 1)) return b;
  if (isTruth(b, 1)) return a;
  return operation("and", a.type, a, b);
}

export function or(a: LoopExpr, b: LoopExpr): LoopExpr {
  if (isTruth(a, 0)) return b;
  if (isTruth(b, 0)) return a;
  return operation("or", a.type, a, b);
}

export function not(a: LoopExpr): LoopExpr {
  if (isTruth(a, 0)) return truth(true);
  if (isTruth(a, 1)) return truth(false);
  return operation("not", a.type, a);
}

/** Both values are computed. */
export const select = (condition: LoopExpr, then: LoopExpr, otherwise: LoopExpr): LoopExpr =>
  operation("select", then.type, condition, then, otherwise);

/** Costs nothing to write twice, and means the same wherever its names are in scope. */
export const isTrivial = (e: LoopExpr): boolean => e.kind === "const" || (e.kind === "var" && !e.var.mutable);
