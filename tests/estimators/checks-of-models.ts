// Checks of what estimators learn: where it lives, that it is the same again, and what it must not depend on.
import { expect } from "vitest";
import { Estimator } from "../../estimators/base.js";
import { LinearRegression } from "../../estimators/linear_model/index.js";
import { mapped } from "../../estimators/parameters.js";
import { device } from "../../src/runtime/devices.js";
import { isFloat } from "../../src/runtime/dtype.js";
import { flat, largest, norm } from "../parity/fixtures.js";
import type { Setting } from "../settings.js";
import { applied, attribute, type Check, type Data, inputOf, learned, methods, rows, target } from "./subject.js";

/** What rounding may do to a solution of the normal equations of `data`: to any result that is not worse conditioned than that. */
async function roundingOf(data: Data, { unit }: Setting): Promise<number> {
  const model = await new LinearRegression().fit(
    data,
    data.map((row) => row[0] ?? 0),
  );
  const values = flat(await model.singular_.toArray());
  model.dispose();
  const condition = norm(data) / Math.min(...values);
  return (data.length + (data[0]?.length ?? 0) + 8) * unit * condition ** 2;
}

function expectClose(found: unknown, wanted: unknown, bound: number): void {
  const [a, b] = [flat(found as number[]), flat(wanted as number[])];
  expect(a.length).toBe(b.length);
  const worst = Math.max(...a.map((x, k) => Math.abs(x - (b[k] ?? Number.NaN))));
  expect(worst).toBeLessThanOrEqual(bound);
}

