// Cross-validation and searches beyond their figures: failures, stopping, what is given back, what is refused, memory on both devices.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { asarray } from "../../src/runtime/asarray.js";
import { device } from "../../src/runtime/devices.js";
import { BifoldError } from "../../src/runtime/errors.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { disposeAll } from "../../src/runtime/scope.js";
import { placeOn, settings } from "../../tests/settings.js";
import { Estimator } from "../base.js";
import { KMeans } from "../cluster/index.js";
import { LinearRegression, Ridge } from "../linear_model/index.js";
import { makePipeline } from "../pipeline/index.js";
import { FunctionTransformer, StandardScaler } from "../preprocessing/index.js";
import {
  crossValidate,
  crossValPredict,
  crossValScore,
  GridSearchCV,
  KFold,
  ParameterGrid,
  ParameterSampler,
  RandomizedSearchCV,
  ShuffleSplit,
  StratifiedKFold,
  StratifiedShuffleSplit,
  trainTestSplit,
  uniform,
} from "./index.js";

const rows = Array.from({ length: 12 }, (_, i) => [i % 4, ((i * 7) % 5) / 2, i / 4]);
const target = rows.map(([a = 0, b = 0, c = 0], i) => 2 * a - b + c + (i % 2));

const live = async (): Promise<number[]> => [(await device("cpu")).liveBytes, (await device("webgpu")).liveBytes];
let before: number[] = [];
beforeEach(async () => {
  before = await live();
});
afterEach(async () => {
  expect(await live()).toEqual(before);
});

/** Fails where the first value of y is what it is told; else predicts 0. */
class Picky extends Estimator<{ failsAt: number; when: "fit" | "predict" }> {
  private first = Number.NaN;
  override get name() {
    return "Picky";
  }
  constructor(params: Partial<{ failsAt: number; when: "fit" | "predict" }> = {}) {
    super({ failsAt: -1, when: "fit" }, params);
  }
  async fit(_X: NDArray, y: NDArray): Promise<this> {
    [this.first = Number.NaN] = await y.data();
    this.fail("fit");
    this.learn({});
    return this;
  }
  async predict(X: NDArray): Promise<NDArray> {
    this.fail("predict");
    return asarray(new Float64Array(X.shape[0] ?? 0));
  }
  private fail(when: "fit" | "predict"): void {
    const { failsAt, when: at } = this.getParams();
    if (at === when && this.first === failsAt) throw new BifoldError("parameter", `picky about ${failsAt}`);
  }
}

/** Moves its data to the GPU. */
const move = () => new FunctionTransformer({ func: (X) => X.to("webgpu") });

describe.each(settings)("$name", (setting) => {
  const place = placeOn(setting);

  test("leaves memory as it was, call after call", async () => {
    using X = await place(rows);
    using y = await place(target);
    const pipeline = makePipeline(new StandardScaler(), new Ridge());
    const there = await live();
    for (let k = 0; k < 3; k++) {
      await crossValidate(pipeline, X, y, { cv: 3, returnTrainScore: true });
      expect(await live()).toEqual(there);
    }
  });

  test("moves nothing but indices, scalars and small arrays", async () => {
    using X = await place(Array.from({ length: 200 }, (_, i) => [i % 7, (i * i) % 11, i % 13]));
    using y = await place(Array.from({ length: 200 }, (_, i) => (i % 7) - ((i * i) % 11)));
    const there = await device(setting.kind);
    const [up, down] = [vi.spyOn(there, "upload"), vi.spyOn(there, "download")];
    await crossValidate(makePipeline(new StandardScaler(), new Ridge()), X, y, { cv: 4 });
    const sizes = up.mock.calls.map(([, bytes]) => bytes.byteLength);
    // Of each fold 150 and 50 indices; everything else is smaller than a column.
    expect(sizes.filter((bytes) => bytes >= 200)).toEqual(Array(4).fill([600, 200]).flat());
    expect(down.mock.calls.every(([storage]) => storage.bytes < 100)).toBe(true);
    up.mockRestore();
    down.mockRestore();
  });

  test("gives estimators and indices back, which score as they did", async () => {
    using X = await place(rows);
    using y = await place(target);
    const found = await crossValidate(new Ridge(), X, y, { cv: 3, returnEstimator: true, returnIndices: true });
    for (const [k, model] of (found.estimator ?? []).entries()) {
      const held = (a: readonly unknown[]) => [...(found.indices?.test[k] ?? [])].map((row) => a[row]);
      using part = await place(held(rows) as number[][]);
      using truth = await place(held(target) as number[]);
      expect(await model.score(part, truth)).toBe(found.testScore[k]);
    }
    expect(found.estimator?.length).toBe(3);
    expect([...(found.indices?.train[1] ?? [])]).toEqual([0, 1, 2, 3, 8, 9, 10, 11]);
    for (const model of found.estimator ?? []) model.dispose();
  });
});

