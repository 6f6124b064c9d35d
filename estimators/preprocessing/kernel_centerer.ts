// KernelCenterer: kernel matrices of features about their means.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { describeArray, type NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import { inputNames } from "../feature_names.js";
import { Transformer } from "../transformer.js";
import { checkMatrix, checkNewMatrix } from "../validation.js";
import { centerKernel, kernelMeans } from "./kernel_centerer.fold";

/** KernelCenterer has no parameters. */
export type KernelCentererParams = Readonly<Record<never, never>>;

/**
 * Centres a kernel matrix: `k(x, y)` becomes the inner product of the features of `x` and `y` less the means of the training samples' features, which
 * are never computed. scikit-learn: `sklearn.preprocessing.KernelCenterer` (without `copy`: arrays are values).
 */
export class KernelCenterer extends Transformer<KernelCentererParams> {
  override get name(): string {
    return "KernelCenterer";
  }

  constructor(params: KernelCentererParams = {}) {
    super({}, params);
  }

  /** The means of the columns of the training kernel, `real[n]`. */
  get KFitRows_(): NDArray {
    return this.attribute("KFitRows_");
  }

  /** The mean of the training kernel. */
  get KFitAll_(): number {
    return this.attribute("KFitAll_");
  }

  /** Learns from the kernel of the training samples, `real[n, n]`. @throws {BifoldError} `shape`, `empty`, `not-finite` */
  async fit(K: ArrayInput, _y?: unknown): Promise<this> {
    const what = "KernelCenterer.fit";
    const learned = await scope(async (own) => {
      const kernel = await checkMatrix(own, K, what, { name: "K" });
      if (kernel.shape[0] !== kernel.shape[1])
        throw new BifoldError(
          "shape",
          `${what}: K must be the square matrix of a kernel of samples and themselves, found ${describeArray(kernel)}`,
        );
      const { rows, whole } = own(await kernelMeans(kernel));
      return { KFitRows_: rows, KFitAll_: whole, nFeaturesIn_: kernel.shape[1] };
    });
    this.learn(learned);
    return this;
  }

  /**
   * The kernel of samples and the training samples, `real[m, n]`, about the means. @throws {BifoldError} `not-fitted`, `features`, `device`, `shape`,
   * `empty`, `not-finite`
   */
  async transform(K: ArrayInput): Promise<NDArray> {
    const what = "KernelCenterer.transform";
    this.home(what);
    return scope(async (own) => {
      const rows = this.KFitRows_;
      const kernel = await checkNewMatrix(own, K, what, this.nFeaturesIn_, rows);
      return centerKernel(kernel, rows, this.KFitAll_);
    });
  }

  /** `kernelcenterer0`, …, as scikit-learn names them. @throws {BifoldError} `not-fitted`, `features` */
  getFeatureNamesOut(inputFeatures?: readonly string[]): readonly string[] {
    const names = inputNames(inputFeatures, this.nFeaturesIn_, "KernelCenterer.getFeatureNamesOut");
    return names.map((_, j) => `kernelcenterer${j}`);
  }
}
