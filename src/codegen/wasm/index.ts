// From Loop IR functions to one WASM module (`abi.ts` says what it imports and exports).
import binaryen from "binaryen";
import { STATUS, WASM_OK } from "../../abi.js";
import type { Span } from "../../compiler/diagnostic.js";
import type { LoopFunction } from "../../ir/loop.js";
import { FunctionContext, type ModuleContext, type SourceLine, wasmType } from "./context.js";
import { addEstimate } from "./estimate.js";
import { placeRegisters, withoutForks } from "./places.js";
import type { WasmModule } from "./raw.js";
import { addDivisionHelpers } from "./scalar.js";
import { emitBlock } from "./statement.js";
import { addSupport, JOBS } from "./support.js";

export interface WasmOptions {
  /** Fused multiply-add and one-instruction selection, where the engine has relaxed SIMD. */
  readonly relaxed: boolean;
  /** Spends time on a smaller module; it is no faster. */
  readonly small?: boolean;
}

/** The bytes of a module that exports every function, and a scratch estimate for each. */
export function emitWasm(functions: readonly LoopFunction[], options: WasmOptions): Uint8Array {
  const m = buildModule(functions, options, undefined);
  try {
    if (options.small) m.runPasses(smaller);
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
  const m = buildModule(functions, options, locate);
  try {
    // Passes that share locals would take their names away.
    m.runPasses(["vacuum", "remove-unused-names"]);
    return m.emitText();
  } finally {
    m.dispose();
  }
}

/** Engines do again what most of Binaryen's passes do, and what is emitted shares its locals already: these only make a module quicker to send. */
const smaller = [
  "simplify-locals",
  "vacuum",
  "coalesce-locals",
  "simplify-locals-nostructure",
  "vacuum",
  "remove-unused-names",
];

function buildModule(
  functions: readonly LoopFunction[],
  options: WasmOptions,
  locate: ((at: Span) => SourceLine) | undefined,
): WasmModule {
  const m = new binaryen.Module();
  const { Features } = binaryen;
  m.setFeatures(
    Features.MVP |
      Features.Atomics |
      Features.MutableGlobals |
      Features.NontrappingFPToInt |
      Features.SIMD128 |
      Features.BulkMemory |
      Features.SignExt |
      (options.relaxed ? Features.RelaxedSIMD : 0),
  );
  m.setMemory(1, 65536, null, [], true);
  m.addMemoryImport("0", "env", "memory", true);
  addSupport(m);
  addDivisionHelpers(m);
  const module: ModuleContext = { m, relaxed: options.relaxed, jobs: [], locate, files: new Map(), kernel: "" };
  for (const f of functions) {
    module.kernel = f.name;
    addKernel(module, f);
    addEstimate(module, f);
  }
  m.addTable(JOBS, module.jobs.length, module.jobs.length);
  m.addActiveElementSegment(JOBS, "jobs", module.jobs, m.i32.const(0));
  return m;
}

function addKernel(module: ModuleContext, f: LoopFunction): void {
  const { m } = module;
  const i32 = binaryen.i32;
  const c = new FunctionContext(
    module,
    [
      ...["status", "scratch", "scratchEnd"].map((name) => ({ name, type: i32 })),
      ...f.scalars.map((v) => ({ name: v.name, type: wasmType(v.type) })),
      ...f.buffers.map((b) => ({ name: b.name, type: i32 })),
    ],
    "kernel",
  );
  f.scalars.forEach((v, k) => {
    c.bind(v, 3 + k);
  });
  f.buffers.forEach((b, k) => {
    c.places.set(b.id, { kind: "memory", base: 3 + f.scalars.length + k, offset: 0 });
  });
  const { status, scratch, scratchStart } = c.fixed;
  const registers = placeRegisters(c, withoutForks(f.body));
  const body = emitBlock(c, f.body);
  c.finish(f.name, i32, [
    m.i32.store(STATUS.check, 4, c.get(status), m.i32.const(-1)),
    m.f64.store(STATUS.needed, 8, c.get(status), m.f64.const(0)),
    c.set(scratchStart, c.get(scratch)),
    ...registers,
    body,
    m.i32.const(WASM_OK),
  ]);
  m.addFunctionExport(f.name, f.name);
}
