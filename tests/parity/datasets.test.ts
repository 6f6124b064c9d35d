// Data sets held against scikit-learn's: those that are shipped to the last digit, those that are made within rounding.
import { describe, expect, it } from "vitest";
import {
  type Dataset,
  type Loader,
  type LoadOptions,
  loadBreastCancer,
  loadDiabetes,
  loadDigits,
  loadIris,
  loadWine,
  makeBlobs,
  makeClassification,
  makeRegression,
} from "../../estimators/datasets/index.js";
import { RandomState, sampleWithoutReplacement } from "../../estimators/random/index.js";
import type { NDArray, Nested } from "../../src/runtime/ndarray.js";
import { settings } from "../settings.js";
import { cases, expectNear, flat, largest, shapeOf } from "./fixtures.js";

interface Loaded {
  readonly loader: string;
  readonly options: object;
  readonly shape: readonly number[];
  readonly rows: Readonly<Record<string, readonly number[]>>;
  readonly sum: number;
  readonly target: number;
  readonly featureNames: readonly string[];
  readonly targetNames: readonly string[];
  readonly DESCR: readonly [length: number, start: string, end: string];
}

interface Made {
  readonly maker: "makeBlobs" | "makeRegression" | "makeClassification";
  readonly options: Readonly<Record<string, unknown>> & { readonly classSep?: number };
  readonly gives: readonly Nested[];
  readonly condition?: number;
}

interface Sampled {
  readonly population: number;
  readonly count: number;
  readonly gives: readonly number[];
}

type Load = Loader<LoadOptions, Dataset>;
const loaders: Readonly<Record<string, Load>> = { loadIris, loadWine, loadBreastCancer, loadDigits, loadDiabetes };
const makers: Readonly<Record<string, (options: object) => Promise<readonly NDArray[]>>> = {
  makeBlobs,
  makeRegression,
  makeClassification,
};
const double = 2 ** -53;

/** How far a maker's numbers may be off in double precision: draws within 4 ULP, and sums of products of them. */
function rounding({ maker, options, gives, condition }: Made): number {
  const [X = 0, y = 0] = gives;
  const [n = 0, p = 0] = shapeOf(X);
  switch (maker) {
    case "makeBlobs":
      // A draw may be as large as its centre and the result together.
      return 16 * double * (largest(X) + largest(gives[2] ?? (options["centers"] as Nested) ?? 10));
    case "makeRegression": {
      const features = (condition ? (n + p) * condition : 1) * 8 * double;
      return (features + p * double) * (largest(X) + p * 100 * largest(X)) + 8 * double * largest(y);
    }
    case "makeClassification": {
      const q = Number(options["nInformative"] ?? 2);
      const sep = options.classSep ?? 1;
      // A feature is at most a sum of q sums of q draws below 5, and of a corner; then it is shifted and scaled.
      const feature = q * (5 * q + 2 * sep) + Number(options["shift"] ?? sep);
      return (2 * q + 16) * double * feature * (options["scale"] === null ? 101 : 1);
    }
  }
}

