// Runs programs of the checkout as a user's would run: against the built package, which is built where it is old.
// `node scripts/packaged.mjs NAME FILE… [-- ARGUMENTS…]` bundles the files into out/NAME and runs the first.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { ensurePackage } from "./build.mjs";
import { root } from "./sources.mjs";

const split = process.argv.indexOf("--");
const end = split < 0 ? process.argv.length : split;
const [name, ...files] = process.argv.slice(2, end);
const args = process.argv.slice(end + 1);
process.chdir(root);
await ensurePackage();
// Beside the sources, not in node_modules: there `bifold` would not be this package.
const out = path.join(root, "out", name);
await build({
  entryPoints: files,
  outdir: out,
  entryNames: "[name]",
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  plugins: [{ name: "packages", setup: keepPackages }],
  // The checkout's own, for the type checker, would take `bifold` for the sources.
  tsconfigRaw: {},
  logLevel: "warning",
});
/** Packages are left to Node, which finds this checkout's by itself; those of the bench it is told where they lie. */
function keepPackages(build) {
  const bench = path.join(root, "bench");
  build.onResolve({ filter: /^[^./]/ }, async ({ path: name, kind, pluginData }) => {
    if (pluginData === keepPackages || kind === "entry-point") return undefined;
    const own = name.split("/", name.startsWith("@") ? 2 : 1).join("/");
    if (!existsSync(path.join(bench, "node_modules", own))) return { path: name, external: true };
    const found = await build.resolve(name, { resolveDir: bench, kind, pluginData: keepPackages });
    return { path: pathToFileURL(found.path).href, external: true };
  });
}
const main = path.join(out, `${path.basename(files[0], ".ts")}.js`);
// A process of its own: the build's memory is not the program's.
process.exit(spawnSync(process.execPath, [main, ...args], { stdio: "inherit" }).status ?? 1);
