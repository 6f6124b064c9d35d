// The plan of a kernel on the GPU while it is compiled: the steps that the host takes (abi.ts) and, for each dispatch, a Loop IR function.
// Codegen turns the functions into WGSL; nothing else changes on the way to the artifact.
import type { HostExpr, Plan, Word } from "../abi.js";
import { GPU_FAILURES } from "../abi.js";
import type { Span } from "../compiler/diagnostic.js";
import type { Buffer, LoopFunction } from "./loop.js";
import type { Scalar } from "./nest.js";

/** Where a buffer of a kernel lives. A word is counted in 32 bits from the start of the control buffer. */
export type BufferAt =
  | { readonly kind: "array"; readonly array: number; readonly write: boolean }
  | { readonly kind: "word"; readonly word: number }
  /** One of several arrays that share a buffer of 32-bit words: subscripts come with the array's offset added. */
  | { readonly kind: "slab" };

/** One dispatch. The function's scalars are the words of its frame, in order; `frame` says their values. */
export interface GpuKernel {
  readonly name: string;
  readonly at?: Span;
  /** What it computes, for people. */
  readonly note?: string;
  readonly workgroup: number;
  readonly body: LoopFunction;
  readonly frame: readonly HostExpr[];
  readonly buffers: readonly { readonly buffer: Buffer; readonly at: BufferAt }[];
  /** The kernel does nothing where this control word is 0. */
  readonly guard?: number;
}

export interface GpuPlan extends Omit<Plan, "kernels"> {
  readonly kernels: readonly GpuKernel[];
}

/** The first word of device scalars in the control buffer of a plan with so many checks. */
export const firstWord = (checks: number): number => 1 + checks + 8 * GPU_FAILURES;

/** The word that holds a scalar. */
export function wordOf(scalar: Scalar): Word {
  if (scalar === "f64") throw new Error("internal: there is no f64 on the GPU");
  return scalar;
}
