// Parameters, clones and lifetimes that all estimators share.
import { describe, expect, test } from "vitest";
import { RandomState } from "../src/random/random_state.js";
import { asarray } from "../src/runtime/asarray.js";
import { device } from "../src/runtime/devices.js";
import { clone, Estimator } from "./base.js";
import { KMeans } from "./cluster/index.js";
import { Ridge } from "./linear_model/index.js";
import { makePipeline } from "./pipeline/index.js";
import { StandardScaler } from "./preprocessing/index.js";

const rows = Array.from({ length: 9 }, (_, i) => [i % 4, ((i * 7) % 5) / 2]);

/** Holds an estimator, a list and a record. */
class Holder extends Estimator<{ inner: Ridge | null; list: readonly unknown[]; record: object }> {
  override get name() {
    return "Holder";
  }
  constructor(params: Partial<{ inner: Ridge | null; list: readonly unknown[]; record: object }> = {}) {
    super({ inner: null, list: [], record: {} }, params);
  }
  /** Learns an estimator and an array. */
  async fit(): Promise<this> {
    this.learn({ best: await new Ridge().fit(rows, [...rows.keys()]), a: await asarray([1, 2]) });
    return this;
  }
  get best(): Ridge {
    return this.attribute("best");
  }
}

describe("a clone", () => {
  test("has the same parameters and learned nothing", async () => {
    using model = await new Ridge({ alpha: [1, 2] }).fit(
      rows,
      rows.map(([a = 0, b = 0]) => [a, b]),
    );
    const copy = clone(model);
    expect([copy.isFitted, copy.getParams(), copy.constructor]).toEqual([false, model.getParams(), Ridge]);
    expect(() => copy.coef_).toThrow(expect.objectContaining({ code: "not-fitted" }));
  });

  test("has clones of the estimators among its parameters, in lists and records too", () => {
    const [inner, listed, kept] = [new Ridge(), new Ridge({ alpha: 2 }), new Ridge({ alpha: 3 })];
    const copy = new Holder({ inner, list: [["a", listed]], record: { kept, text: "t" } }).clone();
    const { list, record } = copy.getParams() as unknown as {
      list: [[string, Ridge]];
      record: { kept: Ridge; text: string };
    };
    const copies = [copy.getParams().inner, list[0][1], record.kept];
    expect(copies.map((c) => c?.getParams().alpha)).toEqual([1, 2, 3]);
    for (const original of [inner, listed, kept]) expect(copies).not.toContain(original);
    expect([list[0][0], record.text]).toEqual(["a", "t"]);
  });

  test("copies a random stream where it stands, as scikit-learn does", () => {
    const stream = new RandomState(0);
    stream.uniform();
    const copy = new KMeans({ randomState: stream }).clone().getParams().randomState as RandomState;
    expect(copy).not.toBe(stream);
    expect(copy.uniform()).toBe(stream.uniform());
  });
});

describe("parameters", () => {
  test("reach into estimators that are parameters", () => {
    const inner = new Ridge();
    const model = new Holder({ inner });
    expect(model.getParams()).toMatchObject({ inner, inner__alpha: 1, list: [] });
    expect(Object.keys(model.getParams({ deep: false }))).toEqual(["inner", "list", "record"]);
    model.setParams({ inner__alpha: 4 });
    expect(inner.getParams().alpha).toBe(4);
    const other = new Ridge();
    model.setParams({ inner: other, inner__alpha: 5 });
    expect([inner.getParams().alpha, other.getParams().alpha]).toEqual([4, 5]);
  });

  test("that are undefined change nothing", () => {
    const model = new Ridge({ alpha: 2 }).setParams({ alpha: undefined as unknown as number });
    expect(model.getParams().alpha).toBe(2);
  });

  test("of wrong names change nothing at all", () => {
    const inner = new Ridge();
    const model = new Holder({ inner });
    for (const odd of ["inner__nothing", "list__alpha", "nothing", "__proto__x"])
      expect(() => model.setParams({ list: [1], inner__alpha: 9, [odd]: 1 })).toThrow(
        expect.objectContaining({ code: "parameter" }),
      );
    expect([model.getParams().list, inner.getParams().alpha]).toEqual([[], 1]);
  });
});

test("an estimator that was learned is freed with what holds it", async () => {
  const there = await device("cpu");
  const before = there.liveBytes;
  const model = await new Holder().fit();
  const { best } = model;
  await model.fit();
  expect([best.isFitted, model.best.isFitted]).toEqual([false, true]);
  model.dispose();
  expect(there.liveBytes).toBe(before);
});

test("a pipeline's fit draws from the stream that it was given, not from a copy", async () => {
  const stream = new RandomState(0);
  using model = makePipeline(new StandardScaler(), new KMeans({ nClusters: 2, randomState: stream }));
  const untouched = new RandomState(0);
  await model.fit(rows);
  expect(stream.uniform()).not.toBe(untouched.uniform());
});
