// Where memory ends: what a WebAssembly memory can't hold, what the engine will not give, what a GPU binds at once. Each is `out-of-memory`,
// nothing is left, and what fits still works.
import { describe, expect, it, vi } from "vitest";
import type { Device } from "../../src/runtime/device.js";
import { asarray, type CallOptions, callKernel, disposeAll, type NDArray } from "../../src/runtime/index.js";
import { WebGpuDevice } from "../../src/runtime/webgpu/index.js";
import { cpu, gpu } from "./devices.js";
import { compile } from "./programs.js";

const artifact = compile(`
export fn zeros(k: size) -> { y: real[k], z: real[k] } {
  let y[i in 0..k] = 0
  let z[i in 0..k] = 1
  return { y, z }
}
export fn table(x: real[n], k: size) -> real[n] {
  var t[i in 0..n, j in 0..k] = x[i] * j
  for turn in 0..2 { each i, j: t[i, j] = t[i, j] + 1 }
  let y[i] = max[j](t[i, j])
  return y
}
`);

async function works(device: Device): Promise<void> {
  const y = (await callKernel(artifact, "table", [[1, 2], 3], { device })) as NDArray;
  expect(await y.toArray()).toEqual([4, 6]);
  y.dispose();
}

const noRoom = (device: Device, fn: string, args: readonly (number | number[])[], options: CallOptions = {}) =>
  expect(callKernel(artifact, fn, args, { device, ...options }).then(disposeAll)).rejects.toMatchObject({
    code: "out-of-memory",
    message: expect.stringMatching(/\d+ .*(Dispose of arrays|use smaller parts)/s),
  });

describe("a WebAssembly memory holds 4 GB", () => {
  it("and what needs more in one piece is refused before anything is made", async () => {
    const held = cpu.memory.memory.buffer.byteLength;
    expect(() => cpu.allocate(5e9)).toThrow(expect.objectContaining({ code: "out-of-memory" }));
    // Results, the second after the first was made; a table inside the function, in either type.
    await noRoom(cpu, "zeros", [2 ** 29]);
    await noRoom(cpu, "zeros", [2 ** 31 - 1], { dtype: "float32" });
    for (const dtype of ["float32", "float64"] as const) await noRoom(cpu, "table", [[1, 2], 2 ** 30], { dtype });
    expect(cpu.liveBytes).toBe(0);
    expect(cpu.memory.memory.buffer.byteLength).toBe(held);
    await works(cpu);
  });

  it("and the engine may give less", async () => {
    using x = await asarray([1, 2], { device: cpu });
    const before = cpu.liveBytes;
    const grow = vi.spyOn(cpu.memory.memory, "grow").mockImplementation(() => {
      throw new RangeError("WebAssembly.Memory.grow(): Unable to grow instance memory");
    });
    try {
      for (const [fn, args] of [
        ["zeros", [10_000_000]],
        ["table", [[1, 2], 10_000_000]],
      ] as const)
        await expect(callKernel(artifact, fn, args as never, { device: cpu })).rejects.toMatchObject({
          code: "out-of-memory",
          message: expect.stringMatching(/would not give \d+ more bytes/),
          cause: expect.any(RangeError),
        });
      await expect(asarray(new Float64Array(10_000_000), { device: cpu })).rejects.toMatchObject({
        code: "out-of-memory",
      });
      expect(cpu.liveBytes).toBe(before);
      await works(cpu);
    } finally {
      grow.mockRestore();
    }
    expect(await x.toArray()).toEqual([1, 2]);
    const z = await asarray(new Float64Array(1_000_000), { device: cpu });
    expect(z.size).toBe(1_000_000);
    z.dispose();
  });
});

describe("a GPU binds so much at once", () => {
  it("and what needs more is refused before anything is made", async () => {
    expect(() => gpu.allocate(2 ** 28)).toThrow(expect.objectContaining({ code: "out-of-memory" }));
    await noRoom(gpu, "zeros", [2 ** 27]);
    await noRoom(gpu, "table", [[1, 2], 2 ** 27]);
    expect(gpu.liveBytes).toBe(0);
    await new Promise((done) => setTimeout(done, 20));
    expect(gpu.usedBytes).toBe(0);
    await works(gpu);
  });

  it("and an array that is too large for it stays where it is", async () => {
    using x = await asarray(new Float32Array(2 ** 25 + 1), { device: cpu });
    const before = cpu.liveBytes;
    await expect(x.to(gpu)).rejects.toMatchObject({ code: "out-of-memory" });
    expect([cpu.liveBytes, gpu.liveBytes]).toEqual([before, 0]);
    expect(x.size).toBe(2 ** 25 + 1);
  });
});

describe("a machine without a GPU", () => {
  it("says so", async () => {
    vi.stubGlobal("navigator", { gpu: { requestAdapter: async () => null } });
    try {
      await expect(WebGpuDevice.create()).rejects.toMatchObject({
        code: "unsupported",
        message: expect.stringContaining("no WebGPU adapter: use the device cpu"),
      });
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe("a kernel on a GPU has less than 2^31 points", () => {
  const many = compile(`
export fn products(x: real[n], y: real[m]) -> real { return sum[i, j](x[i] * y[j]) }
export fn largest(x: real[n], y: real[m]) -> { at: real, rows: real[n] } {
  let rows[i] = max[j](x[i] + y[j])
  return { at: max[i, j](x[i] * y[j]), rows }
}
export fn tabled(x: real[n], y: real[m]) -> real {
  var t[i, j] = x[i] * y[j]
  for k in 0..2 { each i, j: t[i, j] = t[j % n, i % m] }
  return t[0, 0]
}
export fn nearly(n: size, m: size) -> i32 { return sum[i in 0..n, j in 0..m](if i + j == 3 then 1 else 0) }
`);
  const ones = (n: number): Float32Array => new Float32Array(n).fill(1);

  it("and what has more is refused, not wrapped", async () => {
    for (const [n, m] of [
      [65_536, 65_536],
      [46_341, 46_341],
      [65_536, 65_537],
    ] as const)
      for (const fn of ["products", "largest"])
        await expect(
          callKernel(many, fn, [ones(n), ones(m)], { device: gpu }).then(disposeAll),
          `${fn} of ${n} x ${m}`,
        ).rejects.toMatchObject({ code: "unsupported", message: expect.stringContaining(`${n * m} points`) });
    await expect(callKernel(many, "tabled", [ones(65_536), ones(65_536)], { device: gpu })).rejects.toMatchObject({
      code: "out-of-memory",
      message: expect.stringContaining(String(4 * 65_536 * 65_536)),
    });
    expect(gpu.liveBytes).toBe(0);
    await new Promise((done) => setTimeout(done, 20));
    expect(gpu.usedBytes).toBe(0);
    await works(gpu);
  });

  it("and what has fewer is right", async () => {
    expect(await callKernel(many, "products", [ones(1000), ones(1000)], { device: gpu })).toBe(1_000_000);
    expect(await callKernel(many, "nearly", [70_001, 300], { device: gpu })).toBe(4);
  });
});
