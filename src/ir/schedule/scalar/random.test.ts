// Property: Loop IR computes what the Nest IR says, or fails at the same check.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Check, Kernel } from "../../nest.js";
import { evaluateKernel } from "../../nest-evaluate.js";
import { parseKernel } from "../../nest-parse.js";
import { printKernel } from "../../nest-print.js";
import { rewriteKernel } from "../../nest-walk.js";
import { randomKernel } from "../../passes/random-kernel.js";
import { runPasses } from "../../pipeline.js";
import { runKernel, sameNumbers } from "../testing/run.js";
import { lowerKernel, sequentialStrategy } from "./kernel.js";

describe("random kernels, lowered point by point", () => {
  it.each([true, false])("give what the Nest IR gives, fusion: %s", (fusion) => {
    fc.assert(
      fc.property(fc.gen(), fc.constantFrom(0, 1, 3, 4), fc.integer({ min: 1, max: 1000 }), (gen, n, seed) => {
        const source = inProgramOrder(parseKernel(randomKernel((count) => gen(fc.nat, { max: count - 1 }))));
        const kernel = runPasses(source, { fusion, target: "wasm" });
        const args = randomArguments(n, seed);
        const expected = evaluateKernel(source, args);
        const { failure, results } = runKernel(
          kernel,
          lowerKernel(kernel, sequentialStrategy),
          [n],
          args.scalars,
          args.arrays,
        );
        if (expected.kind === "failure")
          expect(failure?.check, printKernel(kernel, { plain: true })).toBe(expected.check);
        else {
          expect(failure).toBeUndefined();
          expect(sameNumbers(results, expected.results), printKernel(kernel, { plain: true })).toBe("");
        }
      }),
      { numRuns: 200, seed: 7 },
    );
  });
});

/** Every place gets a check of its own, numbered as the kernel comes to them: of several failures the first is then the one to report. */
function inProgramOrder(kernel: Kernel): Kernel {
  const checks: Check[] = [];
  const own = (old: number): number => checks.push(kernel.checks[old] as Check) - 1;
  const numbered = rewriteKernel(kernel, {
    expr: (e) =>
      e.kind === "load" && e.checks ? { ...e, checks: e.checks.map((c) => (c === null ? null : own(c))) } : e,
    stmt: (s) => [s.kind === "require" ? { ...s, check: own(s.check) } : s],
  });
  return { ...numbered, checks };
}

function randomArguments(n: number, seed: number) {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const reals = (count: number): number[] => Array.from({ length: count }, () => Math.round(next() * 32 - 16) / 8);
  const places = Array.from({ length: n }, () => Math.floor(next() * (n + 0.1 * n)));
  return { sizes: [n], scalars: reals(1), arrays: [reals(n), reals(n * n), places] };
}
