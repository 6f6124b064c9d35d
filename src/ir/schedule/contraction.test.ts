// Contractions by tiles, against what the Nest IR says, on whole numbers, whose sums are exact in every order.
import { describe, expect, it } from "vitest";
import { verifyLoopFunction } from "../loop-verify.js";
import { buffersIn, walkBlock } from "../loop-walk.js";
import { evaluateKernel } from "../nest-evaluate.js";
import { scheduleKernel } from "./index.js";
import { printSchedule, ScheduleError } from "./schedule.js";
import { kernelOf, runKernel, sameNumbers } from "./testing/run.js";

const matrices = {
  "A B": `size m size n size k param A: R[m, k] param B: R[k, n] body {
    define i in 0..m, j in 0..n: result C: R[m, n] = sum[l in 0..k](A[i, l] * B[l, j])
  } result "C" = array C`,
  "A B'": `size m size n size k param A: R[m, k] param B: R[n, k] body {
    define i in 0..m, j in 0..n: result C: R[m, n] = sum[l in 0..k](A[i, l] * B[j, l]) * 2F - 1F
  } result "C" = array C`,
  "A' B, part of it, into an array": `size m size n size k param A: R[k, m] param B: R[k, n] body {
    define i in 0..m, j in 0..n: result var C: R[m, n] = 7F
    assign i in 1..m, j in 0..n - 1: C[i, j] = C[i, j] - sum[l in 1..k](A[l, i] * (B[l, j] - 1F))
  } result "C" = array C`,
} as const;

const terms = {
  "squared distances": `size m size n size k param A: R[m, k] param B: R[n, k] body {
    define i in 0..m, j in 0..n {
      let s: R0 = sum[l in 0..k](do {
        let x: R0 = A[i, l]
        let d: R0 = x - B[j, l]
        give d * d
      })
      let half: R0 = s / 2F
      yield result C: R[m, n] = do {
        var product: R0 = half
        for t in 0..2 {
          product = product * half
        }
        give product
      }
    }
  } result "C" = array C`,
  "sums of magnitudes": `size m size n size k param A: R[m, k] param B: R[n, k] body {
    define i in 0..m, j in 0..n: result C: R[m, n] = sum[l in 0..k](abs(A[i, l] - B[j, l])) * -1F
  } result "C" = array C`,
  "the larger values": `size m size n size k param A: R[m, k] param B: R[n, k] body {
    define i in 0..m, j in 0..n: result C: R[m, n] =
      sum[l in 0..k](if A[i, l] < B[j, l] then -1F else max(A[i, l] - B[j, l], 1F))
  } result "C" = array C`,
} as const;

/** The sum stands in a reduction, whose axis the columns are. */
const around = {
  "the nearest": `size m size n size k param A: R[m, k] param B: R[n, k] body {
    define i in 0..m: result C: i32[m] = argmin[j in 0..n](B[j, 0] * B[j, 0] - 2F * sum[l in 0..k](A[i, l] * B[j, l]))
  } result "C" = array C`,
  "the largest distance, of some": `size m size n size k param A: R[m, k] param B: R[k, n] body {
    define i in 0..m {
      let far: R0 = max[j in 1..n](sum[l in 0..k](abs(A[i, l] - B[l, j])))
      yield result C: R[m] = far * 2F
    }
  } result "C" = array C`,
  "a weighted sum": `size m size n size k param A: R[k, m] param B: R[n, k] body {
    define i in 0..m: result C: R[m] =
      sum[j in 0..n]((A[0, i] + 1F) * B[j, 0] * sum[l in 1..k](A[l, i] * (B[j, l] - 1F)))
  } result "C" = array C`,
} as const;

