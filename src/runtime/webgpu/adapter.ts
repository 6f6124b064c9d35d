// Finding a GPU: the browser's own, or in Node that of the optional package `webgpu`.
import { BifoldError } from "../errors.js";

/** `navigator.gpu` where there is one; in Node, `webgpu`'s. */
export async function findGpu(): Promise<GPU | undefined> {
  const own = typeof navigator === "object" ? (navigator as { readonly gpu?: GPU }).gpu : undefined;
  if (own) return own;
  if (typeof process !== "object" || !process.versions?.node) return undefined;
  const { findNodeGpu } = await import("./node.js");
  return findNodeGpu();
}

export interface Acquired {
  readonly device: GPUDevice;
  readonly name: string;
  /** Bytes that one storage binding may have. */
  readonly bindingBytes: number;
}

/** The limits that make large arrays possible. The number of bindings stays at WebGPU's default: plans are made for that. */
const wanted = ["maxBufferSize", "maxStorageBufferBindingSize"] as const;

/**
 * A new device with the adapter's limits, or with the default ones where it will not give those.
 * @throws {BifoldError} `unsupported`
 */
export async function acquire(defaultLimits = false): Promise<Acquired> {
  const gpu = await findGpu();
  const adapter = await gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter)
    throw new BifoldError(
      "unsupported",
      typeof navigator === "object" && (navigator as { readonly gpu?: GPU }).gpu
        ? "this machine has no WebGPU adapter: use the device cpu"
        : "there is no WebGPU here: use the device cpu, or in Node install the package `webgpu`",
    );
  const limits = Object.fromEntries(wanted.map((limit) => [limit, adapter.limits[limit]]));
  const device = defaultLimits
    ? await adapter.requestDevice()
    : await adapter.requestDevice({ requiredLimits: limits }).catch(async () => {
        const again = await gpu?.requestAdapter();
        if (!again) throw new BifoldError("unsupported", "the WebGPU adapter is gone: use the device cpu");
        return again.requestDevice();
      });
  const { info } = adapter;
  return {
    device,
    name: info.description || info.device || `${info.vendor} ${info.architecture}`.trim() || "unnamed adapter",
    bindingBytes: Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize),
  };
}
