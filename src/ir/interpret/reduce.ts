// Reducers, of a list of terms. The bound of a sum holds for every order that keeps to `sumDepth`.
import type { ReducerName } from "../../compiler/typed.js";
import { extremum, type IntegerType, least, most, whole, wrap } from "./arithmetic.js";
import { sumDepth } from "./depth.js";
import {
  type Format,
  isDecided,
  isNumberOf,
  lowestBit,
  notFinite,
  OWN_UNIT,
  plain,
  type Scalar,
  scalar,
  undecided,
  underflow,
} from "./format.js";

/** A term, and whether it counts: a `where` may be undecided. */
export interface Term {
  readonly index: number;
  readonly value: Scalar;
  /** 1 or 0; undecided where the `where` is. */
  readonly counts: Scalar;
}

const isCertain = (t: Term): boolean => isDecided(t.counts);
const counted = (terms: readonly Term[]): readonly Term[] => terms.filter((t) => t.counts.value !== 0);

/** In floating point, by compensated summation (Neumaier), so that the reference's own error is one or two units. */
export function sum(f: Format, terms: readonly Term[], depth = sumDepth(counted(terms).length)): Scalar {
  let total = 0;
  let lost = 0;
  let sizes = 0;
  let carried = 0;
  let quantum = Infinity;
  for (const t of terms) {
    const x = t.value.value;
    const size = Math.abs(x) + t.value.bound;
    carried += isCertain(t) ? (t.counts.value === 0 ? 0 : t.value.bound) : size;
    if (t.counts.value === 0) {
      if (!isCertain(t)) sizes += size;
      continue;
    }
    sizes += size;
    if (x !== 0 && Number.isFinite(x)) quantum = Math.min(quantum, lowestBit(x));
    const next = total + x;
    lost += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
    total = next;
  }
  const value = Number.isFinite(total) ? total + lost : total;
  if (f.target === "exact") return f.rounds ? roundedChain(f, terms, 0, (a, b) => a + b) : scalar(value);
  if (!Number.isFinite(value))
    return notFinite(
      f,
      value,
      counted(terms).map((t) => t.value),
    );
  // All terms are multiples of one power of two, and no partial sum outgrows the significand: exact in every order.
  if (carried === 0 && sizes <= quantum * 2 ** f.digits && isNumberOf(f, quantum === Infinity ? 0 : quantum))
    return scalar(value);
  if (!(sizes < 0.5 * f.huge)) return undecided(value);
  // On WGSL, one more for what a compiler may draw into the sum.
  const roundings = f.target === "wgsl" ? depth + 4 : depth;
  const error = (roundings * f.unit * (1 + roundings * f.unit) + 3 * OWN_UNIT) * sizes;
  return scalar(value, carried + error * (1 + 2 ** -20) + (f.target === "wgsl" ? terms.length * underflow(f, 1) : 0));
}

/** As a target may do it that adds one after the other. */
const roundedChain = (f: Format, terms: readonly Term[], none: number, of: (a: number, b: number) => number): Scalar =>
  scalar(counted(terms).reduce((a, t) => plain(f, of(a, t.value.value)).value, none));

/** In any order; a partial product may leave the format's range although the whole does not. */
export function product(f: Format, terms: readonly Term[]): Scalar {
  const factors = counted(terms).map((t) => t.value);
  const value = factors.reduce((p, x) => p * x.value, 1);
  if (f.target === "exact") return f.rounds ? roundedChain(f, terms, 1, (a, b) => a * b) : scalar(value);
  if (!Number.isFinite(value)) return notFinite(f, value, factors);
  const sizes = factors.map((x) => Math.abs(x.value) + x.bound);
  /** The largest and the least partial product that some order meets. */
  const up = sizes.reduce((p, x) => p * Math.max(x, 1), 1);
  const down = sizes.reduce((p, x) => p * (x === 0 ? 1 : Math.min(x, 1)), 1);
  if (!terms.every(isCertain) || !(up < 0.5 * f.huge)) return undecided(value);
  const small = down < 2 * f.tiny;
  if (!small && factors.every((x) => x.bound === 0 && (x.value === 0 || isPowerOfTwo(x.value)))) return scalar(value);
  const high = sizes.reduce((p, x) => p * x, 1);
  const rounding = high * Math.expm1((factors.length + 1) * (f.unit + OWN_UNIT));
  const underflows = small ? (factors.length + 1) * underflow(f, 1) * up : 0;
  return scalar(value, (high - Math.abs(value)) * (1 + 2 ** -20) + rounding + underflows);
}