test("scores by each of several scorers what is predicted once", async () => {
  const predict = vi.spyOn(Ridge.prototype, "predict");
  const scoring = {
    r2: "r2",
    largest: async (_e: unknown, _X: unknown, y: unknown) => (y as NDArray).shape[0] ?? 0,
    loss: "neg_mean_squared_error",
  } as const;
  const found = await crossValidate(new Ridge(), rows, target, { cv: 3, scoring });
  expect(predict).toHaveBeenCalledTimes(3);
  predict.mockRestore();
  expect(found.test_largest).toEqual([4, 4, 4]);
  expect(found.test_r2).toEqual(await crossValScore(new Ridge(), rows, target, { cv: 3, scoring: "r2" }));
  expect(Math.max(...found.test_loss)).toBeLessThanOrEqual(0);
  expect(found).not.toHaveProperty("testScore");
  expect(found).not.toHaveProperty("train_r2");
});

test("follows a step that moves the data: scores are where the predictions are", async () => {
  using X = await asarray(rows, { dtype: "float32" });
  using y = await asarray(target, { dtype: "float32" });
  const options = { cv: 3, scoring: ["r2", "neg_mean_absolute_error"], returnTrainScore: true } as const;
  const params = { ridge__sampleWeight: rows.map((_, i) => 1 + (i % 2)) };
  const there = await crossValidate(makePipeline(new StandardScaler(), move(), new Ridge()), X, y, {
    ...options,
    params,
  });
  const here = await crossValidate(makePipeline(new StandardScaler(), new Ridge()), X, y, { ...options, params });
  for (const name of ["test_r2", "train_neg_mean_absolute_error"] as const)
    for (const [k, score] of (there[name] ?? []).entries()) expect(score).toBeCloseTo(here[name]?.[k] ?? Number.NaN, 4);
  expect(there.test_r2.length).toBe(3);
  using search = new GridSearchCV({
    estimator: makePipeline(new StandardScaler(), move(), new Ridge()),
    paramGrid: { ridge__alpha: [1, 2] },
    cv: 2,
  });
  await search.fit(X, y);
  using predicted = await search.predict(X);
  expect(predicted.device.kind).toBe("webgpu");
  using folds = await crossValPredict(search.bestEstimator_, X, y, { cv: 3 });
  expect([folds.device.kind, folds.shape]).toEqual(["webgpu", [12]]);
});

test("cross-validates what has no target", async () => {
  const scores = await crossValScore(new KMeans({ nClusters: 2, randomState: 0 }), rows, undefined, { cv: 2 });
  expect(scores.map((s) => s < 0)).toEqual([true, true]);
});

test("takes splits that a user made", async () => {
  const cv = [
    { train: [0, 1, 2, 3, 4], test: [5, 6, 7] },
    { train: [7, 8, 9, 10, 11], test: [0, 1] },
  ];
  const found = await crossValScore(new Ridge(), rows, target, { cv });
  expect(await crossValScore(new Ridge(), rows, target, { cv: cv.map((s) => [s.train, s.test] as const) })).toEqual(
    found,
  );
  await expect(crossValPredict(new Ridge(), rows, target, { cv })).rejects.toMatchObject({
    code: "parameter",
    message: expect.stringContaining("in the test part of one split"),
  });
});

