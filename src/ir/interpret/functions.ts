// The scalar functions of floating-point numbers (language, section 6) with their error bounds: the value, the steepest slope between the
// ends of the argument's bound, and what the target's own implementation adds.
import { extremum, fusedMultiplyAdd, least, most, multiply, realPower, squareRoot, truth } from "./arithmetic.js";
import {
  carriedOver,
  type Format,
  isDecided,
  notFinite,
  plain,
  rounded,
  type Scalar,
  scalar,
  undecided,
} from "./format.js";
import { philox, unitInterval } from "./philox.js";
import { digamma, erf, lgamma } from "./special.js";
import { accuracyOf } from "./ulp.js";

interface Smooth {
  readonly value: (x: number) => number;
  /** The largest |f'| on [lo, hi]; not finite where a pole or the end of the domain lies there. */
  readonly slope: (lo: number, hi: number) => number;
  /** Where the result is exact on every target. */
  readonly exactAt?: number;
}

/** The least |x| on [lo, hi]. */
const nearest = (lo: number, hi: number): number => (lo > 0 ? lo : hi < 0 ? -hi : 0);
const farthest = (lo: number, hi: number): number => Math.max(Math.abs(lo), Math.abs(hi));
const sameWhole = (lo: number, hi: number): boolean => Math.floor(lo) === Math.floor(hi);

const smooth: { readonly [name: string]: Smooth } = {
  exp: { value: Math.exp, slope: (_, hi) => Math.exp(hi) },
  expm1: { value: Math.expm1, slope: (_, hi) => Math.exp(hi), exactAt: 0 },
  log: { value: Math.log, slope: (lo) => (lo > 0 ? 1 / lo : Infinity) },
  log1p: { value: Math.log1p, slope: (lo) => (lo > -1 ? 1 / (1 + lo) : Infinity), exactAt: 0 },
  log2: { value: Math.log2, slope: (lo) => (lo > 0 ? Math.LOG2E / lo : Infinity) },
  sin: { value: Math.sin, slope: () => 1 },
  cos: { value: Math.cos, slope: () => 1 },
  tan: {
    value: Math.tan,
    slope: (lo, hi) =>
      sameWhole(lo / Math.PI + 0.5, hi / Math.PI + 0.5) ? 1 + Math.max(Math.tan(lo) ** 2, Math.tan(hi) ** 2) : Infinity,
  },
  tanh: { value: Math.tanh, slope: (lo, hi) => 1 / Math.cosh(nearest(lo, hi)) ** 2, exactAt: 0 },
  sinh: { value: Math.sinh, slope: (lo, hi) => Math.cosh(farthest(lo, hi)), exactAt: 0 },
  cosh: { value: Math.cosh, slope: (lo, hi) => Math.sinh(farthest(lo, hi)) },
  asin: { value: Math.asin, slope: (lo, hi) => 1 / Math.sqrt(1 - farthest(lo, hi) ** 2), exactAt: 0 },
  acos: { value: Math.acos, slope: (lo, hi) => 1 / Math.sqrt(1 - farthest(lo, hi) ** 2) },
  atan: { value: Math.atan, slope: (lo, hi) => 1 / (1 + nearest(lo, hi) ** 2), exactAt: 0 },
  erf: { value: erf, slope: (lo, hi) => (2 / Math.sqrt(Math.PI)) * Math.exp(-(nearest(lo, hi) ** 2)), exactAt: 0 },
  lgamma: {
    value: lgamma,
    slope: (lo, hi) =>
      lo > 0 || sameWhole(lo, hi) ? Math.max(Math.abs(digamma(lo)), Math.abs(digamma(hi))) : Infinity,
  },
};

/** Math's functions are within 1 ulp or so of V8's fdlibm, ours within a few. */
const OWN_ROUNDINGS = 8;

