// The value of an operation on constants, as the target would compute it: rounded to the type, integers wrapped. Operations that a target
// may compute with an error of its own (`exp`) are left to it.
import type { Expr, Op, Scalar } from "../nest.js";

export type Const = Extract<Expr, { readonly kind: "const" }>;

export const constant = (value: number, type: Scalar): Const => ({ kind: "const", value, type });
export const truth = (holds: boolean): Const => constant(holds ? 1 : 0, "bool");

/** Rounds or wraps to the type. */
export function toType(value: number, type: Scalar): number {
  switch (type) {
    case "f32":
      return Math.fround(value);
    case "f64":
      return value;
    case "i32":
      return value | 0;
    case "u32":
      return value >>> 0;
    case "bool":
      return value ? 1 : 0;
  }
}

function halfToEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  const rounded = rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
  return rounded === 0 && (x < 0 || Object.is(x, -0)) ? -0 : rounded;
}

type Rule = (args: readonly number[], type: Scalar) => number | undefined;
const one =
  (f: (a: number) => number): Rule =>
  ([a = 0]) =>
    f(a);
const two =
  (f: (a: number, b: number) => number): Rule =>
  ([a = 0, b = 0]) =>
    f(a, b);
const test = (f: (a: number, b: number) => boolean): Rule => two((a, b) => (f(a, b) ? 1 : 0));
const isIntegral = (t: Scalar): boolean => t === "i32" || t === "u32";

const rules: Readonly<Partial<Record<Op, Rule>>> = {
  neg: one((a) => -a),
  add: two((a, b) => a + b),
  sub: two((a, b) => a - b),
  mul: ([a = 0, b = 0], type) => (isIntegral(type) ? Math.imul(a, b) : a * b),
  div: two((a, b) => a / b),
  idiv: ([a = 0, b = 0]) => (b === 0 ? undefined : Math.floor(a / b)),
  imod: ([a = 0, b = 0]) => (b === 0 ? undefined : a - b * Math.floor(a / b)),
  // Of a NaN no order is promised: it is left to the target.
  min: ([a = 0, b = 0]) => (Number.isNaN(a + b) ? undefined : Math.min(a, b)),
  max: ([a = 0, b = 0]) => (Number.isNaN(a + b) ? undefined : Math.max(a, b)),
  abs: one(Math.abs),
  sign: one(Math.sign),
  eq: test((a, b) => a === b),
  ne: test((a, b) => a !== b),
  lt: test((a, b) => a < b),
  le: test((a, b) => a <= b),
  gt: test((a, b) => a > b),
  ge: test((a, b) => a >= b),
  and: two((a, b) => a & b),
  or: two((a, b) => a | b),
  not: one((a) => (a ? 0 : 1)),
  sqrt: one(Math.sqrt),
  floor: one(Math.floor),
  ceil: one(Math.ceil),
  trunc: one(Math.trunc),
  round: one(halfToEven),
  isnan: one((a) => (Number.isNaN(a) ? 1 : 0)),
  bitAnd: two((a, b) => a & b),
  bitOr: two((a, b) => a | b),
  bitXor: two((a, b) => a ^ b),
  bitNot: one((a) => ~a),
  shiftLeft: two((a, b) => a << b),
  shiftRight: ([a = 0, b = 0], type) => (type === "u32" ? a >>> b : a >> b),
  countLeadingZeros: one(Math.clz32),
};

/** `undefined` where an operand is no constant, or the value is the target's affair. */
export function foldOp(op: Op, args: readonly Expr[], type: Scalar): Const | undefined {
  const values = args.flatMap((a) => (a.kind === "const" ? [a.value] : []));
  if (values.length !== args.length) return undefined;
  const value = rules[op]?.(values, type);
  return value === undefined ? undefined : constant(toType(value, type), type);
}

/** Conversion as `convert` says: truncating and saturating to integers, NaN to 0, bits kept between the integers. */
export function foldConvert(c: Const, type: Scalar): Const {
  const { value } = c;
  if (!isIntegral(type) || isIntegral(c.type) || c.type === "bool") return constant(toType(value, type), type);
  const [low, high] = type === "i32" ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
  const whole = Number.isNaN(value) ? 0 : Math.min(high, Math.max(low, Math.trunc(value)));
  return constant(whole + 0, type);
}
