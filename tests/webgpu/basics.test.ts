import { expect, it } from "vitest";
import { compileNest, runNest } from "./harness.js";

it("scales and sums on the GPU", async () => {
  const c = compileNest(`kernel "scaledSum" real f32 wide f32 {
  size n
  scalar a: f32
  param x: f32[n]
  body {
    define i in 0..n: result y: f32[n] = a * x[i]
    let s: f32 = sum[i in 0..n](y[i])
  }
  result "y" = array y
  result "s" = s
}`);
  expect(await runNest(c, { sizes: [4], scalars: [2], arrays: [[1, 2, 3, 4]], lengths: [4] })).toEqual([
    [2, 4, 6, 8],
    20,
  ]);
});
