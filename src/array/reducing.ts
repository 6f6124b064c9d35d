// What is left of an axis, or of all elements: sums, means, extremes, and where they are.
import type { Dtype } from "../abi.js";
import { isFloat } from "../runtime/dtype.js";
import { BifoldError } from "../runtime/errors.js";
import { describeArray, type NDArray } from "../runtime/ndarray.js";
import { scope } from "../runtime/scope.js";
import { axisOf, checkFloat, product } from "./axes.js";
import { subtract } from "./math.js";
import { permuteDims, slice } from "./moving.js";
import * as kernels from "./reducing.fold";
import { asWords, fromWords } from "./words.js";

export interface ReduceOptions {
  /** The axis that goes; all of them, unless said. */
  readonly axis?: number;
  /** Whether it stays with size 1. */
  readonly keepdims?: boolean;
}

type Reduction = (x: NDArray, options?: ReduceOptions) => Promise<NDArray>;
type Rows = (X: NDArray) => Promise<NDArray>;

const unsigned: Rows = async (X) =>
  scope(async (own) => {
    const { dtype } = X;
    const out = await kernels.sumWords(own(asWords(X, X.shape)));
    return fromWords(out, dtype, out.shape);
  });

/** `empty` says whether there is a result for no elements. */
const reduction =
  (name: string, rowsOf: (dtype: Dtype) => Rows | undefined, empty: boolean): Reduction =>
  (x, { axis, keepdims = false } = {}) =>
    scope(async (own) => {
      const rows = rowsOf(x.dtype);
      if (!rows)
        throw new BifoldError("dtype", `${name} does not take ${describeArray(x)}: convert it with \`asarray\``);
      const at = axis === undefined ? undefined : axisOf(name, axis, x.ndim);
      const kept = at === undefined ? [] : [...x.shape.keys()].filter((k) => k !== at);
      const sizes = kept.map((k) => x.shape[k] ?? 1);
      const length = at === undefined ? x.size : (x.shape[at] ?? 0);
      if (length === 0 && !empty)
        throw new BifoldError("empty", `${name}: there is no element to take in ${describeArray(x)}`);
      const turned = at === undefined ? x : own(await permuteDims(x, [...kept, at]));
      const out = own(await rows(own(turned.reshape([product(sizes), length]))));
      return out.reshape(keepdims ? x.shape.map((d, k) => (at === undefined || k === at ? 1 : d)) : sizes);
    });

const float =
  (rows: Rows, otherwise: Partial<Record<Dtype, Rows>> = {}) =>
  (dtype: Dtype): Rows | undefined =>
    isFloat(dtype) ? rows : otherwise[dtype];
const bool =
  (rows: Rows) =>
  (dtype: Dtype): Rows | undefined =>
    dtype === "bool" ? rows : undefined;

/** Integers wrap. */
export const sum = reduction("sum", float(kernels.sumRows, { int32: unsigned, uint32: unsigned }), true);
export const mean = reduction("mean", float(kernels.meanRows), false);
export const prod = reduction("prod", float(kernels.prodRows), true);
/** NaN where one is. */
export const max = reduction("max", float(kernels.maxRows, { int32: kernels.maxInts }), false);
/** NaN where one is. */
export const min = reduction("min", float(kernels.minRows, { int32: kernels.minInts }), false);
/** The first of equals, as an `int32`. */
export const argmax = reduction("argmax", float(kernels.argmaxRows), false);
/** The first of equals, as an `int32`. */
export const argmin = reduction("argmin", float(kernels.argminRows), false);
export const any = reduction("any", bool(kernels.anyRows), true);
export const all = reduction("all", bool(kernels.allRows), true);

/** Sums of all elements up to each along an axis. @throws {BifoldError} `dtype`, `parameter` */
export async function cumulativeSum(x: NDArray, { axis = 0 }: { readonly axis?: number } = {}): Promise<NDArray> {
  checkFloat("cumulativeSum", x);
  const at = axisOf("cumulativeSum", axis, x.ndim);
  const order = [...[...x.shape.keys()].filter((k) => k !== at), at];
  return scope(async (own) => {
    const turned = own(await permuteDims(x, order));
    const length = x.shape[at] ?? 0;
    const rows = own(turned.reshape([length === 0 ? 0 : x.size / length, length]));
    const sums = own(own(await kernels.cumulativeRows(rows)).reshape(turned.shape));
    return permuteDims(
      sums,
      order.map((_, k) => order.indexOf(k)),
    );
  });
}

/** Differences of neighbours along an axis. @throws {BifoldError} `dtype`, `parameter` */
export async function diff(x: NDArray, { axis = -1 }: { readonly axis?: number } = {}): Promise<NDArray> {
  const at = axisOf("diff", axis, x.ndim);
  const count = Math.max(0, (x.shape[at] ?? 0) - 1);
  return scope(async (own) =>
    subtract(own(await slice(x, at, Math.min(1, x.shape[at] ?? 0), count)), own(await slice(x, at, 0, count))),
  );
}

/**
 * Where each of `values` belongs in the ascending vector `sorted`: an `int32` of the shape of `values`. `side` "right" is behind equals.
 * @throws {BifoldError} `shape`, `dtype`, `device`
 */
export async function searchsorted(
  sorted: NDArray,
  values: NDArray,
  { side = "left" }: { readonly side?: "left" | "right" } = {},
): Promise<NDArray> {
  checkFloat("searchsorted", sorted);
  return scope(async (own) => {
    const flat = own(values.reshape([values.size]));
    return own(await kernels.searchSorted(sorted, flat, side === "right")).reshape(values.shape);
  });
}
