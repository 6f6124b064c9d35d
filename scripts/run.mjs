// Runs a TypeScript program of the checkout: `node scripts/run.mjs FILE ARGUMENTS…`.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { build } from "esbuild";
import { root } from "./sources.mjs";

const [file, ...args] = process.argv.slice(2);
const outfile = path.join(root, "node_modules", ".cache", `bifold-run-${process.pid}.mjs`);
await build({
  absWorkingDir: root,
  entryPoints: [file],
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  // What looks for files of the checkout beside itself finds them from where it was written.
  define: { "import.meta.url": JSON.stringify(`file://${path.join(root, file)}`) },
  outfile,
  logLevel: "error",
});
process.exit(spawnSync(process.execPath, [outfile, ...args], { stdio: "inherit", cwd: root }).status ?? 1);
