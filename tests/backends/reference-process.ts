// The process that computes references: reads a request from the file that it is given, writes the answer beside it.
import { readFileSync, writeFileSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import { loadProgram } from "../../src/compiler/load.js";
import { interpretWithBounds } from "../../src/ir/interpret/index.js";
import { type Job, type Reference, type ReferenceRequest, type Variant, variantName } from "./variants.js";

function referenceOf(job: Job, variants: readonly Variant[]): Reference {
  const { program, diagnostics } = loadProgram(job.main, (path) => job.files[path]);
  if (!program) return { problem: diagnostics.map((d) => `${d.code}: ${d.message}`).join("; ") };
  const def = program.functions.find((f) => f.name === job.fn);
  if (!def) return { problem: `there is no function ${job.fn}` };
  return {
    outcomes: Object.fromEntries(
      variants.map((v) => [variantName(v), job.calls.map((args) => interpretWithBounds(program, def, args, v))]),
    ),
  };
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("usage: reference-process FILE");
const { jobs, variants } = deserialize(readFileSync(file)) as ReferenceRequest;
writeFileSync(`${file}.out`, serialize(jobs.map((job) => referenceOf(job, variants))));
