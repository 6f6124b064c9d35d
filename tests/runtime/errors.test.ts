// Every refusal and failure of a call has its code on both devices, leaves no bytes behind, and the next call works. (The estimators' own codes,
// `not-fitted`, `features`, `empty`, `not-finite`, are held by tests/estimators; lost GPUs by tests/webgpu.)
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ABI_VERSION } from "../../src/abi.js";
import { CpuDevice } from "../../src/runtime/cpu/index.js";
import type { Artifact, Device } from "../../src/runtime/device.js";
import {
  asarray,
  BifoldError,
  type CallOptions,
  callKernel,
  disposeAll,
  device as findDevice,
  type KernelArgument,
  type KernelResult,
  NDArray,
} from "../../src/runtime/index.js";
import { arraysIn } from "../../src/runtime/scope.js";
import { newGpu } from "../webgpu/harness.js";
import { compile } from "./programs.js";

const artifact = compile(
  `
export fn twice(x: real[n]) -> real[n] {
  let y[i] = 2 * x[i]
  return y
}
export fn needs(x: real[n], most: real) -> real[n] {
  let x0 = x[0]
  require x0 <= most else "{x0} is more than {most}"
  return x
}
export fn gathered(x: real[n], g: i32[m]) -> real[m] {
  let y[j] = x[g[j]]
  return y
}
export fn part(x: real[n], lo: i32, hi: i32) -> real {
  let s = x[lo..hi]
  return sum[i](s[i])
}
fn dot(x: real[n], y: real[n]) -> real { return sum[i](x[i] * y[i]) }
export fn dotAs(x: real[n], y: real[m]) -> real { return dot(x, y as real[n]) }
export fn product(A: real[n, p], b: real[p]) -> real[n] { return A @ b }
export fn shares(a: i32[n], b: i32) -> i32[n] {
  let y[i]: i32 = a[i] div b
  return y
}
export fn powers(a: i32[n], b: i32) -> i32[n] {
  let y[i]: i32 = a[i] ^ b
  return y
}
export fn placed(at: i32[n], v: real[n]) -> real[n] {
  var y[i in 0..n] = 0.0
  each i: y[at[i]] = v[i]
  return y
}
export fn inner(x: real[n]) -> real[n - 2] {
  let y[i in 0..n - 2] = x[i + 1]
  return y
}
export fn between(x: real[n]) -> real {
  let m: size = n - 2
  let y[i in 0..m] = x[i + 1]
  return sum[i](y[i])
}
export fn zeros(k: size) -> real[k] {
  let y[i in 0..k] = 0
  return y
}
export fn mixed(r: { x: real[n], k: i32 }, flag: bool, u: u32) -> { y: real[n], u: u32 } {
  let y[i] = if flag then r.x[i] else real(r.k)
  return { y, u }
}
`,
);

let cpu: CpuDevice;
let gpu: Awaited<ReturnType<typeof newGpu>>;
let devices: readonly Device[];
beforeAll(async () => {
  cpu = await CpuDevice.create({ threads: 2 });
  gpu = await newGpu();
  devices = [cpu, gpu];
});
afterAll(() => {
  cpu.stop();
  gpu.destroy();
});

/** Calls, reads everything that comes back, and frees it. */
async function outcome(
  fn: string,
  args: readonly KernelArgument[],
  options: CallOptions,
  from = artifact,
): Promise<unknown> {
  let result: KernelResult | undefined;
  try {
    result = await callKernel(from, fn, args, options);
    const arrays = arraysIn(result);
    for (const a of arrays) await a.data();
    return arrays.length === 1 ? await arrays[0]!.toArray() : result;
  } finally {
    disposeAll(result);
  }
}

