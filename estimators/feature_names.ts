// Names of features: those that a transformer is told, or x0, x1, …
import { BifoldError } from "../src/runtime/errors.js";

/** The names of `features` inputs: those given, else `x0`, `x1`, … as scikit-learn has them. @throws {BifoldError} `features` where others are given */
export function inputNames(given: readonly string[] | undefined, features: number, what: string): readonly string[] {
  if (given === undefined) return Array.from({ length: features }, (_, j) => `x${j}`);
  if (given.length !== features)
    throw new BifoldError(
      "features",
      `${what}: inputFeatures has ${given.length} names, and the estimator was fitted with ${features} features`,
    );
  return given;
}
