// Whole programs of many kinds, each with its own tests, on the interpreter and on the CPU in both precisions.
import fs from "node:fs";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { test as runTests } from "../../src/cli/test.js";

const folder = path.join(import.meta.dirname, "programs");
const files = fs.readdirSync(folder).filter((name) => name.endsWith(".fold"));

afterEach(() => {
  vi.restoreAllMocks();
});

test.each(files)("%s", async (name) => {
  let said = "";
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((text) => {
      said += String(text);
      return true;
    });
  const codes = [];
  for (const backend of ["interpreter", "cpu"] as const) codes.push(await runTests([path.join(folder, name)], backend));
  // What was printed is shown where a test fails.
  expect({ codes, failed: said.includes("FAIL") ? said : "" }).toEqual({ codes: [0, 0], failed: "" });
  expect(said).toMatch(/ pass {2}interpreter .* pass {2}cpu float64 .* pass {2}cpu float32 /s);
});
