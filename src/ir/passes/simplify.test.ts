import { describe, expect, it } from "vitest";
import { parseKernel } from "../nest-parse.js";
import { printKernel } from "../nest-print.js";
import { simplify } from "./simplify.js";

/** The text of an expression over `x: f32`, `i: i32` and `c: bool` after the pass. */
function simplified(text: string, type: "f32" | "i32" | "u32" | "bool"): string {
  const kernel = parseKernel(`kernel "f" real f32 wide f64 {
    size n
    scalar x: f32
    scalar i: i32
    scalar c: bool
    param a: f32[n]
    check index "out of range"
    body { let r: ${type} = ${text} }
    result "" = r
  }`);
  const line = printKernel(simplify(kernel), { plain: true })
    .split("\n")
    .find((l) => l.includes("let r"));
  return line?.split(" = ").slice(1).join(" = ") ?? "";
}

describe("simplify", () => {
  it.each([
    ["1f / 3f", "f32", `${Math.fround(1 / 3)}f`],
    ["2147483647 + 1", "i32", "-2147483648"],
    ["65537 * 65537", "i32", "131073"],
    ["3u - 4u", "u32", "4294967295u"],
    ["-7 div 2", "i32", "-4"],
    ["-7 % 2", "i32", "1"],
    ["7 div 0", "i32", "7 div 0"],
    ["round(-2.5f)", "f32", "-2f"],
    ["i32(1e20f)", "i32", "2147483647"],
    ["i32(nan_f32)", "i32", "0"],
    ["exp(0f)", "f32", "exp(0f)"],
  ] as const)("folds %s", (text, type, result) => expect(simplified(text, type)).toBe(result));

  it.each([
    ["x * 1f", "f32", "x"],
    ["x - 0f", "f32", "x"],
    ["x + 0f", "f32", "x + 0f"],
    ["x * 0f", "f32", "x * 0f"],
    ["--x", "f32", "x"],
    ["i * 0", "i32", "0"],
    ["i32(a[i ?0]) * 0", "i32", "i32(a[i ?0]) * 0"],
    ["n + i - n", "i32", "i"],
    ["(n + 1) - 1 < n", "bool", "false"],
    ["i + 1 < i + 2", "bool", "i + 1 < i + 2"],
    ["i + 1 == i + 2", "bool", "false"],
    ["not (i < n)", "bool", "i >= n"],
    ["not (x < 1f)", "bool", "not x < 1f"],
    ["c and false", "bool", "false"],
    ["if true then x else a[i ?0]", "f32", "x"],
    ["sum[k in 0..n](1f)", "f32", "f32(max(n, 0))"],
    ["sum[k in 2..i, l in 0..3](2)", "i32", "2 * max(i - 2, 0) * 3"],
    ["sum[k in 0..n, l in 0..k](1f)", "f32", "sum[k in 0..n, l in 0..k](1f)"],
    ["sum[k in 0..n where c](1f)", "f32", "sum[k in 0..n where c](1f)"],
  ] as const)("writes %s", (text, type, result) => expect(simplified(text, type)).toBe(result));
});
