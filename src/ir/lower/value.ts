// What an expression is while it is lowered: a scalar, an array that may be no more than a rule for its elements, a record, a function.
// A rule becomes a nest where it gets a name; until then transposes, slices and element-wise operations cost nothing.
import type { Span } from "../../compiler/diagnostic.js";
import type { Size } from "../../compiler/size.js";
import type { Local, Expr as TypedExpr } from "../../compiler/typed.js";
import type { ArrayVar, Axis, Expr, Scalar, Yield } from "../nest.js";
import { type ArrayDraft, innerOut, int, type KernelBuilder, type Out, varOf } from "./kernel-builder.js";

export interface ScalarValue {
  readonly kind: "scalar";
  readonly expr: Expr;
  /** Where it stands for a size: that size, in terms of the kernel's own. */
  readonly size?: Size;
}

export interface ArrayValue {
  readonly kind: "array";
  readonly type: Scalar;
  readonly shape: readonly Size[];
  /** The element at an index that is in range. Statements that it needs go to `out`. */
  readonly at: (index: readonly Expr[], out: Out) => Expr;
  /** The array that holds just these elements, where there is one. */
  readonly stored?: ArrayDraft;
  /** An element costs no more than a load. */
  readonly view: boolean;
  /** The depth of the innermost call among those whose `var`s it reads: inside that call it may change. */
  readonly changesAt?: number;
}

export interface RecordValue {
  readonly kind: "record";
  readonly fields: ReadonlyMap<string, Value>;
}

export interface FunctionValue {
  readonly kind: "function";
  readonly invoke: (args: readonly Value[], call: Invocation) => Value;
}
/** `named` is told what the sizes of the function are that the caller has names for. */
export interface Invocation {
  readonly expr: TypedExpr;
  readonly depth: number;
  readonly real: "f32" | "f64";
  readonly wide: boolean;
  readonly at: Span;
  readonly out: Out;
  readonly named: (size: (local: Local) => ScalarValue | undefined) => void;
}

export type Value = ScalarValue | ArrayValue | RecordValue | FunctionValue;

export const scalar = (expr: Expr): ScalarValue => ({ kind: "scalar", expr });

export function asScalar(v: Value): Expr {
  if (v.kind !== "scalar") throw new Error(`internal: a scalar was expected, not ${v.kind}`);
  return v.expr;
}
export function asArray(v: Value): ArrayValue {
  if (v.kind !== "array") throw new Error(`internal: an array was expected, not ${v.kind}`);
  return v;
}

const deepest = (parts: readonly Value[]): number | undefined => {
  const depths = parts.flatMap((p) => (p.kind === "array" && p.changesAt !== undefined ? [p.changesAt] : []));
  return depths.length > 0 ? Math.max(...depths) : undefined;
};

/** An array made of others by a rule. */
export function delayed(
  type: Scalar,
  shape: readonly Size[],
  parts: readonly Value[],
  at: ArrayValue["at"],
  view = false,
): ArrayValue {
  const changesAt = deepest(parts);
  return { kind: "array", type, shape, at, view, ...(changesAt === undefined ? {} : { changesAt }) };
}

/** The whole of an array; `depth` is that of the call whose `var` it is, for one that is. */
export function storedValue(array: ArrayDraft, depth?: number): ArrayValue {
  return {
    kind: "array",
    type: array.type,
    shape: array.shape,
    at: (index) => load(array, index),
    stored: array,
    view: true,
    ...(depth === undefined ? {} : { changesAt: depth }),
  };
}

export const load = (array: ArrayVar, index: readonly Expr[]): Expr => ({
  kind: "load",
  array,
  index,
  type: array.type,
});

const axisNames = ["i", "j", "k", "l"];

/** Axes over all indices of a shape, known as such in `inner`. */
export function axesOver(
  shape: readonly Size[],
  kernel: KernelBuilder,
  inner: Out,
  names: readonly string[] = axisNames,
): readonly Axis[] {
  return shape.map((s, d) => {
    const axis = { var: kernel.var(names[d] ?? "i", "i32"), lo: int(0), hi: kernel.size(s) };
    inner.facts.axis(axis.var, axis.lo, axis.hi);
    return axis;
  });
}
export const indexOf = (axes: readonly Axis[]): readonly Expr[] => axes.map((a) => varOf(a.var));

/** A new array with the elements of `v`. */
export function copyOf(
  v: ArrayValue,
  name: string,
  mutable: boolean,
  kernel: KernelBuilder,
  out: Out,
  at: Span,
): ArrayDraft {
  const array = kernel.array(name, v.type, v.shape, mutable);
  const inner = innerOut(out);
  const axes = axesOver(v.shape, kernel, inner);
  const index = indexOf(axes);
  const value = v.at(index, inner);
  pushNest("define", axes, inner, [{ array, index, value }], out, at);
  return array;
}

export function pushNest(
  mode: "define" | "assign" | "add",
  axes: readonly Axis[],
  inner: Out,
  yields: readonly Yield[],
  out: Out,
  at: Span,
  where?: Expr,
): void {
  const nest = { mode, axes, ...(where ? { where } : {}), body: inner.statements, yields };
  out.statements.push({ kind: "nest", nest, at });
  if (mode !== "define") out.facts.forgetTransient();
}

/** An array that holds the elements of `v`: its own, or a new one. */
export const storedIn = (v: ArrayValue, name: string, kernel: KernelBuilder, out: Out, at: Span): ArrayDraft =>
  v.stored ?? copyOf(v, name, false, kernel, out, at);

/** An array whose elements may be read many times each: what costs more than a load is computed first. */
export const readable = (v: ArrayValue, name: string, kernel: KernelBuilder, out: Out, at: Span): ArrayValue =>
  v.view ? v : storedValue(copyOf(v, name, false, kernel, out, at));

/** A value with `f` of each scalar and array in it, in order. */
export function mapLeaves(v: Value, f: (leaf: ScalarValue | ArrayValue) => Value): Value {
  switch (v.kind) {
    case "scalar":
    case "array":
      return f(v);
    case "record":
      return { kind: "record", fields: new Map([...v.fields].map(([name, x]) => [name, mapLeaves(x, f)])) };
    case "function":
      throw new Error("internal: a function is no leaf");
  }
}
