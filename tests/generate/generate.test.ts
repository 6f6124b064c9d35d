// Generated programs are accepted by the front end, run in the interpreter, cover the language, and test the interpreter's own bounds: a run
// that rounds to f32 after each operation must lie within what the bounds allow.
import { expect, test } from "vitest";
import { loadProgram } from "../../src/compiler/load.js";
import { interpret, interpretWithBounds } from "../../src/ir/interpret/index.js";
import { addComparisons, type Comparison, compare, nothingCompared } from "../backends/harness.js";
import { addCoverage, coverageReport, emptyCoverage, missing } from "./features.js";
import { firstSeed, generateMany } from "./jobs.js";
import { generate } from "./program.js";
import { lengths } from "./sizes.js";

const first = firstSeed();

test("a seed gives the same program, and another another", () => {
  expect(generate(first)).toEqual(generate(first));
  expect(generate(first + 1).files).not.toEqual(generate(first).files);
});

test("300 programs cover every feature and every length, and the front end accepts them all", () => {
  const coverage = emptyCoverage();
  const seen = new Set<number>();
  for (const g of generateMany(first, 300)) {
    addCoverage(coverage, g.features);
    for (const c of g.cases) seen.add(c.sizes["n"] ?? -1).add(c.sizes["m"] ?? -1);
    const { program, diagnostics } = loadProgram("main.fold", (path) => g.files[path]);
    const said = diagnostics.map((d) => `seed ${g.seed}: ${d.code}: ${d.message}`);
    expect(program, said.join("\n")).toBeDefined();
  }
  console.log(`generated programs from seed ${first}, programs with each feature:\n${coverageReport(coverage)}`);
  expect(missing(coverage)).toEqual([]);
  expect([...lengths].filter((n) => !seen.has(n))).toEqual([]);
});

test("a run that rounds to f32 lies within the bounds of WASM in f32", () => {
  let total: Comparison = nothingCompared;
  for (const g of generateMany(first, 80)) {
    const { program } = loadProgram("main.fold", (path) => g.files[path]);
    const def = program?.functions.find((f) => f.name === g.fn);
    if (!program || !def) throw new Error(`seed ${g.seed} is not accepted`);
    for (const { args } of g.cases) {
      const reference = interpretWithBounds(program, def, args, { real: "float32", target: "wasm" });
      const rounded = interpret(program, def, args, { real: "float32", target: "wasm", rounds: true });
      const one = compare(reference, rounded);
      total = addComparisons(total, {
        ...one,
        disagreements: one.disagreements.map((text) => `seed ${g.seed}: ${text}`),
      });
    }
  }
  const { compared, undecided, loose } = total;
  console.log(`seed ${first}: ${compared} numbers compared, ${undecided} undecided, ${loose} with loose bounds`);
  expect(total.disagreements).toEqual([]);
  expect(undecided / compared).toBeLessThan(0.05);
});
