// The kernels of host functions that a kernel calls: functions of its module on the CPU, whatever calls them, and whose checks stand behind its own.
import type { Kernel } from "./nest.js";
import { walkKernel } from "./nest-walk.js";

/** Those that it calls itself, each once, in the order of the first call. */
function calledFrom(kernel: Kernel): readonly Kernel[] {
  const called = new Map<string, Kernel>();
  walkKernel(kernel, {
    stmt: (s) => {
      if (s.kind === "host" && !called.has(s.kernel.name)) called.set(s.kernel.name, s.kernel);
      return true;
    },
  });
  return [...called.values()];
}

/** All that run in a call of it, each once. */
export function calledKernels(kernel: Kernel): readonly Kernel[] {
  const called = new Map<string, Kernel>();
  const see = (k: Kernel): void => {
    for (const inner of calledFrom(k)) {
      if (called.has(inner.name)) continue;
      called.set(inner.name, inner);
      see(inner);
    }
  };
  see(kernel);
  return [...called.values()];
}

/** What a call of `kernel` may report: its own checks, then all that a call of each that it calls may. */
export const checksOfCall = (kernel: Kernel): readonly { readonly kernel: Kernel; readonly at: number }[] => [
  ...kernel.checks.map((_, at) => ({ kernel, at })),
  ...calledFrom(kernel).flatMap(checksOfCall),
];

/** Where among them the checks of each kernel that it calls begin: by name. */
export function checkOffsets(kernel: Kernel): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  let next = kernel.checks.length;
  for (const k of calledFrom(kernel)) {
    offsets.set(k.name, next);
    next += checksOfCall(k).length;
  }
  return offsets;
}
