// Which small arrays go into registers, and which stay in memory.
import { describe, expect, it } from "vitest";
import { parseLoopFunction } from "./loop-parse.js";
import { printLoopFunction } from "./loop-print.js";
import { verifyLoopFunction } from "./loop-verify.js";
import { inRegisters } from "./registers.js";

const made = (body: string): string => {
  const f = inRegisters(
    parseLoopFunction(`function "f" {
  scalar size n: i32
  buffer x: param f64
  buffer y: result f64
  body {
    ${body}
  }
}`),
  );
  expect(verifyLoopFunction(f)).toEqual([]);
  return printLoopFunction(f);
};

describe("a small array", () => {
  it("is in registers where every access says which element it means", () => {
    const text = made(`alloc a: scratch f64 length 4
    a[0] = x[0; 2]
    a[2] = x[2; 2]
    for i: i32 in 0 .. n {
      a[0] = a[2; 2]
      y[i] = a[0; 2]
    }`);
    expect(text).toMatch(/local a\.\d+: register f64\[4\]/);
    expect(text).not.toContain("alloc");
  });

  it.each([
    ["an index differs", "a[n] = x[0]"],
    ["widths differ", "a[0] = x[0]\n a[0] = x[0; 2]"],
    ["an access crosses vectors", "a[1] = x[0; 2]"],
    ["another thread reads it", "a[0] = x[0]\n parallel c: i32 in n {\n y[c] = a[0]\n }"],
  ])("stays in memory where %s", (_, body) => {
    const text = made(`alloc a: scratch f64 length 4\n ${body}`);
    expect(text).toContain("alloc a");
    expect(text).not.toContain("register");
  });

  it("stays in memory where it is longer than registers hold", () => {
    expect(made("alloc a: scratch f64 length 64\n a[0] = x[0]")).toContain("alloc a");
  });
});
