// Sizes as polynomials, sizes at calls, local sizes, and where a size may come from.
import { describe, expect, test } from "vitest";
import { complaints, functionOf, messages, typesIn, typesOf } from "./for-tests.js";

const halves = `
fn halves(x: real[n]) -> { low: real[(n + 1) div 2], high: real[n - (n + 1) div 2] } {
  let m: size = (n + 1) div 2
  return { low: x[0..m], high: x[m..n] }
}
fn pairs(x: real[n]) -> real[n * (n + 1) div 2] {
  let t: size = n * (n + 1) div 2
  let y[i in 0..t] = x[0]
  return y
}
fn first(x: real[n], k: size) -> real[k] {
  return x[0..k]
}
fn least(x: real[n], k: i32) -> real[m] {
  let m: size = min(k, n)
  return x[0..m]
}
`;
const types = (statements: string) =>
  typesIn(functionOf(`${halves}fn f(x: real[n], p: size, q: i32) -> real {\n${statements}\n  return 0\n}`, "f"));

describe("a call's result in the caller's sizes", () => {
  test("by a polynomial", () => {
    expect(types("  let a = first(x, p + 1)\n  let b = pairs(a)\n  let c = halves([1, 2, 3])")).toMatchObject({
      a: "real[p + 1]",
      b: "real[(p * p + 3 * p + 2) div 2]",
    });
    expect(types("  let { low } = halves([1, 2, 3])")["low"]).toBe("real[2]");
  });
  test("a size that is no polynomial gets a name at the call", () => {
    const def = functionOf(`${halves}fn f(x: real[n], q: i32) -> real {\n  let y = least(x, q)\n  return y[0]\n}`, "f");
    const [s] = def.body;
    if (s?.kind !== "define" || s.value.kind !== "call") throw new Error("not a call");
    expect(s.value.callSizes.map((c) => [c.callee.name, c.callee.kind])).toEqual([["m", "size"]]);
    expect(s.local.type).toMatchObject({ shape: [{ terms: [{ atoms: [{ symbol: s.value.callSizes[0]?.here }] }] }] });
  });
  test("an argument that is no polynomial, too", () => {
    const def = functionOf(
      `${halves}fn f(x: real[n], q: i32) -> real {\n  let y = first(x, min(q, n))\n  return y[0]\n}`,
      "f",
    );
    const [s] = def.body;
    if (s?.kind !== "define" || s.value.kind !== "call") throw new Error("not a call");
    expect(s.value.callSizes.map((c) => c.callee)).toEqual([s.value.def.params[1]]);
  });
  test("two such sizes are equal where they are computed alike", () => {
    const two = (...lines: string[]) =>
      complaints(`${halves}fn f(x: real[n], y: real[n], q: i32) -> real[n] {\n  ${lines.join("\n  ")}\n  return x\n}`);
    expect(two("let a = least(x, q)", "let c = least(y, q)", "let d = a + c + least(2 * x, q)")).toEqual([]);
    expect(two("let m: size = min(q, n)", "let d = x[0..m] + least(y, q)")).toEqual([]);
    expect(two("let a = least(x, q)", "let m: size = min(n, q)", "let d = x[0..m] + a")).toEqual([]);
    expect(two("let d = least(x, q) + least(y, q + 1)")).toEqual(["S03 19"]);
    expect(two("let d = x + least(y, q)")).toEqual(["S03 19"]);
    expect(two("let d = x + (least(y, q) as real[n])")).toEqual([]);
    // The size of a call that may not be made is not there for others.
    const def = functionOf(
      `${halves}fn f(x: real[n], q: i32, b: bool) -> real {\n  let s = if b then least(x, q)[0] else 0\n  let t = least(x, q)\n  return s + t[0]\n}`,
      "f",
    );
    const second = def.body[1];
    expect(second?.kind === "define" && second.value.kind === "call" && second.value.callSizes.length).toBe(1);
  });
  test("and are worked out where all in them is known", () => {
    expect(types("  let y = least([1, 2, 3], 2)\n  let z = first(y, max(1, 2))")).toEqual({
      y: "real[2]",
      z: "real[2]",
    });
  });
});

describe("equality", () => {
  test("is that of polynomials, and of definitions", () => {
    const body = (e: string) => complaints(`fn f(x: real[2 * n], n: size, y: real[n + n]) -> real[n * 2] {\n  ${e}\n}`);
    expect(body("return x + y")).toEqual([]);
    expect(body("let m: size = n + n\n  let z[i in 0..m] = x[i]\n  return z + y")).toEqual([]);
    expect(body("return x[0..n] + y[n..2 * n]")).toEqual(["S03 2"]);
  });
  test("slices have the shape of their ends' difference", () => {
    expect(typesOf("  let a = A[k..k + 3, 0]\n  let c = A[g[0]..g[0] + 2, :]\n  let d = x[1..n - 1]")).toEqual({
      a: "real[3]",
      c: "real[2, p]",
      d: "real[n - 2]",
    });
  });
  test("at most four dimensions, and sizes are never negative", () => {
    expect(complaints("fn f(n: size) -> real {\n  let a[i in 0..-1] = 0.0\n  return 0\n}")).toEqual(["S06 2"]);
  });
});

