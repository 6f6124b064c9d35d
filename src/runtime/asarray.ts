// From what people have (nested lists, typed arrays, other libraries' arrays) to an NDArray.
import type { Dtype } from "../abi.js";
import type { Device, DeviceKind } from "./device.js";
import { resolveDevice } from "./devices.js";
import { dtypeOfTypedArray, type TypedArray, viewOf } from "./dtype.js";
import { BifoldError } from "./errors.js";
import { NDArray, type Nested, place } from "./ndarray.js";

/** Anything with elements and a shape: an ndarray of another library. Row-major, unless it says how its elements lie. */
export interface ArrayLikeObject {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
  /** How many elements lie from one index of a dimension to the next; `stride` is another name for it. */
  readonly strides?: readonly number[];
  readonly stride?: readonly number[];
  /** Where the first element is. */
  readonly offset?: number;
}

export type ArrayInput = NDArray | TypedArray | Nested | ArrayLikeObject;

export interface AsArrayOptions {
  readonly dtype?: Dtype;
  /** Of a flat typed array; its own length unless said. */
  readonly shape?: readonly number[];
  readonly device?: Device | DeviceKind;
}

interface Flat {
  readonly values: ArrayLike<number>;
  readonly shape: readonly number[];
  readonly dtype: Dtype;
}

/**
 * An array of these elements. An NDArray that fits comes back as it is. Numbers of a list are `float64` (`float32` on a device without it),
 * booleans `bool`; a typed array keeps its type.
 * @throws {BifoldError} `shape` for a ragged list or a shape that the data do not fill, `dtype`, `device`, `out-of-memory`
 */
export async function asarray(input: ArrayInput, options: AsArrayOptions = {}): Promise<NDArray> {
  if (input instanceof NDArray) return fromArray(input, options);
  const target = await resolveDevice(options.device ?? "cpu");
  const flat = flatten(input, options.shape);
  const natural = flat.dtype === "float64" && !target.floats.includes("float64") ? "float32" : flat.dtype;
  return upload(flat, options.dtype ?? natural, target);
}

async function fromArray(input: NDArray, { dtype, shape, device }: AsArrayOptions): Promise<NDArray> {
  const moved = device === undefined ? input : await input.to(device);
  let result: NDArray | undefined;
  try {
    if (dtype === undefined || dtype === moved.dtype) result = shape ? moved.reshape(shape) : moved;
    else result = await upload(shaped(await moved.data(), dtype, shape ?? moved.shape), dtype, moved.device);
    return result;
  } finally {
    if (moved !== input && moved !== result) moved.dispose();
  }
}

async function upload(flat: Flat, dtype: Dtype, target: Device): Promise<NDArray> {
  if (dtype === "float64" && !target.floats.includes("float64"))
    throw new BifoldError("dtype", `${target.name} has no float64: ask for float32, or leave the dtype out`);
  await target.restored?.();
  const words = viewOf(
    dtype,
    new ArrayBuffer(flat.values.length * (dtype === "float64" ? 8 : 4)),
    0,
    flat.values.length,
  );
  if (dtype === "bool") for (let k = 0; k < words.length; k++) words[k] = flat.values[k] ? 1 : 0;
  else words.set(flat.values);
  return place(target, new Uint8Array(words.buffer as ArrayBuffer), dtype, flat.shape);
}

function flatten(input: TypedArray | Nested | ArrayLikeObject, wanted?: readonly number[]): Flat {
  if (ArrayBuffer.isView(input)) return shaped(input, dtypeOfTypedArray(input), wanted ?? [input.length]);
  if (isForeign(input)) {
    const dtype = ArrayBuffer.isView(input.data) ? dtypeOfTypedArray(input.data) : "float64";
    const { values, shape } = rowMajor(input);
    return shaped(values, dtype, wanted ?? shape);
  }
  if (typeof input !== "number" && typeof input !== "boolean" && !Array.isArray(input))
    throw new BifoldError(
      "dtype",
      `expected an NDArray, a typed array, nested lists of numbers, or an object with data and shape; found ${input === null ? "null" : typeof input}`,
    );
  const shape: number[] = [];
  for (let part: Nested | undefined = input; Array.isArray(part); part = part[0]) shape.push(part.length);
  const values: number[] = [];
  let booleans = 0;
  const visit = (part: Nested | undefined, axis: number): void => {
    if (axis === shape.length) {
      if (typeof part === "boolean") booleans++;
      else if (typeof part !== "number") throw ragged(shape, part);
      values.push(Number(part));
      return;
    }
    if (!Array.isArray(part) || part.length !== shape[axis]) throw ragged(shape, part);
    for (const inner of part) visit(inner, axis + 1);
  };
  visit(input, 0);
  return shaped(values, booleans > 0 && booleans === values.length ? "bool" : "float64", wanted ?? shape);
}

/** Whether it has elements and a shape, as far as one can see without reading them all. */
function isForeign(input: unknown): input is ArrayLikeObject {
  if (typeof input !== "object" || input === null || !("data" in input) || !("shape" in input)) return false;
  const { data, shape } = input;
  return typeof data === "object" && data !== null && "length" in data && Array.isArray(shape);
}

/** The elements of a foreign array in row-major order. */
function rowMajor(a: ArrayLikeObject): { readonly values: ArrayLike<number>; readonly shape: readonly number[] } {
  const { data, shape, offset = 0 } = a;
  const strides = a.strides ?? a.stride;
  if (strides === undefined && offset === 0) return { values: data, shape };
  const steps = strides ?? shape.map((_, k) => shape.slice(k + 1).reduce((n, d) => n * d, 1));
  const ends = shape.map((d, k) => (d - 1) * (steps[k] ?? Number.NaN));
  const low = ends.reduce((at, e) => at + Math.min(e, 0), offset);
  const high = ends.reduce((at, e) => at + Math.max(e, 0), offset);
  const empty = shape.some((d) => d === 0);
  if (steps.length !== shape.length || !(empty || (low >= 0 && high < data.length)))
    throw new BifoldError(
      "shape",
      `strides [${steps.join(", ")}] and offset ${offset} do not place an array of shape [${shape.join(", ")}] in ${data.length} elements (strides count elements, not bytes)`,
    );
  const values = new Float64Array(shape.reduce((n, d) => n * d, 1));
  let next = 0;
  const visit = (axis: number, at: number): void => {
    const count = shape[axis];
    if (count === undefined) values[next++] = data[at] ?? Number.NaN;
    else for (let k = 0; k < count; k++) visit(axis + 1, at + k * (steps[axis] ?? 0));
  };
  visit(0, offset);
  return { values, shape };
}

const ragged = (shape: readonly number[], part: unknown): BifoldError =>
  Array.isArray(part) || typeof part === "number" || typeof part === "boolean"
    ? new BifoldError(
        "shape",
        `this list is ragged: its first entries make a shape of [${shape.join(", ")}], but an entry has ${Array.isArray(part) ? `${part.length} parts` : "none"}`,
      )
    : new BifoldError(
        "dtype",
        `expected numbers or booleans in the list, found ${part === null ? "null" : typeof part}`,
      );

function shaped(values: ArrayLike<number>, dtype: Dtype, shape: readonly number[]): Flat {
  if (shape.some((d) => !Number.isInteger(d) || d < 0) || shape.reduce((n, d) => n * d, 1) !== values.length)
    throw new BifoldError("shape", `${values.length} elements do not fill the shape [${shape.join(", ")}]`);
  return { values, shape, dtype };
}
