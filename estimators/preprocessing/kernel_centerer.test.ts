// KernelCenterer: the kernel of centred features, and what is refused. Parity is held by tests/parity.
import { describe, expect, test } from "vitest";
import { device } from "../../src/runtime/devices.js";
import { placeOn, settings } from "../../tests/settings.js";
import { linearKernel } from "../metrics/index.js";
import { KernelCenterer } from "./index.js";

const X = [
  [4, 0],
  [0, 2],
  [2, 1],
  [2, 5],
];
const centred = X.map(([a = 0, b = 0]) => [a - 2, b - 2]);

describe.each(settings)("$name", (setting) => {
  const place = placeOn(setting);

  test("a linear kernel becomes that of centred rows, of new ones too", async () => {
    const there = await device(setting.kind);
    const before = there.liveBytes;
    {
      using data = await place(X);
      using K = await linearKernel(data);
      using model = new KernelCenterer();
      using own = await model.fitTransform(K);
      using wanted = await linearKernel(centred);
      expect(await own.toArray()).toEqual(await wanted.toArray());
      expect([model.nFeaturesIn_, model.KFitRows_.device === there, model.KFitRows_.dtype]).toEqual([
        4,
        true,
        setting.dtype,
      ]);
      using others = await place([[3, 3]]);
      using kernel = await linearKernel(others, data);
      using moved = await model.transform(kernel);
      using truth = await linearKernel([[1, 1]], centred);
      expect(await moved.toArray()).toEqual(await truth.toArray());
      expect(model.getFeatureNamesOut()[3]).toBe("kernelcenterer3");
    }
    expect(there.liveBytes).toBe(before);
  });

  test("refuses what is no kernel, and stays as it was", async () => {
    using one = await place([[2]]);
    using model = await new KernelCenterer().fit(one);
    await expect(model.fit(X)).rejects.toMatchObject({
      code: "shape",
      message: expect.stringMatching(/square/),
    });
    expect(model.KFitAll_).toBe(2);
    await expect(model.transform([[1, 2]])).rejects.toMatchObject({ code: "features" });
    await expect(new KernelCenterer().transform(X)).rejects.toMatchObject({ code: "not-fitted" });
    using away = await placeOn(settings[setting.kind === "cpu" ? 2 : 0]!)([[1]]);
    await expect(model.transform(away)).rejects.toMatchObject({
      code: "device",
      message: expect.stringMatching(/\.to\("/),
    });
  });
});
