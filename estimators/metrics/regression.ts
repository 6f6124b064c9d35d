// Metrics of regression that are means of errors, computed where the predictions live. `yTrue` and `yPred` are `real[n]` or `real[n, t]`.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { type Own, scope } from "../../src/runtime/scope.js";
import { checkParameter } from "../validation.js";
import {
  absoluteErrors,
  largestError,
  percentageErrors,
  pinballLosses,
  squaredErrors,
  squaredErrorsWeighted,
  squaredLogErrors,
  squareRoots,
} from "./regression.fold";
import {
  checkDomain,
  type OutputMetric,
  oneOutput,
  outputMetric,
  type Sides,
  sides,
  weightsOf,
} from "./regression_inputs.js";
import { absoluteDifferences, quantiles } from "./regression_quantiles.fold";

export { explainedVarianceScore, r2Score } from "./regression_fractions.js";
export type { MetricOptions, MultiOutput, OutputMetric } from "./regression_inputs.js";

/** Which quantile is predicted: 0.5, the median, unless said. */
export interface QuantileOptions {
  readonly alpha?: number;
}

const squares = async ({ truth, predicted, weights }: Sides): Promise<NDArray> =>
  weights ? squaredErrorsWeighted(truth, predicted, weights) : squaredErrors(truth, predicted);

/** @throws {BifoldError} `parameter` for entries of -1 and below, which have no `log(1 + y)` */
async function logSquares(own: Own, given: Sides, what: string): Promise<NDArray> {
  const domain = { bound: -1, closed: false };
  await checkDomain(given.truth, "yTrue", domain, what);
  await checkDomain(given.predicted, "yPred", domain, what);
  return squaredLogErrors(given.truth, given.predicted, await weightsOf(own, given));
}

/** The mean squared error. scikit-learn: `mean_squared_error`. @throws {BifoldError} `shape`, `empty`, `not-finite`, `parameter` */
export const meanSquaredError: OutputMetric = outputMetric("meanSquaredError", (_own, given) => squares(given));

/** The root of the mean squared error of each output. scikit-learn: `root_mean_squared_error`. Throws what `meanSquaredError` throws. */
export const rootMeanSquaredError: OutputMetric = outputMetric("rootMeanSquaredError", async (own, given) =>
  squareRoots(own(await squares(given))),
);

/** The mean absolute error. scikit-learn: `mean_absolute_error`. Throws what `meanSquaredError` throws. */
export const meanAbsoluteError: OutputMetric = outputMetric("meanAbsoluteError", async (own, given) =>
  absoluteErrors(given.truth, given.predicted, await weightsOf(own, given)),
);

/**
 * The mean of the absolute errors relative to the truth; near a truth of 0 they are divided by 2.2e-16. scikit-learn:
 * `mean_absolute_percentage_error`. Throws what `meanSquaredError` throws.
 */
export const meanAbsolutePercentageError: OutputMetric = outputMetric(
  "meanAbsolutePercentageError",
  async (own, given) => percentageErrors(given.truth, given.predicted, await weightsOf(own, given)),
);

/**
 * The mean squared error of `log(1 + y)`. scikit-learn: `mean_squared_log_error`.
 * @throws {BifoldError} `shape`, `empty`, `not-finite`, `parameter`, which entries of -1 and below are too
 */
export const meanSquaredLogError: OutputMetric = outputMetric("meanSquaredLogError", (own, given) =>
  logSquares(own, given, "meanSquaredLogError"),
);

/** The root of `meanSquaredLogError` of each output. scikit-learn: `root_mean_squared_log_error`. Throws what `meanSquaredLogError` throws. */
export const rootMeanSquaredLogError: OutputMetric = outputMetric("rootMeanSquaredLogError", async (own, given) =>
  squareRoots(own(await logSquares(own, given, "rootMeanSquaredLogError"))),
);

/** The median of the absolute errors, with weights a weighted one. scikit-learn: `median_absolute_error`. Throws what `meanSquaredError` throws. */
export const medianAbsoluteError: OutputMetric = outputMetric("medianAbsoluteError", async (own, given) =>
  quantiles(own(await absoluteDifferences(given.truth, given.predicted)), await weightsOf(own, given), 0.5),
);

/**
 * The mean pinball loss of predictions of the `alpha` quantile. scikit-learn: `mean_pinball_loss`.
 * @throws {BifoldError} `shape`, `empty`, `not-finite`, `parameter`
 */
export const meanPinballLoss: OutputMetric<QuantileOptions> = outputMetric(
  "meanPinballLoss",
  async (own, given, { alpha = 0.5 }: QuantileOptions) => {
    checkQuantile(alpha, "meanPinballLoss");
    return pinballLosses(given.truth, given.predicted, await weightsOf(own, given), alpha);
  },
);

/** @throws {BifoldError} `parameter` */
export const checkQuantile = (alpha: number, what: string): void =>
  checkParameter(alpha >= 0 && alpha <= 1, what, "alpha", "a number from 0 to 1", alpha);

/** The largest absolute error, of one output. scikit-learn: `max_error`. @throws {BifoldError} `shape`, `empty`, `not-finite` */
export async function maxError(yTrue: ArrayInput, yPred: ArrayInput): Promise<number> {
  const what = "maxError";
  return scope(async (own) => {
    const given = await sides(own, yTrue, yPred, undefined, what);
    oneOutput(own, given, what);
    return largestError(given.truth, given.predicted);
  });
}
