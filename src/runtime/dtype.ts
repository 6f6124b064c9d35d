// The element types of arrays: their size in memory and the typed arrays that hold them.
import type { AbiScalar, Dtype } from "../abi.js";
import { BifoldError } from "./errors.js";

export type { Dtype } from "../abi.js";
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;
export type FloatDtype = "float32" | "float64";

/** Bytes of an element on a device. A `bool` takes four, as 0 or 1, where kernels run; it is a byte in `data()`. */
export const itemBytes = (dtype: Dtype): number => (dtype === "float64" ? 8 : 4);

export const isFloat = (dtype: Dtype): dtype is FloatDtype => dtype === "float32" || dtype === "float64";

/** The dtype that a kernel's element type has where `real` is `float`. */
export function dtypeOf(scalar: AbiScalar, float: FloatDtype): Dtype {
  switch (scalar) {
    case "real":
      return float;
    case "i32":
      return "int32";
    case "u32":
      return "uint32";
    case "bool":
      return "bool";
  }
}

/** A view of device bytes as elements; a `bool` shows as its 32-bit word. */
export function viewOf(
  dtype: Dtype,
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number,
): Exclude<TypedArray, Uint8Array> {
  switch (dtype) {
    case "float32":
      return new Float32Array(buffer, byteOffset, length);
    case "float64":
      return new Float64Array(buffer, byteOffset, length);
    case "int32":
      return new Int32Array(buffer, byteOffset, length);
    case "uint32":
    case "bool":
      return new Uint32Array(buffer, byteOffset, length);
  }
}

/** The dtype of a typed array. Bytes are `bool`s. */
export function dtypeOfTypedArray(data: ArrayLike<number>): Dtype {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Float64Array) return "float64";
  if (
    data instanceof Int32Array ||
    data instanceof Int16Array ||
    data instanceof Int8Array ||
    data instanceof Uint16Array
  )
    return "int32";
  if (data instanceof Uint32Array) return "uint32";
  if (data instanceof Uint8Array || data instanceof Uint8ClampedArray) return "bool";
  throw new BifoldError(
    "dtype",
    `this data has no dtype here: found ${Object.prototype.toString.call(data)}, expected a Float32Array, Float64Array, Int32Array, Uint32Array or Uint8Array`,
  );
}

/** The elements as the caller reads them: a copy, with `bool`s in bytes. */
export function exportElements(dtype: Dtype, words: Exclude<TypedArray, Uint8Array>): TypedArray {
  return dtype === "bool" ? Uint8Array.from(words, (w) => (w ? 1 : 0)) : words.slice();
}
