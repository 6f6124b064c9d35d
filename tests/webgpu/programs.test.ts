// Programs that go at what is hard on a GPU (programs/*.fold), fused and not, their small loops in one workgroup and stepped through,
// against the interpreter's bounds.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadProgram } from "../../src/compiler/load.js";
import type { ValueType } from "../../src/compiler/typed.js";
import { fromNested } from "../../src/ir/interpret/value.js";
import { tallyReport } from "../backends/harness.js";
import { computeReferences, runBackends, type Task } from "../backends/processes.js";
import { type BackendSpec, variantOf } from "../backends/specs.js";
import type { Job } from "../backends/variants.js";
import { calls } from "./calls.js";

const specs: readonly BackendSpec[] = [
  { device: "webgpu", fusion: true, resident: true },
  { device: "webgpu", fusion: false, resident: false },
];

function jobOf(file: string, fn: string, lists: readonly (readonly unknown[])[]): Job {
  const main = `${file}.fold`;
  const text = readFileSync(new URL(`./programs/${main}`, import.meta.url), "utf8");
  const files = { [main]: text };
  const { program, diagnostics } = loadProgram(main, (path) => (path === main ? text : undefined));
  const def = program?.functions.find((f) => f.name === fn);
  if (!def) throw new Error(`${main} has no ${fn}: ${diagnostics.map((d) => d.message).join("; ")}`);
  const made = lists.map((args) =>
    def.params.map((p, k) => {
      const read = fromNested(args[k], p.type as ValueType, "float32");
      if ("problem" in read) throw new Error(`${fn}, ${p.name}: ${read.problem}`);
      return read.value;
    }),
  );
  return { title: `${main}, ${fn}`, files, main, fn, calls: made };
}

for (const [file, functions] of Object.entries(calls))
  test(`programs/${file}.fold`, async () => {
    const jobs = Object.entries(functions).map(([fn, lists]) => jobOf(file, fn, lists));
    const references = await computeReferences(jobs, specs.slice(0, 1).map(variantOf));
    const tasks = jobs.map((job, k): Task => ({ job, reference: references[k] ?? { problem: "none" }, specs }));
    const { tallies } = await runBackends(tasks);
    for (const t of tallies) {
      expect(t.comparison.disagreements, tallyReport(t)).toEqual([]);
      expect(t.comparison.compared).toBeGreaterThan(0);
      // An eigenvector's or an optimum's bounds grow with the turns; most numbers are decided all the same.
      expect(t.comparison.undecided / t.comparison.compared, tallyReport(t)).toBeLessThan(0.05);
    }
    expect(tallies).toHaveLength(specs.length);
  });
