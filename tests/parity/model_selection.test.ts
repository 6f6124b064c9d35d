// Splits, draws of parameters, cross-validations and searches against scikit-learn's: the same indices and draws, scores within computed bounds.
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { Ridge } from "../../estimators/linear_model/index.js";
import {
  crossValidate,
  crossValPredict,
  GridSearchCV,
  KFold,
  loguniform,
  ParameterSampler,
  RandomizedSearchCV,
  randint,
  ShuffleSplit,
  type Splitter,
  StratifiedKFold,
  StratifiedShuffleSplit,
  trainTestSplit,
  uniform,
} from "../../estimators/model_selection/index.js";
import { makePipeline } from "../../estimators/pipeline/index.js";
import { StandardScaler } from "../../estimators/preprocessing/index.js";
import { device } from "../../src/runtime/devices.js";
import { placeOn, settings } from "../settings.js";
import { cases, expectNear } from "./fixtures.js";

interface SplitCase {
  readonly class: string;
  readonly params: object;
  readonly n: number;
  readonly labels: readonly number[] | readonly string[] | null;
  readonly splits: readonly (readonly [train: readonly number[], test: readonly number[]])[];
}

const classes: Readonly<Record<string, new (params: object) => Splitter>> = {
  KFold,
  ShuffleSplit,
  StratifiedKFold,
  StratifiedShuffleSplit,
};

const live = async (): Promise<number[]> => [(await device("cpu")).liveBytes, (await device("webgpu")).liveBytes];
let before: number[] = [];
beforeEach(async () => {
  before = await live();
});
afterEach(async () => {
  expect(await live()).toEqual(before);
});

test("splits have scikit-learn's indices", async () => {
  for (const c of cases<SplitCase>("splits")) {
    const Class = classes[c.class];
    if (!Class) throw new Error(`no class ${c.class}`);
    const splitter = new Class(c.params);
    const found: unknown[] = [];
    const X = Array.from({ length: c.n }, () => [0]);
    for await (const { train, test } of splitter.split(X, c.labels ?? undefined)) found.push([[...train], [...test]]);
    expect([c, found]).toEqual([c, c.splits]);
    expect(splitter.getNSplits()).toBe(c.splits.length);
  }
});

test("trainTestSplit takes scikit-learn's rows", async () => {
  for (const c of cases<{ n: number; params: object; stratify: number[] | null; train: number[]; test: number[] }>(
    "train_test_split",
  )) {
    const rows = Array.from({ length: c.n }, (_, i) => i);
    const [train, held] = await trainTestSplit(rows, { ...c.params, ...(c.stratify ? { stratify: c.stratify } : {}) });
    expect([await train.toArray(), await held.toArray()]).toEqual([c.train, c.test]);
    train.dispose();
    held.dispose();
  }
});

test("samples of parameters are scikit-learn's", () => {
  const spread = [{ u: uniform(1, 2), l: loguniform(1e-3, 10), r: randint(2, 9), c: [7, 8] }, { c: [1] }];
  for (const c of cases<{ grid: null | Record<string, number[]>; nIter: number; seed: number; drawn: object[] }>(
    "parameter_sampler",
  )) {
    const sampler = new ParameterSampler(c.grid ?? spread, c.nIter, { randomState: c.seed });
    const drawn = [...sampler].slice(0, c.drawn.length) as Record<string, number>[];
    expect(sampler.length).toBe(c.nIter);
    for (const [k, want] of (c.drawn as Record<string, number>[]).entries()) {
      const { l, ...rest } = drawn[k] ?? {};
      const { l: wanted, ...others } = want;
      expect(rest).toEqual(others);
      // An exponential of a rounded logarithm.
      if (wanted === undefined) expect(l).toBeUndefined();
      else
        expect(Math.abs((l ?? 0) - wanted)).toBeLessThanOrEqual(2 ** -52 * (4 + Math.abs(Math.log(wanted))) * wanted);
    }
  }
});

interface Sizes {
  readonly rows: number;
  readonly residual: number;
  readonly spread: number;
  readonly target: number;
}

interface Condition {
  readonly sensitivity: number;
  readonly shift: number;
  readonly train: Sizes;
  readonly test: Sizes;
}

interface ValidationCase {
  readonly X: number[][];
  readonly y: number[] | number[][];
  readonly weights: number[] | null;
  readonly alpha: number;
  readonly folds: number;
  readonly scores: Readonly<Record<string, readonly number[]>>;
  readonly predict: number[] | number[][];
  readonly conditions: readonly Condition[];
}

/** How far the predictions of a part may be off, in the 2-norm of an output: by the coefficients, the scaling and the mean of the target. */
const predictionBound = (c: { readonly X: number[][] }, fold: Condition, part: Sizes, unit: number): number =>
  (c.X.length + (c.X[0]?.length ?? 0) + 8) * unit * fold.shift * (fold.sensitivity * part.rows + part.target);

/** How far scores may be off where predictions are, by the squares that they are made of. */
function scoreBounds(c: { readonly X: number[][] }, fold: Condition, part: Sizes, unit: number) {
  const off = predictionBound(c, fold, part, unit);
  const squares = 2 * part.residual * off + off ** 2 + (c.X.length + 8) * unit * part.residual ** 2;
  return { r2: squares / part.spread ** 2 + 8 * unit, neg_mean_squared_error: squares };
}

