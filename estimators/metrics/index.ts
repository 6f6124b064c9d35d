// bifold/metrics
export { type AccuracyOptions, accuracyScore } from "./accuracy.js";
export {
  cosineDistances,
  type DistanceName,
  euclideanDistances,
  manhattanDistances,
  type PairedDistanceName,
  pairedCosineDistances,
  pairedDistances,
  pairedEuclideanDistances,
  pairedManhattanDistances,
  pairwiseDistances,
  pairwiseDistancesArgmin,
} from "./pairwise_distances.js";
export {
  additiveChi2Kernel,
  chi2Kernel,
  cosineSimilarity,
  type KernelName,
  type KernelParams,
  laplacianKernel,
  linearKernel,
  type PairwiseKernelOptions,
  pairwiseKernels,
  polynomialKernel,
  rbfKernel,
  sigmoidKernel,
} from "./pairwise_kernels.js";
export {
  explainedVarianceScore,
  type MetricOptions,
  type MultiOutput,
  maxError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanPinballLoss,
  meanSquaredError,
  meanSquaredLogError,
  medianAbsoluteError,
  type OutputMetric,
  type QuantileOptions,
  r2Score,
  rootMeanSquaredError,
  rootMeanSquaredLogError,
} from "./regression.js";
export {
  d2AbsoluteErrorScore,
  d2PinballScore,
  d2TweedieScore,
  meanGammaDeviance,
  meanPoissonDeviance,
  meanTweedieDeviance,
  type TweedieOptions,
  type WeightOptions,
} from "./regression_deviances.js";
export type { FractionOptions } from "./regression_fractions.js";
export {
  checkScoring,
  getScorer,
  getScorerNames,
  type Metric,
  makeScorer,
  type Scorable,
  type ScoreOptions,
  type Scorer,
  type Scoring,
} from "./scorer.js";
