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

/** What `transform` uses: as the parameters were when it was fitted. */
interface Applied extends StandardScalerParams {
  readonly mean: NDArray;
  readonly scale: NDArray;
}

/**
 * Standardizes features by taking off the mean and dividing by the standard deviation; a constant feature is not divided. NaN is left out of the fit and
 * stays in the result. scikit-learn: `sklearn.preprocessing.StandardScaler` (without `copy`: arrays are values;
 * without `partial_fit`).
 */
export class StandardScaler extends Estimator<StandardScalerParams> {
  override get name(): string {
    return "StandardScaler";
  }

  constructor(params: Partial<StandardScalerParams> = {}) {
    super({ withMean: true, withStd: true }, params);
  }

  /** Means of the features, `real[p]`; `null` with `withMean` and `withStd` false. */
  get mean_(): NDArray | null {
    return this.attribute("mean_");
  }

  /** Variances of the features, `real[p]`; `null` with `withStd` false. */
  get var_(): NDArray | null {
    return this.attribute("var_");
  }

  /** What the features are divided by, `real[p]`: 1 for a constant one; `null` with `withStd` false. */
  get scale_(): NDArray | null {
    return this.attribute("scale_");
  }

  /** The samples (their weight, if weighted) that were not NaN: a number if it is the same for all features, else `real[p]`. */
  get nSamplesSeen_(): number | NDArray {
    return this.attribute("nSamplesSeen_");
  }

  /**
   * Learns from `X`, `real[n, p]`, with `sampleWeight`, `real[n]`.
   * @throws {BifoldError} `shape`, `empty`, `not-finite` (infinities), `device`, `parameter`
   */
  async fit(X: ArrayInput, _y?: unknown, { sampleWeight }: { readonly sampleWeight?: ArrayInput } = {}): Promise<this> {
    const what = "StandardScaler.fit";
    const { withMean, withStd } = this.getParams();
    const learned = await scope(async (own) => {
      const data = await checkMatrix(own, X, what, { allowNaN: true });
      const { mean, variance, scale, seen, even, first } = own(
        sampleWeight === undefined
          ? await scalerFit(data)
          : await scalerFitWeighted(data, await checkWeights(own, sampleWeight, data, what)),
      );
      return {
        mean_: withMean || withStd ? mean : null,
        var_: withStd ? variance : null,
        scale_: withStd ? scale : null,
        nSamplesSeen_: even ? first : seen,
        nFeaturesIn_: mean.size,
        applied: { withMean, withStd, mean, scale },
      };
    });
    this.learn(learned);
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
    this.home(what);
    return scope(async (own) => {
      const { withMean, withStd, mean, scale } = this.attribute<Applied>("applied");
      const data = await checkNewMatrix(own, X, what, this.nFeaturesIn_, mean, { allowNaN: true });
      return kernel(data, mean, scale, withMean, withStd);
    });
  }
}
