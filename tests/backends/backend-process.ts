// The process in which backends run: reads a request from the file that it is given, holds each job on its backends against its
// reference, writes what came of it beside it. It is bundled without the interpreter (`processes.ts`).
import { readFileSync, writeFileSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import { countForks, coverage, deviceBackend } from "./device.js";
import { addTallies, holdAgainst, type Tally } from "./harness.js";
import type { BackendAnswer, BackendRequest } from "./processes.js";
import { specName } from "./specs.js";

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("usage: backend-process FILE");
const { tasks } = deserialize(readFileSync(file)) as BackendRequest;
const tallies = new Map<string, Tally>();
for (const { job, reference, specs } of tasks)
  for (const spec of specs) {
    const tally = await holdAgainst(await deviceBackend(spec), [job], [reference]);
    const before = tallies.get(specName(spec));
    tallies.set(specName(spec), before ? addTallies(before, tally) : tally);
  }
const answer: BackendAnswer = { tallies: [...tallies.values()], coverage, forks: await countForks() };
writeFileSync(`${file}.out`, serialize(answer));
process.exit(0);
