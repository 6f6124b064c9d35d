// Functions of integers, and conversions between scalar types.
import { type IntegerType, least, most, whole, wrap } from "./arithmetic.js";
import { carriedOver, entering, type Format, isDecided, rounded, type Scalar, scalar, undecided } from "./format.js";
import { multiplyHigh, philox } from "./philox.js";

export function integerFunction(name: string, type: IntegerType, args: readonly Scalar[]): Scalar {
  const [x = 0, y = 0, z = 0] = args.map((a) => a.value);
  const of = (value: number): Scalar => whole(wrap(type, value), ...args);
  switch (name) {
    case "abs":
      return of(Math.abs(x));
    case "sign":
      return of(Math.sign(x));
    case "min":
      return of(Math.min(x, y));
    case "max":
      return of(Math.max(x, y));
    case "clamp":
      return of(Math.min(Math.max(x, y), z));
    case "bitAnd":
      return of(x & y);
    case "bitOr":
      return of(x | y);
    case "bitXor":
      return of(x ^ y);
    case "bitNot":
      return of(~x);
    case "shiftLeft":
      return of(x << (y & 31));
    case "shiftRight":
      return of(type === "i32" ? x >> (y & 31) : x >>> (y & 31));
    case "countLeadingZeros":
      return of(Math.clz32(x));
    default:
      throw new Error(`internal: no reference for the integer function ${name}`);
  }
}

/** `lo + floor(w0 * (hi - lo) / 2^32)`. */
export function randomInteger(args: readonly Scalar[]): Scalar {
  const [key = 0, i = 0, lo = 0, hi = 0] = args.map((a) => a.value);
  const [word] = philox(key, i);
  return whole((lo + multiplyHigh(word, (hi - lo) >>> 0)) | 0, ...args);
}

/** Truncates and saturates; NaN gives 0. */
export function toInteger(type: IntegerType, x: number): number {
  if (Number.isNaN(x)) return 0;
  const [low, high] = type === "i32" ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
  return Math.min(Math.max(Math.trunc(x), low), high) + 0;
}

export function realToInteger(type: IntegerType, x: Scalar): Scalar {
  const value = toInteger(type, x.value);
  if (x.bound === 0) return scalar(value);
  return toInteger(type, least(x)) === toInteger(type, most(x)) ? scalar(value) : undecided(value);
}

export function integerToReal(f: Format, x: Scalar): Scalar {
  if (!isDecided(x)) return undecided(x.value);
  return entering(f, x.value);
}

/** From one floating-point format to another. */
export function realToReal(from: Format, to: Format, x: Scalar): Scalar {
  if (to.digits >= from.digits) return x;
  if (!Number.isFinite(x.value)) return x;
  if (x.bound === 0 && Math.fround(x.value) === x.value) return carriedOver(to, x.value, 0);
  return rounded(to, x.value, x.bound, 1);
}
