// The devices of the runtime as backends for the harness: a program is compiled as a user's would be, and called through the binding.
import { TEAM, type WgslCode } from "../../src/abi.js";
import { artifactOf, toNests } from "../../src/compile.js";
import { exportsOf, loadProgram } from "../../src/compiler/load.js";
import type { Program } from "../../src/compiler/typed.js";
import { runPassesInStages } from "../../src/ir/pipeline.js";
import { scheduleKernel } from "../../src/ir/schedule/index.js";
import { printSchedule } from "../../src/ir/schedule/schedule.js";
import { callKernel, type KernelArgument, type KernelResult } from "../../src/runtime/call.js";
import { CpuDevice } from "../../src/runtime/cpu/index.js";
import type { Artifact, Device } from "../../src/runtime/device.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { NDArray } from "../../src/runtime/ndarray.js";
import { disposeAll } from "../../src/runtime/scope.js";
import { WebGpuDevice } from "../../src/runtime/webgpu/index.js";
import { loopCoverage, planCoverage } from "./coverage.js";
import type { Backend, BackendResult } from "./harness.js";
import { type BackendSpec, specName, variantOf } from "./specs.js";
import type { HostValue, Job } from "./variants.js";

const programs = new WeakMap<Job, Program>();

/** The job's program, in which its function alone is exported: nothing else is compiled. */
function programOf(job: Job): Program {
  const old = programs.get(job);
  if (old) return old;
  const { program, diagnostics } = loadProgram(job.main, (path) => job.files[path]);
  if (!program) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join("; "));
  const functions = program.functions.map((f) => (f.exported && f.name !== job.fn ? { ...f, exported: false } : f));
  const one = { ...program, functions };
  programs.set(job, one);
  return one;
}

/** What came into play, in programs. */
export const coverage = new Map<string, number>();
const note = (found: Iterable<string>): void => {
  for (const name of new Set(found)) coverage.set(name, (coverage.get(name) ?? 0) + 1);
};

/** With the one build that the backend is for: the runtime has no other to fall back on. On the GPU, also that of its host functions. */
async function artifactFor(program: Program, spec: BackendSpec): Promise<Artifact> {
  const forks = spec.device === "cpu" && spec.threads > 1;
  const schedule = forks ? finelyForked(program, spec) : undefined;
  const resident = spec.device === "cpu" || spec.resident;
  const artifact = artifactOf(program, {
    fusion: spec.fusion,
    resident,
    ...(schedule === undefined ? {} : { schedule }),
  });
  const build = (name: string) => artifact.code[name] ?? fail(name);
  if (spec.device === "cpu") {
    const name = `wasm-${spec.real}${spec.relaxed ? "-relaxed" : ""}`;
    return { ...artifact, code: { [name]: build(name) } };
  }
  const names = ["wgsl-float32", "wasm-float64"];
  const code = (await build("wgsl-float32")()) as WgslCode;
  if (spec.fusion)
    for (const [name, plan] of Object.entries(code.plans))
      note(planCoverage(plan, code.kernelTexts[name]?.map((at) => code.texts[at] ?? "") ?? []));
  return { ...artifact, code: Object.fromEntries(names.map((name) => [name, build(name)])) };
}

function fail(name: string): never {
  throw new Error(`there is no build ${name}`);
}

/** So few operations are worth a fork: at the sizes of the tests every nest that can be split is. */
const FORK_WORK = 64;

/** The compiler's own schedule, with smaller chunks. A build with host functions has kernels that it does not speak of: it stays as it is. */
function finelyForked(program: Program, spec: Extract<BackendSpec, { readonly device: "cpu" }>): string | undefined {
  const [def] = exportsOf(program);
  if (!def) throw new Error(`${program.file} exports nothing`);
  const precision = { real: spec.real === "float32" ? "f32" : "f64", wide: "f64" } as const;
  const stages = runPassesInStages(toNests(program, def, "wasm", precision), { fusion: spec.fusion, target: "wasm" });
  const kernel = stages.at(-1)?.kernel;
  if (!kernel) throw new Error("internal: no kernel");
  const { function: loops, schedule } = scheduleKernel(kernel);
  if (spec.fusion)
    note([...stages.map((s) => `pass: ${s.pass}`), ...schedule.map((s) => `nest: ${s.class}`), ...loopCoverage(loops)]);
  if (spec.real === "float64" && program.functions.some((f) => f.host)) return undefined;
  return printSchedule(schedule).replace(/(parallel \S+) \d+/g, `$1 ${FORK_WORK}`);
}

function toArgument(v: HostValue): KernelArgument {
  if (typeof v !== "object") return v;
  if ("fields" in v) return Object.fromEntries(Object.entries(v.fields).map(([k, x]) => [k, toArgument(x)]));
  return { data: v.data, shape: v.shape };
}

async function fromResult(v: KernelResult): Promise<HostValue> {
  if (typeof v !== "object") return v;
  if (v instanceof NDArray) return { shape: v.shape, data: await v.data() };
  const fields: Record<string, HostValue> = {};
  for (const [k, x] of Object.entries(v)) fields[k] = await fromResult(x);
  return { fields };
}

/** Runs one call; what it made is given back, and nothing may be left. */
async function runCall(
  device: Device,
  artifact: Artifact,
  fn: string,
  dtype: "float32" | "float64",
  args: readonly HostValue[],
): Promise<BackendResult> {
  const before = device.liveBytes;
  const attempt = async (): Promise<BackendResult> => {
    let result: KernelResult | undefined;
    try {
      result = await callKernel(artifact, fn, args.map(toArgument), { device, dtype });
      return { value: await fromResult(result) };
    } catch (e) {
      if (e instanceof BifoldError && /^R\d/.test(e.code))
        return { error: { code: e.code, message: e.message.replace(/\n {2}--> .*$/s, "") } };
      throw e;
    } finally {
      disposeAll(result);
    }
  };
  const outcome = await attempt();
  if (device.liveBytes !== before) throw new Error(`${device.liveBytes - before} bytes are left behind`);
  return outcome;
}

/** One device for all backends that can share it. */
const devices = new Map<string, Promise<Device>>();

function deviceOf(spec: BackendSpec): Promise<Device> {
  const key = spec.device === "webgpu" ? "webgpu" : String(spec.threads);
  const made =
    devices.get(key) ??
    (spec.device === "webgpu"
      ? WebGpuDevice.create({ defaultLimits: true })
      : CpuDevice.create({ threads: spec.threads }));
  devices.set(key, made);
  return made;
}

/** How many forks the devices of several threads have seen (messages to the workers are among them, one a module). */
export async function countForks(): Promise<number> {
  let forks = 0;
  for (const device of await Promise.all(devices.values()))
    if (device instanceof CpuDevice && device.threads > 1)
      forks += device.memory.view.getInt32(device.memory.team + TEAM.epoch, true);
  return forks;
}

export async function deviceBackend(spec: BackendSpec): Promise<Backend> {
  const device = await deviceOf(spec);
  if (spec.device === "cpu" && device instanceof CpuDevice && device.threads !== spec.threads)
    throw new Error(`${spec.threads} threads were asked for, ${device.threads} are there`);
  return {
    name: specName(spec),
    variant: variantOf(spec),
    prepare: async (job) => {
      const program = programOf(job);
      const artifact = await artifactFor(program, spec);
      return (args) => runCall(device, artifact, job.fn, variantOf(spec).real, args);
    },
  };
}
