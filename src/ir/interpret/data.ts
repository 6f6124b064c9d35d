// The interpreter's own values: scalars and arrays of scalars with bounds, records, and functions that were passed.
import type { Argument, FunctionDef, Local, ScalarType, ValueType } from "../../compiler/typed.js";
import { entering, type Format, type Scalar, scalar } from "./format.js";
import type { Frame } from "./frame.js";
import { type HostValue, isHostArray, isHostRecord, makeHostData, type RealDtype } from "./value.js";

export interface ArrayValue {
  readonly kind: "array";
  readonly element: ScalarType;
  readonly shape: readonly number[];
  readonly data: Float64Array;
  readonly bounds: Float64Array;
}

export interface RecordValue {
  readonly kind: "record";
  readonly fields: Map<string, Value>;
}

/** What is bound to a function parameter; lambdas and handed-on parameters remember the frame that they were written in. */
export type FunctionValue =
  | { readonly kind: "function"; readonly of: "def"; readonly def: FunctionDef; readonly sizes: CallSizesOf }
  | { readonly kind: "function"; readonly of: "builtin"; readonly name: string }
  | {
      readonly kind: "function";
      readonly of: "lambda";
      readonly lambda: Extract<Argument, { kind: "lambda" }>;
      readonly frame: Frame;
    };
/** The sizes that a call makes known to the frame where the function was named. */
export interface CallSizesOf {
  readonly pairs: readonly { readonly callee: Local; readonly here: Local }[];
  readonly frame: Frame;
}

export type Data = Scalar | ArrayValue | RecordValue;
export type Value = Data | FunctionValue;

export const countOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export function makeArray(element: ScalarType, shape: readonly number[]): ArrayValue {
  const n = countOf(shape);
  return { kind: "array", element, shape, data: new Float64Array(n), bounds: new Float64Array(n) };
}

export const elementAt = (a: ArrayValue, offset: number): Scalar =>
  scalar(a.data[offset] ?? Number.NaN, a.bounds[offset] ?? Number.POSITIVE_INFINITY);

export function setElement(a: ArrayValue, offset: number, x: Scalar): void {
  a.data[offset] = x.value;
  a.bounds[offset] = x.bound;
}

/** What `of` makes of each element, in an array of `element`s. */
export function mapArray(a: ArrayValue, element: ScalarType, of: (x: Scalar) => Scalar): ArrayValue {
  const result = makeArray(element, a.shape);
  for (let k = 0; k < a.data.length; k++) setElement(result, k, of(elementAt(a, k)));
  return result;
}

export function copyData(v: Data): Data {
  switch (v.kind) {
    case "scalar":
      return v;
    case "array":
      return { ...v, data: v.data.slice(), bounds: v.bounds.slice() };
    case "record":
      return { kind: "record", fields: new Map([...v.fields].map(([name, f]) => [name, copyValue(f)])) };
  }
}

export const copyValue = (v: Value): Value => (v.kind === "function" ? v : copyData(v));

/** Every element as unknown as can be. */
export function poison(v: Value): Value {
  switch (v.kind) {
    case "scalar":
      return scalar(v.value, Number.POSITIVE_INFINITY);
    case "array":
      return { ...v, bounds: new Float64Array(v.data.length).fill(Number.POSITIVE_INFINITY) };
    case "record":
      return { kind: "record", fields: new Map([...v.fields].map(([name, f]) => [name, poison(f)])) };
    case "function":
      return v;
  }
}

/** One of two numbers, and it is not known which: the first with a bound that takes in the other. */
export function joinScalars(floating: boolean, a: Scalar, b: Scalar): Scalar {
  if (Object.is(a.value, b.value)) return scalar(a.value, Math.max(a.bound, b.bound));
  const gap = Math.abs(a.value - b.value);
  return scalar(a.value, floating && gap < Infinity ? Math.max(a.bound, gap + b.bound) : Number.POSITIVE_INFINITY);
}

export const isFloating = (s: ScalarType): s is "real" | "wide" => s === "real" || s === "wide";

/** The same of whole values of one type; of arrays of different shapes nothing is known. */
export function joinData(type: ValueType, a: Data, b: Data): Data {
  if (a.kind === "scalar" && b.kind === "scalar")
    return joinScalars(type.kind === "scalar" && isFloating(type.scalar), a, b);
  if (a.kind === "array" && b.kind === "array") {
    if (a.shape.some((n, d) => n !== b.shape[d])) return poison(a) as Data;
    const joined = makeArray(a.element, a.shape);
    for (let k = 0; k < a.data.length; k++)
      setElement(joined, k, joinScalars(isFloating(a.element), elementAt(a, k), elementAt(b, k)));
    return joined;
  }
  if (a.kind === "record" && b.kind === "record" && type.kind === "record")
    return {
      kind: "record",
      fields: new Map(
        type.fields.map((f) => [f.name, joinData(f.type, dataField(a, f.name), dataField(b, f.name))] as const),
      ),
    };
  throw new Error("internal: two values of one type differ in kind");
}

export function dataField(r: RecordValue, name: string): Data {
  const field = r.fields.get(name);
  if (!field || field.kind === "function") throw new Error(`internal: no field ${name}`);
  return field;
}

/** An argument: reals are first rounded to the `real` that the interpreter stands for. */
export function fromHost(v: HostValue, type: ValueType, f: Format): Data {
  const enter = (scalarType: ScalarType, x: number): Scalar =>
    isFloating(scalarType) ? entering(f, f.name === "float32" ? Math.fround(x) : x) : scalar(x);
  switch (type.kind) {
    case "scalar":
      if (typeof v === "object") break;
      return enter(type.scalar, Number(v));
    case "array": {
      if (typeof v !== "object" || !isHostArray(v)) break;
      const array = makeArray(type.element, v.shape);
      for (let k = 0; k < array.data.length; k++) setElement(array, k, enter(type.element, v.data[k] ?? Number.NaN));
      return array;
    }
    case "record": {
      if (typeof v !== "object" || !isHostRecord(v)) break;
      const fields = new Map<string, Value>();
      for (const { name, type: fieldType } of type.fields) {
        const part = v.fields[name];
        if (part === undefined) throw new Error(`argument without the field ${name}`);
        fields.set(name, fromHost(part, fieldType, f));
      }
      return { kind: "record", fields };
    }
  }
  throw new Error(`argument is not of its parameter's type (a ${type.kind} is expected)`);
}

/** A result: `f64` data, whatever `real` the interpreter stands for, so that no digit of the reference is lost. */
export function toHost(v: Data, type: ValueType, real: RealDtype = "float64"): HostValue {
  if (v.kind === "scalar") return type.kind === "scalar" && type.scalar === "bool" ? v.value !== 0 : v.value;
  if (v.kind === "array") {
    const data = makeHostData(v.element, v.data.length, real);
    data.set(v.data);
    return { shape: v.shape, data };
  }
  if (type.kind !== "record") throw new Error("internal: a record of no record type");
  return { fields: Object.fromEntries(type.fields.map((f) => [f.name, toHost(dataField(v, f.name), f.type, real)])) };
}

/** The bounds of a value, in the value's own form. */
export function boundsOf(v: Data): HostValue {
  switch (v.kind) {
    case "scalar":
      return v.bound;
    case "array":
      return { shape: v.shape, data: v.bounds.slice() };
    case "record":
      return { fields: Object.fromEntries([...v.fields.keys()].map((name) => [name, boundsOf(dataField(v, name))])) };
  }
}
