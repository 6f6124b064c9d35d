// The checks of inputs that estimators share: shapes, dtypes, devices, NaN. Everything follows X (scikit-learn's rule for array API inputs).
import { type ArrayInput, asarray } from "../src/runtime/asarray.js";
import type { Device } from "../src/runtime/device.js";
import { type FloatDtype, isFloat } from "../src/runtime/dtype.js";
import { BifoldError } from "../src/runtime/errors.js";
import { describeArray, NDArray } from "../src/runtime/ndarray.js";
import type { Own } from "../src/runtime/scope.js";
import { realsOf } from "./checks/convert.fold";
import { countInfinite, countNotFinite, countWeights, filled } from "./checks/finite.fold";

export interface MatrixRules {
  /** What messages call it; X unless said. */
  readonly name?: string;
  /** NaN may stand in it (infinities may not). */
  readonly allowNaN?: boolean;
  /** Rows that are needed at least; 1 unless said. */
  readonly minSamples?: number;
}

/** A floating array on `device` (or where it is) from anything that `asarray` takes; what is made belongs to the scope. */
async function floating(
  own: Own,
  input: ArrayInput,
  device: Device | undefined,
  dtype: FloatDtype | undefined,
): Promise<NDArray> {
  const there = device === undefined ? {} : { device };
  const array = input instanceof NDArray ? input : own(await asarray(input, there));
  const want = dtype ?? (isFloat(array.dtype) ? array.dtype : (array.device.floats[0] ?? "float32"));
  if (array.dtype === want) return array;
  if (array.dtype !== "int32") return own(await asarray(array, { dtype: want }));
  // By a kernel, so that classes that are on a GPU stay there.
  const list = own(array.reshape([array.size]));
  return own(own(await realsOf(list, { dtype: want })).reshape(array.shape));
}

/**
 * `X` as a floating matrix, checked. `device` is where a list goes; the CPU unless said.
 * @throws {BifoldError} `shape`, `empty`, `not-finite`
 */
export async function checkMatrix(
  own: Own,
  input: ArrayInput,
  what: string,
  rules: MatrixRules = {},
  device?: Device,
  dtype?: FloatDtype,
): Promise<NDArray> {
  const name = rules.name ?? "X";
  const X = await floating(own, input, device, dtype);
  if (X.ndim !== 2)
    throw new BifoldError(
      "shape",
      `${what}: ${name} must have two dimensions (samples, features), found ${describeArray(X)}. Reshape it: \`${name}.reshape([-1, 1])\` for one feature, \`${name}.reshape([1, -1])\` for one sample`,
    );
  const [n = 0, p = 0] = X.shape;
  const least = rules.minSamples ?? 1;
  if (n < least)
    throw new BifoldError(
      "empty",
      `${what}: ${name} has ${n} samples (${describeArray(X)}), and at least ${least} ${least === 1 ? "is" : "are"} needed`,
    );
  if (p < 1)
    throw new BifoldError("empty", `${what}: ${name} has no features (${describeArray(X)}), and at least 1 is needed`);
  const bad = rules.allowNaN ? await countInfinite(X) : await countNotFinite(X);
  if (bad > 0)
    throw new BifoldError(
      "not-finite",
      `${what}: ${name} has ${bad} ${rules.allowNaN ? "infinite" : "NaN or infinite"} ${bad === 1 ? "entry" : "entries"} of ${n * p}: remove or impute them before`,
    );
  return X;
}

/**
 * `X` for a fitted estimator: on the device of what was fitted, in its dtype where that is a floating one, with as many features.
 * @throws {BifoldError} `device`, `features`, and what `checkMatrix` throws
 */
export async function checkNewMatrix(
  own: Own,
  input: ArrayInput,
  what: string,
  features: number,
  fitted: NDArray,
  rules: MatrixRules = {},
): Promise<NDArray> {
  const home = fitted.device;
  if (input instanceof NDArray && input.device !== home)
    throw new BifoldError(
      "device",
      `${what}: the estimator was fitted on ${home.name} and X is on ${input.device.name}. Move X with \`await X.to("${home.kind}")\`, or the estimator with \`await moveTo(model, "${input.device.kind}")\` of bifold/base`,
    );
  const X = await checkMatrix(own, input, what, rules, home, isFloat(fitted.dtype) ? fitted.dtype : undefined);
  checkFeatures(X, features, what);
  return X;
}

