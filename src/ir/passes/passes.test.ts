// Property: whatever the passes do to a kernel, it gives the same numbers, or fails at the same check.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Arguments, evaluateKernel } from "../nest-evaluate.js";
import { parseKernel } from "../nest-parse.js";
import { printKernel } from "../nest-print.js";
import { runPassesInStages } from "../pipeline.js";
import { randomKernel } from "./random-kernel.js";

const argumentsFor = (n: number, seed: number): Arguments => {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const reals = (count: number): number[] => Array.from({ length: count }, () => Math.round(next() * 32 - 16) / 8);
  // One subscript in ten or so is out of range.
  const places = Array.from({ length: n }, () => Math.floor(next() * (n + 0.1 * n)));
  return { sizes: [n], scalars: reals(1), arrays: [reals(n), reals(n * n), places] };
};

const seen = { fused: 0, failures: 0, results: 0 };

describe("the passes", () => {
  it.each([true, false])("keep what a kernel computes, fusion: %s", (fusion) => {
    fc.assert(
      fc.property(fc.gen(), fc.constantFrom(0, 1, 3, 4), fc.integer({ min: 1, max: 1000 }), (gen, n, seed) => {
        const text = randomKernel((count) => gen(fc.nat, { max: count - 1 }));
        const args = argumentsFor(n, seed);
        const stages = runPassesInStages(parseKernel(text), { fusion, target: "wasm" });
        const [before, ...after] = stages.map(({ kernel }) => evaluateKernel(kernel, args));
        after.forEach((outcome, k) => {
          const stage = stages[k + 1];
          const text = stage ? `after ${stage.pass}:\n${printKernel(stage.kernel, { plain: true })}` : "";
          expect(outcome, text).toEqual(before);
        });
        const last = stages.at(-1)?.kernel;
        if (last)
          expect(evaluateKernel(last, args, true), `in place:\n${printKernel(last, { plain: true })}`).toEqual(before);
        if (stages.some((s) => s.pass === "fuse")) seen.fused++;
        seen[before?.kind === "failure" ? "failures" : "results"]++;
      }),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 300), seed: 7 },
    );
  });

  it("were tried on kernels that fuse, fail and succeed", () => {
    expect(Object.entries(seen).filter(([, count]) => count < 10)).toEqual([]);
  });
});
