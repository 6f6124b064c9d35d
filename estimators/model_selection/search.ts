// What GridSearchCV and RandomizedSearchCV share: every candidate cross-validated, the best refitted.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import { type AnyEstimator, Estimator, type EstimatorType } from "../base.js";
import { method } from "../capabilities.js";
import type { Scorable, Scoring } from "../metrics/index.js";
import { isCopyable, mapped } from "../parameters.js";
import { type CV, checkCv } from "./check_cv.js";
import { checkErrorScore, checkFailures, namedScorers, type RunOptions, report } from "./cross_validate.js";
import { type CvResults, cvResults, scoreColumn } from "./cv_results.js";
import { type ErrorScore, type FoldResult, fitAndScore } from "./fit_and_score.js";
import type { Candidate } from "./parameter_grid.js";
import { type Samples, samplesOf } from "./rows.js";
import type { Split } from "./split.js";

export interface SearchParams {
  /** What the parameters are tried on; it is cloned, never fitted itself. */
  readonly estimator: AnyEstimator | null;
  /** By the estimator's own score unless said; a name, a function, or several under names. */
  readonly scoring: Scoring;
  /**
   * Fit the best candidate on all data in the end. Of several scores the name of the one that decides; or a function that gives the index of the
   * best candidate.
   */
  readonly refit: boolean | string | ((results: CvResults) => number);
  readonly cv: CV;
  /** The score of a fold that fails, NaN unless said (with a warning); or `"raise"`. */
  readonly errorScore: ErrorScore;
  readonly returnTrainScore: boolean;
}

/** The defaults that both have. */
export const searchDefaults: SearchParams = {
  estimator: null,
  scoring: undefined,
  refit: true,
  cv: 5,
  errorScore: Number.NaN,
  returnTrainScore: false,
};

export abstract class SearchCV<P extends SearchParams> extends Estimator<P> {
  /** The candidates, in the order in which they are tried. @throws {BifoldError} `parameter` */
  protected abstract candidates(): Iterable<Candidate>;

  /** What was found, by column. */
  get cvResults_(): CvResults {
    return this.attribute("cvResults_");
  }

  /** The best candidate fitted on all data. @throws {BifoldError} `parameter` without `refit` */
  get bestEstimator_(): AnyEstimator {
    return this.best("bestEstimator_");
  }

  /** The parameters of the best candidate. @throws {BifoldError} `parameter` of several scores without `refit` */
  get bestParams_(): Candidate {
    return this.best("bestParams_");
  }

  /** The mean test score of the best candidate. @throws {BifoldError} `parameter` of several scores without a `refit` that names one */
  get bestScore_(): number {
    return this.best("bestScore_");
  }

  /** Where the best candidate is in `cvResults_`. @throws {BifoldError} `parameter` of several scores without `refit` */
  get bestIndex_(): number {
    return this.best("bestIndex_");
  }

  /** Seconds that the last fit on all data took. @throws {BifoldError} `parameter` without `refit` */
  get refitTime_(): number {
    return this.best("refitTime_");
  }

  get nSplits_(): number {
    return this.attribute("nSplits_");
  }

  override get nFeaturesIn_(): number {
    return this.isFitted ? this.bestEstimator_.nFeaturesIn_ : super.nFeaturesIn_;
  }

  override get estimatorType(): EstimatorType | undefined {
    return this.getParams({ deep: false }).estimator?.estimatorType;
  }

  /**
   * Tries every candidate on every split, and fits the best on all data. `params` go to `fit`; `sampleWeight` among them to the scores too.
   * @throws {BifoldError} `parameter`, `shape`; what the folds throw where all fail, or with `errorScore: "raise"`; the reason of `signal`
   */
  async fit(
    X: ArrayInput,
    y?: ArrayInput,
    params: Readonly<Record<string, unknown>> = {},
    run: RunOptions = {},
  ): Promise<this> {
    const what = `${this.name}.fit`;
    const { estimator } = this.getParams({ deep: false });
    if (!estimator) throw new BifoldError("parameter", `${what}: there is no estimator to search parameters of`);
    const { scorers, single } = namedScorers(estimator, this.getParams({ deep: false }).scoring);
    const decides = this.decides(Object.keys(scorers), single, what);
    const learned = await scope(async (own) => {
      const samples = await samplesOf(own, X, y, params, what);
      const splits = await this.splits(estimator, samples);
      const candidates = [...this.candidates()];
      const folds = await this.tried(estimator, candidates, samples, splits, run);
      checkFailures(folds.flat(), what, this.getParams({ deep: false }).errorScore);
      const results = cvResults(candidates, folds, single);
      const chosen = this.chosen(results, decides && scoreColumn("rank", "test", decides, single), what);
      const best = chosen === undefined ? {} : { bestIndex_: chosen, bestParams_: candidates[chosen] };
      const means = decides === undefined ? undefined : scores(results, scoreColumn("mean", "test", decides, single));
      const bestScore = chosen === undefined || means === undefined ? {} : { bestScore_: means[chosen] };
      const refitted = await this.refitted(
        estimator,
        chosen === undefined ? undefined : candidates[chosen],
        samples,
        what,
      );
      return { cvResults_: results, nSplits_: splits.length, ...best, ...bestScore, ...refitted };
    });
    this.learn(learned);
    return this;
  }