function smoothFunction(f: Format, name: string, s: Smooth, x: Scalar): Scalar {
  const value = s.value(x.value);
  if (!Number.isFinite(value)) return notFinite(f, value, [x]);
  if (f.target === "exact") return plain(f, value);
  if (x.bound === 0 && !Number.isFinite(x.value))
    return f.target === "wasm" ? rounded(f, value, 0, 8) : undecided(value);
  const carried = x.bound === 0 ? 0 : x.bound * s.slope(least(x), most(x));
  return inaccurate(f, name, x, value, carried);
}

/** A result as good as the target's `name`. */
function inaccurate(f: Format, name: string, x: Scalar, value: number, carried: number): Scalar {
  const { ulps, absolute = 0, range } = accuracyOf(f.target, name, x.value, f.digits === 24);
  if (range && !(least(x) >= range[0] && most(x) <= range[1])) return undecided(value);
  return rounded(f, value, carried + absolute, 2 * ulps, OWN_ROUNDINGS);
}

/** `floor` and its kin: a step that the bound may reach is in the result's bound. */
function step(f: Format, to: (x: number) => number, x: Scalar): Scalar {
  const value = to(x.value);
  if (x.bound === 0 || f.target === "exact") return scalar(value);
  return scalar(value, Math.max(to(most(x)) - value, value - to(least(x))));
}

export function roundHalfEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest !== 0.5) return rest < 0.5 ? down : down + 1;
  return down % 2 === 0 ? down : down + 1;
}

const steps: { readonly [name: string]: (x: number) => number } = {
  floor: Math.floor,
  ceil: Math.ceil,
  round: roundHalfEven,
  trunc: Math.trunc,
  sign: Math.sign,
};

function isNotANumber(f: Format, x: Scalar): Scalar {
  if (f.target !== "exact" && !isDecided(x)) return undecided(Number.isNaN(x.value) ? 1 : 0);
  return truth(Number.isNaN(x.value));
}

function arcTangent2(f: Format, y: Scalar, x: Scalar): Scalar {
  // A zero has no sign in Fold: adding 0 takes it off.
  const value = Math.atan2(y.value + 0, x.value + 0);
  if (f.target === "exact" || !Number.isFinite(value)) return notFiniteOr(f, value, [y, x]);
  const crossesCut = least(x) <= 0 && least(y) <= 0 && most(y) >= 0 && (y.bound > 0 || x.bound > 0);
  if (crossesCut) return undecided(value);
  if (f.target === "wgsl" && x.value === 0 && y.value === 0) return undecided(value);
  const nearX = nearest(least(x), most(x));
  const nearY = nearest(least(y), most(y));
  const error = y.bound * farthest(least(x), most(x)) + x.bound * farthest(least(y), most(y));
  const carried = error === 0 ? 0 : error / (nearX ** 2 + nearY ** 2);
  return inaccurate(f, "atan2", y, value, carried);
}

const notFiniteOr = (f: Format, value: number, operands: readonly Scalar[]): Scalar =>
  Number.isFinite(value) ? plain(f, value) : notFinite(f, value, operands);

/** The unbiased exponent field, where the bound leaves only one. */
function exponentOf(f: Format, x: Scalar): Scalar {
  const value = exponentField(f, x.value);
  const same = least(x) * most(x) > 0 && exponentField(f, least(x)) === exponentField(f, most(x));
  return x.bound === 0 || same ? scalar(value) : undecided(value);
}

/** By comparison with powers of two, as `Math.log2` may round up to one. Zero and subnormals have the field 0, infinities the largest. */
function exponentField(f: Format, x: number): number {
  const bias = f.digits === 24 ? 127 : 1023;
  const a = Math.abs(x);
  if (a < f.tiny) return -bias;
  if (!Number.isFinite(a)) return bias + 1;
  const e = Math.floor(Math.log2(a));
  return 2 ** e > a ? e - 1 : 2 ** e * 2 <= a ? e + 1 : e;
}

