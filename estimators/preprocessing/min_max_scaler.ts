// MinMaxScaler: columns to a given range.
import type { NDArray } from "../../src/runtime/ndarray.js";
import type { Own } from "../../src/runtime/scope.js";
import { checkParameter } from "../validation.js";
import { ColumnScaler, type Learned, type NoOptions } from "./column_scaler.js";
import { minMaxFit, minMaxInverse, minMaxTransform } from "./min_max_scaler.fold";

export interface MinMaxScalerParams {
  /** The range that the data is mapped to. */
  readonly featureRange: readonly [number, number];
  /** Hold what `transform` gives to the range. */
  readonly clip: boolean;
}

/** What `transform` uses: as the parameters were when it was fitted. */
interface Applied extends MinMaxScalerParams {
  readonly scale: NDArray;
  readonly offset: NDArray;
}

/**
 * Scales each feature to a given range. NaN is left out of the fit and stays in the result.
 * scikit-learn: `sklearn.preprocessing.MinMaxScaler` (without `copy`: arrays are values; without `partial_fit`).
 */
export class MinMaxScaler extends ColumnScaler<MinMaxScalerParams, Applied> {
  override get name(): string {
    return "MinMaxScaler";
  }

  constructor(params: Partial<MinMaxScalerParams> = {}) {
    super({ featureRange: [0, 1], clip: false }, params);
  }

  /** The least value of each feature, `real[p]`. */
  get dataMin_(): NDArray {
    return this.attribute("dataMin_");
  }

  /** The largest value of each feature, `real[p]`. */
  get dataMax_(): NDArray {
    return this.attribute("dataMax_");
  }

  /** `dataMax_ - dataMin_`, `real[p]`. */
  get dataRange_(): NDArray {
    return this.attribute("dataRange_");
  }

  /** What the features are multiplied by, `real[p]`. */
  get scale_(): NDArray {
    return this.attribute("scale_");
  }

  /** What is added after that, `real[p]`. */
  get min_(): NDArray {
    return this.attribute("min_");
  }

  /** How many samples `fit` saw. */
  get nSamplesSeen_(): number {
    return this.attribute("nSamplesSeen_");
  }

  protected check(what: string): void {
    const { featureRange, clip } = this.getParams();
    const [low, high] = featureRange;
    checkParameter(
      featureRange.length === 2 && Number.isFinite(low) && Number.isFinite(high) && low < high,
      what,
      "featureRange",
      "two finite numbers, the lower first",
      featureRange,
    );
    checkParameter(typeof clip === "boolean", what, "clip", "true or false", clip);
  }

  protected async study(own: Own, X: NDArray, _: NoOptions): Promise<Learned<Applied>> {
    const { featureRange, clip } = this.getParams();
    const [low, high] = featureRange;
    const { dataMin, dataMax, dataRange, scale, offset } = own(await minMaxFit(X, low, high));
    return {
      attributes: {
        dataMin_: dataMin,
        dataMax_: dataMax,
        dataRange_: dataRange,
        scale_: scale,
        min_: offset,
        nSamplesSeen_: X.shape[0],
      },
      applied: { featureRange: [low, high], clip, scale, offset },
    };
  }

  /** `X * scale_ + min_`. */
  protected forward(X: NDArray, { scale, offset, featureRange: [low, high], clip }: Applied): Promise<NDArray> {
    return minMaxTransform(X, scale, offset, low, high, clip);
  }

  protected backward(Z: NDArray, { scale, offset }: Applied): Promise<NDArray> {
    return minMaxInverse(Z, scale, offset);
  }
}
