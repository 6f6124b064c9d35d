// Floating-point formats as a target has them, and how much a rounded result may be away from the interpreter's.
//
// Every number carries `bound`: a bound on |what the target gets - what the interpreter got|. Both round, so a step adds the target's
// error and the interpreter's own (a few units of 2^-53) to what its operands carry (Higham, Accuracy and Stability, section 3.3).
// A bound of Infinity says that nothing is known: the value is *undecided*. Integers and bools have bound 0 or Infinity.
import type { RealDtype } from "./value.js";

/** `exact` is the interpreter itself as a backend: no bounds. */
export type Target = "exact" | "wasm" | "wgsl";

export interface Format {
  readonly name: RealDtype;
  readonly target: Target;
  /** Unit roundoff. */
  readonly unit: number;
  /** Significand bits. */
  readonly digits: number;
  readonly eps: number;
  /** The least normal number, the least subnormal one, the largest finite one. */
  readonly tiny: number;
  readonly least: number;
  readonly huge: number;
  /** Without bounds: round every result to the format, as a target would. The bounds themselves are tested by it. */
  readonly rounds?: boolean;
}

export const float32: Format = {
  name: "float32",
  target: "exact",
  unit: 2 ** -24,
  digits: 24,
  eps: 2 ** -23,
  tiny: 2 ** -126,
  least: 2 ** -149,
  huge: (2 - 2 ** -23) * 2 ** 127,
};

export const float64: Format = {
  name: "float64",
  target: "exact",
  unit: 2 ** -53,
  digits: 53,
  eps: 2 ** -52,
  tiny: 2 ** -1022,
  least: 2 ** -1074,
  huge: Number.MAX_VALUE,
};

/** Unit roundoff of the interpreter itself. */
export const OWN_UNIT = 2 ** -53;

/** A scalar of any type; bools are 0 and 1. */
export interface Scalar {
  readonly kind: "scalar";
  readonly value: number;
  readonly bound: number;
}

export const scalar = (value: number, bound = 0): Scalar => ({
  kind: "scalar",
  value,
  bound: Number.isNaN(bound) ? Number.POSITIVE_INFINITY : bound,
});
export const undecided = (value: number): Scalar => scalar(value, Number.POSITIVE_INFINITY);
export const isDecided = (x: Scalar): boolean => x.bound < Number.POSITIVE_INFINITY;

/** Whether `value` is a number of the format, so that storing it changes nothing. */
export const isNumberOf = (f: Format, value: number): boolean =>
  (f.name === "float64" || Math.fround(value) === value) && !isFlushed(f, value);

/** WGSL may take subnormal numbers for zero. */
export const isFlushed = (f: Format, value: number): boolean =>
  f.target === "wgsl" && value !== 0 && Math.abs(value) < f.tiny;

/** A result where no bounds are asked for. */
export const plain = (f: Format, value: number): Scalar =>
  scalar(f.rounds && f.name === "float32" ? Math.fround(value) : value);

/**
 * A step's result: `carried` is what the errors of its operands make of it, `roundings` how many unit roundoffs (relative to the result)
 * the target's own error is, `own` the same of the interpreter's.
 */
export function rounded(f: Format, value: number, carried: number, roundings: number, own = 1): Scalar {
  if (f.target === "exact") return plain(f, value);
  const size = Math.abs(value) + carried;
  if (!(size < 0.5 * f.huge)) return undecided(value);
  const relative = (roundings * f.unit + own * OWN_UNIT) * size * (1 + 2 ** -20);
  const nearZero = Math.abs(value) - carried < 2 * f.tiny;
  return scalar(value, carried + relative + (nearZero ? underflow(f, roundings) : 0));
}

/** The absolute error that results near zero have on top of the relative one. */
export const underflow = (f: Format, roundings: number): number =>
  f.target === "wgsl" ? 2 * f.tiny : (roundings + 1) * f.least;

/** A result that no rounding touches: `min`, `abs`, a copy. */
export const carriedOver = (f: Format, value: number, carried: number): Scalar =>
  f.target === "exact" ? scalar(value) : scalar(value, isFlushed(f, value) ? carried + f.tiny : carried);

/** A number that enters: an argument, a literal. */
export function entering(f: Format, value: number): Scalar {
  if (f.target === "exact" || !Number.isFinite(value)) return plain(f, value);
  const stored = f.name === "float32" ? Math.fround(value) : value;
  return carriedOver(f, value, Math.abs(stored - value));
}

/**
 * A step whose result is not finite. Infinities and NaN that come in go through WASM's arithmetic as IEEE 754 says; made by overflow, or
 * on WGSL, nothing is promised of them.
 */
export function notFinite(f: Format, value: number, operands: readonly Scalar[]): Scalar {
  if (f.target === "exact") return scalar(value);
  const known = operands.every((x) => x.bound === 0) && operands.some((x) => !Number.isFinite(x.value));
  return f.target === "wasm" && known ? scalar(value) : undecided(value);
}

/** Whether `a + b` is exact in f64, when `sum` is its f64 result (Knuth's TwoSum). */
export function isExactSum(a: number, b: number, sum: number): boolean {
  const part = sum - a;
  return a - (sum - part) + (b - part) === 0;
}

const SPLIT = 2 ** 27 + 1;
/** Whether `a * b` is exact in f64 (Dekker's TwoProduct); no where that would overflow or underflow on the way. */
export function isExactProduct(a: number, b: number, product: number): boolean {
  if (product === 0) return a === 0 || b === 0;
  if (!(Math.abs(a) < 2 ** 990 && Math.abs(b) < 2 ** 990 && Math.abs(product) > 2 ** -960)) return false;
  const [ah, al] = halves(a);
  const [bh, bl] = halves(b);
  return al * bl - (product - ah * bh - al * bh - ah * bl) === 0;
}

function halves(x: number): readonly [number, number] {
  const t = SPLIT * x;
  const high = t - (t - x);
  return [high, x - high];
}

const words = new DataView(new ArrayBuffer(8));
/** The value of the lowest bit that is set in a finite number that is not 0. */
export function lowestBit(x: number): number {
  words.setFloat64(0, Math.abs(x));
  const high = words.getUint32(0);
  const low = words.getUint32(4);
  const exponent = high >>> 20;
  const zeros = low !== 0 ? trailingZeros(low) : 32 + trailingZeros((high & 0xfffff) | 0x100000);
  return 2 ** (Math.max(exponent, 1) - 1075) * 2 ** (exponent === 0 && low === 0 ? 32 + trailingZeros(high) : zeros);
}

const trailingZeros = (x: number): number => 31 - Math.clz32(x & -x);
