// The tour of the compiler: from a typed program to an artifact, every stage in its order. What each stage does is said where it lives.
import { deflateRawSync } from "node:zlib";
import { ABI_VERSION, type AbiCheck, type WasmCode, type WgslCode } from "./abi.js";
import { expectationsType, signatureOf } from "./codegen/artifact/signature.js";
import { emitWasm, emitWat } from "./codegen/wasm/index.js";
import { emitWgsl } from "./codegen/wgsl/index.js";
import type { Span } from "./compiler/diagnostic.js";
import { exportsOf } from "./compiler/load.js";
import type { FunctionDef, Program } from "./compiler/typed.js";
import { calledKernels, checksOfCall } from "./ir/called.js";
import type { LoopFunction } from "./ir/loop.js";
import { type LoweredExpect, lowerFunction, lowerTest } from "./ir/lower/index.js";
import type { Kernel, Precision, Scalar } from "./ir/nest.js";
import { rewriteKernel, walkKernel } from "./ir/nest-walk.js";
import { runPasses } from "./ir/pipeline.js";
import type { GpuPlan } from "./ir/plan.js";
import { assertPlan } from "./ir/plan-verify.js";
import { scheduleKernel } from "./ir/schedule/index.js";
import { scheduleOf } from "./ir/schedule/schedule.js";
import { scheduleGpu } from "./ir/schedule-gpu/index.js";
import { boundHelp, Unbounded } from "./ir/schedule-gpu/unbounded.js";
import { truncated } from "./ir/truncate.js";
import type { Artifact } from "./runtime/device.js";
import { BifoldError } from "./runtime/errors.js";

/** What the compiler makes of a file: a build for each target and floating type. Relaxed SIMD has fused multiply-add, where the engine has it. */
export const variantNames = [
  "wasm-float32",
  "wasm-float32-relaxed",
  "wasm-float64",
  "wasm-float64-relaxed",
  "wgsl-float32",
] as const;
export type VariantName = (typeof variantNames)[number];

export interface CompileOptions {
  /** Whether the passes run that only make kernels faster. True unless said. */
  readonly fusion?: boolean;
  /** A schedule in the text form that `inspect --stage schedule` prints, instead of the compiler's own. */
  readonly schedule?: string;
  /** Whether small loops stay on the GPU, in one workgroup, rather than being stepped through by the host. True unless said. */
  readonly resident?: boolean;
  /** Only so many of the statements of a kernel, counted from the first: to measure what each takes. What they do not make stays undefined. */
  readonly upTo?: number;
  /** Compresses code as far as it goes: for what is shipped. */
  readonly small?: boolean;
}

export const precisions = {
  float32: { real: "f32", wide: "f64" },
  float64: { real: "f64", wide: "f64" },
  // WGSL has no f64.
  gpu: { real: "f32", wide: "f32" },
} as const satisfies Record<string, Precision>;

/** Typed program -> Nest IR: calls inlined, records taken apart, `real` made concrete. */
export function toNests(program: Program, def: FunctionDef, target: "wasm" | "wgsl", precision: Precision): Kernel {
  return lowerFunction(program, def, { precision, target });
}

/** What becomes a kernel: an exported function, or a test. */
interface Entry {
  readonly name: string;
  readonly lower: (target: "wasm" | "wgsl", precision: Precision) => Kernel;
}

/** The kernels of an artifact, and the program that they are of. Builds of it share what they can. */
interface Unit {
  readonly program: Program;
  readonly entries: readonly Entry[];
  readonly shared: Map<string, CpuKernels>;
}
interface CpuKernels {
  readonly kernels: readonly Kernel[];
  readonly loops: readonly LoopFunction[];
}

/** The exported functions of a file. */
function unitOf(program: Program): Unit {
  const known = units.get(program);
  if (known) return known;
  const entries = exportsOf(program).map((def): Entry => {
    const made = new Map<string, Kernel>();
    return {
      name: def.name,
      lower: (target, precision) => {
        const key = `${target} ${precision.real} ${precision.wide}`;
        const kernel = made.get(key) ?? toNests(program, def, target, precision);
        made.set(key, kernel);
        return kernel;
      },
    };
  });
  const unit = { program, entries, shared: new Map() };
  units.set(program, unit);
  return unit;
}
const units = new WeakMap<Program, Unit>();

