// The package in the bundlers that people use, with no configuration: their bundles run in Node, and hold nothing that compiles.
import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { app, appResult } from "./app.js";
import { bundlers } from "./bundlers.js";
import { installed, type Project, packTime } from "./project.js";

let project: Project;
beforeAll(() => {
  project = installed();
  project.write({ "main.js": app });
}, packTime);
afterAll(() => project.remove());

/** Whether a folder's scripts have code of the compiler: the names that its large packages go by, and a file that parses programs. */
function compiles(folder: string): boolean {
  const scripts = fs.readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith("js"));
  expect(scripts.length).toBeGreaterThan(0);
  return scripts.some((name) =>
    /binaryen|chevrotain|parseModule/.test(fs.readFileSync(path.join(folder, String(name)), "utf8")),
  );
}

describe.each(bundlers)("$name", ({ name, node }) => {
  it("makes a bundle that fits in Node", async () => {
    const out = project.path("out", name);
    const { code, out: printed, err } = project.run(process.execPath, await node(project.folder, out));
    expect([code, err]).toEqual([0, ""]);
    expect(JSON.parse(printed)).toEqual(appResult);
    expect(compiles(out)).toBe(false);
  });
});

it("would know the compiler if it were there", () => {
  expect(compiles(project.path("node_modules", "bifold", "dist", "tools"))).toBe(true);
});
