import { describe, expect, it } from "vitest";
import { kernelOf, runKernel } from "../testing/run.js";
import { lowerKernel, sequentialStrategy } from "./kernel.js";

const run = (
  text: string,
  sizes: readonly number[],
  params: readonly (readonly number[])[],
  scalars: readonly number[] = [],
) => {
  const kernel = kernelOf(text);
  return runKernel(kernel, lowerKernel(kernel, sequentialStrategy), sizes, scalars, params);
};
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe("scalar lowering", () => {
  it("defines arrays and reduces over several axes under a condition", () => {
    const { results } = run(
      `size n size p param x: f32[n, p] body {
        define i in 0..n: result y: f32[n] = sum[j in 0..p where j != i](x[i, j])
        let s: f32 = sum[i in 0..n, j in i..p](x[i, j])
      } result "y" = array y result "s" = s`,
      [2, 3],
      [upTo(6)],
    );
    expect(results).toEqual([[0 + 1 + 2 - 0, 3 + 4 + 5 - 4], [0 + 1 + 2 + 4 + 5]]);
  });

  it("gives reductions of nothing the values that the language says", () => {
    const { results } = run(
      `size n param x: f32[n] param k: i32[n] body { }
      result "a" = sum[i in 0..n](x[i]) result "b" = prod[i in 0..n](x[i]) result "c" = min[i in 0..n](x[i])
      result "d" = max[i in 0..n](x[i]) result "e" = min[i in 0..n](k[i]) result "f" = argmax[i in 0..n](x[i])
      result "g" = any[i in 0..n](x[i] > 0f) result "h" = all[i in 0..n](x[i] > 0f) result "i" = count[i in 0..n](k[i] > 0)`,
      [0],
      [[], []],
    );
    const huge = 3.4028234663852886e38;
    expect(results.flat()).toEqual([0, 1, huge, -huge, 2 ** 31 - 1, -1, 0, 1, 0]);
  });

  it("takes the first of equal values, and values that are no better than the identity", () => {
    const { results } = run(
      `size n param x: f32[n] body { } result "a" = argmin[i in 0..n](x[i]) result "b" = argmax[i in 1..n](x[i])`,
      [4],
      [[Number.POSITIVE_INFINITY, 7, 3, 7]],
    );
    expect(results.flat()).toEqual([2, 1]);
    const same = run(`size n param x: f32[n] body { } result "a" = argmin[i in 0..n](x[i])`, [2], [[1e39, 1e39]]);
    expect(same.results.flat()).toEqual([0]);
  });

  it("keeps a long sum's error far below that of a chain", () => {
    const n = 200_000;
    const { results } = run(
      `size n param x: f32[n] body { } result "s" = sum[i in 0..n](x[i])`,
      [n],
      [upTo(n).map(() => 0.1)],
    );
    const exact = n * Math.fround(0.1);
    const depth = 576 + Math.ceil(n / 65536);
    expect(Math.abs((results[0]?.[0] ?? 0) - exact)).toBeLessThanOrEqual(depth * 2 ** -24 * exact);
  });

  it("computes only the side of an `if` that is taken where it needs statements or loads", () => {
    const { results, failure } = run(
      `size n param x: f32[n] check index "no" body {
        define i in 0..n: result y: f32[n] = if i + 1 < n then x[i + 1 ?0] else sum[k in 0..i](x[k])
      } result "y" = array y`,
      [3],
      [[1, 2, 4]],
    );
    expect(failure).toBeUndefined();
    expect(results[0]).toEqual([2, 4, 3]);
  });

  it("reports the lowest point of the first check that fails and stops before the next statement", () => {
    const text = `size n param x: f32[n] param g: i32[n] check index "index" check require "later" body {
        define i in 0..n: result y: f32[n] = x[g[i] ?0]
        require n < 0 else ?1
      } result "y" = array y`;
    expect(run(text, [4], [upTo(4), [0, 9, -1, 0]]).failure).toEqual({ check: 0, point: 1, values: [9, 4] });
    expect(run(text, [4], [upTo(4), upTo(4)]).failure).toEqual({ check: 1, point: 0, values: [] });
    expect(
      run(`size n param x: f32[n] check index "i" body { } result "s" = x[n ?0]`, [0], [[]]).failure?.values,
    ).toEqual([0, 0]);
  });

  it("does not run what stands after a failed `require` of a point", () => {
    const { failure } = run(
      `size n param g: i32[n] check require "small" body {
        declare result y: f32[n]
        define i in 0..n: z: f32[n] = 0f
        assign i in 0..n {
          let at: i32 = g[i]
          require at < n else ?0(at)
          yield y[at] = 1f
        }
      } result "y" = array y`,
      [3],
      [[0, 5, 70]],
    );
    expect(failure).toEqual({ check: 0, point: 1, values: [5] });
  });

  it("reads what was there before an `assign`", () => {
    const { results } = run(
      `size n param x: f32[n] body {
        define i in 0..n: result var y: f32[n] = x[i]
        assign i in 0..n: y[i] = y[n - 1 - i]
        assign i in 0..n where i > 0: y[i] = y[i] + y[i - 1]
      } result "y" = array y`,
      [4],
      [[1, 2, 3, 4]],
    );
    expect(results[0]).toEqual([4, 7, 5, 3]);
  });

  it("adds all that hits an element", () => {
    const { results } = run(
      `size n size k param g: i32[n] param x: f32[n] body {
        define c in 0..k: result var y: f32[k] = 1f
        add i in 0..n: y[g[i]] = x[i]
      } result "y" = array y`,
      [4, 2],
      [
        [1, 0, 1, 1],
        [1, 2, 3, 4],
      ],
    );
    expect(results[0]).toEqual([3, 9]);
  });

  it("runs loops, branches, local arrays and nests at one point", () => {
    const { results } = run(
      `size n param x: f32[n] body {
        define i in 0..n {
          list a: i32[3] = [3, 1, 2]
          define j in 0..i + 1: b: f32[i + 1] = x[j] * 2f
          var s: f32 = 0f
          for k in 0..3 {
            if a[k] > 1 {
              s = s + b[i]
            } else {
              s = s + 100f
            }
          }
          loop t, turns < 10 {
            s = s + 1f
          } until t == 2
          yield result y: f32[n] = s + f32(turns)
        }
      } result "y" = array y`,
      [2],
      [[1, 2]],
    );
    expect(results[0]).toEqual([110, 114]);
  });

  it("stops a loop outside nests at the turn that fails", () => {
    const { failure, results } = run(
      `size n check require "at {0}" {0} body {
        var s: f32 = 0f
        for k in 0..n {
          require k < 3 else ?0(k)
          s = s + 1f
        }
      } result "s" = s`,
      [9],
      [],
    );
    expect(failure).toEqual({ check: 0, point: 0, values: [3] });
    expect(results[0]).toEqual([Number.NaN]);
  });

  it("copies a parameter that is a result, and a result that stands twice", () => {
    const { results } = run(
      `size n param x: f32[n] body { define i in 0..n: result y: f32[n] = x[i] + 1f }
      result "a" = array x result "b" = array y result "c" = array y`,
      [2],
      [[1, 2]],
    );
    expect(results).toEqual([
      [1, 2],
      [2, 3],
      [2, 3],
    ]);
  });
});
