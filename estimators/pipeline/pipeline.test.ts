// Pipeline and FeatureUnion: parameters by name, the order of steps, devices, failures and memory, on every device.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { asarray } from "../../src/runtime/asarray.js";
import { device } from "../../src/runtime/devices.js";
import { NDArray, type Nested } from "../../src/runtime/ndarray.js";
import { disposeAll } from "../../src/runtime/scope.js";
import { placeOn, settings } from "../../tests/settings.js";
import { Estimator } from "../base.js";
import { KMeans } from "../cluster/index.js";
import { LinearRegression, Ridge } from "../linear_model/index.js";
import { FunctionTransformer, MinMaxScaler, Normalizer, StandardScaler } from "../preprocessing/index.js";
import { FeatureUnion, makePipeline, makeUnion, Pipeline } from "./index.js";

const rows = Array.from({ length: 9 }, (_, i) => [i % 4, ((i * 7) % 5) / 2, i / 4]);
const target = rows.map(([a = 0, b = 0, c = 0], i) => 2 * a - b + c + (i % 2));

/** Moves its data to the GPU. */
const move = () => new FunctionTransformer({ func: (X) => X.to("webgpu") });

const made: unknown[] = [];
const keep = <T>(value: T): T => {
  made.push(value);
  return value;
};

