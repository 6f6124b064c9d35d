// Whatever is wrong with a program, the front end says so: it never throws, never hangs, and every place that it names is in a text.
import vm from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { codes } from "../../src/compiler/codes/index.js";
import { type Loaded, loadProgram } from "../../src/compiler/load.js";
import { renderDiagnostics } from "../../src/compiler/render.js";
import { firstSeed } from "../generate/jobs.js";
import { type Broken, broken, programs } from "./broken.js";

const RUNS = 300;
/** What one program may take, in milliseconds: the longest that are right take a tenth of it. */
const MOST_MS = 5_000;

const seed = firstSeed();

/** Loads it, for so long at most. */
function load({ file, text }: Broken): Loaded {
  let loaded: Loaded | undefined;
  const run = (): void => {
    loaded = loadProgram(file, (path) => (path === file ? text : programs.get(path)));
  };
  vm.runInNewContext("run()", { run }, { timeout: MOST_MS });
  if (!loaded) throw new Error("nothing was loaded");
  return loaded;
}

function holds(program: Broken): Loaded {
  const loaded = load(program);
  const { diagnostics, sources } = loaded;
  for (const d of diagnostics) {
    expect(codes[d.code], d.code).toBeDefined();
    expect(d.message).toMatch(/\S/);
    expect(d.message).not.toMatch(/undefined|\[object|internal|NaN/);
    for (const { file, start, end } of [d.at, ...(d.others ?? []).map((o) => o.at)]) {
      const text = sources.get(file)?.text;
      expect(text, file).toBeDefined();
      expect([start >= 0, end >= start, end <= (text ?? "").length]).toEqual([true, true, true]);
    }
  }
  const wrong = diagnostics.some((d) => d.severity === "error");
  expect(loaded.program === undefined).toBe(wrong);
  expect(renderDiagnostics(diagnostics, sources)).not.toMatch(/undefined|\[object/);
  return loaded;
}

test(`${RUNS} broken programs`, () => {
  const families = new Map<string, number>();
  const note = (name: string): void => void families.set(name, (families.get(name) ?? 0) + 1);
  fc.assert(
    fc.property(broken, (program) => {
      const { diagnostics } = holds(program);
      for (const family of new Set(diagnostics.map((d) => d.code[0] ?? ""))) note(family);
      if (diagnostics.length === 0) note("none");
    }),
    { numRuns: RUNS, seed },
  );
  const shown = [...families].sort().map(([family, count]) => `${family} ${count}`);
  console.log(`${RUNS} broken programs from seed ${seed}, with errors of the families ${shown.join(", ")}`);
  // Most are for the checker, and some are right by chance.
  expect(families.get("P") ?? 0).toBeLessThan(RUNS * 0.7);
  for (const family of ["P", "N", "S", "T", "L", "none"]) expect(families.get(family) ?? 0, family).toBeGreaterThan(0);
});
