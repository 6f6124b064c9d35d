// `xp.linalg`: the array API standard's linear algebra of matrices, under its names in camelCase.
import { BifoldError } from "../runtime/errors.js";
import { describeArray, type NDArray } from "../runtime/ndarray.js";
import { scope } from "../runtime/scope.js";
import { axisOf, checkFloat, matrixShape, product, squareSide } from "./axes.js";
import { takeRows } from "./indexing.js";
import {
  cholesky as choleskyOf,
  crossRows,
  lu,
  matmul as matmulOf,
  rowDots,
  rowSums,
  solveFactored,
} from "./linalg.fold";
import { eye, steps } from "./moving.fold";
import { expandDims, matrixTranspose, permuteDims } from "./moving.js";

export { eigh, eigvalsh, lstsq, matrixRank, pinv, qr, svd, svdvals } from "./factors.js";
export { matrixTranspose } from "./moving.js";
export { matrixNorm, vectorNorm } from "./norms.js";

/**
 * The lower triangle `L` of `A = L L'` for a symmetric positive definite `A` (its lower triangle is read); with `upper`, the transpose.
 * @throws {BifoldError} `shape`, `dtype`; `R01` where `A` is not positive definite
 */
export async function cholesky(A: NDArray, { upper = false }: { readonly upper?: boolean } = {}): Promise<NDArray> {
  squareSide("cholesky", A);
  if (!upper) return choleskyOf(A);
  return scope(async (own) => matrixTranspose(own(await choleskyOf(A))));
}

/** `X` of `A X = B`, for `B` of one or two dimensions. @throws {BifoldError} `shape`, `dtype`; `R01` where `A` is singular */
export async function solve(A: NDArray, B: NDArray): Promise<NDArray> {
  const n = squareSide("solve", A);
  if ((B.ndim !== 1 && B.ndim !== 2) || B.shape[0] !== n)
    throw new BifoldError("shape", `solve: A is ${describeArray(A)}, and B ${describeArray(B)} has other rows`);
  return scope(async (own) => {
    const { F, rows } = own(await lu(A));
    const columns = own(B.reshape([n, B.shape[1] ?? 1]));
    return own(await solveFactored(F, rows, columns)).reshape(B.shape);
  });
}

/** The inverse. @throws {BifoldError} `shape`, `dtype`; `R01` where `A` is singular */
export async function inv(A: NDArray): Promise<NDArray> {
  const n = squareSide("inv", A);
  return scope(async (own) => solve(A, own(await eye(n, n, like(A)))));
}

const like = (x: NDArray) => ({ device: x.device, dtype: x.dtype as "float32" | "float64" });

/** The determinant, of rank 0. @throws {BifoldError} `shape`, `dtype` */
export async function det(A: NDArray): Promise<NDArray> {
  squareSide("det", A);
  return scope(async (own) => own(await lu(A)).det.reshape([]));
}

/** The sign of the determinant and the logarithm of its size, each of rank 0. @throws {BifoldError} `shape`, `dtype` */
export async function slogdet(A: NDArray): Promise<{ readonly sign: NDArray; readonly logabsdet: NDArray }> {
  squareSide("slogdet", A);
  return scope(async (own) => {
    const { sign, logabsdet } = own(await lu(A));
    return { sign: sign.reshape([]), logabsdet: logabsdet.reshape([]) };
  });
}

/** The product of matrices, or of a matrix and a vector, or of two vectors. @throws {BifoldError} `shape`, `dtype`, `device` */
export async function matmul(a: NDArray, b: NDArray): Promise<NDArray> {
  checkFloat("matmul", a);
  checkFloat("matmul", b);
  const k = a.shape[a.ndim - 1] ?? 0;
  if (![1, 2].includes(a.ndim) || ![1, 2].includes(b.ndim) || b.shape[0] !== k)
    throw new BifoldError(
      "shape",
      `matmul takes vectors and matrices that fit, found ${describeArray(a)} and ${describeArray(b)}`,
    );
  return scope(async (own) => {
    const left = own(a.reshape([a.ndim === 2 ? (a.shape[0] ?? 0) : 1, k]));
    const right = own(b.reshape([k, b.ndim === 2 ? (b.shape[1] ?? 0) : 1]));
    return own(await matmulOf(left, right)).reshape([...a.shape.slice(0, -1), ...b.shape.slice(1)]);
  });
}

/** `A` multiplied with itself `n` times; of a negative `n`, the inverse. @throws {BifoldError} `shape`, `parameter` */
export async function matrixPower(A: NDArray, n: number): Promise<NDArray> {
  const side = squareSide("matrixPower", A);
  if (!Number.isInteger(n))
    throw new BifoldError("parameter", `matrixPower: the power must be an integer, found ${String(n)}`);
  return scope(async (own) => {
    let square = n < 0 ? own(await inv(A)) : A;
    let result = own(await eye(side, side, like(A)));
    for (let left = Math.abs(n); left > 0; left = Math.floor(left / 2)) {
      if (left % 2 === 1) result = own(await matmulOf(result, square));
      if (left > 1) square = own(await matmulOf(square, square));
    }
    return result;
  });
}