describe.each(settings)("$name", (setting) => {
  const place = async (values: Nested) => keep(await placeOn(setting)(values));
  let before = 0;
  beforeEach(async () => {
    before = (await device(setting.kind)).liveBytes;
  });
  afterEach(async () => {
    for (const x of made.splice(0)) x instanceof Estimator ? x.dispose() : disposeAll(x);
    expect((await device(setting.kind)).liveBytes).toBe(before);
  });

  test("does what its steps do one after another", async () => {
    const [X, y] = [await place(rows), await place(target)];
    const scaler = keep(new StandardScaler());
    const Z = keep(await scaler.fitTransform(X));
    const ridge = keep(await new Ridge({ alpha: 0.5 }).fit(Z, y));
    const model = keep(makePipeline(new StandardScaler(), "passthrough", new Ridge({ alpha: 0.5 })));
    expect(await model.fit(X, y)).toBe(model);
    const wanted = await keep(await ridge.predict(Z)).toArray();
    expect(await keep(await model.predict(X)).toArray()).toEqual(wanted);
    expect(await model.score(X, y)).toBe(await ridge.score(Z, y));
    expect(await keep(await model.slice(0, 2).transform(X)).toArray()).toEqual(await Z.toArray());
    expect(await keep(await model.slice(0, -1).inverseTransform(Z)).toArray()).toEqual(
      await keep(await scaler.inverseTransform(Z)).toArray(),
    );
    expect(model.at(-1)).toBe(model.steps[2]?.[1]);
    expect([model.isFitted, model.nFeaturesIn_, model.estimatorType, model.length]).toEqual([
      true,
      3,
      ridge.estimatorType,
      3,
    ]);
  });

  test("gives arrays of its own where no step makes any", async () => {
    const X = await place(rows);
    const model = makePipeline("passthrough");
    const made = keep(await model.fitTransform(X));
    expect(made).not.toBe(X);
    expect(await made.toArray()).toEqual(await X.toArray());
  });

  test("hands each step its own parameters of fit", async () => {
    const [X, y] = [await place(rows), await place(target)];
    const w = await place(rows.map((_, i) => 1 + (i % 3)));
    const Z = keep(await keep(new StandardScaler()).fitTransform(X, undefined, { sampleWeight: w }));
    const ridge = keep(await new Ridge().fit(Z, y, { sampleWeight: w }));
    const inner = makePipeline(new StandardScaler(), new Ridge());
    const model = keep(new Pipeline([["inner", inner]]));
    await model.fit(X, y, { inner__standardscaler__sampleWeight: w, inner__ridge__sampleWeight: w });
    expect(await keep(await model.predict(X)).toArray()).toEqual(await keep(await ridge.predict(Z)).toArray());
    expect(await model.score(X, y, { sampleWeight: w })).toBe(await ridge.score(Z, y, { sampleWeight: w }));
    for (const odd of ["sampleWeight", "nothing__sampleWeight"])
      await expect(model.fit(X, y, { [odd]: w })).rejects.toMatchObject({
        code: "parameter",
        message: expect.stringContaining("inner__sampleWeight: w"),
      });
  });

  test("stays as it was when a step fails, and leaves nothing behind", async () => {
    const [X, y] = [await place(rows), await place(target)];
    const model = keep(makePipeline(new StandardScaler(), new Ridge()));
    await model.fit(X, y);
    const first = await keep(await model.predict(X)).toArray();
    await expect(model.fit(await place(rows.map((r) => r.map((v) => v + 1))), target.slice(1))).rejects.toMatchObject({
      code: "shape",
    });
    expect(await keep(await model.predict(X)).toArray()).toEqual(first);
    const fresh = keep(makePipeline(new MinMaxScaler(), new Ridge()));
    await expect(fresh.fit(X, target.slice(1))).rejects.toMatchObject({ code: "shape" });
    expect([fresh.isFitted, fresh.at(0)]).toEqual([false, expect.objectContaining({ isFitted: false })]);
    await expect(fresh.predict(X)).rejects.toMatchObject({
      code: "not-fitted",
      message: expect.stringContaining("MinMaxScaler"),
    });
  });

  test("frees what a step made when the next one has used it", async () => {
    const there = await device(setting.kind);
    const empty = there.liveBytes;
    const X = await place(rows);
    const bytes = there.liveBytes - empty;
    const alive: number[] = [];
    const watch = vi.spyOn(MinMaxScaler.prototype, "transform").mockImplementation(async function (this: MinMaxScaler) {
      alive.push(there.liveBytes);
      return (await placeOn(setting)(rows)) as NDArray;
    });
    const model = keep(makePipeline(...Array.from({ length: 4 }, () => new MinMaxScaler())));
    keep(await model.fitTransform(X));
    watch.mockRestore();
    const learned = keep(await new MinMaxScaler().fit(X));
    const one = there.liveBytes;
    learned.dispose();
    // Each step adds what it learned; of the data, X and one result are there and no more.
    expect(alive.map((b, k) => b - (alive[0] ?? 0) - k * (one - there.liveBytes))).toEqual([0, bytes, bytes, bytes]);
  });

  test("puts the results of transformers side by side", async () => {
    const [X, y] = [await place(rows), await place(target)];
    const parts = [keep(new StandardScaler()), keep(new MinMaxScaler())] as const;
    const [a = [], b = []] = await Promise.all(parts.map(async (p) => keep(await p.fitTransform(X)).toArray()));
    const union = keep(
      new FeatureUnion({
        transformerList: [
          ["same", "passthrough"],
          ["s", new StandardScaler()],
          ["none", "drop"],
          ["m", new MinMaxScaler()],
        ],
        transformerWeights: { m: 0.5 },
      }),
    );
    const wanted = ((await X.toArray()) as number[][]).map((row, i) => [
      ...row,
      ...((a as number[][])[i] ?? []),
      ...((b as number[][])[i] ?? []).map((v) => v / 2),
    ]);
    expect(await keep(await union.fitTransform(X, y)).toArray()).toEqual(wanted);
    expect(await keep(await union.transform(X)).toArray()).toEqual(wanted);
    await expect(union.fit(keep(await X.reshape([27])))).rejects.toMatchObject({ code: "shape" });
    expect(await keep(await union.transform(X)).toArray()).toEqual(wanted);
    const alone = keep(makeUnion(new MinMaxScaler()));
    expect(await keep(await (await alone.fit(X)).transform(X)).toArray()).toEqual(b);
  });
});

