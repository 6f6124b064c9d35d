// `npm run bench:pipeline`: the seed pipeline, cross-validated, beside scikit-learn's, with the same data, rows and threads.
// The sides take turns in one run, over several processes. The table goes to the screen and, with --write, into docs/performance.md.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine, load } from "../machine.js";
import { PeerProcess } from "../peers/child.js";
import { findPython, startPython } from "../peers/python.js";
import { markdownTable, milliseconds, writeSection } from "../report.js";
import { summarise } from "../statistics.js";
import { type CrossValidated, FEATURES, type Memory, type Steps } from "./protocol.js";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "2000,10000,50000" },
    threads: { type: "string", default: "1,2" },
    dtypes: { type: "string", default: "float64,float32" },
    processes: { type: "string", default: "2" },
    rounds: { type: "string", default: "3" },
    python: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});
const list = (text: string): string[] => text.split(",").filter((t) => t !== "");
const page = "docs/performance.md";

interface Setting {
  readonly rows: number;
  readonly dtype: string;
  readonly threads: number;
}

interface Side {
  readonly name: string;
  readonly start: (threads: number) => PeerProcess;
}

const python = findPython(values.python === "" ? undefined : [values.python]);
const ours = (kind: string): Side => ({
  name: kind === "cpu" ? "Bifold" : "Bifold, WebGPU",
  start: (threads) =>
    PeerProcess.start(`Bifold on ${kind}`, [
      process.execPath,
      fileURLToPath(new URL("./bifold_peer.js", import.meta.url)),
      kind,
      `${threads}`,
    ]),
});
const sides: Side[] = [ours("cpu")];
if (typeof python === "string") console.log(`scikit-learn is missing here, so there are no ratios: ${python}`);
else
  sides.push({
    name: "scikit-learn",
    start: (threads) => startPython("scikit-learn", python, "bench/pipeline/sklearn_peer.py", threads),
  });

/** The adapter, or why there is none that is worth a measurement: one that runs on the CPU measures nothing. */
async function gpuName(): Promise<{ readonly name?: string; readonly missing?: string }> {
  const peer = ours("webgpu").start(1);
  try {
    const { name } = await peer.ask<{ name: string }>({ op: "device" });
    return /swiftshader|llvmpipe/i.test(name)
      ? { missing: `the only WebGPU adapter here runs on the CPU (${name})` }
      : { name };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  } finally {
    peer.stop();
  }
}
const gpu = await gpuName();
if (gpu.name === undefined) console.log(`WebGPU is missing here: ${gpu.missing}`);
else sides.push(ours("webgpu"));

interface Measured {
  readonly totals: number[];
  readonly steps: Map<string, number[]>;
  scores: readonly number[];
  peak: number;
}

async function measure(setting: Setting): Promise<ReadonlyMap<string, Measured>> {
  const found = new Map<string, Measured>();
  for (const { name } of sides) found.set(name, { totals: [], steps: new Map(), scores: [], peak: 0 });
  for (let p = 0; p < Number(values.processes); p++) {
    const running = sides
      .filter((s) => !s.name.includes("WebGPU") || setting.dtype === "float32")
      .map((s) => ({ name: s.name, peer: s.start(setting.threads) }));
    try {
      for (const { peer } of running) {
        await peer.ask({ op: "prepare", rows: setting.rows, features: FEATURES, dtype: setting.dtype });
        await peer.ask({ op: "crossValidate" });
      }
      for (let round = 0; round < Number(values.rounds); round++)
        for (const { name, peer } of running) {
          const m = found.get(name);
          if (!m) continue;
          const run = await peer.ask<CrossValidated>({ op: "crossValidate" });
          m.totals.push(run.seconds);
          m.scores = run.scores;
          const { steps } = await peer.ask<Steps>({ op: "steps" });
          for (const [step, seconds] of Object.entries(steps))
            m.steps.set(step, [...(m.steps.get(step) ?? []), seconds]);
        }
      for (const { name, peer } of running) {
        const m = found.get(name);
        if (m) m.peak = Math.max(m.peak, (await peer.ask<Memory>({ op: "memory" })).peakBytes);
      }
    } finally {
      for (const { peer } of running) peer.stop();
    }
  }
  return found;
}

const settings: Setting[] = list(values.rows).flatMap((rows) =>
  list(values.dtypes).flatMap((dtype) =>
    list(values.threads).map((threads) => ({ rows: Number(rows), dtype, threads: Number(threads) })),
  ),
);
const totals: string[][] = [];
const steps: string[][] = [];
const ms = (times: readonly number[]): string => {
  const { median, low, high } = summarise(times);
  return `${milliseconds(median)} (${milliseconds(low)} to ${milliseconds(high)})`;
};
for (const setting of settings) {
  console.log(`${setting.rows} rows, ${setting.dtype}, ${setting.threads} threads (load ${load().toFixed(1)}) …`);
  const found = await measure(setting);
  const mine = found.get("Bifold");
  const theirs = found.get("scikit-learn");
  if (!mine) continue;
  const what = [`${setting.rows}`, setting.dtype, `${setting.threads}`];
  const other = [...found].find(([name]) => name.includes("WebGPU"))?.[1];
  const ratio = (a: readonly number[] | undefined, b: readonly number[]): string =>
    a && a.length > 0 ? (summarise(a).median / summarise(b).median).toFixed(2) : "–";
  const difference = theirs
    ? Math.max(...mine.scores.map((s, k) => Math.abs(s - (theirs.scores[k] ?? Number.NaN))))
    : undefined;
  totals.push([
    ...what,
    ms(mine.totals),
    theirs ? ms(theirs.totals) : "–",
    ratio(theirs?.totals, mine.totals),
    ...(gpu.name === undefined ? [] : [other && other.totals.length > 0 ? ms(other.totals) : "–"]),
    `${Math.round(mine.peak / 2 ** 20)}`,
    theirs ? `${Math.round(theirs.peak / 2 ** 20)}` : "–",
    difference === undefined ? "–" : difference.toExponential(1),
  ]);
  console.log(totals.at(-1)?.join(" | "));
  for (const [step, times] of mine.steps)
    steps.push([
      ...what,
      step,
      ms(times),
      theirs ? ms(theirs.steps.get(step) ?? []) : "–",
      ratio(theirs?.steps.get(step), times),
      ...(gpu.name === undefined ? [] : [other?.steps.has(step) ? ms(other.steps.get(step) ?? []) : "–"]),
    ]);
}

const gpuColumn = gpu.name === undefined ? [] : ["WebGPU, ms"];
const text = [
  `${describeMachine()}; ${typeof python === "string" ? "no scikit-learn" : python.versions}; ${gpu.name ?? `no WebGPU: ${gpu.missing}`}. ` +
    `Medians (and quartiles) of ${values.processes} processes of ${values.rounds} rounds; a ratio above 1 says that Bifold is faster.`,
  markdownTable(
    [
      "rows",
      "dtype",
      "threads",
      "Bifold, ms",
      "scikit-learn, ms",
      "ratio",
      ...gpuColumn,
      "peak, MiB",
      "scikit-learn's peak",
      "scores differ by",
    ],
    totals,
  ),
  "By step, one fit on all rows:",
  markdownTable(["rows", "dtype", "threads", "step", "Bifold, ms", "scikit-learn, ms", "ratio", ...gpuColumn], steps),
].join("\n\n");
console.log(`\n${text}`);
if (values.write) writeSection(page, "the seed pipeline", text);
