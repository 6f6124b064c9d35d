// What a device is to the rest of the runtime: memory, transfers and running one kernel. `cpu/` and `webgpu/` implement it.
import type { Dtype, Signature, WasmCode } from "../abi.js";
import type { FloatDtype } from "./dtype.js";

export type DeviceKind = "cpu" | "webgpu";

/** Bytes on a device, counted: each array that shows them holds one reference; the last `release` frees them. */
export interface Storage {
  readonly device: Device;
  readonly bytes: number;
  retain(): void;
  release(): void;
}

/** A compiled `.fold` file: signatures now, code for each variant when it is first called. */
export interface Artifact {
  readonly abi: number;
  readonly file: string;
  readonly signatures: readonly Signature[];
  /** `wasm-float32`, `wasm-float32-relaxed`, `wasm-float64`, `wasm-float64-relaxed`, `wgsl-float32`. */
  readonly code: Readonly<Record<string, () => Promise<unknown>>>;
}

/** An array handed to a kernel or given back by it. */
export interface ArrayLeaf {
  readonly storage: Storage;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
}

/** What a result leaf must be. A scalar has an empty shape and `scalar: true`. */
export interface ResultLeaf {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly scalar: boolean;
}

/** One call, all checked: leaves in the order of parameters and fields (`abi.ts`). */
export interface KernelCall {
  readonly artifact: Artifact;
  readonly signature: Signature;
  readonly real: FloatDtype;
  readonly sizes: readonly number[];
  /** Scalar leaves that are not sizes; a `bool` is 0 or 1. */
  readonly scalars: readonly number[];
  readonly arrays: readonly ArrayLeaf[];
  readonly results: readonly ResultLeaf[];
}

export interface Device {
  readonly kind: DeviceKind;
  /** For people: `cpu (2 threads)`, `webgpu (SwiftShader Device)`. */
  readonly name: string;
  /** Floating types that kernels run in here; the first is the default. */
  readonly floats: readonly FloatDtype[];
  /** Bytes that live arrays hold on this device. */
  readonly liveBytes: number;
  /** Resolves when arrays can be made here: a GPU that was lost has a successor then. */
  restored?(): Promise<void>;
  /** @throws {BifoldError} `out-of-memory` */
  allocate(bytes: number): Storage;
  upload(storage: Storage, data: Uint8Array): void;
  /** A copy of the bytes, once all that writes them is done. Rejects with what failed on the way to them. */
  download(storage: Storage): Promise<ArrayBuffer>;
  /** A new storage for each array result (with one reference, the caller's) and a number for each scalar. On failure nothing is left behind. */
  run(call: KernelCall): Promise<readonly (Storage | number)[]>;
}

export type { WasmCode };