/** Nest IR -> Nest IR: everything that both targets gain from. */
export function optimise(kernel: Kernel, target: "wasm" | "wgsl", options: CompileOptions = {}): Kernel {
  const whole = runPasses(kernel, { fusion: options.fusion ?? true, target });
  const kept = options.upTo === undefined ? whole : truncated(whole, options.upTo);
  return target === "wgsl" ? kept : optimiseCalled(kept, options.fusion ?? true);
}

const optimiseCalled = (kernel: Kernel, fusion: boolean): Kernel =>
  rewriteKernel(kernel, {
    stmt: (s) => [s.kind === "host" ? { ...s, kernel: optimisedOnce(s.kernel, fusion) } : s],
  });

/** What the passes make of functions that are called on the CPU: whoever calls them has the same kernel. */
const optimised = { fused: new WeakMap<Kernel, Kernel>(), plain: new WeakMap<Kernel, Kernel>() };

function optimisedOnce(kernel: Kernel, fusion: boolean): Kernel {
  const known = optimised[fusion ? "fused" : "plain"];
  const made = known.get(kernel) ?? optimiseCalled(runPasses(kernel, { fusion, target: "wasm" }), fusion);
  known.set(kernel, made);
  return made;
}

/** Nest IR -> Loop IR for the CPU: a schedule for each nest, then loops, lanes and threads. */
export const toLoops = (kernel: Kernel, options: CompileOptions = {}) => scheduleKernel(kernel, options.schedule);

/** The loops of a kernel, and those of the functions that it calls on the CPU. A schedule speaks of their sites as `function.site`. */
export const toAllLoops = (kernel: Kernel, options: CompileOptions = {}) =>
  [kernel, ...calledKernels(kernel)].map((k) => toLoops(k, forKernel(options, k === kernel ? undefined : k.name)));

const forKernel = (options: CompileOptions, called: string | undefined): CompileOptions =>
  options.schedule === undefined ? options : { ...options, schedule: scheduleOf(options.schedule, called) };

/** Nest IR -> a plan for the GPU, whose dispatches are Loop IR. */
export const toPlan = (kernel: Kernel, options: CompileOptions = {}): GpuPlan =>
  assertPlan(scheduleGpu(kernel, options.resident ?? true));

/** The kernels of a build for the CPU and their loops: the same with and without relaxed SIMD. */
function cpuKernels(unit: Unit, real: "float32" | "float64", options: CompileOptions): CpuKernels {
  const key = `${real} ${options.fusion ?? true} ${options.upTo ?? ""} ${options.schedule ?? ""}`;
  const old = unit.shared.get(key);
  if (old) return old;
  const kernels = wasmKernels(unit, real, options);
  const own = new Set(unit.entries.map((e) => e.name));
  const loops = kernels.map((k) =>
    options.schedule === undefined
      ? loopsOnce(k)
      : toLoops(k, forKernel(options, own.has(k.name) ? undefined : k.name)).function,
  );
  const made = { kernels, loops };
  unit.shared.set(key, made);
  return made;
}

/** By the compiler's own schedule. Functions that are called on the CPU may be in the modules of several programs. */
function loopsOnce(kernel: Kernel): LoopFunction {
  const made = scheduled.get(kernel) ?? toLoops(kernel).function;
  scheduled.set(kernel, made);
  return made;
}
const scheduled = new WeakMap<Kernel, LoopFunction>();

