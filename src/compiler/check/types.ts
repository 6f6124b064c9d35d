// Types as values: making, comparing but for sizes, mapping and printing them.
import { formatSize, type Size, type SizeSymbol, symbolsOfSize } from "../size.js";
import type { ScalarType, ScalarValueType, Type, ValueType } from "../typed.js";

/** The highest rank of an array (language, section 3). */
export const MAX_RANK = 4;

const scalars: Readonly<Record<ScalarType, ScalarValueType>> = {
  real: { kind: "scalar", scalar: "real" },
  wide: { kind: "scalar", scalar: "wide" },
  i32: { kind: "scalar", scalar: "i32" },
  u32: { kind: "scalar", scalar: "u32" },
  bool: { kind: "scalar", scalar: "bool" },
};

export const scalarOf = (s: ScalarType): ScalarValueType => scalars[s];
export const isScalarName = (name: string): name is ScalarType => Object.hasOwn(scalars, name);

/** An array of that element, or the scalar itself where there is no dimension. */
export const arrayOf = (element: ScalarType, shape: readonly Size[]): ValueType =>
  shape.length === 0 ? scalars[element] : { kind: "array", element, shape };

export const shapeOf = (t: ValueType): readonly Size[] => (t.kind === "array" ? t.shape : []);

/** The scalar that a scalar is, or that an array is made of; a record has none. */
export const elementOf = (t: ValueType): ScalarType | undefined =>
  t.kind === "scalar" ? t.scalar : t.kind === "array" ? t.element : undefined;

export const isInteger = (s: ScalarType): boolean => s === "i32" || s === "u32";
export const isFloat = (s: ScalarType): boolean => s === "real" || s === "wide";
export const isNumeric = (s: ScalarType): boolean => s !== "bool";

/** Whether a value goes from one to the other without being asked: `i32`, `u32` to `real` to `wide`. */
export function widens(from: ScalarType, to: ScalarType): boolean {
  if (from === to) return true;
  return to === "wide" ? isNumeric(from) : to === "real" && isInteger(from);
}

/** The type in which two scalars meet in arithmetic, where there is one. */
export const joinScalars = (a: ScalarType, b: ScalarType): ScalarType | undefined =>
  widens(a, b) ? b : widens(b, a) ? a : undefined;

export function mapType(
  t: ValueType,
  size: (s: Size) => Size,
  scalar: (s: ScalarType) => ScalarType = (s) => s,
): ValueType {
  switch (t.kind) {
    case "scalar":
      return scalars[scalar(t.scalar)];
    case "array":
      return { kind: "array", element: scalar(t.element), shape: t.shape.map(size) };
    case "record":
      return { ...t, fields: t.fields.map((f) => ({ name: f.name, type: mapType(f.type, size, scalar) })) };
  }
}

/** Every scalar type that a type speaks of. */
export const scalarsIn = (t: ValueType): readonly ScalarType[] =>
  t.kind === "record" ? t.fields.flatMap((f) => scalarsIn(f.type)) : [t.kind === "scalar" ? t.scalar : t.element];

export const symbolsOfType = (t: ValueType): readonly SizeSymbol[] =>
  t.kind === "record" ? t.fields.flatMap((f) => symbolsOfType(f.type)) : shapeOf(t).flatMap((s) => symbolsOfSize(s));

/** The type at a path of fields. */
export function typeAt(t: Type, path: readonly string[]): Type | undefined {
  let at: Type | undefined = t;
  for (const name of path) at = at?.kind === "record" ? at.fields.find((f) => f.name === name)?.type : undefined;
  return at;
}

export function formatType(t: Type): string {
  switch (t.kind) {
    case "scalar":
      return t.scalar;
    case "array":
      return `${t.element}[${t.shape.map((s) => formatSize(s)).join(", ")}]`;
    case "record":
      return t.name ?? `{ ${t.fields.map((f) => `${f.name}: ${formatType(f.type)}`).join(", ")} }`;
    case "function":
      return `fn(${t.params.map(formatType).join(", ")}) -> ${formatType(t.result)}`;
  }
}

/** Whether two types differ in sizes at most; a scalar may also widen. Records are compared by their fields' names. */
export function sameStructure(found: ValueType, wanted: ValueType): boolean {
  if (found.kind === "record" || wanted.kind === "record") {
    if (found.kind !== "record" || wanted.kind !== "record") return false;
    if (found.fields.length !== wanted.fields.length) return false;
    return wanted.fields.every((w) => {
      const f = found.fields.find((x) => x.name === w.name);
      return f !== undefined && sameStructure(f.type, w.type);
    });
  }
  if (shapeOf(found).length !== shapeOf(wanted).length) return false;
  const from = elementOf(found);
  const to = elementOf(wanted);
  return from !== undefined && to !== undefined && widens(from, to);
}
