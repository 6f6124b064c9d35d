// The passes over Nest IR, in the order in which they run, and why each stands where it does.
import type { Kernel } from "../nest.js";
import { dropDeadCode } from "./dead-code.js";
import { fuse } from "./fuse.js";
import { hoist } from "./hoist.js";
import { merge } from "./merge.js";
import { addSecondBuffers } from "./second-buffer.js";
import { simplify } from "./simplify.js";

export interface PassOptions {
  /** Whether the passes run that only make kernels faster. Without them the kernel does what the source says, step by step. */
  readonly fusion: boolean;
  readonly target: "wasm" | "wgsl";
}

export interface Pass {
  readonly name: string;
  /** Runs with `fusion` alone. */
  readonly optional?: true;
  readonly run: (kernel: Kernel, options: PassOptions) => Kernel;
}

export const passes: readonly Pass[] = [
  // First: lowering leaves constants and conversions behind, and every pass sees more in a simple kernel.
  { name: "simplify", run: simplify },
  // Before fusion: an array that nobody reads is no consumer.
  { name: "dead-code", run: dropDeadCode },
  // Views and elementwise steps go away, so that patterns over whole nests can be seen.
  { name: "fuse", optional: true, run: fuse },
  // What the points of a fused nest share is seen only now.
  { name: "hoist", optional: true, run: hoist },
  // All nests that are left are read from memory, each for itself.
  { name: "merge", optional: true, run: merge },
  // Inlining leaves constant subscripts behind.
  { name: "simplify-again", run: simplify },
  // Last: whatever follows may run every nest in place, in any order.
  { name: "second-buffer", run: addSecondBuffers },
];
