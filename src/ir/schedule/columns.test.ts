// Column reductions row by row, in one sweep and in parts, against what the Nest IR says, on whole numbers.
import { describe, expect, it } from "vitest";
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
  truths: `define j in 0..p: result y: bool[p] = all[i in 0..n](X[i, j] > -5f)`,
} as const;

describe("column reductions", () => {
  it.each(Object.entries(kernels))("%s", (_, text) => {
    const kernel = kernelOf(`size n size p param X: f32[n, p] body { ${text} } result "y" = array y`);
    const own = scheduleKernel(kernel);
    expect(own.schedule[0]?.class).toBe("columnReduction");
    expect(own.schedule[0]?.steps).toContainEqual({ kind: "stream" });
    const parts = scheduleKernel(kernel, printSchedule(own.schedule).replace(/parallel (\w+) \d+/, "parallel $1 8"));
    for (const { function: f } of [own, parts]) {
      expect(verifyLoopFunction(f)).toEqual([]);
      for (const [n, p] of [
        [0, 3],
        [1, 1],
        [5, 4],
        [7, 19],
        [258, 9],
        [70, 33],
      ] as const) {
        const args = { sizes: [n, p], scalars: [], arrays: [whole(n * p)] };
        const expected = evaluateKernel(kernel, args);
        if (expected.kind === "failure") throw new Error("the reference fails");
        const { results } = runKernel(kernel, f, [n, p], [], args.arrays);
        expect(sameNumbers(results, expected.results), `${n} x ${p}`).toBe("");
      }
    }
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