const isPowerOfTwo = (x: number): boolean => Number.isFinite(x) && lowestBit(x) === Math.abs(x);

/** Of nothing: `none`. A term that may not count may only make the result better. */
export function bestValue(f: Format, sign: 1 | -1, terms: readonly Term[], none: number): Scalar {
  const sure = counted(terms);
  const value = extremum(f, sign, [scalar(none), ...sure.map((t) => t.value)]);
  if (terms.every(isCertain)) return value;
  const without = extremum(f, sign, [scalar(none), ...sure.filter(isCertain).map((t) => t.value)]);
  const all = extremum(f, sign, [scalar(none), ...terms.map((t) => t.value)]);
  const spread = Math.max(
    Math.abs(without.value - value.value) + without.bound,
    Math.abs(all.value - value.value) + all.bound,
  );
  return scalar(value.value, Math.max(value.bound, spread));
}

/** The index of the first best: undecided where another may be better. `floating` terms may be so within their bounds. */
export function bestIndex(sign: 1 | -1, terms: readonly Term[]): Scalar {
  let best: Term | undefined;
  for (const t of counted(terms)) if (!best || sign * t.value.value < sign * best.value.value) best = t;
  if (!best) return terms.every(isCertain) ? scalar(-1) : undecided(-1);
  const ceiling = sign === 1 ? most(best.value) : -least(best.value);
  const rivals = terms.some((t) => {
    if (t === best || (isCertain(t) && t.counts.value === 0)) return false;
    if (Number.isNaN(t.value.value)) return true;
    const floor = sign === 1 ? least(t.value) : -most(t.value);
    if (t.value.bound === 0 && best.value.bound === 0 && isCertain(t)) return false;
    return floor <= ceiling;
  });
  return rivals || !isCertain(best) || Number.isNaN(best.value.value) ? undecided(best.index) : scalar(best.index);
}

export function integerReduction(
  name: "sum" | "prod" | "min" | "max",
  type: IntegerType,
  terms: readonly Term[],
): Scalar {
  const [low, high] = type === "i32" ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
  let value = { sum: 0, prod: 1, min: high, max: low }[name];
  for (const t of counted(terms)) {
    const x = t.value.value;
    switch (name) {
      case "sum":
        value = wrap(type, value + x);
        break;
      case "prod":
        value = wrap(type, Math.imul(value, x));
        break;
      case "min":
        value = Math.min(value, x);
        break;
      case "max":
        value = Math.max(value, x);
        break;
    }
  }
  return whole(value, ...terms.flatMap((t) => [t.counts, ...(t.counts.value === 0 && isCertain(t) ? [] : [t.value])]));
}

/** `any`, `all`, `count`: one decided term may decide the first two. */
export function boolReduction(name: "any" | "all" | "count", terms: readonly Term[]): Scalar {
  const decisive = name === "any" ? 1 : 0;
  const open = terms.some((t) =>
    isCertain(t)
      ? t.counts.value !== 0 && !isDecided(t.value)
      : name !== "any" || t.value.value !== 0 || !isDecided(t.value),
  );
  const hits = counted(terms).filter((t) => t.value.value !== 0).length;
  if (name === "count") return open ? undecided(hits) : scalar(hits);
  const settled = counted(terms).some((t) => isCertain(t) && isDecided(t.value) && t.value.value === decisive);
  const value = name === "any" ? hits > 0 : hits === counted(terms).length;
  return settled ? scalar(decisive) : open ? undecided(value ? 1 : 0) : scalar(value ? 1 : 0);
}

export const isBoolReducer = (r: ReducerName): r is "any" | "all" | "count" =>
  r === "any" || r === "all" || r === "count";