  /** The best estimator's prediction. Throws what it throws; `not-fitted`; `parameter` without `refit`. */
  async predict(X: ArrayInput): Promise<NDArray> {
    return method(this.bestEstimator_, "predict", `${this.name}.predict`)(X);
  }

  /** What the best estimator makes of `X`. Throws what `predict` throws. */
  async transform(X: ArrayInput): Promise<NDArray> {
    return method(this.bestEstimator_, "transform", `${this.name}.transform`)(X);
  }

  /** What was transformed as it was before. Throws what `predict` throws. */
  async inverseTransform(X: ArrayInput): Promise<NDArray> {
    return method(this.bestEstimator_, "inverseTransform", `${this.name}.inverseTransform`)(X);
  }

  /** The best estimator's score, by `scoring`; of several the one that `refit` names. Throws what `predict` throws. */
  async score(X: ArrayInput, y?: ArrayInput, options: { readonly sampleWeight?: ArrayInput } = {}): Promise<number> {
    const best = this.bestEstimator_;
    const { scorers, single } = namedScorers(best, this.getParams({ deep: false }).scoring);
    const name = this.decides(Object.keys(scorers), single, `${this.name}.score`);
    const scorer = name === undefined ? undefined : scorers[name];
    if (!scorer) throw new BifoldError("parameter", `${this.name}.score: refit names none of several scores`);
    return scorer(best as Scorable, X, y as ArrayInput, options);
  }

  private best<T>(name: string): T {
    const value = this.attribute<T | undefined>(name);
    if (value === undefined)
      throw new BifoldError(
        "parameter",
        `${this.name} has no ${name}: it was fitted with refit: ${JSON.stringify(this.getParams({ deep: false }).refit) ?? "a function"}`,
      );
    return value;
  }

  /** The score that decides who is best, if a score does. @throws {BifoldError} `parameter` where several were asked for and `refit` says not which */
  private decides(names: readonly string[], single: boolean, what: string): string | undefined {
    const { refit } = this.getParams({ deep: false });
    if (single) return "score";
    if (refit === false || typeof refit === "function") return undefined;
    if (typeof refit === "string" && names.includes(refit)) return refit;
    throw new BifoldError(
      "parameter",
      `${what}: of several scores refit must name the one that decides (${names.join(", ")}), be a function or false; found ${JSON.stringify(refit)}`,
    );
  }

  private async splits(estimator: AnyEstimator, { X, y }: Samples): Promise<Split[]> {
    const splitter = checkCv(this.getParams({ deep: false }).cv, {
      classifier: estimator.estimatorType === "classifier",
    });
    const splits: Split[] = [];
    for await (const split of splitter.split(X, y)) splits.push(split);
    return splits;
  }

  private async tried(
    estimator: AnyEstimator,
    candidates: readonly Candidate[],
    samples: Samples,
    splits: readonly Split[],
    run: RunOptions,
  ): Promise<FoldResult[][]> {
    const { errorScore, returnTrainScore, scoring } = this.getParams({ deep: false });
    const { scorers } = namedScorers(estimator, scoring);
    const weights = samples.params["sampleWeight"];
    const options = {
      scorers,
      errorScore: checkErrorScore(errorScore),
      returnTrainScore,
      keepEstimator: false,
      scoreWeights: weights as NDArray | undefined,
    };
    const folds: FoldResult[][] = [];
    const total = candidates.length * splits.length;
    let done = 0;
    for (const candidate of candidates) {
      const results: FoldResult[] = [];
      for (const split of splits) {
        run.signal?.throwIfAborted();
        const result = await fitAndScore(withParams(estimator, candidate), samples, split, options);
        results.push(result);
        report(result, ++done, total, run);
      }
      folds.push(results);
    }
    return folds;
  }

  /** The index of the best candidate, where one is asked for. */
  private chosen(results: CvResults, rankColumn: string | undefined, what: string): number | undefined {
    const { refit } = this.getParams({ deep: false });
    if (typeof refit === "function") {
      const index = refit(results);
      if (!Number.isInteger(index) || index < 0 || index >= results.params.length)
        throw new BifoldError("parameter", `${what}: refit must give the index of a candidate, found ${index}`);
      return index;
    }
    return rankColumn === undefined ? undefined : scores(results, rankColumn).indexOf(1);
  }

  private async refitted(estimator: AnyEstimator, candidate: Candidate | undefined, samples: Samples, what: string) {
    if (candidate === undefined || this.getParams({ deep: false }).refit === false) return {};
    const best = withParams(estimator, candidate);
    const start = performance.now();
    try {
      await method(best, "fit", what)(samples.X, samples.y, samples.params);
      await best.settled();
    } catch (error) {
      best.dispose();
      throw error;
    }
    return { bestEstimator_: best, refitTime_: (performance.now() - start) / 1000 };
  }
}

const scores = (results: CvResults, column: string): readonly number[] =>
  (results as unknown as Readonly<Record<string, readonly number[]>>)[column] ?? [];

/** A clone with these parameters; estimators among them are cloned too, as they are fitted. */
function withParams(estimator: AnyEstimator, candidate: Candidate): AnyEstimator {
  const own = mapped(candidate, (v) => (v instanceof Estimator ? v.clone() : isCopyable(v) ? v.copy() : v));
  return estimator.clone().setParams(own as Candidate);
}
