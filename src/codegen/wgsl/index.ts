// From a plan with Loop IR kernels to one with WGSL texts.
import type { Plan } from "../../abi.js";
import type { Span } from "../../compiler/diagnostic.js";
import type { GpuPlan } from "../../ir/plan.js";
import { emitKernel } from "./kernel.js";

export interface WgslPlan {
  readonly plan: Plan;
  /** One for each kernel of the plan. */
  readonly texts: readonly string[];
}

/** `comment` gives what stands beside the code of a place in the source: its file and line, and perhaps the equation. */
export function emitWgsl(plan: GpuPlan, comment?: (at: Span) => string | undefined): WgslPlan {
  const emitted = plan.kernels.map((k) => emitKernel(k, plan.checks, comment));
  return { plan: { ...plan, kernels: emitted.map((e) => e.kernel) }, texts: emitted.map((e) => e.text) };
}
