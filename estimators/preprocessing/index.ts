// bifold/preprocessing
export { Binarizer, type BinarizerParams } from "./binarizer.js";
export {
  type ArrayFunction,
  FunctionTransformer,
  type FunctionTransformerParams,
  type KwArgs,
  type NamesOut,
} from "./function_transformer.js";
export { KernelCenterer, type KernelCentererParams } from "./kernel_centerer.js";
export { MaxAbsScaler, type MaxAbsScalerParams } from "./max_abs_scaler.js";
export { MinMaxScaler, type MinMaxScalerParams } from "./min_max_scaler.js";
export { Normalizer, type NormalizerParams } from "./normalizer.js";
export { PolynomialFeatures, type PolynomialFeaturesParams } from "./polynomial_features.js";
export { SplineTransformer, type SplineTransformerParams } from "./spline_transformer.js";
export { StandardScaler, type StandardScalerParams } from "./standard_scaler.js";
