// bifold/base
export {
  type AnyEstimator,
  clone,
  Estimator,
  type EstimatorClass,
  type EstimatorType,
  type NestedParams,
} from "../base.js";
export { moveTo } from "../move.js";
export { type FromJSONOptions, fromJSON } from "../saved/load.js";
export type { NamedFunctions, SavedModel, ToJSONOptions } from "../saved/save.js";
