// The devices of this process: made when first asked for, one of each kind.
import { type CpuDevice, type CpuOptions, createCpu } from "./cpu/index.js";
import type { Device, DeviceKind } from "./device.js";
import { BifoldError } from "./errors.js";

let cpu: Promise<CpuDevice> | undefined;
let gpu: Promise<Device> | undefined;

/**
 * The device of that kind, the same at every call. `options` count for the CPU's first use.
 * @throws {BifoldError} `unsupported` where there is no WebGPU adapter
 */
export function device(kind: "cpu", options?: CpuOptions): Promise<CpuDevice>;
export function device(kind: DeviceKind, options?: CpuOptions): Promise<Device>;
export async function device(kind: DeviceKind, options?: CpuOptions): Promise<Device> {
  switch (kind) {
    case "cpu":
      cpu ??= createCpu(options);
      return cpu;
    case "webgpu": {
      const { createWebGpu } = await import("./webgpu/index.js");
      gpu ??= createWebGpu();
      gpu.catch(() => {
        gpu = undefined;
      });
      return gpu;
    }
    default:
      throw new BifoldError("parameter", `there is no device "${String(kind)}": expected "cpu" or "webgpu"`);
  }
}

/** A device, or the one of that kind. */
export const resolveDevice = async (which: Device | DeviceKind): Promise<Device> =>
  typeof which === "string" ? device(which) : which;
