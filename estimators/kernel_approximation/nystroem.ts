// Nystroem: features whose inner products approximate a kernel.
import { takeRows } from "../../src/array/index.js";
import { checkRandomState, type RandomSource } from "../../src/random/random_state.js";
import { type ArrayInput, asarray } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { describeArray, type NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import {
  checkKernelName,
  checkKernelParams,
  type KernelName,
  type KernelParams,
  kernelOfRows,
} from "../metrics/pairwise_kernels.js";
import { Transformer } from "../transformer.js";
import { checkMatrix, checkNewMatrix, checkParameter } from "../validation.js";
import { warn } from "../warn.js";
import { nystroemFeatures, nystroemNormalization, nystroemNormalizationOfAny } from "./nystroem.fold";

export interface NystroemParams {
  /** A name of `pairwiseKernels`; of `precomputed`, `X` is the kernel matrix of the samples. */
  readonly kernel: KernelName | "precomputed";
  /** The kernel's parameters; `null` for its defaults. Kernels leave alone what they do not have. */
  readonly gamma: number | null;
  readonly coef0: number | null;
  readonly degree: number | null;
  /** Parameters of the kernel for which there is none of the above. */
  readonly kernelParams: KernelParams | null;
  /** How many samples are the basis, and features there are: at most as many as there are samples. */
  readonly nComponents: number;
  /** For the choice of the basis. */
  readonly randomState: RandomSource | null;
  /** There for scikit-learn's: the device has its own threads. */
  readonly nJobs: number | null;
}

/**
 * Approximates a kernel map by a subset of the data: `k(X, basis) k(basis, basis)^-1/2`. The kernel matrix `real[n, m]` is computed and multiplied where `X`
 * is; the decomposition of the basis's kernel, `real[m, m]`, is the CPU's. With more components than samples there are as many as samples, and a warning.
 * scikit-learn: `sklearn.kernel_approximation.Nystroem` (with named and precomputed kernels; functions of two samples are refused).
 */
export class Nystroem extends Transformer<NystroemParams> {
  override get name(): string {
    return "Nystroem";
  }

  constructor(params: Partial<NystroemParams> = {}) {
    super(
      {
        kernel: "rbf",
        gamma: null,
        coef0: null,
        degree: null,
        kernelParams: null,
        nComponents: 100,
        randomState: null,
        nJobs: null,
      },
      params,
    );
  }

  /** The basis, `real[m, p]`. */
  get components_(): NDArray {
    return this.attribute("components_");
  }

  /** Which samples of the training data the basis is, `int32[m]`. */
  get componentIndices_(): NDArray {
    return this.attribute("componentIndices_");
  }

  /** The inverse root of the basis's kernel matrix, `real[m, m]`. */
  get normalization_(): NDArray {
    return this.attribute("normalization_");
  }

  /**
   * Chooses the basis from `X`, `real[n, p]`, and learns its normalization.
   * @throws {BifoldError} `shape`, `empty`, `not-finite`, `parameter`; `R01` where a decomposition fails
   */
  async fit(X: ArrayInput, _y?: unknown): Promise<this> {
    const what = "Nystroem.fit";
    const { kernel, nComponents, randomState } = this.getParams();
    const params = this.kernelParams(what);
    checkParameter(
      Number.isInteger(nComponents) && nComponents >= 1,
      what,
      "nComponents",
      "an integer of at least 1",
      nComponents,
    );
    const learned = await scope(async (own) => {
      const data = await checkMatrix(own, X, what);
      const [n = 0, p = 0] = data.shape;
      if (kernel === "precomputed") checkSquare(data, nComponents, what);
      if (nComponents > n)
        warn(
          `${what}: nComponents is ${nComponents} and X has ${n} ${n === 1 ? "sample" : "samples"}: all of X is the basis`,
        );
      const order = checkRandomState(randomState ?? undefined).permutation(n);
      const indices = own(await asarray(order.slice(0, nComponents), { device: data.device }));
      const basis = own(await takeRows(data, indices));
      const normalization =
        kernel === "precomputed"
          ? await nystroemNormalizationOfAny(basis)
          : await nystroemNormalization(own(await kernelOfRows(kernel, basis, basis, params, what)));
      return {
        components_: basis,
        normalization_: own(normalization),
        componentIndices_: indices,
        nFeaturesIn_: p,
      };
    });
    this.learn(learned);
    return this;
  }

  /**
   * The features of the rows of `X`, `real[n, p]`: `real[n, m]`. Of a precomputed kernel the rows of `X` are kernel values with the training data.
   * @throws {BifoldError} `not-fitted`, `features`, `device`, `shape`, `empty`, `not-finite`, `parameter`
   */
  async transform(X: ArrayInput): Promise<NDArray> {
    const what = "Nystroem.transform";
    this.home(what);
    const { kernel } = this.getParams();
    const params = this.kernelParams(what);
    return scope(async (own) => {
      const { components_: basis, normalization_: normalization } = this;
      const data = await checkNewMatrix(own, X, what, this.nFeaturesIn_, basis);
      const K = kernel === "precomputed" ? data : own(await kernelOfRows(kernel, data, basis, params, what));
      return nystroemFeatures(K, normalization);
    });
  }

  /** `nystroem0`, `nystroem1`, …, as scikit-learn names them. @throws {BifoldError} `not-fitted` */
  getFeatureNamesOut(_inputFeatures?: readonly string[]): readonly string[] {
    return Array.from({ length: this.components_.shape[0] ?? 0 }, (_, j) => `nystroem${j}`);
  }

  /** The kernel's parameters, checked. @throws {BifoldError} `parameter` */
  private kernelParams(what: string): KernelParams {
    const { kernel, gamma, coef0, degree, kernelParams } = this.getParams();
    checkKernelName(kernel, what, "kernel");
    const given = Object.fromEntries(Object.entries({ gamma, coef0, degree }).filter(([, value]) => value !== null));
    if (kernel === "precomputed" && Object.keys(given).length > 0)
      throw new BifoldError(
        "parameter",
        `${what}: a precomputed kernel takes no gamma, coef0 or degree, found ${Object.keys(given).join(", ")}`,
      );
    const params: KernelParams = { ...kernelParams, ...given };
    checkKernelParams(params, what);
    return params;
  }
}

/** @throws {BifoldError} `shape`, `parameter`: the kernel of a part of the samples would be another matrix */
function checkSquare(K: NDArray, nComponents: number, what: string): void {
  const [n = 0, p = 0] = K.shape;
  if (n !== p)
    throw new BifoldError(
      "shape",
      `${what}: a precomputed kernel has a column for each of its ${n} rows, found ${describeArray(K)}`,
    );
  checkParameter(
    nComponents >= n,
    what,
    "nComponents",
    `at least the number of samples, ${n}, with a precomputed kernel`,
    nComponents,
  );
}