function significandOf(f: Format, x: Scalar): Scalar {
  const e = exponentOf(f, x);
  const scale = 2 ** -e.value;
  return isDecided(e) ? scalar(Math.abs(x.value) * scale, x.bound * scale) : undecided(Math.abs(x.value) * scale);
}

/** x without the lower half of its significand: as far from x as that half. */
function highPart(f: Format, x: Scalar): Scalar {
  const bits = f.digits === 24 ? 12 : 27;
  const unit = 2 ** (exponentField(f, x.value) - (f.digits - 1 - bits));
  const value = x.value === 0 ? 0 : Math.trunc(x.value / unit) * unit;
  return x.bound === 0 || f.target === "exact" ? scalar(value) : scalar(value, x.bound + 2 * Math.abs(unit));
}

/** `uniform`: the same bits on every target. */
export function uniform(f: Format, key: Scalar, i: Scalar): Scalar {
  const [w0, w1] = philox(key.value, i.value);
  const value = unitInterval(f.digits, w0, w1);
  return isDecided(key) && isDecided(i) ? scalar(value) : undecided(value);
}

/** cos(2 pi u): taking off quarters of a turn is exact. */
function cosOfTurns(u: number): number {
  const quarters = Math.round(4 * u);
  const rest = 2 * Math.PI * (u - quarters / 4);
  return [Math.cos(rest), -Math.sin(rest), -Math.cos(rest), Math.sin(rest)][quarters % 4] ?? 0;
}

/** Box and Muller: sqrt(-2 log(1 - u1)) cos(2 pi u2). */
export function normal(f: Format, key: Scalar, i: Scalar): Scalar {
  const [w0, w1, w2, w3] = philox(key.value, i.value);
  const u1 = unitInterval(f.digits, w0, w1);
  const u2 = f.digits === 24 ? unitInterval(24, w1, 0) : unitInterval(53, w2, w3);
  const logarithm = inaccurate(f, "normalLog", scalar(1 - u1), Math.log1p(-u1), 0);
  const radius = squareRoot(f, scalar(-2 * logarithm.value, 2 * logarithm.bound));
  const cosine = inaccurate(f, "normalCos", scalar(u2), cosOfTurns(u2), 0);
  const result = f.target === "exact" ? scalar(radius.value * cosine.value) : multiply(f, radius, cosine);
  return isDecided(key) && isDecided(i) ? result : undecided(result.value);
}

/** A function of floating-point arguments, by its name in `builtins.ts`. */
export function realFunction(f: Format, name: string, args: readonly Scalar[]): Scalar {
  const [x = scalar(0), y = scalar(0), z = scalar(0)] = args;
  const known = smooth[name];
  if (known)
    return known.exactAt === x.value && x.bound === 0
      ? scalar(known.value(x.value))
      : smoothFunction(f, name, known, x);
  const to = steps[name];
  if (to) return step(f, to, x);
  switch (name) {
    case "abs":
      return carriedOver(f, Math.abs(x.value), x.bound);
    case "sqrt":
      return squareRoot(f, x);
    case "pow":
      return realPower(f, x, y);
    case "atan2":
      return arcTangent2(f, x, y);
    case "min":
      return extremum(f, 1, [x, y]);
    case "max":
      return extremum(f, -1, [x, y]);
    case "clamp":
      return extremum(f, 1, [extremum(f, -1, [x, y]), z]);
    case "fma":
      return fusedMultiplyAdd(f, x, y, z);
    case "isnan":
      return isNotANumber(f, x);
    case "exponentOf":
      return exponentOf(f, x);
    case "significandOf":
      return significandOf(f, x);
    case "highPart":
      return highPart(f, x);
    case "opaque":
      return carriedOver(f, x.value, x.bound);
    default:
      throw new Error(`internal: no reference for the function ${name}`);
  }
}

/** `pow2(k)`, exact. */
export const powerOfTwo = (f: Format, k: Scalar): Scalar =>
  isDecided(k) ? carriedOver(f, 2 ** k.value, 0) : undecided(2 ** k.value);
