// The process in which functions are measured: with relaxed SIMD where its engine was started with it. Arguments: the folder of fixtures,
// the step between f32 patterns, where the answer goes (JSON), and names if only some are wanted.
import { writeFileSync } from "node:fs";
import { CpuDevice, hasRelaxedSimd } from "../../src/runtime/cpu/index.js";
import { caller, compileFunctions, measureAll } from "./measure.js";

const [folder, step, out, ...only] = process.argv.slice(2);
if (folder === undefined || out === undefined) throw new Error("usage: accuracy-process FOLDER STEP OUT [NAMES…]");
const device = await CpuDevice.create({ threads: 1 });
const worst = await measureAll(
  caller(compileFunctions(), device),
  folder,
  Number(step),
  only.length > 0 ? only : undefined,
);
writeFileSync(
  out,
  JSON.stringify({ relaxed: hasRelaxedSimd(), worst }, (_, v: unknown) =>
    typeof v === "number" && !Number.isFinite(v) ? String(v) : v,
  ),
);
process.exit(0);
