// Scans in one pass, from either end, of every reducer, in rows and columns, against what the Nest IR says.
import { describe, expect, it } from "vitest";
import { verifyLoopFunction } from "../loop-verify.js";
import { evaluateKernel } from "../nest-evaluate.js";
import { scheduleKernel } from "./index.js";
import { kernelOf, runKernel, sameNumbers } from "./testing/run.js";

const whole = (count: number): number[] => Array.from({ length: count }, (_, i) => ((i * 7 + (i >> 3)) % 11) - 5);

const kernels = {
  "from the left": "define i in 0..n: result y: f32[n] = sum[k in 0..i + 1](x[k])",
  "without its own element": "define i in 0..n: result y: f32[n] = sum[k in 0..i](x[k])",
  "from a later start": "define i in 0..n: result y: f32[n] = sum[k in 2..i - 1](x[k])",
  "from the right": "define i in 0..n: result y: f32[n] = max[k in i..n](x[k])",
  "from the right, of a product": "define i in 0..n: result y: f32[n] = sum[k in i + 1..n - 1](x[k] * x[k])",
  "under a condition": "define i in 0..n: result y: i32[n] = count[k in 0..i + 1 where x[k] > 0f](x[k] != 2f)",
  "along rows": "define i in 0..n, j in 0..p: result y: f32[n, p] = sum[k in 0..j + 1](A[i, k])",
  "down columns": "define i in 0..n, j in 0..p: result y: f32[n, p] = sum[k in 0..i + 1](A[k, j])",
} as const;

describe("scans", () => {
  it.each(Object.entries(kernels))("%s", (_, text) => {
    const kernel = kernelOf(`size n size p param x: f32[n] param A: f32[n, p] body { ${text} } result "y" = array y`);
    const { function: f, schedule } = scheduleKernel(kernel);
    expect(schedule[0]?.class).toBe("scan");
    expect(verifyLoopFunction(f)).toEqual([]);
    for (const [n, p] of [
      [0, 2],
      [1, 1],
      [2, 5],
      [9, 7],
      [30, 18],
      [300, 1],
    ] as const) {
      const args = { sizes: [n, p], scalars: [], arrays: [whole(n), whole(n * p)] };
      const expected = evaluateKernel(kernel, args);
      if (expected.kind === "failure") throw new Error("the reference fails");
      const { results } = runKernel(kernel, f, args.sizes, [], args.arrays);
      expect(sameNumbers(results, expected.results), `${n} x ${p}`).toBe("");
    }
  });

  it("takes each value once, and adds as few as a cascade does", () => {
    const kernel = kernelOf(
      `size n param x: f32[n] body { define i in 0..n: result y: f32[n] = sum[k in 0..i + 1](x[k]) } result "y" = array y`,
    );
    const n = 200_000;
    // One by one, this would be 20 billion turns, at which the evaluator stops.
    const { results } = runKernel(kernel, scheduleKernel(kernel).function, [n], [], [Array(n).fill(0.1)]);
    const exact = n * Math.fround(0.1);
    const error = Math.abs((results[0]?.at(-1) ?? 0) - exact);
    expect(error).toBeLessThanOrEqual((576 + Math.ceil(n / 65536)) * 2 ** -24 * exact);
  });
});
