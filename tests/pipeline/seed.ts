// The pipeline of the headline, small, and data for it.
import { Nystroem } from "../../estimators/kernel_approximation/index.js";
import { Ridge } from "../../estimators/linear_model/index.js";
import { makePipeline } from "../../estimators/pipeline/index.js";
import { SplineTransformer } from "../../estimators/preprocessing/index.js";
import { RandomState } from "../../src/random/random_state.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { placeOn, type Setting } from "../settings.js";

export const COMPONENTS = 12;
export const FEATURES = 3;

export const seedPipeline = () =>
  makePipeline(
    new SplineTransformer({ nKnots: 4 }),
    new Nystroem({ kernel: "poly", degree: 2, nComponents: COMPONENTS, randomState: 0 }),
    new Ridge({ solver: "svd", alpha: 1e-3 }),
  );

/** Uniform features and a smooth target with some noise, where the setting says. */
export async function seedData(rows: number, setting: Setting): Promise<{ readonly X: NDArray; readonly y: NDArray }> {
  const random = new RandomState(0);
  const data = random.uniform(-2, 2, rows * FEATURES);
  const noise = random.uniform(-0.1, 0.1, rows);
  const target = noise.map((e, i) => e + Math.sin(2 * (data[FEATURES * i] ?? 0)) + (data[FEATURES * i + 1] ?? 0));
  const place = placeOn(setting);
  return { X: await place({ data, shape: [rows, FEATURES] }), y: await place({ data: target, shape: [rows] }) };
}
