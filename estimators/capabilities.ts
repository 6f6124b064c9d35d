// What estimators may be able to do, as those that hold other estimators ask for it.
import type { ArrayInput } from "../src/runtime/asarray.js";
import { BifoldError } from "../src/runtime/errors.js";
import type { NDArray } from "../src/runtime/ndarray.js";
import type { AnyEstimator } from "./base.js";

/** Any estimator, with the methods that it may have. */
export interface Able extends AnyEstimator {
  fit?(X: ArrayInput, y?: unknown, options?: object): Promise<unknown>;
  transform?(X: ArrayInput): Promise<NDArray>;
  fitTransform?(X: ArrayInput, y?: unknown, options?: object): Promise<NDArray>;
  inverseTransform?(X: ArrayInput): Promise<NDArray>;
  predict?(X: ArrayInput): Promise<NDArray>;
  fitPredict?(X: ArrayInput, y?: unknown, options?: object): Promise<NDArray>;
  score?(X: ArrayInput, y?: unknown, options?: object): Promise<number>;
  getFeatureNamesOut?(inputFeatures?: readonly string[]): readonly string[];
}

type Methods = Omit<Able, keyof AnyEstimator>;

/** A method of an estimator, bound to it. @throws {BifoldError} `parameter` where it has none of that name */
export function method<M extends keyof Methods>(
  estimator: AnyEstimator,
  name: M,
  what: string,
): NonNullable<Methods[M]> {
  const found = (estimator as Able)[name];
  if (typeof found === "function") return found.bind(estimator) as NonNullable<Methods[M]>;
  throw new BifoldError("parameter", `${what}: ${estimator.name} has no ${name}`);
}

/** Fits `estimator` and gives what it makes of the same data. */
export async function fitTransform(
  estimator: AnyEstimator,
  X: ArrayInput,
  y: unknown,
  options: object,
  what: string,
): Promise<NDArray> {
  if ((estimator as Able).fitTransform) return method(estimator, "fitTransform", what)(X, y, options);
  await method(estimator, "fit", what)(X, y, options);
  return method(estimator, "transform", what)(X);
}
