// `xp.linalg` by residuals, on every device and floating type: within `c n eps` of the size of what is factored, `c` = 8. Refusals, and nothing left behind.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { namespace } from "../../src/array/index.js";
import type { Device } from "../../src/runtime/device.js";
import { device } from "../../src/runtime/devices.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { disposeAll } from "../../src/runtime/scope.js";
import { placeOn, settings } from "../settings.js";

type Matrix = number[][];
const table = (m: number, n: number, entry: (i: number, j: number) => number): Matrix =>
  Array.from({ length: m }, (_, i) => Array.from({ length: n }, (_, j) => entry(i, j)));
const columnsOf = (A: Matrix, n = A[0]?.length ?? 0) => n;
const transposed = (A: Matrix, n = columnsOf(A)): Matrix => table(n, A.length, (i, j) => A[j]?.[i] ?? 0);
const times = (A: Matrix, B: Matrix, n = columnsOf(B)): Matrix =>
  table(A.length, n, (i, j) => (A[i] ?? []).reduce((s, a, k) => s + a * (B[k]?.[j] ?? 0), 0));
const identity = (n: number): Matrix => table(n, n, (i, j) => (i === j ? 1 : 0));
/** The largest sum of a row's absolute values. */
const size = (A: Matrix): number =>
  A.reduce(
    (m, r) =>
      Math.max(
        m,
        r.reduce((s, x) => s + Math.abs(x), 0),
      ),
    0,
  );
const apart = (A: Matrix, B: Matrix): number => {
  expect([A.length, columnsOf(A)]).toEqual([B.length, columnsOf(B)]);
  return size(A.map((r, i) => r.map((x, j) => x - (B[i]?.[j] ?? Number.NaN))));
};
/** Entries between -1 and 1 that every floating type holds, the same each time. */
const scattered = (m: number, n: number): Matrix =>
  table(m, n, (i, j) => (((i * 7919 + j * 104729 + i * j * 31) % 2003) - 1001) / 1024);
const hilbert = (n: number): Matrix => table(n, n, (i, j) => Math.fround(1 / (i + j + 1)));
const graded = (n: number): Matrix => scattered(n, n).map((r, i) => r.map((x, j) => x * 2 ** -(i + (j >> 1))));
const definite = (A: Matrix): Matrix =>
  times(A, transposed(A)).map((r, i) => r.map((x, j) => Math.fround(x / 16) + (i === j ? A.length / 8 : 0)));

