// The share of labels that are predicted exactly, computed where the predictions live.
import { type ArrayInput, asarray } from "../../src/runtime/asarray.js";
import type { Device } from "../../src/runtime/device.js";
import { type Dtype, type FloatDtype, isFloat } from "../../src/runtime/dtype.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { describeArray, NDArray } from "../../src/runtime/ndarray.js";
import { type Own, scope } from "../../src/runtime/scope.js";
import { filled } from "../checks/finite.fold";
import { checkWeights } from "../validation.js";
import { agreement, agreementOfReals, countNotWhole } from "./accuracy.fold";
import { beside } from "./regression_inputs.js";

export interface AccuracyOptions {
  readonly sampleWeight?: ArrayInput;
  /** Whether the share comes back (unless said), or the (weighted) number of those that are right. */
  readonly normalize?: boolean;
}

/** Labels as `[n, t]`. @throws {BifoldError} `shape`, `empty`, `dtype` for numbers that are not whole */
async function labels(
  own: Own,
  input: ArrayInput,
  name: string,
  there: { readonly device?: Device },
): Promise<NDArray> {
  const what = "accuracyScore";
  const given = input instanceof NDArray ? input : own(await asarray(input, there));
  if (given.ndim !== 1 && given.ndim !== 2)
    throw new BifoldError("shape", `${what}: ${name} must have one or two dimensions, found ${describeArray(given)}`);
  if (given.size === 0) throw new BifoldError("empty", `${what}: ${name} has no labels (${describeArray(given)})`);
  const matrix = given.ndim === 1 ? own(given.reshape([given.size, 1])) : given;
  if (!isFloat(matrix.dtype)) return inDtype(own, matrix, "int32");
  const odd = await countNotWhole(matrix);
  if (odd > 0)
    throw new BifoldError(
      "dtype",
      `${what}: ${name} must have labels, whole numbers, and ${odd} of its ${given.size} entries ${odd === 1 ? "is" : "are"} not: for numbers on a scale there are the metrics of regression`,
    );
  return matrix;
}

async function inDtype(own: Own, array: NDArray, dtype: Dtype): Promise<NDArray> {
  return array.dtype === dtype ? array : own(await asarray(array, { dtype }));
}

/**
 * The share of samples whose label is predicted exactly: labels are `i32[n]` or whole numbers of another type, or `[n, t]`, where all `t` of a row must be
 * right. scikit-learn: `accuracy_score`.
 * @throws {BifoldError} `shape`, `empty`, `dtype` for numbers that are not whole, `not-finite`, `parameter` (weights)
 */
export async function accuracyScore(
  yTrue: ArrayInput,
  yPred: ArrayInput,
  { sampleWeight, normalize = true }: AccuracyOptions = {},
): Promise<number> {
  return scope(async (own) => {
    const predicted = await labels(own, yPred, "yPred", yTrue instanceof NDArray ? { device: yTrue.device } : {});
    const truth = await labels(own, await beside(own, yTrue, predicted), "yTrue", { device: predicted.device });
    if (truth.shape[0] !== predicted.shape[0] || truth.shape[1] !== predicted.shape[1])
      throw new BifoldError(
        "shape",
        `accuracyScore: yTrue is ${describeArray(truth)} and yPred is ${describeArray(predicted)}`,
      );
    const floats = [predicted, truth].find((side) => isFloat(side.dtype));
    const dtype = floats?.dtype as FloatDtype | undefined;
    // Of whole numbers the device's own type of floats.
    const ones = own(
      await filled(truth.shape[0] ?? 0, 1, { device: predicted.device, ...(dtype === undefined ? {} : { dtype }) }),
    );
    const weights =
      sampleWeight === undefined
        ? ones
        : await checkWeights(own, await beside(own, sampleWeight, predicted), ones, "accuracyScore");
    const { right, total } = dtype
      ? await agreementOfReals(await inDtype(own, truth, dtype), await inDtype(own, predicted, dtype), weights)
      : await agreement(truth, predicted, weights);
    return normalize ? right / total : right;
  });
}
