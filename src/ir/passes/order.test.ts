// Writes stand in the way: what was read before a write is not read after it, by fusion or in place.
import { describe, expect, it } from "vitest";
import { evaluateKernel } from "../nest-evaluate.js";
import { parseKernel } from "../nest-parse.js";
import { runPasses } from "../pipeline.js";
import { addSecondBuffers } from "./second-buffer.js";

const kernelOf = (body: string, result: string) =>
  parseKernel(`kernel "f" real f32 wide f64 {
    size n
    param x: f32[n]
    body { ${body} }
    result "" = array ${result}
  }`);
const args = { sizes: [5], scalars: [], arrays: [[1, -2, 3, -4, 5]] };

describe("fusion", () => {
  it.each([
    ["a nest", "assign i in 0..n: a[i] = a[i] + 1f"],
    ["an element", "a[2] = 100f"],
    ["a loop", "for k in 0..n { a[k] = 0f }"],
    ["a branch", "if n > 3 { assign i in 0..n: a[i] = 7f }"],
  ])("does not carry a read over %s that writes", (_, write) => {
    const kernel = kernelOf(
      `define i in 0..n: var a: f32[n] = x[i]
       define i in 0..n: b: f32[n] = a[i] * 2f
       ${write}
       define i in 0..n: result c: f32[n] = b[i] + a[i]`,
      "c",
    );
    const expected = evaluateKernel(kernel, args);
    expect(expected.kind).toBe("results");
    expect(evaluateKernel(runPasses(kernel, { fusion: true, target: "wasm" }), args, true)).toEqual(expected);
  });
});

describe("a nest that reads what its other points write", () => {
  it.each([
    ["in its values", "assign i in 0..n: a[i] = a[n - 1 - i] * 2f"],
    ["in its condition", "assign i in 0..n where a[n - 1 - i] > 0f: a[i] = a[i] - 10f"],
  ])("%s, reads the old values", (_, nest) => {
    const kernel = kernelOf(
      `define i in 0..n: var a: f32[n] = x[i]
       ${nest}
       define i in 0..n: result c: f32[n] = a[i]`,
      "c",
    );
    const expected = evaluateKernel(kernel, args);
    expect(expected.kind).toBe("results");
    expect(evaluateKernel(addSecondBuffers(kernel), args, true)).toEqual(expected);
    // The case shows something: in place and in order it would come out differently.
    expect(evaluateKernel(kernel, args, true)).not.toEqual(expected);
  });
});
