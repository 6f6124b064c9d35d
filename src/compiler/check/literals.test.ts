// What type a literal takes, and what widens into what.
import { describe, expect, test } from "vitest";
import { messages, typesOf } from "./for-tests.js";

const typeOf = (e: string): string | undefined => typesOf(`  let it = ${e}`)["it"];

describe("an integer literal takes the type of what it meets", () => {
  test.each([
    ["1", "real"],
    ["-(1 + 2) * 3 ^ 2", "real"],
    ["k + 1", "i32"],
    ["1 + k", "i32"],
    ["u * 0x9E3779B9", "u32"],
    ["if b then 1 else k", "i32"],
    ["k * (if b then 1 else -(2 + 3))", "i32"],
    ["w + 1", "wide"],
    ["w + 0.1", "wide"],
    ["k + 0.5", "real"],
    ["g + 1", "i32[n]"],
    ["x + [1, 2][0]", "real[n]"],
    ["[1, k]", "i32[2]"],
    ["[1, s, k]", "real[3]"],
    ["[[1, 0], [0, k]]", "i32[2, 2]"],
    ["max(k, 0)", "i32"],
    ["clamp(k, 0, 1.5)", "real"],
    ["bitAnd(u, 0xFF)", "u32"],
    ["shiftLeft(u, 7)", "u32"],
    ["2 ^ k", "i32"],
    ["2.0 ^ k", "real"],
    ["k ^ 2", "i32"],
    ["x ^ 2", "real[n]"],
    ["x ^ k", "real[n]"],
    ["k ^ 0.5", "real"],
    ["i32(3)", "i32"],
    ["7 div 2", "i32"],
    ["u % 3", "u32"],
    ["k / 2", "real"],
    ["w / 2", "wide"],
    ["sum[i in 0..3](1)", "real"],
    ["count[i](x[i] > 0)", "i32"],
    ["argmin[i](x[i])", "i32"],
    ["sum[i](g[i])", "i32"],
  ])("%s is %s", (e, type) => {
    expect(typeOf(e)).toBe(type);
  });

  test("a declared type", () => {
    expect(typesOf("  let a: i32[2] = [1, 2]\n  var c: u32 = 4294967295\n  let m: i32 = -2147483648")).toEqual({
      a: "i32[2]",
      c: "u32",
      m: "i32",
    });
  });
  test("a sum of literals is an integer where one is declared", () => {
    expect(typesOf("  let c: i32 = sum[i](if x[i] > 0 then 1 else 0)")["c"]).toBe("i32");
  });
});

describe("mixed arithmetic widens", () => {
  test.each([
    ["k + s", "real"],
    ["u + s", "real"],
    ["s + w", "wide"],
    ["k + w", "wide"],
    ["g * x", "real[n]"],
    ["exp(k)", "real"],
    ["exp(w)", "wide"],
    ["pow(s, w)", "wide"],
    ["isnan(s)", "bool"],
    ["x > k", "bool[n]"],
    ["real(b) + real(w)", "real"],
    ["i32(x)", "i32[n]"],
    ["A @ A'", "real[n, n]"],
    ["A' @ g", "real[p]"],
    ["x @ y", "real"],
    ["uniform(u, 3)", "real"],
    ["randint(u, u, 0, k)", "i32"],
  ])("%s is %s", (e, type) => {
    expect(typeOf(e)).toBe(type);
  });
});

test("a mismatch says what was found and what was expected", () => {
  expect(messages("fn f(x: real[n, p]) -> i32[n] { return x }")[0]).toMatch(/real\[n, p\].*i32\[n\]/);
});
