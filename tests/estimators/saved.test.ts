// Saved estimators: every one of the library comes back as it was, on every device; a text that was changed never does, and leaves nothing behind.
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import type { SavedModel } from "../../estimators/base/index.js";
import { type AnyEstimator, Estimator, type EstimatorClass, fromJSON, moveTo } from "../../estimators/base/index.js";
import type { Able } from "../../estimators/capabilities.js";
import { KMeans } from "../../estimators/cluster/index.js";
import { Ridge } from "../../estimators/linear_model/index.js";
import { GridSearchCV } from "../../estimators/model_selection/index.js";
import { makePipeline, makeUnion, Pipeline } from "../../estimators/pipeline/index.js";
import { FunctionTransformer, Normalizer, StandardScaler } from "../../estimators/preprocessing/index.js";
import { digestOf } from "../../estimators/saved/digest.js";
import { RandomState } from "../../src/random/random_state.js";
import { asarray } from "../../src/runtime/asarray.js";
import { device } from "../../src/runtime/devices.js";
import { BifoldError } from "../../src/runtime/errors.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { placeOn, settings } from "../settings.js";
import { classes } from "./classes.js";

/** A kernel matrix, which every estimator takes for data; a target. */
const size = 12;
const rows = Array.from({ length: size }, (_, i) =>
  Array.from({ length: size }, (_, j) => 8 / (1 + Math.abs(i - j)) + (i === j ? 4 : 0) + ((i * j) % 3) / 4),
);
const target = rows.map(([a = 0, b = 0], i) => 2 * a - b + (i % 2));

const inner = () => [new StandardScaler(), new Ridge({ alpha: 0.5 })] as const;

/** Estimators that can't be fitted as they are by default. */
const made: Readonly<Record<string, () => AnyEstimator>> = {
  KMeans: () => new KMeans({ nClusters: 3, randomState: 0 }),
  Pipeline: () => makePipeline(...inner()),
  FeatureUnion: () => makeUnion(new StandardScaler(), new Normalizer()),
  GridSearchCV: () =>
    new GridSearchCV({ estimator: makePipeline(...inner()), paramGrid: { ridge__alpha: [1, 2] }, cv: 2 }),
};

const make = (Class: EstimatorClass): AnyEstimator => {
  const { name } = Class.prototype;
  const special = made[name];
  if (special) return special();
  const params: Readonly<Record<string, object>> = {
    Nystroem: { nComponents: 4, randomState: 0 },
    RandomizedSearchCV: {
      estimator: new Ridge(),
      paramDistributions: { alpha: [1, 2, 3] },
      nIter: 2,
      cv: 2,
      randomState: 1,
    },
  };
  return new Class((params[name] ?? {}) as never);
};

/** What the methods make of data, as lists. */
async function answers(model: AnyEstimator, X: NDArray): Promise<unknown[]> {
  const { predict, transform } = model as Able;
  const all: unknown[] = [];
  for (const method of [predict, transform])
    if (method)
      try {
        const out = await method.call(model, X);
        all.push(await out.toArray());
        out.dispose();
      } catch (error) {
        // A pipeline has both, and its last step has one.
        if (!(error instanceof BifoldError) || !/has no (predict|transform)/.test(error.message)) throw error;
      }
  expect(all.length).toBeGreaterThan(0);
  return all;
}

const live = async (): Promise<number[]> => [(await device("cpu")).liveBytes, (await device("webgpu")).liveBytes];
let before: number[] = [];
beforeEach(async () => {
  before = await live();
});
afterEach(async () => {
  expect(await live()).toEqual(before);
});

describe.each(settings)("$name", (setting) => {
  it.each(classes.map((c) => [c.prototype.name, c] as const))("%s comes back as it was", async (_, Class) => {
    using X = await placeOn(setting)(rows);
    using y = await placeOn(setting)(target);
    using model = make(Class);
    await (model as Able).fit?.(X, y);
    const saved = await model.toJSON();
    const text = JSON.stringify(saved);
    using again = await fromJSON(text, classes);
    expect(again).toBeInstanceOf(Class);
    expect(again.isFitted).toBe(true);
    expect(await again.toJSON()).toEqual(saved);
    expect(JSON.parse(text)).toEqual(saved);
    expect(await answers(again, X)).toEqual(await answers(model, X));
    if (setting.dtype === "float64") return;
    // On the other device and back, nothing is lost of single precision.
    using there = await moveTo(model, setting.kind === "cpu" ? "webgpu" : "cpu");
    using back = await moveTo(there, setting.kind);
    expect(await back.toJSON()).toEqual(saved);
    expect(await model.toJSON()).toEqual(saved);
    expect(JSON.stringify(await there.toJSON())).not.toContain(`"device":"${setting.kind}"`);
  });
});

