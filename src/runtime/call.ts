// The binding of a kernel: arguments are checked and flattened, sizes are worked out, the device runs it, results are put together.
import type { AbiScalar, AbiType, Dtype, Signature } from "../abi.js";
import { type ArrayInput, asarray } from "./asarray.js";
import type { ArrayLeaf, Artifact, Device, DeviceKind, ResultLeaf, Storage } from "./device.js";
import { resolveDevice } from "./devices.js";
import { dtypeOf, type FloatDtype, isFloat } from "./dtype.js";
import { BifoldError } from "./errors.js";
import { describeArray, NDArray } from "./ndarray.js";
import { evaluateInt, showInt } from "./sizes.js";

export type KernelArgument = number | boolean | ArrayInput | { readonly [field: string]: KernelArgument };
export type KernelResult = number | boolean | NDArray | { readonly [field: string]: KernelResult };

export interface CallOptions {
  /** Where to run when no argument is an NDArray; the CPU unless said. */
  readonly device?: Device | DeviceKind;
  /** What `real` is when no argument is a floating NDArray: the device's first floating type unless said. */
  readonly dtype?: FloatDtype;
}

interface Leaf {
  readonly path: readonly string[];
  readonly type: Exclude<AbiType, { kind: "record" }>;
  readonly value: unknown;
}

/** The signature of a kernel in an artifact. */
export function signatureOf(artifact: Artifact, name: string): Signature {
  const signature = artifact.signatures.find((s) => s.name === name);
  if (!signature)
    throw new BifoldError(
      "abi",
      `${artifact.file} has no function ${name}: it exports ${artifact.signatures.map((s) => s.name).join(", ")}`,
    );
  return signature;
}

/**
 * Calls a compiled function. Lists and typed arrays are copied to the device and freed after; NDArrays are used where they live.
 * @throws {BifoldError} `shape`, `dtype`, `device`, `parameter` for arguments that do not fit; `R..` for a check in the function that failed
 */
export async function callKernel(
  artifact: Artifact,
  name: string,
  args: readonly KernelArgument[],
  options: CallOptions = {},
): Promise<KernelResult> {
  const signature = signatureOf(artifact, name);
  if (args.length !== signature.params.length)
    throw new BifoldError(
      "parameter",
      `${name} takes ${signature.params.length} arguments (${signature.params.map((p) => p.name).join(", ")}), found ${args.length}`,
    );
  const made: NDArray[] = [];
  const held: Storage[] = [];
  try {
    const leaves = leavesOf(signature, args);
    // The caller may dispose of its arrays while the call waits for something.
    for (const { value } of leaves)
      if (value instanceof NDArray) {
        value.storage.retain();
        held.push(value.storage);
      }
    const device = held.length > 0 ? oneDevice(name, leaves) : await resolveDevice(options.device ?? "cpu");
    const real = realOf(name, leaves, options.dtype ?? device.floats[0] ?? "float32");
    if (!device.floats.includes(real)) throw new BifoldError("dtype", `${device.name} has no ${real}: use float32`);
    const arrays: (ArrayLeaf | undefined)[] = [];
    for (const l of leaves) {
      if (l.type.kind !== "array") arrays.push(undefined);
      else if (l.value instanceof NDArray) arrays.push(fitting(l, l.type, l.value, real).leaf);
      else {
        const array = await toArray(l, l.type, real, device);
        made.push(array);
        arrays.push(array.leaf);
      }
    }
    const bindings = bindingsOf(signature);
    const sizes = bindSizes(signature, bindings, leaves, arrays);
    const { results, refused } = resultLeaves(signature, real, sizes, leaves);
    const out = await device.run({
      artifact,
      signature,
      real,
      sizes: signature.sizes.map((s) => sizes.get(s.name) ?? 0),
      scalars: bindings.scalars.map((k) => toScalar(leaves[k]!)),
      arrays: arrays.filter((leaf) => leaf !== undefined),
      results,
    });
    if (refused) throw await firstFailure(device, out, refused);
    return assemble(signature.result, out, results);
  } finally {
    for (const storage of held) storage.release();
    for (const a of made) a.dispose();
  }
}

