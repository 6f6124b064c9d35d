// An array inside a point whose size the host can't bound: there is no room to give it. A limit of the target, and no defect of the compiler:
// it is reported as an error of the program (U06).
import type { Span } from "../../compiler/diagnostic.js";
import type { Kernel } from "../nest.js";
import { walkKernel } from "../nest-walk.js";

export class Unbounded extends Error {
  /** Where the array is made. */
  at: Span | undefined;

  constructor(readonly array: string) {
    super(`WebGPU can't make room for \`${array}\`: its size depends on data in a way that has no bound`);
  }
}

export const boundHelp = 'ask for a bound before it is made, as in `require k <= n else "…"`';

/** Runs `plan` of a kernel; what it can't make room for is found in the source. */
export function withPlaces<T>(kernel: Kernel, plan: () => T): T {
  try {
    return plan();
  } catch (error) {
    if (error instanceof Unbounded) error.at ??= placeOf(kernel, error.array);
    throw error;
  }
}

function placeOf(kernel: Kernel, name: string): Span | undefined {
  let found: Span | undefined;
  walkKernel(kernel, {
    stmt: (s) => {
      const made = s.kind === "nest" && s.nest.mode === "define" ? s.nest.yields.map((y) => y.array) : [];
      if (s.kind === "declare" || s.kind === "list") made.push(s.array);
      if (made.some((a) => a.name === name)) found ??= s.at;
      return true;
    },
  });
  return found;
}
