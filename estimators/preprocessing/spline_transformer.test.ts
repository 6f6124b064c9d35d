// SplineTransformer on both devices: what scikit-learn's page promises, given knots, missing values, refusals. Parity is in tests/parity.
import { describe, expect, test } from "vitest";
import { asarray } from "../../src/runtime/asarray.js";
import { device } from "../../src/runtime/devices.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { SplineTransformer, type SplineTransformerParams } from "./index.js";

const matrix = async (Z: NDArray): Promise<number[][]> => {
  const rows = (await Z.toArray()) as number[][];
  Z.dispose();
  return rows;
};

describe.each(["cpu", "webgpu"] as const)("SplineTransformer on %s", (kind) => {
  const place = async (values: number[][]) => asarray(values, { device: await device(kind), dtype: "float32" });

  test("gives the basis of scikit-learn's example", async () => {
    using X = await place([[0], [1], [2], [3], [4], [5]]);
    using model = new SplineTransformer({ degree: 2, nKnots: 3 });
    const Z = await matrix(await model.fitTransform(X));
    const wanted = [
      [0.5, 0.5, 0, 0],
      [0.18, 0.74, 0.08, 0],
      [0.02, 0.66, 0.32, 0],
      [0, 0.32, 0.66, 0.02],
      [0, 0.08, 0.74, 0.18],
      [0, 0, 0.5, 0.5],
    ];
    // Two sums and four products and a quotient, of numbers up to 1.
    Z.flat().forEach((z, k) => {
      expect(Math.abs(z - (wanted.flat()[k] ?? 0))).toBeLessThan(16 * 2 ** -24);
    });
    expect(model.getFeatureNamesOut()).toEqual(["x0_sp_0", "x0_sp_1", "x0_sp_2", "x0_sp_3"]);
    expect(() => model.getFeatureNamesOut(["a", "b"])).toThrow(expect.objectContaining({ code: "features" }));
  });

  test("is never negative between the knots, and 0 where a spline is not", async () => {
    const points = Array.from({ length: 101 }, (_, i) => [i / 100, 7 * i]);
    using X = await place(points);
    for (const degree of [1, 3, 5]) {
      using model = new SplineTransformer({ degree, nKnots: 6 });
      const Z = await matrix(await model.fitTransform(X));
      const splines = 5 + degree;
      for (const row of Z) {
        expect(Math.min(...row)).toBeGreaterThanOrEqual(0);
        for (const feature of [row.slice(0, splines), row.slice(splines)]) {
          expect(Math.abs(feature.reduce((s, z) => s + z, 0) - 1)).toBeLessThan(8 * (degree + 2) * 2 ** -24);
          expect(feature.filter((z) => z !== 0).length).toBeLessThanOrEqual(degree + 1);
        }
      }
    }
  });

  test("takes knots from wherever they are, and leaves them there", async () => {
    using X = await place([[1 / 3], [2], [5 / 3]]);
    const knots = [[0.1], [0.7], [2.3]];
    using here = await asarray(knots);
    using there = await place(knots);
    const results: number[][][] = [];
    for (const given of [knots, here, there]) {
      using model = new SplineTransformer({ knots: given, degree: 2 });
      results.push(await matrix(await model.fitTransform(X)));
    }
    expect(results[1]).toEqual(results[0]);
    expect(await here.toArray()).toEqual(knots);
    expect(there.device.kind).toBe(kind);
  });

  test("refuses what lies beyond the knots where it should, and says how much", async () => {
    using X = await place([[0], [1], [4]]);
    using model = await new SplineTransformer({ extrapolation: "error" }).fit(X);
    using far = await place([[-1], [2], [5]]);
    await expect(model.transform(far)).rejects.toMatchObject({
      code: "parameter",
      message: expect.stringMatching(/2 entries of 3 .*extrapolation/),
    });
    (await model.transform(X)).dispose();
  });

  test("gives zeros for missing values, of which the knots know nothing", async () => {
    using X = await place([[0], [Number.NaN], [1], [4]]);
    await expect(new SplineTransformer().fit(X)).rejects.toMatchObject({ code: "not-finite" });
    for (const knots of ["uniform", "quantile"] as const) {
      using model = new SplineTransformer({ handleMissing: "zeros", knots, degree: 1, nKnots: 3 });
      expect(await matrix(await model.fitTransform(X))).toEqual([
        [1, 0, 0],
        [0, 0, 0],
        knots === "uniform" ? [0.5, 0.5, 0] : [0, 1, 0],
        [0, 0, 1],
      ]);
    }
  });
});

test.each<[string, Partial<SplineTransformerParams>, string]>([
  ["one knot", { nKnots: 1 }, "parameter"],
  ["a degree below 0", { degree: -1 }, "parameter"],
  ["half a degree", { degree: 1.5 }, "parameter"],
  ["an unknown place of knots", { knots: "even" as "uniform" }, "parameter"],
  ["an unknown extrapolation", { extrapolation: "none" as "error" }, "parameter"],
  ["an unknown treatment of missing values", { handleMissing: "ones" as "zeros" }, "parameter"],
  ["the order of columns", { order: "F" as "C" }, "unsupported"],
  ["knots of another width", { knots: [[0], [1]] }, "parameter"],
  ["one given knot", { knots: [[0, 0]] }, "empty"],
  [
    "knots that do not ascend",
    {
      knots: [
        [0, 0],
        [1, 0],
      ],
    },
    "parameter",
  ],
  [
    "knots that are not finite",
    {
      knots: [
        [0, 0],
        [1, Number.NaN],
      ],
    },
    "not-finite",
  ],
  ["as many periodic knots as the degree", { extrapolation: "periodic", nKnots: 3 }, "parameter"],
])("refuses %s", async (_, params, code) => {
  const there = await device("cpu");
  const before = there.liveBytes;
  const X = [
    [0, 1],
    [1, 2],
    [2, 4],
  ];
  await expect(new SplineTransformer(params).fit(X)).rejects.toMatchObject({ code });
  expect(there.liveBytes).toBe(before);
});
