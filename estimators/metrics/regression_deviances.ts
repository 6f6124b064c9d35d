// Deviances and their explained parts (D2), computed where the predictions live.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { type Own, scope } from "../../src/runtime/scope.js";
import { checkParameter } from "../validation.js";
import { checkQuantile, type QuantileOptions } from "./regression.js";
import { devianceFraction, meanDeviance } from "./regression_deviances.fold";
import {
  average,
  checkAverage,
  checkDomain,
  type MetricOptions,
  type MultiOutput,
  type OutputMetric,
  oneOutput,
  type Sides,
  sides,
  weightsOf,
} from "./regression_inputs.js";
import { pinballFractions } from "./regression_quantiles.fold";

export interface WeightOptions {
  readonly sampleWeight?: ArrayInput;
}

export interface TweedieOptions extends WeightOptions {
  /** At most 0 or at least 1: 0 is the normal distribution (unless said), 1 Poisson's, 2 the gamma, 3 the inverse Gaussian. */
  readonly power?: number;
}

/** @throws {BifoldError} `parameter` for another power, and for entries that the distribution does not have */
async function checkTweedie({ truth, predicted }: Sides, power: number, what: string): Promise<void> {
  checkParameter(power <= 0 || power >= 1, what, "power", "a number of at most 0 or of at least 1", power);
  if (power >= 1) await checkDomain(truth, "yTrue", { bound: 0, closed: power < 2 }, what);
  if (power !== 0) await checkDomain(predicted, "yPred", { bound: 0, closed: false }, what);
}

/** The sides of a metric of one output, checked against the distribution's domain. */
async function tweedieSides(own: Own, yTrue: ArrayInput, yPred: ArrayInput, options: TweedieOptions, what: string) {
  const { sampleWeight, power = 0 } = options;
  const given = await sides(own, yTrue, yPred, sampleWeight, what);
  const [truth, predicted] = oneOutput(own, given, what);
  await checkTweedie(given, power, what);
  return { truth, predicted, weights: await weightsOf(own, given), power };
}

async function deviance(yTrue: ArrayInput, yPred: ArrayInput, options: TweedieOptions, what: string): Promise<number> {
  return scope(async (own) => {
    const { truth, predicted, weights, power } = await tweedieSides(own, yTrue, yPred, options, what);
    return meanDeviance(truth, predicted, weights, power);
  });
}

/**
 * The mean deviance of a Tweedie distribution, of one output. scikit-learn: `mean_tweedie_deviance`.
 * @throws {BifoldError} `shape`, `empty`, `not-finite`, `parameter`
 */
export const meanTweedieDeviance = (
  yTrue: ArrayInput,
  yPred: ArrayInput,
  options: TweedieOptions = {},
): Promise<number> => deviance(yTrue, yPred, options, "meanTweedieDeviance");

/** The mean deviance of Poisson's distribution, of one output. scikit-learn: `mean_poisson_deviance`. Throws what `meanTweedieDeviance` throws. */
export const meanPoissonDeviance = (
  yTrue: ArrayInput,
  yPred: ArrayInput,
  options: WeightOptions = {},
): Promise<number> => deviance(yTrue, yPred, { ...options, power: 1 }, "meanPoissonDeviance");

/** The mean deviance of the gamma distribution, of one output. scikit-learn: `mean_gamma_deviance`. Throws what `meanTweedieDeviance` throws. */
export const meanGammaDeviance = (yTrue: ArrayInput, yPred: ArrayInput, options: WeightOptions = {}): Promise<number> =>
  deviance(yTrue, yPred, { ...options, power: 2 }, "meanGammaDeviance");

/**
 * The part of the Tweedie deviance that is explained, of one output. Of fewer than two samples it is NaN; a truth that is constant scores 1 where it is
 * predicted exactly and 0 where it is not (scikit-learn divides by zero there). scikit-learn: `d2_tweedie_score`.
 * Throws what `meanTweedieDeviance` throws.
 */
export async function d2TweedieScore(
  yTrue: ArrayInput,
  yPred: ArrayInput,
  options: TweedieOptions = {},
): Promise<number> {
  return scope(async (own) => {
    const { truth, predicted, weights, power } = await tweedieSides(own, yTrue, yPred, options, "d2TweedieScore");
    return truth.size < 2 ? Number.NaN : devianceFraction(truth, predicted, weights, power);
  });
}

/** The score at the quantile that is asked for, or always at the same one. */
function pinballScore(what: string, always?: number): OutputMetric<QuantileOptions> {
  const metric = async (
    yTrue: ArrayInput,
    yPred: ArrayInput,
    options: QuantileOptions & MetricOptions<MultiOutput> = {},
  ): Promise<number | NDArray> => {
    const { multioutput = "uniform_average", sampleWeight } = options;
    const alpha = always ?? options.alpha ?? 0.5;
    checkQuantile(alpha, what);
    return scope(async (own) => {
      const given = await sides(own, yTrue, yPred, sampleWeight, what);
      checkAverage(multioutput, given, what);
      if (given.samples < 2) return Number.NaN;
      // By way of percents, as scikit-learn's quantile: where weights fall exactly on it, the last bit of it decides.
      const part = (alpha * 100) / 100;
      const scores = own(
        await pinballFractions(given.truth, given.predicted, await weightsOf(own, given), alpha, part),
      );
      return multioutput === "raw_values" ? scores : average(own, scores, multioutput);
    });
  };
  // Which of the two comes back follows `multioutput`, as the overloads say.
  return metric as OutputMetric<QuantileOptions>;
}

/**
 * The part of the pinball loss that is explained, against the `alpha` quantile of the truth. Of fewer than two samples it is NaN. scikit-learn:
 * `d2_pinball_score`. @throws {BifoldError} `shape`, `empty`, `not-finite`, `parameter`
 */
export const d2PinballScore: OutputMetric<QuantileOptions> = pinballScore("d2PinballScore");

/** The part of the absolute error that is explained, against the median of the truth. scikit-learn: `d2_absolute_error_score`. Throws what `d2PinballScore` throws. */
export const d2AbsoluteErrorScore: OutputMetric = pinballScore("d2AbsoluteErrorScore", 0.5);
