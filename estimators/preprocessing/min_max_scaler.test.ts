// MinMaxScaler on both devices: what scikit-learn's page says of it. The shared checks hold the rest (tests/estimators).
import { describe, expect, test } from "vitest";
import { asarray } from "../../src/runtime/asarray.js";
import { device } from "../../src/runtime/devices.js";
import { MinMaxScaler } from "./index.js";

describe.each(["cpu", "webgpu"] as const)("MinMaxScaler on %s", (kind) => {
  const place = async (rows: number[][]) => asarray(rows, { device: await device(kind), dtype: "float32" });

  test("maps the least value of each column to 0 and the largest to 1, and back", async () => {
    using model = new MinMaxScaler();
    using X = await place([
      [-1, 2],
      [-0.5, 6],
      [0, 10],
      [1, 18],
    ]);
    using Z = await model.fitTransform(X);
    expect(await model.dataMax_.toArray()).toEqual([1, 18]);
    expect(await Z.toArray()).toEqual([
      [0, 0],
      [0.25, 0.25],
      [0.5, 0.5],
      [1, 1],
    ]);
    using back = await model.inverseTransform(Z);
    expect(await back.toArray()).toEqual(await X.toArray());
  });

  test("keeps NaN, and holds new values to the range where it should", async () => {
    using model = new MinMaxScaler({ featureRange: [-1, 1], clip: true });
    using X = await place([[0], [4], [Number.NaN]]);
    await model.fit(X);
    using far = await place([[8], [-8], [Number.NaN], [2]]);
    using Z = await model.transform(far);
    expect(await Z.toArray()).toEqual([[1], [-1], [Number.NaN], [0]]);
  });

  test("refuses a range that is none", async () => {
    await expect(new MinMaxScaler({ featureRange: [1, 1] }).fit([[0], [1]])).rejects.toMatchObject({
      code: "parameter",
    });
  });
});
