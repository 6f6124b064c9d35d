// What a generated artifact and the runtime agree on: types only. The two sides of the project share nothing else.

/** Checked when an artifact is loaded; raised whenever anything in this file changes its meaning. */
export const ABI_VERSION = 4;

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

/** What to say when a check fails: text, and which of the four values of the status record; a number alone is an integer's index. */
export interface AbiCheck {
  readonly code: string;
  readonly message: readonly (string | number | readonly ["real" | "bool", number])[];
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
/**
 * The status record holds `check: i32` at 0 (-1 before anything fails), `point: i32` at 4, `values: f64[4]` at 8, `bytes: f64` at 40, and
 * a lock at 48 that threads take while they write it.
 */
export const WASM_CHECK_FAILED = 1;
/** Nothing but results and scratch was written: call again with at least `bytes` of scratch. */
export const WASM_NEEDS_SCRATCH = 2;
export const STATUS = { check: 0, point: 4, values: 8, needed: 40, lock: 48, bytes: 64 } as const;

/**
 * Threads. The module imports `env.memory` (declared shared; the runtime patches the import to unshared where it must) and two immutable i32
 * globals: `env.team`, the address of the team record below, and `env.module`, by which the record calls the module. The body of a
 * `parallel` statement is outlined into a function `(frame, scratch, scratchEnd, lo, hi)` in the module's table.
 *
 * To fork, the caller writes the job into the record, opens it (`active` = 0), raises `epoch`, and wakes who sleeps. A worker that sees
 * `epoch` change calls the export `$work` of the module that is named: it joins by adding 1 to `active`, unless the fork is closed (`active` is
 * negative), and takes turns by adding to `next` until `count` is reached. The caller does the same, then closes the fork and
 * spins until those who joined have left: it never waits for a worker that is asleep or late.
 */
export const TEAM = {
  /** i32 cells, by byte offset, in cache lines apart from each other. `epoch` counts forks and messages. */
  epoch: 0,
  /** Counts the messages that wait for the workers: one that it has not seen sends a worker back to its event loop. */
  mail: 4,
  /** How many workers wait to be notified. */
  sleeping: 8,
  /** How many workers there are, besides the caller. */
  workers: 12,
  module: 64,
  /** An index into the module's table. */
  job: 68,
  frame: 72,
  count: 76,
  /** Where the first thread's scratch begins, and how many bytes each thread has. */
  scratch: 80,
  part: 84,
  next: 128,
  active: 192,
  bytes: 256,
} as const;
/** The export that a worker calls. No Fold name has a `$`. */
export const WASM_WORK = "$work";

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

/** What 32 bits hold on the GPU; a `bool` is 0 or 1. */
export type Word = "f32" | "i32" | "u32" | "bool";

/**
 * A scalar that the host works out while it runs a plan, by the name of a host variable or as `[operation, type, ...operands]` (Loop IR's
 * operations, and `convert`): integers wrap, `f32` rounds. An `int` is a count of the plan's own, and does not wrap: where it does not fit the
 * 32 bits that it must go into, the call is refused.
 */
export type HostExpr = number | string | readonly [string, Word | "int", ...HostExpr[]];

/** An array of a plan: a parameter's or a result's leaf (in the signature's order, arrays alone), or one of the plan's own. */
export interface PlanArray {
  readonly name: string;
  readonly element: Word;
  /** In elements; worked out when the array is made. */
  readonly length: HostExpr;
  readonly role: "param" | "result" | "local";
  /** Which parameter or result leaf. */
  readonly leaf?: number;
  /** It shares the slab, one buffer of words, with others: more arrays meet in a kernel than there are bindings. */
  readonly slab?: true;
}

/** One pipeline. Binding 0 is the frame (a uniform block with a dynamic offset), then those of `bindings`, in their order. */
export interface PlanKernel {
  readonly name: string;
  readonly workgroup: number;
  /**
   * The words of the frame, in their order. Besides the plan's own variables there are `$zero` (0, but opaque to compilers), `$turn` (counts
   * the dispatches of a call) and `$slab3` (where array 3 begins in the slab, in words).
   */
  readonly frame: readonly { readonly type: Word; readonly value: HostExpr }[];
  /** An array by its index in the plan, the control buffer, or the slab. */
  readonly bindings: readonly { readonly array: number | "control" | "slab"; readonly write: boolean }[];
}

/** A step of a plan. Host variables are set by `let`, `for`, `read`; their names are unique in a plan. */
export type PlanStep =
  | { readonly step: "let"; readonly name: string; readonly value: HostExpr }
  /** A buffer for the array, whose contents are undefined; one that it had goes back to the pool. */
  | { readonly step: "make"; readonly array: number }
  | { readonly step: "drop"; readonly array: number }
  /** Copies elements, as many as `to` has. */
  | {
      readonly step: "copy";
      readonly from: number;
      readonly fromStart: HostExpr;
      readonly to: number;
      readonly toStart: HostExpr;
      readonly count: HostExpr;
    }
  | { readonly step: "dispatch"; readonly kernel: number; readonly groups: HostExpr }
  | {
      readonly step: "for";
      readonly name: string;
      readonly lo: HostExpr;
      readonly hi: HostExpr;
      readonly body: readonly PlanStep[];
    }
  /** Turn after turn until `max` turns are taken or the control word `more` is 0. It is looked at after chunks of turns; turns after it fell do nothing. */
  | {
      readonly step: "loop";
      readonly turn: string;
      readonly max: HostExpr;
      readonly more: number;
      readonly body: readonly PlanStep[];
    }
  | {
      readonly step: "if";
      readonly condition: HostExpr;
      readonly yes: readonly PlanStep[];
      readonly no: readonly PlanStep[];
    }
  /** Waits for the device and takes control words into host variables. Rejects with what has failed before. */
  | {
      readonly step: "read";
      readonly words: readonly { readonly word: number; readonly type: Word; readonly name: string }[];
    }
  /** Fails unless `condition` holds. */
  | {
      readonly step: "require";
      readonly condition: HostExpr;
      readonly check: number;
      readonly values: readonly { readonly type: Word; readonly value: HostExpr }[];
    }
  /** Arrays cross to the CPU, `kernel` runs there in f64, the results come back (arrays by index, scalars into control words). */
  | {
      readonly step: "host";
      readonly kernel: string;
      readonly sizes: readonly HostExpr[];
      readonly scalars: readonly { readonly type: Word; readonly value: HostExpr }[];
      readonly arrays: readonly { readonly array: number; readonly shape: readonly HostExpr[] }[];
      readonly results: readonly (
        | { readonly array: number; readonly shape: readonly HostExpr[] }
        | { readonly word: number; readonly type: Word }
      )[];
    };

/**
 * A kernel for WebGPU. Its control buffer begins with the record of failures: a count, then for each check the complement of the lowest
 * point at which it failed (0: none), then `GPU_FAILURES` entries of 8 words: turn, check, point, the values' types (2 bits each, in
 * the order of `GPU_VALUE_TYPES`), four values. The words of device scalars follow.
 */
export interface Plan {
  readonly name: string;
  readonly sizes: readonly string[];
  readonly scalars: readonly { readonly name: string; readonly type: Word }[];
  readonly checks: number;
  /** Bytes of the control buffer. */
  readonly control: number;
  readonly arrays: readonly PlanArray[];
  readonly kernels: readonly PlanKernel[];
  readonly steps: readonly PlanStep[];
  /** Scalar results: host values, or control words to read. In the signature's order, scalars alone. */
  readonly results: readonly (
    | { readonly type: Word; readonly value: HostExpr }
    | { readonly type: Word; readonly word: number }
  )[];
}

export const GPU_FAILURES = 64;
export const GPU_VALUE_TYPES = ["f32", "i32", "u32", "bool"] as const satisfies readonly Word[];

/** What a code file for WebGPU exports as `code`. */
export interface WgslCode {
  readonly abi: number;
  readonly target: "wgsl";
  readonly plans: Readonly<Record<string, Plan>>;
  /** By plan, for each kernel which of `texts` is its code: kernels whose texts are equal share one. */
  readonly kernelTexts: Readonly<Record<string, readonly number[]>>;
  readonly texts: readonly string[];
  readonly checks: Readonly<Record<string, readonly AbiCheck[]>>;
}
