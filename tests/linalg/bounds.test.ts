// Factorisations of matrices of 1 to 600 rows that are hard in their own ways: each column of a residual, in the 2-norm, is within `c (p + 1) eps` of
// the 2-norms of what it is made of, with `p` the longer side, and the columns of `Q'Q - I` within `c (p + 1) eps` of zero. One `c` for all.
import { describe, expect, test } from "vitest";
import { type Namespace, namespace } from "../../src/array/index.js";
import { asarray } from "../../src/runtime/asarray.js";
import { device } from "../../src/runtime/devices.js";
import type { FloatDtype } from "../../src/runtime/dtype.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { type Own, scope } from "../../src/runtime/scope.js";
import { eigvalshOf } from "./eigen.fold";
import { definite, type Made, normOf, rectangular, square } from "./large.js";
import {
  columnNorms,
  inverseErrors,
  normalErrors,
  orthogonalityErrors,
  productErrors,
  scaleColumns,
} from "./residuals.fold";
import { svdvalsOf } from "./svd.fold";

const c = 2;
const sides = [1, 2, 3, 17, 64, 65, 129, 300, 301, 600];
const fewer = [1, 2, 3, 17, 65, 300, 600];
const shapes: readonly (readonly [number, number])[] = [
  [1, 9],
  [9, 1],
  [17, 4],
  [40, 300],
  [300, 40],
  [600, 129],
  [500, 400],
];

/** What is measured, in double precision: measuring adds nothing to the errors of single precision. */
interface Bench {
  readonly own: Own;
  readonly xp: Namespace;
  readonly A: NDArray;
  readonly exact: NDArray;
  /** The 2-norm of `A`. */
  readonly norm: number;
  /** `(p + 1) eps`. */
  readonly unit: number;
  readonly wide: (a: NDArray) => Promise<NDArray>;
  /** Columns of the dtype of `A`, and how long they are. */
  readonly columns: (m: number, k: number) => Promise<{ readonly B: NDArray; readonly b: NDArray }>;
}

async function on(made: Made, dtype: FloatDtype, run: (bench: Bench) => Promise<void>): Promise<void> {
  const xp = namespace(await device("cpu"));
  await scope(async (own) => {
    const wide = async (a: NDArray): Promise<NDArray> =>
      a.dtype === "float64" ? a : own(await asarray(a, { dtype: "float64" }));
    const A = own(await asarray(made, { dtype }));
    const unit = (Math.max(...made.shape) + 1) * (dtype === "float64" ? 2 ** -52 : 2 ** -23);
    const columns: Bench["columns"] = async (m, k) => {
      const data = Float64Array.from({ length: m * k }, (_, i) => Math.cos(i * i));
      const B = own(await asarray({ data, shape: [m, k] }, { dtype }));
      return { B, b: await wide(B) };
    };
    await run({ own, xp, A, exact: await wide(A), norm: await normOf(made), unit, wide, columns });
  });
}

const list = async (a: NDArray): Promise<number[]> => [...(await a.data())].map(Number);

/** Every error within `c (p + 1) eps` of its scale. */
async function expectWithin({ own, unit }: Bench, what: string, errors: NDArray, scale: number | readonly number[]) {
  const found = await list(own(errors));
  const bounds = found.map((_, j) => c * unit * (typeof scale === "number" ? scale : (scale[j] ?? Number.NaN)));
  const worst = found.findIndex((x, j) => !(x <= (bounds[j] ?? Number.NaN)));
  expect(worst, `${what}: column ${worst} has an error of ${found[worst]}, above ${bounds[worst]}`).toBe(-1);
}

/** `|A| |x| + |b|` for each column: the size of what a residual is the difference of. */
async function sizesOf({ own, norm }: Bench, X: NDArray, B: NDArray): Promise<number[]> {
  const [x, b] = [await list(own(await columnNorms(X))), await list(own(await columnNorms(B)))];
  return x.map((v, j) => v * norm + (b[j] ?? 0));
}

function expectSame(found: readonly number[], wanted: readonly number[], { unit, norm }: Bench): void {
  expect(found.length).toBe(wanted.length);
  // Both are that far from the exact values.
  const worst = Math.max(...found.map((x, k) => Math.abs(x - (wanted[k] ?? Number.NaN))));
  expect(worst).toBeLessThanOrEqual(2 * c * unit * norm);
}

async function eigh(bench: Bench): Promise<void> {
  const { own, xp, A, exact, norm, wide } = bench;
  const { eigenvalues, eigenvectors } = own(await xp.linalg.eigh(A));
  const [w, V] = [await wide(eigenvalues), await wide(eigenvectors)];
  const values = await list(w);
  expect(values).toEqual([...values].sort((a, b) => a - b));
  await expectWithin(bench, "A V = V w", await productErrors(exact, V, own(await scaleColumns(V, w))), norm);
  await expectWithin(bench, "V'V = I", await orthogonalityErrors(V), 1);
  expectSame(await list(own(await eigvalshOf(A))), values, bench);
}

