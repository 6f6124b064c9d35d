// WebGPU as a backend for the harness: programs are compiled for it and run on Dawn, over SwiftShader where there is no GPU.
import { ABI_VERSION, type WgslCode } from "../../src/abi.js";
import { signatureOf } from "../../src/codegen/artifact/signature.js";
import { emitWgsl } from "../../src/codegen/wgsl/index.js";
import { loadProgram } from "../../src/compiler/load.js";
import type { FunctionDef, Program } from "../../src/compiler/typed.js";
import { lowerFunction } from "../../src/ir/lower/lower.js";
import type { Check, Kernel } from "../../src/ir/nest.js";
import { runPasses } from "../../src/ir/pipeline.js";
import { scheduleGpu } from "../../src/ir/schedule-gpu/index.js";
import { callKernel, type KernelArgument, type KernelResult } from "../../src/runtime/call.js";
import type { Artifact } from "../../src/runtime/device.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { NDArray } from "../../src/runtime/ndarray.js";
import { disposeAll } from "../../src/runtime/scope.js";
import type { WebGpuDevice } from "../../src/runtime/webgpu/index.js";
import type { Backend, BackendResult } from "./harness.js";
import type { HostValue } from "./variants.js";

const codes: Readonly<Record<Check["kind"], string>> = {
  require: "R01",
  index: "R02",
  slice: "R03",
  shape: "R04",
  division: "R05",
  power: "R06",
  conflict: "R07",
  size: "R08",
};

/** The kernel of an exported function as the scheduler gets it. */
export function gpuKernel(program: Program, def: FunctionDef, fusion: boolean): Kernel {
  const precision = { real: "f32", wide: "f32" } as const;
  const lowered = lowerFunction(program, def, { precision, target: "wgsl" });
  return runPasses(lowered, { fusion, target: "wgsl" });
}

/** The one function of a program, compiled for WebGPU alone. */
export function gpuArtifact(program: Program, def: FunctionDef, fusion: boolean): Artifact {
  const kernel = gpuKernel(program, def, fusion);
  const { plan, texts } = emitWgsl(scheduleGpu(kernel));
  const code: WgslCode = {
    abi: ABI_VERSION,
    target: "wgsl",
    plans: { [def.name]: plan },
    texts: { [def.name]: texts },
    checks: {
      [def.name]: kernel.checks.map((c) => ({
        code: codes[c.kind],
        message: c.message,
        file: c.at.file,
        line: 1,
        column: 1,
      })),
    },
  };
  return {
    abi: ABI_VERSION,
    file: program.file,
    signatures: [signatureOf(def)],
    code: { "wgsl-float32": async () => ({ code }) },
  };
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
export async function runOnGpu(
  device: WebGpuDevice,
  artifact: Artifact,
  fn: string,
  args: readonly HostValue[],
): Promise<BackendResult> {
  const before = device.liveBytes;
  const attempt = async (): Promise<BackendResult> => {
    let result: KernelResult | undefined;
    try {
      result = await callKernel(artifact, fn, args.map(toArgument), { device });
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

export const webgpuBackend = (device: WebGpuDevice, fusion: boolean): Backend => ({
  name: `${device.name}, fusion ${fusion ? "on" : "off"}`,
  variant: { real: "float32", target: "wgsl" },
  prepare: async (job) => {
    const { program, diagnostics } = loadProgram(job.main, (path) => job.files[path]);
    const def = program?.functions.find((f) => f.name === job.fn);
    if (!program || !def) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join("; "));
    const artifact = gpuArtifact(program, def, fusion);
    return (args) => runOnGpu(device, artifact, def.name, args);
  },
});
