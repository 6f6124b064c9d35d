// What fails on the GPU is a typed error, leaves nothing behind, and the next call works.
import { afterEach, describe, expect, it } from "vitest";
import { artifactOf } from "../../src/compile.js";
import { loadProgram } from "../../src/compiler/load.js";
import { asarray } from "../../src/runtime/asarray.js";
import { callKernel, type KernelArgument } from "../../src/runtime/call.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import type { WebGpuDevice, WebGpuOptions } from "../../src/runtime/webgpu/index.js";
import { newGpu } from "./harness.js";

const text = `
export fn twice(x: real[n]) -> real[n] {
  let y[i] = 2 * x[i]
  return y
}
export fn gathered(x: real[n], g: i32[m]) -> real[m] {
  let y[j] = x[g[j]]
  return y
}
export fn totals(x: real[n]) -> { y: real[n], total: real } {
  let total = sum[i](x[i])
  require total < 10 else "the total is {total}"
  let y[i] = x[i] / total
  return { y, total }
}
export fn halved(x: real[n], limit: real) -> { y: real[n], turns: i32 } {
  var y = x
  loop t < 40 {
    each i: y[i] = 0.5 * y[i]
    let most = max[i](y[i])
    require most > 0.01 else "turn {t}: {most} is too small"
  } until most < limit
  return { y, turns: t }
}
export fn wideTable(x: real[n], k: size) -> real {
  var table[i in 0..n, j in 0..k] = x[i] * j
  for t in 0..2 { each i, j: table[i, j] = table[i, j] + 1 }
  return sum[i, j](table[i, j])
}
`;
const { program } = loadProgram("failures.fold", (path) => (path === "failures.fold" ? text : undefined));
if (!program) throw new Error("the program is not accepted");
const artifact = artifactOf(program);

let gpu: WebGpuDevice;
const start = async (options?: WebGpuOptions): Promise<WebGpuDevice> => {
  gpu = await newGpu(options);
  return gpu;
};
const call = (fn: string, ...args: KernelArgument[]) => callKernel(artifact, fn, args, { device: gpu });

/** The GPU does what it should, whatever was before; and holds nothing after. */
async function works(): Promise<void> {
  const y = (await call("twice", [1, 2])) as NDArray;
  expect(await y.toArray()).toEqual([2, 4]);
  y.dispose();
}

/** Buffers are given back when the promises that wait for them have settled. */
async function nothingIsLeft(): Promise<void> {
  expect(gpu.liveBytes).toBe(0);
  await new Promise((done) => setTimeout(done, 20));
  expect(gpu.usedBytes).toBe(0);
}

afterEach(async () => {
  await works();
  await nothingIsLeft();
  gpu.destroy();
});

describe("a check that fails", () => {
  it("rejects the read of a result", async () => {
    await start();
    const y = (await call("gathered", [1, 2, 3], [0, 3, 1, -1])) as NDArray;
    await expect(y.data()).rejects.toMatchObject({
      code: "R02",
      message: expect.stringContaining("index 3 is out of range"),
    });
    y.dispose();
  });

  it("rejects what is computed from the result", async () => {
    await start();
    const y = (await call("gathered", [1, 2, 3], [0, 3])) as NDArray;
    const z = (await call("twice", y)) as NDArray;
    await expect(z.data()).rejects.toMatchObject({ code: "R02" });
    await expect(call("totals", z)).rejects.toMatchObject({ code: "R02" });
    y.dispose();
    z.dispose();
  });

  it("rejects a call that gives a scalar", async () => {
    await start();
    await expect(call("totals", [4, 8])).rejects.toMatchObject({
      code: "R01",
      message: expect.stringContaining("the total is 12"),
    });
  });

  it("stops a loop at its turn, whatever the chunks", async () => {
    for (const chunk of [1, 3, 64]) {
      await start({ chunk });
      await expect(call("halved", [1, 4], 0)).rejects.toMatchObject({
        code: "R01",
        message: expect.stringContaining("turn 8:"),
      });
      const { y, turns } = (await call("halved", [1, 4], 0.3)) as { y: NDArray; turns: number };
      expect(turns).toBe(4);
      expect(await y.toArray()).toEqual([1 / 16, 1 / 4]);
      y.dispose();
      await nothingIsLeft();
    }
  });
});

describe("a lost GPU", () => {
  it("rejects what is pending, and the next call has a fresh one", async () => {
    await start();
    const x = await asarray([1, 2, 3], { device: gpu });
    const y = (await call("twice", x)) as NDArray;
    const reading = y.data();
    gpu.destroy();
    await expect(reading).rejects.toMatchObject({ code: "device-lost" });
    await expect(y.data()).rejects.toMatchObject({ code: "device-lost" });
    await expect(call("twice", x)).rejects.toMatchObject({ code: "device-lost" });
    x.dispose();
    y.dispose();
  });

  it("ends a call that is under way", async () => {
    await start({ chunk: 1 });
    const pending = call("halved", [1, 4], 0);
    setTimeout(() => gpu.destroy(), 1);
    await expect(pending).rejects.toMatchObject({ code: expect.stringMatching(/device-lost|R01/) });
  });

  it("may be lost many times", async () => {
    await start();
    for (let k = 0; k < 3; k++) {
      gpu.destroy();
      await works();
    }
  });
});

describe("more than there is room for", () => {
  it("is refused before anything is made", async () => {
    await start();
    expect(() => gpu.allocate(2 ** 28)).toThrow(expect.objectContaining({ code: "out-of-memory" }));
    await expect(call("wideTable", [1, 2, 3], 2 ** 28)).rejects.toMatchObject({ code: "out-of-memory" });
  });

  it("is known when the device says so, and nothing is read in its place", async () => {
    await start();
    const device = Reflect.get(Reflect.get(gpu, "life"), "device") as GPUDevice;
    // It answers the first question for room with a no.
    const scopes: GPUErrorFilter[] = [];
    const push = device.pushErrorScope.bind(device);
    const pop = device.popErrorScope.bind(device);
    device.pushErrorScope = (filter) => {
      scopes.push(filter);
      push(filter);
    };
    device.popErrorScope = async () => {
      const filter = scopes.pop();
      const said = await pop();
      return filter === "out-of-memory" ? ({ message: "no room" } as GPUError) : said;
    };
    await expect(call("wideTable", [1, 2, 3], 6_000_000)).rejects.toMatchObject({ code: "out-of-memory" });
    device.popErrorScope = pop;
    device.pushErrorScope = push;
  });
});
