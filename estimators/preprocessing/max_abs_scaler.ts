// MaxAbsScaler: columns divided by their largest absolute value.
import type { NDArray } from "../../src/runtime/ndarray.js";
import type { Own } from "../../src/runtime/scope.js";
import { checkParameter } from "../validation.js";
import { ColumnScaler, type Learned, type NoOptions } from "./column_scaler.js";
import { divideColumns, maxAbsFit, multiplyColumns } from "./max_abs_scaler.fold";

export interface MaxAbsScalerParams {
  /** Hold what `transform` gives to [-1, 1]. */
  readonly clip: boolean;
}

interface Applied extends MaxAbsScalerParams {
  readonly scale: NDArray;
}

/**
 * Scales each feature by its largest absolute value, so that it lies in [-1, 1]; zeros stay zeros. NaN is left out of the fit and stays in
 * the result. scikit-learn: `sklearn.preprocessing.MaxAbsScaler` (without `copy`: arrays are values; without `partial_fit`).
 */
export class MaxAbsScaler extends ColumnScaler<MaxAbsScalerParams, Applied> {
  override get name(): string {
    return "MaxAbsScaler";
  }

  constructor(params: Partial<MaxAbsScalerParams> = {}) {
    super({ clip: false }, params);
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

  protected check(what: string): void {
    const { clip } = this.getParams();
    checkParameter(typeof clip === "boolean", what, "clip", "true or false", clip);
  }

  protected async study(own: Own, X: NDArray, _: NoOptions): Promise<Learned<Applied>> {
    const { clip } = this.getParams();
    const { maxAbs, scale } = own(await maxAbsFit(X));
    return { attributes: { maxAbs_: maxAbs, scale_: scale, nSamplesSeen_: X.shape[0] }, applied: { scale, clip } };
  }

  protected forward(X: NDArray, { scale, clip }: Applied): Promise<NDArray> {
    return divideColumns(X, scale, clip);
  }

  protected backward(Z: NDArray, { scale }: Applied): Promise<NDArray> {
    return multiplyColumns(Z, scale);
  }
}