/** The products of all pairs of elements of two vectors. @throws {BifoldError} `shape`, `dtype`, `device` */
export async function outer(a: NDArray, b: NDArray): Promise<NDArray> {
  if (a.ndim !== 1 || b.ndim !== 1)
    throw new BifoldError("shape", `outer takes two vectors, found ${describeArray(a)} and ${describeArray(b)}`);
  return scope(async (own) => matmul(own(await expandDims(a, { axis: 1 })), own(await expandDims(b, { axis: 0 }))));
}

/** Sums of products over `axes`: so many last axes of `a` and first of `b`, or those named. @throws {BifoldError} `shape` */
export async function tensordot(
  a: NDArray,
  b: NDArray,
  { axes = 2 }: { readonly axes?: number | readonly [readonly number[], readonly number[]] } = {},
): Promise<NDArray> {
  const [first, second] =
    typeof axes === "number"
      ? [Array.from({ length: axes }, (_, k) => a.ndim - axes + k), Array.from({ length: axes }, (_, k) => k)]
      : axes;
  const left = first.map((k) => axisOf("tensordot", k, a.ndim));
  const right = second.map((k) => axisOf("tensordot", k, b.ndim));
  if (left.length !== right.length || left.some((k, i) => a.shape[k] !== b.shape[right[i] ?? -1]))
    throw new BifoldError("shape", `tensordot: ${describeArray(a)} and ${describeArray(b)} do not fit on these axes`);
  const keepA = [...a.shape.keys()].filter((k) => !left.includes(k));
  const keepB = [...b.shape.keys()].filter((k) => !right.includes(k));
  const sizes = (x: NDArray, kept: readonly number[]): number[] => kept.map((k) => x.shape[k] ?? 1);
  const summed = product(sizes(a, left));
  return scope(async (own) => {
    const A = own(own(await permuteDims(a, [...keepA, ...left])).reshape([product(sizes(a, keepA)), summed]));
    const B = own(own(await permuteDims(b, [...right, ...keepB])).reshape([summed, product(sizes(b, keepB))]));
    return own(await matmul(A, B)).reshape([...sizes(a, keepA), ...sizes(b, keepB)]);
  });
}

/** Vectors of two arrays of one shape as rows: along `axis`, which is moved to the end. */
async function pairs<T>(
  what: string,
  a: NDArray,
  b: NDArray,
  axis: number,
  body: (A: NDArray, B: NDArray, rest: readonly number[], order: readonly number[]) => Promise<T>,
): Promise<T> {
  if (a.ndim !== b.ndim || a.shape.some((d, k) => d !== b.shape[k]))
    throw new BifoldError(
      "shape",
      `${what} takes arrays of one shape, found ${describeArray(a)} and ${describeArray(b)}`,
    );
  const at = axisOf(what, axis, a.ndim);
  const order = [...[...a.shape.keys()].filter((k) => k !== at), at];
  const rest = order.slice(0, -1).map((k) => a.shape[k] ?? 1);
  return scope(async (own) => {
    const rows = async (x: NDArray): Promise<NDArray> =>
      own(own(await permuteDims(x, order)).reshape([product(rest), a.shape[at] ?? 0]));
    return body(await rows(a), await rows(b), rest, order);
  });
}

/** Dot products of vectors along an axis. @throws {BifoldError} `shape`, `dtype`, `device` */
export async function vecdot(a: NDArray, b: NDArray, { axis = -1 }: { readonly axis?: number } = {}): Promise<NDArray> {
  return pairs("vecdot", a, b, axis, async (A, B, rest) => {
    const dots = await rowDots(A, B);
    const shaped = dots.reshape(rest);
    dots.dispose();
    return shaped;
  });
}

/** Cross products of vectors of three elements along an axis. @throws {BifoldError} `shape`, `dtype`, `device` */
export async function cross(a: NDArray, b: NDArray, { axis = -1 }: { readonly axis?: number } = {}): Promise<NDArray> {
  return pairs("cross", a, b, axis, (A, B, rest, order) =>
    scope(async (own) => {
      const turned = own(own(await crossRows(A, B)).reshape([...rest, 3]));
      return permuteDims(
        turned,
        [...order.keys()].map((k) => order.indexOf(k)),
      );
    }),
  );
}

/** The elements beside the diagonal by `offset`. @throws {BifoldError} `shape` */
export async function diagonal(A: NDArray, { offset = 0 }: { readonly offset?: number } = {}): Promise<NDArray> {
  const [n, m] = A.shape;
  if (n === undefined || m === undefined || A.ndim !== 2)
    throw new BifoldError("shape", `diagonal takes one matrix, found ${describeArray(A)}`);
  const count = Math.max(0, offset < 0 ? Math.min(n + offset, m) : Math.min(n, m - offset));
  return scope(async (own) => {
    const places = own(await steps(count, offset < 0 ? -offset * m : offset, m + 1, { device: A.device }));
    return takeRows(own(A.reshape([n * m])), places);
  });
}

/** The sum of the diagonal, of rank 0. @throws {BifoldError} `shape`, `dtype` */
export async function trace(A: NDArray, { offset = 0 }: { readonly offset?: number } = {}): Promise<NDArray> {
  matrixShape("trace", A);
  return scope(async (own) => {
    const d = own(await diagonal(A, { offset }));
    return own(await rowSums(own(d.reshape([1, d.size])))).reshape([]);
  });
}