test("the list of classes has those that were there when this was written", () => {
  expect(classes.map((c) => c.prototype.name)).toEqual(
    expect.arrayContaining(["FeatureUnion", "GridSearchCV", "KMeans", "Pipeline", "Ridge", "StandardScaler"]),
  );
});

test("goes to the device that is asked for", async () => {
  using model = await makePipeline(...inner()).fit(rows, target);
  const saved = await model.toJSON();
  using there = await Pipeline.fromJSON(saved, { classes: [StandardScaler, Ridge], device: "webgpu" });
  const { coef_ } = there.at(-1) as Ridge;
  expect([coef_.device.kind, coef_.dtype]).toEqual(["webgpu", "float32"]);
  expect([...(await coef_.data())]).toEqual([...(await (model.at(-1) as Ridge).coef_.data())].map(Math.fround));
  using X = await asarray(rows, { device: "webgpu" });
  expect(await there.score(X, target)).toBeCloseTo(await model.score(rows, target), 3);
  const elsewhere = JSON.parse(JSON.stringify(saved).replaceAll('"cpu"', '"nowhere"'));
  await expect(load({ ...elsewhere, digest: digestOf(elsewhere.model) })).rejects.toThrow(
    /"nowhere", expected "cpu" or "webgpu"/,
  );
});

/** An estimator with parameters of every kind. */
class Curious extends Estimator<{ values: unknown }> {
  override get name() {
    return "Curious";
  }
  constructor(params: Partial<{ values: unknown }> = {}) {
    super({ values: null }, params);
  }
}

test("a pipeline with a function comes back where the function is given again", async () => {
  const toGpu = (Z: NDArray): Promise<NDArray> => Z.to("webgpu");
  const steps = [new StandardScaler(), new FunctionTransformer({ func: toGpu }), new Ridge()] as const;
  using model = await makePipeline(...steps).fit(rows, target);
  const [classes, functions] = [[StandardScaler, FunctionTransformer, Ridge], { toGpu }];
  using again = await Pipeline.fromJSON(JSON.stringify(await model.toJSON({ functions })), { classes, functions });
  // Each step's arrays are on the device that they were on.
  expect((again.at(-1) as Ridge).coef_.device.kind).toBe("webgpu");
  using ours = await again.predict(rows);
  using theirs = await model.predict(rows);
  expect(await ours.toArray()).toEqual(await theirs.toArray());
});

test("keeps parameters of every kind", async () => {
  const stream = new RandomState(3);
  stream.normal();
  using array = await asarray([[1, 2]], { dtype: "float32" });
  const f = (x: number): number => x + 1;
  const values = {
    numbers: [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, 1e21],
    words: ["", "é\u0000\ud800", "$"],
    nothing: [null, undefined, false, [], {}],
    $: { $: "array" },
    typed: [Float64Array.of(1, -0), Uint8Array.of(255), Int16Array.of(-3), new Float32Array(0)],
    model: new Ridge({ alpha: 3 }),
    f,
  };
  const model = new Curious({ values: { ...values, array, stream } });
  const options = { functions: { increment: f } };
  const text = JSON.stringify(await model.toJSON(options));
  const again = await Curious.fromJSON(text, { classes: [Ridge], ...options });
  const {
    model: ridge,
    array: plain,
    stream: other,
    ...rest
  } = again.getParams().values as typeof values & Record<string, unknown>;
  const { model: _, ...wanted } = values;
  expect(rest).toEqual(wanted);
  expect(ridge.getParams()).toEqual(values.model.getParams());
  expect(plain).toEqual({ data: Float32Array.of(1, 2), shape: [1, 2] });
  expect((other as RandomState).normal(0, 1, 3)).toEqual(stream.normal(0, 1, 3));
  await expect(model.toJSON()).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringContaining("Curious.values.f is a function"),
  });
  for (const odd of [Symbol("x"), 1n, new Date(0), new Map()])
    await expect(new Curious({ values: [odd] }).toJSON()).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("Curious.values[0]"),
    });
  await expect(Curious.fromJSON(text, { classes: [Ridge] })).rejects.toMatchObject({
    code: "parameter",
    message: expect.stringContaining("increment"),
  });
});

const load = (saved: unknown): Promise<AnyEstimator> => fromJSON(saved, [Pipeline, StandardScaler, Ridge]);
const base = async (): Promise<SavedModel> => {
  using model = await makePipeline(...inner()).fit(
    rows.map((r) => r.slice(0, 2)),
    target,
  );
  return await model.toJSON();
};

