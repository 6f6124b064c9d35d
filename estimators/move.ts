// A fitted estimator on another device.
import type { Device, DeviceKind } from "../src/runtime/device.js";
import { resolveDevice } from "../src/runtime/devices.js";
import { NDArray } from "../src/runtime/ndarray.js";
import { disposeAll } from "../src/runtime/scope.js";
import { type AnyEstimator, Estimator, type EstimatorClass } from "./base.js";
import { isRecord } from "./parameters.js";

/**
 * A copy of `estimator` whose fitted arrays are on `device`, those of the estimators that it holds too: fit on the GPU, predict on the CPU. `float64`
 * becomes `float32` on a device without it. The estimator itself stays as it is; both are to be disposed of.
 * @throws {BifoldError} `unsupported` for a device that is not there, `out-of-memory`
 */
export async function moveTo<E extends AnyEstimator>(estimator: E, device: Device | DeviceKind): Promise<E> {
  const moving: Moving = { device: await resolveDevice(device), made: [] };
  try {
    return (await movedEstimator(estimator, moving)) as E;
  } catch (error) {
    disposeAll(moving.made);
    throw error;
  }
}

interface Moving {
  readonly device: Device;
  /** The arrays that were made there: freed if a later one can't be. */
  readonly made: NDArray[];
}

async function movedEstimator(estimator: AnyEstimator, moving: Moving): Promise<AnyEstimator> {
  const { params, attributes } = Estimator.stateOf(estimator);
  return Estimator.restore(estimator.constructor as EstimatorClass, {
    params: await movedRecord(params, moving, false),
    attributes: attributes && (await movedRecord(attributes, moving, true)),
  });
}

async function movedRecord(given: object, moving: Moving, learned: boolean): Promise<Record<string, unknown>> {
  const entries: [string, unknown][] = [];
  for (const [name, value] of Object.entries(given)) entries.push([name, await movedValue(value, moving, learned)]);
  return Object.fromEntries(entries);
}

/** Arrays move where they were `learned`: those among the parameters are the user's. */
async function movedValue(value: unknown, moving: Moving, learned: boolean): Promise<unknown> {
  if (value instanceof Estimator) return movedEstimator(value, moving);
  if (value instanceof NDArray && learned) {
    const there = value.device === moving.device ? value.share() : await value.to(moving.device);
    moving.made.push(there);
    return there;
  }
  if (isRecord(value)) return movedRecord(value, moving, learned);
  if (!Array.isArray(value)) return value;
  const list: unknown[] = [];
  for (const v of value) list.push(await movedValue(v, moving, learned));
  return list;
}
