// Kernels of all pairs of rows.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import { checkParameter } from "../validation.js";
import * as kernels from "./pairwise.fold";
import { checkNotNegative, checkPrecomputed, checkSides } from "./pairwise_checks.js";

/** Kernels by scikit-learn's names. */
export const kernelNames = [
  "additive_chi2",
  "chi2",
  "cosine",
  "laplacian",
  "linear",
  "poly",
  "polynomial",
  "rbf",
  "sigmoid",
] as const;
export type KernelName = (typeof kernelNames)[number];

/** Parameters of kernels; each takes those that it has, and what is absent is the kernel's default. */
export interface KernelParams {
  /** The factor of the product or distance: not negative; 1 / features unless said (1 for `chi2`). Of `laplacian` and `chi2` positive. */
  readonly gamma?: number | undefined;
  /** What is added to the product: 1 unless said. */
  readonly coef0?: number | undefined;
  /** The power of `poly`, at least 1: 3 unless said. With one that is no integer `gamma x'y + coef0` must not be negative. */
  readonly degree?: number | undefined;
}

export interface PairwiseKernelOptions extends KernelParams {
  readonly metric?: KernelName | "precomputed";
}

type Gamma = Pick<KernelParams, "gamma">;
type Affine = Pick<KernelParams, "gamma" | "coef0">;

/** @throws {BifoldError} `parameter` */
export function checkKernelParams(params: KernelParams, what: string, gammaPositive = false): void {
  const { gamma, coef0, degree } = params;
  const number = (x: unknown): x is number => typeof x === "number" && Number.isFinite(x);
  if (gamma !== undefined)
    checkParameter(
      number(gamma) && (gammaPositive ? gamma > 0 : gamma >= 0),
      what,
      "gamma",
      gammaPositive ? "a positive number" : "a number that is not negative",
      gamma,
    );
  if (coef0 !== undefined) checkParameter(number(coef0), what, "coef0", "a number", coef0);
  if (degree !== undefined)
    checkParameter(number(degree) && degree >= 1, what, "degree", "a number of at least 1", degree);
}

/** The roundings of a power of this degree are no more than what its base brings along. */
const FEW = 3;

const isWhole = (degree: number): boolean => Number.isInteger(degree) && degree < 2 ** 31;

/** The kernel of checked rows; scikit-learn's defaults stand for what is absent. @throws {BifoldError} `parameter` */
export async function kernelOfRows(
  name: KernelName,
  X: NDArray,
  Y: NDArray,
  params: KernelParams,
  what: string,
): Promise<NDArray> {
  checkKernelParams(params, what, name === "chi2" || name === "laplacian");
  const { gamma = 1 / (X.shape[1] ?? 1), coef0 = 1, degree = 3 } = params;
  switch (name) {
    case "linear":
      return kernels.linearKernel(X, Y);
    case "poly":
    case "polynomial":
      if (!isWhole(degree)) return kernels.polynomialKernelOfRealDegree(X, Y, gamma, coef0, degree);
      return degree > FEW
        ? kernels.polynomialKernelOfHighDegree(X, Y, gamma, coef0, degree)
        : kernels.polynomialKernel(X, Y, gamma, coef0, degree);
    case "sigmoid":
      return kernels.sigmoidKernel(X, Y, gamma, coef0);
    case "cosine":
      return kernels.cosineSimilarity(X, Y);
    case "rbf":
      return kernels.rbfKernel(X, Y, gamma);
    case "laplacian":
      return kernels.laplacianKernel(X, Y, gamma);
    case "additive_chi2":
    case "chi2":
      await checkNotNegative(X, what, "X");
      if (Y !== X) await checkNotNegative(Y, what, "Y");
      return name === "chi2" ? kernels.chi2Kernel(X, Y, params.gamma ?? 1) : kernels.additiveChi2Kernel(X, Y);
  }
}

const kernelOf = (
  name: KernelName,
  X: ArrayInput,
  Y: ArrayInput | undefined,
  params: KernelParams,
  what: string,
): Promise<NDArray> =>
  scope(async (own) => {
    const sides = await checkSides(own, X, Y, what);
    return kernelOfRows(name, sides.X, sides.Y, params, what);
  });

/**
 * Inner products of the rows of `X`, `real[n, p]`, and those of `Y`, `real[m, p]` (of `X` unless said): `real[n, m]`, where `X` is. scikit-learn:
 * `linear_kernel`. @throws {BifoldError} `shape`, `empty`, `not-finite`, `device`
 */
