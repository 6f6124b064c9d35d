// FunctionTransformer on both devices: functions, who owns what they give, devices, the check of inverses, names.
import { afterEach, describe, expect, test, vi } from "vitest";
import { asarray } from "../../src/runtime/asarray.js";
import { device } from "../../src/runtime/devices.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { Ridge } from "../linear_model/index.js";
import { makePipeline } from "../pipeline/index.js";
import { FunctionTransformer, StandardScaler } from "./index.js";

const rows = [
  [1, -2],
  [3, 4],
  [0, 5],
];
const times = (factor: number) => async (X: NDArray) =>
  ((await X.toArray()) as number[][]).map((row) => row.map((v) => v * factor));

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(["cpu", "webgpu"] as const)("FunctionTransformer on %s", (kind) => {
  const place = async (values: number[][]) => asarray(values, { device: await device(kind), dtype: "float32" });

  test("without a function gives the data back, as an array of their own", async () => {
    const there = await device(kind);
    const before = there.liveBytes;
    const X = await place(rows);
    const model = new FunctionTransformer();
    for (const func of [null, (Z: NDArray) => Z, async (Z: NDArray) => Z]) {
      const Z = await model.setParams({ func }).transform(X);
      expect(Z).not.toBe(X);
      Z.dispose();
      expect(await X.toArray()).toEqual(rows);
    }
    X.dispose();
    expect(there.liveBytes).toBe(before);
  });

  test("gives its function the further arguments, and takes lists and numbers for arrays", async () => {
    using X = await place(rows);
    const model = new FunctionTransformer({
      func: async (Z, { power }) =>
        ((await Z.toArray()) as number[][]).map((row) => row.map((v) => v ** Number(power))),
      kwArgs: { power: 2 },
      inverseFunc: (Z) => Z.reshape([-1]),
    });
    using Z = await model.transform(X);
    expect(await Z.toArray()).toEqual([
      [1, 4],
      [9, 16],
      [0, 25],
    ]);
    using flat = await model.inverseTransform(rows);
    expect(flat.shape).toEqual([6]);
  });

  test("frees what it made when its function fails", async () => {
    const there = await device("cpu");
    const before = there.liveBytes;
    const model = new FunctionTransformer({
      func: () => {
        throw new TypeError("no");
      },
    });
    await expect(model.transform(rows)).rejects.toThrow(TypeError);
    expect(there.liveBytes).toBe(before);
  });

  test("moves a pipeline's data to another device, where the next steps learn", async () => {
    const other = await device(kind === "cpu" ? "webgpu" : "cpu");
    using X = await place(rows);
    using y = await place([[1], [2], [4]]);
    using model = makePipeline(
      new StandardScaler(),
      new FunctionTransformer({ func: (Z) => Z.to(other) }),
      new Ridge(),
    );
    await model.fit(X, y);
    using found = await model.predict(X);
    expect([found.device, model.steps[2][1].coef_.device, X.device.kind]).toEqual([other, other, kind]);
  });
});

test("holds the data to be a finite matrix where it should", async () => {
  const model = new FunctionTransformer({ validate: true });
  await expect(model.fit([[Number.NaN]])).rejects.toMatchObject({ code: "not-finite" });
  await expect(new FunctionTransformer().fit([[Number.NaN]])).resolves.toBeInstanceOf(FunctionTransformer);
  await model.fit(rows);
  expect(model.nFeaturesIn_).toBe(2);
  await expect(model.transform([[1]])).rejects.toMatchObject({ code: "features" });
  await expect(model.transform(new Float64Array(3))).rejects.toMatchObject({ code: "shape" });
});

test("warns of an inverse that is none, unless told not to", async () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  const good = new FunctionTransformer({ func: times(2), inverseFunc: times(0.5) });
  await good.fit(rows);
  await new FunctionTransformer({ func: times(2), inverseFunc: (Z) => Z, checkInverse: false }).fit(rows);
  expect(warned).not.toHaveBeenCalled();
  await new FunctionTransformer({ func: times(2), inverseFunc: (Z) => Z }).fit(rows);
  await new FunctionTransformer({ func: (Z) => Z.reshape([1, -1]), inverseFunc: (Z) => Z }).fit(rows);
  // The entry 0 is its own double.
  expect(warned.mock.calls.map(([text]) => /5 of 6 entries differ|came back as/.exec(String(text))?.[0])).toEqual([
    "5 of 6 entries differ",
    "came back as",
  ]);
});

test("names what comes out", async () => {
  const same = new FunctionTransformer({ featureNamesOut: "one-to-one" });
  expect(same.getFeatureNamesOut(["a", "b"])).toEqual(["a", "b"]);
  expect(() => same.getFeatureNamesOut()).toThrow(expect.objectContaining({ code: "not-fitted" }));
  await same.fit(rows);
  expect(same.getFeatureNamesOut()).toEqual(["x0", "x1"]);
  expect(() => same.getFeatureNamesOut(["a"])).toThrow(expect.objectContaining({ code: "features" }));
  const named = new FunctionTransformer({ featureNamesOut: (model, names = []) => [...names, model.name] });
  expect(named.getFeatureNamesOut(["a"])).toEqual(["a", "FunctionTransformer"]);
  expect(() => new FunctionTransformer().getFeatureNamesOut()).toThrow(expect.objectContaining({ code: "parameter" }));
});

test("refuses what is no function", async () => {
  await expect(new FunctionTransformer({ func: "log" as unknown as null }).fit(rows)).rejects.toMatchObject({
    code: "parameter",
  });
});
