// Normalizer: rows to norm 1.
import type { NDArray } from "../../src/runtime/ndarray.js";
import { checkParameter } from "../validation.js";
import { normalizeL1, normalizeL2, normalizeMax } from "./normalizer.fold";
import { StatelessTransformer } from "./stateless.js";

export interface NormalizerParams {
  /** The norm that becomes 1. */
  readonly norm: "l1" | "l2" | "max";
}

const kernels = { l1: normalizeL1, l2: normalizeL2, max: normalizeMax } as const;

/**
 * Scales each sample to norm 1; a sample of zeros stays. It learns nothing: `transform` works without `fit`.
 * scikit-learn: `sklearn.preprocessing.Normalizer` (without `copy`).
 */
export class Normalizer extends StatelessTransformer<NormalizerParams> {
  override get name(): string {
    return "Normalizer";
  }

  constructor(params: Partial<NormalizerParams> = {}) {
    super({ norm: "l2" }, params);
  }

  protected check(what: string): void {
    const { norm } = this.getParams();
    checkParameter(Object.hasOwn(kernels, norm), what, "norm", '"l1", "l2" or "max"', norm);
  }

  protected apply(X: NDArray): Promise<NDArray> {
    return kernels[this.getParams().norm](X);
  }
}
