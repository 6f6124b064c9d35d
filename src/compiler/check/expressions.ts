// Every kind of expression: small ones here, the others in files of their own.
import type { Span } from "../diagnostic.js";
import { sizeConstant } from "../size.js";
import type { Expression } from "../syntax.js";
import type { Expr, ScalarType } from "../typed.js";
import { checkCall } from "./calls.js";
import { checkIf } from "./conditions.js";
import { becomes, type Checked, coerce, describe, goesTo, unify } from "./convert.js";
import { checkBinary, checkTranspose, checkUnary, commonShape } from "./operators.js";
import { checkReduce } from "./reducers.js";
import { resolveType } from "./resolve.js";
import { type Context, lookup, namesInScope, report, unknownName } from "./scope.js";
import { checkSubscript, nameOf } from "./subscripts.js";
import { didYouMean } from "./suggest.js";
import { elementOf, formatType, MAX_RANK, sameStructure, scalarOf, shapeOf } from "./types.js";

const constants = new Set(["pi", "eps", "tiny", "huge"]);
type Constant = "pi" | "eps" | "tiny" | "huge";
const isConstant = (name: string): name is Constant => constants.has(name);

/** An expression with its type; `undefined` where it failed, which was reported. The parser bounds how deep one nests. */
export function check(ctx: Context, e: Expression): Checked | undefined {
  switch (e.kind) {
    case "number":
      return {
        expr: { kind: "number", value: e.value, type: scalarOf("real"), at: e.at },
        literal: e.integer ? "integer" : "real",
      };
    case "bool":
      return { expr: { kind: "bool", value: e.value, type: scalarOf("bool"), at: e.at } };
    case "name":
      return checkName(ctx, e.name, e.at);
    case "list":
      return checkList(ctx, e);
    case "unary":
      return checkUnary(ctx, e);
    case "binary":
      return checkBinary(ctx, e);
    case "transpose":
      return checkTranspose(ctx, e);
    case "subscript":
      return checkSubscript(ctx, e);
    case "field":
      return checkField(ctx, e);
    case "call":
      return checkCall(ctx, e);
    case "lambda":
      return report(ctx, "T08", e.at, "a lambda stands only where a function is a parameter of the function called", {
        help: "declare a function and call it",
      });
    case "reduce":
      return checkReduce(ctx, e);
    case "if":
      return checkIf(ctx, e);
    case "as":
      return checkAs(ctx, e);
    case "record":
      return report(
        ctx,
        "T10",
        e.at,
        "a record is made only after `return`, or after the `=` of a `let` or `var` without brackets",
        {
          help: "name it first: `let r = { … }`",
        },
      );
  }
}

export function checkName(ctx: Context, name: string, at: Span): Checked | undefined {
  const binding = lookup(ctx.scope, name);
  if (binding?.kind === "failed") return undefined;
  if (binding) {
    const { local } = binding;
    if (local.type.kind === "function")
      return report(ctx, "T08", at, `\`${name}\` is a function: it can be called or handed on, and is no value`, {
        help: `call it: \`${name}(…)\``,
      });
    return { expr: { kind: "local", local, type: local.type, at } };
  }
  if (ctx.module.functions.has(name))
    return report(ctx, "T08", at, `\`${name}\` is a function: it can be called or handed on, and is no value`, {
      help: `call it: \`${name}(…)\``,
    });
  if (isConstant(name)) return { expr: { kind: "constant", name, type: scalarOf("real"), at } };
  return unknownName(ctx, { text: name, at }, "name", [
    ...namesInScope(ctx.scope),
    ...ctx.module.functions.keys(),
    ...constants,
  ]);
}

/** An `i32` scalar: a subscript, a bound, a size. */
export function checkIndex(ctx: Context, e: Expression, what: string): Expr | undefined {
  const c = check(ctx, e);
  return c && toIndex(ctx, c, what);
}

export function toIndex(ctx: Context, c: Checked, what: string): Expr | undefined {
  const { type, at } = c.expr;
  if (type.kind === "scalar" && (goesTo(c, "i32") || c.overIntegers)) return becomes(ctx, c, "i32");
  if (type.kind === "scalar" && (type.scalar === "real" || type.scalar === "wide")) {
    const named = c.expr.kind === "local" ? c.expr.local : undefined;
    return report(ctx, "T03", at, `a real is used as ${what}; it must be an i32`, {
      label: `this is ${type.scalar}`,
      ...(named ? { others: [{ at: named.at, text: `\`${named.name}\` is ${type.scalar}` }] } : {}),
      help: named
        ? `declare it as an integer, \`${named.mutable ? "var" : "let"} ${named.name}: i32 = …\`, or convert it: \`i32(${named.name})\``
        : "convert it: `i32(…)`; an integer is divided by `div`",
    });
  }
  if (type.kind === "scalar" && type.scalar === "u32")
    return report(ctx, "T02", at, `a u32 is used as ${what}; it must be an i32`, { help: "convert it: `i32(…)`" });
  return report(ctx, "T03", at, `${what} must be an i32, and this is ${describe(c)}`, {
    help:
      elementOf(type) === "i32" && shapeOf(type).length > 0
        ? "take one element for each index: `let y[j] = x[index[j]]`"
        : "a bool is made an integer by `i32(…)`",
  });
}

