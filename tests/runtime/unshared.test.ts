// An engine without shared memory (a page that is not cross-origin isolated) runs the same modules, their memory import patched, on one thread.
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { WasmCode } from "../../src/abi.js";
import { variantNames } from "../../src/compile.js";
import { CpuDevice } from "../../src/runtime/cpu/index.js";
import { inflate, unshareMemoryImport } from "../../src/runtime/cpu/module.js";
import { callKernel, disposeAll, type KernelArgument, type NDArray } from "../../src/runtime/index.js";
import { compile } from "./programs.js";
import { numbers, sharedWork } from "./work.js";

let shared: CpuDevice;
let alone: CpuDevice;
beforeAll(async () => {
  shared = await CpuDevice.create({ threads: 2 });
  vi.stubGlobal("SharedArrayBuffer", undefined);
  try {
    alone = await CpuDevice.create({ threads: 2 });
  } finally {
    vi.unstubAllGlobals();
  }
});
afterAll(() => {
  shared.stop();
  alone.stop();
});

it("has a memory of its own kind, and one thread", () => {
  expect([shared.memory.shared, shared.threads]).toEqual([true, 2]);
  expect([alone.memory.shared, alone.threads, alone.name]).toEqual([false, 1, "cpu (1 thread)"]);
  expect(alone.memory.memory.buffer).toBeInstanceOf(ArrayBuffer);
});

it("gives the same numbers, bit for bit", async () => {
  const artifact = compile(sharedWork);
  for (const dtype of ["float32", "float64"] as const)
    for (const { name: fn } of artifact.signatures) {
      const results = [];
      for (const device of [shared, alone]) {
        const before = device.liveBytes;
        results.push(await numbers(artifact, fn, device, dtype, 1237, 77));
        expect(device.liveBytes).toBe(before);
      }
      expect(results[1], `${fn} in ${dtype}`).toEqual(results[0]);
    }
});

it("fails as elsewhere, grows, and gives everything back", async () => {
  const artifact = compile(`
export fn gathered(x: real[n], g: i32[m]) -> real[m] {
  let y[j] = x[g[j]]
  return y
}
export fn ones(k: size) -> real[k] {
  let y[i in 0..k] = 1
  return y
}`);
  const call = (fn: string, ...args: KernelArgument[]) => callKernel(artifact, fn, args, { device: alone });
  await expect(call("gathered", [1, 2], [0, 2])).rejects.toMatchObject({ code: "R02" });
  const held = alone.memory.memory.buffer.byteLength;
  const y = (await call("ones", 10_000_000)) as NDArray;
  expect(alone.memory.memory.buffer.byteLength).toBeGreaterThan(held);
  expect((await y.data()).every((v) => v === 1)).toBe(true);
  disposeAll(y);
  expect(alone.liveBytes).toBe(0);
});

it("patches one bit of a module, and none of one that has no memory to import", async () => {
  const artifact = compile(sharedWork);
  for (const variant of variantNames.filter((v) => v.startsWith("wasm"))) {
    const bytes = await inflate(((await artifact.code[variant]!()) as WasmCode).module);
    const patched = unshareMemoryImport(bytes);
    const differ = [...bytes.keys()].filter((k) => bytes[k] !== patched[k]);
    expect(differ.map((k) => (bytes[k] ?? 0) ^ (patched[k] ?? 0))).toEqual([2]);
  }
  const empty = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
  expect(unshareMemoryImport(empty)).toEqual(empty);
});
