// Sizes that can't be: the interpreter and both devices report the same failure, the first in program order. A size of a parameter is worked
// out at entry; one of the result, or a local one, where the program comes to it: a `require` before it is heard first.
import { afterAll, beforeAll, expect, it } from "vitest";
import { findFunction } from "../../src/compiler/check/check.js";
import { interpret } from "../../src/ir/interpret/index.js";
import { CpuDevice } from "../../src/runtime/cpu/index.js";
import type { Device } from "../../src/runtime/device.js";
import { type BifoldError, callKernel, disposeAll, type KernelArgument } from "../../src/runtime/index.js";
import { arraysIn } from "../../src/runtime/scope.js";
import { showInt } from "../../src/runtime/sizes.js";
import { newGpu } from "../webgpu/harness.js";
import { compile, load } from "./programs.js";

const text = `
export fn strided(x: real[n], by: size) -> real[(n + by - 1) div by] {
  require by > 0 else "by must be positive"
  let y[i in 0..(n + by - 1) div by] = x[i * by]
  return y
}
export fn rawStrided(x: real[n], by: size) -> real[(n + by - 1) div by] {
  let y[i in 0..(n + by - 1) div by] = x[i * by]
  return y
}
export fn between(x: real[n]) -> real[n - 2] {
  require n >= 2 else "x has {n} elements"
  let y[i in 0..n - 2] = x[i + 1]
  return y
}
export fn rawBetween(x: real[n]) -> real[n - 2] {
  let y[i in 0..n - 2] = x[i + 1]
  return y
}
export fn afterData(x: real[n], most: real) -> real[n - 2] {
  let s = sum[i](x[i])
  require s <= most else "the sum is {s}"
  let y[i in 0..n - 2] = x[i + 1]
  return y
}
export fn local(x: real[n], k: i32) -> { s: real, y: real[m] } {
  require k != 7 else "not {k}"
  let m: size = n div k - 1
  let y[i in 0..m] = x[i]
  return { s: 1, y }
}
export fn asDivided(x: real[n], by: size) -> real[n div by] { return x as real[n div by] }
fn takes(y: real[n div by], n: size, by: size) -> real { return sum[i](y[i]) }
export fn handsOver(x: real[n], m: size, by: size) -> real { return takes(x as real[m div by], m, by) }
export fn asked(x: real[n], y: real[n div by], by: size) -> real {
  require by > 0 else "by must be positive"
  return sum[i](y[i]) + x[0]
}
`;

const cases: readonly (readonly [fn: string, args: readonly (number | number[])[], code: string, message: string])[] = [
  ["strided", [[1, 2, 3], 0], "R01", "by must be positive"],
  ["rawStrided", [[1, 2, 3], 0], "R05", "division by zero"],
  ["between", [[1]], "R01", "x has 1 elements"],
  ["rawBetween", [[1]], "R08", "a size is negative: -1"],
  ["afterData", [[5], 4], "R01", "the sum is 5"],
  ["afterData", [[5], 6], "R08", "a size is negative: -1"],
  ["local", [[1], 7], "R01", "not 7"],
  ["local", [[1], 0], "R05", "division by zero"],
  ["local", [[1], 2], "R08", "a size is negative: -1"],
  ["asDivided", [[1], 0], "R05", "division by zero"],
  ["handsOver", [[1], 2, 0], "R05", "division by zero"],
  ["handsOver", [[1], 4, 2], "R04", "the size of axis 0 is 1, and 2 was expected"],
];

const program = load(text);
const artifact = compile(text);
let devices: readonly Device[];
beforeAll(async () => {
  devices = [await CpuDevice.create({ threads: 1 }), await newGpu()];
});
afterAll(() => {
  for (const d of devices) if (d instanceof CpuDevice) d.stop();
});

const interpreted = (fn: string, args: readonly (number | number[])[]): string => {
  const def = findFunction(program, fn);
  if (!def) throw new Error(`no function ${fn}`);
  const values = args.map((a) => (typeof a === "number" ? a : { shape: [a.length], data: Float64Array.from(a) }));
  const outcome = interpret(program, def, values, { real: "float64", target: "exact" });
  return "error" in outcome ? `${outcome.error.code}: ${outcome.error.message}` : "a value";
};

async function failure(device: Device, fn: string, args: readonly KernelArgument[]): Promise<BifoldError | undefined> {
  const before = device.liveBytes;
  try {
    const result = await callKernel(artifact, fn, args, { device });
    try {
      for (const a of arraysIn(result)) await a.data();
      return undefined;
    } finally {
      disposeAll(result);
    }
  } catch (error) {
    return error as BifoldError;
  } finally {
    expect(device.liveBytes).toBe(before);
  }
}

it.each(cases)("%s(%j) is %s", async (fn, args, code, message) => {
  expect(interpreted(fn, args)).toBe(`${code}: ${message}`);
  for (const device of devices) {
    const error = await failure(device, fn, args);
    expect(error?.code, device.kind).toBe(code);
    expect(error?.message.split("\n")[0], device.kind).toBe(`${code}: ${message}`);
  }
});

it("a parameter's size comes before everything in the body, and is shown as it was written", async () => {
  expect(interpreted("asked", [[1], [1], 0])).toBe("R05: division by zero");
  for (const device of devices) {
    expect(await failure(device, "asked", [[1], [1], 0])).toMatchObject({
      code: "R05",
      message: "R05: the size n div by of y divides by zero",
    });
    expect(await failure(device, "asked", [[1, 2], [1], 1])).toMatchObject({
      code: "shape",
      message: expect.stringContaining("dimension 0 of y must be n div by = 2, found 1"),
    });
  }
});

it("sizes are shown as people write them", () => {
  const shapes = artifact.signatures.flatMap((s) => (s.result.kind === "array" ? s.result.shape : []));
  expect(shapes.map((e) => showInt(e))).toEqual([
    "(n + by - 1) div by",
    "(n + by - 1) div by",
    "n - 2",
    "n - 2",
    "n - 2",
    "n div by",
  ]);
  expect(showInt(["*", ["-", "a", ["-", "b", 1]], ["max", "c", ["+", "d", -2]]])).toBe(
    "(a - (b - 1)) * max(c, d + (-2))",
  );
});

it("a size beyond 32 bits is refused, also one on the way to a small one", async () => {
  const large = compile(`
export fn squeezed(k: size) -> real[(k * k) div k] {
  let y[i in 0..(k * k) div k] = i
  return y
}`);
  for (const device of devices)
    await expect(callKernel(large, "squeezed", [65536], { device })).rejects.toMatchObject({
      code: "out-of-memory",
      message: expect.stringContaining("k * k is 4294967296"),
    });
});