describe.each(settings)("$name", (setting) => {
  const place = placeOn(setting);
  const within = (n: number): number => 8 * Math.max(n, 1) * 2 * setting.unit;
  const onGpu = setting.kind === "webgpu";
  let there: Device;
  let before = 0;
  const made: unknown[] = [];
  const keep = <T>(value: T): T => {
    made.push(value);
    return value;
  };
  const read = async (a: NDArray): Promise<Matrix> => (await keep(a).toArray()) as Matrix;
  const put = async (A: Matrix, n = columnsOf(A)): Promise<NDArray> =>
    keep(await place(A.flat(), { shape: [A.length, n] }));
  const linalg = () => namespace(there).linalg;
  beforeEach(async () => {
    there = await device(setting.kind);
    before = there.liveBytes;
  });
  afterEach(() => {
    disposeAll(made.splice(0));
    expect(there.liveBytes).toBe(before);
  });
  const sides = onGpu ? [1, 5, 40] : [0, 1, 2, 5, 31, 33, 70];

  test("cholesky", async () => {
    for (const n of sides) {
      const A = definite(scattered(n, n));
      const L = await read(await linalg().cholesky(await put(A, n)));
      expect(L.every((r, i) => r.every((x, j) => j <= i || x === 0))).toBe(true);
      expect(apart(times(L, transposed(L, n), n), A)).toBeLessThanOrEqual(within(n) * size(A));
      expect(await read(await linalg().cholesky(await put(A, n), { upper: true }))).toEqual(n ? transposed(L) : []);
    }
  });

  test("solve, inv, det and slogdet", async () => {
    for (const n of sides)
      for (const A of [scattered(n, n), graded(Math.min(n, 20))]) {
        const B = scattered(A.length, 11).map((r) => r.map((x) => x + 1));
        const a = await put(A, A.length);
        for (const columns of [11, 2]) {
          const b = B.map((r) => r.slice(0, columns));
          const X = await read(await linalg().solve(a, await put(b, columns)));
          const scale = size(A) * size(X) + size(b);
          expect(apart(times(A, X, columns), b)).toBeLessThanOrEqual(within(A.length) * scale);
        }
        const I = await read(await linalg().inv(a));
        const bound = within(A.length) * size(A) * size(I);
        expect(apart(times(A, I, A.length), identity(A.length))).toBeLessThanOrEqual(bound);
        const value = Number(await keep(await linalg().det(a)).toArray());
        const { sign, logabsdet } = keep(await linalg().slogdet(a));
        const log = Number(await logabsdet.toArray());
        // The determinant of a graded matrix leaves the range, its logarithm does not.
        if (Math.abs(value) < 1e-30) continue;
        expect(await sign.toArray()).toBe(Math.sign(value));
        expect(Math.abs(log - Math.log(Math.abs(value)))).toBeLessThanOrEqual(
          bound + 2 * within(A.length) * Math.max(1, Math.abs(log)),
        );
      }
    expect(
      await keep(
        await linalg().det(
          await put([
            [2, 1],
            [4, 3],
          ]),
        ),
      ).toArray(),
    ).toBeCloseTo(2, 5);
  });

  test("qr of every shape, whatever its rank", async () => {
    const low = scattered(60, 2).map(([a = 0, b = 0]) => [a, b, a + b, 0, a - b]);
    const near = scattered(90, 3).map(([a = 0, b = 0, c = 0]) => [a, Math.fround(a + b * 2 ** -9), c]);
    const matrices = [scattered(40, 5), scattered(7, 40), low, near, hilbert(12), scattered(1, 1), scattered(33, 33)];
    for (const A of onGpu ? matrices.slice(0, 5) : [...matrices, scattered(150, 36)])
      for (const mode of ["reduced", "complete"] as const) {
        const { Q, R } = await linalg().qr(await put(A), { mode });
        const [q, r] = [await read(Q), await read(R)];
        const [m, n] = [A.length, columnsOf(A)];
        expect(Q.shape).toEqual([m, mode === "complete" ? m : Math.min(m, n)]);
        expect(R.shape).toEqual([Q.shape[1], n]);
        expect(r.every((row, i) => row.every((x, j) => i <= j || x === 0))).toBe(true);
        expect(apart(times(q, r), A)).toBeLessThanOrEqual(within(m + n) * size(A));
        expect(apart(times(transposed(q), q), identity(columnsOf(q)))).toBeLessThanOrEqual(within(m + n));
      }
  });

  test("svd, pinv, lstsq, rank and norms", async () => {
    const matrices = [
      scattered(30, 4),
      scattered(3, 9),
      scattered(8, 8),
      hilbert(6),
      scattered(20, 2).map(([a = 0, b = 0]) => [a, b, a + b]),
    ];
    for (const A of matrices) {
      const a = await put(A);
      const [m, n] = [A.length, columnsOf(A)];
      const bound = within(m + n);
      for (const fullMatrices of [true, false]) {
        const { U, S, Vh } = await linalg().svd(a, { fullMatrices });
        const [u, v, s] = [await read(U), await read(Vh), (await keep(S).toArray()) as number[]];
        expect([U.shape, Vh.shape]).toEqual(
          fullMatrices
            ? [
                [m, m],
                [n, n],
              ]
            : [
                [m, s.length],
                [s.length, n],
              ],
        );
        const D = table(columnsOf(u), v.length, (i, j) => (i === j ? (s[i] ?? 0) : 0));
        expect(apart(times(times(u, D), v), A)).toBeLessThanOrEqual(bound * size(A) * 4);
        expect(apart(times(transposed(u), u), identity(columnsOf(u)))).toBeLessThanOrEqual(bound * 2);
        expect(apart(times(v, transposed(v)), identity(v.length))).toBeLessThanOrEqual(bound * 2);
        expect(s).toEqual([...s].sort((x, y) => y - x));
        const two = Number(await keep(await linalg().matrixNorm(a, { ord: 2 })).toArray());
        expect(two).toBeCloseTo(s[0] ?? 0, 4);
      }
      const P = await read(await linalg().pinv(a));
      expect(apart(times(times(A, P), A), A)).toBeLessThanOrEqual(bound * size(A) ** 2 * size(P) * 4);
      const { solution, rank, singularValues } = keep(await linalg().lstsq(a, await put(identity(m))));
      expect(apart((await solution.toArray()) as Matrix, P)).toBeLessThanOrEqual(bound * size(A) * size(P) ** 2 * 4);
      expect(await keep(await linalg().matrixRank(a)).toArray()).toBe(rank);
      expect(singularValues.shape).toEqual([Math.min(m, n)]);
    }
    const rankTwo = await put(matrices[4] ?? []);
    expect(await keep(await linalg().matrixRank(rankTwo)).toArray()).toBe(2);
  });

  test("eigenvalues of a symmetric matrix", async () => {
    const A = definite(scattered(9, 9));
    const lower = A.map((r, i) => r.map((x, j) => (j <= i ? x : 77)));
    const { eigenvalues, eigenvectors } = await linalg().eigh(await put(lower));
    const [w, V] = [(await keep(eigenvalues).toArray()) as number[], await read(eigenvectors)];
    expect(
      apart(
        times(A, V),
        V.map((r) => r.map((x, j) => x * (w[j] ?? 0))),
      ),
    ).toBeLessThanOrEqual(within(9) * size(A) * 4);
    expect(await keep(await linalg().eigvalsh(await put(lower))).toArray()).toEqual(w);
  });

  test("products, powers and norms", async () => {
    const a = await put([
      [1, 2],
      [3, 4],
    ]);
    const v = keep(await place([1, -2]));
    const near = async (found: Promise<NDArray>, wanted: unknown): Promise<void> => {
      expect(await keep(await found).toArray()).toEqual(wanted);
    };
    await near(linalg().matmul(a, a), [
      [7, 10],
      [15, 22],
    ]);
    await near(linalg().matmul(a, v), [-3, -5]);
    await near(linalg().matmul(v, a), [-5, -6]);
    await near(linalg().matmul(v, v), 5);
    await near(linalg().matrixPower(a, 3), [
      [37, 54],
      [81, 118],
    ]);
    await near(linalg().matrixPower(a, 0), [
      [1, 0],
      [0, 1],
    ]);
    await near(linalg().outer(v, v), [
      [1, -2],
      [-2, 4],
    ]);
    await near(linalg().tensordot(a, a, { axes: 1 }), [
      [7, 10],
      [15, 22],
    ]);
    await near(linalg().tensordot(a, a), 30);
    await near(linalg().vecdot(a, a), [5, 25]);
    await near(linalg().vecdot(a, a, { axis: 0 }), [10, 20]);
    await near(linalg().cross(keep(await place([[1, 0, 0]])), keep(await place([[0, 1, 0]]))), [[0, 0, 1]]);
    await near(linalg().diagonal(a, { offset: 1 }), [2]);
    await near(linalg().trace(a), 5);
    await near(linalg().matrixNorm(a, { ord: 1 }), 6);
    await near(linalg().matrixNorm(a, { ord: -1 }), 4);
    await near(linalg().matrixNorm(a, { ord: Number.POSITIVE_INFINITY }), 7);
    await near(linalg().vectorNorm(v, { ord: 1 }), 3);
    await near(linalg().vectorNorm(v, { ord: Number.NEGATIVE_INFINITY }), 1);
    await near(linalg().vectorNorm(v, { ord: 0, keepdims: true }), [2]);
    await near(
      linalg().vectorNorm(
        await put([
          [3, 5],
          [4, 12],
        ]),
        { axis: 0 },
      ),
      [5, 13],
    );
  });

  test("what can't be done is refused in words, and leaves nothing", async () => {
    const flawed = await put([
      [1, 2],
      [2, 1],
    ]);
    const singular = await put([
      [1, 2],
      [2, 4],
    ]);
    const missing = await put([
      [Number.NaN, 1],
      [1, 1],
    ]);
    const oblong = await put([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const outcome = async (call: Promise<unknown>): Promise<unknown> => {
      const result = keep(await call);
      return (result as NDArray).data();
    };
    await expect(outcome(linalg().cholesky(flawed))).rejects.toThrow(/not positive definite \(pivot -3 in column 1\)/);
    await expect(outcome(linalg().cholesky(missing))).rejects.toMatchObject({ code: "R01" });
    await expect(outcome(linalg().solve(singular, flawed))).rejects.toThrow(/singular \(pivot 0 in column 1\)/);
    await expect(outcome(linalg().inv(missing))).rejects.toMatchObject({ code: "R01" });
    await expect(outcome(linalg().svdvals(missing))).rejects.toMatchObject({ code: "R01" });
    for (const call of [linalg().cholesky, linalg().inv, linalg().det, linalg().eigh])
      await expect(call(oblong)).rejects.toThrow(/takes a square matrix, found float/);
    await expect(linalg().qr(keep(oblong.reshape([1, 2, 3])))).rejects.toThrow(/takes one matrix/);
    await expect(linalg().solve(flawed, keep(await place([1, 2, 3])))).rejects.toMatchObject({ code: "shape" });
    expect(await keep(await linalg().det(singular)).toArray()).toBeCloseTo(0, 12);
  });
});
