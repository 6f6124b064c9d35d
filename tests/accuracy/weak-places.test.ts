// Where libraries of arrays in single precision are known to go wrong: long sums, the variance of numbers far from zero, an ill-conditioned
// singular value decomposition, least squares with columns that are nearly one. Held to bounds that are computed, on every device.
import { expect, test } from "vitest";
import { LinearRegression } from "../../estimators/linear_model/index.js";
import { StandardScaler } from "../../estimators/preprocessing/index.js";
import { namespace } from "../../src/array/index.js";
import { RandomState } from "../../src/random/random_state.js";
import { disposeAll, type NDArray, scope } from "../../src/runtime/index.js";
import { placeOn, settings } from "../settings.js";

const singles = settings.filter((s) => s.dtype === "float32");

/** Additions that one element goes through at most in a sum by blocks of 256, blocks of 256 blocks, lanes and parts. */
const CHAIN = 2 * 256 + 64;

const numbers = async (a: NDArray): Promise<readonly number[]> => Array.from(await a.data());
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, k) => sum + x * (b[k] ?? 0), 0);

test.each(singles)("the sum of 20,000,000 ones: $name", async (setting) => {
  const ones = await placeOn(setting)({ data: new Float32Array(20_000_000).fill(1), shape: [20_000_000] });
  const total = await namespace(ones).sum(ones);
  // Every partial sum is a whole number, and those of parts are below 2^24: nothing is rounded but the last few.
  expect(await numbers(total)).toEqual([20_000_000]);
  disposeAll([ones, total]);
});

test.each(singles)("the variance of N(10,000, 1): $name", async (setting) => {
  const n = 100_000;
  const X = await placeOn(setting)({ data: new RandomState(0).normal(10_000, 1, n), shape: [n, 1] });
  const values = await numbers(X);
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const exact = values.reduce((a, x) => a + (x - mean) ** 2, 0) / n;
  const scaler = await new StandardScaler().fit(X);
  if (!scaler.var_) throw new Error("a scaler without variances");
  const [found = Number.NaN] = await numbers(scaler.var_);
  // The mean is off by a chain's roundings, which add up like a random walk (three standard deviations of it); the square of that adds to the
  // variance. The squares are added in such a chain again.
  const shift = 3 * Math.sqrt(CHAIN) * setting.unit * 10_000;
  expect(Math.abs(found - exact)).toBeLessThanOrEqual(CHAIN * setting.unit * exact + shift ** 2);
  scaler.dispose();
  X.dispose();
});

test.each(singles)("singular values at a condition of 1e5: $name", async (setting) => {
  const [n, p] = [200, 40];
  await scope(async (own) => {
    const random = new RandomState(1);
    const place = placeOn({ ...setting, kind: "cpu", dtype: "float64" });
    const draw = async (rows: number) => own(await place({ data: random.normal(0, 1, rows * p), shape: [rows, p] }));
    const [left, right] = [await draw(n), await draw(p)];
    const { linalg } = namespace(left);
    const [u, v] = [own(await linalg.qr(left)), own(await linalg.qr(right))];
    const wanted = Array.from({ length: p }, (_, k) => 10 ** ((-5 * k) / (p - 1)));
    const [U, V] = [await numbers(u.Q), await numbers(v.Q)];
    const data = Float64Array.from({ length: n * p }, (_, at) => {
      const [i, j] = [Math.floor(at / p), at % p];
      return wanted.reduce((sum, s, k) => sum + (U[i * p + k] ?? 0) * s * (V[j * p + k] ?? 0), 0);
    });
    const A = own(await placeOn(setting)({ data, shape: [n, p] }));
    const found = own(await namespace(A).linalg.svd(A, { fullMatrices: false }));
    const bound = 2 * (n + 1) * 2 * setting.unit;
    const s = await numbers(found.S);
    for (let k = 0; k < p; k++) expect(Math.abs((s[k] ?? 0) - (wanted[k] ?? 0))).toBeLessThanOrEqual(bound);
    const Q = await numbers(found.U);
    const column = (k: number): number[] => Array.from({ length: n }, (_, i) => Q[i * p + k] ?? 0);
    for (let a = 0; a < p; a++)
      for (let b = 0; b <= a; b++)
        expect(Math.abs(dot(column(a), column(b)) - (a === b ? 1 : 0))).toBeLessThanOrEqual(bound);
  });
});

test.each(singles)("least squares with two columns that are nearly one: $name", async (setting) => {
  const n = 500;
  const random = new RandomState(2);
  const [a, b, noise] = [random.normal(0, 1, n), random.normal(0, 1, n), random.normal(0, 0.1, n)];
  const data = Float64Array.from({ length: 2 * n }, (_, k) => (a[k >> 1] ?? 0) + (k % 2) * 1e-3 * (b[k >> 1] ?? 0));
  const X = await placeOn(setting)({ data, shape: [n, 2] });
  const y = await placeOn(setting)({ data: a.map((x, k) => 2 * x + (noise[k] ?? 0)), shape: [n] });
  const model = await new LinearRegression().fit(X, y);
  const [x, target, w] = [await numbers(X), await numbers(y), await numbers(model.coef_)];
  // At the least squares solution the residual is at right angles to the columns; what is left of the angle is a matter of rounding alone:
  // of the residual, whose terms are as large as |X| |w|, and of w, which moves the fitted values by its own rounding.
  const column = (j: number): number[] => Array.from({ length: n }, (_, i) => x[2 * i + j] ?? 0);
  const centred = (v: readonly number[]): number[] => {
    const m = v.reduce((s, e) => s + e, 0) / n;
    return v.map((e) => e - m);
  };
  const [c0, c1, t] = [centred(column(0)), centred(column(1)), centred(target)];
  const [w0 = Number.NaN, w1 = Number.NaN] = w;
  const residual = t.map((e, i) => e - (c0[i] ?? 0) * w0 - (c1[i] ?? 0) * w1);
  const norm = (v: readonly number[]): number => Math.sqrt(dot(v, v));
  const terms = norm(t) + norm(c0) * Math.abs(w0) + norm(c1) * Math.abs(w1);
  for (const c of [c0, c1])
    expect(Math.abs(dot(c, residual))).toBeLessThanOrEqual(CHAIN * setting.unit * norm(c) * terms);
  model.dispose();
  disposeAll([X, y]);
});
