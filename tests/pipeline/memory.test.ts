// Cross-validation again and again, with nothing disposed of by hand: live bytes come back to where they were.
import { describe, expect, test } from "vitest";
import { crossValidate } from "../../estimators/model_selection/index.js";
import { device } from "../../src/runtime/devices.js";
import { settings } from "../settings.js";
import { seedData, seedPipeline } from "./seed.js";

describe.each(settings)("crossValidate on $name", (setting) => {
  test("leaves nothing behind", async () => {
    const { X, y } = await seedData(200, setting);
    const devices = [await device("cpu"), await device(setting.kind)];
    const live = (): number[] => devices.map((d) => d.liveBytes);
    const before = live();
    for (let k = 0; k < 2; k++) {
      await crossValidate(seedPipeline(), X, y, { cv: 2 });
      expect(live()).toEqual(before);
    }
    X.dispose();
    y.dispose();
  });
});