describe.each(settings)("$name", (setting) => {
  const place = placeOn(setting);

  it("cross-validates a pipeline", async () => {
    let telling = 0;
    for (const c of cases<ValidationCase>("cross_validate")) {
      using X = await place(c.X);
      using y = await place(c.y);
      const model = makePipeline(new StandardScaler(), new Ridge({ alpha: c.alpha }));
      const params = c.weights ? { ridge__sampleWeight: c.weights } : {};
      const scoring = ["r2", "neg_mean_squared_error"] as const;
      const found = await crossValidate(model, X, y, { cv: c.folds, params, scoring, returnTrainScore: true });
      for (const part of ["test", "train"] as const)
        for (const name of scoring)
          for (const [k, fold] of c.conditions.entries()) {
            const bound = scoreBounds(c, fold, fold[part], setting.unit)[name];
            const score = found[`${part}_${name}`]?.[k] ?? Number.NaN;
            await expectNear(`${part}_${name}`, score, c.scores[`${part}_${name}`]?.[k] ?? null, bound);
            if (bound < 0.1) telling++;
          }
      expect([found.fitTime, found.scoreTime].map((t) => t.length)).toEqual([c.folds, c.folds]);
      expect(Math.min(...found.fitTime, ...found.scoreTime)).toBeGreaterThan(0);
      using predicted = await crossValPredict(model, X, y, { cv: c.folds, params });
      const bounds = c.conditions.map((fold) => predictionBound(c, fold, fold.test, setting.unit));
      await expectNear("predict", predicted, c.predict, Math.max(...bounds));
      expect(model.isFitted).toBe(false);
    }
    // So that the bounds say something: of 40 scores most are held to a tenth.
    expect(telling).toBeGreaterThan(20);
  });

  it("searches as scikit-learn does", async () => {
    interface SearchCase {
      readonly name: string;
      readonly X: number[][];
      readonly y: number[];
      readonly params: readonly Readonly<Record<string, unknown>>[];
      readonly results: Readonly<Record<string, readonly number[]>>;
      readonly conditions: readonly (readonly Condition[])[];
      readonly refit: Condition;
      readonly bestIndex: number;
      readonly bestScore: number;
      readonly predict: number[];
      readonly score: number;
    }
    for (const c of cases<SearchCase>("searches")) {
      using X = await place(c.X);
      using y = await place(c.y);
      const common = { estimator: makePipeline(new StandardScaler(), new Ridge()), returnTrainScore: true };
      using search =
        c.name === "grid"
          ? new GridSearchCV({
              ...common,
              paramGrid: { ridge__alpha: [0.01, 1, 10000], ridge__fitIntercept: [true, false] },
              cv: 3,
            })
          : new RandomizedSearchCV({
              ...common,
              paramDistributions: { ridge__alpha: loguniform(1e-2, 1e4) },
              nIter: 4,
              cv: 2,
              randomState: 0,
            });
      const steps: number[] = [];
      await search.fit(X, y, {}, { onProgress: ({ done, total }) => steps.push(done / total) });
      expect([steps.length, steps.at(-1)]).toEqual([c.params.length * (c.name === "grid" ? 3 : 2), 1]);
      const { cvResults_: found } = search;
      const camel = (name: string): string => name.replace("fit_intercept", "fitIntercept");
      const wanted = c.params.map((p) => Object.fromEntries(Object.entries(p).map(([k, v]) => [camel(k), v])));
      for (const [k, candidate] of wanted.entries())
        for (const [name, value] of Object.entries(candidate)) {
          const ours = found.params[k]?.[name];
          if (typeof value === "number" && typeof ours === "number")
            expect(Math.abs(ours / value - 1)).toBeLessThan(1e-14);
          else expect(ours).toBe(value);
        }
      const bounds = (part: "test" | "train") =>
        c.conditions.map((folds) => folds.map((fold) => scoreBounds(c, fold, fold[part], setting.unit).r2));
      const [test, train] = [bounds("test"), bounds("train")].map((all) => all.map((folds) => Math.max(...folds)));
      for (const [ours, theirs, bound] of [
        ["meanTestScore", "mean_test_score", test],
        // A deviation moves by no more than the scores that it is made of.
        ["stdTestScore", "std_test_score", test],
        ["split1TestScore", "split1_test_score", test],
        ["meanTrainScore", "mean_train_score", train],
      ] as const)
        for (const [k, want] of (c.results[theirs] ?? []).entries())
          await expectNear(ours, found[ours]?.[k] ?? null, want, bound?.[k] ?? 0);
      expect(found.rankTestScore).toEqual(c.results["rank_test_score"]);
      expect([search.bestIndex_, search.bestParams_]).toEqual([c.bestIndex, found.params[c.bestIndex]]);
      await expectNear("bestScore_", search.bestScore_, c.bestScore, test?.[c.bestIndex] ?? 0);
      using predicted = await search.predict(X);
      await expectNear("predict", predicted, c.predict, predictionBound(c, c.refit, c.refit.test, setting.unit));
      const { r2 } = scoreBounds(c, c.refit, c.refit.test, setting.unit);
      await expectNear("score", await search.score(X, y), c.score, r2);
      expect(r2).toBeLessThan(0.1);
    }
  });
});

test("a grid that is smaller than the number of samples is taken whole, with a warning", () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  expect([...new ParameterSampler({ a: [1, 2, 3] }, 5, { randomState: 0 })].length).toBe(3);
  expect(warned).toHaveBeenCalledWith(expect.stringContaining("only 3 combinations"));
  warned.mockRestore();
});
