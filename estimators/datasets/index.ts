// bifold/datasets
export type { Dataset, Loader, LoadOptions, Placement } from "./dataset.js";
export {
  type DiabetesOptions,
  type Digits,
  type DigitsOptions,
  loadBreastCancer,
  loadDiabetes,
  loadDigits,
  loadIris,
  loadWine,
} from "./loaders.js";
export type { MakeOptions } from "./made.js";
export { type BlobsOptions, makeBlobs } from "./make_blobs.js";
export { type ClassificationOptions, makeClassification } from "./make_classification.js";
export { makeRegression, type RegressionOptions } from "./make_regression.js";
