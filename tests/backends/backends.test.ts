// All that is written in Fold here, and generated programs, on every backend, fused and not, against the interpreter's bounds.
import { expect, test } from "vitest";
import { passes } from "../../src/ir/passes/index.js";
import { firstSeed, generateMany, jobOf } from "../generate/jobs.js";
import { type Campaign, runCampaign, totals } from "./campaign.js";
import { covered } from "./coverage.js";
import { tallyReport } from "./harness.js";
import { libraryJobs } from "./library.js";
import { bundle, isOfInterpreter } from "./processes.js";

const seed = firstSeed();
const GENERATED = 300;
const MINUTES = 60_000;

function report(title: string, c: Campaign): void {
  const { comparisons, undecided } = totals(c);
  const lines = c.tallies.map((t) => `  ${tallyReport(t).replaceAll("\n", "\n  ")}`);
  const share = `at most ${(100 * undecided).toFixed(2)} % undecided on a backend`;
  console.log(`${title}: ${comparisons} comparisons, ${share}\n${lines.join("\n")}`);
}

test("the process in which backends run holds nothing of the interpreter", async () => {
  expect((await bundle("reference-process")).parts.some(isOfInterpreter)).toBe(true);
  const { parts } = await bundle("backend-process");
  expect(parts.length).toBeGreaterThan(50);
  expect(parts.filter(isOfInterpreter)).toEqual([]);
});

test("every function of the estimators, of the standard library and of the language", {
  timeout: 10 * MINUTES,
}, async () => {
  const jobs = libraryJobs(seed);
  const campaign = await runCampaign(jobs, 0, 100);
  report(`${jobs.length} functions of the library, seed ${seed}`, campaign);
  const { disagreements, undecided, loose } = totals(campaign);
  expect(disagreements).toEqual([]);
  expect(undecided).toBeLessThan(0.05);
  expect(loose).toBeLessThan(0.05);
});

test(`${GENERATED} generated programs`, { timeout: 10 * MINUTES }, async () => {
  const jobs = generateMany(seed, GENERATED).map(jobOf);
  const campaign = await runCampaign(jobs, seed, 75);
  report(`${GENERATED} generated programs from seed ${seed}`, campaign);
  const wanted = covered(passes.map((p) => p.name));
  const counts = wanted.map((name) => `${String(campaign.coverage.get(name) ?? 0).padStart(6)}  ${name}`);
  console.log(`programs that brought into play, with ${campaign.forks} forks:\n${counts.join("\n")}`);
  const { disagreements, undecided, loose } = totals(campaign);
  expect(disagreements).toEqual([]);
  expect(undecided).toBeLessThan(0.05);
  expect(loose).toBeLessThan(0.05);
  expect(wanted.filter((name) => !campaign.coverage.get(name))).toEqual([]);
  expect(campaign.forks).toBeGreaterThan(GENERATED);
});