describe("where sizes come from", () => {
  const inF = (statements: string) =>
    complaints(`fn f(x: real[n], g: i32[n], k: i32) -> real {\n${statements}\n  return 0\n}`);
  test("never from data at the top level", () => {
    expect(inF("  let c: i32 = g[0]\n  let y[i in 0..c] = x[i]")).toEqual(["S06 3"]);
    expect(inF("  let c: i32 = g[0]\n  let y = x[0..c]")).toEqual(["S06 3"]);
    expect(inF("  let c: i32 = g[0] + 1\n  let d: i32 = 2 * c\n  let y = x[0..d]")).toEqual(["S06 4"]);
    expect(inF("  let m: size = i32(x[0])")).toEqual(["S06 2"]);
  });
  test("from loop variables, binders and immutable integers inside a block", () => {
    expect(
      inF("  for j in 0..n {\n    let m: i32 = n - j\n    let y[i in 0..m] = x[i + j]\n    let z = y + x[j..n]\n  }"),
    ).toEqual([]);
    expect(
      inF("  for j in 0..n - 1 {\n    let lo: i32 = g[j]\n    let hi: i32 = g[j + 1]\n    let s = x[lo..hi]\n  }"),
    ).toEqual([]);
    expect(inF("  let r[i in 0..n] = x[0..i] @ x[0..i]")).toEqual([]);
  });
  test("not from a `var`", () => {
    expect(inF("  for j in 0..n {\n    var m: i32 = j\n    let y = x[0..m]\n  }")).toEqual(["S06 4"]);
  });
  test("integer parameters may", () => {
    expect(inF("  let m: size = 2 * k\n  let y[i in 0..m] = 0.0\n  let z = x[0..k]")).toEqual([]);
  });
  test("a block's size does not leave it", () => {
    expect(inF("  var y = x\n  for j in 0..n {\n    y = x[0..j]\n  }")).toEqual(["S03 4"]);
    expect(inF("  let y[i, :] = x[0..i + g[i]]")).toEqual(["S06 2"]);
  });
});

describe("parameters", () => {
  test("a name that stands alone is bound, everything else is checked against it", () => {
    const def = functionOf(
      "type M[p] = { w: real[p + 1], v: real[p] }\nfn f(m: M[q], k: size, x: real[k, 2 * q]) -> real { return 0 }",
      "f",
    );
    expect(def.sizes.map((s) => [s.local.name, s.from])).toEqual([
      ["q", { kind: "dimension", param: 0, path: ["v"], dim: 0 }],
      ["k", { kind: "param", param: 1 }],
    ]);
  });
  test("arguments of differing sizes", () => {
    const call = (args: string) =>
      complaints(
        `fn g(a: real[n], b: real[n], c: real[2 * n]) -> real { return 0 }\nfn f(x: real[n], y: real[p]) -> real {\n  return g(${args})\n}`,
      );
    expect(call("x, x, [1, 2]")).toEqual(["S03 3"]);
    expect(call("x, y, x")).toEqual(["S03 3", "S03 3"]);
    expect(call("x[0..1], y[1..2], [1, 2]")).toEqual([]);
  });
});

describe("subscripts that are known", () => {
  const inF = (e: string) => complaints(`fn f(x: real[3], y: real[n], A: real[2, 3]) -> real {\n  ${e}\n  return 0\n}`);
  test("are inside of arrays whose size is known", () => {
    for (const e of ["[1, 2, 3][3]", "x[-1]", "x[1 + 2]", "A[2, 0]", "A[1, 3]", "[1][1 - 2]"])
      expect(inF(`let a = ${e}`), e).toEqual(["S13 2"]);
    for (const e of ["x[0..4]", "x[2..1]", "x[-1..2]", "A[2..3, 0]", "x[4..3]"])
      expect(inF(`let a = ${e}`), e).toEqual(["S13 2"]);
    expect(inF("var v = x\n  v[3] = 1")).toEqual(["S13 3"]);
    expect(inF("let m: i32 = 3\n  let a = x[m]")).toEqual(["S13 3"]);
    for (const e of ["[1, 2, 3][2]", "A[1, 2]", "x[0..3]", "x[3..3]", "A[2..2, :]", "x[1..2]"])
      expect(inF(`let a = ${e}`), e).toEqual([]);
  });
  test("are left to the run where it is not", () => {
    expect(inF("let a = y[3] + y[-1]\n  let c = y[2..1]")).toEqual([]);
  });
  test("say what there is", () => {
    expect(messages("fn f(x: real[3]) -> real { return x[3] }")).toEqual([
      "index 3 is out of range: x has 3 elements here | subscripts run from 0 to 2",
    ]);
    expect(messages("fn f(x: real[1]) -> real[2] { return x[0..2] }")).toEqual([
      "slice 0..2 is out of range: x has 1 element here | the bounds of a slice are in order, and from 0 to 1",
    ]);
  });
});
