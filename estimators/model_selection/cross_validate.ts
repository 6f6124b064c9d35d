// crossValidate and crossValScore: an estimator fitted and scored on each split.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { scope } from "../../src/runtime/scope.js";
import type { AnyEstimator } from "../base.js";
import { checkScoring, type Scorable, type Scorer, type Scoring } from "../metrics/index.js";
import { warn } from "../warn.js";
import { type CV, checkCv } from "./check_cv.js";
import { type ErrorScore, type FoldResult, fitAndScore, type Scorers, type Scores } from "./fit_and_score.js";
import { samplesOf } from "./rows.js";

/** How far a long run is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Seconds of the fold that was just done. */
  readonly fitTime: number;
  readonly scoreTime: number;
  /** Its scores on the test part: `score`, or by the names that were asked for. */
  readonly scores: Scores;
}

export interface RunOptions {
  /** Told after each fold. */
  readonly onProgress?: (progress: Progress) => void;
  /** Stops the run before the next fold: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface CrossValidateOptions<S extends Scoring = Scoring> extends RunOptions {
  /** By the estimator's own score unless said; a name, a function, or several under names. */
  readonly scoring?: S;
  /** Folds, 5 unless said; a splitter; or splits. */
  readonly cv?: CV;
  /** For `fit`; what has a row for each sample is divided as the samples are. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly returnTrainScore?: boolean;
  /** Give the fitted estimators back; they are the caller's to dispose of. */
  readonly returnEstimator?: boolean;
  readonly returnIndices?: boolean;
  /** The score of a fold that fails, NaN unless said (with a warning); or `"raise"`. */
  readonly errorScore?: ErrorScore;
}

/** The names of several scores; of one score there are none. */
export type ScoreNames<S extends Scoring> = S extends readonly (infer N extends string)[]
  ? N
  : S extends Readonly<Record<infer N extends string, unknown>>
    ? S extends (...args: never[]) => unknown
      ? never
      : N
    : never;

/** Scores by fold under `testScore`, or under `test_r2` and so on where several were asked for. */
type ScoresOf<P extends "test" | "train", S extends Scoring> = [ScoreNames<S>] extends [never]
  ? { readonly [K in `${P}Score`]: readonly number[] }
  : { readonly [K in `${P}_${ScoreNames<S>}`]: readonly number[] };

export type CrossValidation<S extends Scoring, E extends AnyEstimator = AnyEstimator> = {
  /** Seconds by fold, until what was fitted is there. */
  readonly fitTime: readonly number[];
  readonly scoreTime: readonly number[];
  /** With `returnEstimator`. */
  readonly estimator?: readonly E[];
  /** With `returnIndices`. */
  readonly indices?: { readonly train: readonly Int32Array[]; readonly test: readonly Int32Array[] };
} & ScoresOf<"test", S> &
  Partial<ScoresOf<"train", S>>;

/**
 * Fits a clone of `estimator` on the train part of each split and scores it on the test part. Data stay where they are: only indices of rows cross to
 * a device, and what a fold makes is freed before the next. Keys of the result are scikit-learn's in camelCase; scores by name keep their names.
 * scikit-learn: `cross_validate` (without `groups` and `n_jobs`).
 * @throws {BifoldError} `parameter`, `shape`; what the folds throw where all fail, or with `errorScore: "raise"`; the reason of `signal`
 */
export async function crossValidate<E extends AnyEstimator, const S extends Scoring = undefined>(
  estimator: E,
  X: ArrayInput,
  y?: ArrayInput,
  options: CrossValidateOptions<S> = {},
): Promise<CrossValidation<S, E>> {
  const { params = {}, cv, returnTrainScore = false, returnEstimator = false, returnIndices = false } = options;
  const splitter = checkCv(cv, { classifier: estimator.estimatorType === "classifier" });
  const { scorers, key } = namedScorers(estimator, options.scoring);
  const errorScore = checkErrorScore(options.errorScore);
  const results: FoldResult[] = [];
  const indices: { readonly train: Int32Array[]; readonly test: Int32Array[] } = { train: [], test: [] };
  try {
    await scope(async (own) => {
      const samples = await samplesOf(own, X, y, params, "crossValidate");
      for await (const split of splitter.split(samples.X, samples.y)) {
        options.signal?.throwIfAborted();
        const fold = { scorers, errorScore, returnTrainScore, keepEstimator: returnEstimator };
        const result = await fitAndScore(estimator.clone(), samples, split, fold);
        results.push(result);
        if (returnIndices) {
          indices.train.push(split.train);
          indices.test.push(split.test);
        }
        report(result, results.length, splitter.getNSplits(), options);
      }
    });
    checkFailures(results, "crossValidate", errorScore);
  } catch (error) {
    for (const { estimator: fitted } of results) fitted?.dispose();
    throw error;
  }
  const scores = Object.keys(scorers).flatMap((name) => [
    [key("test", name), results.map((r) => r.test[name])],
    ...(returnTrainScore ? [[key("train", name), results.map((r) => r.train?.[name])]] : []),
  ]);
  return {
    fitTime: results.map((r) => r.fitTime),
    scoreTime: results.map((r) => r.scoreTime),
    ...(returnEstimator ? { estimator: results.map((r) => r.estimator) } : {}),
    ...(returnIndices ? { indices } : {}),
    ...Object.fromEntries(scores),
  } as unknown as CrossValidation<S, E>;
}

/** The scores of `crossValidate`, of one scorer. Throws what it throws. scikit-learn: `cross_val_score`. */
export async function crossValScore(
  estimator: AnyEstimator,
  X: ArrayInput,
  y?: ArrayInput,
  options: Omit<CrossValidateOptions, "scoring" | "returnTrainScore" | "returnEstimator" | "returnIndices"> & {
    readonly scoring?: string | Scorer;
  } = {},
): Promise<readonly number[]> {
  return (await crossValidate<AnyEstimator, string | Scorer | undefined>(estimator, X, y, options)).testScore;
}

/** Scorers by name, and the keys of their scores: of a single one `testScore`, of several `test_r2`. */
export function namedScorers(estimator: AnyEstimator, scoring: Scoring) {
  const found = checkScoring(estimator as Scorable, scoring);
  const single = typeof found === "function";
  const scorers: Scorers = single ? { score: found } : found;
  const key = (prefix: string, name: string): string => (single ? `${prefix}Score` : `${prefix}_${name}`);
  return { scorers, single, key };
}

export function checkErrorScore(given: ErrorScore = Number.NaN): ErrorScore {
  if (typeof given !== "number" && given !== "raise")
    throw new BifoldError("parameter", `errorScore must be a number or "raise", found ${JSON.stringify(given)}`);
  return given;
}

export function report(result: FoldResult, done: number, total: number, { onProgress }: RunOptions): void {
  onProgress?.({ done, total, fitTime: result.fitTime, scoreTime: result.scoreTime, scores: result.test });
}

/** Warns of folds that failed. @throws what the first threw, where all failed */
export function checkFailures(results: readonly FoldResult[], what: string, errorScore: ErrorScore): void {
  if (results.length === 0) throw new BifoldError("parameter", `${what}: cv gave no splits`);
  const failed = results.filter((r) => r.failures.length > 0);
  const [first] = failed.flatMap((r) => r.failures);
  if (failed.length === 0) return;
  const message = `${what}: ${failed.length} of ${results.length} folds failed; the first: ${first instanceof Error ? first.message : String(first)}`;
  if (failed.length === results.length)
    throw new BifoldError(first instanceof BifoldError ? first.code : "parameter", message, { cause: first });
  warn(`${message}. Their scores are ${errorScore}`);
}
