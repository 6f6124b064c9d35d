// Samples of a linear model, some of whose features say something.

import { checkRandomState, type RandomState } from "../../src/random/random_state.js";
import { asarray } from "../../src/runtime/asarray.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { type Own, scope } from "../../src/runtime/scope.js";
import { filled } from "../checks/finite.fold";
import { checkParameter } from "../validation.js";
import { deliver, placement } from "./dataset.js";
import { lowRank } from "./low_rank.fold";
import { checkCount, integers, type MakeOptions, order } from "./made.js";
import { linearSamples } from "./samples.fold";

export interface RegressionOptions extends MakeOptions {
  /** How many features the target depends on: 10 unless said. */
  readonly nInformative?: number;
  readonly nTargets?: number;
  readonly bias?: number;
  /** About how many singular vectors explain most of `X`; without it all features are independent. */
  readonly effectiveRank?: number;
  /** How much there is behind these, from 0 to 1: 0.5 unless said. */
  readonly tailStrength?: number;
  /** The standard deviation of what is added to the target. */
  readonly noise?: number;
}

const what = "makeRegression";

/** The features, before they are shuffled. */
async function features(
  own: Own,
  n: number,
  p: number,
  options: RegressionOptions,
  random: RandomState,
): Promise<NDArray> {
  const { effectiveRank, tailStrength = 0.5 } = options;
  if (effectiveRank === undefined) return own(await asarray(random.standardNormal([n, p])));
  checkCount(effectiveRank, what, "effectiveRank");
  checkParameter(tailStrength >= 0 && tailStrength <= 1, what, "tailStrength", "a number from 0 to 1", tailStrength);
  const k = Math.min(n, p);
  const left = own(await asarray(random.standardNormal([n, k])));
  const right = own(await asarray(random.standardNormal([p, k])));
  return own(await lowRank(left, right, effectiveRank, tailStrength));
}

/**
 * Samples `X`, `real[n, p]`, their target `y`, `real[n]` or `real[n, t]` for several, and with `coef` the coefficients, `real[p]` or `real[p, t]`.
 * The numbers are those that scikit-learn's make for the same `randomState`, within rounding. scikit-learn: `make_regression`.
 * @throws {BifoldError} `parameter`, `dtype`, `device`
 */
export function makeRegression(
  options: RegressionOptions & { readonly coef: true },
): Promise<readonly [X: NDArray, y: NDArray, coef: NDArray]>;
export function makeRegression(
  options?: RegressionOptions & { readonly coef?: false },
): Promise<readonly [X: NDArray, y: NDArray]>;
export async function makeRegression(
  options: RegressionOptions & { readonly coef?: boolean } = {},
): Promise<readonly NDArray[]> {
  const { nSamples: n = 100, nFeatures: p = 100, nInformative = 10, nTargets: t = 1, bias = 0, noise = 0 } = options;
  const { shuffle = true, coef = false, randomState } = options;
  checkCount(n, what, "nSamples");
  checkCount(p, what, "nFeatures");
  checkCount(nInformative, what, "nInformative", 0);
  checkCount(t, what, "nTargets");
  checkParameter(Number.isFinite(bias), what, "bias", "a finite number", bias);
  checkParameter(noise >= 0, what, "noise", "a number that is not negative", noise);
  const where = await placement(options);
  const random = checkRandomState(randomState);
  return scope(async (own) => {
    const draws = await features(own, n, p, options, random);
    const informative = random.uniform(0, 1, Math.min(p, nInformative) * t);
    const flat = Array.from({ length: p * t }, (_, k) => 100 * (informative[k] ?? 0));
    const weights = own(await asarray({ data: flat, shape: [p, t] }));
    const errors =
      noise > 0
        ? own(await asarray(random.normal(0, noise, [n, t])))
        : own(own(await filled(n * t, 0)).reshape([n, t]));
    const rows = await integers(own, order(n, shuffle, random));
    const columns = await integers(own, order(p, shuffle, random));
    const made = own(await linearSamples(draws, weights, errors, bias, rows, columns));
    const squeezed = (a: NDArray): NDArray => (t === 1 ? own(a.reshape([a.size])) : a);
    const placed = [await deliver(own, made.X, where), await deliver(own, squeezed(made.y), where)];
    return coef ? [...placed, await deliver(own, squeezed(made.coef), where)] : placed;
  });
}
