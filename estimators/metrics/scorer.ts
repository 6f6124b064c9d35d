// Scorers: from a fitted estimator and data to one number, where greater is better. By scikit-learn's names, or made of a metric.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import { accuracyScore } from "./accuracy.js";
import {
  explainedVarianceScore,
  maxError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogError,
  medianAbsoluteError,
  r2Score,
  rootMeanSquaredError,
  rootMeanSquaredLogError,
} from "./regression.js";
import { d2AbsoluteErrorScore, meanGammaDeviance, meanPoissonDeviance } from "./regression_deviances.js";

export interface ScoreOptions {
  readonly sampleWeight?: ArrayInput;
}

/** What scorers need of an estimator: `predict`, or for the default one `score`. */
export interface Scorable {
  readonly name?: string;
  predict?(X: ArrayInput): Promise<NDArray>;
  score?(X: ArrayInput, y: ArrayInput, options?: ScoreOptions): Promise<number>;
}

/** Scores a fitted estimator on `X` and `y`: greater is better. */
export type Scorer = (estimator: Scorable, X: ArrayInput, y: ArrayInput, options?: ScoreOptions) => Promise<number>;

/** How to score: by the estimator's own `score` (nothing given), a name, a function, or several of them under names of their own. */
export type Scoring = undefined | string | Scorer | readonly string[] | Readonly<Record<string, string | Scorer>>;

/** A function of truth and predictions that gives a number. */
export type Metric<O extends object> = (yTrue: ArrayInput, yPred: ArrayInput, options?: O) => Promise<number>;

/** What a scorer of a metric is made with: `greaterIsBetter` (true unless said), and the metric's own options. */
export type ScorerOptions<O extends object> = { readonly greaterIsBetter?: boolean } & Partial<
  Omit<O, keyof ScoreOptions>
>;

/**
 * A scorer of a metric, of what the estimator predicts. With `greaterIsBetter: false` the score is the metric's negative. scikit-learn: `make_scorer`
 * (with `response_method="predict"`).
 * @throws {BifoldError} the scorer: `parameter` for an estimator without `predict`, and what `predict` and the metric throw
 */
export function makeScorer<O extends object>(
  metric: Metric<O>,
  options: ScorerOptions<O> = {} as ScorerOptions<O>,
): Scorer {
  const { greaterIsBetter = true, ...own } = options;
  return async (estimator, X, y, given = {}) =>
    scope(async (keep) => {
      if (!estimator.predict)
        throw new BifoldError("parameter", `${nameOf(estimator)} has no predict: this scorer scores predictions`);
      const predicted = keep(await estimator.predict(X));
      // What is left of the options, and the weights, are what the metric takes.
      const value = await metric(y, predicted, { ...own, ...given } as unknown as O);
      return greaterIsBetter ? value : -value;
    });
}

const nameOf = (estimator: Scorable): string => estimator.name ?? estimator.constructor.name;

const score = (metric: Metric<ScoreOptions>): Scorer => makeScorer(metric);
const loss = (metric: Metric<ScoreOptions>): Scorer => makeScorer(metric, { greaterIsBetter: false });

/** By scikit-learn's names. The largest error is the same whatever the weights are. */
const scorers: ReadonlyMap<string, Scorer> = new Map([
  ["accuracy", score(accuracyScore)],
  ["d2_absolute_error_score", score(d2AbsoluteErrorScore)],
  ["explained_variance", score(explainedVarianceScore)],
  ["neg_max_error", loss(maxError)],
  ["neg_mean_absolute_error", loss(meanAbsoluteError)],
  ["neg_mean_absolute_percentage_error", loss(meanAbsolutePercentageError)],
  ["neg_mean_gamma_deviance", loss(meanGammaDeviance)],
  ["neg_mean_poisson_deviance", loss(meanPoissonDeviance)],
  ["neg_mean_squared_error", loss(meanSquaredError)],
  ["neg_mean_squared_log_error", loss(meanSquaredLogError)],
  ["neg_median_absolute_error", loss(medianAbsoluteError)],
  ["neg_root_mean_squared_error", loss(rootMeanSquaredError)],
  ["neg_root_mean_squared_log_error", loss(rootMeanSquaredLogError)],
  ["r2", score(r2Score)],
]);

/** The names that `getScorer` takes, in order. */
export const getScorerNames = (): readonly string[] => [...scorers.keys()].sort();

/** The scorer of a name, which is scikit-learn's; a function comes back as it is. @throws {BifoldError} `parameter` for another name */
export function getScorer(scoring: string | Scorer): Scorer {
  if (typeof scoring === "function") return scoring;
  const scorer = scorers.get(scoring);
  if (!scorer)
    throw new BifoldError(
      "parameter",
      `${JSON.stringify(scoring)} is not the name of a scorer: there are ${getScorerNames().join(", ")}`,
    );
  return scorer;
}

const ownScore: Scorer = async (estimator, X, y, options = {}) => {
  if (!estimator.score) throw noScore(estimator);
  return estimator.score(X, y, options);
};

const noScore = (estimator: Scorable): BifoldError =>
  new BifoldError("parameter", `${nameOf(estimator)} has no score method: say by which scorer, with \`scoring\``);

/**
 * The scorer, or the scorers by name, that `scoring` asks for. scikit-learn: `check_scoring`.
 * @throws {BifoldError} `parameter` for an unknown name, an empty list or one with a name twice, and where nothing is asked for and the
 * estimator has no `score`
 */
export function checkScoring(estimator: Scorable, scoring?: string | Scorer): Scorer;
export function checkScoring(
  estimator: Scorable,
  scoring: readonly string[] | Readonly<Record<string, string | Scorer>>,
): Readonly<Record<string, Scorer>>;
export function checkScoring(estimator: Scorable, scoring: Scoring): Scorer | Readonly<Record<string, Scorer>>;
export function checkScoring(estimator: Scorable, scoring?: Scoring): Scorer | Readonly<Record<string, Scorer>> {
  if (scoring === undefined) {
    if (!estimator.score) throw noScore(estimator);
    return ownScore;
  }
  if (typeof scoring === "string" || typeof scoring === "function") return getScorer(scoring);
  const named: readonly (readonly [string, string | Scorer])[] = isList(scoring)
    ? scoring.map((name) => [name, name])
    : Object.entries(scoring);
  const names = named.map(([name]) => name);
  const twice = names.find((name, k) => names.indexOf(name) < k);
  if (twice !== undefined || names.length === 0)
    throw new BifoldError(
      "parameter",
      `scoring must have at least one name, and each once, found ${twice === undefined ? "none" : `${JSON.stringify(twice)} twice`}`,
    );
  return Object.fromEntries(named.map(([name, which]) => [name, getScorer(which)]));
}

const isList = (scoring: readonly string[] | Readonly<Record<string, string | Scorer>>): scoring is readonly string[] =>
  Array.isArray(scoring);