/** What each argument comes to, records taken apart. */
function leavesOf(signature: Signature, args: readonly KernelArgument[]): readonly Leaf[] {
  const leaves: Leaf[] = [];
  signature.params.forEach((p, k) => {
    if (p.type.kind === "record") leaves.push(...flatten(p.type, args[k], [p.name]));
    else leaves.push({ path: [p.name], type: p.type, value: args[k] });
  });
  return leaves;
}

/** Which leaves bind the sizes of a signature, in its order, and which are scalars that a kernel takes. */
interface Bindings {
  readonly sizes: readonly number[];
  readonly scalars: readonly number[];
}
const bindingsKnown = new WeakMap<Signature, Bindings>();

function bindingsOf(signature: Signature): Bindings {
  const known = bindingsKnown.get(signature);
  if (known) return known;
  const shapes: { readonly path: readonly string[]; readonly type: AbiType }[] = [];
  const visit = (type: AbiType, path: readonly string[]): void => {
    if (type.kind === "record") for (const f of type.fields) visit(f.type, [...path, f.name]);
    else shapes.push({ path, type });
  };
  for (const p of signature.params) visit(p.type, [p.name]);
  const sizes = signature.sizes.map((s) => {
    const path = [signature.params[s.param]?.name ?? "", ...s.path];
    const at = shapes.findIndex((l) => samePath(l.path, path));
    if (at < 0)
      throw new BifoldError("abi", `${signature.name}: nothing binds the size ${s.name}; rebuild the artifact`);
    return at;
  });
  const bound = new Set(sizes.filter((_, k) => signature.sizes[k]?.dim === undefined));
  const scalars = [...shapes.keys()].filter((k) => shapes[k]?.type.kind === "scalar" && !bound.has(k));
  const bindings = { sizes, scalars };
  bindingsKnown.set(signature, bindings);
  return bindings;
}

function flatten(type: AbiType, value: unknown, path: readonly string[]): Leaf[] {
  if (type.kind !== "record") return [{ path, type, value }];
  if (typeof value !== "object" || value === null || value instanceof NDArray || Array.isArray(value))
    throw new BifoldError(
      "parameter",
      `${path.join(".")} is a record with ${type.fields.map((f) => f.name).join(", ")}; found ${kindOf(value)}`,
    );
  const record = value as Readonly<Record<string, unknown>>;
  for (const field of Object.keys(record))
    if (!type.fields.some((f) => f.name === field))
      throw new BifoldError(
        "parameter",
        `${path.join(".")} has no field ${field}: its fields are ${type.fields.map((f) => f.name).join(", ")}`,
      );
  return type.fields.flatMap((f) => flatten(f.type, record[f.name], [...path, f.name]));
}

const kindOf = (v: unknown): string =>
  v === null
    ? "null"
    : v === undefined
      ? "nothing"
      : v instanceof NDArray
        ? `an array ${describeArray(v)}`
        : Array.isArray(v)
          ? "a list"
          : typeof v === "object"
            ? "an object"
            : `the ${typeof v} ${String(v)}`;

function oneDevice(name: string, leaves: readonly Leaf[]): Device {
  const first = leaves.find((l) => l.value instanceof NDArray);
  const device = (first!.value as NDArray).device;
  for (const l of leaves) {
    if (!(l.value instanceof NDArray)) continue;
    const other = l.value.device;
    if (other !== device)
      throw new BifoldError(
        "device",
        `${name} needs its arrays on one device: ${first!.path.join(".")} is on ${device.name}, ${l.path.join(".")} on ${other.name}. Move one with \`await a.to("${device.kind}")\``,
      );
  }
  return device;
}

function realOf(name: string, leaves: readonly Leaf[], otherwise: FloatDtype): FloatDtype {
  let first: Leaf | undefined;
  let real: Dtype | undefined;
  for (const l of leaves) {
    if (!(l.value instanceof NDArray) || l.type.kind !== "array" || l.type.element !== "real") continue;
    const { dtype } = l.value;
    if (!isFloat(dtype)) continue;
    if (first && dtype !== real)
      throw new BifoldError(
        "dtype",
        `${name} needs one floating type: ${first.path.join(".")} is ${real}, ${l.path.join(".")} is ${dtype}. Convert one with \`await asarray(a, { dtype: "${real}" })\``,
      );
    first ??= l;
    real ??= dtype;
  }
  return (real as FloatDtype | undefined) ?? otherwise;
}

