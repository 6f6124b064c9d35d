// From saved JSON back to an estimator: everything is checked before anything is used, and a refusal leaves nothing behind.
import { RandomState } from "../../src/random/random_state.js";
import { asarray } from "../../src/runtime/asarray.js";
import type { Device, DeviceKind } from "../../src/runtime/device.js";
import { resolveDevice } from "../../src/runtime/devices.js";
import type { Dtype, TypedArray } from "../../src/runtime/dtype.js";
import { BifoldError } from "../../src/runtime/errors.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { disposeAll } from "../../src/runtime/scope.js";
import { type AnyEstimator, Estimator, type EstimatorClass } from "../base.js";
import { fromBase64 } from "./base64.js";
import { checkEnvelope, fields, integer, malformed, text } from "./envelope.js";
import { oddNumbers, type TypedName, typedArrays } from "./format.js";
import type { NamedFunctions } from "./save.js";

export interface FromJSONOptions {
  /** Where fitted arrays go; where they were when they were saved, unless said. `float64` becomes `float32` on a device without it. */
  readonly device?: Device | DeviceKind;
  /** The functions that `toJSON` was given names for. */
  readonly functions?: NamedFunctions;
}

/** What decoding knows on its way. */
interface Loading {
  readonly classes: ReadonlyMap<string, EstimatorClass>;
  readonly options: FromJSONOptions;
  /** What was placed on a device: freed if the rest is refused. */
  readonly placed: NDArray[];
}

/**
 * The estimator that `toJSON` saved, of one of these classes; so are those that it holds. Give the classes that there may be: what is not named here is
 * in no bundle. scikit-learn has pickles and skops for this.
 * @throws {BifoldError} `malformed` for what is no such text, was changed or is of another version; `parameter` for a class or function that was not
 * given; `unsupported` for a device that is not there
 */
export const fromJSON = (
  saved: unknown,
  classes: readonly EstimatorClass[],
  options: FromJSONOptions = {},
): Promise<AnyEstimator> => loadEstimator(saved, classes, options);

/** As `fromJSON`, where the outermost estimator must be of the class `expected`. */
export async function loadEstimator(
  saved: unknown,
  classes: readonly EstimatorClass[],
  options: FromJSONOptions,
  expected?: EstimatorClass,
): Promise<AnyEstimator> {
  const model = checkEnvelope(saved);
  const loading: Loading = { classes: new Map(classes.map((c) => [c.prototype.name, c])), options, placed: [] };
  try {
    const wanted = expected?.prototype.name;
    if (wanted !== undefined && model["class"] !== wanted)
      throw malformed("model", `is of the class ${String(model["class"])}, expected ${wanted}`);
    return await estimator(model, "model", loading);
  } catch (error) {
    disposeAll(loading.placed);
    if (error instanceof BifoldError) throw error;
    throw malformed("model", "could not be made into an estimator", { cause: error });
  }
}

async function estimator(saved: Readonly<Record<string, unknown>>, path: string, loading: Loading) {
  const name = text(saved["class"], `${path}.class`);
  const Class = loading.classes.get(name);
  if (!Class)
    throw new BifoldError(
      "parameter",
      `${path} is of the class ${name}, which is not among those given: ${[...loading.classes.keys()].join(", ") || "none"}. Import it and add it: \`fromJSON(saved, [${name}, …])\``,
    );
  const params = await record(saved["params"], `${path}.params`, loading, false);
  const attributes =
    saved["attributes"] === null ? undefined : await record(saved["attributes"], `${path}.attributes`, loading, true);
  return Estimator.restore(Class, { params, attributes });
}

async function record(given: unknown, path: string, loading: Loading, learned: boolean) {
  const entries: [string, unknown][] = [];
  for (const [key, v] of Object.entries(fields(given, path)))
    entries.push([key, await value(v, `${path}.${key}`, loading, learned)]);
  return Object.fromEntries(entries);
}

/** A value; arrays go to a device where they were `learned`, and stay on the host where they are parameters. */
async function value(saved: unknown, path: string, loading: Loading, learned: boolean): Promise<unknown> {
  if (saved === null || typeof saved === "boolean" || typeof saved === "string" || typeof saved === "number")
    return saved;
  if (Array.isArray(saved)) {
    const list: unknown[] = [];
    for (const [k, v] of saved.entries()) list.push(await value(v, `${path}[${k}]`, loading, learned));
    return list;
  }
  const tagged = fields(saved, path);
  switch (tagged["$"]) {
    case "undefined":
      return undefined;
    case "number":
      return odd(tagged["value"], path);
    case "record":
      return record(tagged["fields"], path, loading, learned);
    case "estimator":
      return estimator(tagged, path, loading);
    case "array":
      return array(tagged, path, loading, learned);
    case "typed":
      return typed(tagged, path);
    case "random":
      return random(tagged, path);
    case "function":
      return named(tagged["name"], path, loading);
    default:
      throw malformed(path, `has the tag ${JSON.stringify(tagged["$"])}, which there is not`);
  }
}

