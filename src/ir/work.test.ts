// Work that is counted: products, triangles, and arrays that are touched.
import { describe, expect, it } from "vitest";
import { optimise, precisions, toNests } from "../compile.js";
import { exportsOf, loadProgram } from "../compiler/load.js";
import { known, workOf } from "./work.js";

function workIn(source: string, sizes: readonly number[]) {
  const { program } = loadProgram("work.fold", (path) => (path === "work.fold" ? source : undefined));
  const [def] = program ? exportsOf(program) : [];
  if (!program || !def) throw new Error("the program is not accepted");
  const kernel = optimise(toNests(program, def, "wasm", precisions.float64), "wasm");
  const names = known(kernel, sizes, []);
  return kernel.body.map((s) => workOf(s, names));
}

describe("the work of", () => {
  it("a matrix product is two operations a term, and its three matrices", () => {
    expect(workIn("export fn f(A: real[n, m], B: real[m, p]) -> real[n, p] { return A @ B }", [7, 11, 13])).toEqual([
      { flops: 2 * 7 * 11 * 13, bytes: 8 * (7 * 11 + 11 * 13 + 7 * 13) },
    ]);
  });
  it("a triangle is half of its square", () => {
    const source = `
export fn f(x: real[n]) -> real[n] {
  let y[i in 0..n] = sum[k in 0..i + 1](x[k])
  return y
}`;
    expect(workIn(source, [10])).toEqual([{ flops: 55, bytes: 8 * 20 }]);
  });
});
