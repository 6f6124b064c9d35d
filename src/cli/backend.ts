// The devices that commands run on.
import type { Device } from "../runtime/device.js";
import { device } from "../runtime/devices.js";

export type Backend = "cpu" | "webgpu" | "interpreter";

/** The device of a backend; one thread unless more are asked for, so that times compare. */
export const deviceFor = (backend: "cpu" | "webgpu", threads = 1): Promise<Device> =>
  backend === "cpu" ? device("cpu", { threads }) : device("webgpu");
