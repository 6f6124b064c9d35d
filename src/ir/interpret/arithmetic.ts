// `+ - * / ^`, comparisons and logic on scalars, with their error bounds. Integers wrap.
import type { BinaryOp } from "../../compiler/typed.js";
import {
  carriedOver,
  type Format,
  isDecided,
  isExactProduct,
  isExactSum,
  isNumberOf,
  notFinite,
  plain,
  rounded,
  type Scalar,
  scalar,
  undecided,
} from "./format.js";
import { accuracyOf } from "./ulp.js";

export type IntegerType = "i32" | "u32";

export const wrap = (type: IntegerType, x: number): number => (type === "i32" ? x | 0 : x >>> 0);

/** An integer or bool result: decided where its operands are. */
export const whole = (value: number, ...operands: readonly Scalar[]): Scalar =>
  operands.every((x) => x.bound === 0) ? scalar(value) : undecided(value);

export const truth = (value: boolean, ...operands: readonly Scalar[]): Scalar => whole(value ? 1 : 0, ...operands);

/** A WGSL compiler may add a sum's terms in another order: what a chain of about five terms can lose by it. */
const REASSOCIATION = 4;

export function add(f: Format, a: Scalar, b: Scalar): Scalar {
  const value = a.value + b.value;
  if (!Number.isFinite(value)) return notFinite(f, value, [a, b]);
  const exact = a.bound === 0 && b.bound === 0 && isExactSum(a.value, b.value, value) && isNumberOf(f, value);
  if (exact) return scalar(value);
  const carried = a.bound + b.bound;
  if (f.target !== "wgsl") return rounded(f, value, carried, 1);
  const terms = Math.abs(a.value) + Math.abs(b.value);
  return rounded(f, value, carried + REASSOCIATION * f.unit * (terms + carried), 1);
}

export const negate = (f: Format, a: Scalar): Scalar => carriedOver(f, -a.value, a.bound);
export const subtract = (f: Format, a: Scalar, b: Scalar): Scalar => add(f, a, scalar(-b.value, b.bound));

export function multiply(f: Format, a: Scalar, b: Scalar): Scalar {
  const value = a.value * b.value;
  if (!Number.isFinite(value)) return notFinite(f, value, [a, b]);
  if (a.bound === 0 && b.bound === 0 && isExactProduct(a.value, b.value, value) && isNumberOf(f, value))
    return scalar(value);
  return rounded(f, value, productError(a, b), 1);
}

const productError = (a: Scalar, b: Scalar): number =>
  times(Math.abs(a.value), b.bound) + times(Math.abs(b.value), a.bound) + times(a.bound, b.bound);
/** 0 times an unknown is unknown, as the unknown need not be finite. */
const times = (size: number, bound: number): number => (bound === 0 ? 0 : bound === Infinity ? Infinity : size * bound);

export function divide(f: Format, a: Scalar, b: Scalar): Scalar {
  const value = a.value / b.value;
  const least = Math.abs(b.value) - b.bound;
  if (!Number.isFinite(value) || (least <= 0 && f.target !== "exact"))
    return b.value !== 0 && Number.isFinite(b.value) ? undecided(value) : notFinite(f, value, [a, b]);
  const exact =
    a.bound === 0 && b.bound === 0 && isExactProduct(value, b.value, a.value) && value * b.value === a.value;
  if (exact && f.target === "wasm" && isNumberOf(f, value)) return scalar(value);
  const carried = (a.bound + Math.abs(value) * b.bound) / least;
  return rounded(f, value, carried, 2 * accuracyOf(f.target, "divide", value, f.digits === 24).ulps);
}

export function squareRoot(f: Format, a: Scalar): Scalar {
  const value = Math.sqrt(a.value);
  if (!Number.isFinite(value)) return notFinite(f, value, [a]);
  if (a.bound > a.value) return f.target === "exact" ? plain(f, value) : undecided(value);
  const exact = a.bound === 0 && isExactProduct(value, value, a.value) && value * value === a.value;
  if (exact && (f.target !== "wgsl" || value === 0) && isNumberOf(f, value)) return scalar(value);
  const carried = a.bound === 0 ? 0 : a.bound / (Math.sqrt(a.value - a.bound) + value);
  return rounded(f, value, carried, 2 * accuracyOf(f.target, "sqrt", a.value, f.digits === 24).ulps);
}

/** `a * b + c`: with one rounding or with two. */
export function fusedMultiplyAdd(f: Format, a: Scalar, b: Scalar, c: Scalar): Scalar {
  return add(f, multiply(f, a, b), c);
}

/** `a ^ k`: repeated multiplication, in any order. */
export function integerPower(f: Format, a: Scalar, k: Scalar): Scalar {
  const n = Math.abs(k.value);
  if (k.bound !== 0) return undecided(a.value ** k.value);
  if (n === 0) return scalar(1);
  let power: Scalar | undefined;
  let square = a;
  for (let rest = n; ; square = multiply(f, square, square)) {
    if (rest % 2 === 1) power = power ? multiply(f, power, square) : square;
    rest = Math.floor(rest / 2);
    if (rest === 0) break;
  }
  if (!power) throw new Error("internal: a power without a factor");
  const { value, bound } = power;
  // Squaring takes fewer roundings than a chain would: n - 1 in all, whatever the order.
  const chain =
    bound > 0 && f.target !== "exact" ? scalar(value, bound + n * f.unit * (Math.abs(value) + bound)) : power;
  return k.value > 0 ? chain : divide(f, scalar(1), chain);
}

