// Bundlers as a user without a configuration has them: told what to bundle and where to, and, in Node's case, that it is for Node.
import fs from "node:fs";
import path from "node:path";
import * as esbuild from "esbuild";
import * as vite from "vite";
import webpack from "webpack";

export interface Bundler {
  readonly name: string;
  /** Bundles `main.js` of the folder for Node; gives the file to run. */
  node(folder: string, out: string): Promise<string>;
  /** Bundles it for browsers; the page is `index.html` in `out`. */
  web(folder: string, out: string): Promise<void>;
}

const page = (script: string): string => `<!doctype html><meta charset="utf-8"><title>page</title>${script}`;

const runWebpack = (folder: string, out: string, target: "node" | "web"): Promise<void> =>
  new Promise((resolve, reject) =>
    webpack(
      { context: folder, entry: "./main.js", mode: "production", output: { path: out }, target },
      (error, stats) =>
        error ? reject(error) : stats?.hasErrors() ? reject(new Error(stats.toString("errors-only"))) : resolve(),
    ),
  );

const runEsbuild = (folder: string, out: string, platform: "node" | "browser"): Promise<unknown> =>
  esbuild.build({
    absWorkingDir: folder,
    entryPoints: ["main.js"],
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    outdir: out,
    platform,
  });

export const bundlers: readonly Bundler[] = [
  {
    name: "esbuild",
    async node(folder, out) {
      await runEsbuild(folder, out, "node");
      return path.join(out, "main.js");
    },
    async web(folder, out) {
      await runEsbuild(folder, out, "browser");
      fs.writeFileSync(path.join(out, "index.html"), page('<script type="module" src="./main.js"></script>'));
    },
  },
  {
    name: "webpack",
    async node(folder, out) {
      await runWebpack(folder, out, "node");
      // A bundle for Node is CommonJS.
      fs.writeFileSync(path.join(out, "package.json"), '{ "type": "commonjs" }\n');
      return path.join(out, "main.js");
    },
    async web(folder, out) {
      await runWebpack(folder, out, "web");
      fs.writeFileSync(path.join(out, "index.html"), page('<script defer src="./main.js"></script>'));
    },
  },
  {
    name: "vite",
    async node(folder, out) {
      await vite.build({
        root: folder,
        logLevel: "error",
        build: { ssr: "main.js", outDir: out, emptyOutDir: true },
        ssr: { noExternal: true },
      });
      return path.join(out, "main.js");
    },
    async web(folder, out) {
      fs.writeFileSync(path.join(folder, "index.html"), page('<script type="module" src="/main.js"></script>'));
      await vite.build({ root: folder, base: "./", logLevel: "error", build: { outDir: out, emptyOutDir: true } });
    },
  },
];