function checkField(ctx: Context, e: Extract<Expression, { kind: "field" }>): Checked | undefined {
  const c = check(ctx, e.base);
  if (!c) return undefined;
  const { type } = c.expr;
  if (type.kind !== "record")
    return report(
      ctx,
      "T06",
      e.field.at,
      `only a record has fields, and ${nameOf(c.expr) ?? "this"} is ${describe(c)}`,
      {
        label: "no such field",
        help: "write the value without the field",
      },
    );
  const field = type.fields.find((f) => f.name === e.field.text);
  if (field) return { expr: { kind: "field", base: c.expr, field: field.name, type: field.type, at: e.at } };
  return unknownField(ctx, e.field, type.fields, formatType(type));
}

export function unknownField(
  ctx: Context,
  field: { readonly text: string; readonly at: Span },
  fields: readonly { readonly name: string }[],
  what: string,
): undefined {
  const names = fields.map((f) => f.name);
  const help = didYouMean(field.text, names) ?? `it has \`${names.join("`, `")}\``;
  return report(ctx, "N09", field.at, `${what} has no field \`${field.text}\``, { help });
}

/** `[a, b, …]`: scalars that meet in one type, or arrays of one shape. */
function checkList(ctx: Context, e: Extract<Expression, { kind: "list" }>): Checked | undefined {
  const parts = e.elements.map((x) => check(ctx, x));
  if (!parts.every((p) => p !== undefined)) return undefined;
  const [first, ...rest] = parts;
  if (!first)
    return report(ctx, "T13", e.at, "a list is not empty", {
      help: "an empty array is made by `let a[i in 0..0] = 0.0`",
    });
  let met = first;
  for (const c of rest) {
    if (shapeOf(c.expr.type).length !== shapeOf(first.expr.type).length)
      return report(
        ctx,
        "T13",
        c.expr.at,
        `a list's elements are of one shape: this is ${describe(c)}, and the first is ${describe(first)}`,
        {
          others: [{ at: first.expr.at, text: `the first is ${describe(first)}` }],
          help: "give every row the same number of elements",
        },
      );
    const shape = commonShape(ctx, first.expr, c.expr, c.expr.at, "a list");
    const both = shape && unify(ctx, met, c, "a list", c.expr.at);
    if (!both) return undefined;
    met = both.literal ? { expr: both.left, literal: both.literal } : { expr: both.left };
  }
  const scalar = elementOf(met.expr.type) as ScalarType | undefined;
  if (!scalar)
    return report(ctx, "T13", e.at, "a list holds numbers, bools or arrays, not records", {
      help: "make an array for each field",
    });
  const shape = [sizeConstant(parts.length), ...shapeOf(first.expr.type)];
  if (shape.length > MAX_RANK)
    return report(ctx, "T12", e.at, `an array has at most ${MAX_RANK} dimensions, and this has ${shape.length}`, {
      help: "flatten some of them",
    });
  // Literals among others take the type of the others.
  const elements = met.literal ? parts.map((p) => p.expr) : parts.map((p) => becomes(ctx, p, scalar));
  if (!elements.every((x) => x !== undefined)) return undefined;
  const expr: Expr = { kind: "list", elements, type: { kind: "array", element: scalar, shape }, at: e.at };
  return met.literal ? { expr, literal: met.literal } : { expr };
}

/** `e as real[k]`: the same type but for its sizes, which are checked at run time. */
function checkAs(ctx: Context, e: Extract<Expression, { kind: "as" }>): Checked | undefined {
  const c = check(ctx, e.value);
  const type = resolveType(ctx, e.type);
  if (!c || !type) return undefined;
  const scalar = elementOf(type);
  if (type.kind === "scalar") {
    const value = type.kind === c.expr.type.kind ? coerce(ctx, c, type, "the value before `as`") : undefined;
    if (value) return { expr: value };
    return type.kind === c.expr.type.kind ? undefined : badAs(ctx, e, c, formatType(type));
  }
  if (c.literal && scalar && goesTo(c, scalar) && shapeOf(c.expr.type).length === shapeOf(type).length) {
    const value = becomes(ctx, c, scalar);
    return value && { expr: { kind: "as", value, type, at: e.at } };
  }
  if (!sameStructure(c.expr.type, type)) return badAs(ctx, e, c, formatType(type));
  const value = scalar ? becomes(ctx, c, scalar) : c.expr;
  return value && { expr: { kind: "as", value, type, at: e.at } };
}

function badAs(ctx: Context, e: Expression, c: Checked, type: string): undefined {
  return report(ctx, "T11", e.at, `\`as\` changes sizes only: ${describe(c)} can't be taken as ${type}`, {
    help: "a scalar type is changed by a conversion: `i32(…)`, `real(…)`",
  });
}
