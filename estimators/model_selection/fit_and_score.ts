// One fold: rows to fit on, rows to score on, times. What it makes is freed when it ends.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import { NDArray } from "../../src/runtime/ndarray.js";
import { disposeAll, scope } from "../../src/runtime/scope.js";
import type { AnyEstimator } from "../base.js";
import { type Able, method } from "../capabilities.js";
import type { Scorable, Scorer } from "../metrics/index.js";
import { rowsOf, type Samples } from "./rows.js";
import type { Split } from "./split.js";

export type Scorers = Readonly<Record<string, Scorer>>;
export type Scores = Readonly<Record<string, number>>;

/** The score of a fold that failed, or that the failure is thrown. */
export type ErrorScore = number | "raise";

export interface FoldOptions {
  readonly scorers: Scorers;
  readonly errorScore: ErrorScore;
  readonly returnTrainScore: boolean;
  /** Give the fitted estimator back; else it is disposed of. */
  readonly keepEstimator: boolean;
  /** A weight for each sample that scorers are given. */
  readonly scoreWeights?: NDArray | undefined;
}

export interface FoldResult {
  /** Seconds, until what was fitted is there. */
  readonly fitTime: number;
  readonly scoreTime: number;
  readonly test: Scores;
  readonly train: Scores | undefined;
  readonly estimator: AnyEstimator | undefined;
  /** Why the fold has no score of its own. */
  readonly failures: readonly unknown[];
}

/** Fits `estimator`, which is the caller's to clone, on the rows to train on, and scores it. */
export async function fitAndScore(
  estimator: AnyEstimator,
  samples: Samples,
  { train, test }: Split,
  options: FoldOptions,
): Promise<FoldResult> {
  const { errorScore } = options;
  const failures: unknown[] = [];
  const failed = (error: unknown): number => {
    if (errorScore === "raise") throw error;
    failures.push(error);
    return errorScore;
  };
  let kept = false;
  try {
    return await scope(async (own) => {
      const start = now();
      const fitted = await rowsOf(own, samples, train);
      let lost: number | undefined;
      try {
        await method(estimator, "fit", "fitting a fold")(fitted.X, fitted.y, fitted.params);
        await estimator.settled();
      } catch (error) {
        lost = failed(error);
      }
      const fitTime = (now() - start) / 1000;
      const { scorers, returnTrainScore } = options;
      if (lost !== undefined) {
        const none = Object.fromEntries(Object.keys(scorers).map((name) => [name, lost]));
        const trainScores = returnTrainScore ? none : undefined;
        // Not fitted: it holds nothing that would have to be freed.
        const left = options.keepEstimator ? estimator : undefined;
        return { fitTime, scoreTime: 0, test: none, train: trainScores, estimator: left, failures };
      }
      if (!returnTrainScore)
        disposeAll([fitted.X, fitted.y, ...Object.values(fitted.params)].filter((a) => isOwn(a, samples)));
      const scoreStart = now();
      const testScores = await score(estimator, await scored(own, samples, test, options), options, failed);
      const scoreTime = (now() - scoreStart) / 1000;
      const trainScores = returnTrainScore
        ? await score(estimator, await scored(own, samples, train, options), options, failed)
        : undefined;
      kept = options.keepEstimator;
      return {
        fitTime,
        scoreTime,
        test: testScores,
        train: trainScores,
        estimator: kept ? estimator : undefined,
        failures,
      };
    });
  } finally {
    if (!kept) estimator.dispose();
  }
}

const now = (): number => performance.now();

/** Whether an array was made for the fold: what a user gave as it is is the user's. */
const isOwn = (value: unknown, { X, y, params }: Samples): boolean =>
  value instanceof NDArray && ![X, y, ...Object.values(params)].includes(value);

/** The rows to score on, with their weights. */
function scored(
  own: <T>(v: T) => T,
  { X, y }: Samples,
  rows: Int32Array,
  { scoreWeights }: FoldOptions,
): Promise<Samples> {
  return rowsOf(own, { X, y, params: scoreWeights ? { sampleWeight: scoreWeights } : {} }, rows);
}

async function score(
  estimator: AnyEstimator,
  { X, y, params }: Samples,
  { scorers }: FoldOptions,
  failed: (error: unknown) => number,
): Promise<Scores> {
  return scope(async (own) => {
    const once = predictingOnce(estimator, own);
    const scores: [string, number][] = [];
    for (const [name, scorer] of Object.entries(scorers))
      try {
        scores.push([name, await scorer(once, X, y as ArrayInput, params)]);
      } catch (error) {
        scores.push([name, failed(error)]);
      }
    return Object.fromEntries(scores);
  });
}

/** The estimator as scorers see it: several of them that ask for the same prediction get it once. */
function predictingOnce(estimator: AnyEstimator, own: <T>(v: T) => T): Scorable {
  const able = estimator as Able;
  let known: { readonly X: ArrayInput; readonly made: NDArray } | undefined;
  return new Proxy(able, {
    get(target, name) {
      if (name !== "predict" || !target.predict) {
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      }
      return async (X: ArrayInput): Promise<NDArray> => {
        if (known?.X !== X) known = { X, made: own(await method(estimator, "predict", "scoring")(X)) };
        return known.made.share();
      };
    },
  }) as Scorable;
}
