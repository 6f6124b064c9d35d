// Metrics and scorers held against scikit-learn's. The data are exact in single precision; what is rounded on the way to a result has the size that the
// fixture states, and is rounded at most `2n` times in sums and 64 times in functions (`docs/numerics.md`: 8 ULP and less each).
import { describe, expect, it } from "vitest";
import * as metrics from "../../estimators/metrics/index.js";
import type { NDArray, Nested } from "../../src/runtime/ndarray.js";
import { placeOn, settings } from "../settings.js";
import { cases, expectNear, shapeOf } from "./fixtures.js";

type Weights = readonly number[] | null;

interface Group {
  readonly yTrue: Nested;
  readonly yPred: Nested;
  readonly sampleWeight: Weights;
  readonly multioutput: string | readonly number[];
  readonly results: readonly {
    readonly metric: string;
    readonly options: object;
    readonly value: Nested;
    readonly magnitude: number;
  }[];
}

interface Undefined {
  readonly metric: "r2Score" | "explainedVarianceScore";
  readonly yTrue: readonly (readonly number[])[];
  readonly yPred: readonly (readonly number[])[];
  readonly raw: Nested;
  readonly weighted: readonly number[];
}

interface Accuracy {
  readonly yTrue: Nested;
  readonly yPred: Nested;
  readonly sampleWeight: Weights;
  readonly normalize: boolean;
  readonly value: number;
}

interface Score {
  readonly scorer: string;
  readonly y: Nested;
  readonly predict: Nested;
  readonly sampleWeight: Weights;
  readonly score: number;
  readonly magnitude: number;
}

type AnyMetric = (yTrue: NDArray, yPred: NDArray, options: object) => Promise<number | NDArray>;
const byName = metrics as unknown as Readonly<Record<string, AnyMetric>>;

describe.each(settings)("$name", (setting) => {
  const { unit, dtype } = setting;
  const place = placeOn(setting);
  const weighing = async (weights: Weights) => (weights ? { sampleWeight: await place(weights) } : {});

  it("metrics of regression", async () => {
    const seen = new Set<string>();
    for (const [k, group] of cases<Group>("metrics").entries()) {
      // A software WebGPU takes its time.
      if (setting.kind === "webgpu" && k % 4 !== 2) continue;
      const truth = await place(group.yTrue);
      const predicted = await place(group.yPred);
      const weights = await weighing(group.sampleWeight);
      const [n = 0] = shapeOf(group.yTrue);
      for (const { metric, options, value, magnitude } of group.results) {
        seen.add(metric);
        const several = group.multioutput === "uniform_average" ? {} : { multioutput: group.multioutput };
        const found = await byName[metric]?.(truth, predicted, { ...several, ...options, ...weights });
        const what = JSON.stringify([metric, options, group.multioutput, group.sampleWeight !== null, n]);
        await expectNear(what, found ?? null, value, (2 * n + 64) * unit * magnitude);
      }
    }
    expect(seen.size).toBe(17);
  });

  it("constant outputs", async () => {
    for (const c of cases<Undefined>("metrics_undefined")) {
      const metric = c.metric === "r2Score" ? metrics.r2Score : metrics.explainedVarianceScore;
      const options = { multioutput: "raw_values", forceFinite: false } as const;
      const raw = await metric(await place(c.yTrue), await place(c.yPred), options);
      await expectNear(c.metric, raw, c.raw, 64 * unit);
      for (const [k, columns] of [
        [0, 1],
        [1, 2],
      ].entries()) {
        const of = (rows: Undefined["yTrue"]) => place(rows.map((row) => columns.map((j) => row[j] ?? 0)));
        const score = await metric(await of(c.yTrue), await of(c.yPred), { multioutput: "variance_weighted" });
        await expectNear(c.metric, score, c.weighted[k] ?? null, 64 * unit);
      }
    }
  });

  it("accuracyScore", async () => {
    for (const c of cases<Accuracy>("accuracy")) {
      const options = { normalize: c.normalize, ...(await weighing(c.sampleWeight)) };
      const types = ["int32", dtype] as const;
      for (const left of types)
        for (const right of types) {
          // Weights are of the labels' type where these are floats.
          const truth = await place(c.yTrue, { dtype: left });
          const predicted = await place(c.yPred, { dtype: right });
          const found = await metrics.accuracyScore(truth, predicted, options);
          await expectNear("accuracyScore", found, c.value, 4 * unit * Math.abs(c.value));
        }
    }
  });

  it("scorers", async () => {
    const list = cases<Score>("scorers");
    for (const c of list) {
      const predicted = await place(c.predict);
      const y = await place(c.y);
      const known = { predict: async () => predicted.share() };
      const found = await metrics.getScorer(c.scorer)(known, predicted, y, await weighing(c.sampleWeight));
      const [n = 0] = shapeOf(c.y);
      await expectNear(c.scorer, found, c.score, (2 * n + 64) * unit * c.magnitude);
    }
    const names = new Set([...list.map((c) => c.scorer), "accuracy"]);
    expect(metrics.getScorerNames()).toEqual([...names].sort());
  });
});
