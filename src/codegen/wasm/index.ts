// From Loop IR functions to one WASM module (`abi.ts` says what it imports and exports).
import binaryen from "binaryen";
import type { Span } from "../../compiler/diagnostic.js";
import type { LoopFunction } from "../../ir/loop.js";
import { type EmittedFunction, jobsOf } from "./context.js";
import { estimateName } from "./estimate.js";
import { emitKernel, emptyModule, functionsOf } from "./kernel.js";
import { nameLocal, type WasmModule } from "./raw.js";
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
    const added = new Set<string>();
    for (const kernel of kernels) {
      addJobs(m, kernel.name, kernel.jobs, jobs);
      // The bodies are the workshop's, which outlives this module.
      for (const f of kernel.functions) {
        if (!added.has(f.name)) addFunction(m, f);
        added.add(f.name);
      }
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
  const files = new Map<string, number>();
  try {
    const jobs: string[] = [];
    for (const f of functions) {
      const kernel = emitKernel(m, f, options.relaxed, { legible: true });
      for (const e of kernel.functions) annotate(m, addFunction(m, e), e, files, locate);
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

const addFunction = (m: WasmModule, f: EmittedFunction): binaryen.FunctionRef =>
  m.addFunction(f.name, f.params, f.result, [...f.locals], f.body);

export interface SourceLine {
  readonly line: number;
  readonly column: number;
}

/** Names of locals and lines of the source, for reading. */
function annotate(
  m: WasmModule,
  func: binaryen.FunctionRef,
  f: EmittedFunction,
  files: Map<string, number>,
  locate: (at: Span) => SourceLine,
): void {
  const taken = new Set<string>();
  for (const [index, wanted] of f.names) {
    const plain = wanted.replace(/[^\w]/g, "_");
    const local = taken.has(plain) ? `${plain}_${index}` : plain;
    taken.add(local);
    nameLocal(func, index, local);
  }
  for (const { ref, at } of f.places) {
    const file = files.get(at.file) ?? m.addDebugInfoFileName(at.file);
    files.set(at.file, file);
    const { line, column } = locate(at);
    m.setDebugLocation(func, ref, file, line, column);
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
