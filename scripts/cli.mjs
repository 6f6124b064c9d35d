// Bundles the command line: one file a command loads several times faster than the hundreds of modules that it is made of.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const folders = ["grammar", "src"];
const cache = path.join(root, "node_modules", ".cache", "bifold");

/** What the newest source's time is, folders included: removing a file changes its folder. */
function newest() {
  let last = fs.statSync(fileURLToPath(import.meta.url)).mtimeMs;
  const visit = (folder) => {
    last = Math.max(last, fs.statSync(folder).mtimeMs);
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const name = path.join(folder, entry.name);
      if (entry.isDirectory()) visit(name);
      else if (name.endsWith(".ts") && !name.endsWith(".test.ts")) last = Math.max(last, fs.statSync(name).mtimeMs);
    }
  };
  for (const folder of folders) visit(path.join(root, folder));
  return last;
}

/** Writes the bundle into the folder `out`: `main.js`, and a chunk for each command that is loaded when it is called. */
export async function bundleCli(out) {
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: root,
    entryPoints: ["src/cli/main.ts"],
    outdir: out,
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // binaryen is large and needed for WASM alone; webgpu is native code.
    external: ["binaryen", "webgpu"],
    // Of packages that are CommonJS.
    banner: {
      js: 'import { createRequire as $createRequire } from "node:module"; const require = $createRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
}

/** The bundle's `main.js` as the sources are now, made where it is not there. A folder for each state: whoever runs an older one keeps it. */
export async function currentCli() {
  const folder = path.join(cache, Math.round(newest()).toString(36));
  const main = path.join(folder, "main.js");
  if (fs.existsSync(main)) return main;
  const made = `${folder}.${process.pid}`;
  await bundleCli(made);
  try {
    fs.renameSync(made, folder);
  } catch {
    // Another process was faster, and made the same.
    fs.rmSync(made, { recursive: true, force: true });
  }
  removeOld(folder);
  return main;
}

const hour = 3_600_000;

function removeOld(current) {
  for (const name of fs.readdirSync(cache)) {
    const folder = path.join(cache, name);
    const made = fs.statSync(folder, { throwIfNoEntry: false });
    if (folder !== current && made && Date.now() - made.mtimeMs > hour)
      fs.rmSync(folder, { recursive: true, force: true });
  }
}
