// `npm run bench`: Bifold's kernels beside hand-written loops, the libraries in JavaScript, Rust and NumPy. The peers take turns on each
// task, in several processes. The table goes to the screen and, with --write, with a picture into docs/performance.md
// (with --again beside the first run's).
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine, load } from "../machine.js";
import { PeerProcess } from "../peers/child.js";
import { findPython, startPython } from "../peers/python.js";
import { markdownTable, writeSection } from "../report.js";
import { summarise } from "../statistics.js";
import { drawRatios } from "./picture.js";
import type { PeersAnswer, SampleOptions, Samples } from "./protocol.js";
import { inUnit, nameOf, type Task, tasks, unitOf } from "./tasks.js";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    peers: { type: "string", default: "bifold,ceiling,onnx,tfjs,jax-js,ml-matrix,faer,nalgebra,wide,numpy" },
    threads: { type: "string", default: "1" },
    processes: { type: "string", default: "3" },
    rounds: { type: "string", default: "5" },
    "sample-ms": { type: "string", default: "30" },
    python: { type: "string", default: "" },
    write: { type: "boolean", default: false },
    again: { type: "boolean", default: false },
  },
});
const list = (text: string): string[] => text.split(",").filter((t) => t !== "");
const wanted = list(values.peers);
const threads = Number(values.threads);
const only = list(values.only);
const chosen = tasks.filter((t) => only.length === 0 || only.some((part) => nameOf(t).includes(part)));
const here = path.dirname(fileURLToPath(import.meta.url));
const options: SampleOptions = {
  threads,
  kernels: path.resolve("out/bench-kernels/kernels.fold.js"),
  peers: wanted.filter((p) => p !== "numpy"),
  sampleSeconds: Number(values["sample-ms"]) / 1000,
  rounds: Number(values.rounds),
};
const titles = new Map<string, string>();
const missing = new Map<string, string>();
const python = findPython(values.python === "" ? undefined : [values.python]);
if (wanted.includes("numpy")) {
  if (typeof python === "string") missing.set("numpy", python);
  else titles.set("numpy", python.versions);
}

/** Seconds a call, by task and peer, of all processes. */
const found = new Map<Task, Map<string, number[]>>(chosen.map((t) => [t, new Map()]));
/** Names of tasks, by who failed at them and why. */
const failures = new Map<string, Set<string>>();
for (let p = 0; p < Number(values.processes); p++) {
  const peers = PeerProcess.start("the peers", [
    process.execPath,
    path.join(here, "sample.js"),
    JSON.stringify(options),
  ]);
  const numpy =
    titles.has("numpy") && typeof python !== "string"
      ? startPython("NumPy", python, "bench/suite/numpy_peer.py", threads)
      : undefined;
  try {
    for (const peer of (await peers.ask<PeersAnswer>({ op: "load" })).peers)
      if (peer.missing === undefined) titles.set(peer.name, peer.title ?? peer.name);
      else missing.set(peer.name, peer.missing);
    if (p === 0) for (const [peer, why] of missing) console.log(`missing: ${peer}: ${why}`);
    for (const task of chosen) {
      const times = found.get(task);
      const { seconds, failed } = await peers.ask<Samples>({ op: "measure", task });
      const all: Record<string, readonly number[]> = { ...seconds };
      if (numpy) {
        const { sampleSeconds, rounds } = options;
        all["numpy"] = (await numpy.ask<{ seconds: number[] }>({ op: "measure", task, sampleSeconds, rounds })).seconds;
      }
      for (const [peer, s] of Object.entries(all)) times?.set(peer, [...(times.get(peer) ?? []), ...s]);
      for (const [peer, why] of Object.entries(failed)) {
        const what = `\`${peer}\`: ${why}`;
        failures.set(what, (failures.get(what) ?? new Set()).add(nameOf(task)));
      }
      const shown = Object.entries(all).map(([peer, s]) => `${peer} ${digits(inUnit(task, summarise(s).median))}`);
      console.log(
        `process ${p + 1}, load ${load().toFixed(1)}, ${nameOf(task)} [${unitOf(task).unit}]: ${shown.join(", ")}`,
      );
    }
  } finally {
    peers.stop();
    numpy?.stop();
  }
}

function digits(x: number): string {
  return Number(x.toPrecision(3)).toString();
}
/** In the task's unit: the median, and the quartiles. */
function shown(task: Task, seconds: readonly number[] | undefined): string {
  if (!seconds || seconds.length === 0) return "–";
  const { median, low, high } = summarise(seconds);
  const ends = [low, high].map((s) => inUnit(task, s)).sort((a, b) => a - b);
  return `${digits(inUnit(task, median))} (${ends.map(digits).join(" to ")})`;
}
const columns = wanted.filter((name) => titles.has(name));
const others = columns.filter((name) => name !== "bifold");
const speedOver = (task: Task, peer: string): number | undefined => {
  const [ours, theirs] = [found.get(task)?.get("bifold"), found.get(task)?.get(peer)];
  return ours && theirs ? summarise(theirs).median / summarise(ours).median : undefined;
};
const text = [
  `${describeMachine()}, ${threads} ${threads === 1 ? "thread" : "threads"}. Medians (and quartiles) of ${values.processes} processes of ${values.rounds} samples.`,
  columns.map((name) => `- \`${name}\`: ${titles.get(name)}`).join("\n"),
  ...(missing.size > 0 ? [`Missing: ${[...missing].map(([name, why]) => `\`${name}\` (${why})`).join("; ")}.`] : []),
  markdownTable(
    ["task", "unit", ...columns],
    chosen.map((t) => [nameOf(t), unitOf(t).unit, ...columns.map((name) => shown(t, found.get(t)?.get(name)))]),
  ),
  "How many times as fast as each Bifold is:",
  markdownTable(
    ["task", ...others],
    chosen.map((t) => [nameOf(t), ...others.map((name) => speedOver(t, name)?.toFixed(2) ?? "–")]),
  ),
  ...[...failures].map(([what, names]) => `Failed: ${what} (${names.size} tasks, first ${[...names][0]}).`),
].join("\n\n");
console.log(`\n${text}`);
if (values.write) {
  const section = `kernels, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  // A second run stands beside the first, whose picture stays.
  if (values.again) writeSection("docs/performance.md", `${section}, measured again`, `Measured again. ${text}`);
  else {
    const name = threads === 1 ? "performance" : `performance-${threads}`;
    fs.writeFileSync(
      `docs/${name}.svg`,
      drawRatios(chosen.flatMap((t) => others.map((peer) => ({ task: nameOf(t), peer, ratio: speedOver(t, peer) })))),
    );
    writeSection("docs/performance.md", section, `![How many times as fast Bifold is](${name}.svg)\n\n${text}`);
  }
}