/** What one sum before all points can't give. */
const noContractions = {
  "a sum on one side of a branch": `size m size n size k param A: R[m, k] param B: R[n, k] body {
    define i in 0..m, j in 0..n: result C: R[m, n] = if i < j then sum[l in 0..k](A[i, l] * B[j, l]) else 0F
  } result "C" = array C`,
  "a sum of what the point has made": `size m size n size k param A: R[m, k] param B: R[n, k] body {
    define i in 0..m, j in 0..n {
      let both: R0 = A[i, 0] * B[j, 0]
      yield result C: R[m, n] = sum[l in 0..k]((A[i, l] + both) * B[j, l])
    }
  } result "C" = array C`,
  "a sum in a reduction over what the point says": `size m size n size k param A: R[m, k] param B: R[n, k] body {
    define i in 0..m: result C: R[m] = max[j in i..n](sum[l in 0..k](A[i, l] * B[j, l]))
  } result "C" = array C`,
  "a sum in two reductions": `size m size n size k param A: R[m, k] param B: R[n, k] body {
    define i in 0..m: result C: R[m] = max[j in 0..n, h in 0..2](sum[l in 0..k](A[i, l] * B[j, l]))
  } result "C" = array C`,
  "a sum in a loop of the point": `size m size n size k param A: R[m, k] param B: R[n, k] body {
    define i in 0..m, j in 0..n {
      yield result C: R[m, n] = do {
        var total: R0 = 0F
        for t in 0..2 {
          total = total + sum[l in 0..k](A[i, l] * B[j, l])
        }
        give total
      }
    }
  } result "C" = array C`,
} as const;

const whole = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, i) => ((i * 7 + seed * 13 + (i >> 3)) % 9) - 4);

function check(
  text: string,
  real: "f32" | "f64",
  sizes: readonly number[],
  arrays: readonly number[][],
  steps?: string,
) {
  const kernel = kernelOf(text.replace(/\bR0?(?=\W)/g, real).replace(/(\d)F\b/g, real === "f32" ? "$1f" : "$1d"), real);
  const { function: f, schedule } = scheduleKernel(kernel, steps);
  expect(verifyLoopFunction(f)).toEqual([]);
  const expected = evaluateKernel(kernel, { sizes, scalars: [], arrays });
  if (expected.kind === "failure") throw new Error("the reference fails");
  const { results } = runKernel(kernel, f, sizes, [], arrays);
  expect(sameNumbers(results, expected.results), `${real} ${sizes}`).toBe("");
  return { f, schedule };
}

