// `npm start`: builds the package where it is old, and runs the example in examples/start with it, as a user's program would.
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { ensurePackage } from "./build.mjs";
import { root } from "./sources.mjs";

process.chdir(root);
await ensurePackage();
// Beside the sources, not in node_modules: there `bifold` would not be this package.
const out = path.join(root, "out", "start");
await build({
  entryPoints: ["examples/start/main.ts", "examples/start/bounds.ts"],
  outdir: out,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  // The checkout's own, for the type checker, would take `bifold` for the sources.
  tsconfigRaw: {},
  logLevel: "warning",
});
await import(pathToFileURL(path.join(out, "main.js")).href);