/** Every kernel of a file for the CPU, with those that host functions of its GPU builds call. */
function wasmKernels({ program, entries }: Unit, real: "float32" | "float64", options: CompileOptions): Kernel[] {
  const own = entries.map((e) => optimise(e.lower("wasm", precisions[real]), "wasm", options));
  if (!program.functions.some((f) => f.host)) return own;
  // From the GPU they run in double precision.
  const crossed = real === "float64" ? entries.flatMap((e) => calledKernels(e.lower("wgsl", precisions.gpu))) : [];
  const apart = new Map(
    [...own.flatMap(calledKernels), ...crossed.map((k) => optimisedOnce(k, options.fusion ?? true))].map((k) => [
      k.name,
      k,
    ]),
  );
  for (const k of own) apart.delete(k.name);
  return [...own, ...apart.values()];
}

/** Loop IR -> WASM. */
function compileWasm(unit: Unit, real: "float32" | "float64", relaxed: boolean, options: CompileOptions): WasmCode {
  const { kernels, loops } = cpuKernels(unit, real, options);
  return {
    abi: ABI_VERSION,
    target: "wasm",
    real,
    relaxed,
    module: deflateRawSync(emitWasm(loops, { relaxed }), {
      level: options.small ? 9 : 1,
    }).toString("base64"),
    checks: Object.fromEntries(kernels.map((k) => [k.name, checksOf(k, unit.program)])),
  };
}

/** The text of one kernel's module, for people: binaryen's marks of places become the source's lines. */
export function watOf(program: Program, kernel: Kernel, relaxed: boolean, options: CompileOptions = {}): string {
  const functions = toAllLoops(kernel, options).map((s) => s.function);
  const wat = emitWat(functions, { relaxed }, (at) => lineAndColumn(at, program));
  return wat.replace(/;;@ (.*):(\d+):\d+$/gm, (_, file: string, line: string) => {
    return `;; ${file}:${line}  ${textOf(file, program).split("\n")[Number(line) - 1]?.trim() ?? ""}`;
  });
}

/** The texts of a plan's kernels, for people: with the source's lines as comments, which those that are shipped do without. */
export const wgslOf = (plan: GpuPlan, program: Program): readonly string[] =>
  emitWgsl(plan, (at) => placeText(at, program)).texts;

/** A limit of WebGPU as who calls the function hears of it. */
function refusal(error: unknown, kernel: Kernel, program: Program): unknown {
  if (!(error instanceof Unbounded)) return error;
  const at = error.at && lineAndColumn(error.at, program);
  const place = at ? `\n  --> ${error.at?.file}:${at.line}:${at.column}` : `, in ${kernel.name}`;
  return new BifoldError("unsupported", `U06: ${error.message}; ${boundHelp}${place}`);
}

/**
 * `toPlan` for a program's user.
 * @throws {BifoldError} `unsupported` where WebGPU can't do it
 */
export function planOf(kernel: Kernel, program: Program, options: CompileOptions = {}): GpuPlan {
  try {
    return toPlan(kernel, options);
  } catch (error) {
    throw refusal(error, kernel, program);
  }
}

/** Plans and Loop IR -> WGSL. */
function compileWgsl({ program, entries }: Unit, options: CompileOptions): WgslCode {
  const kernels = entries.map((e) => optimise(e.lower("wgsl", precisions.gpu), "wgsl", options));
  const emitted = kernels.map((k) => emitWgsl(planOf(k, program, options)));
  const texts = [...new Set(emitted.flatMap((e) => e.texts))];
  const places = new Map(texts.map((text, at) => [text, at]));
  return {
    abi: ABI_VERSION,
    target: "wgsl",
    plans: Object.fromEntries(kernels.map((k, i) => [k.name, emitted[i]!.plan])),
    kernelTexts: Object.fromEntries(kernels.map((k, i) => [k.name, emitted[i]!.texts.map((t) => places.get(t)!)])),
    texts,
    checks: Object.fromEntries(kernels.map((k) => [k.name, abiChecks(k, program)])),
  };
}

/** One build of a file, as its code file holds it. */
export const compileVariant = (program: Program, name: string, options: CompileOptions = {}): WasmCode | WgslCode =>
  buildOf(unitOf(program), name, options);

