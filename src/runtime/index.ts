// What a generated artifact and a user of the library see of the runtime.
import { ABI_VERSION } from "../abi.js";
import { type CallOptions, callKernel, type KernelArgument, type KernelResult } from "./call.js";
import type { Artifact } from "./device.js";

export type { Dtype } from "../abi.js";
export { type ArrayInput, type ArrayLikeObject, type AsArrayOptions, asarray } from "./asarray.js";
export { type CallOptions, callKernel, type KernelArgument, type KernelResult } from "./call.js";
export type { CpuOptions } from "./cpu/index.js";
export type { Artifact, Device, DeviceKind } from "./device.js";
export { device } from "./devices.js";
export type { FloatDtype, TypedArray } from "./dtype.js";
export { BifoldError, type ErrorCode } from "./errors.js";
export { describeArray, NDArray, type Nested } from "./ndarray.js";
export { disposeAll, type Own, scope } from "./scope.js";

/** An artifact as a generated module makes it, with its ABI version stamped at build time. */
export const artifact = (parts: Artifact): Artifact => parts;

/** A compiled function: the binding that a generated module exports. The last argument may be `CallOptions`. */
export function bind(from: Artifact, name: string): (...args: readonly unknown[]) => Promise<KernelResult> {
  const count = from.signatures.find((s) => s.name === name)?.params.length ?? 0;
  return (...args) =>
    callKernel(from, name, args.slice(0, count) as readonly KernelArgument[], args[count] as CallOptions | undefined);
}

export { ABI_VERSION };
