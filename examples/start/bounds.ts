// How far rounding may put a backend's results from the exact ones: running error bounds of the reference interpreter. Runs as a worker.
import fs from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { loadProgram } from "../../src/compiler/load.js";
import { interpretWithBounds } from "../../src/ir/interpret/index.js";
import { isHostArray, type RealDtype } from "../../src/ir/interpret/value.js";

/** A function of `bounds.fold`, its arguments, and whose arithmetic the bounds are for. */
export interface BoundsOf {
  readonly name: string;
  readonly args: readonly { readonly data: ArrayLike<number>; readonly shape: readonly number[] }[];
  readonly real: RealDtype;
  readonly target: "wasm" | "wgsl";
}

const file = "examples/start/bounds.fold";

/** A bound for every number of the result. */
function boundsOf({ name, args, real, target }: BoundsOf): ArrayLike<number> {
  const { program } = loadProgram(file, (path) => (fs.existsSync(path) ? fs.readFileSync(path, "utf8") : undefined));
  const def = program?.functions.find((f) => f.name === name && f.at.file === file);
  if (!program || !def) throw new Error(`${file} has no function ${name}`);
  const values = args.map(({ data, shape }) => ({ data: Float64Array.from(data), shape }));
  const outcome = interpretWithBounds(program, def, values, { real, target });
  if (!("bounds" in outcome) || !isHostArray(outcome.bounds)) throw new Error(`${name} can't be bounded`);
  return outcome.bounds.data;
}

parentPort?.postMessage(boundsOf(workerData as BoundsOf));
