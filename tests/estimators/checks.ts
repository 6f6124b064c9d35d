// The checks that every estimator passes on every device: the beginning of a check_estimator. Each is a name and what must hold.
import { expect } from "vitest";
import type { Estimator } from "../../estimators/base.js";
import { asarray } from "../../src/runtime/asarray.js";
import type { Device } from "../../src/runtime/device.js";
import { device } from "../../src/runtime/devices.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { arraysIn, disposeAll } from "../../src/runtime/scope.js";

export type Data = number[][];

/** What the checks call on an estimator; a transformer has no `predict`, a clusterer ignores `y`. */
export interface Checked extends Estimator<object> {
  fit(X: unknown, y?: unknown, options?: { sampleWeight?: unknown }): Promise<unknown>;
  predict?(X: unknown): Promise<NDArray>;
  transform?(X: unknown): Promise<NDArray>;
}

export interface Subject {
  readonly name: string;
  readonly make: () => Checked;
  readonly allowsNaN: boolean;
  /** Whether one sample is enough to fit. */
  readonly oneSample: boolean;
  /** Fitted arrays, by their public names. */
  readonly attributes: readonly string[];
}

/** 12 samples, 3 features, with some structure; and a target. */
const X: Data = Array.from({ length: 12 }, (_, i) => [i % 4, ((i * 7) % 5) / 2 + (i < 6 ? 8 : 0), i / 3]);
const y = X.map(([a = 0, b = 0, c = 0]) => 2 * a - b + 0.5 * c + 1);

const methods = (e: Checked): ((X: unknown) => Promise<NDArray>)[] =>
  [e.predict?.bind(e), e.transform?.bind(e)].filter((m): m is (X: unknown) => Promise<NDArray> => m !== undefined);

/** X and y as arrays on the device. */
async function place(on: Device, rows: Data, target: readonly number[]) {
  return { X: await asarray(rows, { device: on }), y: await asarray([...target], { device: on }) };
}

async function values(e: Checked, s: Subject): Promise<unknown[]> {
  const read = e as unknown as Record<string, NDArray>;
  return Promise.all(s.attributes.map((a) => read[a]!.toArray()));
}

type Check = readonly [string, (s: Subject, on: Device) => Promise<void>];

