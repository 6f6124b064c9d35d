// Values as they come from outside and go back: plain data. Nested lists (JSON) become host values by the type they are meant for.
import type { ArrayType, ScalarType, ValueType } from "../../compiler/typed.js";

export type HostData = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;

/** An array, row-major. `bool` elements are 0 or 1 in a `Uint8Array`. */
export interface HostArray {
  readonly shape: readonly number[];
  readonly data: HostData;
}

export interface HostRecord {
  readonly fields: { readonly [name: string]: HostValue };
}

export type HostValue = number | boolean | HostArray | HostRecord;

export type RealDtype = "float32" | "float64";

export const isHostArray = (v: HostValue): v is HostArray => typeof v === "object" && "data" in v;
export const isHostRecord = (v: HostValue): v is HostRecord => typeof v === "object" && "fields" in v;

/** Numbers, booleans, lists of such, and objects: what JSON can say. */
export type Nested = number | boolean | readonly Nested[] | { readonly [name: string]: Nested };

export function makeHostData(element: ScalarType, length: number, real: RealDtype): HostData {
  switch (element) {
    case "real":
      return real === "float32" ? new Float32Array(length) : new Float64Array(length);
    case "wide":
      return new Float64Array(length);
    case "i32":
      return new Int32Array(length);
    case "u32":
      return new Uint32Array(length);
    case "bool":
      return new Uint8Array(length);
  }
}

export type FromNested = { readonly value: HostValue } | { readonly problem: string };

/** Reads `json` as a value of `type`. An empty list takes the type's rank, with 0 for the sizes that it does not show. */
export function fromNested(json: unknown, type: ValueType, real: RealDtype = "float64"): FromNested {
  switch (type.kind) {
    case "scalar":
      return scalarFromNested(json, type.scalar);
    case "array":
      return arrayFromNested(json, type, real);
    case "record": {
      if (typeof json !== "object" || json === null || Array.isArray(json))
        return { problem: `expected a record with ${type.fields.map((f) => f.name).join(", ")}` };
      const fields: Record<string, HostValue> = {};
      for (const f of type.fields) {
        const part = (json as { readonly [name: string]: unknown })[f.name];
        if (part === undefined) return { problem: `field ${f.name} is missing` };
        const read = fromNested(part, f.type, real);
        if ("problem" in read) return { problem: `${f.name}: ${read.problem}` };
        fields[f.name] = read.value;
      }
      return { value: { fields } };
    }
  }
}

function scalarFromNested(json: unknown, scalar: ScalarType): FromNested {
  if (scalar === "bool") {
    if (typeof json === "boolean") return { value: json };
    return json === 0 || json === 1 ? { value: json === 1 } : { problem: "expected true or false" };
  }
  if (typeof json === "string" && (scalar === "real" || scalar === "wide")) {
    const x = notFinite[json];
    if (x !== undefined) return { value: x };
  }
  if (typeof json !== "number") return { problem: `expected a number, got ${describe(json)}` };
  const problem = scalarProblem(json, scalar);
  return problem === undefined ? { value: json } : { problem };
}

/** JSON has no such numbers: they are written as text. */
const notFinite: { readonly [text: string]: number } = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
};

function scalarProblem(x: number, scalar: ScalarType): string | undefined {
  if (scalar === "i32" && (x | 0) !== x) return `${x} is no i32`;
  if (scalar === "u32" && x >>> 0 !== x) return `${x} is no u32`;
  return undefined;
}

const describe = (json: unknown): string => (Array.isArray(json) ? "a list" : json === null ? "null" : typeof json);

function arrayFromNested(json: unknown, type: ArrayType, real: RealDtype): FromNested {
  const rank = type.shape.length;
  const shape: number[] = [];
  for (let at: unknown = json; shape.length < rank && Array.isArray(at); at = at[0]) shape.push(at.length);
  if (shape.length === 0) return { problem: `expected ${"a list of ".repeat(rank)}values, got ${describe(json)}` };
  while (shape.length < rank && shape.includes(0)) shape.push(0);
  if (shape.length < rank) return { problem: `expected lists nested ${rank} deep, got ${shape.length}` };
  const data = makeHostData(
    type.element,
    shape.reduce((a, b) => a * b, 1),
    real,
  );
  let next = 0;
  const fill = (at: unknown, depth: number): string | undefined => {
    if (depth === rank) {
      if (Array.isArray(at)) return `expected lists nested ${rank} deep, got more`;
      const read = scalarFromNested(at, type.element);
      if ("problem" in read) return read.problem;
      data[next++] = Number(read.value);
      return undefined;
    }
    if (!Array.isArray(at) || at.length !== shape[depth]) return `the lists on level ${depth + 1} differ in length`;
    for (const part of at) {
      const problem = fill(part, depth + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
  const problem = fill(json, 0);
  return problem === undefined ? { value: { shape, data } } : { problem };
}

/** Nested lists; an array with a zero size is the list that shows as many of its sizes as lists can. */
export function toNested(value: HostValue): Nested {
  if (typeof value !== "object") return value;
  if (isHostRecord(value))
    return Object.fromEntries(Object.entries(value.fields).map(([name, v]) => [name, toNested(v)]));
  const { shape, data } = value;
  const bool = data instanceof Uint8Array;
  let next = 0;
  const list = (depth: number): Nested => {
    if (depth === shape.length) {
      const x = data[next++] ?? Number.NaN;
      return bool ? x !== 0 : x;
    }
    return Array.from({ length: shape[depth] ?? 0 }, () => list(depth + 1));
  };
  return list(0);
}
