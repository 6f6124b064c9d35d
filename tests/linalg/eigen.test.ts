// eigh of std/eigen: residuals and orthogonality within its stated bound, on matrices that are hard in their own ways. Larger ones are in bounds.test.ts.
import { describe, expect, test } from "vitest";
import { asarray, type FloatDtype, type NDArray, scope } from "../../src/runtime/index.js";
import { eighErrors, eighOf, eigvalshOf } from "./eigen.fold";
import { matrix, type Rows, symmetric } from "./matrices.js";

/** What eigh promises: errors of at most `C n eps`, relative to the norm. */
const C = 2;
const epsOf = (dtype: FloatDtype): number => (dtype === "float64" ? 2 ** -52 : 2 ** -23);

const inDouble = async (x: NDArray): Promise<NDArray> => asarray(await x.toArray(), { dtype: "float64" });

async function check(A: Rows, dtype: FloatDtype): Promise<readonly number[]> {
  const n = A.length;
  return scope(async (own) => {
    const X = own(await asarray(A, { dtype }));
    const { values, vectors } = own(await eighOf(X));
    const lambda = (await values.toArray()) as number[];
    for (let k = 1; k < n; k++) expect(lambda[k]).toBeGreaterThanOrEqual(lambda[k - 1] ?? 0);
    const norm = Math.max(...lambda.map(Math.abs));
    // Errors are measured in double precision, so that measuring adds none to those of float32.
    const wide = [own(await inDouble(X)), own(await inDouble(values)), own(await inDouble(vectors))] as const;
    const { residual, orthogonality } = await eighErrors(...wide);
    expect(orthogonality).toBeLessThanOrEqual(C * n * epsOf(dtype));
    expect(residual).toBeLessThanOrEqual(C * n * epsOf(dtype) * norm);
    return lambda;
  });
}

describe.each(["float64", "float32"] as const)("eigh, %s", (dtype) => {
  const cases = Object.entries(symmetric).flatMap(([name, make]) =>
    [1, 2, 3, 5, 8, 17, 63, 64, 65, 110].map((n) => [name, n, make] as const),
  );
  test.each(cases)("%s, %i", async (_, n, make) => {
    await check(make(n), dtype);
  });

  test("the values alone are the same", async () => {
    for (const n of [1, 20, 90]) {
      const A = symmetric.Wilkinson?.(n) ?? [];
      const values = await check(A, dtype);
      await scope(async (own) => {
        const alone = (await own(await eigvalshOf(own(await asarray(A, { dtype })))).toArray()) as number[];
        alone.forEach((x, k) => {
          expect(Math.abs(x - (values[k] ?? 0))).toBeLessThanOrEqual(2 * C * n * epsOf(dtype) * (values[n - 1] ?? 0));
        });
      });
    }
  });

  test("finds what is known", async () => {
    const n = 40;
    const ones = await check(
      matrix(n, n, (i, j) => (i === j ? 2 : 1)),
      dtype,
    );
    const bound = C * n * epsOf(dtype) * (n + 1);
    ones.forEach((x, k) => {
      expect(Math.abs(x - (k === n - 1 ? n + 1 : 1))).toBeLessThanOrEqual(bound);
    });
    const second = await check(
      matrix(n, n, (i, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)),
      dtype,
    );
    second.forEach((x, k) => {
      const exact = 4 * Math.sin(((k + 1) * Math.PI) / (2 * (n + 1))) ** 2;
      expect(Math.abs(x - exact)).toBeLessThanOrEqual(C * n * epsOf(dtype) * 4);
    });
  });

  test("reads the lower triangle alone", async () => {
    const A = symmetric.random?.(12) ?? [];
    const lower = matrix(12, 12, (i, j) => (j <= i ? (A[i]?.[j] ?? 0) : Number.NaN));
    await scope(async (own) => {
      const whole = own(await eighOf(own(await asarray(A, { dtype }))));
      const half = own(await eighOf(own(await asarray(lower, { dtype }))));
      expect(await half.values.toArray()).toEqual(await whole.values.toArray());
      expect(await half.vectors.toArray()).toEqual(await whole.vectors.toArray());
    });
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %d", async (bad) => {
    await scope(async (own) => {
      const X = own(
        await asarray(
          matrix(20, 20, (i, j) => (i === 7 && j === 3 ? bad : 1)),
          { dtype },
        ),
      );
      await expect(
        (async () => {
          const { values } = own(await eighOf(X));
          return values.toArray();
        })(),
      ).rejects.toThrow(/NaN or infinite/);
    });
  });

  test("of nothing is nothing", async () => {
    await scope(async (own) => {
      const { values, vectors } = own(await eighOf(own(await asarray(new Float64Array(0), { dtype, shape: [0, 0] }))));
      expect(values.shape).toEqual([0]);
      expect(vectors.shape).toEqual([0, 0]);
    });
  });
});
