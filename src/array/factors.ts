// `xp.linalg`: QR, eigenvalues, singular values, and what follows from them. Square factors are taken apart on the CPU, long axes stay where they are.
import { asarray } from "../runtime/asarray.js";
import type { FloatDtype } from "../runtime/dtype.js";
import { BifoldError } from "../runtime/errors.js";
import { describeArray, type NDArray } from "../runtime/ndarray.js";
import { type Own, scope } from "../runtime/scope.js";
import { matrixShape, squareSide } from "./axes.js";
import { concatColumns } from "./indexing.js";
import { matmul } from "./linalg.fold";
import { full, matrixTranspose, slice } from "./moving.js";
import { qrLong, qrOfGram, qrShort, triangleOf } from "./qr.fold";
import { eigh as eighOf, leastNorm, rankOf, svdSquare } from "./spectra.fold";

export interface Qr {
  readonly Q: NDArray;
  readonly R: NDArray;
}

export interface Svd {
  readonly U: NDArray;
  readonly S: NDArray;
  readonly Vh: NDArray;
}

export interface Eigh {
  readonly eigenvalues: NDArray;
  readonly eigenvectors: NDArray;
}

const like = (x: NDArray) => ({ device: x.device, dtype: x.dtype as FloatDtype });

/** The factors of a matrix with at least as many rows as columns. */
async function tallQr(own: Own, A: NDArray): Promise<Qr> {
  const [m = 0, k = 0] = A.shape;
  if (m < 2 * k || k === 0) return qrShort(A);
  const first = own(await qrOfGram(A));
  const second = first.holds ? own(await qrOfGram(first.Q)) : undefined;
  // Too close to a smaller rank for the Gram matrix: reflections take any.
  if (!second?.holds || !(second.apart < 0.5)) return qrLong(A);
  return { Q: second.Q, R: await matmul(second.R, first.R) };
}

/**
 * `A = Q R` with orthonormal columns of `Q` and an upper triangular `R`; `[m, n]` gives `Q [m, k]`, `R [k, n]` with `k = min(m, n)`, and with `mode`
 * "complete" `k = m`. Householder reflections; CholeskyQR2 for what is long, where it holds.
 * @throws {BifoldError} `shape`, `dtype`, `parameter`
 */
export async function qr(
  A: NDArray,
  { mode = "reduced" }: { readonly mode?: "reduced" | "complete" } = {},
): Promise<Qr> {
  const [m, n] = matrixShape("qr", A);
  if (mode !== "reduced" && mode !== "complete")
    throw new BifoldError("parameter", `qr: mode must be "reduced" or "complete", found ${JSON.stringify(mode)}`);
  return scope(async (own) => {
    if (m < n) {
      const { Q } = own(await qrShort(own(await slice(A, 1, 0, m))));
      return { Q, R: await triangleOf(Q, A) };
    }
    if (mode === "reduced" || m === n) return tallQr(own, A);
    // Columns of zeros are not reflected: what is left is the whole product.
    const { Q, R } = own(await qrShort(own(await concatColumns([A, own(await full([m, m - n], 0, like(A)))]))));
    return { Q, R: await slice(R, 1, 0, n) };
  });
}

/**
 * Singular values, descending, and vectors of `A = U diag(S) Vh`: of `[m, n]`, `U [m, m]` and `Vh [n, n]`, or with `fullMatrices` false
 * `U [m, k]` and `Vh [k, n]`, `k = min(m, n)`.
 * @throws {BifoldError} `shape`, `dtype`; `R01` for NaN or infinite values
 */
