// Runs Nest IR on WebGPU in the tests: Dawn, over SwiftShader where there is no GPU.
import { ABI_VERSION, type AbiScalar, type AbiType } from "../../src/abi.js";
import { emitWgsl } from "../../src/codegen/wgsl/index.js";
import type { Kernel } from "../../src/ir/nest.js";
import { parseKernel } from "../../src/ir/nest-parse.js";
import { addSecondBuffers } from "../../src/ir/passes/second-buffer.js";
import { scheduleGpu } from "../../src/ir/schedule-gpu/index.js";
import type { Artifact } from "../../src/runtime/device.js";
import { WebGpuDevice, type WebGpuOptions } from "../../src/runtime/webgpu/index.js";

let shared: Promise<WebGpuDevice> | undefined;

/** The GPU with WebGPU's default limits, one for all tests of a file. */
export const testGpu = (): Promise<WebGpuDevice> => {
  shared ??= WebGpuDevice.create({ defaultLimits: true });
  return shared;
};
export const newGpu = (options: WebGpuOptions = {}): Promise<WebGpuDevice> =>
  WebGpuDevice.create({ defaultLimits: true, ...options });

const abi = (type: string): AbiScalar => (type === "f32" ? "real" : (type as AbiScalar));
const dtypes = { real: "float32", i32: "int32", u32: "uint32", bool: "bool" } as const;

export interface Compiled {
  readonly kernel: Kernel;
  readonly artifact: Artifact;
  readonly texts: readonly string[];
  readonly plan: ReturnType<typeof emitWgsl>["plan"];
}

/** Compiles the text of a kernel in Nest IR. */
export function compileNest(text: string): Compiled {
  const kernel = addSecondBuffers(parseKernel(text));
  const { plan, texts } = emitWgsl(scheduleGpu(kernel));
  const code = {
    abi: ABI_VERSION,
    target: "wgsl" as const,
    plans: { [kernel.name]: plan },
    kernelTexts: { [kernel.name]: texts.map((_, at) => at) },
    texts,
    checks: {
      [kernel.name]: kernel.checks.map((c) => ({
        code: c.kind === "require" ? "R01" : "R02",
        message: c.message,
        file: "test.fold",
        line: 1,
        column: 1,
      })),
    },
  };
  const artifact: Artifact = {
    abi: ABI_VERSION,
    file: "test.fold",
    signatures: [],
    code: { "wgsl-float32": async () => code },
  };
  return { kernel, artifact, texts, plan };
}

export interface Args {
  readonly sizes?: readonly number[];
  readonly scalars?: readonly number[];
  readonly arrays?: readonly (readonly number[])[];
  /** Elements of each array result. */
  readonly lengths?: readonly number[];
}

const bytesOf = (type: AbiScalar, values: readonly number[]): Uint8Array => {
  const words =
    type === "real" ? Float32Array.from(values) : type === "i32" ? Int32Array.from(values) : Uint32Array.from(values);
  return new Uint8Array(words.buffer);
};

const valuesOf = (type: AbiScalar, bytes: ArrayBuffer): number[] =>
  Array.from(
    type === "real" ? new Float32Array(bytes) : type === "i32" ? new Int32Array(bytes) : new Uint32Array(bytes),
  );

/** Results in order: arrays as flat lists, scalars as numbers. */
export async function runNest(c: Compiled, args: Args, gpu?: WebGpuDevice): Promise<(number | number[])[]> {
  const device = gpu ?? (await testGpu());
  const { kernel } = c;
  const inputs = kernel.params.map((p, k) => {
    const data = bytesOf(abi(p.type), args.arrays?.[k] ?? []);
    const storage = device.allocate(data.byteLength);
    device.upload(storage, data);
    return { storage, dtype: dtypes[abi(p.type)], shape: [data.byteLength / 4] };
  });
  let n = 0;
  const results = kernel.results.map((r) => {
    const type = abi(r.kind === "array" ? r.array.type : r.value.type);
    return r.kind === "array"
      ? { type, dtype: dtypes[type], shape: [args.lengths?.[n++] ?? 0], scalar: false }
      : { type, dtype: dtypes[type], shape: [], scalar: true };
  });
  try {
    const out = await device.run({
      artifact: c.artifact,
      signature: {
        name: kernel.name,
        params: [],
        sizes: [],
        localSizes: [],
        result: { kind: "record", fields: [] } satisfies AbiType,
      },
      real: "float32",
      sizes: args.sizes ?? [],
      scalars: args.scalars ?? [],
      arrays: inputs,
      results,
    });
    const values: (number | number[])[] = [];
    try {
      for (const [k, o] of out.entries())
        values.push(typeof o === "number" ? o : valuesOf(results[k]!.type, await device.download(o)));
    } finally {
      for (const o of out) if (typeof o !== "number") o.release();
    }
    return values;
  } finally {
    for (const i of inputs) i.storage.release();
  }
}