test("moves y and weights along when a step moves the data", async () => {
  const float32 = { dtype: "float32" } as const;
  const [here, there] = [await device("cpu"), await device("webgpu")];
  const before = [here.liveBytes, there.liveBytes];
  const [X, y] = [keep(await asarray(rows, float32)), keep(await asarray(target, float32))];
  const w = keep(await asarray(new Float32Array(9).fill(2)));
  const model = keep(makePipeline(new StandardScaler(), move(), new MinMaxScaler(), new Ridge()));
  const moves = vi.spyOn(NDArray.prototype, "to");
  await model.fit(X, y, { ridge__sampleWeight: w });
  expect(moves.mock.contexts.map((a) => (a as NDArray).size)).toEqual([27, 9, 9]);
  moves.mockRestore();
  expect(keep(await model.predict(X)).device).toBe(there);
  expect(await model.score(X, y, { sampleWeight: w })).toBeGreaterThan(0.5);
  // A target that is where a step brings the data is right; one that nothing brings the data to is for the step to refuse.
  const away = keep(await y.to("webgpu"));
  await model.fit(X, away);
  await expect(makePipeline(new StandardScaler(), new Ridge()).fit(X, away)).rejects.toMatchObject({ code: "device" });
  for (const x of made.splice(0)) x instanceof Estimator ? x.dispose() : disposeAll(x);
  expect([here.liveBytes, there.liveBytes]).toEqual(before);
});

describe("parameters", () => {
  test("are those of the steps, by name", () => {
    const ridge = new Ridge({ alpha: 2 });
    const model = new Pipeline([
      ["scale", new StandardScaler()],
      ["inner", makePipeline(new MinMaxScaler(), ridge)],
    ]);
    expect(model.getParams()).toMatchObject({ memory: null, scale__withMean: true, inner__ridge__alpha: 2 });
    expect(model.getParams()).toHaveProperty("inner__ridge", ridge);
    expect(Object.keys(model.getParams({ deep: false }))).toEqual(["steps", "memory"]);
    model.setParams({ inner__ridge__alpha: 3, scale__withStd: false });
    expect([ridge.getParams().alpha, model.namedSteps.scale.getParams().withStd]).toEqual([3, false]);
    const other = new LinearRegression();
    model.setParams({ inner__ridge: other, inner__ridge__fitIntercept: false, scale: "passthrough" });
    expect(model.getParams()).toMatchObject({ inner__ridge: other, scale: "passthrough" });
    expect(other.getParams().fitIntercept).toBe(false);
  });

  test("of names that are not there change nothing", () => {
    const model = makePipeline(new StandardScaler(), new Ridge());
    const before = model.getParams();
    for (const [name, words] of [
      ["ridge__nonsense", "Ridge has no parameter nonsense"],
      ["nothing__alpha", "no estimator nothing that nothing__alpha"],
      ["nothing", "Pipeline has no parameter nothing"],
      ["toString", "Pipeline has no parameter toString"],
      ["ridge__alpha__deeper", "Ridge has no estimator alpha"],
    ] as const)
      expect(() => model.setParams({ ridge__alpha: 7, [name]: 1 })).toThrow(
        expect.objectContaining({ code: "parameter", message: expect.stringContaining(words) }),
      );
    expect(model.getParams()).toEqual(before);
  });

  test("are cloned, estimators among them too", async () => {
    const model = new Pipeline([
      ["union", makeUnion(new StandardScaler(), new Normalizer())],
      ["ridge", new Ridge({ alpha: 4 })],
    ]);
    await model.fit(rows, target);
    const copy = model.clone();
    expect([copy.isFitted, copy.getParams({ deep: false }).steps.map(([name]) => name)]).toEqual([
      false,
      ["union", "ridge"],
    ]);
    copy.setParams({ ridge__alpha: 5 });
    expect(model.getParams()).toMatchObject({ ridge__alpha: 4 });
    expect(copy.namedSteps.ridge).not.toBe(model.namedSteps.ridge);
    model.dispose();
    expect(model.isFitted).toBe(false);
  });

  test.each([
    [
      [
        ["a", new Ridge()],
        ["a", new Ridge()],
      ],
      "the name a twice",
    ],
    [[["a__b", new Ridge()]], "has __"],
    [[["memory", new Ridge()]], "which is a parameter of Pipeline"],
    [[["a", "nothing"]], '"nothing" under the name a'],
    [[["a", null]], "null under the name a"],
    [[new Ridge()], "no such pair at 0"],
    [{ steps: "text" }, "found string"],
    [{ memory: "cache" }, "memory must be null"],
  ])("are refused where they are none: %#", (given, words) => {
    expect(() => new Pipeline(given as never)).toThrow(
      expect.objectContaining({ code: "parameter", message: expect.stringContaining(words) }),
    );
  });

  test("name steps by their classes", () => {
    expect(makePipeline(new Ridge(), "passthrough", new KMeans(), new Ridge()).steps.map(([name]) => name)).toEqual([
      "ridge-1",
      "passthrough",
      "kmeans",
      "ridge-2",
    ]);
  });
});

