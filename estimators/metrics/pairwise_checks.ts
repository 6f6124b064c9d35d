// What the functions of pairs of rows share: their two sides, on one device, in one type, with as many features.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { describeArray, type NDArray } from "../../src/runtime/ndarray.js";
import type { Own } from "../../src/runtime/scope.js";
import { checkMatrix, like, sameDevice } from "../validation.js";
import { countNegative } from "./pairwise.fold";

export interface Sides {
  readonly X: NDArray;
  readonly Y: NDArray;
  /** Both are the rows of `X`. */
  readonly same: boolean;
}

/** `X` and `Y` (the rows of `X` where it is absent); everything follows `X`. @throws {BifoldError} `shape`, `empty`, `not-finite`, `device` */
export async function checkSides(own: Own, X: ArrayInput, Y: ArrayInput | undefined, what: string): Promise<Sides> {
  const left = await checkMatrix(own, X, what);
  if (Y === undefined || Y === X) return { X: left, Y: left, same: true };
  sameDevice(Y, left, what, "Y");
  const { device, dtype } = like(left);
  const right = await checkMatrix(own, Y, what, { name: "Y" }, device, dtype);
  if (left.shape[1] !== right.shape[1])
    throw new BifoldError("shape", `${what}: X has ${left.shape[1]} features and Y has ${right.shape[1]}`);
  return { X: left, Y: right, same: false };
}

/** The same, with as many rows. @throws {BifoldError} what `checkSides` throws */
export async function checkPaired(own: Own, X: ArrayInput, Y: ArrayInput, what: string): Promise<Sides> {
  const sides = await checkSides(own, X, Y, what);
  if (sides.X.shape[0] !== sides.Y.shape[0])
    throw new BifoldError("shape", `${what}: X has ${sides.X.shape[0]} rows and Y has ${sides.Y.shape[0]}`);
  return sides;
}

/** @throws {BifoldError} `parameter` where an entry is negative */
export async function checkNotNegative(X: NDArray, what: string, name: string): Promise<void> {
  const bad = await countNegative(X);
  if (bad > 0)
    throw new BifoldError(
      "parameter",
      `${what}: ${name} has ${bad} negative ${bad === 1 ? "entry" : "entries"} of ${X.size}, and none may be negative`,
    );
}

/** A matrix of pairs that has been computed elsewhere. @throws {BifoldError} `shape`, `empty`, `not-finite` */
export async function checkPrecomputed(
  own: Own,
  X: ArrayInput,
  Y: ArrayInput | undefined,
  what: string,
): Promise<NDArray> {
  const K = await checkMatrix(own, X, what);
  const columns = Y === undefined ? K.shape[0] : (await checkMatrix(own, Y, what, { name: "Y" })).shape[0];
  if (K.shape[1] !== columns)
    throw new BifoldError(
      "shape",
      `${what}: a precomputed X has a column for each of the ${columns} rows of ${Y === undefined ? "X" : "Y"}, found ${describeArray(K)}`,
    );
  return K;
}
