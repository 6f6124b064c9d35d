// `npm run bench:gpu`: what the compiled kernels reach on this machine's GPU: products and streams as shares of its measured peaks,
// transfers, and the seed pipeline by step. One command, no network; --write puts the tables into docs/performance.md.
import path from "node:path";
import { parseArgs } from "node:util";
import { asarray, type Device, device, type NDArray } from "bifold";
import { describeMachine } from "../machine.js";
import { findPython } from "../peers/python.js";
import { measure } from "../pipeline/measure.js";
import { inPython, onCpu, onGpu, type Side, standsIn } from "../pipeline/sides.js";
import { markdownTable, milliseconds, writeSection } from "../report.js";
import { summarise } from "../statistics.js";
import { bifoldPeer } from "../suite/bifold.js";
import { nameOf, operandsOf, type Task } from "../suite/tasks.js";
import { callsFor, sample } from "../suite/timing.js";
import { type Ceiling, measureCeiling } from "./ceiling.js";
import { boundOf, gpuTasks, shapeOf } from "./tasks.js";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    rows: { type: "string", default: "10000,50000,200000" },
    rounds: { type: "string", default: "5" },
    threads: { type: "string", default: "2" },
    "copy-mib": { type: "string", default: "256" },
    "sample-ms": { type: "string", default: "30" },
    python: { type: "string", default: "" },
    kernels: { type: "string", default: "out/bench-kernels/kernels.fold.js" },
    "stand-in": { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});
const list = (text: string): string[] => text.split(",").filter((t) => t !== "");
const rounds = Number(values.rounds);
const sampleSeconds = Number(values["sample-ms"]) / 1000;
const three = (x: number): string => Number(x.toPrecision(3)).toString();
const percent = (x: number): string => `${three(100 * x)} %`;

let gpu: Device;
try {
  gpu = await device("webgpu");
} catch (error) {
  console.error(`There is no GPU to measure: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
if (standsIn(gpu.name) && !values["stand-in"]) {
  console.error(
    `${gpu.name} runs on the CPU: what it takes says nothing of a GPU. --stand-in measures it nevertheless.`,
  );
  process.exit(1);
}
console.log(`${gpu.name}`);

const ceiling = await measureCeiling(Number(values["copy-mib"]) * 2 ** 20, sampleSeconds);
const peaks = `Peaks, by WGSL written by hand: ${three(ceiling.flops / 1e12)} TFLOP/s of multiply-adds in f32, ${three(
  ceiling.bytes / 1e9,
)} GB/s copied (read and written), ${three(ceiling.latency * 1e6)} us to wait for a command that does nothing.`;
console.log(peaks);

const name = (t: Task): string => (t.kind === "matmul" ? `matmul ${shapeOf(t)}` : nameOf(t));

/** A row of the table of kernels: time, rate, share of the peak that bounds it. */
function rated(task: Task, seconds: readonly number[], peak: Ceiling): readonly string[] {
  const { median, low, high } = summarise(seconds);
  const times = `${milliseconds(median)} (${milliseconds(low)} to ${milliseconds(high)})`;
  const bound = boundOf(task);
  switch (bound.by) {
    case "arithmetic":
      return [
        name(task),
        times,
        `${three(bound.flops / median / 1e9)} GFLOP/s`,
        percent(bound.flops / median / peak.flops),
      ];
    case "memory":
      return [
        name(task),
        times,
        `${three(bound.bytes / median / 1e9)} GB/s`,
        percent(bound.bytes / median / peak.bytes),
      ];
    case "latency":
      return [name(task), times, "–", "–"];
  }
}

const only = list(values.only);
const chosen = gpuTasks.filter((t) => only.length === 0 || only.some((part) => name(t).includes(part)));
const peer = await bifoldPeer(gpu, path.resolve(values.kernels));
const kernels: (readonly string[])[] = [];
for (const task of chosen) {
  const run = await peer.prepare(task, operandsOf(task));
  if (!run) continue;
  const calls = await callsFor(run, sampleSeconds, peer.settle);
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) seconds.push(await sample(run, calls, peer.settle));
  const row = rated(task, seconds, ceiling);
  console.log(row.join(" | "));
  kernels.push(row);
}

async function transfers(): Promise<string[][]> {
  const rows: string[][] = [];
  for (const bytes of [2 ** 12, 2 ** 20, 2 ** 26, 2 ** 28]) {
    if (standsIn(gpu.name) && bytes > 2 ** 26) continue;
    const data = Float32Array.from({ length: bytes / 4 }, (_, k) => k % 1000);
    const there: number[] = [];
    const back: number[] = [];
    const timed = async <T>(times: number[], f: () => Promise<T>): Promise<T> => {
      const start = performance.now();
      const value = await f();
      times.push((performance.now() - start) / 1000);
      return value;
    };
    for (let round = -1; round < rounds; round++) {
      const array: NDArray = await timed(there, async () => {
        const a = await asarray({ data, shape: [data.length] }, { device: gpu });
        await peer.settle?.();
        return a;
      });
      await timed(back, () => array.data());
      array.dispose();
    }
    const shown = (times: number[]): string[] => {
      const { median } = summarise(times.slice(1));
      return [milliseconds(median), three(bytes / median / 1e9)];
    };
    rows.push([`${bytes / 1024} KiB`, ...shown(there), ...shown(back)]);
    console.log(`transfer of ${rows.at(-1)?.join(" | ")}`);
  }
  return rows;
}
const moved = await transfers();

const python = findPython(values.python === "" ? undefined : [values.python]);
if (typeof python === "string") console.log(`scikit-learn is missing here: ${python}`);
const sides: Side[] = [
  onGpu(import.meta.url),
  onCpu(import.meta.url),
  ...(typeof python === "string" ? [] : [inPython(python)]),
];
const threads = Number(values.threads);
const pipeline: string[][] = [];
for (const rows of list(values.rows).map(Number)) {
  const found = await measure(sides, { rows, dtype: "float32", threads }, { processes: 1, rounds });
  const median = (times: readonly number[] | undefined): string =>
    times && times.length > 0 ? milliseconds(summarise(times).median) : "–";
  const steps = [...(found.get(sides[0]?.name ?? "")?.steps.keys() ?? [])];
  pipeline.push([`${rows}`, "crossValidate, 5 folds", ...sides.map((s) => median(found.get(s.name)?.totals))]);
  for (const step of steps)
    pipeline.push([`${rows}`, step, ...sides.map((s) => median(found.get(s.name)?.steps.get(step)))]);
  for (const row of pipeline.slice(-1 - steps.length)) console.log(row.join(" | "));
}

const text = [
  `${describeMachine()}; ${gpu.name}; ${typeof python === "string" ? "no scikit-learn" : python.versions}; float32. ${peaks}`,
  `Kernels, results left on the GPU, medians (and quartiles) of ${rounds} samples; bytes are those of operands and results, each once:`,
  markdownTable(["task", "ms", "rate", "share of the peak"], kernels),
  "Transfers between an array of JavaScript and the GPU:",
  markdownTable(["size", "there, ms", "GB/s", "back, ms", "GB/s"], moved),
  `The seed pipeline in ms, ${threads} ${threads === 1 ? "thread" : "threads"} on the CPU, medians of ${rounds} rounds:`,
  markdownTable(["rows", "step", ...sides.map((s) => s.name)], pipeline),
].join("\n\n");
console.log(`\n${text}`);
if (values.write) writeSection("docs/performance.md", "the GPU", text);
process.exit(0);
