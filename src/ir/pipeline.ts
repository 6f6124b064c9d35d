// Runs the passes over a kernel, in the order of passes/index.ts, and holds the kernel against the rules of Nest IR after each.
import type { Kernel } from "./nest.js";
import { verifyKernel } from "./nest-verify.js";
import { type PassOptions, passes } from "./passes/index.js";

/** The kernel as it stood after a pass that changed it. */
export interface Stage {
  readonly pass: string;
  readonly kernel: Kernel;
}

export const runPasses = (kernel: Kernel, options: PassOptions): Kernel =>
  runPassesInStages(kernel, options).at(-1)?.kernel ?? kernel;

/** Every stage, the first being the kernel as it came, for `inspect` and the golden tests. */
export function runPassesInStages(kernel: Kernel, options: PassOptions): readonly Stage[] {
  const stages: Stage[] = [{ pass: "lower", kernel }];
  check("lower", kernel);
  let now = kernel;
  for (const pass of passes) {
    if (pass.optional && !options.fusion) continue;
    const next = pass.run(now, options);
    if (next === now) continue;
    check(pass.name, next);
    stages.push({ pass: pass.name, kernel: next });
    now = next;
  }
  return stages;
}

function check(pass: string, kernel: Kernel): void {
  const problems = verifyKernel(kernel);
  if (problems.length > 0) throw new Error(`internal: after ${pass}: ${problems.join("; ")}`);
}