export async function svd(A: NDArray, { fullMatrices = true }: { readonly fullMatrices?: boolean } = {}): Promise<Svd> {
  const [m, n] = matrixShape("svd", A);
  return scope(async (own) => {
    if (m < n) {
      const { U, S, Vh } = own(await svd(own(await matrixTranspose(A)), { fullMatrices }));
      return { U: await matrixTranspose(Vh), S, Vh: await matrixTranspose(U) };
    }
    if (m === n) {
      const { U, s, Vh } = await svdSquare(A);
      return { U, S: s, Vh };
    }
    const factors = own(await qr(A, { mode: fullMatrices ? "complete" : "reduced" }));
    const { Q } = factors;
    const R = fullMatrices ? own(await slice(factors.R, 0, 0, n)) : factors.R;
    const { U, s: S, Vh } = own(await svdSquare(R));
    if (!fullMatrices) return { U: await matmul(Q, U), S, Vh };
    const turned = own(await matmul(own(await slice(Q, 1, 0, n)), U));
    return { U: await concatColumns([turned, own(await slice(Q, 1, n, m - n))]), S, Vh };
  });
}

/** The singular values, descending. @throws {BifoldError} `shape`, `dtype`; `R01` for NaN or infinite values */
export async function svdvals(A: NDArray): Promise<NDArray> {
  return scope(async (own) => own(await svd(A, { fullMatrices: false })).S);
}

/**
 * Eigenvalues, ascending, and eigenvectors (columns) of a symmetric matrix, of which the lower triangle is read.
 * @throws {BifoldError} `shape`, `dtype`; `R01` for NaN or infinite values
 */
export async function eigh(A: NDArray): Promise<Eigh> {
  squareSide("eigh", A);
  const { values, vectors } = await eighOf(A);
  return { eigenvalues: values, eigenvectors: vectors };
}

/** The eigenvalues alone. @throws {BifoldError} as `eigh` */
export async function eigvalsh(A: NDArray): Promise<NDArray> {
  return scope(async (own) => own(await eigh(A)).eigenvalues);
}

/** Below which share of the largest a singular value counts as zero: rounding may have made it. */
const cutoffOf = (A: NDArray, rtol: number | undefined): number =>
  rtol ?? Math.max(...A.shape, 1) * (A.dtype === "float32" ? 2 ** -23 : 2 ** -52);

/** How many singular values are above `rtol` times the largest: an `int32` of rank 0. @throws {BifoldError} as `svd` */
export async function matrixRank(A: NDArray, { rtol }: { readonly rtol?: number } = {}): Promise<NDArray> {
  matrixShape("matrixRank", A);
  return scope(async (own) => {
    const rank = await rankOf(own(await svdvals(A)), cutoffOf(A, rtol));
    return asarray(rank, { dtype: "int32", device: A.device });
  });
}

/** The Moore-Penrose inverse, `[n, m]` of `[m, n]`. @throws {BifoldError} as `svd` */
export async function pinv(A: NDArray, { rtol }: { readonly rtol?: number } = {}): Promise<NDArray> {
  matrixShape("pinv", A);
  return scope(async (own) => {
    const { U, S, Vh } = own(await svd(A, { fullMatrices: false }));
    return leastNorm(S, Vh, own(await matrixTranspose(U)), cutoffOf(A, rtol));
  });
}

export interface LeastSquares {
  readonly solution: NDArray;
  readonly rank: number;
  readonly singularValues: NDArray;
}

/**
 * The `X` of smallest norm that minimises `|A X - B|`, for `B` of one or two dimensions. NumPy: `lstsq`.
 * @throws {BifoldError} `shape`, and as `svd`
 */
export async function lstsq(A: NDArray, B: NDArray, { rtol }: { readonly rtol?: number } = {}): Promise<LeastSquares> {
  const [m, n] = matrixShape("lstsq", A);
  if ((B.ndim !== 1 && B.ndim !== 2) || B.shape[0] !== m)
    throw new BifoldError("shape", `lstsq: A is ${describeArray(A)}, and B ${describeArray(B)} has other rows`);
  return scope(async (own) => {
    const { U, S, Vh } = own(await svd(A, { fullMatrices: false }));
    const cutoff = cutoffOf(A, rtol);
    const columns = own(B.reshape([m, B.shape[1] ?? 1]));
    const W = own(await matmul(own(await matrixTranspose(U)), columns));
    const X = own(await leastNorm(S, Vh, W, cutoff));
    const solution = X.reshape(B.ndim === 1 ? [n] : [n, B.shape[1] ?? 1]);
    return { solution, rank: await rankOf(S, cutoff), singularValues: S };
  });
}
