// The devices of the runtime as backends for the harness: a program is compiled as a user's would be, and called through the binding.
import { artifactOf } from "../../src/compile.js";
import { loadProgram } from "../../src/compiler/load.js";
import type { Program } from "../../src/compiler/typed.js";
import { callKernel, type KernelArgument, type KernelResult } from "../../src/runtime/call.js";
import { CpuDevice } from "../../src/runtime/cpu/index.js";
import type { Artifact, Device } from "../../src/runtime/device.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { NDArray } from "../../src/runtime/ndarray.js";
import { disposeAll } from "../../src/runtime/scope.js";
import { WebGpuDevice } from "../../src/runtime/webgpu/index.js";
import type { Backend, BackendResult } from "./harness.js";
import { type BackendSpec, specName, variantOf } from "./specs.js";
import type { HostValue, Job } from "./variants.js";

type Files = Job["files"];

const programs = new WeakMap<Files, Program>();

/** Jobs on one program share what is made of its text. */
function programOf(job: Job): Program {
  const old = programs.get(job.files);
  if (old) return old;
  const { program, diagnostics } = loadProgram(job.main, (path) => job.files[path]);
  if (!program) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join("; "));
  programs.set(job.files, program);
  return program;
}

/** With the one build that the backend is for: the runtime has no other to fall back on. On the GPU, also that of its host functions. */
function artifactFor(program: Program, spec: BackendSpec): Artifact {
  const artifact = artifactOf(program, { fusion: spec.fusion });
  const names =
    spec.device === "webgpu"
      ? ["wgsl-float32", "wasm-float64"]
      : [`wasm-${spec.real}${spec.relaxed ? "-relaxed" : ""}`];
  const build = (name: string) => [name, artifact.code[name] ?? fail(name)] as const;
  return { ...artifact, code: Object.fromEntries(names.map(build)) };
}

function fail(name: string): never {
  throw new Error(`there is no build ${name}`);
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

export async function deviceBackend(spec: BackendSpec): Promise<Backend> {
  const device = await deviceOf(spec);
  if (spec.device === "cpu" && device instanceof CpuDevice && device.threads !== spec.threads)
    throw new Error(`${spec.threads} threads were asked for, ${device.threads} are there`);
  const artifacts = new WeakMap<Program, Artifact>();
  return {
    name: specName(spec),
    variant: variantOf(spec),
    prepare: async (job) => {
      const program = programOf(job);
      const artifact = artifacts.get(program) ?? artifactFor(program, spec);
      artifacts.set(program, artifact);
      return (args) => runCall(device, artifact, job.fn, variantOf(spec).real, args);
    },
  };
}
