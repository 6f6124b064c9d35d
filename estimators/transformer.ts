// What transformers share: to be fitted, and then to make data of the same data.
import type { ArrayInput } from "../src/runtime/asarray.js";
import type { NDArray } from "../src/runtime/ndarray.js";
import { Estimator, type EstimatorType } from "./base.js";

/** `O` is what `fit` takes besides data and target. */
export abstract class Transformer<
  P extends object,
  O extends object = Readonly<Record<never, never>>,
> extends Estimator<P> {
  override get estimatorType(): EstimatorType {
    return "transformer";
  }

  abstract fit(X: ArrayInput, y?: unknown, options?: O): Promise<this>;

  abstract transform(X: ArrayInput): Promise<NDArray>;

  /** `fit`, then `transform` of the same data. Throws what they throw. */
  async fitTransform(X: ArrayInput, y?: unknown, options?: O): Promise<NDArray> {
    return (await this.fit(X, y, options)).transform(X);
  }
}