export const modelChecks: readonly Check[] = [
  [
    "keeps fitted arrays on the device and in the dtype of X",
    async (s, { setting, data, fitted, own }) => {
      const e = await fitted(s.make());
      const there = await device(setting.kind);
      for (const name of s.attributes) {
        const a = attribute(e, name);
        expect([name, a.device === there, isFloat(a.dtype) ? a.dtype : setting.dtype]).toEqual([
          name,
          true,
          setting.dtype,
        ]);
      }
      expect(e.nFeaturesIn_).toBe(inputOf(s, rows)[0]?.length);
      for (const method of methods(s, e)) {
        const made = own(await method(await data(rows)));
        expect([made.device === there, isFloat(made.dtype) ? made.dtype : setting.dtype]).toEqual([
          true,
          setting.dtype,
        ]);
      }
    },
  ],
  [
    "takes lists, typed arrays and integers",
    async (s) => {
      const e = s.make();
      const X = inputOf(s, rows);
      const shape = [12, X[0]?.length ?? 0];
      await e.fit(X, target);
      const first = await learned(s, e);
      await e.fit({ data: Float64Array.from(X.flat()), shape }, Float64Array.from(target));
      expect(await learned(s, e)).toEqual(first);
      await applied(s, e, X);
      await e.fit({ data: Int32Array.from(X.flat()), shape }, Int32Array.from(target));
      await applied(s, e, { data: Int32Array.from(X.flat()), shape });
      e.dispose();
    },
  ],
  [
    "fits one sample, or says that it can't",
    async (s, { data, fitted }) => {
      if (s.oneSample) {
        const e = await fitted(s.make(), rows.slice(0, 1), target.slice(0, 1));
        for (const list of await applied(s, e, await data(rows, rows.slice(0, 1))))
          expect(largest(list)).toBeLessThan(Number.POSITIVE_INFINITY);
      } else {
        const X = await data(rows.slice(0, 1));
        await expect(s.make().fit(X, [1])).rejects.toMatchObject({
          code: s.firstFit ? "parameter" : "empty",
          message: expect.stringMatching(/1 sample/),
        });
      }
    },
  ],
  [
    "fits one feature",
    async (s, { data, fitted }) => {
      const one = rows.map((row) => row.slice(1, 2));
      const e = await fitted(s.make(), one);
      expect(e.nFeaturesIn_).toBe(inputOf(s, one)[0]?.length);
      for (const list of await applied(s, e, await data(one))) expect(Array.isArray(list) && list.length).toBe(12);
    },
  ],
  [
    "leaves its parameters alone, and clones them",
    async (s, { fitted }) => {
      const e = s.make();
      const before = e.getParams();
      await fitted(e);
      expect(e.getParams()).toEqual(before);
      const copy = e.clone();
      // Estimators among them are other ones, of the same kind; their own parameters stand beside them.
      const kinds = (params: object) => mapped(params, (v) => (v instanceof Estimator ? v.name : v));
      expect([copy.name, copy.isFitted, kinds(copy.getParams())]).toEqual([s.name, false, kinds(before)]);
      expect(() => e.setParams({ nonsense: 1 } as object)).toThrow(
        expect.objectContaining({ code: "parameter", message: expect.stringContaining("no parameter nonsense") }),
      );
    },
  ],
  [
    "gives the same when fitted again",
    async (s, { fitted }) => {
      const e = await fitted(s.make());
      const first = await learned(s, e);
      await fitted(e, rows.slice(0, 7), target.slice(0, 7));
      await fitted(e);
      expect(await learned(s, e)).toEqual(first);
    },
  ],
  [
    "does not depend on the order of the samples it is applied to",
    async (s, { setting, data, fitted }) => {
      const e = await fitted(s.make());
      const whole = await applied(s, e, await data(rows));
      const bound = (await roundingOf(rows, setting)) * Math.max(...whole.map(largest));
      const order = rows.map((_, i) => (i * 5 + 2) % rows.length);
      const shuffled = await applied(
        s,
        e,
        await data(
          order.map((i) => rows[i] ?? []),
          rows,
        ),
      );
      whole.forEach((list, m) => {
        expectClose(
          shuffled[m],
          order.map((i) => (list as number[][])[i]),
          bound,
        );
      });
    },
  ],
  [
    "does not depend on the other samples it is applied to",
    async (s, { setting, data, fitted }) => {
      const e = await fitted(s.make());
      const whole = await applied(s, e, await data(rows));
      const bound = (await roundingOf(rows, setting)) * Math.max(...whole.map(largest));
      for (const [lo, hi] of [
        [0, 1],
        [1, 6],
        [6, 12],
      ] as const) {
        const part = await applied(s, e, await data(rows.slice(lo, hi), rows));
        whole.forEach((list, m) => {
          expectClose(part[m], (list as number[][]).slice(lo, hi), bound);
        });
      }
    },
  ],
  [
    "takes a weight of two for a row twice, and one of zero for none",
    async (s, { setting, data, fitted }) => {
      if (!s.weighted) return;
      const weights = rows.map((_, i) => (i === 4 ? 0 : 1 + (i % 3)));
      const repeated = rows.flatMap((row, i) => Array.from({ length: weights[i] ?? 0 }, () => row));
      const targets = target.flatMap((v, i) => Array.from({ length: weights[i] ?? 0 }, () => v));
      const once = await fitted(s.weighted(), rows, target, { sampleWeight: weights });
      const often = await fitted(s.weighted(), repeated, targets);
      const [found, wanted] = [await applied(s, once, await data(rows)), await applied(s, often, await data(rows))];
      const bound = (await roundingOf(repeated, setting)) * Math.max(...wanted.map(largest));
      wanted.forEach((list, m) => {
        expectClose(found[m], list, bound);
      });
    },
  ],
  [
    "takes the number 1 for a weight of all",
    async (s, { setting, data, fitted }) => {
      if (!s.weighted) return;
      const one = await fitted(s.weighted(), rows, target, { sampleWeight: 1 });
      const none = await fitted(s.weighted());
      const [found, wanted] = [await applied(s, one, await data(rows)), await applied(s, none, await data(rows))];
      const bound = (await roundingOf(rows, setting)) * Math.max(...wanted.map(largest));
      wanted.forEach((list, m) => {
        expectClose(found[m], list, bound);
      });
    },
  ],
  [
    "gives its memory back when it is disposed of, and when it is fitted again",
    async (s, { setting, data, place }) => {
      const there = await device(setting.kind);
      const [X, y] = [await data(rows), await place([...target])];
      const before = there.liveBytes;
      const e = s.make();
      await e.fit(X, y);
      const held = there.liveBytes;
      if (s.stateless) expect(held).toBe(before);
      else expect(held).toBeGreaterThan(before);
      await e.fit(X, y);
      await applied(s, e, X);
      await expect(
        e.fit(X, y, { sampleWeight: [1] }).then(() => (s.weighted ? "fitted" : Promise.reject())),
      ).rejects.not.toBe("fitted");
      expect(there.liveBytes).toBe(held);
      e.dispose();
      expect(there.liveBytes).toBe(before);
      expect(e.isFitted).toBe(false);
    },
  ],
];
