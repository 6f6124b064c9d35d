// bifold: arrays, devices and errors. The estimators have entry points of their own, named as scikit-learn's modules.

export { type RandomSource, RandomState, type RandomStateState } from "./random/random_state.js";
export {
  type ArrayInput,
  type ArrayLikeObject,
  type AsArrayOptions,
  asarray,
  BifoldError,
  type CpuOptions,
  type Device,
  type DeviceKind,
  type Dtype,
  describeArray,
  device,
  disposeAll,
  type ErrorCode,
  type FloatDtype,
  NDArray,
  type Nested,
  type Own,
  scope,
  type TypedArray,
} from "./runtime/index.js";
