// Checks of what estimators refuse: with which code, in which words, and that nothing changes.
import { expect } from "vitest";
import { device } from "../../src/runtime/devices.js";
import {
  applied,
  attribute,
  type Check,
  type Data,
  inputOf,
  learned,
  methods,
  rows,
  type Subject,
  target,
} from "./subject.js";

/** What the subject takes for X, with `value` in one place. */
const withEntry = (s: Subject, value: number): Data =>
  inputOf(s, rows).map((row, i) => (i === 5 ? row.with(1, value) : row));
const width = (s: Subject): number => inputOf(s, rows)[0]?.length ?? 0;

export const inputChecks: readonly Check[] = [
  [
    "refuses use before fit, saying so, unless there is nothing to learn",
    async (s, { data, fitted }) => {
      const X = await data(rows);
      const e = s.make();
      if (s.stateless) {
        expect(await applied(s, e, X)).toEqual(await applied(s, await fitted(s.make()), X));
        return;
      }
      for (const method of methods(s, e))
        await expect(method(X)).rejects.toMatchObject({ code: "not-fitted", message: expect.stringMatching(/fit\(/) });
      for (const name of [...s.attributes, "nFeaturesIn_"])
        expect(() => attribute(e, name)).toThrow(
          expect.objectContaining({ code: "not-fitted", message: expect.stringContaining(name) }),
        );
    },
  ],
  [
    "refuses another number of features",
    async (s, { place, fitted }) => {
      const e = await fitted(s.make());
      const narrow = await place([[1, 2]]);
      for (const method of methods(s, e))
        await expect(method(narrow)).rejects.toMatchObject({
          code: "features",
          message: expect.stringMatching(new RegExp(`2 features.*${width(s)}\\b`)),
        });
    },
  ],
  [
    "refuses infinities, and NaN unless it has a meaning",
    async (s, { place, fitted }) => {
      const e = await fitted(s.make());
      const y = await place([...target]);
      const bad = s.allowsNaN ? [Number.POSITIVE_INFINITY] : [Number.NaN, Number.NEGATIVE_INFINITY];
      for (const value of bad) {
        const X = await place(withEntry(s, value));
        await expect(s.make().fit(X, y)).rejects.toMatchObject({
          code: "not-finite",
          message: expect.stringMatching(new RegExp(`\\b1 .* of ${(s.firstFit ?? 12) * width(s)}\\b`)),
        });
        for (const method of methods(s, e)) await expect(method(X)).rejects.toMatchObject({ code: "not-finite" });
      }
      if (s.allowsNaN) await e.fit(await place(withEntry(s, Number.NaN)), y);
    },
  ],
  [
    "refuses a target that is not finite, or has another length",
    async (s, { data, place }) => {
      if (!s.supervised) return;
      const X = await data(rows);
      const y = await place(target.map((v, i) => (i === 2 ? Number.NaN : v)));
      await expect(s.make().fit(X, y)).rejects.toMatchObject({
        code: "not-finite",
        message: expect.stringMatching(s.firstFit ? /\byTrue has 1\b/ : /\by has 1\b/),
      });
      await expect(s.make().fit(X, target.slice(1))).rejects.toMatchObject({
        code: "shape",
        message: expect.stringMatching(/12.*11/),
      });
      await expect(
        s.make().fit(
          X,
          target.map((v) => [[v]]),
        ),
      ).rejects.toMatchObject({
        code: "shape",
        message: expect.stringMatching(/dimensions/),
      });
    },
  ],
  [
    "refuses weights that are none",
    async (s, { data, place }) => {
      if (!s.weighted) return;
      const e = s.weighted();
      const X = await data(rows);
      const y = await place([...target]);
      const train = (sampleWeight: unknown) => e.fit(X, y, { sampleWeight });
      const weights = (odd: number) => rows.map((_, i) => (i === 3 ? odd : 1));
      await expect(train(weights(-1))).rejects.toMatchObject({
        code: "parameter",
        message: expect.stringMatching(/negative/),
      });
      await expect(train(weights(Number.NaN))).rejects.toMatchObject({
        code: "not-finite",
        message: expect.stringMatching(/sampleWeight/),
      });
      await expect(train(weights(0).map(() => 0))).rejects.toMatchObject({
        code: "parameter",
        message: expect.stringMatching(/positive/),
      });
      await expect(train([1, 2])).rejects.toMatchObject({
        code: "shape",
        message: expect.stringMatching(new RegExp(`\\b${s.firstFit ?? 12} samples`)),
      });
    },
  ],
  [
    "refuses empty data and wrong ranks",
    async (s, { place }) => {
      const none = await place(new Float32Array(0), { shape: [0, 3] });
      const narrow = await place(new Float32Array(0), { shape: [4, 0] });
      const flat = await place(new Float32Array(4));
      await expect(s.make().fit(none, [])).rejects.toMatchObject({
        // What divides samples has none for so many parts.
        code: s.firstFit ? "parameter" : "empty",
        message: expect.stringMatching(/0 samples/),
      });
      await expect(s.make().fit(narrow, [1, 2, 3, 4])).rejects.toMatchObject({
        code: "empty",
        message: expect.stringMatching(/no features/),
      });
      await expect(s.make().fit(flat, [1, 2, 3, 4])).rejects.toMatchObject({
        code: "shape",
        message: expect.stringMatching(/reshape/i),
      });
    },
  ],
  [
    "refuses kernel values of other samples than its own",
    async (s, { data }) => {
      if (!s.kernel) return;
      const some = await data(rows, rows.slice(0, 7));
      await expect(s.make().fit(some)).rejects.toMatchObject({
        code: "shape",
        message: expect.stringMatching(/(square|a column for each).*12, ?7/),
      });
    },
  ],
  [
    "refuses what is no array",
    async (s) => {
      for (const odd of [null, "text", [[1], [2, 3]], [["1"]]])
        await expect(s.make().fit(odd, [1, 2])).rejects.toMatchObject({
          code: expect.stringMatching(/^(dtype|shape)$/),
        });
    },
  ],
  [
    "refuses data of another device, saying how to move them, unless there is nothing to learn",
    async (s, { setting, own, data, fitted }) => {
      const other = await device(setting.kind === "cpu" ? "webgpu" : "cpu");
      const X = await data(rows);
      const away = own(await X.to(other));
      const e = await fitted(s.make());
      if (s.stateless) {
        for (const method of methods(s, e)) expect(own(await method(away)).device).toBe(other);
        return;
      }
      for (const method of methods(s, e))
        await expect(method(away)).rejects.toMatchObject({
          code: "device",
          message: expect.stringMatching(new RegExp(`\\.to\\("${setting.kind}"\\)`)),
        });
      if (s.supervised)
        await expect(e.fit(away, X)).rejects.toMatchObject({
          code: "device",
          message: expect.stringMatching(/\.to\("/),
        });
    },
  ],
  [
    "stays as it was when a fit fails",
    async (s, { data, place, fitted }) => {
      const e = await fitted(s.make());
      const before = [await learned(s, e), await applied(s, e, await data(rows))];
      await expect(e.fit(await place(withEntry(s, Number.POSITIVE_INFINITY)), [...target])).rejects.toMatchObject({
        name: "BifoldError",
      });
      expect([await learned(s, e), await applied(s, e, await data(rows))]).toEqual(before);
    },
  ],
];
