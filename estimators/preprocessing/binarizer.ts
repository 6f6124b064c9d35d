// Binarizer: 1 above a threshold, 0 elsewhere.
import type { NDArray } from "../../src/runtime/ndarray.js";
import { checkParameter } from "../validation.js";
import { binarize } from "./binarizer.fold";
import { StatelessTransformer } from "./stateless.js";

export interface BinarizerParams {
  /** What is above it becomes 1. */
  readonly threshold: number;
}

/**
 * Sets each entry to 1 where it is above the threshold and to 0 elsewhere. It learns nothing: `transform` works without `fit`.
 * scikit-learn: `sklearn.preprocessing.Binarizer` (without `copy`).
 */
export class Binarizer extends StatelessTransformer<BinarizerParams> {
  override get name(): string {
    return "Binarizer";
  }

  constructor(params: Partial<BinarizerParams> = {}) {
    super({ threshold: 0 }, params);
  }

  protected check(what: string): void {
    const { threshold } = this.getParams();
    checkParameter(Number.isFinite(threshold), what, "threshold", "a finite number", threshold);
  }

  protected apply(X: NDArray): Promise<NDArray> {
    return binarize(X, this.getParams().threshold);
  }
}
