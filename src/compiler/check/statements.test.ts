// Statements: scopes, assignment, loops, records, returns, messages.
import { describe, expect, test } from "vitest";
import { complaints, functionOf, messages, typesOf } from "./for-tests.js";

const inF = (statements: string) =>
  complaints(`type R[m] = { v: real[m], s: real }
fn f(x: real[n], A: real[n, n], r: R[n], g: i32[n], k: i32, b: bool) -> real {
  var y = x
  var q = r
${statements}
  return 0
}`);

describe("scopes", () => {
  test("a local can't hide a local, a size or a parameter", () => {
    expect(inF("  let x = 1")).toEqual(["N02 5"]);
    expect(inF("  let n = 1")).toEqual(["N02 5"]);
    expect(inF("  for i in 0..n { let s = sum[i](x[i]) }")).toEqual(["N02 5"]);
    expect(inF("  let s[i] = sum[i](x[i])")).toEqual(["N02 5"]);
    expect(inF("  let { v: x } = r")).toEqual(["N02 5"]);
  });
  test("it may hide a function, a constant, and what is no longer seen", () => {
    expect(inF("  let f = 1\n  let eps = f\n  let exp = eps")).toEqual([]);
    expect(
      inF("  for i in 0..n { let s = i }\n  for i in 0..n { let s = x[i] }\n  let s = sum[i](x[i]) + sum[i](x[i] ^ 2)"),
    ).toEqual([]);
  });
  test("a block's names end with it; an until sees its body's", () => {
    expect(inF("  if b { let s = 1 }\n  let t = s")).toEqual(["N01 6"]);
    expect(inF("  loop t < 3 { let d = x[t] } until d < 1")).toEqual([]);
  });
  test("a loop's name is the number of turns after it, and may be taken again by a loop", () => {
    expect(
      inF("  loop t < 3 { y[t] = 0 } until b\n  let m = t + k\n  loop t < t + 2 { y[0] = t } until b\n  let e = x[t]"),
    ).toEqual([]);
    expect(inF("  loop t < 3 { y[t] = 0 } until b\n  let t = 2")).toEqual(["N02 6"]);
    const def = functionOf("fn f(x: real) -> i32 {\n  loop t < 9 { let z = x } until x > 1\n  return t\n}", "f");
    const [loop, end] = def.body;
    if (loop?.kind !== "loop" || end?.kind !== "return" || end.value.kind !== "local") throw new Error("no loop");
    expect(end.value.local).toBe(loop.turns);
    expect(loop.turn).not.toBe(loop.turns);
  });
  test("an unknown name is reported once", () => {
    expect(inF("  let a = zz + zz\n  let c = a + zz")).toEqual(["N01 5"]);
  });
});

describe("assignment", () => {
  test.each([
    "  y = x",
    "  y = 2 * y",
    "  y += 1",
    "  y -= x",
    "  y[0] = k",
    "  y[0..2] = 0",
    "  y[0..2] = [1, 2]",
    "  y[:] = 0",
    "  q.v[k] += 1",
    "  q.v = x",
    "  q.s -= k",
    "  q = r",
    "  each i: q.v[i] = y[i] + 1",
    "  each i: y[g[i]] += 1",
    "  each i where x[i] > 0: y[i] = x[i]",
    "  var M = A\n  each i: M[i, :] = A[0, :]\n  each i: M[i, i] = 1\n  each i: M[0, :] += A[i, :]",
    "  var s = 0\n  each i: s -= x[i]",
  ])("%s", (s) => {
    expect(inF(s)).toEqual([]);
  });
  test.each([
    ["  x[0] = 1", "L01"],
    ["  n = 1", "L01"],
    ["  for i in 0..n { i = 2 }", "L01"],
    ["  r.s = 2", "L01"],
    ["  let z = 1\n  z += 1", "L01"],
    ["  y = 0", "T01"],
    ["  y[0] = x", "T01"],
    ["  y[0] = b", "T01"],
    ["  var j: i32 = 0\n  j = 1.5", "T01"],
    ["  y[0..2] = [1, 2, 3]", "S03"],
    ["  y = y[0..2]", "S03"],
    ["  q.w = 1", "N09"],
    ["  y.v = 1", "T06"],
    ["  q += 1", "T05"],
    ["  var c = b\n  c += 1", "T05"],
    ["  q.s[0] = 1", "T06"],
    ["  y[0, 0] = 1", "S09"],
    ["  y[0.5] = 1", "T03"],
    ["  each i: y[0] = x[i]", "L02"],
    ["  each i, j: y[i] = A[i, j]", "L02"],
    ["  each i: y = x[i]", "L04"],
    ["  each i where x[i]: y[i] = 1", "T04"],
  ])("%s is %s", (s, code) => {
    expect(inF(s).map((c) => c.slice(0, 3))).toEqual([code]);
  });
});

