// Work that is worth several threads, of every kind that the schedule splits, at sizes that fit no lane, chunk or tile.

import type { Artifact, Device } from "../../src/runtime/device.js";
import type { FloatDtype } from "../../src/runtime/dtype.js";
import { callKernel, disposeAll, NDArray } from "../../src/runtime/index.js";
import { arraysIn } from "../../src/runtime/scope.js";

/** Each takes a matrix of n x p, a vector of n and another matrix of n x p. */
export const sharedWork = `
export fn maps(X: real[n, p], y: real[n], Z: real[n, p]) -> real[n, p] {
  let R[i, j] = exp(-X[i, j] ^ 2) * sin(Z[i, j]) + y[i]
  return R
}
export fn totals(X: real[n, p], y: real[n], Z: real[n, p]) -> { s: real, m: real, at: i32, many: i32 } {
  let s = sum[i, j](X[i, j] * Z[i, j] + y[i])
  return { s, m: max[i, j](X[i, j]), at: argmin[i](y[i]), many: count[i, j](X[i, j] > 0) }
}
export fn columns(X: real[n, p], y: real[n], Z: real[n, p]) -> { mean: real[p], low: real[p] } {
  let mean[j] = sum[i](X[i, j] * y[i]) / n
  let low[j] = min[i](Z[i, j])
  return { mean, low }
}
export fn rows(X: real[n, p], y: real[n], Z: real[n, p]) -> { norm: real[n], best: i32[n] } {
  let norm[i] = sqrt(sum[j](X[i, j] * X[i, j]))
  let best[i] = argmax[j](Z[i, j])
  return { norm, best }
}
export fn gram(X: real[n, p], y: real[n], Z: real[n, p]) -> { G: real[p, p], c: real[p] } {
  return { G: X' @ Z, c: X' @ y }
}
export fn outer(X: real[n, p], y: real[n], Z: real[n, p]) -> real[n, n] { return X @ Z' }
export fn scan(X: real[n, p], y: real[n], Z: real[n, p]) -> real[n] {
  let c[i in 0..n] = sum[k in 0..i + 1](y[k])
  return c
}
export fn hits(X: real[n, p], y: real[n], Z: real[n, p]) -> real[p] {
  var h[j in 0..p] = 0.0
  each i: h[i * 7 % p] += y[i]
  return h
}
fn steps(v: real[p]) -> real {
  var w = v
  for k in 1..p { w[k] = 0.5 * w[k - 1] + w[k] }
  return w[p - 1]
}
export fn calls(X: real[n, p], y: real[n], Z: real[n, p]) -> real[n] {
  let r[i] = steps(X[i, :]) + y[i]
  return r
}
`;

/** Numbers of every sign and a few magnitudes, always the same. */
export function draws(count: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32 - 0.5) * 2 ** (state % 5);
  });
}

/** What a function of the work above gives, as bytes and numbers. */
export async function numbers(
  artifact: Artifact,
  fn: string,
  device: Device,
  dtype: FloatDtype,
  n: number,
  p: number,
): Promise<readonly unknown[]> {
  const matrix = (seed: number) => ({ data: draws(n * p, seed), shape: [n, p] });
  const result = await callKernel(artifact, fn, [matrix(1), draws(n, 2), matrix(3)], { device, dtype });
  try {
    if (result instanceof NDArray || arraysIn(result).length > 0)
      return await Promise.all(arraysIn(result).map(async (a) => Buffer.from((await a.data()).buffer).toString("hex")));
    return Object.values(result);
  } finally {
    disposeAll(result);
  }
}
