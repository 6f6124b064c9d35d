// Shapes and axes: what functions of arrays ask of them.
import { isFloat } from "../runtime/dtype.js";
import { BifoldError } from "../runtime/errors.js";
import { describeArray, type NDArray } from "../runtime/ndarray.js";

export const product = (sizes: readonly number[]): number => sizes.reduce((n, d) => n * d, 1);

/** An axis counted from the front. @throws {BifoldError} `parameter` for one that the array does not have */
export function axisOf(what: string, axis: number, rank: number): number {
  const at = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || at < 0 || at >= rank)
    throw new BifoldError("parameter", `${what}: there is no axis ${axis} in an array of ${rank} dimensions`);
  return at;
}

/** The sizes before an axis, at it and after it. */
export const around = (shape: readonly number[], axis: number): [outer: number, size: number, inner: number] => [
  product(shape.slice(0, axis)),
  shape[axis] ?? 1,
  product(shape.slice(axis + 1)),
];

/** @throws {BifoldError} `dtype` unless the array is of a floating type */
export function checkFloat(what: string, x: NDArray): void {
  if (!isFloat(x.dtype))
    throw new BifoldError(
      "dtype",
      `${what} takes floating arrays, found ${describeArray(x)}. Convert it with \`await asarray(x, { dtype: "float32" })\``,
    );
}

/** Rows and columns. @throws {BifoldError} `shape`, `dtype` unless it is one matrix of a floating type */
export function matrixShape(what: string, x: NDArray): [rows: number, columns: number] {
  const [rows, columns] = x.shape;
  if (rows === undefined || columns === undefined || x.ndim !== 2)
    throw new BifoldError(
      "shape",
      `${what} takes one matrix, found ${describeArray(x)}: take matrices out of a stack, and call it for each`,
    );
  checkFloat(what, x);
  return [rows, columns];
}

/** The side of a square matrix. @throws {BifoldError} `shape`, `dtype` */
export function squareSide(what: string, x: NDArray): number {
  const [rows, columns] = matrixShape(what, x);
  if (rows !== columns) throw new BifoldError("shape", `${what} takes a square matrix, found ${describeArray(x)}`);
  return rows;
}
