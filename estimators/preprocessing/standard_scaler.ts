// StandardScaler: columns to mean 0 and variance 1.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import type { Own } from "../../src/runtime/scope.js";
import { checkParameter, checkWeights } from "../validation.js";
import { ColumnScaler, type Learned } from "./column_scaler.js";
import { scalerFit, scalerFitWeighted, scalerInverse, scalerTransform } from "./standard_scaler.fold";

export interface StandardScalerParams {
  /** Take the mean off. */
  readonly withMean: boolean;
  /** Divide by the standard deviation. */
  readonly withStd: boolean;
}

/** What `fit` takes beside the data. */
interface Options {
  /** A weight for each sample, `real[n]`; a number is that for each. */
  readonly sampleWeight?: ArrayInput;
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
export class StandardScaler extends ColumnScaler<StandardScalerParams, Applied, Options> {
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

  protected check(what: string): void {
    const { withMean, withStd } = this.getParams();
    checkParameter(typeof withMean === "boolean", what, "withMean", "true or false", withMean);
    checkParameter(typeof withStd === "boolean", what, "withStd", "true or false", withStd);
  }

  protected async study(own: Own, X: NDArray, { sampleWeight }: Options, what: string): Promise<Learned<Applied>> {
    const { withMean, withStd } = this.getParams();
    const { mean, variance, scale, seen, even, first } = own(
      sampleWeight === undefined
        ? await scalerFit(X)
        : await scalerFitWeighted(X, await checkWeights(own, sampleWeight, X, what)),
    );
    return {
      attributes: {
        mean_: withMean || withStd ? mean : null,
        var_: withStd ? variance : null,
        scale_: withStd ? scale : null,
        nSamplesSeen_: even ? first : seen,
      },
      applied: { withMean, withStd, mean, scale },
    };
  }

  /** `(X - mean) / scale`. */
  protected forward(X: NDArray, { mean, scale, withMean, withStd }: Applied): Promise<NDArray> {
    return scalerTransform(X, mean, scale, withMean, withStd);
  }

  protected backward(Z: NDArray, { mean, scale, withMean, withStd }: Applied): Promise<NDArray> {
    return scalerInverse(Z, mean, scale, withMean, withStd);
  }
}
