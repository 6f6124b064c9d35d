// Kernels of host functions that are the same become one object: several programs that import a function of the standard library have it
// optimised, scheduled and made into code once.
import type { Kernel } from "../nest.js";
import { printKernel } from "../nest-print.js";

/** More than the standard library has; what has not been asked for the longest is forgotten first. */
const kept = 128;

/** By their whole text, places in the source included: whatever is said of one is true of the other. */
const kernels = new Map<string, Kernel>();
const numbers = new WeakMap<Kernel, number>();
let next = 0;

export function interned(kernel: Kernel): Kernel {
  const text = printKernel(kernel, { called: (k) => `kernel ${numberOf(k)}` });
  const known = kernels.get(text) ?? kernel;
  kernels.delete(text);
  kernels.set(text, known);
  for (const oldest of kernels.keys()) {
    if (kernels.size <= kept) break;
    kernels.delete(oldest);
  }
  return known;
}

function numberOf(kernel: Kernel): number {
  const n = numbers.get(kernel) ?? next++;
  numbers.set(kernel, n);
  return n;
}