/** `x ^ y` and `pow(x, y)` of real exponents, for x >= 0. */
export function realPower(f: Format, x: Scalar, y: Scalar): Scalar {
  const value = x.value ** y.value;
  if (!Number.isFinite(value)) return notFinite(f, value, [x, y]);
  if (f.target === "exact") return plain(f, value);
  if (!isDecided(x) || !isDecided(y) || x.value < 0) return undecided(value);
  const low = x.value - x.bound;
  if (low <= 0) {
    // Near zero: from 0 to the largest that the base's bound allows, while the exponent is positive.
    if (y.value - y.bound <= 0) return undecided(value);
    const most = Math.max((x.value + x.bound) ** (y.value - y.bound), (x.value + x.bound) ** (y.value + y.bound));
    return rounded(f, value, x.bound === 0 ? 0 : Math.max(value, most - value), 16);
  }
  const logarithm = Math.max(Math.abs(Math.log(low)), Math.abs(Math.log(x.value + x.bound)));
  const exponentError = (Math.abs(y.value) + y.bound) * -Math.log1p(-x.bound / x.value) + y.bound * logarithm;
  const carried = exponentError === 0 ? 0 : value * Math.expm1(exponentError);
  return rounded(f, value, carried, powerRoundings(f, x.value, y.value), 4);
}

/** WGSL's `pow(x, y)` is as good as `exp2(y * log2(x))`. */
function powerRoundings(f: Format, x: number, y: number): number {
  const single = f.digits === 24;
  if (f.target !== "wgsl") return 2 * accuracyOf(f.target, "pow", x, single).ulps;
  const log = Math.log2(x);
  const ofLog = accuracyOf("wgsl", "log2", x, single);
  const exponent = y * log;
  const inExponent = Math.abs(y) * (ofLog.ulps * 2 * f.unit * Math.abs(log) + (ofLog.absolute ?? 0));
  const relative = Math.expm1(Math.LN2 * (inExponent + 2 * f.unit * Math.abs(exponent)));
  return 2 * accuracyOf("wgsl", "exp2", exponent, single).ulps + relative / f.unit;
}

/** The largest and the least that the target may have. */
export const most = (x: Scalar): number => x.value + x.bound;
export const least = (x: Scalar): number => x.value - x.bound;

/** The least (`sign` 1) or the greatest (-1) of values: what the target gets lies between the same of their bounds' ends. */
export function extremum(f: Format, sign: 1 | -1, values: readonly Scalar[]): Scalar {
  let value = Infinity;
  let low = Infinity;
  let high = Infinity;
  for (const x of values) {
    if (Number.isNaN(x.value)) return f.target === "exact" ? scalar(x.value) : undecided(x.value);
    value = Math.min(value, sign * x.value);
    low = Math.min(low, sign * x.value - x.bound);
    high = Math.min(high, sign * x.value + x.bound);
  }
  if (f.target === "exact" || low === high) return scalar(sign * value);
  return scalar(sign * value, Math.max(value - low, high - value));
}

/** Comparisons of floating-point numbers: undecided where the bounds overlap. */
export function compare(op: BinaryOp, a: Scalar, b: Scalar): Scalar {
  const value = holds(op, a.value, b.value);
  if (a.bound === 0 && b.bound === 0) return truth(value);
  const apart = least(a) > most(b) || most(a) < least(b);
  const touching = a.bound === 0 && b.bound === 0;
  return apart || touching ? truth(value) : undecided(value ? 1 : 0);
}

export function holds(op: BinaryOp, a: number, b: number): boolean {
  switch (op) {
    case "==":
      return a === b;
    case "!=":
      return a !== b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    default:
      throw new Error(`internal: ${op} is no comparison`);
  }
}

export function integerOperation(op: "+" | "-" | "*", type: IntegerType, a: number, b: number): number {
  switch (op) {
    case "+":
      return wrap(type, a + b);
    case "-":
      return wrap(type, a - b);
    case "*":
      return wrap(type, Math.imul(a, b));
  }
}

/** Floor division; the divisor is not 0. */
export const floorDivide = (type: IntegerType, a: number, b: number): number => wrap(type, Math.floor(a / b));
/** What floor division leaves, with the divisor's sign. */
export const floorModulo = (a: number, b: number): number => a - b * Math.floor(a / b);

/** `a ^ k` on integers, k >= 0, wrapping. */
export function wrappedPower(type: IntegerType, a: number, k: number): number {
  let power = 1;
  let square = a;
  for (let rest = k; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = Math.imul(power, square);
    square = Math.imul(square, square);
  }
  return wrap(type, power);
}
