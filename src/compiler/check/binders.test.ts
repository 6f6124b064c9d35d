// The ranges of binders: written, or taken from the places where the binder is the whole of a subscript.
import { describe, expect, test } from "vitest";
import { formatSize } from "../size.js";
import type { Binder } from "../typed.js";
import { complaints, functionOf, messages, typesOf } from "./for-tests.js";

const inF = (statement: string) =>
  complaints(`type R[m] = { v: real[m] }
fn id(z: real[m]) -> real[m] { return z }
fn f(X: real[n, p], y: real[n], w: real[p], r: R[p], g: i32[n], q: size) -> real {
  var Z[i in 0..n, j in 0..p] = 0.0
  var v[i in 0..p] = 0.0
${statement}
  return 0
}`);

describe("a bare binder's range", () => {
  test("comes from either side, transposes, fields, slices and calls, inside reducers too", () => {
    expect(typesOf("  let a[i, j] = A[j, i]")["a"]).toBe("real[p, n]");
    expect(typesOf("  let a[i] = sum[j](A'[i, j] * x[j])")["a"]).toBe("real[p]");
    expect(typesOf("  let a[i] = x[2..n][i]")["a"]).toBe("real[n - 2]");
    expect(typesOf("  let a[j] = (A' @ A)[j, 0]")["a"]).toBe("real[p]");
    expect(inF("  let a[i] = sum[j](Z[i, j] * r.v[j] * id(w)[j])")).toEqual([]);
    expect(inF("  each i, j: Z[i, j] = 0.0")).toEqual([]);
  });
  test("is 0 up to that size", () => {
    const def = functionOf("fn f(X: real[n, p]) -> real {\n  let a[i] = sum[j](X[i, j])\n  return a[0]\n}", "f");
    const [s] = def.body;
    if (s?.kind !== "tabulate" || s.value.kind !== "reduce") throw new Error("no equation");
    const range = (b: Binder | undefined) =>
      b?.lo.kind === "number" && b.hi.kind === "size" ? [b.lo.value, formatSize(b.hi.size), b.hi.type] : [];
    expect(range(s.binders[0])).toEqual([0, "n", { kind: "scalar", scalar: "i32" }]);
    expect(range(s.value.binders[0])).toEqual([0, "p", { kind: "scalar", scalar: "i32" }]);
  });
  test("does not come through an expression", () => {
    expect(inF("  let a[i] = y[i + 1]")).toEqual(["S01 6"]);
    expect(inF("  let a[i] = y[g[i]] + w[g[i]]")).toEqual([]);
    expect(inF("  let s = sum[k](k * 2)")).toEqual(["S01 6"]);
  });
  test("must be one", () => {
    expect(inF("  let a[i] = y[i] + w[i]")).toEqual(["S02 6"]);
    expect(inF("  each i: v[i] = y[i]")).toEqual(["S02 6"]);
    expect(inF("  each i: v[i] += y[i]")).toEqual(["S02 6"]);
    expect(inF("  let a[i in 0..q] = y[i] + w[i]")).toEqual([]);
    expect(inF("  each i in 0..q: v[i] = y[i]")).toEqual([]);
  });
  test("may use the binders before it in a reducer, not in a `let`", () => {
    expect(inF("  let s = sum[i, j](X[i, :][0..i][j])")).toEqual([]);
    expect(inF("  let s = sum[j, i](X[i, :][0..i][j])")).toEqual(["S02 6"]);
    expect(inF("  let a[i, j] = X[i, 0..i][j]")).toEqual(["S02 6"]);
    expect(inF("  let s = sum[i in 0..n, j in i..p](X[i, j])")).toEqual([]);
    expect(inF("  each i in 0..n, j in i..p: Z[i, j] = 1")).toEqual([]);
    expect(inF("  let a[i in 0..n, j in 0..i] = 1.0")).toEqual(["S08 6"]);
    expect(inF("  let a[i in 1..n] = 1.0")).toEqual(["S08 6"]);
  });
  test("is not complained of where what it stands in failed", () => {
    expect(inF("  let a[i] = nothing[i]")).toEqual(["N01 6"]);
    expect(inF("  let s = sum[i](y[i] + true)")).toEqual(["T01 6"]);
    expect(inF("  each i: nothing[i] = 2")).toEqual(["N01 6"]);
    expect(inF("  let a = nothing\n  let c[i] = a[i]")).toEqual(["N01 6"]);
  });
});

test("a disagreement names both arrays, both sizes and a better binder", () => {
  const [text] = messages("fn f(X: real[n, p], y: real[n]) -> real {\n  return sum[i, j](X[i, j] * y[j])\n}");
  expect(text).toBe("these sizes do not agree | X is real[n, p] | y is real[n] | did you mean y[i]?");
});

describe("rows", () => {
  test("stand in place of the colons", () => {
    expect(typesOf("  let B[i, :] = A[i, :] * 2")["B"]).toBe("real[n, p]");
    expect(typesOf("  let B[i in 0..4, :, :] = A")["B"]).toBe("real[4, n, p]");
    expect(typesOf("  let B[i, :]: i32 = [g[i], 0]")["B"]).toBe("i32[n, 2]");
  });
  test("have one size, and as many dimensions as there are colons", () => {
    expect(inF("  let B[i, :] = X[i, 0..i]")).toEqual(["S07 6"]);
    expect(inF("  let B[i, :] = X[i, 0]")).toEqual(["T01 6"]);
    expect(inF("  let B[i] = X[i, :]")).toEqual(["T01 6"]);
    expect(inF("  let B[:, i] = X[i, :]")).toEqual(["S09 6"]);
  });
});
