// The package as npm packs it, installed into an empty project: it fits, it is typed, it starts quickly, and it says what is missing.
import fs from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compilerPeers } from "../../src/peers.js";
import { app, appResult } from "./app.js";
import { installed, type Project, packTime } from "./project.js";

const manifest = JSON.parse(fs.readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

let project: Project;
beforeAll(() => {
  project = installed();
}, packTime);
afterAll(() => project.remove());

it("has an entry point for every family of estimators", () => {
  const folder = new URL("../../estimators/", import.meta.url);
  const families = fs.readdirSync(folder).filter((name) => fs.existsSync(new URL(`${name}/index.ts`, folder)));
  expect(families.length).toBeGreaterThan(0);
  for (const name of families) expect(manifest.exports[`./${name}`]).toBe(`./dist/${name}.js`);
});

it("needs nothing else to fit in Node", () => {
  expect(manifest.dependencies).toBeUndefined();
  expect(fs.readdirSync(project.path("node_modules")).filter((name) => !name.startsWith("."))).toEqual(["bifold"]);
  project.write({ "fit.js": app });
  const { code, out, err } = project.run(process.execPath, "fit.js");
  expect([code, err]).toEqual([0, ""]);
  expect(JSON.parse(out)).toEqual(appResult);
});

it("loads in less than 50 ms", () => {
  const timed = "const start = performance.now(); await import('bifold'); console.log(performance.now() - start);";
  // The best of several: how long it takes when nothing else is in the way.
  const times = Array.from({ length: 5 }, () => {
    const { out } = project.run(process.execPath, "--input-type=module", "--eval", timed);
    return Number(out);
  });
  expect(Math.min(...times)).toBeLessThan(50);
});

describe("types", () => {
  const program = `
    import { asarray, BifoldError, device, type NDArray } from "bifold";
    import { KMeans } from "bifold/cluster";
    import { ridgeFit } from "bifold/kernels/linear_model/ridge.fold";
    import { LinearRegression, Ridge } from "bifold/linear_model";
    import { meanSquaredError, r2Score } from "bifold/metrics";
    import { StandardScaler } from "bifold/preprocessing";
    import { bind } from "bifold/runtime";
    import fold from "bifold/vite";

    using X: NDArray = await asarray([[0], [1]], { device: await device("cpu") });
    const model = await new Ridge({ alpha: 1 }).fit(X, [1, 3]);
    const score: number = await model.score(X, [1, 3]);
    const { coef } = await ridgeFit(X, [[1], [3]], [1], true);
    const shape: readonly number[] = coef.shape;
    export { bind, BifoldError, fold, KMeans, LinearRegression, meanSquaredError, r2Score, score, shape, StandardScaler };
  `;
  const config = (module: string, resolution: string) =>
    JSON.stringify({
      compilerOptions: {
        module,
        moduleResolution: resolution,
        target: "es2022",
        strict: true,
        noEmit: true,
        types: [],
      },
      files: ["program.ts"],
    });

  it.each([
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ])("hold with module %s", (module, resolution) => {
    project.write({ "program.ts": program, "tsconfig.json": config(module, resolution) });
    expect(project.run(process.execPath, tsc)).toMatchObject({ code: 0, out: "" });
  });

  it("refuse what does not fit", () => {
    project.write({
      "program.ts": 'import { Ridge } from "bifold/linear_model";\nexport const model = new Ridge({ alpha: "1" });\n',
      "tsconfig.json": config("nodenext", "nodenext"),
    });
    expect(project.run(process.execPath, tsc).out).toContain("program.ts(2,34): error TS2322");
  });
});

const tsc = new URL("../../node_modules/typescript/bin/tsc", import.meta.url).pathname;

describe("compiling", () => {
  const double = "## Twice.\nexport fn double(x: real[n]) -> real[n] {\n  let y[i] = 2 * x[i]\n  return y\n}\n";
  const missing = /needs the package \w+, which is not installed: npm install --save-dev binaryen@\d+ chevrotain@\d+/;

  it("is said to need two packages that the package allows", () => {
    for (const [name, range] of Object.entries(compilerPeers)) {
      expect(manifest.peerDependencies[name]).toBe(range);
      expect(manifest.peerDependenciesMeta[name]).toEqual({ optional: true });
    }
  });

  it("says what to install where they are missing", () => {
    project.write({ "double.fold": double, "plugin.js": 'await import("bifold/vite");\n' });
    const command = project.run("npx", "--no-install", "bifold", "build", "double.fold", "--out", "built");
    expect(command.code).toBe(1);
    expect(command.err).toMatch(missing);
    expect(project.run(process.execPath, "plugin.js").err).toMatch(missing);
  });

  it("works with them: by the command line, and in a build by Vite", () => {
    const own = installed();
    try {
      own.link("binaryen", "chevrotain", "vite");
      const call = "double([1, 2]).then(async (y) => console.log(JSON.stringify(await y.toArray())));\n";
      own.write({
        "double.fold": double,
        "by-command.js": `import { double } from "./built/double.fold.js";\n${call}`,
        "main.js": `import { double } from "./double.fold";\n${call}`,
        "vite.config.js":
          'import fold from "bifold/vite";\nexport default { plugins: [fold()], ssr: { noExternal: true } };\n',
      });
      expect(own.run("npx", "--no-install", "bifold", "build", "double.fold", "--out", "built").code).toBe(0);
      expect(own.run(process.execPath, "by-command.js").out).toBe("[2,4]\n");
      expect(own.run(process.execPath, "node_modules/vite/bin/vite.js", "build", "--ssr", "main.js").code).toBe(0);
      expect(own.run(process.execPath, "dist/main.js").out).toBe("[2,4]\n");
    } finally {
      own.remove();
    }
  });
});
