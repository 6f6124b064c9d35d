// Transformers that learn nothing but the number of features: `transform` works without `fit`, and `fit` checks its input.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import { inputNames } from "../feature_names.js";
import { Transformer } from "../transformer.js";
import { checkFeatures, checkMatrix } from "../validation.js";

export abstract class StatelessTransformer<P extends object> extends Transformer<P> {
  /** Throws `parameter` where the parameters are wrong. */
  protected abstract check(what: string): void;
  protected abstract apply(X: NDArray): Promise<NDArray>;

  /** Checks the parameters and `X`, `real[n, p]`; there is nothing to learn. @throws {BifoldError} `shape`, `empty`, `not-finite`, `parameter` */
  async fit(X: ArrayInput, _y?: unknown): Promise<this> {
    const what = `${this.name}.fit`;
    this.check(what);
    const features = await scope(async (own) => (await checkMatrix(own, X, what)).shape[1]);
    this.learn({ nFeaturesIn_: features });
    return this;
  }

  /** `real[n, p]` of `X`, `real[n, p]`, where `X` is. @throws {BifoldError} `shape`, `empty`, `not-finite`, `parameter`, `features` */
  async transform(X: ArrayInput): Promise<NDArray> {
    const what = `${this.name}.transform`;
    this.check(what);
    return scope(async (own) => {
      const data = await checkMatrix(own, X, what);
      if (this.isFitted) checkFeatures(data, this.nFeaturesIn_, what);
      return this.apply(data);
    });
  }

  /** The names of the columns, which are those that go in. @throws {BifoldError} `not-fitted`, `features` */
  getFeatureNamesOut(inputFeatures?: readonly string[]): readonly string[] {
    return inputNames(inputFeatures, this.nFeaturesIn_, `${this.name}.getFeatureNamesOut`);
  }
}