function odd(given: unknown, path: string): number {
  const number = oddNumbers.get(text(given, path));
  if (number === undefined)
    throw malformed(path, `is the number ${JSON.stringify(given)}, expected NaN, Infinity or -0`);
  return number;
}

/** How the elements of a dtype are saved. */
const elements: Readonly<Record<Dtype, TypedName>> = {
  float64: "Float64Array",
  float32: "Float32Array",
  int32: "Int32Array",
  uint32: "Uint32Array",
  bool: "Uint8Array",
};

async function array(saved: Readonly<Record<string, unknown>>, path: string, loading: Loading, learned: boolean) {
  const dtype = text(saved["dtype"], `${path}.dtype`);
  if (!Object.hasOwn(elements, dtype))
    throw malformed(
      path,
      `has the dtype ${JSON.stringify(dtype)}, expected one of ${Object.keys(elements).join(", ")}`,
    );
  const given = saved["shape"];
  if (!Array.isArray(given)) throw malformed(`${path}.shape`, "is no list");
  const shape = given.map((d, k) => integer(d, `${path}.shape[${k}]`));
  const data = bytes(elements[dtype as Dtype], saved["data"], path) as TypedArray;
  const size = shape.reduce((n, d) => n * d, 1);
  if (data.length !== size)
    throw malformed(path, `is ${dtype}[${shape.join(", ")}] and has ${data.length} elements, expected ${size}`);
  if (!learned) return { data, shape };
  const kind = text(saved["device"], `${path}.device`);
  if (kind !== "cpu" && kind !== "webgpu")
    throw malformed(`${path}.device`, `is ${JSON.stringify(kind)}, expected "cpu" or "webgpu"`);
  const device = await placeFor(kind, loading.options);
  const narrow = dtype === "float64" && !device.floats.includes("float64");
  const made = await asarray(data, { shape, device, dtype: narrow ? "float32" : (dtype as Dtype) });
  loading.placed.push(made);
  return made;
}

async function placeFor(kind: DeviceKind, options: FromJSONOptions): Promise<Device> {
  try {
    return await resolveDevice(options.device ?? kind);
  } catch (error) {
    if (options.device !== undefined || !(error instanceof BifoldError)) throw error;
    throw new BifoldError(
      error.code,
      `the model was saved on ${kind}, which is not here (${error.message}): say where it shall go, \`{ device: "cpu" }\``,
      { cause: error },
    );
  }
}

/** Bytes as a typed array of this class. */
function bytes(type: TypedName, given: unknown, path: string): InstanceType<(typeof typedArrays)[TypedName]> {
  const Class = typedArrays[type];
  const found = fromBase64(text(given, `${path}.data`));
  if (!found || found.length % Class.BYTES_PER_ELEMENT !== 0)
    throw malformed(`${path}.data`, `is no base64 of a whole number of elements of ${Class.BYTES_PER_ELEMENT} bytes`);
  return new Class(found.buffer);
}

function typed(saved: Readonly<Record<string, unknown>>, path: string) {
  const type = text(saved["type"], `${path}.type`);
  if (!Object.hasOwn(typedArrays, type)) throw malformed(`${path}.type`, `is ${JSON.stringify(type)}, no typed array`);
  return bytes(type as TypedName, saved["data"], path);
}

function random(saved: Readonly<Record<string, unknown>>, path: string): RandomState {
  const key = bytes("Uint32Array", saved["key"], path) as Uint32Array;
  const { pos, gauss } = saved;
  if (!(gauss === null || typeof gauss === "number")) throw malformed(`${path}.gauss`, "is no number and not null");
  const stream = new RandomState(0);
  stream.setState({ key, pos: integer(pos, `${path}.pos`), gauss: gauss ?? undefined });
  return stream;
}

function named(given: unknown, path: string, { options: { functions = {} } }: Loading): unknown {
  const name = text(given, path);
  if (Object.hasOwn(functions, name)) return functions[name];
  throw new BifoldError(
    "parameter",
    `${path} is the function ${name}, which was not given: \`fromJSON(…, { functions: { ${name} } })\``,
  );
}
