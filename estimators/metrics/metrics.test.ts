// What metrics and scorers refuse and promise besides their numbers, which tests/parity/metrics.test.ts holds to scikit-learn's.
import { describe, expect, test } from "vitest";
import { asarray, device, type NDArray } from "../../src/runtime/index.js";
import * as m from "./index.js";

const y = [1, 2, 3];
const p = [1, 2, 4];

describe("metrics refuse", () => {
  test.each<[string, () => Promise<unknown>, string, string]>([
    ["different lengths", () => m.meanAbsoluteError(y, [1, 2]), "shape", "samples"],
    ["different outputs", () => m.meanAbsoluteError([[1, 2]], [[1]]), "shape", "outputs"],
    ["no samples", () => m.meanAbsoluteError([], []), "empty", "0 samples"],
    ["NaN", () => m.meanAbsoluteError(y, [1, 2, Number.NaN]), "not-finite", "yPred"],
    ["negative weights", () => m.meanAbsoluteError(y, p, { sampleWeight: [1, -1, 1] }), "parameter", "negative"],
    ["weights of one output", () => m.meanSquaredError(y, p, { multioutput: [1] }), "parameter", "only one output"],
    ["weights of three outputs for two", () => m.r2Score([[1, 2]], [[1, 2]], { multioutput: [1, 2, 3] }), "shape", ""],
    ["weights that cancel", () => m.meanSquaredError([[1, 2]], [[1, 2]], { multioutput: [1, -1] }), "parameter", "0"],
    ["no average", () => m.meanSquaredError(y, p, { multioutput: "mean" as never }), "parameter", '"mean"'],
    ["logarithms of -1", () => m.meanSquaredLogError([1, -1, 0], y), "parameter", "yTrue must be greater than -1"],
    ["roots of them too", () => m.rootMeanSquaredLogError(y, [1, -2, -1]), "parameter", "2 of its 3 entries are not"],
    ["a quantile above 1", () => m.meanPinballLoss(y, p, { alpha: 1.5 }), "parameter", "alpha"],
    ["several outputs of maxError", () => m.maxError([[1, 2]], [[1, 2]]), "shape", "takes one output"],
    ["a power between 0 and 1", () => m.meanTweedieDeviance(y, p, { power: 0.5 }), "parameter", "power"],
    ["a negative count", () => m.meanPoissonDeviance([-1, 2, 3], p), "parameter", "at least 0"],
    ["a rate of 0", () => m.meanPoissonDeviance([0, 2, 3], [0, 1, 1]), "parameter", "yPred must be greater than 0"],
    ["a gamma of 0", () => m.meanGammaDeviance([0, 2, 3], p), "parameter", "yTrue must be greater than 0"],
    ["numbers for labels", () => m.accuracyScore(y, [1, 2, 3.5]), "dtype", "metrics of regression"],
    ["rows of other lengths", () => m.accuracyScore([[1, 0]], [[1]]), "shape", "[1, 1]"],
  ])("%s", async (_, body, code, message) => {
    await expect(body()).rejects.toMatchObject({
      name: "BifoldError",
      code,
      message: expect.stringContaining(message),
    });
  });
});

describe("metrics", () => {
  test("follow the predictions, and leave nothing behind", async () => {
    const cpu = await device("cpu");
    const gpu = await device("webgpu");
    using truth = await asarray(
      [
        [1, 2],
        [3, 4],
        [5, 7],
      ],
      { dtype: "float32" },
    );
    using here = await asarray(
      [
        [1, 2],
        [3, 5],
        [5, 6],
      ],
      { dtype: "float32" },
    );
    using there = await here.to(gpu);
    const before = [cpu.liveBytes, gpu.liveBytes];
    using raw = await m.meanAbsoluteError(truth, there, { multioutput: "raw_values", sampleWeight: [1, 1, 2] });
    expect(raw.device).toBe(gpu);
    expect(await raw.toArray()).toEqual([0, 0.75]);
    expect(await m.medianAbsoluteError(truth, there)).toBe(0.5);
    await expect(
      m.meanSquaredLogError(truth, [
        [-2, 0],
        [1, 1],
        [1, 1],
      ]),
    ).rejects.toMatchObject({ code: "parameter" });
    raw.dispose();
    expect([cpu.liveBytes, gpu.liveBytes]).toEqual(before);
  });

  test("find a median among numbers of every size", async () => {
    const values = Array.from({ length: 1001 }, (_, k) => (k * 7919) % 1001);
    const zeros = values.map(() => 0);
    // The smallest numbers of a double, and powers of two from the smallest to the largest.
    const small = values.map((k) => k * 2 ** -1074);
    expect(await m.medianAbsoluteError(zeros, small)).toBe(500 * 2 ** -1074);
    const powers = values.map((k) => 2 ** (2 * k - 1000));
    expect(await m.medianAbsoluteError(zeros, powers)).toBe(1);
  });

  test("take a constant truth for what it is", async () => {
    expect(await m.d2TweedieScore([2, 2], [2, 2], { power: 1 })).toBe(1);
    expect(await m.d2TweedieScore([2, 2], [2, 3], { power: 1 })).toBe(0);
    expect(await m.d2PinballScore([2], [2])).toBeNaN();
    expect(await m.r2Score([2], [2])).toBeNaN();
  });
});

describe("scorers", () => {
  const known = { name: "Known", predict: async (X: unknown): Promise<NDArray> => asarray(X as number[]) };

  test("have signs by which greater is better, and their metric's options", async () => {
    expect(await m.getScorer("neg_mean_absolute_error")(known, p, y)).toBeCloseTo(-1 / 3, 12);
    const scorer = m.makeScorer(m.meanPinballLoss, { greaterIsBetter: false, alpha: 0.25 });
    expect(await scorer(known, p, y)).toBeCloseTo(-0.25, 12);
    expect(await scorer(known, p, y, { sampleWeight: [1, 1, 2] })).toBeCloseTo(-0.375, 12);
    expect(m.getScorer(scorer)).toBe(scorer);
  });

  test("free what was predicted, and fall back on the estimator's own score", async () => {
    const cpu = await device("cpu");
    const before = cpu.liveBytes;
    const own = m.checkScoring({ ...known, score: async () => 42 });
    expect(await own({ ...known, score: async () => 42 }, p, y)).toBe(42);
    expect(await m.getScorer("r2")(known, p, y)).toBe(0.5);
    expect(cpu.liveBytes).toBe(before);
  });

  test("come under the names that they are asked for by", () => {
    const scorer = m.getScorer("r2");
    expect(m.checkScoring(known, { fit: scorer, off: "neg_max_error" })).toEqual({
      fit: scorer,
      off: m.getScorer("neg_max_error"),
    });
    expect(m.checkScoring(known, "r2")).toBe(scorer);
  });

  test.each<[string, () => unknown, string]>([
    ["a name in camel case", () => m.getScorer("negMeanSquaredError"), "neg_mean_squared_error"],
    ["a name twice", () => m.checkScoring(known, ["r2", "r2"]), '"r2" twice'],
    ["an empty list", () => m.checkScoring(known, []), "found none"],
    ["no score", () => m.checkScoring(known), "Known has no score"],
  ])("refuse %s", (_, body, message) => {
    expect(body).toThrow(expect.objectContaining({ code: "parameter", message: expect.stringContaining(message) }));
  });

  test("refuse an estimator that does not predict", async () => {
    await expect(m.getScorer("r2")({ name: "Scaler" }, p, y)).rejects.toMatchObject({
      code: "parameter",
      message: expect.stringContaining("Scaler has no predict"),
    });
  });
});
