// Results held against scikit-learn's (fixtures/*.json). Double precision: 1e-9 of the largest entry, where the problem's condition allows it. Single
// precision: within what rounding may do, from the unit roundoff, the number of roundings and the condition that the fixture states.
import { describe, expect, it } from "vitest";
import { KMeans, type KMeansParams } from "../../estimators/cluster/index.js";
import {
  LinearRegression,
  type LinearRegressionParams,
  Ridge,
  type RidgeParams,
} from "../../estimators/linear_model/index.js";
import { StandardScaler, type StandardScalerParams } from "../../estimators/preprocessing/index.js";
import type { NDArray, Nested } from "../../src/runtime/ndarray.js";
import { placeOn, settings } from "../settings.js";
import { cases, expectNear, flat, largest, norm, shapeOf } from "./fixtures.js";

interface Case<P> {
  readonly X: readonly (readonly number[])[];
  readonly sampleWeight: readonly number[] | null;
  readonly params: Partial<P>;
  readonly transform: Nested;
}

interface ScalerCase extends Case<StandardScalerParams> {
  readonly mean_: readonly number[] | null;
  readonly var_: readonly number[] | null;
  readonly scale_: readonly number[] | null;
  readonly nSamplesSeen_: Nested | null;
}

interface LinearCase<P> extends Case<P> {
  readonly y: Nested;
  readonly coef_: Nested;
  readonly intercept_: Nested;
  readonly predict: Nested;
  /** How far the coefficients move for a relative change of one in the data. */
  readonly sensitivity: number;
}

interface KMeansCase extends Case<KMeansParams> {
  readonly clusterCenters_: Nested;
  readonly labels_: readonly number[];
  readonly inertia_: number;
  readonly nIter_: number;
  readonly score: number;
}

const column = (X: Case<unknown>["X"], j: number): number[] => X.map((row) => row[j] ?? Number.NaN);

