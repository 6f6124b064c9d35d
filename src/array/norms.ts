// Norms of vectors and matrices, of every order that the array API standard has.
import { BifoldError } from "../runtime/errors.js";
import type { NDArray } from "../runtime/ndarray.js";
import { type Own, scope } from "../runtime/scope.js";
import { axisOf, checkFloat, matrixShape, product } from "./axes.js";
import { svdvals } from "./factors.js";
import { rowNorms, rowNormsOf } from "./linalg.fold";
import { matrixTranspose, permuteDims } from "./moving.js";

/** The norm of each row. `order` is a number; infinite ones are the largest and the smallest absolute value. */
async function normsOfRows(X: NDArray, order: number): Promise<NDArray> {
  if (order === 2) return rowNorms(X);
  if (order === Number.POSITIVE_INFINITY) return rowNormsOf(X, 2, 1);
  if (order === Number.NEGATIVE_INFINITY) return rowNormsOf(X, 3, 1);
  if (order === 0 || order === 1) return rowNormsOf(X, order, 1);
  return rowNormsOf(X, 4, order);
}

/**
 * The norm of all elements, or of the vectors along an axis. `ord` is any number: 0 counts what is not zero, infinities give the largest and the smallest
 * absolute value. @throws {BifoldError} `dtype`, `parameter`
 */
export async function vectorNorm(
  x: NDArray,
  {
    axis,
    ord = 2,
    keepdims = false,
  }: { readonly axis?: number; readonly ord?: number; readonly keepdims?: boolean } = {},
): Promise<NDArray> {
  checkFloat("vectorNorm", x);
  if (Number.isNaN(ord) || typeof ord !== "number")
    throw new BifoldError("parameter", `vectorNorm: ord must be a number, found ${JSON.stringify(ord)}`);
  return scope(async (own) => {
    const at = axis === undefined ? undefined : axisOf("vectorNorm", axis, x.ndim);
    const kept = at === undefined ? [] : [...x.shape.keys()].filter((k) => k !== at);
    const sizes = kept.map((k) => x.shape[k] ?? 1);
    const turned = at === undefined ? x : own(await permuteDims(x, [...kept, at]));
    const count = product(sizes);
    const rows = own(turned.reshape([count, at === undefined ? x.size : (x.shape[at] ?? 0)]));
    const shape = keepdims ? x.shape.map((d, k) => (at === undefined || k === at ? 1 : d)) : sizes;
    return own(await normsOfRows(rows, ord)).reshape(shape);
  });
}

/** The order of a norm of matrices. */
export type MatrixOrder = "fro" | "nuc" | 1 | -1 | 2 | -2 | typeof Infinity;

async function matrixNormOf(own: Own, A: NDArray, ord: MatrixOrder): Promise<NDArray> {
  const row = (x: NDArray): NDArray => own(x.reshape([1, x.size]));
  switch (ord) {
    case "fro":
      return rowNorms(row(A));
    case "nuc":
      return rowNormsOf(row(own(await svdvals(A))), 1, 1);
    case 1:
    case -1: {
      const sums = own(await rowNormsOf(own(await matrixTranspose(A)), 1, 1));
      return rowNormsOf(row(sums), ord === 1 ? 2 : 3, 1);
    }
    case Number.POSITIVE_INFINITY:
    case Number.NEGATIVE_INFINITY: {
      const sums = own(await rowNormsOf(A, 1, 1));
      return rowNormsOf(row(sums), ord > 0 ? 2 : 3, 1);
    }
    case 2:
    case -2:
      return rowNormsOf(row(own(await svdvals(A))), ord === 2 ? 2 : 3, 1);
    default:
      throw new BifoldError(
        "parameter",
        `matrixNorm: ord must be "fro", "nuc", 1, -1, 2, -2 or an infinity, found ${JSON.stringify(ord)}`,
      );
  }
}

/** The norm of a matrix, of rank 0. @throws {BifoldError} `shape`, `dtype`, `parameter` */
export async function matrixNorm(
  A: NDArray,
  { ord = "fro", keepdims = false }: { readonly ord?: MatrixOrder; readonly keepdims?: boolean } = {},
): Promise<NDArray> {
  matrixShape("matrixNorm", A);
  return scope(async (own) => own(await matrixNormOf(own, A, ord)).reshape(keepdims ? [1, 1] : []));
}
