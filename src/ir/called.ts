// The kernels of host functions that a kernel calls: functions of its module on the CPU, whatever calls them, and whose checks stand behind its own.
import type { Kernel } from "./nest.js";
import { walkKernel } from "./nest-walk.js";

/** Each once, in the order of the first call. A host function's own calls of others are inlined. */
export function calledKernels(kernel: Kernel): readonly Kernel[] {
  const called = new Map<string, Kernel>();
  walkKernel(kernel, {
    stmt: (s) => {
      if (s.kind === "host" && !called.has(s.kernel.name)) called.set(s.kernel.name, s.kernel);
      return true;
    },
  });
  return [...called.values()];
}

/** Where the checks of each called kernel begin among all that a call of `kernel` may report: by name. */
export function checkOffsets(kernel: Kernel): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  let next = kernel.checks.length;
  for (const k of calledKernels(kernel)) {
    offsets.set(k.name, next);
    next += k.checks.length;
  }
  return offsets;
}
