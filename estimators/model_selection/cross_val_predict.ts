// crossValPredict: for each sample, what an estimator makes of it that was not fitted on it.
import { takeRows } from "../../src/array/index.js";
import { concatRuns } from "../../src/array/indexing.js";
import { type ArrayInput, asarray } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { describeArray, type NDArray } from "../../src/runtime/ndarray.js";
import { disposeAll, scope } from "../../src/runtime/scope.js";
import type { AnyEstimator } from "../base.js";
import { method } from "../capabilities.js";
import { type CV, checkCv } from "./check_cv.js";
import { rowsOf, samplesOf } from "./rows.js";

export interface CrossValPredictOptions {
  /** Folds, 5 unless said; a splitter; or splits. Each sample must be in the test part of one. */
  readonly cv?: CV;
  /** For `fit`; what has a row for each sample is divided as the samples are. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly method?: "predict" | "transform";
  /** Stops before the next fold: the call rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Predictions for each row of `X` by a clone of `estimator` that was fitted on the other folds, in the order of the rows, where the predictions live.
 * scikit-learn: `cross_val_predict` (without `groups` and `n_jobs`).
 * @throws {BifoldError} `parameter` for splits that are no partition; `shape`; and what the folds throw
 */
export async function crossValPredict(
  estimator: AnyEstimator,
  X: ArrayInput,
  y?: ArrayInput,
  options: CrossValPredictOptions = {},
): Promise<NDArray> {
  const what = "crossValPredict";
  const { cv, params = {}, method: name = "predict", signal } = options;
  const splitter = checkCv(cv, { classifier: estimator.estimatorType === "classifier" });
  return scope(async (own) => {
    const samples = await samplesOf(own, X, y, params, what);
    const parts: NDArray[] = [];
    const rows: number[] = [];
    for await (const { train, test } of splitter.split(samples.X, samples.y)) {
      signal?.throwIfAborted();
      using model = estimator.clone();
      const made = await scope(async (inner) => {
        const fitted = await rowsOf(inner, samples, train);
        await method(model, "fit", what)(fitted.X, fitted.y, fitted.params);
        disposeAll([fitted.X, fitted.y]);
        const asked = await rowsOf(inner, { X: samples.X, y: undefined, params: {} }, test);
        return method(model, name, what)(asked.X);
      });
      parts.push(own(made));
      rows.push(...test);
    }
    const places = placesOf(rows, samples.X.shape[0] ?? 0, what);
    const [first] = parts;
    if (!first) throw new BifoldError("parameter", `${what}: cv gave no splits`);
    const row = first.shape.slice(1);
    const odd = parts.find((a) => a.ndim !== first.ndim || a.shape.slice(1).some((d, k) => d !== row[k]));
    if (odd)
      throw new BifoldError("shape", `${what}: one fold made ${describeArray(first)}, another ${describeArray(odd)}`);
    const all = own(await concatRuns(what, parts, 1, [rows.length, ...row]));
    return takeRows(all, own(await asarray(places, { device: all.device })));
  });
}

/** Where each row is in `rows`. @throws {BifoldError} `parameter` unless each is there once */
function placesOf(rows: readonly number[], n: number, what: string): Int32Array {
  const places = new Int32Array(n).fill(-1);
  for (const [place, row] of rows.entries()) places[row] = place;
  if (rows.length !== n || places.includes(-1))
    throw new BifoldError("parameter", `${what}: each sample must be in the test part of one split, and of no other`);
  return places;
}
