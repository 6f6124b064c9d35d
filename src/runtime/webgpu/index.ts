// The GPU, for the rest of the runtime.
export { findGpu } from "./adapter.js";
export { WebGpuDevice, type WebGpuOptions } from "./device.js";

import { WebGpuDevice, type WebGpuOptions } from "./device.js";

export const createWebGpu = (options?: WebGpuOptions): Promise<WebGpuDevice> => WebGpuDevice.create(options);
