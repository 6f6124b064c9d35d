// What WebGPU can't do of a program that is right, found without making code: `bifold check` says it beside the front end's errors.
import type { Diagnostic } from "../../compiler/diagnostic.js";
import { exportsOf } from "../../compiler/load.js";
import type { Program } from "../../compiler/typed.js";
import { lowerFunction } from "../lower/index.js";
import { runPasses } from "../pipeline.js";
import { scheduleGpu } from "./index.js";
import { boundHelp, Unbounded } from "./unbounded.js";

/** An error of each exported function that asks for too much. */
export function limitsOf(program: Program): readonly Diagnostic[] {
  const limits: Diagnostic[] = [];
  for (const def of exportsOf(program))
    try {
      const kernel = lowerFunction(program, def, { precision: { real: "f32", wide: "f32" }, target: "wgsl" });
      scheduleGpu(runPasses(kernel, { fusion: true, target: "wgsl" }));
    } catch (error) {
      if (!(error instanceof Unbounded)) throw error;
      limits.push({ code: "U06", severity: "error", message: error.message, at: error.at ?? def.at, help: boundHelp });
    }
  return limits;
}
