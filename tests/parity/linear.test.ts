// Ridge by singular values held against scikit-learn's (fixtures/ridge_svd.json), and in single precision against the truth (fixtures/ridge_single.json).
import { describe, expect, it } from "vitest";
import { Ridge, type RidgeParams } from "../../estimators/linear_model/index.js";
import type { Nested } from "../../src/runtime/ndarray.js";
import { placeOn, settings } from "../settings.js";
import { cases, expectNear, flat, largest, norm, shapeOf } from "./fixtures.js";

interface SvdCase {
  readonly X: readonly (readonly number[])[];
  readonly y: Nested;
  readonly sampleWeight: readonly number[] | null;
  readonly params: Partial<RidgeParams>;
  readonly coef_: Nested;
  readonly intercept_: Nested;
  readonly predict: Nested;
  /** How far the coefficients move for a relative change of one in the data. */
  readonly sensitivity: number;
}

interface SingleCase {
  readonly X: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly alpha: number;
  readonly coef: readonly number[];
  readonly predict: readonly number[];
  /** How far scikit-learn is from them in single precision, relative in the norm. */
  readonly offCoef: number;
  readonly offPredict: number;
}

const distance = (found: readonly number[], wanted: readonly number[]): number =>
  norm(found.map((x, k) => x - (wanted[k] ?? Number.NaN))) / norm([...wanted]);

describe.each(settings)("Ridge by singular values on $name", (setting) => {
  const { dtype, unit } = setting;
  const place = placeOn(setting);

  it("gives scikit-learn's model", async () => {
    const list = cases<SvdCase>("ridge_svd");
    let telling = 0;
    for (const c of list) {
      const X = await place(c.X);
      const weights = c.sampleWeight ? { sampleWeight: await place(c.sampleWeight) } : {};
      const model = await new Ridge(c.params).fit(X, await place(c.y), weights);
      expect([model.solver_, model.nIter_]).toEqual(["svd", null]);
      const [n = 0, p = 0] = shapeOf(c.X);
      const bound = (n + p + 8) * unit * c.sensitivity;
      if (bound < 0.1 * largest(c.coef_)) telling++;
      await expectNear("coef_", model.coef_, c.coef_, bound);
      const means = Math.sqrt(p) * largest(c.X);
      const shift = bound * means + (n + p + 8) * unit * (means * norm(c.coef_) + largest(c.y));
      await expectNear("intercept_", model.intercept_, c.intercept_, shift);
      const predictions = Math.max(2 * shift, 1e-9 * largest(c.predict));
      await expectNear("predict", await model.predict(X), c.predict, dtype === "float64" ? predictions : 2 * shift);
    }
    expect(telling).toBeGreaterThan(list.length / 2);
  });
});

// The data are of single precision, in so many digits.
describe.each(settings.filter((s) => s.dtype === "float32"))("Ridge by singular values on $name", (setting) => {
  const { unit } = setting;
  const place = placeOn(setting);

  it("is no further from the truth than scikit-learn is in single precision", async () => {
    for (const c of cases<SingleCase>("ridge_single")) {
      const X = await place(c.X);
      const model = await new Ridge({ solver: "svd", alpha: c.alpha }).fit(X, await place(c.y));
      const coef = distance(flat(await model.coef_.toArray()), c.coef);
      const predictions = distance(flat(await (await model.predict(X)).toArray()), c.predict);
      // Stored predictions are rounded once more.
      expect(predictions).toBeLessThanOrEqual(c.offPredict + unit);
      // scikit-learn's decomposition is in double precision, of data that were centred in single precision.
      expect(coef).toBeLessThanOrEqual(c.offCoef);
    }
  });
});
