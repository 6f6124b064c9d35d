// The functions of one kernel: its own, the outlined bodies of its parallel loops, its estimate. Each kernel is made into code once, whatever
// modules it is in: most are functions of the standard library. None of Binaryen's passes run, since what is emitted shares its locals already
// and engines do the rest again.
import binaryen from "binaryen";
import { STATUS, WASM_OK } from "../../abi.js";
import type { LoopBlock, LoopFunction } from "../../ir/loop.js";
import { type EmittedFunction, FunctionContext, type ModuleContext, SharedJobs, wasmType } from "./context.js";
import { emitEstimate } from "./estimate.js";
import { lifeIn } from "./life.js";
import { placeRegisters, withoutForks } from "./places.js";
import type { WasmModule } from "./raw.js";
import { addDivisionHelpers } from "./scalar.js";
import { emitBlock } from "./statement.js";
import { addSupport } from "./support.js";

export interface KernelCode {
  readonly name: string;
  readonly jobs: readonly string[];
  readonly functions: readonly EmittedFunction[];
}

/** The code of kernels is the memory of a module that is never written out. After so many of them another takes its place, and all is made anew. */
interface Workshop {
  readonly m: WasmModule;
  /** By whether relaxed instructions may be used. */
  readonly made: WeakMap<LoopFunction, Map<boolean, KernelCode>>;
  readonly shared: SharedJobs;
  kernels: number;
}
const most = 2000;
let current: Workshop | undefined;

function workshop(): Workshop {
  current ??= { m: emptyModule(true), made: new WeakMap(), shared: new SharedJobs(), kernels: 0 };
  return current;
}

/** The code of kernels, to be written out at once: a later call may do away with it. */
export function functionsOf(functions: readonly LoopFunction[], relaxed: boolean): readonly KernelCode[] {
  if (current && current.kernels > most) {
    current.m.dispose();
    current = undefined;
  }
  return functions.map((f) => codeOf(f, relaxed));
}

function codeOf(f: LoopFunction, relaxed: boolean): KernelCode {
  const shop = workshop();
  const { m, made } = shop;
  const known = made.get(f) ?? new Map<boolean, KernelCode>();
  made.set(f, known);
  const old = known.get(relaxed);
  if (old) return old;
  const { jobs, functions } = emitKernel(m, f, relaxed, { shared: shop.shared });
  shop.kernels += 1;
  const code = { name: f.name, jobs, functions };
  known.set(relaxed, code);
  if (!functions.some((e) => e.relaxedMatters)) known.set(!relaxed, code);
  return code;
}

/** A module with what every one has. */
export function emptyModule(relaxed: boolean): WasmModule {
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
      (relaxed ? Features.RelaxedSIMD : 0),
  );
  m.setMemory(1, 65536, null, [], true);
  m.addMemoryImport("0", "env", "memory", true);
  addSupport(m);
  addDivisionHelpers(m);
  return m;
}

/** A kernel's functions. They are not the module's before they are added to it. */
export function emitKernel(
  m: WasmModule,
  f: LoopFunction,
  relaxed: boolean,
  { legible = false, shared = new SharedJobs() }: { readonly legible?: boolean; readonly shared?: SharedJobs } = {},
): ModuleContext {
  const module: ModuleContext = {
    m,
    relaxed,
    functions: [],
    shared,
    jobs: [],
    legible,
    kernel: f.name,
    life: lifeIn(f.body),
  };
  const own = withoutForks(f.body);
  emitFunction(module, f, own);
  emitEstimate(module, f, own);
  return module;
}

function emitFunction(module: ModuleContext, f: LoopFunction, own: LoopBlock): void {
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
  const registers = placeRegisters(c, own);
  const body = emitBlock(c, f.body);
  c.finish(f.name, i32, [
    m.i32.store(STATUS.check, 4, c.get(status), m.i32.const(-1)),
    m.f64.store(STATUS.needed, 8, c.get(status), m.f64.const(0)),
    c.set(scratchStart, c.get(scratch)),
    ...registers,
    body,
    m.i32.const(WASM_OK),
  ]);
}
