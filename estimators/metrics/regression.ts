// Metrics of regression, computed where the predictions live.
import { type ArrayInput, asarray } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { NDArray } from "../../src/runtime/ndarray.js";
import { type Own, scope } from "../../src/runtime/scope.js";
import { checkMatrix, checkTargets, checkWeights, like } from "../validation.js";
import {
  determination,
  determinationWeighted,
  squaredErrors,
  squaredErrorsWeighted,
  uniformAverage,
  weightedAverage,
} from "./regression.fold";

/** How several outputs become one number: their mean, a mean with weights, or no number but all values. */
export type MultiOutput = "uniform_average" | "raw_values" | readonly number[];

export interface MetricOptions<M> {
  readonly sampleWeight?: ArrayInput;
  readonly multioutput?: M;
}

/** Both sides as matrices on the predictions' device, and the weights. */
async function sides(
  own: Own,
  yTrue: ArrayInput,
  yPred: ArrayInput,
  sampleWeight: ArrayInput | undefined,
  what: string,
) {
  // Everything follows the predictions; a list goes where the truth is.
  const given = await asarray(
    yPred,
    yTrue instanceof NDArray && !(yPred instanceof NDArray) ? { device: yTrue.device } : {},
  );
  if (given !== yPred) own(given);
  const matrix = given.ndim === 1 ? own(given.reshape([given.size, 1])) : given;
  const predicted = await checkMatrix(own, matrix, what, { name: "yPred" });
  const { y: truth } = await checkTargets(own, yTrue, predicted, what, { y: "yTrue", X: "yPred" });
  if (truth.shape[1] !== predicted.shape[1])
    throw new BifoldError("shape", `${what}: yTrue has ${truth.shape[1]} outputs and yPred has ${predicted.shape[1]}`);
  const weights = sampleWeight === undefined ? undefined : await checkWeights(own, sampleWeight, predicted, what);
  return { truth, predicted, weights };
}

async function average(
  own: Own,
  values: NDArray,
  weights: readonly number[] | undefined,
  what: string,
): Promise<number> {
  if (weights === undefined) return uniformAverage(values);
  if (weights.length !== values.size)
    throw new BifoldError(
      "shape",
      `${what}: multioutput has ${weights.length} weights and there are ${values.size} outputs`,
    );
  const array = own(await asarray([...weights], like(values)));
  return weightedAverage(values, array);
}

/**
 * The mean squared error. `yTrue` and `yPred` are `real[n]` or `real[n, t]`; with `raw_values` an array `real[t]` comes back.
 * scikit-learn: `mean_squared_error`. @throws {BifoldError} `shape`, `empty`, `not-finite`, `device`, `parameter`
 */
export function meanSquaredError(
  yTrue: ArrayInput,
  yPred: ArrayInput,
  options: MetricOptions<"raw_values"> & { readonly multioutput: "raw_values" },
): Promise<NDArray>;
export function meanSquaredError(
  yTrue: ArrayInput,
  yPred: ArrayInput,
  options?: MetricOptions<"uniform_average" | readonly number[]>,
): Promise<number>;
export async function meanSquaredError(
  yTrue: ArrayInput,
  yPred: ArrayInput,
  options: MetricOptions<MultiOutput> = {},
): Promise<number | NDArray> {
  const what = "meanSquaredError";
  const { multioutput = "uniform_average", sampleWeight } = options;
  return scope(async (own) => {
    const { truth, predicted, weights } = await sides(own, yTrue, yPred, sampleWeight, what);
    const errors = own(
      weights ? await squaredErrorsWeighted(truth, predicted, weights) : await squaredErrors(truth, predicted),
    );
    if (multioutput === "raw_values") return errors;
    return average(own, errors, multioutput === "uniform_average" ? undefined : multioutput, what);
  });
}

/**
 * The coefficient of determination; a constant output scores 1 where it is predicted exactly and 0 where it is not. Of fewer than two samples it is
 * NaN. scikit-learn: `r2_score`. @throws {BifoldError} `shape`, `empty`, `not-finite`, `device`, `parameter`
 */
export function r2Score(
  yTrue: ArrayInput,
  yPred: ArrayInput,
  options: MetricOptions<"raw_values"> & { readonly multioutput: "raw_values" },
): Promise<NDArray>;
export function r2Score(
  yTrue: ArrayInput,
  yPred: ArrayInput,
  options?: MetricOptions<"uniform_average" | "variance_weighted" | readonly number[]>,
): Promise<number>;
export async function r2Score(
  yTrue: ArrayInput,
  yPred: ArrayInput,
  options: MetricOptions<MultiOutput | "variance_weighted"> = {},
): Promise<number | NDArray> {
  const what = "r2Score";
  const { multioutput = "uniform_average", sampleWeight } = options;
  return scope(async (own) => {
    const { truth, predicted, weights } = await sides(own, yTrue, yPred, sampleWeight, what);
    if ((predicted.shape[0] ?? 0) < 2) return Number.NaN;
    const { score, spread } = own(
      weights ? await determinationWeighted(truth, predicted, weights) : await determination(truth, predicted),
    );
    if (multioutput === "raw_values") return score;
    if (multioutput === "variance_weighted") return weightedAverage(score, spread);
    return average(own, score, multioutput === "uniform_average" ? undefined : multioutput, what);
  });
}
