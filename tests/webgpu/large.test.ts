// Sizes at which work is split: many workgroups, more than one dimension of them, splits of k, many blocks of a scan. What comes out is known
// without computing it.
import { afterAll, beforeAll, expect, it } from "vitest";
import { artifactOf } from "../../src/compile.js";
import { loadProgram } from "../../src/compiler/load.js";
import { callKernel, type KernelArgument } from "../../src/runtime/call.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import type { WebGpuDevice } from "../../src/runtime/webgpu/index.js";
import { newGpu } from "./harness.js";

const text = `
export fn integers(n: size) -> { y: i32[n], total: i32, last: i32, c: i32[n] } {
  let y[i in 0..n]: i32 = i % 3
  let c[i in 0..n]: i32 = sum[k in 0..i + 1](y[k])
  return { y, total: sum[i](y[i]), last: argmax[i](y[i] * 2 + i % 2), c }
}
export fn gram(n: size, p: size) -> i32[p, p] {
  let X[i in 0..n, j in 0..p]: i32 = (i + j) % 2
  return X' @ X
}
export fn bins(n: size, k: size) -> i32[k] {
  var y[b in 0..k]: i32 = 0
  each i in 0..n: y[i % k] += 1
  return y
}
export fn columns(n: size, p: size) -> { s: i32[p], m: i32[p] } {
  let X[i in 0..n, j in 0..p]: i32 = i % (j + 2)
  let s[j] = sum[i](X[i, j])
  let m[j] = max[i](X[i, j])
  return { s, m }
}
`;
const { program } = loadProgram("large.fold", (path) => (path === "large.fold" ? text : undefined));
if (!program) throw new Error("the program is not accepted");
const artifact = artifactOf(program);
let gpu: WebGpuDevice;
beforeAll(async () => {
  gpu = await newGpu();
});
afterAll(() => {
  expect(gpu.liveBytes).toBe(0);
  gpu.destroy();
});

async function numbers(fn: string, ...args: KernelArgument[]): Promise<Record<string, number | Int32Array>> {
  const result = await callKernel(artifact, fn, args, { device: gpu });
  const parts = typeof result === "object" && !("data" in result) ? result : { all: result };
  const out: Record<string, number | Int32Array> = {};
  for (const [name, v] of Object.entries(parts as Record<string, number | NDArray>)) {
    out[name] = typeof v === "number" ? v : ((await v.data()) as Int32Array);
    if (typeof v !== "number") v.dispose();
  }
  return out;
}

it("maps, reduces and scans five million values", async () => {
  const n = 5_000_000;
  const { y, total, last, c } = await numbers("integers", n);
  // Whole rounds of 0, 1, 2, and what is left of one.
  const upTo = (m: number): number => 3 * Math.floor(m / 3) + [0, 0, 1][m % 3]!;
  expect(total).toBe(upTo(n));
  expect(last).toBe(5);
  expect((y as Int32Array)[n - 1]).toBe((n - 1) % 3);
  const wrong = (c as Int32Array).findIndex((x, i) => x !== upTo(i + 1));
  expect(wrong).toBe(-1);
});

it("splits k where a contraction has few tiles", async () => {
  const { all } = await numbers("gram", 30_001, 33);
  const wrong = (all as Int32Array).findIndex((x, at) => {
    const [j, l] = [Math.floor(at / 33) % 2, (at % 33) % 2];
    return x !== (j !== l ? 0 : j === 0 ? 15_000 : 15_001);
  });
  expect(wrong).toBe(-1);
});

it("adds a million hits to few places, and to many", async () => {
  expect([...((await numbers("bins", 1_000_000, 7))["all"] as Int32Array)]).toEqual([142858, ...Array(6).fill(142857)]);
  expect(new Set((await numbers("bins", 1_000_000, 50_000))["all"] as Int32Array)).toEqual(new Set([20]));
});

it("reduces long columns", async () => {
  const { s, m } = await numbers("columns", 120_000, 4);
  expect([...(s as Int32Array)]).toEqual([60_000, 120_000, 180_000, 240_000]);
  expect([...(m as Int32Array)]).toEqual([1, 2, 3, 4]);
});
