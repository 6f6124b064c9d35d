// Normalizer and Binarizer on both devices: what scikit-learn's pages say of them.
import { describe, expect, test } from "vitest";
import { asarray } from "../../src/runtime/asarray.js";
import { device } from "../../src/runtime/devices.js";
import { Binarizer, Normalizer } from "./index.js";

describe.each(["cpu", "webgpu"] as const)("on %s", (kind) => {
  const place = async (rows: number[][]) => asarray(rows, { device: await device(kind), dtype: "float32" });

  test.each([
    ["l1", [0.25, 0.25, -0.5]],
    ["max", [0.5, 0.5, -1]],
  ] as const)("Normalizer divides rows by their %s norm, without a fit", async (norm, row) => {
    using X = await place([
      [2, 2, -4],
      [0, 0, 0],
    ]);
    using Z = await new Normalizer({ norm }).transform(X);
    expect(await Z.toArray()).toEqual([row, [0, 0, 0]]);
    expect(Z.device).toBe(X.device);
  });

  test("Normalizer gives Euclidean norm 1 unless told otherwise", async () => {
    using X = await place([[4, 1, 2, 2]]);
    using Z = await new Normalizer().fitTransform(X);
    const row = ((await Z.toArray()) as number[][])[0] ?? [];
    // A square root and a quotient: each within the 2.5 ULP that WGSL promises for a quotient, and what the sum of squares adds.
    for (const [k, want] of [0.8, 0.2, 0.4, 0.4].entries())
      expect(Math.abs((row[k] ?? 0) / want - 1)).toBeLessThan(8 * 2 ** -23);
  });

  test("Binarizer is strict", async () => {
    using X = await place([[1, -1, 0.5]]);
    using Z = await new Binarizer({ threshold: 0.5 }).transform(X);
    expect(await Z.toArray()).toEqual([[1, 0, 0]]);
  });

  test("a fitted one refuses another number of features, and an unknown norm is refused", async () => {
    const fitted = await new Binarizer().fit([[1, 2]]);
    await expect(fitted.transform([[1, 2, 3]])).rejects.toMatchObject({ code: "features" });
    await expect(new Normalizer({ norm: "l3" as "l2" }).transform([[1]])).rejects.toMatchObject({ code: "parameter" });
  });
});
