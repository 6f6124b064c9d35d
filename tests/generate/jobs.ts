// Generated programs as jobs for the backends, and which seeds are tried.
import type { Job } from "../backends/variants.js";
import { type GeneratedProgram, generate } from "./program.js";

export const jobOf = (g: GeneratedProgram): Job => ({
  title: `generated program ${g.seed}`,
  files: g.files,
  main: "main.fold",
  fn: g.fn,
  calls: g.cases.map((c) => c.args),
});

/** The first seed: `BIFOLD_SEED=123 npx vitest run …` gives another, to see again what a report names. */
export const firstSeed = (): number => Number(process.env["BIFOLD_SEED"] ?? 1);

/** Programs of consecutive seeds. */
export const generateMany = (first: number, count: number): readonly GeneratedProgram[] =>
  Array.from({ length: count }, (_, k) => generate(first + k));
