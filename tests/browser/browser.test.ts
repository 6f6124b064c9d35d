// The package in a real browser: from a plain page, with threads and without, and from what bundlers make of it.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { app, appResult, ridgeApp } from "../package/app.js";
import { bundlers } from "../package/bundlers.js";
import { installed, type Project, packTime } from "../package/project.js";
import { launch } from "./chromium.js";
import { plainPage, plainResult } from "./page.js";
import { isolating, type Sent, StaticServer } from "./server.js";

let project: Project;
let browser: Browser;
beforeAll(async () => {
  project = installed();
  project.write({ "plain.html": plainPage, "main.js": app });
  browser = await launch();
}, packTime);
afterAll(async () => {
  await browser?.close();
  project?.remove();
});

/** What `fitted` on the page turns into, and what was fetched for it. Anything that the page complains of fails. */
async function open(
  name: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly result: unknown; readonly sent: readonly Sent[] }> {
  const server = await StaticServer.of(project.folder, headers);
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  try {
    await page.goto(server.url(name));
    const result = await page.evaluate("globalThis.fitted");
    expect(complaints).toEqual([]);
    return { result, sent: server.sent };
  } finally {
    await page.close();
    await server.close();
  }
}

describe("a plain page", () => {
  it("fits with threads where it is isolated", async () => {
    expect((await open("plain.html", isolating)).result).toEqual(plainResult(true, "2 threads"));
  });

  it("fits on one thread where it is not", async () => {
    expect((await open("plain.html")).result).toEqual(plainResult(false, "1 thread"));
  });

  it("fits on one thread where a policy forbids workers", async () => {
    const policy = "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'none'";
    const { result } = await open("plain.html", { ...isolating, "Content-Security-Policy": policy });
    expect(result).toEqual(plainResult(true, "1 thread"));
  });
});

describe.each(bundlers)("a page of $name", ({ name, web }) => {
  it("fits", async () => {
    await web(project.folder, project.path("pages", name));
    expect((await open(`pages/${name}/index.html`)).result).toEqual(appResult);
  });
});

/** What the project has promised: all that a browser fetches to fit Ridge once, on the CPU in single precision. */
const promisedBytes = 40 * 1024;

it("fetches little to fit Ridge once", async () => {
  const [esbuild] = bundlers;
  project.write({ "main.js": ridgeApp });
  await esbuild?.web(project.folder, project.path("small"));
  const { sent } = await open("small/index.html");
  const scripts = sent.filter(({ name }) => name.endsWith(".js"));
  const total = scripts.reduce((bytes, s) => bytes + s.bytes, 0);
  console.log(`to fit Ridge once a browser fetches ${(total / 1024).toFixed(1)} KB in ${scripts.length} files (gzip):`);
  for (const { name, bytes } of scripts) console.log(`  ${String(bytes).padStart(6)}  ${name}`);
  expect(scripts.some(({ name }) => name.includes("wasm-float32"))).toBe(true);
  expect(scripts.some(({ name }) => /float64|wgsl/.test(name))).toBe(false);
  expect(total).toBeLessThanOrEqual(promisedBytes);
});
