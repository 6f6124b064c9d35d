// MinMaxScaler: columns to a given range.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import { Estimator } from "../base.js";
import { checkMatrix, checkNewMatrix, checkParameter } from "../validation.js";
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
 * scikit-learn: `sklearn.preprocessing.MinMaxScaler` (without `copy`; without `partial_fit`).
 */
export class MinMaxScaler extends Estimator<MinMaxScalerParams> {
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

  /** Learns from `X`, `real[n, p]`. @throws {BifoldError} `shape`, `empty`, `not-finite` (infinities), `device`, `parameter` */
  async fit(X: ArrayInput, _y?: unknown): Promise<this> {
    const what = "MinMaxScaler.fit";
    const { featureRange, clip } = this.getParams();
    const [low, high] = featureRange;
    checkParameter(
      featureRange.length === 2 && Number.isFinite(low) && Number.isFinite(high) && low < high,
      what,
      "featureRange",
      "two finite numbers, the lower first",
      featureRange,
    );
    const learned = await scope(async (own) => {
      const data = await checkMatrix(own, X, what, { allowNaN: true });
      const { dataMin, dataMax, dataRange, scale, offset } = own(await minMaxFit(data, low, high));
      return {
        dataMin_: dataMin,
        dataMax_: dataMax,
        dataRange_: dataRange,
        scale_: scale,
        min_: offset,
        nSamplesSeen_: data.shape[0],
        nFeaturesIn_: scale.size,
        applied: { featureRange: [low, high], clip, scale, offset },
      };
    });
    this.learn(learned);
    return this;
  }

  /** `X * scale_ + min_`, `real[n, p]`. @throws {BifoldError} `not-fitted`, `features`, `device`, `shape`, `empty`, `not-finite` */
  async transform(X: ArrayInput): Promise<NDArray> {
    return this.apply(X, "MinMaxScaler.transform", (data, { scale, offset, featureRange: [low, high], clip }) =>
      minMaxTransform(data, scale, offset, low, high, clip),
    );
  }

  /** What was transformed, as it was before, `real[n, p]`. Throws what `transform` throws. */
  async inverseTransform(X: ArrayInput): Promise<NDArray> {
    return this.apply(X, "MinMaxScaler.inverseTransform", (data, { scale, offset }) =>
      minMaxInverse(data, scale, offset),
    );
  }

  /** `fit`, then `transform` of the same data. */
  async fitTransform(X: ArrayInput, y?: unknown): Promise<NDArray> {
    return (await this.fit(X, y)).transform(X);
  }

  private async apply(
    X: ArrayInput,
    what: string,
    map: (data: NDArray, applied: Applied) => Promise<NDArray>,
  ): Promise<NDArray> {
    this.home(what);
    return scope(async (own) => {
      const applied = this.attribute<Applied>("applied");
      return map(await checkNewMatrix(own, X, what, this.nFeaturesIn_, applied.scale, { allowNaN: true }), applied);
    });
  }
}
