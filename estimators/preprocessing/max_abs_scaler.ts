// MaxAbsScaler: columns divided by their largest absolute value.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import { Estimator } from "../base.js";
import { checkMatrix, checkNewMatrix } from "../validation.js";
import { divideColumns, maxAbsFit, multiplyColumns } from "./max_abs_scaler.fold";

/** MaxAbsScaler has no parameters. */
export type MaxAbsScalerParams = Readonly<Record<never, never>>;

/**
 * Scales each feature by its largest absolute value, so that it lies in [-1, 1]; zeros stay zeros. NaN is left out of the fit and stays in
 * the result. scikit-learn: `sklearn.preprocessing.MaxAbsScaler` (without `copy` and `clip`; without `partial_fit`).
 */
export class MaxAbsScaler extends Estimator<MaxAbsScalerParams> {
  override get name(): string {
    return "MaxAbsScaler";
  }

  constructor(params: MaxAbsScalerParams = {}) {
    super({}, params);
  }

  /** The largest absolute value of each feature, `real[p]`. */
  get maxAbs_(): NDArray {
    return this.attribute("maxAbs_");
  }

  /** What the features are divided by, `real[p]`: 1 where the largest absolute value is below 10 eps. */
  get scale_(): NDArray {
    return this.attribute("scale_");
  }

  /** How many samples `fit` saw. */
  get nSamplesSeen_(): number {
    return this.attribute("nSamplesSeen_");
  }

  /** Learns from `X`, `real[n, p]`. @throws {BifoldError} `shape`, `empty`, `not-finite` (infinities), `device` */
  async fit(X: ArrayInput, _y?: unknown): Promise<this> {
    const learned = await scope(async (own) => {
      const data = await checkMatrix(own, X, "MaxAbsScaler.fit", { allowNaN: true });
      const { maxAbs, scale } = own(await maxAbsFit(data));
      return { maxAbs_: maxAbs, scale_: scale, nSamplesSeen_: data.shape[0], nFeaturesIn_: maxAbs.size };
    });
    this.learn(learned);
    return this;
  }

  /** `X / scale_`, `real[n, p]`. @throws {BifoldError} `not-fitted`, `features`, `device`, `shape`, `empty`, `not-finite` */
  async transform(X: ArrayInput): Promise<NDArray> {
    return this.apply(X, "MaxAbsScaler.transform", divideColumns);
  }

  /** What was transformed, as it was before, `real[n, p]`. Throws what `transform` throws. */
  async inverseTransform(X: ArrayInput): Promise<NDArray> {
    return this.apply(X, "MaxAbsScaler.inverseTransform", multiplyColumns);
  }

  /** `fit`, then `transform` of the same data. */
  async fitTransform(X: ArrayInput, y?: unknown): Promise<NDArray> {
    return (await this.fit(X, y)).transform(X);
  }

  private async apply(X: ArrayInput, what: string, kernel: typeof divideColumns): Promise<NDArray> {
    this.home(what);
    return scope(async (own) => {
      const scale = this.scale_;
      const data = await checkNewMatrix(own, X, what, this.nFeaturesIn_, scale, { allowNaN: true });
      return kernel(data, scale);
    });
  }
}
