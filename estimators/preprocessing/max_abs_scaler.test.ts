// MaxAbsScaler on both devices: what scikit-learn's page says of it. The shared checks hold the rest (tests/estimators).
import { describe, expect, test } from "vitest";
import { asarray } from "../../src/runtime/asarray.js";
import { device } from "../../src/runtime/devices.js";
import { MaxAbsScaler } from "./index.js";

describe.each(["cpu", "webgpu"] as const)("MaxAbsScaler on %s", (kind) => {
  const place = async (rows: number[][]) => asarray(rows, { device: await device(kind), dtype: "float32" });

  test("divides each column by its largest absolute value, and back", async () => {
    using model = new MaxAbsScaler();
    using X = await place([
      [1, -1, 2],
      [2, 0, 0],
      [0, 1, -1],
    ]);
    using Z = await model.fitTransform(X);
    expect(await model.maxAbs_.toArray()).toEqual([2, 1, 2]);
    expect(await Z.toArray()).toEqual([
      [0.5, -1, 1],
      [1, 0, 0],
      [0, 1, -0.5],
    ]);
    using back = await model.inverseTransform(Z);
    expect(await back.toArray()).toEqual(await X.toArray());
  });

  test("leaves columns of zeros as they are, and NaN out of the fit", async () => {
    using model = new MaxAbsScaler();
    using X = await place([
      [0, Number.NaN],
      [0, -8],
    ]);
    using Z = await model.fitTransform(X);
    expect(await model.scale_.toArray()).toEqual([1, 8]);
    expect(await Z.toArray()).toEqual([
      [0, Number.NaN],
      [0, -1],
    ]);
  });
});
