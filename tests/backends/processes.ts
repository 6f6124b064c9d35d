// Programs of the tests that run in processes of their own: bundled once, given a request in a file, and read the answer from another.
// The bundle in which backends run must hold nothing of the interpreter: its list of parts is checked before it is used.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deserialize, serialize } from "node:v8";
import { build } from "esbuild";
import type { Tally } from "./harness.js";
import { type BackendSpec, needsRelaxedSimd } from "./specs.js";
import type { Job, Reference, ReferenceRequest, Variant } from "./variants.js";

/** One job, its reference, and where it runs. */
export interface Task {
  readonly job: Job;
  readonly reference: Reference;
  readonly specs: readonly BackendSpec[];
}

export interface BackendRequest {
  readonly tasks: readonly Task[];
}

export interface BackendAnswer {
  readonly tallies: readonly Tally[];
  /** What of the compiler came into play, in programs. */
  readonly coverage: ReadonlyMap<string, number>;
  readonly forks: number;
}

/** The folder above this file that has `tests/backends`: this code may itself be in a bundle. */
function checkout(): string {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    if (existsSync(join(at, "tests/backends"))) return at;
    if (at === dirname(at)) throw new Error("the checkout's tests/backends are not above this file");
  }
}

const root = checkout();
/** In the checkout, so that the standard library and the packages are found from there. */
const scratch = join(root, "node_modules/.cache/bifold-backends");

export interface Bundle {
  readonly file: string;
  /** Every file of the checkout that is in it. */
  readonly parts: readonly string[];
}

const bundles = new Map<string, Promise<Bundle>>();

/** An entry of this folder with all that it imports of the checkout, as one file that Node can run. */
export function bundle(entry: "reference-process" | "backend-process"): Promise<Bundle> {
  const made =
    bundles.get(entry) ??
    (async () => {
      const outfile = join(scratch, `${entry}-${process.pid}.mjs`);
      const { metafile } = await build({
        entryPoints: [join(root, "tests/backends", `${entry}.ts`)],
        bundle: true,
        packages: "external",
        platform: "node",
        format: "esm",
        outfile,
        metafile: true,
        logLevel: "error",
      });
      return { file: outfile, parts: Object.keys(metafile.inputs) };
    })();
  bundles.set(entry, made);
  return made;
}

let requests = 0;

async function ask(program: string, request: unknown, flags: readonly string[]): Promise<unknown> {
  await mkdir(scratch, { recursive: true });
  const file = join(scratch, `request-${process.pid}-${++requests}`);
  try {
    await writeFile(file, serialize(request));
    await new Promise<void>((done, fail) => {
      execFile(process.execPath, [...flags, program, file], { maxBuffer: 1 << 26 }, (error, _, stderr) => {
        if (error) fail(new Error(`${program} failed: ${stderr || error.message}`));
        else done();
      });
    });
    return deserialize(await readFile(`${file}.out`));
  } finally {
    await rm(file, { force: true });
    await rm(`${file}.out`, { force: true });
  }
}

/** One reference for each job. */
export async function computeReferences(
  jobs: readonly Job[],
  variants: readonly Variant[],
): Promise<readonly Reference[]> {
  const request = { jobs, variants } satisfies ReferenceRequest;
  return (await ask((await bundle("reference-process")).file, request, [])) as readonly Reference[];
}

export const isOfInterpreter = (part: string): boolean => /(^|\/)src\/ir\/interpret\//.test(part);

/** What came of each backend. The tasks' backends either all need relaxed SIMD, or none does. */
export async function runBackends(tasks: readonly Task[]): Promise<BackendAnswer> {
  const { file, parts } = await bundle("backend-process");
  const own = parts.filter(isOfInterpreter);
  if (own.length > 0) throw new Error(`the backends' process holds the interpreter: ${own.join(", ")}`);
  const relaxed = tasks.some((t) => t.specs.some(needsRelaxedSimd));
  const flags = relaxed ? ["--experimental-wasm-relaxed-simd"] : [];
  return (await ask(file, { tasks } satisfies BackendRequest, flags)) as BackendAnswer;
}
