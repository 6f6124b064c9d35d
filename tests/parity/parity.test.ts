// Results held against scikit-learn's (fixtures/*.json). In double precision within a bound that the problem's condition gives; in single precision
// the unit roundoff takes the place of the double's.
import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { KMeans } from "../../estimators/cluster/index.js";
import { LinearRegression, Ridge } from "../../estimators/linear_model/index.js";
import { meanSquaredError, r2Score } from "../../estimators/metrics/index.js";
import { StandardScaler } from "../../estimators/preprocessing/index.js";
import { RandomState } from "../../src/random/random_state.js";
import { asarray } from "../../src/runtime/asarray.js";
import { device } from "../../src/runtime/devices.js";
import type { FloatDtype } from "../../src/runtime/dtype.js";
import { NDArray, type Nested } from "../../src/runtime/ndarray.js";

type Case = Record<string, any>;
const cases = (name: string): Case[] => {
  const text = fs.readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8");
  return JSON.parse(text, (_, v) => (v === "nan" ? Number.NaN : v)).cases;
};

const flat = (v: Nested): number[] => (Array.isArray(v) ? v.flatMap(flat) : [Number(v)]);
const settings: [string, "cpu" | "webgpu", FloatDtype][] = [
  ["cpu float64", "cpu", "float64"],
  ["cpu float32", "cpu", "float32"],
  ["webgpu float32", "webgpu", "float32"],
];
const unit = (dtype: FloatDtype): number => (dtype === "float64" ? 2 ** -53 : 2 ** -24);

/** `|got - want| <= factor * u * scale`, where `scale` is the largest magnitude about. */
async function near(got: NDArray | number, want: Nested, bound: number, what: string): Promise<void> {
  const a = flat(got instanceof NDArray ? await got.toArray() : got);
  const b = flat(want);
  expect([what, a.length]).toEqual([what, b.length]);
  a.forEach((x, k) => {
    const ok = Object.is(x, b[k]) || Math.abs(x - b[k]!) <= bound;
    expect([what, k, ok ? b[k] : x]).toEqual([what, k, b[k]]);
  });
}

const largest = (v: Nested): number => flat(v).reduce((m, x) => (Number.isNaN(x) ? m : Math.max(m, Math.abs(x))), 0);

describe.each(settings)("%s", (_, kind, dtype) => {
  const place = async (v: Nested): Promise<NDArray> => asarray(v, { dtype, device: await device(kind) });
  const weightsOf = async (c: Case) => (c["sampleWeight"] ? { sampleWeight: await place(c["sampleWeight"]) } : {});

  it("StandardScaler", async () => {
    for (const c of cases("standard_scaler")) {
      const n = c["X"].length;
      const model = await new StandardScaler(c["params"]).fit(await place(c["X"]), undefined, await weightsOf(c));
      // Rounding X itself moves the mean by u |X|; sums add at most n roundings of it.
      const scale = largest(c["X"]) * (n + 8) * unit(dtype);
      await near(
        model.var_,
        c["var_"] ?? [],
        4 * scale * (largest(c["X"]) / 50 + Math.sqrt(largest(c["var_"] ?? [0])) + 1),
        "var_",
      );
      await near(model.mean_, c["mean_"], scale, "mean_");
      const smallest = Math.min(...flat(c["scale_"] ?? [1]), 1);
      await near(
        await model.transform(await place(c["X"])),
        c["transform"],
        (8 * scale * (1 + largest(c["transform"]))) / smallest,
        "transform",
      );
    }
  });

  it("Ridge", async () => {
    for (const c of cases("ridge")) {
      const model = await new Ridge(c["params"]).fit(await place(c["X"]), await place(c["y"]), await weightsOf(c));
      const p = c["X"][0].length;
      const gram = largest(c["X"]) ** 2 * c["X"].length * p;
      const alpha = Math.min(...flat(c["params"].alpha));
      const smallest = c["X"].length > p ? Math.max(alpha, 0.2) : alpha;
      const bound = 64 * unit(dtype) * (gram / smallest) * (1 + largest(c["coef_"]));
      // A bound that says nothing is no check: such a case needs more digits than this precision has.
      if (bound > 0.1) continue;
      await near(model.coef_, c["coef_"], bound, "coef_");
      await near(
        model.intercept_,
        c["params"].fitIntercept ? c["intercept_"] : (c["coef_"].map?.(() => 0).slice(0, model.intercept_.size) ?? 0),
        bound * largest(c["X"]) * p,
        "intercept_",
      );
      await near(await model.predict(await place(c["X"])), c["predict"], bound * largest(c["X"]) * p, "predict");
      if (dtype === "float64")
        await near(await model.score(c["X"], c["y"], await weightsOf(c)), c["score"], 1e-9, "score");
    }
  });

  it("LinearRegression", async () => {
    for (const c of cases("linear_regression")) {
      const model = await new LinearRegression(c["params"]).fit(
        await place(c["X"]),
        await place(c["y"]),
        await weightsOf(c),
      );
      const singular = flat(c["singular_"]);
      const kept = singular.slice(0, c["rank_"]);
      const condition = (singular[0] ?? 1) / (kept.at(-1) ?? 1);
      const bound = 64 * c["X"].length * unit(dtype) * condition ** 2 * (1 + largest(c["coef_"]));
      if (bound > 0.1) continue;
      expect(model.rank_).toBe(c["rank_"]);
      await near(model.coef_, c["coef_"], bound, "coef_");
      await near(await model.predict(await place(c["X"])), c["predict"], bound * largest(c["X"]) * 4, "predict");
    }
  });

  it("KMeans", async () => {
    for (const c of cases("kmeans")) {
      const model = await new KMeans(c["params"]).fit(await place(c["X"]), undefined, await weightsOf(c));
      expect(flat(await model.labels_.toArray())).toEqual(c["labels_"]);
      expect(model.nIter_).toBe(c["nIter_"]);
      const scale = 64 * unit(dtype) * c["X"].length * largest(c["X"]);
      await near(model.clusterCenters_, c["clusterCenters_"], scale, "centres");
      await near(model.inertia_, c["inertia_"], scale * largest(c["X"]) * c["X"].length, "inertia");
      await near(await model.transform(await place(c["X"].slice(0, 5))), c["transform"], scale * 8, "transform");
    }
  });

  it("metrics of regression", async () => {
    for (const c of cases("regression_metrics")) {
      const options = { multioutput: c["multioutput"], ...(await weightsOf(c)) };
      const bound = 256 * unit(dtype) * c["yTrue"].length;
      await near(
        (await r2Score(await place(c["yTrue"]), await place(c["yPred"]), options)) as number | NDArray,
        c["r2"],
        bound * 10,
        "r2",
      );
      if (c["mse"] !== undefined)
        await near(
          (await meanSquaredError(await place(c["yTrue"]), await place(c["yPred"]), options)) as number | NDArray,
          c["mse"],
          bound,
          "mse",
        );
    }
  });
});

describe("RandomState", () => {
  it("draws what NumPy draws, bit for bit", () => {
    for (const c of cases("random_state")) {
      const r = new RandomState(c["seed"]);
      expect(Array.from({ length: 5 }, () => r.uniform())).toEqual(c["uniform"]);
      expect(Array.from({ length: 5 }, () => r.randint(0, 1000))).toEqual(c["randint"]);
      expect([...r.permutation(10)]).toEqual(c["permutation"]);
    }
  });
});
