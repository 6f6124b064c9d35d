// Where tests of estimators run: every device with every floating type that it has.
import { type ArrayInput, type AsArrayOptions, asarray } from "../src/runtime/asarray.js";
import type { DeviceKind } from "../src/runtime/device.js";
import { device } from "../src/runtime/devices.js";
import type { FloatDtype } from "../src/runtime/dtype.js";
import type { NDArray } from "../src/runtime/ndarray.js";

export interface Setting {
  readonly name: string;
  readonly kind: DeviceKind;
  readonly dtype: FloatDtype;
  /** The unit roundoff of its numbers. */
  readonly unit: number;
}

export const settings: readonly Setting[] = [
  { name: "cpu float64", kind: "cpu", dtype: "float64", unit: 2 ** -53 },
  { name: "cpu float32", kind: "cpu", dtype: "float32", unit: 2 ** -24 },
  { name: "webgpu float32", kind: "webgpu", dtype: "float32", unit: 2 ** -24 },
];

/** Arrays of a setting. */
export const placeOn =
  ({ kind, dtype }: Setting) =>
  async (values: ArrayInput, options: AsArrayOptions = {}): Promise<NDArray> =>
    asarray(values, { dtype, device: await device(kind), ...options });
