// GridSearchCV and RandomizedSearchCV: all combinations of parameters, or some that are drawn.
import type { RandomSource } from "../../src/random/random_state.js";
import type { Candidate, Grid } from "./parameter_grid.js";
import { ParameterGrid } from "./parameter_grid.js";
import { type Distributions, ParameterSampler } from "./parameter_sampler.js";
import { SearchCV, type SearchParams, searchDefaults } from "./search.js";

export interface GridSearchParams extends SearchParams {
  /** Values to try by the name of the parameter, as `{ ridge__alpha: [0.1, 1] }`; or several such grids. */
  readonly paramGrid: Grid;
}

/**
 * Tries all combinations of values of parameters by cross-validation; is then the best of them: `new GridSearchCV({ estimator, paramGrid })`.
 * scikit-learn: `sklearn.model_selection.GridSearchCV` (without `n_jobs`, `verbose` and `pre_dispatch`; progress is told by `fit(X, y, {}, { onProgress })`).
 */
export class GridSearchCV extends SearchCV<GridSearchParams> {
  override get name(): string {
    return "GridSearchCV";
  }

  constructor(params: Partial<GridSearchParams> = {}) {
    super({ ...searchDefaults, paramGrid: {} }, params);
  }

  protected override candidates(): Iterable<Candidate> {
    return new ParameterGrid(this.getParams({ deep: false }).paramGrid);
  }
}

export interface RandomizedSearchParams extends SearchParams {
  /** A list of values or a distribution by the name of the parameter; or several such records, of which one is drawn first. */
  readonly paramDistributions: Distributions;
  /** How many candidates are drawn. */
  readonly nIter: number;
  readonly randomState: RandomSource;
}

/**
 * Tries combinations of parameters that are drawn, as `GridSearchCV` tries all.
 * scikit-learn: `sklearn.model_selection.RandomizedSearchCV` (without `n_jobs`, `verbose` and `pre_dispatch`).
 */
export class RandomizedSearchCV extends SearchCV<RandomizedSearchParams> {
  override get name(): string {
    return "RandomizedSearchCV";
  }

  constructor(params: Partial<RandomizedSearchParams> = {}) {
    super({ ...searchDefaults, paramDistributions: {}, nIter: 10, randomState: undefined }, params);
  }

  protected override candidates(): Iterable<Candidate> {
    const { paramDistributions, nIter, randomState } = this.getParams({ deep: false });
    return new ParameterSampler(paramDistributions, nIter, { randomState });
  }
}
