// lgamma below 0, where an absolute error is promised: at the f64 points of its fixture, and of f32 the same points rounded.
import { expect, test } from "vitest";
import { accuracyOf } from "../../src/ir/interpret/ulp.js";
import { CpuDevice } from "../../src/runtime/cpu/index.js";
import { measuredFunctions } from "./functions.js";
import { caller, compileFunctions } from "./measure.js";
import { readFixture } from "./points.js";
import { fixtures } from "./processes.js";

test("lgamma is as good as promised below 0", async () => {
  const f = measuredFunctions.find((m) => m.name === "lgamma");
  if (!f) throw new Error("lgamma is not measured");
  const call = caller(compileFunctions(), await CpuDevice.create({ threads: 1 }));
  const { x, nearest } = readFixture(fixtures, "lgamma", 1);
  const found = await call(f, x, undefined, "float64");
  const rounded = Float32Array.from(x);
  const single = await call(f, rounded, undefined, "float32");
  const exact = await call(f, Float64Array.from(rounded), undefined, "float64");
  const within = (value: number, wanted: number, at: number, isSingle: boolean): void => {
    const { ulps, absolute = 0 } = accuracyOf("wasm", "lgamma", at, isSingle);
    const unit = Math.abs(wanted) * (isSingle ? 2 ** -23 : 2 ** -52);
    expect(Math.abs(value - wanted), `lgamma(${at}) = ${value}, not ${wanted}`).toBeLessThanOrEqual(
      ulps * unit + absolute,
    );
  };
  let points = 0;
  x.forEach((at, k) => {
    if (!(at < 0) || Math.abs(at) < 1e-300) return;
    points++;
    if (Number.isFinite(nearest[k]!)) within(found[k]!, nearest[k]!, at, false);
    else expect(found[k]).toBe(nearest[k]);
    const value = exact[k]!;
    if (Number.isFinite(value)) within(single[k]!, value, rounded[k]!, true);
    else expect(single[k]).toBe(value);
  });
  expect(points).toBeGreaterThan(50);
});