/** The call fails with that code and message; the device is as full as before, and works. */
async function fails(device: Device, code: string, message: RegExp, call: () => Promise<unknown>): Promise<void> {
  const before = device.liveBytes;
  const error = await call().then(
    (value) => new Error(`it gave ${JSON.stringify(value)}`),
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(BifoldError);
  const { code: found, message: text } = error as BifoldError;
  expect([found, text]).toEqual([code, expect.stringMatching(message)]);
  expect(device.liveBytes).toBe(before);
  expect(await outcome("twice", [[1, 2]], { device })).toEqual([2, 4]);
  expect(device.liveBytes).toBe(before);
}

afterEach(() => {
  expect(devices.map((d) => d.liveBytes)).toEqual([0, 0]);
});

const failures: readonly (readonly [fn: string, args: readonly KernelArgument[], code: string, message: RegExp])[] = [
  ["needs", [[5], 2.5], "R01", /^R01: 5 is more than 2.5\n {2}--> test.fold:\d+:\d+$/],
  [
    "gathered",
    [
      [1, 2, 3],
      [0, 3],
    ],
    "R02",
    /^R02: index 3 is out of range: x has 3 elements\n/,
  ],
  ["gathered", [[1, 2, 3], [-1]], "R02", /^R02: index -1 is out of range: x has 3 elements\n/],
  ["gathered", [[], [0]], "R02", /^R02: index 0 is out of range: x has 0 elements\n/],
  ["part", [[1, 2, 3], 2, 1], "R03", /^R03: slice 2\.\.1 is out of range: x has 3 elements\n/],
  ["part", [[1, 2, 3], 0, 4], "R03", /^R03: slice 0\.\.4 is out of range/],
  [
    "dotAs",
    [
      [1, 2],
      [1, 2, 3],
    ],
    "R04",
    /^R04: the size of axis 0 is 3, and 2 was expected\n/,
  ],
  ["shares", [[1, 2], 0], "R05", /^R05: division by zero\n/],
  ["powers", [[2], -1], "R06", /^R06: an integer to the negative power -1\n/],
  [
    "placed",
    [
      [0, 1, 0],
      [1, 2, 3],
    ],
    "R07",
    /^R07: two writes hit one element of y\n/,
  ],
  [
    "placed",
    [
      [0, 7, 1],
      [1, 2, 3],
    ],
    "R02",
    /^R02: index 7 is out of range/,
  ],
  ["inner", [[1]], "R08", /^R08: .*-1/],
  ["between", [[1]], "R08", /^R08: a size is negative: -1\n/],
  ["zeros", [-3], "R08", /^R08: .*k.*-3/],
];

const misuses: readonly (readonly [
  what: string,
  fn: string,
  args: readonly unknown[],
  code: string,
  message: RegExp,
])[] = [
  ["the wrong rank", "twice", [[[1, 2]]], "shape", /x must have 1 dimensions \(real\[n\]\), found a shape of \[1, 2\]/],
  ["a scalar for an array", "twice", [3], "shape", /found a shape of \[\]/],
  [
    "shapes that do not agree",
    "product",
    [[[1, 2]], [1, 2, 3]],
    "shape",
    /R04: .*dimension 0 of b must be p = 2, found 3/,
  ],
  ["a missing argument", "product", [[[1]]], "parameter", /product takes 2 arguments \(A, b\), found 1/],
  ["nothing for an array", "twice", [undefined], "parameter", /x is missing: expected real\[n\]/],
  ["an array for a number", "needs", [[1], [2]], "parameter", /most must be a number, found a list/],
  [
    "a fraction for an integer",
    "part",
    [[1], 0, 0.5],
    "parameter",
    /hi must be an integer from -2147483648 to 2147483647, found 0.5/,
  ],
  ["an integer that is too large", "part", [[1], 0, 2 ** 31], "parameter", /hi must be an integer/],
  ["a size that is no integer", "zeros", [Number.NaN], "parameter", /k must be an integer .* found NaN/],
  ["a list for a record", "mixed", [[1], true, 1], "parameter", /r is a record with x, k; found a list/],
  [
    "an unknown field",
    "mixed",
    [{ x: [1], k: 1, z: 1 }, true, 1],
    "parameter",
    /r has no field z: its fields are x, k/,
  ],
  ["a missing field", "mixed", [{ x: [1] }, true, 1], "parameter", /r.k must be a number, found nothing/],
  [
    "a number for a bool",
    "mixed",
    [{ x: [1], k: 1 }, 2, 1],
    "parameter",
    /flag must be true or false, found the number 2/,
  ],
  ["a negative u32", "mixed", [{ x: [1], k: 1 }, true, -1], "parameter", /u must be an integer from 0 to 4294967295/],
  ["ragged lists", "product", [[[1], [2, 3]], [1]], "shape", /ragged/],
  ["text in a list", "twice", [["1"]], "dtype", /expected numbers or booleans/],
];

describe("a check that fails", () => {
  it.each(failures)("%s(%j) is %s", async (fn, args, code, message) => {
    for (const device of devices) await fails(device, code, message, () => outcome(fn, args, { device }));
  });
});

describe("an argument that does not fit", () => {
  it.each(misuses)("is refused: %s", async (_, fn, args, code, message) => {
    for (const device of devices)
      await fails(device, code, message, () => outcome(fn, args as KernelArgument[], { device }));
  });

  it("is refused: another dtype, and none is converted behind one's back", async () => {
    for (const device of devices) {
      using whole = await asarray(new Int32Array([1, 2]), { device });
      using flags = await asarray([true], { device });
      await fails(device, "dtype", /x must be float.*found int32\[2\]/, () => outcome("twice", [whole], {}));
      await fails(device, "dtype", /g must be int32, found bool\[1\]/, () =>
        outcome("gathered", [[1], flags], { device }),
      );
    }
    await fails(gpu, "dtype", /has no float64/, () => outcome("twice", [[1]], { device: gpu, dtype: "float64" }));
  });

  it("is refused: two floating types", async () => {
    using single = await asarray(new Float32Array([1, 2]), { shape: [1, 2], device: cpu });
    using double = await asarray(new Float64Array([1, 2]), { device: cpu });
    await fails(cpu, "dtype", /one floating type: A is float32, b is float64/, () =>
      outcome("product", [single, double], {}),
    );
    expect(await outcome("product", [single, [1, 1]], {})).toEqual([3]);
  });

  it("is refused: two devices, also two of a kind", async () => {
    using here = await asarray(new Float32Array([1, 2]), { shape: [1, 2], device: cpu });
    using there = await asarray(new Float32Array([1, 2]), { device: gpu });
    const other = await findDevice("cpu");
    using elsewhere = await asarray(new Float32Array([1, 2]), { device: other });
    for (const b of [there, elsewhere])
      await fails(cpu, "device", /arrays on one device: A is on cpu/, () => outcome("product", [here, b], {}));
    expect(() => cpu.upload(there.storage, new Uint8Array(8))).toThrow(expect.objectContaining({ code: "device" }));
    expect(() => gpu.upload(here.storage, new Uint8Array(8))).toThrow(expect.objectContaining({ code: "device" }));
  });

  it("is refused: one that was disposed of", async () => {
    for (const device of devices) {
      const x = await asarray([1, 2], { device });
      x.dispose();
      await fails(device, "disposed", /\[2\] was disposed of/, () => outcome("twice", [x], {}));
    }
  });
});

describe("an artifact that does not fit", () => {
  const built = (device: Device): string => (device.kind === "cpu" ? "wasm-float32" : "wgsl-float32");
  const changed = async (device: Device, change: (code: Record<string, unknown>) => object): Promise<Artifact> => {
    const code = (await artifact.code[built(device)]!()) as Record<string, unknown>;
    return { ...artifact, code: { [built(device)]: async () => change(code) } };
  };
  const twice = (device: Device, from: Artifact) => outcome("twice", [[1]], { device, dtype: "float32" }, from);

  it("is refused: built for another ABI, whole or in part", async () => {
    for (const device of devices) {
      const old: Artifact = { ...artifact, abi: ABI_VERSION - 1 };
      await fails(device, "abi", /ABI .*rebuild/, () => twice(device, old));
      const stale = await changed(device, (c) => ({ ...c, abi: ABI_VERSION - 1 }));
      await fails(device, "abi", /ABI .*rebuild/, () => twice(device, stale));
      const strange = await changed(device, () => ({}));
      await fails(device, "abi", /ABI .*rebuild/, () => twice(device, strange));
    }
  });

  it("is refused: without the function, or without the build", async () => {
    for (const device of devices) {
      await fails(device, "abi", /has no function thrice: it exports twice, /, () =>
        outcome("thrice", [[1]], { device }),
      );
      const none: Artifact = { ...artifact, code: { other: async () => undefined } };
      await fails(device, "unsupported", /was built without .*found other/, () => twice(device, none));
    }
  });

  it("is tried again when its code could not be fetched", async () => {
    for (const device of devices) {
      let tries = 0;
      const flaky: Artifact = {
        ...artifact,
        code: {
          [built(device)]: async () => {
            if (tries++ === 0) throw new TypeError("fetch failed");
            return artifact.code[built(device)]!();
          },
        },
      };
      await expect(twice(device, flaky)).rejects.toThrow("fetch failed");
      expect(await twice(device, flaky)).toEqual([2]);
    }
  });

  it("is refused by the GPU: broken code", async () => {
    const broken = await changed(gpu, (c) => ({
      ...c,
      texts: (c["texts"] as string[]).map(() => "fn main() { oops }"),
    }));
    await fails(gpu, "unsupported", /refused the code of/, () => twice(gpu, broken));
    expect(gpu.usedBytes).toBe(0);
  });
});

describe("what WebGPU can't do of a program", () => {
  const unbounded = compile(`
fn last(k: size, a: real) -> real {
  var t[i in 0..k] = a
  for i in 1..k { t[i] = t[i - 1] * a }
  var total = 0
  for i in 0..k { total = total + t[k - 1 - i] * t[i] }
  return total
}
export fn lasts(x: real[n], g: i32[n]) -> real[n] {
  let y[j] = last(g[j] * g[j], x[j])
  return y
}`);
  it("is said with its place, and the CPU does it", async () => {
    const call = (device: Device) =>
      outcome(
        "lasts",
        [
          [1, 2],
          [1, 2],
        ],
        { device },
        unbounded,
      );
    await fails(gpu, "unsupported", /^U06: .*room for `t`.*\n {2}--> test.fold:3:3$/, () => call(gpu));
    expect(await call(cpu)).toEqual([1, 4 * 32]);
  });
});

describe("the last reference", () => {
  it("may go while a call still reads the array", async () => {
    for (const device of devices) {
      const x = await asarray([1, 2, 3], { device });
      const pending = outcome("twice", [x], {});
      x.dispose();
      expect(await pending).toEqual([2, 4, 6]);
      expect(x).toBeInstanceOf(NDArray);
    }
  });
});
