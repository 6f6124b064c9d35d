// Generated programs by the thousand: `npm run fuzz -- --count 5000 --seed 1 --device all`. Goes on after failures, ends with the smallest
// program that fails, and exits with 1 where one does.
import { parseArgs } from "node:util";
import { jobOf } from "../generate/jobs.js";
import { generate } from "../generate/program.js";
import { type Devices, runCampaign, totals } from "./campaign.js";
import { addTallies, type Tally, tallyReport } from "./harness.js";

const BATCH = 100;

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "5000" },
    seed: { type: "string", default: "1" },
    device: { type: "string", default: "all" },
  },
});
const first = Number(values.seed);
const end = first + Number(values.count);
if (!["all", "cpu", "webgpu"].includes(values.device)) throw new Error("--device is all, cpu or webgpu");

const tallies = new Map<string, Tally>();
const failing = new Map<string, string>();
let comparisons = 0;
for (let from = first; from < end; from += BATCH) {
  const jobs = Array.from({ length: Math.min(BATCH, end - from) }, (_, k) => jobOf(generate(from + k)));
  try {
    const campaign = await runCampaign(jobs, from, Math.ceil(jobs.length / 2), values.device as Devices);
    comparisons += totals(campaign).comparisons;
    for (const t of campaign.tallies) {
      const before = tallies.get(t.backend);
      tallies.set(t.backend, before ? addTallies(before, t) : t);
      for (const title of t.failing) {
        const text = t.comparison.disagreements.find((d) => d.startsWith(`${title} `));
        if (!failing.has(title)) failing.set(title, text ?? t.backend);
      }
    }
  } catch (e) {
    failing.set(`seeds ${from} to ${from + jobs.length - 1}`, e instanceof Error ? e.message : String(e));
  }
  const done = from + jobs.length - first;
  console.log(`${done} programs, ${comparisons} comparisons, ${failing.size} failures`);
}

for (const t of tallies.values()) console.log(tallyReport(t));
for (const [title, text] of failing) console.log(`${title}: ${text}`);
const programs = [...failing.keys()].flatMap((title) => {
  const seed = /^generated program (\d+)$/.exec(title)?.[1];
  return seed === undefined ? [] : [{ seed, text: Object.values(generate(Number(seed)).files).join("\n") }];
});
const [smallest] = programs.sort((a, b) => a.text.length - b.text.length);
if (smallest) console.log(`the smallest program that fails, seed ${smallest.seed}:\n${smallest.text}`);
process.exit(failing.size > 0 ? 1 : 0);