/** The array, which has the type and the rank of its parameter. */
function fitting(leaf: Leaf, type: Extract<AbiType, { kind: "array" }>, array: NDArray, real: FloatDtype): NDArray {
  const want = dtypeOf(type.element, real);
  const name = leaf.path.join(".");
  if (array.dtype !== want)
    throw new BifoldError(
      "dtype",
      `${name} must be ${want}, found ${describeArray(array)}. Convert it with \`await asarray(a, { dtype: "${want}" })\``,
    );
  if (array.ndim !== type.shape.length) throw wrongRank(name, type, array.shape);
  return array;
}

async function toArray(
  leaf: Leaf,
  type: Extract<AbiType, { kind: "array" }>,
  real: FloatDtype,
  device: Device,
): Promise<NDArray> {
  const want = dtypeOf(type.element, real);
  const rank = type.shape.length;
  const name = leaf.path.join(".");
  if (leaf.value === undefined || leaf.value === null)
    throw new BifoldError("parameter", `${name} is missing: expected ${describeType(type)}`);
  const array = await asarray(leaf.value as ArrayInput, { dtype: want, device });
  if (array.ndim === rank) return array;
  if (array.size === 0 && array.ndim < rank) {
    // An empty list takes the rank that is asked for, its missing sizes 0.
    const empty = array.reshape([...array.shape, ...Array.from({ length: rank - array.ndim }, () => 0)]);
    array.dispose();
    return empty;
  }
  const { shape } = array;
  array.dispose();
  throw wrongRank(name, type, shape);
}

const describeType = (type: Extract<AbiType, { kind: "array" }>): string =>
  `${type.element}[${type.shape.map(showInt).join(", ")}]`;
const wrongRank = (name: string, type: Extract<AbiType, { kind: "array" }>, shape: readonly number[]): BifoldError =>
  new BifoldError(
    "shape",
    `${name} must have ${type.shape.length} dimensions (${describeType(type)}), found a shape of [${shape.join(", ")}]`,
  );

const samePath = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((x, k) => x === b[k]);

const isInteger = (scalar: AbiScalar): boolean => scalar === "i32" || scalar === "u32";

function toScalar(leaf: Leaf): number {
  const scalar = leaf.type.kind === "scalar" ? leaf.type.scalar : "real";
  const name = leaf.path.join(".");
  const v = leaf.value;
  if (scalar === "bool") {
    if (typeof v !== "boolean" && v !== 0 && v !== 1)
      throw new BifoldError("parameter", `${name} must be true or false, found ${kindOf(v)}`);
    return v ? 1 : 0;
  }
  if (typeof v !== "number") throw new BifoldError("parameter", `${name} must be a number, found ${kindOf(v)}`);
  const [lo, hi] = scalar === "u32" ? [0, 2 ** 32 - 1] : [-(2 ** 31), 2 ** 31 - 1];
  if (isInteger(scalar) && !(Number.isInteger(v) && v >= lo && v <= hi))
    throw new BifoldError("parameter", `${name} must be an integer from ${lo} to ${hi}, found ${v}`);
  return v;
}