test("says what is wrong with what it can't load", async () => {
  const saved = await base();
  const text = JSON.stringify(saved);
  const changed = (from: string, to: string): unknown => {
    const whole = JSON.parse(text.replace(from, to)) as SavedModel;
    expect(text).toContain(from);
    return { ...whole, digest: digestOf(whole.model) };
  };
  const refusals: readonly (readonly [unknown, string, RegExp])[] = [
    ["", "malformed", /the text is no JSON/],
    [text.slice(0, -9), "malformed", /the text is no JSON/],
    [null, "malformed", /the whole is null/],
    ["[]", "malformed", /the whole is a list/],
    // What JSON.stringify makes of an estimator, or of a promise.
    ["{}", "malformed", /await model.toJSON/],
    [{ ...saved, version: 2 }, "malformed", /version is 2, and this release reads 1/],
    [{ ...saved, digest: "0" }, "malformed", /cut or changed/],
    [text.replace('"alpha":0.5', '"alpha":0.6'), "malformed", /cut or changed/],
    [
      changed('"class":"Ridge"', '"class":"Lasso"'),
      "parameter",
      /of the class Lasso, which is not among those given: Pipeline/,
    ],
    [changed('"alpha":0.5', '"beta":0.5'), "parameter", /Ridge has no parameter beta/],
    [changed('"dtype":"float64"', '"dtype":"float16"'), "malformed", /dtype "float16", expected one of float64/],
    [changed('"dtype":"float64"', '"dtype":"float32"'), "malformed", /and has 4 elements, expected 2/],
    [changed('"shape":[2]', '"shape":[3]'), "malformed", /float64\[3\] and has 2 elements/],
    [changed('"shape":[2]', '"shape":[-2]'), "malformed", /a whole number that is not negative/],
    [changed('"data":"', '"data":"*'), "malformed", /no base64/],
    [changed('"$":"array"', '"$":"arrow"'), "malformed", /the tag "arrow"/],
    [changed('["standardscaler",', "["), "parameter", /steps must be pairs/],
  ];
  for (const [odd, code, message] of refusals)
    await expect(load(odd)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  await expect(Ridge.fromJSON(saved, { classes: [Pipeline, StandardScaler] })).rejects.toThrow(
    /class Pipeline, expected Ridge/,
  );
  await expect(Pipeline.fromJSON(saved)).rejects.toThrow(/not among those given: Pipeline/);
});

test("takes no text that was changed", async () => {
  const saved = await base();
  const text = JSON.stringify(saved);
  const place = fc.nat(text.length - 1);
  const change = fc.oneof(
    fc.record({ at: place, put: fc.string({ maxLength: 3 }), drop: fc.nat(3) }),
    fc.record({ at: place, put: fc.constant(""), drop: fc.nat(text.length) }),
  );
  await fc.assert(
    fc.asyncProperty(change, async ({ at, put, drop }) => {
      const odd = text.slice(0, at) + put + text.slice(at + drop);
      try {
        using model = await load(odd);
        expect(await model.toJSON()).toEqual(saved);
      } catch (error) {
        expect(error).toBeInstanceOf(BifoldError);
      }
    }),
    { numRuns: 400 },
  );
});

test("whatever stands in a text with a right digest, it is loaded or refused", async () => {
  const saved = await base();
  const paths: (string | number)[][] = [];
  const visit = (value: unknown, at: (string | number)[]): void => {
    paths.push(at);
    if (typeof value === "object" && value !== null)
      for (const [k, v] of Object.entries(value)) visit(v, [...at, Array.isArray(value) ? Number(k) : k]);
  };
  visit(saved.model, []);
  const put = (value: unknown, [head, ...rest]: readonly (string | number)[], what: unknown): unknown => {
    if (head === undefined) return what;
    if (Array.isArray(value)) return value.with(Number(head), put(value[Number(head)], rest, what));
    const record = value as Record<string, unknown>;
    return { ...record, [head]: put(record[head], rest, what) };
  };
  const tagged = fc
    .constantFrom("estimator", "array", "undefined", "number", "record", "typed", "random", "function")
    .map(($) => ({ $ }));
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    tagged,
    fc.constantFrom("1e400", -1, 2 ** 53, 0.5, "__proto__", "AAAA"),
  );
  let loaded = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), anything, async (at, what) => {
      const model = put(saved.model, at, what);
      try {
        using made = await load({ ...saved, model, digest: digestOf(model) });
        expect(made).toBeInstanceOf(Estimator);
        loaded++;
      } catch (error) {
        expect(error).toBeInstanceOf(BifoldError);
      }
    }),
    { numRuns: 400 },
  );
  expect(loaded).toBeGreaterThan(0);
});
