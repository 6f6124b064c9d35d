// Distributions to draw parameters from, as scipy.stats has them: the same draws from the same stream.
import type { RandomState } from "../../src/random/random_state.js";
import { BifoldError } from "../../src/runtime/errors.js";

/** What parameters can be drawn from; `rvs` draws one value. */
export interface Distribution<T = unknown> {
  rvs(random: RandomState): T;
}

const check = (ok: boolean, what: string, found: readonly number[]): void => {
  if (!ok) throw new BifoldError("parameter", `${what}, found ${found.join(" and ")}`);
};

/** Uniform on [loc, loc + scale). scipy: `scipy.stats.uniform`. @throws {BifoldError} `parameter` */
export function uniform(loc = 0, scale = 1): Distribution<number> {
  check(Number.isFinite(loc) && scale >= 0 && Number.isFinite(scale), "uniform needs a finite loc and scale", [
    loc,
    scale,
  ]);
  return { rvs: (random) => loc + scale * random.uniform() };
}

/** Whose logarithm is uniform between those of `low` and `high`. scipy: `scipy.stats.loguniform`. @throws {BifoldError} `parameter` */
export function loguniform(low: number, high: number): Distribution<number> {
  check(0 < low && low < high && Number.isFinite(high), "loguniform needs 0 < low < high", [low, high]);
  const [from, to] = [Math.log(low), Math.log(high)];
  return { rvs: (random) => Math.exp(from + random.uniform() * (to - from)) };
}

/** Uniform on the whole numbers `low <= k < high`. scipy: `scipy.stats.randint`. @throws {BifoldError} `parameter` */
export function randint(low: number, high: number): Distribution<number> {
  check(Number.isInteger(low) && Number.isInteger(high) && low < high, "randint needs whole numbers low < high", [
    low,
    high,
  ]);
  return { rvs: (random) => random.randint(low, high) };
}

export const isDistribution = (value: unknown): value is Distribution =>
  typeof value === "object" && value !== null && "rvs" in value && typeof value.rvs === "function";