export const linearKernel = (X: ArrayInput, Y?: ArrayInput): Promise<NDArray> =>
  kernelOf("linear", X, Y, {}, "linearKernel");

/** `(gamma x'y + coef0) ^ degree`; see `linearKernel`. scikit-learn: `polynomial_kernel`. @throws {BifoldError} and `parameter` */
export const polynomialKernel = (X: ArrayInput, Y?: ArrayInput, options: KernelParams = {}): Promise<NDArray> =>
  kernelOf("polynomial", X, Y, options, "polynomialKernel");

/** `tanh(gamma x'y + coef0)`; see `linearKernel`. scikit-learn: `sigmoid_kernel`. @throws {BifoldError} and `parameter` */
export const sigmoidKernel = (X: ArrayInput, Y?: ArrayInput, options: Affine = {}): Promise<NDArray> =>
  kernelOf("sigmoid", X, Y, options, "sigmoidKernel");

/**
 * `exp(-gamma |x - y|^2)`, from the differences of the rows, in double precision on the CPU; see `linearKernel`. scikit-learn: `rbf_kernel`.
 * @throws {BifoldError} and `parameter`
 */
export const rbfKernel = (X: ArrayInput, Y?: ArrayInput, options: Gamma = {}): Promise<NDArray> =>
  kernelOf("rbf", X, Y, options, "rbfKernel");

/** `exp(-gamma |x - y|_1)`; see `linearKernel`. scikit-learn: `laplacian_kernel`. @throws {BifoldError} and `parameter` */
export const laplacianKernel = (X: ArrayInput, Y?: ArrayInput, options: Gamma = {}): Promise<NDArray> =>
  kernelOf("laplacian", X, Y, options, "laplacianKernel");

/** Cosines of the angles between rows, 0 for rows of zeros; see `linearKernel`. scikit-learn: `cosine_similarity`. */
export const cosineSimilarity = (X: ArrayInput, Y?: ArrayInput): Promise<NDArray> =>
  kernelOf("cosine", X, Y, {}, "cosineSimilarity");

/**
 * `-sum((x - y)^2 / (x + y))` of rows without negative entries; see `linearKernel`. scikit-learn: `additive_chi2_kernel`.
 * @throws {BifoldError} and `parameter` for a negative entry
 */
export const additiveChi2Kernel = (X: ArrayInput, Y?: ArrayInput): Promise<NDArray> =>
  kernelOf("additive_chi2", X, Y, {}, "additiveChi2Kernel");

/**
 * `exp(-gamma sum((x - y)^2 / (x + y)))` of rows without negative entries; see `linearKernel`. scikit-learn: `chi2_kernel`.
 * @throws {BifoldError} and `parameter`
 */
export const chi2Kernel = (X: ArrayInput, Y?: ArrayInput, options: Gamma = {}): Promise<NDArray> =>
  kernelOf("chi2", X, Y, options, "chi2Kernel");

/**
 * The kernel `metric` (`linear` unless said) of the rows of `X` and those of `Y`, `real[n, m]`. A kernel leaves alone the parameters that it does not
 * have. Of a `precomputed` kernel, `real[n, m]`, what comes back is `X` itself. scikit-learn: `pairwise_kernels` with `filter_params=True` (without
 * functions of two rows, which would be called for each pair: compute such a kernel before, and give it as `precomputed`).
 * @throws {BifoldError} `shape`, `empty`, `not-finite`, `device`, `parameter`
 */
export const pairwiseKernels = (
  X: ArrayInput,
  Y?: ArrayInput,
  { metric = "linear", ...params }: PairwiseKernelOptions = {},
): Promise<NDArray> => {
  const what = "pairwiseKernels";
  return scope(async (own) => {
    checkKernelName(metric, what, "metric");
    if (metric === "precomputed") return checkPrecomputed(own, X, Y, what);
    const sides = await checkSides(own, X, Y, what);
    return kernelOfRows(metric, sides.X, sides.Y, params, what);
  });
};

/** @throws {BifoldError} `parameter` for what is no name of a kernel */
export function checkKernelName(metric: unknown, what: string, name: string): void {
  const names: readonly unknown[] = [...kernelNames, "precomputed"];
  if (typeof metric === "function")
    checkParameter(
      false,
      what,
      name,
      `one of ${names.join(", ")} (compute a kernel of your own before, and give it as "precomputed")`,
      "a function",
    );
  checkParameter(names.includes(metric), what, name, `one of ${names.join(", ")}`, metric);
}
