// What a generated artifact and the runtime agree on: types only. The two sides of the project share nothing else.

/** Checked when an artifact is loaded; raised whenever anything in this file changes its meaning. */
export const ABI_VERSION = 1;

export type Dtype = "float32" | "float64" | "int32" | "uint32" | "bool";

/** An integer worked out from sizes and integer arguments, by name: `["*", "n", ["+", "p", 1]]`. `div` floors. */
export type IntExpr = number | string | readonly ["+" | "-" | "*" | "div" | "min" | "max", IntExpr, IntExpr];

export type AbiScalar = "real" | "i32" | "u32" | "bool";

export type AbiType =
  | { readonly kind: "scalar"; readonly scalar: AbiScalar }
  | { readonly kind: "array"; readonly element: AbiScalar; readonly shape: readonly IntExpr[] }
  | { readonly kind: "record"; readonly fields: readonly { readonly name: string; readonly type: AbiType }[] };

/** How a size gets its value from the arguments: a dimension of an array, or an integer parameter. */
export interface AbiSize {
  readonly name: string;
  readonly param: number;
  readonly path: readonly string[];
  /** Absent where the parameter is itself the size. */
  readonly dim?: number;
}

export interface Signature {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type: AbiType }[];
  /** In the order of the kernel's size arguments. */
  readonly sizes: readonly AbiSize[];
  /** Sizes made in the function that the result's shape speaks of, in order; each may use those before it. */
  readonly localSizes: readonly { readonly name: string; readonly value: IntExpr }[];
  readonly result: AbiType;
}

/** What to say when a check fails: text, and indices into the four values of the status record. */
export interface AbiCheck {
  readonly code: string;
  readonly message: readonly (string | number)[];
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * WASM. A kernel `f` is the export
 * `f(status, scratch, scratchEnd, ...sizes, ...scalars, ...params, ...results) -> i32`, all `i32` but real scalars, which are `f32` or `f64`.
 * `scalars` are the scalar leaves of the parameters that are not sizes, `params` the byte addresses of the array leaves, `results` those of the
 * result leaves (a scalar result is a cell of its type; a `bool` takes 4 bytes as 0 or 1). Leaves stand in the order of parameters and fields.
 * Addresses are multiples of 16. `f$scratch(...sizes, ...scalars) -> f64` is an estimate of the scratch bytes needed (never below what
 * statically sized arrays take). A kernel returns
 */
export const WASM_OK = 0;
/** The status record holds `check: i32` at 0, `point: i32` at 4, `values: f64[4]` at 8. */
export const WASM_CHECK_FAILED = 1;
/** Nothing but results and scratch was written: call again with at least `bytes: f64` at 40 of scratch. */
export const WASM_NEEDS_SCRATCH = 2;
export const WASM_STATUS_BYTES = 48;

/**
 * Threads. The module imports `env.memory` (declared shared; the runtime patches the import to unshared where it must) and `env.team`, the
 * address of the team record below (an immutable i32 global; 0 where there is one thread). A `parallel` statement is outlined into a function
 * `(frame, lo, hi)` in the module's table; the export `job(index, frame, lo, hi)` calls it. To fork, the caller writes the job into the team record, raises `epoch` and
 * notifies; it and the workers then claim chunks by `next`, until `count` is reached; a worker that finds none left adds 1 to `done`.
 * The caller returns when `done` equals `workers`, by spinning.
 */
export const TEAM = {
  /** i32 cells, by byte offset. `epoch` counts forks; `workers` is how many take part besides the caller. */
  epoch: 0,
  workers: 4,
  /** Which module's `job` (its `env.module` global, an immutable i32 import), which entry, its frame. */
  module: 8,
  job: 12,
  frame: 16,
  count: 20,
  chunk: 24,
  next: 28,
  done: 32,
  bytes: 64,
} as const;

/** What a code file for WASM exports as `code`. */
export interface WasmCode {
  readonly abi: number;
  readonly target: "wasm";
  readonly real: "float32" | "float64";
  readonly relaxed: boolean;
  /** The module's bytes: deflate-raw, then base64. */
  readonly module: string;
  readonly checks: Readonly<Record<string, readonly AbiCheck[]>>;
}