test("steps that can't do what they are there for are refused", async () => {
  const refusals: readonly (readonly [() => Promise<unknown>, string])[] = [
    [() => new Pipeline().fit(rows), "no steps"],
    [
      () => makePipeline(new Ridge(), new Ridge()).fit(rows, target),
      "step ridge-1, which is not the last,: Ridge has no transform",
    ],
    [() => makePipeline(new StandardScaler()).predict(rows), "StandardScaler has no predict"],
    [() => makePipeline(new Ridge(), "passthrough").predict(rows), "the last step is passthrough"],
    [() => makePipeline(new Ridge()).fitPredict(rows, target), "Ridge has no fitPredict"],
    [() => makePipeline(new Normalizer()).inverseTransform(rows), "Normalizer has no inverseTransform"],
    [() => new FeatureUnion().fit(rows), "no transformer in transformerList"],
    [() => makeUnion(new Ridge()).fit(rows, target), "Ridge has no transform"],
    [
      () => new FeatureUnion({ transformerList: [["a", new Normalizer()]], transformerWeights: { b: 2 } }).fit(rows),
      "found b: 2",
    ],
  ];
  for (const [call, words] of refusals)
    await expect(call()).rejects.toMatchObject({ code: "parameter", message: expect.stringContaining(words) });
  expect(() => makePipeline(new Ridge()).at(3)).toThrow(expect.objectContaining({ code: "parameter" }));
});

test("names of features go through the steps", async () => {
  const union = new FeatureUnion([
    ["s", new StandardScaler()],
    ["none", "drop"],
    ["same", "passthrough"],
  ]);
  const model = keep(makePipeline(new MinMaxScaler(), union));
  expect(() => model.getFeatureNamesOut()).toThrow(expect.objectContaining({ code: "not-fitted" }));
  await model.fit(rows);
  expect(union.nFeaturesIn_).toBe(3);
  expect(model.getFeatureNamesOut()).toEqual(["s", "same"].flatMap((n) => [0, 1, 2].map((j) => `${n}__x${j}`)));
  expect(model.getFeatureNamesOut(["a", "b", "c"]).slice(2, 4)).toEqual(["s__c", "same__a"]);
  expect(makePipeline("passthrough").getFeatureNamesOut(["a"])).toEqual(["a"]);
  for (const [odd, words] of [
    [makePipeline("passthrough"), "no step makes names"],
    [makePipeline(new Ridge()), "Ridge has no getFeatureNamesOut"],
  ] as const)
    expect(() => odd.getFeatureNamesOut()).toThrow(
      expect.objectContaining({ code: "parameter", message: expect.stringContaining(words) }),
    );
  disposeAll(made.splice(0));
  model.dispose();
});

test("labels of clusters come out of the last step", async () => {
  const model = keep(makePipeline(new StandardScaler(), new KMeans({ nClusters: 2, randomState: 0 })));
  const labels = keep(await model.fitPredict(rows));
  expect(await labels.toArray()).toEqual(await keep(await model.predict(rows)).toArray());
  expect(await model.score(rows)).toBeLessThan(0);
  disposeAll(made.splice(0));
  model.dispose();
});
