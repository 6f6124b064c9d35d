// Calls of the scalar functions of `builtins.ts`, element by element where an argument is an array.
import type { Builtin, BuiltinRule } from "../builtins.js";
import type { Span } from "../diagnostic.js";
import type { Size } from "../size.js";
import type { Expr, ScalarType } from "../typed.js";
import { type ArgumentIn, argumentValue, arity } from "./calls.js";
import { becomes, type Checked, describe, goesTo, unify } from "./convert.js";
import { demandLowering } from "./functions.js";
import { commonShape } from "./operators.js";
import { type Context, report } from "./scope.js";
import { arrayOf, elementOf, isFloat, isInteger, shapeOf } from "./types.js";

const parameterNames: Readonly<Record<string, string>> = {
  fma: "a, b, c",
  clamp: "x, lo, hi",
  pow: "x, y",
  atan2: "y, x",
  uniform: "key, i",
  normal: "key, i",
  randint: "key, i, lo, hi",
  shiftLeft: "x, count",
  shiftRight: "x, count",
};

/** The types of arguments and result of the rules that leave no choice. */
const fixed: Partial<Record<BuiltinRule, { readonly params: readonly ScalarType[]; readonly result: ScalarType }>> = {
  uniform: { params: ["u32", "u32"], result: "real" },
  normal: { params: ["u32", "u32"], result: "real" },
  randint: { params: ["u32", "u32", "i32", "i32"], result: "i32" },
  pow2: { params: ["i32"], result: "real" },
};

export function callBuiltin(ctx: Context, b: Builtin, args: readonly ArgumentIn[], at: Span): Checked | undefined {
  const names = (parameterNames[b.name] ?? ["x", "y", "z"].slice(0, b.arity).join(", ")).split(", ");
  if (!arity(ctx, b.name, args, names, at)) return undefined;
  const values = args.map((a) => argumentValue(ctx, a));
  if (!values.every((v) => v !== undefined)) return undefined;
  if (b.wasm === "fold" || b.wgsl === "fold") demandLowering(ctx, b.name, at);
  const scalars = argumentTypes(ctx, b, values, at);
  if (!scalars) return undefined;
  const made = values.map((v, k) => becomes(ctx, v, scalars.params[k] as ScalarType));
  if (!made.every((x) => x !== undefined)) return undefined;
  const shape = shapeOfAll(ctx, b, made, at);
  if (!shape) return undefined;
  const expr: Expr = { kind: "builtin", name: b.name, args: made, type: arrayOf(scalars.result, shape), at };
  return b.rule === "number" && values.every((v) => v.literal === "integer") ? { expr, overIntegers: true } : { expr };
}

function shapeOfAll(ctx: Context, b: Builtin, args: readonly Expr[], at: Span): readonly Size[] | undefined {
  let first: Expr | undefined;
  for (const a of args) {
    if (shapeOf(a.type).length === 0) continue;
    if (first && !commonShape(ctx, first, a, at, `\`${b.name}\``)) return undefined;
    first ??= a;
  }
  return first ? shapeOf(first.type) : [];
}

function argumentTypes(
  ctx: Context,
  b: Builtin,
  values: readonly Checked[],
  at: Span,
): { readonly params: readonly ScalarType[]; readonly result: ScalarType } | undefined {
  const types = fixed[b.rule];
  if (types) {
    const wrong = values.findIndex((v, k) => !goesTo(v, types.params[k] as ScalarType));
    const v = values[wrong];
    if (!v) return types;
    const to = types.params[wrong] as ScalarType;
    return refuse(ctx, b, v, to, `convert it: \`${to}(…)\``);
  }
  const bad = values.find((v) => !takes(b.rule, v));
  if (bad) {
    const integers = b.rule === "integer" || b.rule === "shift";
    return refuse(
      ctx,
      b,
      bad,
      integers ? "an i32 or a u32" : "a number",
      integers ? "convert it: `i32(…)` or `u32(…)`" : "a bool is made a number by `real(…)`",
    );
  }
  if (b.rule === "shift") return shiftTypes(values);
  const met = meet(ctx, b, values, at);
  if (!met) return undefined;
  const params = values.map(() => met);
  return { params, result: b.rule === "test" ? "bool" : b.rule === "exponent" ? "i32" : met };
}

const takes = (rule: BuiltinRule, v: Checked): boolean => {
  const s = elementOf(v.expr.type);
  if (!s || s === "bool") return false;
  return rule === "integer" || rule === "shift" ? v.literal === "integer" || (!v.literal && isInteger(s)) : true;
};

function refuse(ctx: Context, b: Builtin, v: Checked, wanted: string, help: string): undefined {
  const s = elementOf(v.expr.type);
  const mix = (s === "i32" && wanted === "u32") || (s === "u32" && wanted === "i32");
  return report(ctx, mix ? "T02" : "T05", v.expr.at, `\`${b.name}\` needs ${wanted} here, and this is ${describe(v)}`, {
    help,
  });
}

/** The count of a shift may be of either integer type; literals are `i32`. */
function shiftTypes(values: readonly Checked[]): {
  readonly params: readonly ScalarType[];
  readonly result: ScalarType;
} {
  const of = (v: Checked | undefined, otherwise: ScalarType): ScalarType =>
    !v || v.literal ? otherwise : (elementOf(v.expr.type) ?? otherwise);
  const value = of(values[0], "i32");
  return { params: [value, of(values[1], value)], result: value };
}

/** The one scalar type in which all arguments meet. */
function meet(ctx: Context, b: Builtin, values: readonly Checked[], at: Span): ScalarType | undefined {
  const [first, ...rest] = values;
  let met = first;
  for (const v of rest) {
    // Shapes are compared later: here each array stands for one of its elements.
    const both = met && unify(ctx, met, v, `\`${b.name}\``, at);
    if (!both) return undefined;
    met = both.literal ? { expr: both.left, literal: both.literal } : { expr: both.left };
  }
  const s = met && elementOf(met.expr.type);
  if (!s) return undefined;
  if (b.rule === "integer" && met?.literal) return "i32";
  return b.rule === "number" || b.rule === "integer" || isFloat(s) ? s : "real";
}
