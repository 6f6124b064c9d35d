// From Loop IR functions to one WASM module (`abi.ts` says what it imports and exports).
import binaryen from "binaryen";
import type { Span } from "../../compiler/diagnostic.js";
import type { LoopFunction } from "../../ir/loop.js";
import { jobsOf, type SourceLine } from "./context.js";
import { estimateName } from "./estimate.js";
import { addKernel, emptyModule, functionsOf } from "./kernel.js";
import type { WasmModule } from "./raw.js";
import { JOBS } from "./support.js";

export interface WasmOptions {
  /** Fused multiply-add and one-instruction selection, where the engine has relaxed SIMD. */
  readonly relaxed: boolean;
}

/** The bytes of a module that exports every function, and a scratch estimate for each. */
export function emitWasm(functions: readonly LoopFunction[], options: WasmOptions): Uint8Array {
  const kernels = functionsOf(functions, options.relaxed);
  const m = emptyModule(options.relaxed);
  try {
    const jobs: string[] = [];
    for (const kernel of kernels) {
      addJobs(m, kernel.name, kernel.jobs, jobs);
      // The bodies are the workshop's, which outlives this module.
      for (const f of kernel.functions) m.addFunction(f.name, f.params, f.results, f.vars, f.body);
      addExports(m, kernel.name);
    }
    addTable(m, jobs);
    return m.emitBinary();
  } finally {
    m.dispose();
  }
}

/** The module's text, for people: with names, and the source's lines as `;;@ file:line:column`. */
export function emitWat(
  functions: readonly LoopFunction[],
  options: WasmOptions,
  locate: (at: Span) => SourceLine,
): string {
  const m = emptyModule(options.relaxed);
  try {
    const jobs: string[] = [];
    for (const f of functions) {
      const kernel = addKernel(m, f, options.relaxed, { locate });
      addJobs(m, f.name, kernel.jobs, jobs);
      addExports(m, f.name);
    }
    addTable(m, jobs);
    // Passes that share locals would take their names away.
    m.runPasses(["vacuum", "remove-unused-names"]);
    return m.emitText();
  } finally {
    m.dispose();
  }
}

/** Puts a kernel's outlined bodies behind those that `all` has. */
function addJobs(m: WasmModule, kernel: string, jobs: readonly string[], all: string[]): void {
  if (jobs.length > 0) m.addGlobal(jobsOf(kernel), binaryen.i32, false, m.i32.const(all.length));
  all.push(...jobs);
}

function addExports(m: WasmModule, kernel: string): void {
  for (const name of [kernel, estimateName(kernel)]) m.addFunctionExport(name, name);
}

function addTable(m: WasmModule, jobs: readonly string[]): void {
  m.addTable(JOBS, jobs.length, jobs.length);
  m.addActiveElementSegment(JOBS, "jobs", [...jobs], m.i32.const(0));
}
