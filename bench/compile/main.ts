// `npm run bench:compile [-- FILE…] [--no-stages]`: how long the compiler takes for every file of estimators/, or those that are named, as
// they are built for the package: all variants, small, one file after the other in one process. Prints for each file how long it takes and
// the processor time of all threads (the engine compiles and collects beside it), and the shares of the stages by samples of the stack, which
// cost a few per cent.
import fs from "node:fs";
import { Session } from "node:inspector/promises";
import { openProgram } from "../../src/cli/source.js";
import { compileVariant, variantNames } from "../../src/compile.js";
import { samplesByStage } from "./stages.js";

const names = process.argv.slice(2).filter((a) => !a.startsWith("--"));
const withStages = !process.argv.includes("--no-stages");
const files = names.length > 0 ? names : foldFiles("estimators");

function foldFiles(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true })
    .map((name) => `${folder}/${name}`)
    .filter((name) => name.endsWith(".fold"))
    .sort();
}

/** Milliseconds of processor time that this process has taken, those of its collector's threads included. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const session = new Session();
session.connect();
if (withStages) {
  await session.post("Profiler.enable");
  await session.post("Profiler.start");
}
const line = (name: string, { took, busy, bytes }: Cost): void => {
  const times = `${took.toFixed(0).padStart(6)} ms  ${busy.toFixed(0).padStart(6)} ms of processors`;
  console.log(`${name.padEnd(52)} ${times}  ${(bytes / 1024).toFixed(0).padStart(6)} KB of WASM`);
};
interface Cost {
  readonly took: number;
  readonly busy: number;
  readonly bytes: number;
}
let all: Cost = { took: 0, busy: 0, bytes: 0 };
for (const file of files) {
  const [start, before] = [performance.now(), cpu()];
  const program = openProgram(file);
  const built = variantNames.map((name) => compileVariant(program, name, { small: true }));
  const [took, busy] = [performance.now() - start, cpu() - before];
  const bytes = built.reduce((n, code) => n + (code.target === "wasm" ? (code.module.length * 3) / 4 : 0), 0);
  line(file, { took, busy, bytes });
  all = { took: all.took + took, busy: all.busy + busy, bytes: all.bytes + bytes };
}
line(`all ${files.length} files`, all);
if (withStages) {
  const { profile } = await session.post("Profiler.stop");
  const stages = samplesByStage(profile);
  const sampled = [...stages.values()].reduce((a, b) => a + b, 0);
  for (const [stage, ms] of [...stages].sort((a, b) => b[1] - a[1]))
    console.log(
      `${stage.padEnd(52)} ${ms.toFixed(0).padStart(6)} ms  ${((100 * ms) / sampled).toFixed(1).padStart(6)} %`,
    );
}
