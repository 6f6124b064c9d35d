// Builds the package under dist/: the entry points, the kernels of the estimators, the tools that compile (the command line and
// the Vite plugin), and declarations of all of them. Made beside dist/ and put in its place when it is whole.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build as bundle } from "esbuild";
import { writeDeclarations } from "./declarations.mjs";
import { writeLicenses } from "./licenses.mjs";
import { filesIn, newest, root } from "./sources.mjs";

const dist = path.join(root, "dist");
const stamp = path.join(dist, ".built");
export const inputs = [
  "grammar",
  "src",
  "estimators",
  "stdlib",
  "scripts",
  "package.json",
  "tsconfig.json",
  "tsconfig.build.json",
];

/** A family is a folder of estimators with an index: an entry point under scikit-learn's name of the module. */
const families = fs
  .readdirSync(path.join(root, "estimators"))
  .filter((name) => fs.existsSync(path.join(root, "estimators", name, "index.ts")));

const entries = {
  index: "src/index.ts",
  runtime: "src/runtime/index.ts",
  array: "src/array/index.ts",
  ...Object.fromEntries(families.map((name) => [name, `estimators/${name}/index.ts`])),
};
const tools = { vite: "src/plugin/package.ts", "cli/main": "src/cli/package.ts" };

/** Where `.fold` files are, and the folder under kernels/ that what is made of them goes to. */
const kernelRoots = [
  ["estimators", ""],
  ["src/array", "array"],
];

/** Where the kernels of a `.fold` file (a path from the checkout) lie under kernels/. */
function builtPlace(file) {
  const [from, to] = kernelRoots.find(([folder]) => file.startsWith(`${folder}/`));
  return path.posix.join(to, path.posix.relative(from, file));
}

/** Imports of `.fold` files become imports of the built kernels. */
const builtKernels = {
  name: "built-kernels",
  setup({ onResolve }) {
    onResolve({ filter: /\.fold$/ }, ({ path: name, resolveDir }) => {
      const file = path.relative(root, path.resolve(resolveDir, name)).split(path.sep).join("/");
      return { path: `./kernels/${builtPlace(file)}.js`, external: true };
    });
  },
};

const common = { absWorkingDir: root, bundle: true, format: "esm", target: "es2022", logLevel: "warning" };

/** What runs: no dependencies, nothing of the compiler, and the parts of one device in files that the other does not load. */
const bundleLibrary = (out) =>
  bundle({
    ...common,
    entryPoints: entries,
    outdir: out,
    splitting: true,
    platform: "neutral",
    plugins: [builtKernels],
  });

/** What compiles. binaryen and chevrotain stay outside: they are large, and peers of the package. */
async function bundleTools(out) {
  const { metafile } = await bundle({
    ...common,
    entryPoints: tools,
    outdir: out,
    splitting: true,
    chunkNames: "tools/[name]-[hash]",
    platform: "node",
    target: "node20",
    external: ["binaryen", "chevrotain", "webgpu"],
    // Of packages that are CommonJS.
    banner: {
      js: 'import { createRequire as $createRequire } from "node:module"; const require = $createRequire(import.meta.url);',
    },
    metafile: true,
  });
  writeLicenses(metafile, path.join(out, "tools", "LICENSES.txt"));
}

/** The compiler as this build uses it: `bifold build`, and the declarations beside sources that the type checker asks for. */
async function compiler(folder) {
  const outfile = path.join(folder, "compiler.mjs");
  await bundle({
    ...common,
    stdin: {
      contents: `export { build } from "./src/cli/build.ts"; export { Programs } from "./src/plugin/programs.ts"; export { writeTypes } from "./src/plugin/types.ts";`,
      resolveDir: root,
    },
    outfile,
    platform: "node",
    packages: "external",
  });
  return import(pathToFileURL(outfile).href);
}

/** The kernels of every `.fold` file, at their place under kernels/. */
async function buildKernels(folder, { build, Programs, writeTypes }) {
  const programs = new Programs();
  for (const name of foldFiles()) {
    const file = path.join(root, name);
    const { program } = programs.open(file, root);
    if (program) writeTypes(file, program, "bifold/runtime");
    const out = path.join(folder, "kernels", path.posix.dirname(builtPlace(name)));
    if ((await build([name], { out, runtime: "../../runtime.js" })) !== 0) throw new Error(`${name} was not built`);
  }
}

const foldFiles = () =>
  kernelRoots
    .flatMap(([folder]) => filesIn(path.join(root, folder)))
    .filter((name) => name.endsWith(".fold"))
    .map((name) => path.relative(root, name).split(path.sep).join("/"));

/** Fails where an entry point can't be loaded: imports of kernels are not looked at before. */
function loadEntries(out) {
  const urls = Object.keys(entries).map((name) => pathToFileURL(path.join(out, `${name}.js`)).href);
  const loads = urls.map((url) => `await import(${JSON.stringify(url)});`).join("\n");
  execFileSync(process.execPath, ["--input-type=module", "--eval", loads], { stdio: ["ignore", "ignore", "inherit"] });
}

/** Builds the package. */
export async function buildPackage() {
  const made = newest(inputs);
  const cache = path.join(root, "node_modules", ".cache", "bifold");
  fs.mkdirSync(cache, { recursive: true });
  const folder = fs.mkdtempSync(path.join(cache, "package-"));
  const out = path.join(folder, "dist");
  try {
    process.chdir(root);
    await Promise.all([bundleLibrary(out), bundleTools(out)]);
    await buildKernels(out, await compiler(folder));
    writeDeclarations({ ...entries, vite: "src/plugin/vite.ts" }, out);
    loadEntries(out);
    fs.writeFileSync(path.join(out, ".built"), String(made));
    fs.rmSync(dist, { recursive: true, force: true });
    fs.renameSync(out, dist);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Builds the package unless dist/ is of the sources as they are. */
export async function ensurePackage() {
  if (fs.existsSync(stamp) && Number(fs.readFileSync(stamp, "utf8")) >= newest(inputs)) return;
  await buildPackage();
}

if (process.argv[1] === import.meta.filename) await buildPackage();