async function svd(bench: Bench): Promise<void> {
  const { own, xp, A, exact, norm, wide } = bench;
  const { U, S, Vh } = own(await xp.linalg.svd(A, { fullMatrices: false }));
  const [u, s, v] = [await wide(U), await wide(S), own(await xp.matrixTranspose(await wide(Vh)))];
  const values = await list(s);
  expect(values).toEqual([...values].sort((a, b) => b - a));
  expect(values.at(-1)).toBeGreaterThanOrEqual(0);
  const turned = own(await xp.matrixTranspose(exact));
  await expectWithin(bench, "A V = U s", await productErrors(exact, v, own(await scaleColumns(u, s))), norm);
  await expectWithin(bench, "A'U = V s", await productErrors(turned, u, own(await scaleColumns(v, s))), norm);
  await expectWithin(bench, "U'U = I", await orthogonalityErrors(u), 1);
  await expectWithin(bench, "V'V = I", await orthogonalityErrors(v), 1);
  expectSame(await list(own(await svdvalsOf(A, values.length))), values, bench);
}

async function qr(bench: Bench): Promise<void> {
  const { own, xp, A, exact, wide } = bench;
  const { Q, R } = own(await xp.linalg.qr(A));
  const q = await wide(Q);
  // By its own norm: a small column has a small error.
  const lengths = await list(own(await columnNorms(exact)));
  await expectWithin(bench, "Q R = A", await productErrors(q, await wide(R), exact), lengths);
  await expectWithin(bench, "Q'Q = I", await orthogonalityErrors(q), 1);
}

async function cholesky(bench: Bench): Promise<void> {
  const { own, xp, A, exact, norm, wide } = bench;
  const L = await wide(own(await xp.linalg.cholesky(A)));
  await expectWithin(bench, "L L' = A", await productErrors(L, own(await xp.matrixTranspose(L)), exact), norm);
}

async function solve(bench: Bench): Promise<void> {
  const { own, xp, A, exact, wide, columns } = bench;
  const n = A.shape[0] ?? 0;
  for (const count of [2, 11]) {
    const { B, b } = await columns(n, count);
    const X = await wide(own(await xp.linalg.solve(A, B)));
    await expectWithin(bench, "A X = B", await productErrors(exact, X, b), await sizesOf(bench, X, b));
  }
  const inverse = await wide(own(await xp.linalg.inv(A)));
  const I = own(await xp.eye(n, n, { dtype: "float64" }));
  await expectWithin(bench, "A inv = I", await productErrors(exact, inverse, I), await sizesOf(bench, inverse, I));
}

async function lstsq(bench: Bench): Promise<void> {
  const { own, xp, A, exact, norm, wide, columns } = bench;
  const { B, b } = await columns(A.shape[0] ?? 0, 3);
  const { solution, rank, singularValues } = own(await xp.linalg.lstsq(A, B));
  const X = await wide(solution);
  const sizes = await sizesOf(bench, X, b);
  await expectWithin(
    bench,
    "A'(B - A X) = 0",
    await normalErrors(exact, X, b),
    sizes.map((v) => norm * v),
  );
  const P = await wide(own(await xp.linalg.pinv(A)));
  const size = 1 / ((await list(singularValues))[rank - 1] ?? Number.NaN);
  await expectWithin(bench, "A P A = A", await inverseErrors(exact, P), norm ** 2 * size);
  await expectWithin(bench, "P A P = P", await inverseErrors(P, exact), size ** 2 * norm);
}

describe.each(["float64", "float32"] as const)("%s", (dtype) => {
  describe.each(Object.entries(square))("%s", (name, make) => {
    test.each(sides)("eigh, %i", async (n) => on(await make(n), dtype, eigh));
    test.each(fewer)("svd, %i", async (n) => on(await make(n), dtype, svd));
    test.each(fewer)("qr, %i", async (n) => on(await make(n), dtype, qr));
    // Two decompositions each: the largest size for two kinds.
    test.each(fewer.filter((n) => n < 600 || ["random", "of rank n/3"].includes(name)))(
      "lstsq and pinv, %i",
      async (n) => on(await make(n), dtype, lstsq),
    );
  });

  describe.each(Object.entries(rectangular))("%s", (_, make) => {
    test.each(shapes)("svd, %i x %i", async (m, n) => on(await make(m, n), dtype, svd));
    test.each(shapes)("qr, %i x %i", async (m, n) => on(await make(m, n), dtype, qr));
    test.each(shapes)("lstsq and pinv, %i x %i", async (m, n) => on(await make(m, n), dtype, lstsq));
  });

  describe.each(Object.entries(square).filter(([name]) => name !== "of rank n/3"))("%s", (_, make) => {
    test.each(fewer)("solve and inv, %i", async (n) => on(await make(n), dtype, solve));
  });

  test.each(fewer)("solve of rank n/3, %i: within the bound, or refused", async (n) => {
    const made = on((await square["of rank n/3"]?.(n)) as Made, dtype, solve);
    // Rounding makes most of them regular.
    await made.catch((error) => expect(error).toMatchObject({ code: "R01" }));
  });

  describe.each(Object.entries(definite))("%s", (_, make) => {
    test.each(fewer)("cholesky, %i", async (n) => on(await make(n), dtype, cholesky));
  });
});
