// StandardScaler: columns to mean 0 and variance 1.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import { Estimator } from "../base.js";
import { checkMatrix, checkNewMatrix, checkWeights } from "../validation.js";
import { scalerFit, scalerFitWeighted, scalerInverse, scalerTransform } from "./standard_scaler.fold";

export interface StandardScalerParams {
  /** Take the mean off. */
  readonly withMean: boolean;
  /** Divide by the standard deviation. */
  readonly withStd: boolean;
}

/**
 * Standardizes features by taking off the mean and dividing by the standard deviation; a constant feature is not divided. NaN is left out of the fit and
 * stays in the result. scikit-learn: `sklearn.preprocessing.StandardScaler` (without `copy` and `partial_fit`).
 */
export class StandardScaler extends Estimator<StandardScalerParams> {
  constructor(params: Partial<StandardScalerParams> = {}) {
    super({ withMean: true, withStd: true }, params);
  }

  /** Means of the features, `real[p]`. */
  get mean_(): NDArray {
    return this.attribute("mean_");
  }

  /** Variances of the features, `real[p]`. */
  get var_(): NDArray {
    return this.attribute("var_");
  }

  /** What the features are divided by, `real[p]`. */
  get scale_(): NDArray {
    return this.attribute("scale_");
  }

  /** The samples (their weight, if weighted) that were not NaN in each feature, `real[p]`. */
  get nSamplesSeen_(): NDArray {
    return this.attribute("nSamplesSeen_");
  }

  /**
   * Learns from `X`, `real[n, p]`, with `sampleWeight`, `real[n]`.
   * @throws {BifoldError} `shape`, `empty`, `not-finite` (infinities), `device`, `parameter`
   */
  async fit(X: ArrayInput, _y?: unknown, { sampleWeight }: { readonly sampleWeight?: ArrayInput } = {}): Promise<this> {
    const what = "StandardScaler.fit";
    const learned = await scope(async (own) => {
      const data = await checkMatrix(own, X, what, { allowNaN: true });
      return sampleWeight === undefined
        ? scalerFit(data)
        : scalerFitWeighted(data, await checkWeights(own, sampleWeight, data, what));
    });
    this.learn({
      mean_: learned.mean,
      var_: learned.variance,
      scale_: learned.scale,
      nSamplesSeen_: learned.seen,
      nFeaturesIn_: learned.mean.size,
    });
    return this;
  }

  /** `(X - mean) / scale`, `real[n, p]`. @throws {BifoldError} `not-fitted`, `features`, `device`, `shape`, `empty`, `not-finite` */
  async transform(X: ArrayInput): Promise<NDArray> {
    return this.apply(X, "StandardScaler.transform", scalerTransform);
  }

  /** What was transformed, as it was before, `real[n, p]`. Throws what `transform` throws. */
  async inverseTransform(X: ArrayInput): Promise<NDArray> {
    return this.apply(X, "StandardScaler.inverseTransform", scalerInverse);
  }

  /** `fit`, then `transform` of the same data. */
  async fitTransform(
    X: ArrayInput,
    y?: unknown,
    options: { readonly sampleWeight?: ArrayInput } = {},
  ): Promise<NDArray> {
    return (await this.fit(X, y, options)).transform(X);
  }

  private async apply(X: ArrayInput, what: string, kernel: typeof scalerTransform): Promise<NDArray> {
    const { withMean, withStd } = this.getParams();
    this.home(what);
    return scope(async (own) => {
      const data = await checkNewMatrix(own, X, what, this.nFeaturesIn_, this.mean_, { allowNaN: true });
      return kernel(data, this.mean_, this.scale_, withMean, withStd);
    });
  }
}
