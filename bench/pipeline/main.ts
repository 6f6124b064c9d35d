// `npm run bench:pipeline`: the seed pipeline, cross-validated, beside scikit-learn's, with the same data, rows and threads.
// The sides take turns in one run, over several processes. The table goes to the screen and, with --write, into docs/performance.md.
import { parseArgs } from "node:util";
import { describeMachine, load } from "../machine.js";
import { findPython } from "../peers/python.js";
import { markdownTable, milliseconds, writeSection } from "../report.js";
import { summarise } from "../statistics.js";
import { measure, type Setting } from "./measure.js";
import { gpuName, inPython, onCpu, onGpu, type Side } from "./sides.js";

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

const python = findPython(values.python === "" ? undefined : [values.python]);
const sides: Side[] = [onCpu(import.meta.url)];
if (typeof python === "string") console.log(`scikit-learn is missing here, so there are no ratios: ${python}`);
else sides.push(inPython(python));
const gpu = await gpuName(onGpu(import.meta.url));
if (gpu.name === undefined) console.log(`WebGPU is missing here: ${gpu.missing}`);
else sides.push(onGpu(import.meta.url));

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
  const found = await measure(sides, setting, {
    processes: Number(values.processes),
    rounds: Number(values.rounds),
  });
  const mine = found.get("Bifold");
  const theirs = found.get("scikit-learn");
  if (!mine) continue;
  const what = [`${setting.rows}`, setting.dtype, `${setting.threads}`];
  const other = found.get("Bifold, WebGPU");
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
