// PCA held against scikit-learn's (fixtures/pca.json), within what rounding may do to singular values and vectors.
import { describe, expect, it } from "vitest";
import { PCA, type PCAParams } from "../../estimators/decomposition/index.js";
import type { Nested } from "../../src/runtime/ndarray.js";
import { placeOn, settings } from "../settings.js";
import { cases, expectNear, flat, largest, norm, shapeOf } from "./fixtures.js";

interface PcaCase {
  readonly X: readonly (readonly number[])[];
  readonly params: Partial<PCAParams>;
  readonly components_: readonly (readonly number[])[];
  readonly explainedVariance_: readonly number[];
  readonly explainedVarianceRatio_: readonly number[];
  readonly singularValues_: readonly number[];
  readonly mean_: readonly number[];
  readonly nComponents_: number;
  readonly noiseVariance_: number;
  /** How far the nearest other singular value is, in parts of the largest. */
  readonly gap: readonly number[];
  readonly transform: Nested;
  readonly inverse: Nested;
  readonly covariance?: Nested;
  readonly precision?: Nested;
  readonly scoreSamples?: Nested;
  readonly score?: number;
}

describe.each(settings)("PCA on $name", (setting) => {
  const { dtype, unit } = setting;
  const place = placeOn(setting);
  const list = cases<PcaCase>("pca").map((c) => [JSON.stringify([shapeOf(c.X), c.params]), c] as const);

  it.each(list)("%s", async (_, c) => {
    const X = await place(c.X);
    const model = await new PCA(c.params).fit(X);
    const [n = 0, p = 0] = shapeOf(c.X);
    const k = c.nComponents_;
    expect([model.nComponents_, model.nSamples_]).toEqual([k, n]);
    const whole = norm(c.X);
    const top = c.singularValues_[0] ?? 0;
    // The decomposition is that of data off by so much in the norm; of a Gram matrix, of one off by twice that times the norm.
    const off = (n + p + 8) * unit * whole;
    const value = (j: number): number => {
      const s = c.singularValues_[j] ?? 0;
      return Math.min((2 * off * whole) / Math.max(s, Number.MIN_VALUE), Math.sqrt(2 * off * whole)) + off;
    };
    const vector = (j: number): number =>
      (2 * off * whole) / ((c.gap[j] ?? 0) * top * (c.singularValues_[j] ?? 0)) + 4 * unit;
    // A direction in which there is nothing can be any.
    const directions = c.singularValues_.flatMap((s, j) => (s > 1e-6 * top ? [vector(j)] : []));
    const worst = Math.max(...directions);
    if (dtype === "float64") expect(worst).toBeLessThan(1e-9);
    const variance = (j: number): number => (2 * value(j) * (c.singularValues_[j] ?? 0) + value(j) ** 2) / (n - 1);
    const total = flat(c.explainedVariance_).reduce((a, b) => a + b, 0) + c.noiseVariance_ * (Math.min(n, p) - k);
    const spread = (2 * off * whole) / (n - 1);
    await expectNear("mean_", model.mean_, c.mean_, (n + 4) * unit * largest(c.X));
    await expectNear("singularValues_", model.singularValues_, c.singularValues_, value);
    await expectNear("explainedVariance_", model.explainedVariance_, c.explainedVariance_, variance);
    await expectNear(
      "explainedVarianceRatio_",
      model.explainedVarianceRatio_,
      c.explainedVarianceRatio_,
      (j) => (variance(j) + 2 * p * spread) / total,
    );
    await expectNear("noiseVariance_", model.noiseVariance_, c.noiseVariance_, 2 * p * spread);
    await expectNear("components_", model.components_, c.components_, (at) => vector(Math.floor(at / p)));

    const rows = await place(c.X.slice(0, 4));
    const reach = norm(c.X.slice(0, 4)) + norm(c.mean_) * 2;
    const by = (j: number): number => (c.params.whiten ? Math.sqrt(c.explainedVariance_[j] ?? 1) : 1);
    const coordinate = (j: number): number =>
      (reach * (vector(j) + (p + 8) * unit)) / by(j) +
      (c.params.whiten ? (reach * value(j)) / (c.singularValues_[j] ?? 1) / by(j) : 0);
    const found = await model.transform(rows);
    await expectNear("transform", found, c.transform, (at) => coordinate(at % k));
    const back = k * (worst + (2 * coordinate(0)) / reach + (p + 8) * unit) * reach * 2;
    await expectNear("inverse", await model.inverseTransform(found), c.inverse, back);

    if (c.covariance === undefined || c.precision === undefined) return;
    const covariance = 4 * p * (spread + worst * (c.explainedVariance_[0] ?? 0));
    await expectNear("covariance", await model.getCovariance(), c.covariance, covariance);
    // |C^-1 - D^-1| <= |C^-1| |C - D| |D^-1|.
    const precision = 2 * norm(c.precision) ** 2 * p * covariance;
    await expectNear("precision", await model.getPrecision(), c.precision, precision);
    const likelihood = reach ** 2 * precision + p * covariance * norm(c.precision) + p * (p + 8) * unit * 16;
    await expectNear("scoreSamples", await model.scoreSamples(rows), c.scoreSamples ?? null, likelihood);
    const mean = (whole + norm(c.mean_) * Math.sqrt(n)) ** 2 * precision + p * covariance * norm(c.precision);
    await expectNear("score", await model.score(X), c.score ?? null, mean + p * (p + 8) * unit * 16);
  });
});
