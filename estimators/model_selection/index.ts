// bifold/model_selection
export type { CV, GivenSplit } from "./check_cv.js";
export { type CrossValPredictOptions, crossValPredict } from "./cross_val_predict.js";
export {
  type CrossValidateOptions,
  type CrossValidation,
  crossValidate,
  crossValScore,
  type Progress,
  type RunOptions,
} from "./cross_validate.js";
export type { CvResults } from "./cv_results.js";
export { type Distribution, loguniform, randint, uniform } from "./distributions.js";
export type { ErrorScore } from "./fit_and_score.js";
export { GridSearchCV, type GridSearchParams, RandomizedSearchCV, type RandomizedSearchParams } from "./grid_search.js";
export { KFold, type KFoldParams } from "./kfold.js";
export { type Candidate, type Grid, ParameterGrid } from "./parameter_grid.js";
export { type Distributions, ParameterSampler } from "./parameter_sampler.js";
export type { SearchParams } from "./search.js";
export { ShuffleSplit, type ShuffleSplitParams } from "./shuffle_split.js";
export type { Labels, Split, Splitter } from "./split.js";
export { StratifiedKFold, StratifiedShuffleSplit } from "./stratified.js";
export { type TrainTestOptions, trainTestSplit } from "./train_test_split.js";
