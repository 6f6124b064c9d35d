// The array namespace `xp` of a device: the array API standard's names in camelCase. The same members on every device.
import { type ArrayInput, type AsArrayOptions, asarray } from "../runtime/asarray.js";
import type { Device } from "../runtime/device.js";
import { type FloatDtype, isFloat } from "../runtime/dtype.js";
import { NDArray } from "../runtime/ndarray.js";
import * as linalg from "./linalg.js";
import * as math from "./math.js";
import { eye, realSteps, steps } from "./moving.fold";
import * as moving from "./moving.js";
import * as reducing from "./reducing.js";

type MadeOptions = Omit<AsArrayOptions, "device" | "shape">;

/** What makes arrays on a device. */
const makers = (device: Device) => {
  const real = (dtype: FloatDtype | undefined) => ({ device, dtype: dtype ?? device.floats[0] ?? "float32" });
  const full = (shape: readonly number[], value: number | boolean, options: MadeOptions = {}) =>
    moving.full(shape, value, { ...options, device });
  return {
    asarray: (input: ArrayInput, options: Omit<AsArrayOptions, "device"> = {}) =>
      asarray(input, { ...options, device }),
    full,
    zeros: (shape: readonly number[], options?: MadeOptions) => full(shape, 0, options),
    ones: (shape: readonly number[], options?: MadeOptions) => full(shape, 1, options),
    /** `start`, `start + step`, … below `stop`: `int32`, or a floating type where one is named. */
    arange: (start: number, stop: number, step = 1, { dtype }: { readonly dtype?: FloatDtype } = {}) => {
      const count = Math.max(0, Math.ceil((stop - start) / step));
      return dtype === undefined ? steps(count, start, step, { device }) : realSteps(count, start, step, real(dtype));
    },
    eye: (rows: number, columns = rows, { dtype }: { readonly dtype?: FloatDtype } = {}) =>
      eye(rows, columns, real(dtype)),
    /** Elements of another dtype. @throws {BifoldError} `dtype`, `device` */
    astype: (x: NDArray, dtype: NDArray["dtype"]) =>
      x.dtype === dtype ? Promise.resolve(x.share()) : asarray(x, { dtype }),
    isdtype: (dtype: NDArray["dtype"], kind: "bool" | "integral" | "real floating") =>
      kind === "real floating" ? isFloat(dtype) : kind === "bool" ? dtype === "bool" : /int32/.test(dtype),
  };
};

const {
  broadcastTo,
  concat,
  expandDims,
  flip,
  matrixTranspose,
  permuteDims,
  repeat,
  reshape,
  squeeze,
  stack,
  take,
  tile,
  where,
} = moving;
const { matmul, tensordot, vecdot } = linalg;
const shared = {
  ...math,
  ...reducing,
  broadcastTo,
  concat,
  expandDims,
  flip,
  linalg,
  matmul,
  matrixTranspose,
  permuteDims,
  repeat,
  reshape,
  squeeze,
  stack,
  take,
  tensordot,
  tile,
  vecdot,
  where,
} as const;

export type Namespace = ReturnType<typeof makers> & typeof shared & { readonly device: Device };

/** The namespace of where `X` lives (an array, or a device). scikit-learn: `get_namespace`. */
export function namespace(X: NDArray | Device): Namespace {
  const device = X instanceof NDArray ? X.device : X;
  return { ...makers(device), ...shared, device };
}
