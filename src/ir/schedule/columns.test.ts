// Column reductions row by row, in one sweep and in parts, against what the Nest IR says, on whole numbers.
import { describe, expect, it } from "vitest";
import { printLoopFunction } from "../loop-print.js";
import { verifyLoopFunction } from "../loop-verify.js";
import { evaluateKernel } from "../nest-evaluate.js";
import { scheduleKernel } from "./index.js";
import { printSchedule } from "./schedule.js";
import { kernelOf, runKernel, sameNumbers } from "./testing/run.js";

const whole = (count: number): number[] => Array.from({ length: count }, (_, i) => ((i * 7 + (i >> 3)) % 11) - 5);

const kernels = {
  sums: `define j in 0..p: result y: f32[p] = sum[i in 0..n](X[i, j] * X[i, j]) - 2f`,
  several: `define j in 0..p {
    let low: f32 = min[i in 1..n](X[i, j])
    let high: f32 = max[i in 1..n](X[i, j] * 2f)
    yield result y: f32[p] = high - low
  }`,
  counts: `define j in 0..p: result y: i32[p] = count[i in 0..n](X[i, j] > 0f)`,
  chosen: `define j in 0..p {
    let low: f32 = min[i in 0..n where X[i, j] > 0f](X[i, j])
    let total: f32 = sum[i in 0..n where X[i, j] < 2f](X[i, j])
    yield result y: f32[p] = low + total
  }`,
  chosenTruths: `define j in 0..p {
    let found: bool = any[i in 0..n where X[i, j] > 0f](X[i, j] > 4f)
    let counted: i32 = count[i in 0..n where X[i, j] > 0f](X[i, j] < 4f)
    let held: bool = all[i in 0..n where X[i, j] > 0f](X[i, j] > 0f)
    yield result y: f32[p] = (if found and held then 0.5f else 0f) + f32(counted)
  }`,
  below: `define j in 0..p {
    let low: f32 = min[i in 0..n where i + 1 < n](X[i + 1, j])
    let total: f32 = sum[i in 0..n where i + 1 < n](X[i + 1, j])
    yield result y: f32[p] = low + total
  }`,
  guarded: `define j in 0..p: result y: f32[p] = if wanted then sum[i in 0..n](X[i, j]) / 4f else 3f`,
  truths: `define j in 0..p: result y: bool[p] = all[i in 0..n](X[i, j] > -5f)`,
} as const;

describe("column reductions", () => {
  it.each(Object.entries(kernels))("%s", (_, text) => {
    const kernel = kernelOf(
      `size n size p param X: f32[n, p] scalar wanted: bool body { ${text} } result "y" = array y`,
    );
    const own = scheduleKernel(kernel);
    expect(own.schedule[0]?.class).toBe("columnReduction");
    expect(own.schedule[0]?.steps).toContainEqual({ kind: "stream" });
    const parts = scheduleKernel(kernel, printSchedule(own.schedule).replace(/parallel (\w+) \d+/, "parallel $1 8"));
    for (const { function: f } of [own, parts]) {
      expect(verifyLoopFunction(f)).toEqual([]);
      for (const [n, p, wanted] of [
        [0, 3, 1],
        [1, 1, 1],
        [5, 4, 0],
        [7, 19, 1],
        [258, 9, 1],
        [70, 33, 0],
      ] as const) {
        const args = { sizes: [n, p], scalars: [wanted], arrays: [whole(n * p)] };
        const expected = evaluateKernel(kernel, args);
        if (expected.kind === "failure") throw new Error("the reference fails");
        const { results } = runKernel(kernel, f, [n, p], args.scalars, args.arrays);
        expect(sameNumbers(results, expected.results), `${n} x ${p}`).toBe("");
      }
    }
  });

  it.each([
    ["a condition of the point", "if X[0, j] > 0f then sum[i in 0..n](X[i, j]) else 0f"],
    ["two conditions", "(if wanted then sum[i in 0..n](X[i, j]) else 0f) + sum[i in 0..n](X[i, j] * 2f)"],
    ["the other branch", "if wanted then 0f else sum[i in 0..n](X[i, j])"],
  ])("leaves to each column what stands under %s", (_, value) => {
    const kernel = kernelOf(
      `size n size p param X: f32[n, p] scalar wanted: bool body { define j in 0..p: result y: f32[p] = ${value} } result "y" = array y`,
    );
    expect(scheduleKernel(kernel).schedule[0]?.steps).not.toContainEqual({ kind: "stream" });
  });

  it("reads a row's elements once for all reductions", () => {
    const kernel = kernelOf(`size n size p param X: f32[n, p] body { ${kernels.chosen} } result "y" = array y`);
    const text = printLoopFunction(scheduleKernel(kernel).function);
    expect(text.match(/\bX[.\d]*\[[^\]]*; 4\b/g)).toHaveLength(1);
  });

  it("keeps the error of a long sum far below that of a chain", () => {
    const n = 200_000;
    const kernel = kernelOf(
      `size n size p param X: f32[n, p] body { define j in 0..p: result y: f32[p] = sum[i in 0..n](X[i, j]) } result "y" = array y`,
    );
    const { results } = runKernel(kernel, scheduleKernel(kernel).function, [n, 1], [], [Array(n).fill(0.1)]);
    const exact = n * Math.fround(0.1);
    expect(Math.abs((results[0]?.[0] ?? 0) - exact)).toBeLessThanOrEqual(
      (576 + Math.ceil(n / 65536)) * 2 ** -24 * exact,
    );
  });
});
