// The functions of pairs as the compiler makes them: each is one product by tiles, with the kernel around the sums, and no other matrix of pairs.
import fs from "node:fs";
import { expect, test } from "vitest";
import { precisions, toNests } from "../../src/compile.js";
import { exportsOf, loadProgram } from "../../src/compiler/load.js";
import { runPasses } from "../../src/ir/pipeline.js";
import { scheduleKernel } from "../../src/ir/schedule/index.js";

const file = "estimators/metrics/pairwise.fold";
const { program } = loadProgram(file, (path) => (path === file ? fs.readFileSync(path, "utf8") : undefined));
if (!program) throw new Error(`${file} has errors`);
const ofPairs = exportsOf(program).filter((f) =>
  /Kernel|Similarity|^(euclidean|manhattan|cosine)Distances/.test(f.name),
);

test.each(ofPairs.map((f) => [f.name, f] as const))("%s is one product by tiles", (_, def) => {
  for (const precision of [precisions.float32, precisions.float64]) {
    const kernel = runPasses(toNests(program, def, "wasm", precision), { target: "wasm", fusion: true });
    const sites = scheduleKernel(kernel).schedule;
    expect(sites.filter((s) => s.class === "contraction").length).toBe(1);
    // What else there is are lengths of rows.
    expect(sites.filter((s) => s.class !== "contraction").every((s) => s.class === "rowReduction")).toBe(true);
    expect(sites.at(-1)?.class).toBe("contraction");
  }
});

test("all kernels are among them", () => {
  expect(ofPairs.length).toBe(13);
});