describe("a fold that fails", () => {
  const y = [5, ...target.slice(1, 6), 7, ...target.slice(7)];
  const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  beforeEach(() => warned.mockClear());

  // The folds are fitted on y that begins with 7 and with 5.
  test.each(["fit", "predict"] as const)("in %s has the score that is said, and a warning", async (when) => {
    const options = { cv: 2, scoring: "neg_mean_squared_error" } as const;
    const model = new Picky({ failsAt: 5, when });
    const found = await crossValidate(model, rows, y, { ...options, returnTrainScore: true, errorScore: -7 });
    expect([found.testScore[1], found.trainScore?.[1], Number.isFinite(found.testScore[0])]).toEqual([-7, -7, true]);
    expect(warned).toHaveBeenCalledWith(expect.stringMatching(/1 of 2 folds failed.*picky about 5.*are -7/));
    expect((await crossValScore(model, rows, y, options))[1]).toBeNaN();
    const { estimator } = await crossValidate(model, rows, y, { ...options, returnEstimator: true });
    expect(estimator?.map((e) => e.isFitted)).toEqual([true, when === "predict"]);
    await expect(crossValidate(model, rows, y, { ...options, errorScore: "raise" })).rejects.toThrow("picky about 5");
  });

  test("is thrown where all do", async () => {
    await expect(crossValidate(new Ridge({ alpha: -1 }), rows, target)).rejects.toMatchObject({
      code: "parameter",
      message: expect.stringMatching(/5 of 5 folds failed; the first: .*alpha/),
    });
    expect(warned).not.toHaveBeenCalled();
  });

  test("ranks last in a search, which goes on", async () => {
    const search = new GridSearchCV({ estimator: new Ridge(), paramGrid: { alpha: [-1, 0.5] }, cv: 2 });
    await search.fit(rows, target);
    expect(search.cvResults_.rankTestScore).toEqual([2, 1]);
    expect(search.bestParams_).toEqual({ alpha: 0.5 });
    search.dispose();
  });
});

test("stops before the next fold, and tells how far it is", async () => {
  const stop = new AbortController();
  const steps: number[] = [];
  const onProgress = ({ done, total }: { done: number; total: number }): void => {
    steps.push(done / total);
    if (done === 2) stop.abort(new Error("enough"));
  };
  const run = { onProgress, signal: stop.signal };
  await expect(crossValidate(new Ridge(), rows, target, { cv: 4, returnEstimator: true, ...run })).rejects.toThrow(
    "enough",
  );
  expect(steps).toEqual([0.25, 0.5]);
  await expect(crossValPredict(new Ridge(), rows, target, run)).rejects.toThrow("enough");
  const search = new GridSearchCV({ estimator: new Ridge(), paramGrid: { alpha: [1, 2] } });
  await expect(search.fit(rows, target, {}, run)).rejects.toThrow("enough");
  expect(search.isFitted).toBe(false);
});

