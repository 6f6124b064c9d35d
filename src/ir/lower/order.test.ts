// The first failure of the source is the one told, wherever the statements of an inlined call stand.
import { describe, expect, it } from "vitest";
import { optimise, precisions, toNests } from "../../compile.js";
import { exportsOf, loadProgram } from "../../compiler/load.js";
import { printKernel } from "../nest-print.js";

function nests(source: string): string {
  const { program } = loadProgram("order.fold", (path) => (path === "order.fold" ? source : undefined));
  const [def] = program ? exportsOf(program) : [];
  if (!program || !def) throw new Error("the program is not accepted");
  return printKernel(optimise(toNests(program, def, "wasm", precisions.float32), "wasm"));
}

const ahead = (text: string, first: string, second: string): boolean => {
  const [a, b] = [text.indexOf(first), text.indexOf(second)];
  return a >= 0 && b >= 0 && a < b;
};

describe("what may fail on the left of a call that is inlined", () => {
  it.each([
    "A[g[i]] * tanh(B[g[i]])",
    "max(A[g[i]], tanh(B[g[i]]))",
    "half(A[g[i]], tanh(B[g[i]]))",
    "(if A[g[i]] > 0 then 1 else 2) + tanh(B[g[i]])",
  ])("%s", (value) => {
    const text = nests(`
fn half(a: real, b: real) -> real { return (a + b) / 2 }
export fn run(A: real[n], B: real[m], g: i32[k]) -> real[k] {
  let y[i] = ${value}
  return y
}
`);
    expect(ahead(text, "A.0[g", "B.1[g"), text).toBe(true);
  });
  it("to the power of zero", () => {
    const text = nests(`
export fn run(A: real[n], g: i32[k]) -> real[k] {
  let y[i] = A[g[i]] ^ 0
  return y
}
`);
    expect(text).toContain("A.0[g.1[");
  });
  it("and on the left of a divisor", () => {
    const text = nests(`
export fn run(A: i32[n], b: i32, g: i32[k]) -> i32[k] {
  let y[i] = A[g[i]] div (b + i)
  return y
}
`);
    const [, body = ""] = text.split("body {");
    expect(ahead(body, "A.0[g", "require"), text).toBe(true);
  });
});
