import { describe, expect, it } from "vitest";
import { conflictingLoads } from "./alias.js";
import type { Block, Nest } from "./nest.js";
import { freshIds } from "./nest-copy.js";
import { parseKernel } from "./nest-parse.js";
import { Facts } from "./range/facts.js";

/** Whether the nest, in a `for k in 0..n`, has reads that other points may overwrite. */
function conflicts(nest: string): boolean {
  const kernel = parseKernel(`kernel "f" real f32 wide f64 {
    size n
    param x: f32[n, n]
    param g: i32[n]
      check index "g"
    body {
      define i in 0..n, j in 0..n: var A: f32[n, n] = x[i, j]
      define i in 0..n: var v: f32[n] = x[i, 0]
      for k in 0..n { ${nest} }
    }
    result "" = 0f
  }`);
  const facts = new Facts();
  for (const v of kernel.sizes) facts.size(v);
  const find = (b: Block): Nest | undefined => {
    for (const s of b) {
      if (s.kind === "for") {
        facts.axis(s.var, s.lo, s.hi);
        return find(s.body);
      }
      if (s.kind === "nest" && s.nest.mode !== "define") return s.nest;
    }
    return undefined;
  };
  const found = find(kernel.body);
  if (!found) throw new Error("no nest");
  return conflictingLoads(found, facts, freshIds(kernel)).length > 0;
}

describe("reads of what a nest writes", () => {
  it.each([
    ["the same element", "assign i in 0..n, j in 0..n: A[i, j] = A[i, j] * 2f"],
    ["a gathered row, the same", "assign j in 0..n: A[g[k], j] = A[g[k], j] * 2f"],
    ["row k written, rows above it read", "assign j in 0..n: A[k, j] = sum[l in 0..k](A[l, j])"],
    [
      "the trailing block from its border",
      "assign i in k + 1..n, j in k + 1..n: A[i, j] = A[i, j] - A[i, k] * A[k, j]",
    ],
    ["a triangle from its mirror", "assign i in 0..n, j in 0..i: A[i, j] = A[j, i]"],
    ["a triangle by a condition", "assign i in 0..n, j in 0..n where j < i: A[i, j] = A[j, i]"],
    ["a shift under a condition that names the row", "assign j in 0..n: A[k, j] = if k > 0 then A[k - 1, j] else 0f"],
    ["even elements from odd ones", "assign i in 0..n div 2: v[2 * i] = v[2 * i + 1]"],
    ["a sum into straight elements", "add i in 0..n: v[i] = v[i]"],
  ])("are apart: %s", (_, nest) => expect(conflicts(nest)).toBe(false));

  it.each([
    ["reversed", "assign i in 0..n: v[i] = v[n - 1 - i]"],
    ["shifted", "assign i in 1..n: v[i] = v[i - 1]"],
    ["transposed", "assign i in 0..n, j in 0..n: A[i, j] = A[j, i]"],
    ["the row that is written", "assign j in 0..n: A[k, j] = A[k, 0]"],
    ["gathered", "assign i in 0..n: v[i] = v[g[i] ?0]"],
    ["two gathered rows", "assign j in 0..n: A[g[k], j] = A[g[j], j]"],
    ["in a subscript of the place", "assign i in 0..n: v[i32(v[n - 1 - i])] = 0f"],
    ["in a condition", "assign i in 0..n where v[n - 1 - i] > 0f: v[i] = 0f"],
    ["an element that many points add to", "add i in 0..n: v[g[i]] = v[g[i]]"],
    ["from inside a point's block", "assign i in 0..n: v[i] = do { let s: f32 = sum[j in 0..n](v[j]) give s }"],
  ])("conflict: %s", (_, nest) => expect(conflicts(nest)).toBe(true));
});