/** @throws {BifoldError} `features` where `X` has another number of them than `fit` saw */
export function checkFeatures(X: NDArray, features: number, what: string): void {
  if (X.shape[1] !== features)
    throw new BifoldError(
      "features",
      `${what}: X has ${X.shape[1]} features, and the estimator was fitted with ${features}`,
    );
}

/** A target as a matrix of outputs, and whether it came with one dimension. */
export interface Targets {
  readonly y: NDArray;
  readonly flat: boolean;
}

/**
 * `y` as a floating matrix on X's device in X's dtype, with X's number of rows.
 * @throws {BifoldError} `shape`, `device`, `not-finite`
 */
export async function checkTargets(
  own: Own,
  input: ArrayInput,
  X: NDArray,
  what: string,
  { y: name, X: other } = { y: "y", X: "X" },
): Promise<Targets> {
  sameDevice(input, X, what, name, other);
  const given = await floating(own, input, X.device, X.dtype as FloatDtype);
  if (given.ndim !== 1 && given.ndim !== 2)
    throw new BifoldError("shape", `${what}: ${name} must have one or two dimensions, found ${describeArray(given)}`);
  const flat = given.ndim === 1;
  const y = flat ? own(given.reshape([given.size, 1])) : given;
  if (y.shape[0] !== X.shape[0])
    throw new BifoldError("shape", `${what}: ${other} has ${X.shape[0]} samples and ${name} has ${y.shape[0]}`);
  const bad = await countNotFinite(y);
  if (bad > 0)
    throw new BifoldError(
      "not-finite",
      `${what}: ${name} has ${bad} NaN or infinite ${bad === 1 ? "entry" : "entries"}: remove or impute them before`,
    );
  return { y, flat };
}

/**
 * Sample weights on X's device in X's dtype, one for each row, none negative and some positive. A number is that for each row.
 * @throws {BifoldError} `shape`, `device`, `not-finite`, `parameter`
 */
export async function checkWeights(own: Own, input: ArrayInput, X: NDArray, what: string): Promise<NDArray> {
  const n = X.shape[0] ?? 0;
  sameDevice(input, X, what, "sampleWeight");
  if (typeof input === "number") return checkWeights(own, own(await filled(n, input, like(X))), X, what);
  const given = await floating(own, input, X.device, X.dtype as FloatDtype);
  if (given.ndim !== 1 || given.shape[0] !== n)
    throw new BifoldError(
      "shape",
      `${what}: sampleWeight must have one entry for each of the ${n} samples, found ${describeArray(given)}`,
    );
  const { notFinite, negative, positive } = await countWeights(given);
  if (notFinite > 0)
    throw new BifoldError(
      "not-finite",
      `${what}: sampleWeight has ${notFinite} NaN or infinite ${notFinite === 1 ? "entry" : "entries"} of ${n}`,
    );
  if (negative > 0)
    throw new BifoldError(
      "parameter",
      `${what}: sampleWeight must not be negative, found ${negative} negative ${negative === 1 ? "entry" : "entries"} of ${n}`,
    );
  if (positive === 0)
    throw new BifoldError("parameter", `${what}: sampleWeight must have a positive entry, found none among ${n}`);
  return given;
}

/** A weight of one for each row of X. */
export const unitWeights = async (own: Own, X: NDArray): Promise<NDArray> =>
  own(await filled(X.shape[0] ?? 0, 1, like(X)));

/** Where `X` is, and what it is made of: for arrays that go with it. */
export const like = (X: NDArray): { readonly device: Device; readonly dtype: FloatDtype } => ({
  device: X.device,
  dtype: X.dtype as FloatDtype,
});

/** @throws {BifoldError} `device` where an array does not live on X's device */
export function sameDevice(input: ArrayInput, X: NDArray, what: string, name: string, other = "X"): void {
  if (input instanceof NDArray && input.device !== X.device)
    throw new BifoldError(
      "device",
      `${what}: ${other} is on ${X.device.name} and ${name} is on ${input.device.name}. Move ${name} with \`await ${name}.to("${X.device.kind}")\``,
    );
}

/** @throws {BifoldError} `parameter` unless `ok` */
export function checkParameter(ok: boolean, what: string, name: string, expected: string, found: unknown): void {
  if (!ok)
    throw new BifoldError(
      "parameter",
      `${what}: ${name} must be ${expected}, found ${found instanceof NDArray ? describeArray(found) : JSON.stringify(found)}`,
    );
}
