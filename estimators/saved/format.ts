// The form in which estimators are saved: JSON, every value that JSON does not have under a tag, with a version and a digest.
import type { Dtype } from "../../src/runtime/dtype.js";

export const FORMAT = "bifold estimator";
export const VERSION = 1;

/** What `toJSON` makes. `digest` is of `model`: a text that was cut or changed is refused. */
export interface SavedModel {
  readonly format: typeof FORMAT;
  readonly version: number;
  readonly digest: string;
  readonly model: SavedEstimator;
}

/** Finite numbers (but not -0), strings, booleans, null and lists are themselves. */
export type SavedValue = null | boolean | number | string | readonly SavedValue[] | Tagged;

export type SavedRecord = Readonly<Record<string, SavedValue>>;

export interface SavedEstimator {
  readonly $: "estimator";
  /** scikit-learn's name. */
  readonly class: string;
  readonly params: SavedRecord;
  /** `null` for an estimator that is not fitted. */
  readonly attributes: SavedRecord | null;
}

export interface SavedArray {
  readonly $: "array";
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** The kind of device that it was on. */
  readonly device: string;
  /** The elements, little-endian and row-major, a `bool` as one byte; in base64. */
  readonly data: string;
}

export type Tagged =
  | SavedEstimator
  | SavedArray
  | { readonly $: "undefined" }
  | { readonly $: "number"; readonly value: string }
  | { readonly $: "record"; readonly fields: SavedRecord }
  | { readonly $: "typed"; readonly type: TypedName; readonly data: string }
  | {
      readonly $: "random";
      readonly key: string;
      readonly pos: number;
      readonly gauss: number | null;
    }
  | { readonly $: "function"; readonly name: string };

/** The typed arrays that parameters may be, by the names of their classes. */
export const typedArrays = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
} as const;

export type TypedName = keyof typeof typedArrays;

/** The numbers that JSON has no words for. */
export const oddNumbers: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["-0", -0],
]);