describe.each(settings)("$name", ({ kind, dtype, unit }) => {
  const where = { device: kind, dtype } as const;

  it("loads what scikit-learn loads", async () => {
    for (const c of cases<Loaded>("datasets")) {
      const load = loaders[c.loader] as Load;
      const set = await load({ ...where, ...c.options });
      expect([set.data.shape, set.data.dtype, set.data.device.kind]).toEqual([c.shape, dtype, kind]);
      expect([set.featureNames, set.targetNames]).toEqual([c.featureNames, c.targetNames]);
      expect([set.DESCR.length, set.DESCR.slice(0, 40), set.DESCR.slice(-40)]).toEqual(c.DESCR);
      const [n = 0, p = 0] = c.shape;
      const data = Array.from(await set.data.data());
      const target = Array.from(await set.target.data());
      const placed = (x: number) => (dtype === "float64" ? x : Math.fround(x));
      for (const [row, values] of Object.entries(c.rows))
        expect(data.slice(Number(row) * p, (Number(row) + 1) * p)).toEqual(values.map(placed));
      const sum = data.reduce((s, x, k) => s + x * ((7 * Math.floor(k / p) + 13 * (k % p)) % 101), 0);
      // Numbers are rounded when they are placed; our sum and the wanted one have as many roundings as there are parts.
      expect(Math.abs(sum - c.sum)).toBeLessThanOrEqual(
        (2 * n * p * double + (dtype === "float64" ? 0 : unit)) * c.sum,
      );
      expect(target.reduce((s, x, i) => s + x * (i % 101), 0)).toBe(c.target);
      expect(set.target.dtype).toBe(c.targetNames.length > 0 ? "int32" : dtype);
      const [X, y] = await load({ ...where, ...c.options, returnXy: true });
      expect([Array.from(await X.data()), Array.from(await y.data())]).toEqual([data, target]);
    }
  });

  it("scales and leaves out as scikit-learn does", async () => {
    const [c] = cases<{ readonly scaled: Nested; readonly few: readonly number[]; readonly image: Nested }>(
      "datasets_options",
    );
    const scaled = (await (await loadDiabetes(where)).data.toArray()) as readonly Nested[];
    // Means and norms of 442 numbers, of which the largest are a few hundred times what is left of them.
    const bound = (2 * 442 + 8) * 400 * double * largest(c?.scaled ?? 0) + unit * largest(c?.scaled ?? 0);
    await expectNear(
      "scaled",
      scaled.filter((_, i) => i % 40 === 0),
      c?.scaled ?? null,
      bound,
    );
    const few = await loadDigits({ ...where, nClass: 3 });
    expect(few.data.shape).toEqual(c?.few);
    expect(((await few.images.toArray()) as readonly Nested[])[5]).toEqual(c?.image);
  });

  it("makes what scikit-learn makes", async () => {
    for (const c of cases<Made>("made_datasets")) {
      const arrays = (await makers[c.maker]?.({ ...where, ...c.options })) ?? [];
      expect(arrays.length).toBe(c.gives.length);
      const bound = rounding(c);
      for (const [k, wanted] of c.gives.entries()) {
        const found = arrays[k];
        expect(found?.device.kind).toBe(kind);
        const labels = k === 1 && c.maker !== "makeRegression";
        expect(found?.dtype).toBe(labels ? "int32" : dtype);
        const what = JSON.stringify([c.maker, c.options, k]);
        const off = labels ? 0 : bound + (dtype === "float64" ? 0 : unit * largest(wanted));
        await expectNear(what, found ?? null, wanted, off);
        if (!labels && largest(wanted) > 0) expect(off).toBeLessThan(1e-4 * largest(wanted));
      }
    }
  });
});

it("samples without replacement as scikit-learn does", () => {
  for (const { population, count, gives } of cases<Sampled>("sample_without_replacement"))
    expect(flat(sampleWithoutReplacement(population, count, new RandomState(population)))).toEqual(gives);
});

describe("makers refuse", () => {
  it.each<[string, () => Promise<unknown>, string]>([
    ["no samples", () => makeBlobs({ nSamples: 0 }), "parameter"],
    ["half a centre", () => makeBlobs({ centers: 1.5 }), "parameter"],
    ["a negative spread", () => makeBlobs({ clusterStd: -1 }), "parameter"],
    ["spreads that do not fit", () => makeBlobs({ clusterStd: [1, 2] }), "shape"],
    ["counts that do not fit", () => makeBlobs({ nSamples: [1, 2], centers: [[0], [1], [2]] }), "shape"],
    ["a number of centres beside counts", () => makeBlobs({ nSamples: [1, 2], centers: 2 }), "parameter"],
    ["negative noise", () => makeRegression({ noise: -1 }), "parameter"],
    ["a tail above 1", () => makeRegression({ effectiveRank: 2, tailStrength: 2 }), "parameter"],
    ["more features than there are", () => makeClassification({ nFeatures: 3 }), "parameter"],
    ["more clusters than corners", () => makeClassification({ nClasses: 3 }), "parameter"],
    ["shares that do not fit", () => makeClassification({ weights: [0.1, 0.2, 0.7] }), "parameter"],
    ["shares above 1", () => makeClassification({ weights: [1.5] }), "parameter"],
    ["shifts that do not fit", () => makeClassification({ shift: [1] }), "shape"],
    ["eleven digits", () => loadDigits({ nClass: 11 }), "parameter"],
    ["a type that the device does not have", () => loadIris({ device: "webgpu", dtype: "float64" }), "dtype"],
  ])("%s", async (_, body, code) => {
    await expect(body()).rejects.toMatchObject({ name: "BifoldError", code });
  });
});
