// Rows of what a user gave: data, targets, weights. Indices cross to a device, the data stay where they are.
import { takeRows } from "../../src/array/index.js";
import { type ArrayInput, asarray } from "../../src/runtime/asarray.js";
import type { Device } from "../../src/runtime/device.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { NDArray } from "../../src/runtime/ndarray.js";
import type { Own } from "../../src/runtime/scope.js";
import { countSamples } from "./split.js";

/** Data as arrays: everything with a row for each sample is on a device. */
export interface Samples {
  readonly X: NDArray;
  readonly y: NDArray | undefined;
  /** Parameters of `fit`; those with a row for each sample are arrays. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** @throws {BifoldError} `shape` where `y` has another number of samples than `X` */
export async function samplesOf(
  own: Own,
  X: ArrayInput,
  y: ArrayInput | undefined,
  params: Readonly<Record<string, unknown>>,
  what: string,
): Promise<Samples> {
  const n = countSamples(X, what);
  const data = X instanceof NDArray ? X : own(await asarray(X));
  const placed = async (a: ArrayInput): Promise<NDArray> =>
    a instanceof NDArray ? a : own(await asarray(a, { device: data.device }));
  const target = y === undefined ? undefined : await placed(y);
  if (target && target.shape[0] !== n)
    throw new BifoldError("shape", `${what}: X has ${n} samples and y has ${target.shape[0] ?? 1}`);
  const entries: [string, unknown][] = [];
  for (const [name, value] of Object.entries(params))
    entries.push([name, isPerSample(value, n) ? await placed(value) : value]);
  return { X: data, y: target, params: Object.fromEntries(entries) };
}

/** Whether a parameter of `fit` has a row for each sample: then it is divided as the samples are. */
const isPerSample = (value: unknown, n: number): value is ArrayInput =>
  typeof value === "object" &&
  value !== null &&
  (("shape" in value && Array.isArray(value.shape) && value.shape[0] === n) ||
    ("length" in value && value.length === n));

/** These rows of all of it. */
export async function rowsOf(own: Own, samples: Samples, rows: Int32Array): Promise<Samples> {
  const indices = new Map<Device, NDArray>();
  const take = async (a: NDArray): Promise<NDArray> => {
    const index = indices.get(a.device) ?? own(await asarray(rows, { device: a.device }));
    indices.set(a.device, index);
    return own(await takeRows(a, index));
  };
  const n = samples.X.shape[0];
  const entries: [string, unknown][] = [];
  for (const [name, value] of Object.entries(samples.params))
    entries.push([name, value instanceof NDArray && value.shape[0] === n ? await take(value) : value]);
  return {
    X: await take(samples.X),
    y: samples.y && (await take(samples.y)),
    params: Object.fromEntries(entries),
  };
}
