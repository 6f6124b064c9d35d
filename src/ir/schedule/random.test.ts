// Property: a scheduled kernel (lanes, replicas, edges, chunks) computes what the Nest IR says, or fails at the same check. Kernels are over
// integers, whose arithmetic is exact in every order, and over reals wherever nothing rounds.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { verifyLoopFunction } from "../loop-verify.js";
import type { Check, Kernel } from "../nest.js";
import { evaluateKernel } from "../nest-evaluate.js";
import { parseKernel } from "../nest-parse.js";
import { printKernel } from "../nest-print.js";
import { rewriteKernel } from "../nest-walk.js";
import { randomKernel } from "../passes/random-kernel.js";
import { runPasses } from "../pipeline.js";
import { scheduleKernel } from "./index.js";
import { printSchedule } from "./schedule.js";
import { runKernel, sameNumbers } from "./testing/run.js";

/** The kernel over another type, without what rounds. */
function over(type: "i32" | "f32" | "f64", text: string): string {
  const exact = text.replace(/\b(sqrt|exp)\(/g, "abs(");
  if (type === "f32") return exact;
  if (type === "f64")
    return exact
      .replace(/\bf32\b/g, "f64")
      .replace(/(\d)f\b/g, "$1d")
      .replace("real f64", "real f64");
  return exact
    .replace("real f32", "real REAL")
    .replace(/\b0\.5f\b/g, "3")
    .replace(/\b1e6f\b/g, "1000000")
    .replace(/(\d)f\b/g, "$1")
    .replace(/\bf32\((\w+)\)/g, "$1")
    .replace(/\bf32\b/g, "i32")
    .replace("real REAL", "real f32");
}

const sizes = [0, 1, 3, 4, 5, 8, 9, 18];

describe("random kernels, scheduled", () => {
  it.each([
    ["i32", true],
    ["i32", false],
    ["f64", true],
    ["f32", true],
  ] as const)("give what the Nest IR gives: over %s, fusion %s", (type, fusion) => {
    let compared = 0;
    fc.assert(
      fc.property(fc.gen(), fc.constantFrom(...sizes), fc.integer({ min: 1, max: 1000 }), (gen, n, seed) => {
        const text = randomKernel((count) => gen(fc.nat, { max: count - 1 }));
        const source = inProgramOrder(parseKernel(over(type, text)));
        const args = randomArguments(n, seed, type === "i32" ? 1 : 8);
        const expected = evaluateKernel(source, args);
        if (type !== "i32" && roundsIn(text, args, expected)) return;
        const kernel = runPasses(source, { fusion, target: "wasm" });
        // Also with many chunks, which the compiler makes of large arrays alone.
        const own = printSchedule(scheduleKernel(kernel).schedule);
        const { function: f } = scheduleKernel(kernel, own.replace(/parallel (\S+) \d+/g, "parallel $1 8"));
        expect(verifyLoopFunction(f), printKernel(kernel, { plain: true })).toEqual([]);
        const { failure, results } = runKernel(kernel, f, [n], args.scalars, args.arrays);
        compared++;
        if (expected.kind === "failure")
          expect(failure?.check, printKernel(kernel, { plain: true })).toBe(expected.check);
        else {
          expect(failure).toBeUndefined();
          expect(sameNumbers(results, expected.results), printKernel(kernel, { plain: true })).toBe("");
        }
      }),
      { numRuns: 150, seed: 11 },
    );
    expect(compared).toBeGreaterThan(60);
  });
});

type Arguments = ReturnType<typeof randomArguments>;
type Outcome = ReturnType<typeof evaluateKernel>;

/** Whether single precision gives other numbers than double: only then does anything round that could show. */
function roundsIn(text: string, args: Arguments, outcome: Outcome): boolean {
  return (["f32", "f64"] as const).some((type) => {
    const other = evaluateKernel(inProgramOrder(parseKernel(over(type, text))), args);
    if (other.kind === "failure" || outcome.kind === "failure")
      return (
        other.kind !== outcome.kind ||
        (other.kind === "failure" && outcome.kind === "failure" && other.check !== outcome.check)
      );
    return sameNumbers(other.results, outcome.results) !== "" || other.results.flat().some((x) => !Number.isFinite(x));
  });
}

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

function randomArguments(n: number, seed: number, parts: number) {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const numbers = (count: number): number[] =>
    Array.from({ length: count }, () => Math.round(next() * 4 * parts - 2 * parts) / parts);
  const places = Array.from({ length: n }, () => Math.floor(next() * (n + 0.1 * n)));
  return { sizes: [n], scalars: numbers(1), arrays: [numbers(n), numbers(n * n), places] };
}
