// Expected values, computed by the interpreter in a process of its own: where the backends are tested, the interpreter can't be imported.
import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deserialize, serialize } from "node:v8";
import { build } from "esbuild";
import type { Job, Reference, ReferenceRequest, Variant } from "./variants.js";

const here = dirname(fileURLToPath(import.meta.url));
/** In the checkout, so that the standard library is found from there. */
const scratch = join(here, "../../node_modules/.cache/bifold-references");

let bundle: Promise<string> | undefined;

/** The interpreter and the front end as one file that Node can run. */
function bundled(): Promise<string> {
  bundle ??= (async () => {
    const outfile = join(scratch, `reference-${process.pid}.mjs`);
    await build({
      entryPoints: [join(here, "reference-process.ts")],
      bundle: true,
      platform: "node",
      format: "esm",
      outfile,
      logLevel: "error",
    });
    return outfile;
  })();
  return bundle;
}

let requests = 0;

/** One reference for each job. */
export async function computeReferences(
  jobs: readonly Job[],
  variants: readonly Variant[],
): Promise<readonly Reference[]> {
  await mkdir(scratch, { recursive: true });
  const program = await bundled();
  const file = join(scratch, `request-${process.pid}-${++requests}`);
  try {
    await writeFile(file, serialize({ jobs, variants } satisfies ReferenceRequest));
    await new Promise<void>((done, fail) => {
      execFile(process.execPath, [program, file], { maxBuffer: 1 << 26 }, (error, _, stderr) => {
        if (error) fail(new Error(`the reference process failed: ${stderr || error.message}`));
        else done();
      });
    });
    return deserialize(await readFile(`${file}.out`)) as readonly Reference[];
  } finally {
    await rm(file, { force: true });
    await rm(`${file}.out`, { force: true });
  }
}