export const checks: readonly Check[] = [
  [
    "refuses use before fit, saying so",
    async (s, on) => {
      const at = await place(on, X, y);
      for (const method of methods(s.make()))
        await expect(method(at.X)).rejects.toMatchObject({ code: "not-fitted", message: /fit/ });
      disposeAll(at);
    },
  ],
  [
    "keeps fitted arrays on the device and in the dtype of X",
    async (s, on) => {
      const at = await place(on, X, y);
      const e = s.make();
      await e.fit(at.X, at.y);
      const read = e as unknown as Record<string, NDArray>;
      for (const a of s.attributes) expect([a, read[a]!.device === on]).toEqual([a, true]);
      expect(e.nFeaturesIn_).toBe(3);
      e.dispose();
      disposeAll(at);
    },
  ],
  [
    "takes lists",
    async (s) => {
      const e = s.make();
      await e.fit(X, y);
      for (const method of methods(e)) (await method(X)).dispose();
      e.dispose();
    },
  ],
  [
    "refuses another number of features",
    async (s, on) => {
      const at = await place(on, X, y);
      const e = s.make();
      await e.fit(at.X, at.y);
      const other = await asarray([[1, 2]], { device: on });
      for (const method of methods(e))
        await expect(method(other)).rejects.toMatchObject({ code: "features", message: /2 features.*3/ });
      e.dispose();
      disposeAll([at, other]);
    },
  ],
  [
    "refuses infinities, and NaN unless it has a meaning",
    async (s, on) => {
      for (const bad of s.allowsNaN ? [Number.POSITIVE_INFINITY] : [Number.NaN, Number.NEGATIVE_INFINITY]) {
        const at = await place(
          on,
          X.map((row, i) => (i === 5 ? [row[0]!, bad, row[2]!] : row)),
          y,
        );
        await expect(s.make().fit(at.X, at.y)).rejects.toMatchObject({ code: "not-finite", message: /1 / });
        disposeAll(at);
      }
    },
  ],
  [
    "refuses empty data and wrong ranks",
    async (s, on) => {
      const none = await asarray(new Float32Array(0), { shape: [0, 3], device: on });
      const flat = await asarray(new Float32Array(4), { device: on });
      const narrow = await asarray(new Float32Array(0), { shape: [4, 0], device: on });
      await expect(s.make().fit(none, [])).rejects.toMatchObject({ code: "empty" });
      await expect(s.make().fit(narrow, [1, 2, 3, 4])).rejects.toMatchObject({ code: "empty" });
      await expect(s.make().fit(flat, [1, 2, 3, 4])).rejects.toMatchObject({ code: "shape", message: /reshape/i });
      disposeAll([none, flat, narrow]);
    },
  ],
  [
    "fits one sample, or says that it can't",
    async (s, on) => {
      const at = await place(on, X.slice(0, 1), y.slice(0, 1));
      const e = s.make();
      if (s.oneSample) await e.fit(at.X, at.y);
      else await expect(e.fit(at.X, at.y)).rejects.toMatchObject({ code: "empty" });
      e.dispose();
      disposeAll(at);
    },
  ],
  [
    "leaves its parameters alone, and clones them",
    async (s, on) => {
      const at = await place(on, X, y);
      const e = s.make();
      const before = e.getParams();
      await e.fit(at.X, at.y);
      expect(e.getParams()).toEqual(before);
      const copy = e.clone();
      expect([copy.isFitted, copy.getParams()]).toEqual([false, before]);
      expect(() => e.setParams({ nonsense: 1 } as object)).toThrow(/no parameter nonsense/);
      e.dispose();
      disposeAll(at);
    },
  ],
  [
    "gives the same when fitted again",
    async (s, on) => {
      const at = await place(on, X, y);
      const e = s.make();
      await e.fit(at.X, at.y);
      const first = await values(e, s);
      await e.fit(at.X, at.y);
      expect(await values(e, s)).toEqual(first);
      e.dispose();
      disposeAll(at);
    },
  ],
  [
    "stays as it was when a fit fails",
    async (s, on) => {
      const at = await place(on, X, y);
      const e = s.make();
      await e.fit(at.X, at.y);
      const first = await values(e, s);
      const wrong = X.map((row, i) => (i === 5 ? row.map(() => Number.POSITIVE_INFINITY) : row));
      const bad = await place(on, wrong, y);
      await expect(e.fit(bad.X, bad.y)).rejects.toMatchObject({ code: "not-finite" });
      disposeAll(bad);
      expect(await values(e, s)).toEqual(first);
      e.dispose();
      disposeAll(at);
    },
  ],
  [
    "refuses data of another device, saying how to move them",
    async (s, on) => {
      const other = await device(on.kind === "cpu" ? "webgpu" : "cpu");
      const at = await place(on, X, y);
      const away = await at.X.to(other);
      const e = s.make();
      await e.fit(at.X, at.y);
      for (const method of methods(e))
        await expect(method(away)).rejects.toMatchObject({ code: "device", message: /\.to\("/ });
      e.dispose();
      disposeAll([at, away]);
    },
  ],
  [
    "gives all its memory back",
    async (s, on) => {
      const at = await place(on, X, y);
      const before = on.liveBytes;
      const e = s.make();
      await e.fit(at.X, at.y);
      for (const method of methods(e)) (await method(at.X)).dispose();
      await expect(e.fit(at.X, [1]))
        .rejects.toBeDefined()
        .catch(() => undefined);
      expect(on.liveBytes).toBeGreaterThan(before);
      e.dispose();
      expect(arraysIn(e)).toEqual([]);
      expect(on.liveBytes).toBe(before);
      disposeAll(at);
    },
  ],
];