describe("a search", () => {
  const grid = { estimator: makePipeline(new StandardScaler(), new Ridge()), paramGrid: { ridge__alpha: [1, 0.1] } };

  test("is the best estimator, and leaves the one that it was given alone", async () => {
    using search = await new GridSearchCV({ ...grid, cv: 3 }).fit(rows, target);
    expect(grid.estimator.isFitted).toBe(false);
    expect([search.isFitted, search.nFeaturesIn_, search.nSplits_]).toEqual([true, 3, 3]);
    using best = await grid.estimator.clone().setParams(search.bestParams_).fit(rows, target);
    using ours = await search.predict(rows);
    using theirs = await best.predict(rows);
    expect(await ours.toArray()).toEqual(await theirs.toArray());
    expect(search.getParams()).toHaveProperty("estimator__ridge__alpha", 1);
    expect(search.cvResults_["param_ridge__alpha"]).toEqual([1, 0.1]);
    const first = search.bestEstimator_;
    await expect(search.fit(rows, target.slice(1))).rejects.toMatchObject({ code: "shape" });
    expect([search.bestEstimator_ === first, first.isFitted]).toEqual([true, true]);
  });

  test("tries estimators too", async () => {
    using search = await new GridSearchCV({
      estimator: makePipeline(new StandardScaler(), new Ridge()),
      paramGrid: [{ ridge: [new LinearRegression()] }, { ridge__alpha: [1e6] }],
    }).fit(rows, target);
    expect(search.bestIndex_).toBe(0);
    expect((search.bestEstimator_ as typeof grid.estimator).at(-1)).toBeInstanceOf(LinearRegression);
    expect((search.bestParams_["ridge"] as LinearRegression).isFitted).toBe(false);
  });

  test("by several scores is decided by the one that refit says", async () => {
    const scoring = ["r2", "neg_mean_squared_error"] as const;
    const make = (refit: GridSearchCV["bestScore_"] | unknown) =>
      new GridSearchCV({ ...grid, scoring, refit: refit as string, cv: 2 });
    await expect(make(true).fit(rows, target)).rejects.toThrow(/refit must name the one that decides \(r2, neg_mean/);
    using named = await make("r2").fit(rows, target);
    expect(named.bestScore_).toBe(named.cvResults_.mean_test_r2?.[named.bestIndex_]);
    expect(await named.score(rows, target)).toBeGreaterThan(0.5);
    using chosen = await make((found: object) => Object.keys(found).length > 0 && 1).fit(rows, target);
    expect([chosen.bestIndex_, chosen.bestParams_]).toEqual([1, { ridge__alpha: 0.1 }]);
    using none = await make(false).fit(rows, target);
    for (const name of ["bestEstimator_", "bestParams_", "bestScore_", "bestIndex_"] as const)
      expect(() => none[name]).toThrow(expect.objectContaining({ code: "parameter" }));
    await expect(make(() => 2).fit(rows, target)).rejects.toThrow("found 2");
  });

  test("weighs its scores where the fit is weighted", async () => {
    const weights = rows.map((_, i) => (i < 6 ? 1 : 3));
    const scoring = async (_e: unknown, _X: unknown, _y: unknown, { sampleWeight }: { sampleWeight?: unknown } = {}) =>
      (await (sampleWeight as NDArray).data())[0] ?? 0;
    using search = new GridSearchCV({ estimator: new Ridge(), paramGrid: { alpha: [1] }, cv: 2, scoring });
    await search.fit(rows, target, { sampleWeight: weights });
    expect(search.cvResults_.meanTestScore).toEqual([2]);
  });

  test("draws candidates", async () => {
    const params = { estimator: new Ridge(), paramDistributions: { alpha: uniform(0, 2) }, nIter: 3, randomState: 4 };
    using search = await new RandomizedSearchCV(params).fit(rows, target);
    const drawn = [...new ParameterSampler({ alpha: uniform(0, 2) }, 3, { randomState: 4 })];
    expect(search.cvResults_.params).toEqual(drawn);
  });
});

test("a grid has every combination, in the order of names", () => {
  const grid = new ParameterGrid([{ b: [1, 2], a: ["x", "y"] }, {}, { c: [null] }]);
  const all = [{ a: "x", b: 1 }, { a: "x", b: 2 }, { a: "y", b: 1 }, { a: "y", b: 2 }, {}, { c: null }];
  expect([...grid]).toEqual(all);
  expect([grid.length, grid.at(3)]).toEqual([6, all[3]]);
});

test("splits keep types, ranks and devices", async () => {
  using X = await asarray(rows, { dtype: "float32", device: "webgpu" });
  const labels = Int32Array.from(rows, (_, i) => i % 2);
  const parts = await trainTestSplit(X, labels, { randomState: 0, stratify: labels, testSize: 4 });
  const shown = parts.map((a) => [a.device.kind, a.dtype, a.shape]);
  expect(shown).toEqual([
    ["webgpu", "float32", [8, 3]],
    ["webgpu", "float32", [4, 3]],
    ["cpu", "int32", [8]],
    ["cpu", "int32", [4]],
  ]);
  disposeAll([...parts]);
});

test("what can't be done is refused", async () => {
  const first = async (splitter: KFold | ShuffleSplit | StratifiedKFold | StratifiedShuffleSplit, y?: unknown) => {
    for await (const _ of splitter.split(rows, y as number[])) return;
  };
  const refusals: readonly (readonly [() => unknown, string, string])[] = [
    [() => new KFold({ nSplits: 1 }), "parameter", "at least 2, found 1"],
    [() => new KFold({ randomState: 0 }), "parameter", "no effect without shuffle"],
    [() => first(new KFold({ nSplits: 13 })), "parameter", "12 samples, fewer than the 13"],
    [() => first(new StratifiedKFold({ nSplits: 13 }), rows), "parameter", "12 samples"],
    [() => first(new StratifiedKFold()), "parameter", "y is needed"],
    [() => first(new StratifiedKFold(), rows), "shape", "y must have one dimension"],
    [() => first(new StratifiedKFold(), target.slice(1)), "shape", "12 samples and y has 11"],
    [
      () =>
        first(
          new StratifiedKFold(),
          target.map((v) => v + 0.5),
        ),
      "parameter",
      "whole numbers or words",
    ],
    [
      () =>
        first(
          new StratifiedKFold(),
          rows.map((_, i) => i),
        ),
      "parameter",
      "no class has as many",
    ],
    [() => first(new ShuffleSplit({ testSize: 12 })), "parameter", "below the 12 samples"],
    [() => first(new ShuffleSplit({ testSize: 0.6, trainSize: 0.5 })), "parameter", "more than all"],
    [() => first(new ShuffleSplit({ testSize: 8, trainSize: 5 })), "parameter", "ask for 8 and 5"],
    [() => first(new ShuffleSplit({ testSize: 0.99 })), "parameter", "none are left to train on"],
    [() => new ShuffleSplit({ nSplits: 0 }), "parameter", "at least 1, found 0"],
    [
      () =>
        first(
          new StratifiedShuffleSplit(),
          rows.map((_, i) => (i === 0 ? 1 : 0)),
        ),
      "parameter",
      "a single sample",
    ],
    [
      () =>
        first(
          new StratifiedShuffleSplit({ testSize: 1 }),
          rows.map((_, i) => i % 2),
        ),
      "parameter",
      "testSize is 1",
    ],
    [() => trainTestSplit(rows, target.slice(1)), "shape", "array 1 has 11"],
    [() => trainTestSplit(rows, { shuffle: false, stratify: target }), "parameter", "stratify needs shuffle"],
    [() => crossValidate(new Ridge(), rows, target.slice(1)), "shape", "12 samples and y has 11"],
    [() => crossValidate(new Ridge(), rows, target, { cv: [] }), "parameter", "no splits"],
    [() => crossValidate(new Ridge(), rows, target, { cv: {} as never }), "parameter", "neither"],
    [() => crossValidate(new Ridge(), rows, target, { cv: [[[0.5], [1]]] }), "parameter", "whole numbers"],
    [() => crossValidate(new Ridge(), rows, target, { errorScore: "no" as never }), "parameter", "errorScore"],
    [() => crossValidate(new StandardScaler(), rows), "parameter", "StandardScaler has no score"],
    [() => crossValidate(new Ridge(), rows, target, { scoring: "nothing" }), "parameter", "nothing"],
    [() => new GridSearchCV().fit(rows, target), "parameter", "no estimator"],
    [
      () => new GridSearchCV({ estimator: new Ridge(), paramGrid: { alpha: 1 as never } }).fit(rows, target),
      "parameter",
      "alpha: a value that is number",
    ],
    [
      () => new GridSearchCV({ estimator: new Ridge(), paramGrid: { nothing: [1] } }).fit(rows, target),
      "parameter",
      "no parameter nothing",
    ],
    [() => new ParameterGrid({ a: [] }), "parameter", "a: an empty list"],
    [() => new ParameterGrid({ a: [1] }).at(1), "parameter", "1 combinations, found 1"],
    [() => new ParameterSampler({ a: [1] }, 0), "parameter", "nIter"],
    [() => new GridSearchCV().predict(rows), "not-fitted", "GridSearchCV is not fitted"],
  ];
  for (const [call, code, words] of refusals)
    await expect((async () => call())()).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
});