function buildOf(unit: Unit, name: string, options: CompileOptions): WasmCode | WgslCode {
  switch (name as VariantName) {
    case "wasm-float32":
    case "wasm-float32-relaxed":
    case "wasm-float64":
    case "wasm-float64-relaxed":
      return compileWasm(unit, name.includes("float32") ? "float32" : "float64", name.endsWith("relaxed"), options);
    case "wgsl-float32":
      return compileWgsl(unit, options);
    default:
      throw new Error(`internal: there is no variant ${name}`);
  }
}

const lazily = (unit: Unit, options: CompileOptions): Artifact["code"] =>
  Object.fromEntries(variantNames.map((v) => [v, async () => buildOf(unit, v, options)]));

/** An artifact in memory, whose variants are compiled when they are first called. */
export function artifactOf(program: Program, options: CompileOptions = {}): Artifact {
  const signatures = exportsOf(program).map(signatureOf);
  return { abi: ABI_VERSION, file: program.file, signatures, code: lazily(unitOf(program), options) };
}

/** A test as an artifact: the one kernel `test` has no arguments, and tells of each `expect` what `LoweredExpect` says. */
export function testArtifactOf(
  program: Program,
  test: Program["tests"][number],
): Artifact & { readonly expects: readonly LoweredExpect[] } {
  const lower: Entry["lower"] = (target, precision) => lowerTest(program, test, { target, precision }).kernel;
  const unit = { program, entries: [{ name: "test", lower }], shared: new Map() };
  const { expects, kernel } = lowerTest(program, test, { target: "wasm", precision: precisions.float32 });
  const signature = { name: "test", params: [], sizes: [], localSizes: [], result: expectationsType(kernel) };
  return { abi: ABI_VERSION, file: program.file, signatures: [signature], code: lazily(unit, {}), expects };
}

/** What the failed checks of a call say: the kernel's own, and behind them those of functions that it calls on the CPU. */
function checksOf(kernel: Kernel, program: Program): readonly AbiCheck[] {
  const said = new Map<Kernel, readonly AbiCheck[]>();
  return checksOfCall(kernel).map(({ kernel: k, at }) => {
    const all = said.get(k) ?? abiChecks(k, program);
    said.set(k, all);
    const check = all[at];
    if (!check) throw new Error(`internal: ${k.name} has no check ${at}`);
    return check;
  });
}

/** What a failed check says at run time. */
function abiChecks(kernel: Kernel, program: Program): AbiCheck[] {
  const codes = {
    require: "R01",
    index: "R02",
    slice: "R03",
    shape: "R04",
    division: "R05",
    power: "R06",
    conflict: "R07",
    size: "R08",
  } as const;
  const shown = shownTypes(kernel);
  return kernel.checks.map((c, check) => ({
    code: codes[c.kind],
    message: c.message.map((part) => {
      const type = typeof part === "string" ? undefined : shown.get(check)?.[part];
      if (typeof part === "string" || type === undefined || type === "i32" || type === "u32") return part;
      return [type === "bool" ? "bool" : "real", part] as const;
    }),
    file: c.at.file,
    ...lineAndColumn(c.at, program),
  }));
}

/** The types of the values that a `require`'s message shows; all that other checks show are integers. */
function shownTypes(kernel: Kernel): ReadonlyMap<number, readonly Scalar[]> {
  const types = new Map<number, readonly Scalar[]>();
  walkKernel(kernel, {
    stmt(s) {
      if (s.kind === "require")
        types.set(
          s.check,
          s.values.map((e) => e.type),
        );
      return true;
    },
  });
  return types;
}

const textOf = (file: string, program: Program): string => program.sources?.get(file)?.text ?? "";

function lineAndColumn(at: Span, program: Program): { line: number; column: number } {
  const before = textOf(at.file, program).slice(0, at.start).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** The place of a statement and the line that it begins on, for comments in generated code. */
export function placeText(at: Span, program: Program): string {
  const { line } = lineAndColumn(at, program);
  return `${at.file}:${line}  ${textOf(at.file, program).split("\n")[line - 1]?.trim() ?? ""}`;
}
