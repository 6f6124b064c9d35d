// The CPU device's front door.
import { CpuDevice, type CpuOptions } from "./device.js";

export { CpuDevice, type CpuOptions, hasRelaxedSimd } from "./device.js";
export const createCpu = (options?: CpuOptions): Promise<CpuDevice> => CpuDevice.create(options);