describe.each(settings)("$name", (setting) => {
  const { dtype, unit } = setting;
  const double = dtype === "float64";
  const place = placeOn(setting);
  const weightsOf = async (c: { readonly sampleWeight: readonly number[] | null }) =>
    c.sampleWeight ? { sampleWeight: await place(c.sampleWeight) } : {};

  it("StandardScaler", async () => {
    for (const c of cases<ScalerCase>("standard_scaler")) {
      const model = await new StandardScaler(c.params).fit(await place(c.X), undefined, await weightsOf(c));
      const [n = 0, p = 0] = shapeOf(c.X);
      // Entries are rounded when they are placed; a mean takes at most n roundings more.
      const entry = (j: number) => unit * largest(column(c.X, j));
      const mean = (j: number) => (n + 4) * entry(j);
      const deviation = (j: number) => Math.sqrt(c.var_?.[j] ?? 0);
      const variance = (j: number) =>
        (2 * n + 8) * unit * deviation(j) ** 2 + 4 * deviation(j) * mean(j) + 2 * mean(j) ** 2;
      const scale = (j: number) => (deviation(j) > 0 ? variance(j) / deviation(j) + unit * deviation(j) : 0);
      await expectNear("mean_", model.mean_, c.mean_, mean);
      await expectNear("var_", model.var_, c.var_, variance);
      await expectNear("scale_", model.scale_, c.scale_, scale);
      if (c.nSamplesSeen_ !== null)
        await expectNear(
          "nSamplesSeen_",
          model.nSamplesSeen_,
          c.nSamplesSeen_,
          2 * n * unit * largest(c.nSamplesSeen_),
        );
      const wanted = flat(c.transform);
      const data = await place(c.X);
      const transformed = await model.transform(data);
      await expectNear("transform", transformed, c.transform, (k) => {
        const j = k % p;
        const by = c.scale_?.[j] ?? 1;
        return (entry(j) + mean(j)) / by + Math.abs(wanted[k] ?? 0) * (scale(j) / by + 4 * unit);
      });
      await expectNear(
        "inverse",
        await model.inverseTransform(transformed),
        await data.toArray(),
        (k) => 8 * entry(k % p) + 8 * unit,
      );
    }
  });

  /** A bound that allows anything is no check: how many said something. */
  async function checkLinear<P>(
    list: readonly LinearCase<P>[],
    train: (c: LinearCase<P>, X: NDArray, y: NDArray) => Promise<Ridge | LinearRegression>,
  ): Promise<void> {
    let telling = 0;
    for (const c of list) {
      const X = await place(c.X);
      const model = await train(c, X, await place(c.y));
      const [n = 0, p = 0] = shapeOf(c.X);
      const bound = (n + p + 8) * unit * c.sensitivity;
      if (bound < 0.1 * largest(c.coef_)) telling++;
      await expectNear("coef_", model.coef_, c.coef_, bound);
      const means = Math.sqrt(p) * largest(c.X);
      const shift = bound * means + (n + p + 8) * unit * (means * norm(c.coef_) + largest(c.y));
      await expectNear("intercept_", model.intercept_, c.intercept_, shift);
      await expectNear("predict", await model.predict(X), c.predict, double ? 1e-9 * largest(c.predict) : 2 * shift);
    }
    expect(telling).toBeGreaterThan(list.length / 2);
  }

  it("Ridge", async () => {
    const list = cases<LinearCase<RidgeParams> & { readonly score: number }>("ridge");
    await checkLinear(list, async (c, X, y) => new Ridge(c.params).fit(X, y, await weightsOf(c)));
    if (!double) return;
    for (const c of list) {
      const model = await new Ridge(c.params).fit(c.X, c.y, await weightsOf(c));
      await expectNear("score", await model.score(c.X, c.y, await weightsOf(c)), c.score, 1e-9);
    }
  });

  it("LinearRegression", async () => {
    const list = cases<
      LinearCase<LinearRegressionParams> & { readonly rank_: number; readonly singular_: readonly number[] }
    >("linear_regression");
    await checkLinear(list, async (c, X, y) => {
      const model = await new LinearRegression(c.params).fit(X, y, await weightsOf(c));
      const wanted = list[list.indexOf(c as (typeof list)[number])]!;
      expect(model.rank_).toBe(wanted.rank_);
      const [n = 0, p = 0] = shapeOf(c.X);
      await expectNear(
        "singular_",
        model.singular_,
        wanted.singular_,
        (n + p + 8) * unit * norm(c.X) * Math.sqrt(largest(c.sampleWeight ?? 1)),
      );
      return model;
    });
  });

  it("KMeans", async () => {
    for (const c of cases<KMeansCase>("kmeans")) {
      const X = await place(c.X);
      const model = await new KMeans(c.params).fit(X, undefined, await weightsOf(c));
      expect(flat(await model.labels_.toArray())).toEqual(c.labels_);
      expect(model.nIter_).toBe(c.nIter_);
      const [n = 0, p = 0] = shapeOf(c.X);
      const total = c.sampleWeight ? c.sampleWeight.reduce((a, b) => a + b, 0) : n;
      // A centre is a mean of rounded entries; of a difference from it, each of p parts may be off by as much.
      const center = (n + 8) * unit * largest(c.X);
      const distance = 2 * Math.sqrt(p) * center;
      const inertia =
        2 * Math.sqrt(c.inertia_ * total) * distance + total * distance ** 2 + (n + p + 8) * unit * c.inertia_;
      await expectNear("centres", model.clusterCenters_, c.clusterCenters_, center);
      await expectNear("inertia", model.inertia_, c.inertia_, inertia);
      await expectNear("score", await model.score(X, undefined, await weightsOf(c)), c.score, inertia);
      await expectNear(
        "transform",
        await model.transform(await place(c.X.slice(0, 5))),
        c.transform,
        distance + (p + 4) * unit * largest(c.transform),
      );
      expect(flat(await (await model.predict(X)).toArray())).toEqual(c.labels_);
    }
  });
});