describe("records", () => {
  test("are compared by their fields, in any order", () => {
    const result = (e: string) => complaints(`fn f(x: real, k: i32) -> { a: real, c: i32 } {\n  ${e}\n}`);
    expect(result("return { c: k, a: 1 }")).toEqual([]);
    expect(result("let r = { c: k, a: x }\n  return r")).toEqual([]);
    expect(result("return { a: k, c: 1 }")).toEqual([]);
    expect(result("return { a: x }")).toEqual(["T01 2"]);
    expect(result("return { a: x, c: k, d: x }")).toEqual(["T01 2"]);
    expect(result("return { a: x, c: x }")).toEqual(["T01 2"]);
    expect(result("return { a: x, a: x, c: k }")).toEqual(["N04 2"]);
  });
  test("fields in another order are put into the declared one", () => {
    const def = functionOf("fn f(k: i32) -> { a: real, c: i32 } {\n  return { c: k, a: 1 }\n}", "f");
    const [s] = def.body;
    expect(s?.kind === "return" && s.value.kind === "record" && s.value.fields.map((x) => x.name)).toEqual(["a", "c"]);
  });
  test("nest, and are taken apart", () => {
    expect(
      typesOf("  let p2 = { v: x, m: k }\n  let o = { p2, z: 1 }\n  let { p2: inner } = o\n  let { m } = inner"),
    ).toMatchObject({
      inner: "{ v: real[n], m: i32 }",
      m: "i32",
    });
    expect(inF("  let { w } = r")).toEqual(["N09 5"]);
    expect(inF("  let { w } = x")).toEqual(["T06 5"]);
  });
});

describe("ends and checks", () => {
  test("return is the last statement, once", () => {
    expect(complaints("fn f(x: real) -> real {\n  return x\n  let y = 1\n}")).toEqual(["L03 2"]);
    expect(complaints("fn f(x: real) -> real {\n  let y = 1\n}")).toEqual(["L05 1"]);
    expect(complaints('test "t" {\n  return 1\n}')).toEqual(["L03 2"]);
  });
  test("expect is for tests, of bools or of what is near", () => {
    expect(
      complaints(
        'test "t" {\n  expect [1, 2] == [1, 2]\n  expect [1, 2] near 1 within 1\n  expect 1 near 1 within 0\n}',
      ),
    ).toEqual([]);
    expect(
      complaints('test "t" {\n  expect 1\n  expect [1] near [1, 2] within 1\n  expect true near true within 1\n}'),
    ).toEqual(["T04 2", "S03 3", "T05 4"]);
    expect(complaints("fn f(x: real) -> real {\n  expect x > 0\n  return x\n}")).toEqual(["U05 2"]);
  });
  test("a message shows scalars", () => {
    expect(inF('  require b else "k is {k}, {r.s}, {n}"')).toEqual([]);
    expect(inF('  require b else "x is {x}, {zz}, {r.w}"')).toEqual(["T05 5", "N01 5", "N09 5"]);
    expect(inF('  require k else ""')).toEqual(["T04 5"]);
  });
});

test("several errors are reported in one go, and none follows from another", () => {
  expect(inF("  let a = zz\n  let c = a + x[0]\n  let d: i32 = x[0]\n  let e = d + 1\n  x[0] = e")).toEqual([
    "N01 5",
    "T01 7",
    "L01 9",
  ]);
});

test("a misspelt name gets a suggestion", () => {
  expect(messages("fn f(alpha: real) -> real { return alpah }")[0]).toContain("did you mean `alpha`?");
  expect(messages("fn f(alpha: real) -> real { return sqr(alpha) }")[0]).toContain("did you mean `sqrt`?");
});
