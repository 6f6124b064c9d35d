// `npm run bench:estimators`: fits of single estimators beside scikit-learn's, with the same data, rows and threads. The sides take turns in
// one run, over several processes. The table goes to the screen and, with --write, into docs/performance.md.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine, load } from "../machine.js";
import { PeerProcess } from "../peers/child.js";
import { findPython, startPython } from "../peers/python.js";
import { markdownTable, milliseconds, writeSection } from "../report.js";
import { summarise } from "../statistics.js";
import { descriptions, type EstimatorTask, estimatorTasks, type Fitted } from "./protocol.js";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    threads: { type: "string", default: "1,2" },
    processes: { type: "string", default: "3" },
    rounds: { type: "string", default: "5" },
    python: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});
const list = (text: string): string[] => text.split(",").filter((t) => t !== "");
const only = list(values.only);
const chosen = estimatorTasks.filter((t) => only.length === 0 || only.includes(t.estimator));
const python = findPython(values.python === "" ? undefined : [values.python]);
if (typeof python === "string") console.log(`scikit-learn is missing here, so there are no ratios: ${python}`);

interface Times {
  readonly seconds: number[];
  check: number;
}

async function measure(task: EstimatorTask, threads: number): Promise<ReadonlyMap<string, Times>> {
  const found = new Map<string, Times>();
  for (let p = 0; p < Number(values.processes); p++) {
    const program = fileURLToPath(new URL("./bifold_peer.js", import.meta.url));
    const sides = new Map([["Bifold", PeerProcess.start("Bifold", [process.execPath, program, `${threads}`])]]);
    if (typeof python !== "string")
      sides.set("scikit-learn", startPython("scikit-learn", python, "bench/estimators/sklearn_peer.py", threads));
    try {
      for (const peer of sides.values()) await peer.ask({ op: "prepare", ...task });
      // Two rounds to warm up.
      for (let round = -2; round < Number(values.rounds); round++)
        for (const [name, peer] of sides) {
          const { seconds, check } = await peer.ask<Fitted>({ op: "fit", ...task });
          const times = found.get(name) ?? { seconds: [], check };
          if (round >= 0) times.seconds.push(seconds);
          found.set(name, times);
        }
    } finally {
      for (const peer of sides.values()) peer.stop();
    }
  }
  return found;
}

const shown = (times: readonly number[]): string => {
  const { median, low, high } = summarise(times);
  return `${milliseconds(median)} (${milliseconds(low)} to ${milliseconds(high)})`;
};
const rows: string[][] = [];
for (const task of chosen)
  for (const threads of list(values.threads).map(Number)) {
    const found = await measure(task, threads);
    const [ours, theirs] = [found.get("Bifold"), found.get("scikit-learn")];
    if (!ours) continue;
    rows.push([
      descriptions[task.estimator],
      `${task.rows} x ${task.features}`,
      task.dtype,
      `${threads}`,
      shown(ours.seconds),
      theirs ? shown(theirs.seconds) : "–",
      theirs ? (summarise(theirs.seconds).median / summarise(ours.seconds).median).toFixed(2) : "–",
      theirs ? Math.abs(ours.check / theirs.check - 1).toExponential(1) : "–",
    ]);
    console.log(`load ${load().toFixed(1)} | ${rows.at(-1)?.join(" | ")}`);
  }
const text = [
  `${describeMachine()}; ${typeof python === "string" ? "no scikit-learn" : python.versions}. Medians (and quartiles) of ${values.processes} ` +
    `processes of ${values.rounds} rounds, in ms; a ratio above 1 says that Bifold is faster. The last column compares one number of each result, relatively.`,
  markdownTable(["fit", "X", "dtype", "threads", "Bifold", "scikit-learn", "ratio", "results differ by"], rows),
].join("\n\n");
console.log(`\n${text}`);
if (values.write) writeSection("docs/performance.md", "estimators", text);
