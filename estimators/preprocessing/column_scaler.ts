// What the scalers of columns share: a map of each column that `fit` learns, put on new data, and its inverse.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { type Own, scope } from "../../src/runtime/scope.js";
import type { Attributes } from "../base.js";
import { inputNames } from "../feature_names.js";
import { Transformer } from "../transformer.js";
import { checkMatrix, checkNewMatrix } from "../validation.js";

/** What `fit` takes beside the data, where an estimator takes nothing. */
export type NoOptions = Readonly<Record<never, never>>;

/** What a fit gives: the attributes that it shows, and what the maps use, as the parameters were then. */
export interface Learned<A> {
  readonly attributes: Attributes;
  readonly applied: A;
}

/** `applied.scale` has an entry for each column, and shows where the fitted arrays live. */
export abstract class ColumnScaler<
  P extends object,
  A extends { readonly scale: NDArray },
  O extends object = NoOptions,
> extends Transformer<P, O> {
  /** Throws `parameter` where the parameters are wrong. */
  protected abstract check(what: string): void;
  /** What is learned from `X`, which is checked; it belongs to the scope of `own`. */
  protected abstract study(own: Own, X: NDArray, options: O, what: string): Promise<Learned<A>>;
  protected abstract forward(X: NDArray, applied: A): Promise<NDArray>;
  protected abstract backward(Z: NDArray, applied: A): Promise<NDArray>;

  /** Learns from `X`, `real[n, p]`; NaN is left out. @throws {BifoldError} `shape`, `empty`, `not-finite` (infinities), `device`, `parameter` */
  async fit(X: ArrayInput, _y?: unknown, options: O = {} as O): Promise<this> {
    const what = `${this.name}.fit`;
    this.check(what);
    const learned = await scope(async (own) => {
      const data = await checkMatrix(own, X, what, { allowNaN: true });
      const { attributes, applied } = await this.study(own, data, options, what);
      return { ...attributes, applied, nFeaturesIn_: data.shape[1] };
    });
    this.learn(learned);
    return this;
  }

  /** The columns of `X`, `real[n, p]`, scaled; NaN stays. @throws {BifoldError} `not-fitted`, `features`, `device`, `shape`, `empty`, `not-finite` */
  async transform(X: ArrayInput): Promise<NDArray> {
    return this.put(X, "transform", (data, applied) => this.forward(data, applied));
  }

  /** What was transformed, as it was before, `real[n, p]`. Throws what `transform` throws. */
  async inverseTransform(X: ArrayInput): Promise<NDArray> {
    return this.put(X, "inverseTransform", (data, applied) => this.backward(data, applied));
  }

  /** The names of the columns, which are those that go in. @throws {BifoldError} `not-fitted`, `features` */
  getFeatureNamesOut(inputFeatures?: readonly string[]): readonly string[] {
    return inputNames(inputFeatures, this.nFeaturesIn_, `${this.name}.getFeatureNamesOut`);
  }

  private async put(
    X: ArrayInput,
    method: string,
    map: (data: NDArray, applied: A) => Promise<NDArray>,
  ): Promise<NDArray> {
    const what = `${this.name}.${method}`;
    this.home(what);
    return scope(async (own) => {
      const applied = this.attribute<A>("applied");
      const data = await checkNewMatrix(own, X, what, this.nFeaturesIn_, applied.scale, { allowNaN: true });
      return map(data, applied);
    });
  }
}
