// WebGPU as a backend for the harness: programs are compiled for it and run on Dawn, over SwiftShader where there is no GPU.
import { artifactOf } from "../../src/compile.js";
import { loadProgram } from "../../src/compiler/load.js";
import { callKernel, type KernelArgument, type KernelResult } from "../../src/runtime/call.js";
import type { Artifact } from "../../src/runtime/device.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { NDArray } from "../../src/runtime/ndarray.js";
import { disposeAll } from "../../src/runtime/scope.js";
import type { WebGpuDevice } from "../../src/runtime/webgpu/index.js";
import type { Backend, BackendResult } from "./harness.js";
import type { HostValue } from "./variants.js";

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
    if (!program) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join("; "));
    const artifact = artifactOf(program, { fusion });
    return (args) => runOnGpu(device, artifact, job.fn, args);
  },
});
