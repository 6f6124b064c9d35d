// From an estimator to what JSON can hold.
import { RandomState } from "../../src/random/random_state.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { NDArray } from "../../src/runtime/ndarray.js";
import { type AnyEstimator, Estimator } from "../base.js";
import { isRecord } from "../parameters.js";
import { toBase64 } from "./base64.js";
import { digestOf } from "./digest.js";
import {
  FORMAT,
  type SavedArray,
  type SavedEstimator,
  type SavedModel,
  type SavedRecord,
  type SavedValue,
  type TypedName,
  typedArrays,
  VERSION,
} from "./format.js";

export type { SavedModel } from "./format.js";

/** Functions that are parameters, by the names that stand for them in the text. */
export type NamedFunctions = Readonly<Record<string, (...args: never[]) => unknown>>;

export interface ToJSONOptions {
  /** Names for the functions among the parameters; `fromJSON` is given the same. */
  readonly functions?: NamedFunctions;
}

/** @throws {BifoldError} `unsupported` for a value that can't be saved */
export async function saveEstimator(estimator: AnyEstimator, options: ToJSONOptions): Promise<SavedModel> {
  const model = await estimatorValue(estimator, estimator.name, options);
  return { format: FORMAT, version: VERSION, digest: digestOf(model), model };
}

async function estimatorValue(e: AnyEstimator, path: string, options: ToJSONOptions): Promise<SavedEstimator> {
  const { params, attributes } = Estimator.stateOf(e);
  return {
    $: "estimator",
    class: e.name,
    params: await record(params, path, options),
    attributes: attributes ? await record(attributes, path, options) : null,
  };
}

async function record(given: object, path: string, options: ToJSONOptions): Promise<SavedRecord> {
  const entries: [string, SavedValue][] = [];
  for (const [key, v] of Object.entries(given)) entries.push([key, await saved(v, `${path}.${key}`, options)]);
  return Object.fromEntries(entries);
}

async function saved(value: unknown, path: string, options: ToJSONOptions): Promise<SavedValue> {
  switch (typeof value) {
    case "undefined":
      return { $: "undefined" };
    case "boolean":
    case "string":
      return value;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $: "number", value: Object.is(value, -0) ? "-0" : String(value) };
    case "function":
      return { $: "function", name: functionName(value, path, options) };
    case "object":
      return savedObject(value, path, options);
    default:
      throw unsupported(path, typeof value);
  }
}

async function savedObject(value: object | null, path: string, options: ToJSONOptions): Promise<SavedValue> {
  if (value === null) return null;
  if (Array.isArray(value)) {
    const list: SavedValue[] = [];
    for (const [k, v] of value.entries()) list.push(await saved(v, `${path}[${k}]`, options));
    return list;
  }
  if (value instanceof NDArray) return arrayValue(value);
  if (value instanceof Estimator) return estimatorValue(value, path, options);
  if (value instanceof RandomState) {
    const { key, pos, gauss } = value.getState();
    return { $: "random", key: toBase64(key), pos, gauss: gauss ?? null };
  }
  const type = (Object.keys(typedArrays) as TypedName[]).find((name) => value instanceof typedArrays[name]);
  if (type) return { $: "typed", type, data: toBase64(value as InstanceType<(typeof typedArrays)[TypedName]>) };
  if (isRecord(value)) return { $: "record", fields: await record(value, path, options) };
  throw unsupported(path, `of the class ${value.constructor.name}`);
}

async function arrayValue(a: NDArray): Promise<SavedArray> {
  const elements = await a.data();
  return { $: "array", dtype: a.dtype, shape: [...a.shape], device: a.device.kind, data: toBase64(elements) };
}

function functionName(value: unknown, path: string, { functions = {} }: ToJSONOptions): string {
  const [name] = Object.entries(functions).find(([, f]) => f === value) ?? [];
  if (name !== undefined) return name;
  throw new BifoldError(
    "unsupported",
    `${path} is a function, which no text can hold: give it a name, the same to \`toJSON({ functions: { name: f } })\` and to \`fromJSON\``,
  );
}

const unsupported = (path: string, what: string): BifoldError =>
  new BifoldError("unsupported", `${path} can't be saved: found a value that is ${what}`);
