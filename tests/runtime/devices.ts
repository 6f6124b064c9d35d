// A device of each kind for the tests of one file: the CPU on one thread, and the GPU with WebGPU's default limits.
import { afterAll, beforeAll } from "vitest";
import { CpuDevice } from "../../src/runtime/cpu/index.js";
import { newGpu } from "../webgpu/harness.js";

export let cpu: CpuDevice;
export let gpu: Awaited<ReturnType<typeof newGpu>>;

beforeAll(async () => {
  cpu = await CpuDevice.create({ threads: 1 });
  gpu = await newGpu();
});
afterAll(() => {
  cpu.stop();
  gpu.destroy();
});