describe("contractions", () => {
  it.each(Object.entries(matrices))("%s", (_, text) => {
    for (const real of ["f32", "f64"] as const)
      for (const [m, n, k] of [
        [1, 1, 1],
        [4, 4, 4],
        [5, 9, 7],
        [8, 3, 5],
        [3, 17, 4],
        [13, 8, 259],
        [4, 4, 0],
        // In bands, whose rows are read where they lie or, of many columns, from panels.
        [37, 9, 7],
        [301, 5, 258],
        [33, 140, 5],
      ] as const) {
        const { schedule } = check(text, real, [m, n, k], [whole(m * k, 1), whole(k * n, 2)]);
        expect(schedule.at(-1)?.class).toBe("contraction");
      }
  });

  it("X' diag(w) X with something on its diagonal is computed by half", () => {
    const text = `size n size p param X: R[n, p] param w: R[n] param m: R[p] body {
      define i in 0..p, j in 0..p: result G: R[p, p] =
        sum[l in 0..n](w[l] * (X[l, i] - m[i]) * (X[l, j] - m[j])) + (if i == j then 3F else 0F)
    } result "G" = array G`;
    for (const real of ["f32", "f64"] as const)
      for (const [n, p] of [
        [5, 4],
        [40, 9],
        [300, 17],
        [7, 3],
      ] as const) {
        const { schedule } = check(text, real, [n, p], [whole(n * p, 1), whole(n, 2), whole(p, 3)]);
        expect(schedule[0]?.steps).toContainEqual({ kind: "mirror" });
      }
  });

  it.each(Object.entries(terms))("%s of rows", (_, text) => {
    for (const real of ["f32", "f64"] as const)
      for (const [m, n, k] of [
        [4, 4, 4],
        [5, 9, 7],
        [3, 3, 3],
        [6, 5, 258],
      ] as const) {
        const { schedule } = check(text, real, [m, n, k], [whole(m * k, 1), whole(n * k, 2)]);
        expect(schedule.at(-1)?.class).toBe("contraction");
      }
  });

  it.each(Object.entries(around))("%s of rows, without a matrix of all", (_, text) => {
    for (const real of ["f32", "f64"] as const)
      for (const [m, n, k] of [
        [5, 9, 7],
        [31, 3, 4],
        [32, 4, 4],
        [37, 9, 7],
        [97, 5, 7],
        [33, 6, 258],
        [33, 70, 5],
        [40, 0, 4],
      ] as const)
        for (const fork of [65536, 64]) {
          const { schedule } = check(text, real, [m, n, k], [whole(m * k, 1), whole(n * k, 2)]);
          expect(schedule.at(-1)?.class).toBe("contraction");
          const steps = printSchedule(schedule).replace("65536", `${fork}`);
          check(text, real, [m, n, k], [whole(m * k, 1), whole(n * k, 2)], steps);
        }
  });

  it.each(Object.entries(noContractions))("%s is none", (_, text) => {
    const { schedule } = check(text, "f64", [5, 6, 4], [whole(5 * 4, 1), whole(6 * 4, 2)]);
    expect(schedule.map((s) => s.class)).not.toContain("contraction");
  });

  it("makes a tall result in bands, in some number of blocks", () => {
    const text = `size m size n size k param A: f64[m, k] param B: f64[n, k] body {
      define i in 0..m, j in 0..n: result C: f64[m, n] = sum[l in 0..k](A[i, l] * B[j, l]) + f64(i)
    } result "C" = array C`;
    const { f } = check(text, "f64", [131, 5, 259], [whole(131 * 259, 1), whole(5 * 259, 2)]);
    const rows: number[] = [];
    walkBlock(f.body, (s) => {
      if (s.kind === "for" && s.var.name === "band") rows.push(s.step);
    });
    expect(rows).toEqual([1]);
  });

  it("reduces the long side of a product with few columns as it lies, in parts", () => {
    const text = `size n size p size t param X: R[n, p] param Y: R[n, t] param w: R[n] body {
      define i in 0..p, k in 0..t: result G: R[p, t] = sum[l in 0..n](w[l] * X[l, i] * (Y[l, k] - 1F)) * 2F + 1F
    } result "G" = array G`;
    for (const real of ["f32", "f64"] as const)
      for (const [n, p, t] of [
        [1, 1, 1],
        [9, 5, 1],
        [300, 17, 2],
        [70, 6, 3],
        [0, 5, 2],
        [3, 5, 6],
        [5, 0, 2],
      ] as const)
        for (const fork of [65536, 64]) {
          const steps = `G: contraction { order i k; lanes k; tile i 4; tile k 4; pack; parallel k ${fork} }`;
          check(text, real, [n, p, t], [whole(n * p, 1), whole(n * t, 2), whole(n, 3)], steps);
        }
  });

  it("moves the sums of many blocks to higher levels", () => {
    const [n, p] = [256 * 129 + 3, 4];
    const text = `size n size p param X: f64[n, p] param Y: f64[n, p] body {
      define i in 0..p, j in 0..p: result G: f64[p, p] = sum[l in 0..n](X[l, i] * Y[l, j])
    } result "G" = array G`;
    check(text, "f64", [n, p], [whole(n * p, 1), whole(n * p, 2)]);
  });

  it("follows tiles that are given by hand, and refuses those that are wrong", () => {
    const text = matrices["A B"];
    const arrays = [whole(9 * 8, 1), whole(8 * 10, 2)];
    const given = "C: contraction { order i j; lanes j; tile i 2; tile j 12; pack }";
    const own = check(text, "f32", [9, 10, 8], arrays);
    const hand = check(text, "f32", [9, 10, 8], arrays, given);
    expect(printSchedule(hand.schedule).trim()).toBe(given);
    expect(accumulators(own.f.body)).toBe(8);
    expect(accumulators(hand.f.body)).toBe(6);
    expect(buffersIn(hand.f.body).length).toBe(buffersIn(own.f.body).length);
    for (const [wrong, why] of [
      ["C: contraction { tile j 3; pack }", /multiple of 4/],
      ["C: contraction { tile q 4; pack }", /no axis q/],
      ["C: contraction { mirror; pack }", /not symmetric/],
      ["D: map { }", /no site D/],
      ["C: map { order j }", /each axis once/],
      ["C: contraction { tile j; pack }", /no step/],
    ] as const)
      expect(() => check(text, "f32", [9, 10, 8], arrays, wrong)).toThrowError(
        expect.objectContaining({ constructor: ScheduleError, message: expect.stringMatching(why) }),
      );
  });
});

/** Vector sums that the loop over the inner axis carries. */
function accumulators(body: Parameters<typeof walkBlock>[0]): number {
  let most = 0;
  walkBlock(body, (s) => {
    if (s.kind !== "for" || s.step !== 1 || s.body.some((x) => x.kind === "for")) return;
    most = Math.max(most, s.body.filter((x) => x.kind === "set" && x.var.type.lanes > 1).length);
  });
  return most;
}
