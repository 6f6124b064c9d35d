// Runs the measuring process with an engine's flags, and gives what it found.
import { execFile } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Worst } from "./measure.js";

const here = dirname(fileURLToPath(import.meta.url));
export const fixtures = join(here, "fixtures");
/** In the checkout, so that the standard library and the packages are found from there. */
const scratch = join(here, "../../node_modules/.cache/bifold-accuracy");

export interface Measurement {
  readonly relaxed: boolean;
  readonly worst: readonly Worst[];
}

/** What JSON can't hold is written as text. */
const revive = (_: string, v: unknown): unknown =>
  v === "NaN" || v === "Infinity" || v === "-Infinity" ? Number(v) : v;

export async function measureInProcess(name: string, flags: readonly string[], step: number): Promise<Measurement> {
  await mkdir(scratch, { recursive: true });
  const program = join(scratch, `${name}-${process.pid}.mjs`);
  const out = `${program}.json`;
  try {
    await build({
      entryPoints: [join(here, "accuracy-process.ts")],
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      outfile: program,
      logLevel: "error",
    });
    await new Promise<void>((done, fail) => {
      execFile(process.execPath, [...flags, program, fixtures, String(step), out], (error, _, stderr) => {
        if (error) fail(new Error(stderr || error.message));
        else done();
      });
    });
    return JSON.parse(await readFile(out, "utf8"), revive) as Measurement;
  } finally {
    await rm(program, { force: true });
    await rm(out, { force: true });
  }
}
