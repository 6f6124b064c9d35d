// svd of std/svd: residuals and orthogonality within its stated bound, on matrices that are hard in their own ways, of whatever rank. Larger ones are
// in bounds.test.ts.
import { describe, expect, test } from "vitest";
import { asarray, type FloatDtype, type NDArray, scope } from "../../src/runtime/index.js";
import { general, matrix, type Rows } from "./matrices.js";
import { svdErrors, svdOf, svdvalsOf } from "./svd.fold";

/** What svd promises: errors of at most `C (p + 1) eps`, relative to the norm; `p` is the longer side. */
const C = 2;
const epsOf = (dtype: FloatDtype): number => (dtype === "float64" ? 2 ** -52 : 2 ** -23);

const inDouble = async (x: NDArray): Promise<NDArray> => asarray(await x.toArray(), { dtype: "float64" });

async function check(A: Rows, dtype: FloatDtype): Promise<readonly number[]> {
  const [m, n] = [A.length, A[0]?.length ?? 0];
  const k = Math.min(m, n);
  return scope(async (own) => {
    const X = own(await asarray(A, { dtype }));
    const { U, s, V } = own(await svdOf(X, k));
    const values = (await s.toArray()) as number[];
    for (let j = 0; j < k; j++) expect(values[j]).toBeLessThanOrEqual(values[j - 1] ?? Number.POSITIVE_INFINITY);
    expect(values[k - 1]).toBeGreaterThanOrEqual(0);
    // Errors are measured in double precision, so that measuring adds none to those of float32.
    const { residual, orthogonality } = await svdErrors(
      own(await inDouble(X)),
      own(await inDouble(U)),
      own(await inDouble(s)),
      own(await inDouble(V)),
    );
    const bound = C * (Math.max(m, n) + 1) * epsOf(dtype);
    expect(orthogonality).toBeLessThanOrEqual(bound);
    expect(residual).toBeLessThanOrEqual(bound * (values[0] ?? 0));
    return values;
  });
}

const shapes = [
  [1, 1],
  [2, 2],
  [3, 3],
  [8, 8],
  [33, 33],
  [1, 5],
  [5, 1],
  [9, 4],
  [4, 9],
  [70, 17],
  [17, 70],
] as const;

describe.each(["float64", "float32"] as const)("svd, %s", (dtype) => {
  const cases = Object.entries(general).flatMap(([name, make]) => shapes.map(([m, n]) => [name, m, n, make] as const));
  test.each(cases)("%s, %i x %i", async (_, m, n, make) => {
    await check(make(m, n), dtype);
  });

  test("finds what is known", async () => {
    const rank = await check(
      matrix(30, 12, () => 2),
      dtype,
    );
    rank.forEach((x, j) => {
      expect(Math.abs(x - (j === 0 ? 2 * Math.sqrt(360) : 0))).toBeLessThanOrEqual(C * 42 * epsOf(dtype) * 38);
    });
    const n = 25;
    const ones = await check(
      matrix(n, n, (i, j) => (i === j || i + 1 === j ? 1 : 0)),
      dtype,
    );
    ones.forEach((x, j) => {
      const exact = 2 * Math.cos(((j + 1) * Math.PI) / (2 * n + 1));
      expect(Math.abs(x - exact)).toBeLessThanOrEqual(C * 2 * n * epsOf(dtype) * 2);
    });
  });

  test("svdvals are the same", async () => {
    await scope(async (own) => {
      const X = own(await asarray(general.random?.(9, 14) ?? [], { dtype }));
      const { s } = own(await svdOf(X, 9));
      expect(await own(await svdvalsOf(X, 9)).toArray()).toEqual(await s.toArray());
    });
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %d", async (bad) => {
    await scope(async (own) => {
      const X = own(
        await asarray(
          matrix(12, 9, (i, j) => (i === 7 && j === 3 ? bad : 1)),
          { dtype },
        ),
      );
      await expect(
        (async () => {
          const { s } = own(await svdOf(X, 9));
          return s.toArray();
        })(),
      ).rejects.toThrow(/NaN or infinite/);
    });
  });

  test("of nothing is nothing", async () => {
    await scope(async (own) => {
      const { U, s, V } = own(await svdOf(own(await asarray(new Float64Array(0), { dtype, shape: [3, 0] })), 0));
      expect([U.shape, s.shape, V.shape]).toEqual([[3, 0], [0], [0, 0]]);
    });
  });
});