/** Binds the names, then checks every dimension of every parameter against them. */
function bindSizes(
  signature: Signature,
  bindings: Bindings,
  leaves: readonly Leaf[],
  arrays: readonly (ArrayLeaf | undefined)[],
): Map<string, number> {
  const values = new Map<string, number>();
  signature.sizes.forEach((s, k) => {
    const at = bindings.sizes[k] ?? 0;
    if (s.dim !== undefined) {
      values.set(s.name, arrays[at]?.shape[s.dim] ?? 0);
      return;
    }
    const leaf = leaves[at]!;
    const value = toScalar({ ...leaf, type: { kind: "scalar", scalar: "i32" } });
    if (value < 0)
      throw new BifoldError("R08", `R08: the size ${leaf.path.join(".")} must not be negative, found ${value}`);
    values.set(s.name, value);
  });
  const value = (name: string): number => values.get(name) ?? integerNamed(name, leaves);
  leaves.forEach((leaf, k) => {
    const { type } = leaf;
    if (type.kind !== "array") return;
    const shape = arrays[k]?.shape ?? [];
    type.shape.forEach((dim, d) => {
      const want = evaluateInt(dim, value);
      if (Number.isNaN(want))
        throw new BifoldError("R05", `R05: the size ${showInt(dim)} of ${leaf.path.join(".")} divides by zero`);
      if (want < 0)
        throw new BifoldError(
          "R08",
          `R08: the size ${showInt(dim)} of ${leaf.path.join(".")} is ${want}, which is negative`,
        );
      if (shape[d] !== want) {
        const why = [...values].map(([n, v]) => `${n} = ${v}`).join(", ");
        throw new BifoldError(
          "shape",
          `R04: shapes do not agree: dimension ${d} of ${leaf.path.join(".")} must be ${showInt(dim)} = ${want}, found ${shape[d]} (${leaf.path.join(".")} is [${shape.join(", ")}]; ${why})`,
        );
      }
    });
  });
  return values;
}

function integerNamed(name: string, leaves: readonly Leaf[]): number {
  const leaf = leaves.find((l) => l.path.length === 1 && l.path[0] === name);
  return leaf ? toScalar(leaf) : Number.NaN;
}

/**
 * What the results must be. A size that can't be is taken as 0: the function runs, and what it finds wrong before (a `require` on its sizes) is
 * reported; if it finds nothing, `refused` is.
 */
function resultLeaves(
  signature: Signature,
  real: FloatDtype,
  sizes: ReadonlyMap<string, number>,
  leaves: readonly Leaf[],
): { readonly results: ResultLeaf[]; readonly refused: BifoldError | undefined } {
  const known = new Map(sizes);
  const value = (name: string): number => known.get(name) ?? integerNamed(name, leaves);
  let refused: BifoldError | undefined;
  const size = (n: number, what: string): number => {
    if (n >= 0) return n;
    refused ??= Number.isNaN(n)
      ? new BifoldError("R05", `R05: the size ${what} of the result divides by zero`)
      : new BifoldError("R08", `R08: the size ${what} of the result is ${n}, which is negative`);
    return 0;
  };
  for (const s of signature.localSizes) known.set(s.name, size(evaluateInt(s.value, value), s.name));
  const visit = (type: AbiType): ResultLeaf[] => {
    switch (type.kind) {
      case "scalar":
        return [{ dtype: dtypeOf(type.scalar, real), shape: [], scalar: true }];
      case "array": {
        const shape = type.shape.map((d) => size(evaluateInt(d, value), showInt(d)));
        return [{ dtype: dtypeOf(type.element, real), shape, scalar: false }];
      }
      case "record":
        return type.fields.flatMap((f) => visit(f.type));
    }
  };
  return { results: visit(signature.result), refused };
}

/** What the device found wrong, known when a result is read; `otherwise` if that is nothing. Gives the results back. */
async function firstFailure(
  device: Device,
  out: readonly (Storage | number)[],
  otherwise: BifoldError,
): Promise<unknown> {
  const arrays = out.filter((o) => typeof o !== "number");
  try {
    for (const storage of arrays) await device.download(storage);
    return otherwise;
  } catch (error) {
    return error;
  } finally {
    for (const storage of arrays) storage.release();
  }
}

function assemble(type: AbiType, out: readonly (Storage | number)[], leaves: readonly ResultLeaf[]): KernelResult {
  let at = 0;
  const visit = (t: AbiType): KernelResult => {
    switch (t.kind) {
      case "scalar": {
        const value = Number(out[at++]);
        return t.scalar === "bool" ? value !== 0 : value;
      }
      case "array": {
        const leaf = leaves[at]!;
        return new NDArray(out[at++] as Storage, leaf.dtype, leaf.shape);
      }
      case "record":
        return Object.fromEntries(t.fields.map((f) => [f.name, visit(f.type)]));
    }
  };
  return visit(type);
}
