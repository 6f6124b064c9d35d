// The scalar functions on WASM against exact values: f64 at the fixtures' points, f32 at every 1009th bit pattern, with and without
// relaxed SIMD. Prints the table that docs/numerics.md holds.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { builtins } from "../../src/compiler/builtins.js";
import { accuracyOf } from "../../src/ir/interpret/ulp.js";
import { measuredFunctions } from "./functions.js";
import { type Measurement, measureInProcess } from "./processes.js";
import { figuresOf, tableOf } from "./table.js";

let plain: Measurement;
let relaxed: Measurement;

beforeAll(async () => {
  [plain, relaxed] = await Promise.all([
    measureInProcess("plain", [], 1009),
    measureInProcess("relaxed", ["--experimental-wasm-relaxed-simd"], 1009),
  ]);
  console.log(tableOf([plain, relaxed]));
});

describe.each([
  { name: "baseline SIMD", of: () => plain },
  { name: "relaxed SIMD", of: () => relaxed },
])("$name", ({ name, of }) => {
  test.each(measuredFunctions)("$name is as good as promised", ({ name: fn, ulps }) => {
    const found = of().worst.filter((w) => w.name === fn);
    expect(found.map((w) => w.dtype).sort()).toEqual(["float32", "float64"]);
    for (const w of found) {
      expect(w.points, `${fn}, ${w.dtype}`).toBeGreaterThan(w.dtype === "float32" ? 1_000_000 : 500);
      expect(w.ulps, `${fn}, ${w.dtype}, at ${w.at.join(", ")}: ${w.found} for ${w.exact}`).toBeLessThanOrEqual(ulps);
    }
  });

  test("it is the build that was meant", () => {
    expect(of().relaxed).toBe(name === "relaxed SIMD");
  });
});

test("the interpreter's bounds rest on these promises", () => {
  for (const { name, ulps } of measuredFunctions)
    if (builtins.has(name))
      for (const single of [true, false]) expect(accuracyOf("wasm", name, 1, single).ulps, name).toBe(ulps);
});

test("docs/numerics.md has no smaller figures", () => {
  const written = figuresOf(readFileSync(new URL("../../docs/numerics.md", import.meta.url), "utf8"));
  const measured = figuresOf(tableOf([plain, relaxed]));
  expect([...written.keys()]).toEqual([...measured.keys()]);
  // Baseline SIMD computes the same everywhere; how relaxed SIMD rounds is the machine's choice.
  for (const [name, [single, double]] of measured) {
    expect(written.get(name)?.[0], `${name}, f32`).toBeGreaterThanOrEqual(single ?? 0);
    expect(written.get(name)?.[1], `${name}, f64`).toBeGreaterThanOrEqual(double ?? 0);
  }
});
