// Calls: whom a name means (a function parameter, a function of the module, a conversion, a scalar function), and its arguments.
import { type Builtin, builtins } from "../builtins.js";
import type { Span } from "../diagnostic.js";
import type { Expression, Name } from "../syntax.js";
import type { FunctionType, Local, ScalarType, Type } from "../typed.js";
import { callBuiltin } from "./builtin-calls.js";
import { becomes, type Checked, coerce, convertTo, describe, goesTo } from "./convert.js";
import { check } from "./expressions.js";
import { callFunction } from "./function-calls.js";
import { type Context, type FunctionInfo, lookup, namesInScope, report, unknownName } from "./scope.js";
import { elementOf, formatType, isScalarName } from "./types.js";

/** An argument: as it is written, or, where the compiler makes the call, checked already. */
export type ArgumentIn =
  | { readonly kind: "syntax"; readonly syntax: Expression; readonly at: Span }
  | { readonly kind: "checked"; readonly checked: Checked; readonly at: Span };

export type Callee =
  | { readonly kind: "parameter"; readonly local: Local; readonly type: FunctionType }
  | { readonly kind: "function"; readonly info: FunctionInfo }
  | { readonly kind: "conversion"; readonly to: ScalarType }
  | { readonly kind: "builtin"; readonly builtin: Builtin };

/** Whom a name means where it is called or handed on; what is no function is reported, for `say`. */
export function resolveCallee(ctx: Context, name: Name): Callee | undefined {
  const binding = lookup(ctx.scope, name.text);
  if (binding?.kind === "failed") return undefined;
  if (binding) {
    const { local } = binding;
    if (local.type.kind === "function") return { kind: "parameter", local, type: local.type };
    return report(ctx, "T06", name.at, `\`${name.text}\` is ${formatType(local.type as Type)}, and is no function`, {
      others: [{ at: local.at, text: `\`${name.text}\` is made here` }],
      help:
        local.type.kind === "array"
          ? `an element is taken by brackets: \`${name.text}[…]\``
          : "give one of them another name",
    });
  }
  const info = ctx.module.functions.get(name.text);
  if (info) return { kind: "function", info };
  if (isScalarName(name.text) && name.text !== "bool") return { kind: "conversion", to: name.text };
  const builtin = builtins.get(name.text);
  if (builtin && mayUse(ctx, builtin)) return { kind: "builtin", builtin };
  if (name.text === "bool")
    return report(ctx, "T05", name.at, "there is no conversion to bool", { help: "compare: `x != 0`" });
  const seen = [...builtins.values()].filter((b) => mayUse(ctx, b)).map((b) => b.name);
  return unknownName(ctx, name, "function", [
    ...ctx.module.functions.keys(),
    ...seen,
    ...namesInScope(ctx.scope).filter((n) => {
      const found = lookup(ctx.scope, n);
      return found?.kind === "local" && found.local.type.kind === "function";
    }),
  ]);
}

/** The steps of which elementary functions are made are seen in the standard library alone. */
const mayUse = (ctx: Context, b: Builtin): boolean => !b.intrinsic || ctx.module.syntax.file.startsWith("std/");

export function checkCall(ctx: Context, e: Extract<Expression, { kind: "call" }>): Checked | undefined {
  const callee = resolveCallee(ctx, e.callee);
  const args = e.args.map((syntax): ArgumentIn => ({ kind: "syntax", syntax, at: syntax.at }));
  if (!callee) {
    checkRest(ctx, args);
    return undefined;
  }
  return call(ctx, callee, e.callee.text, args, e.at);
}

export function call(
  ctx: Context,
  callee: Callee,
  name: string,
  args: readonly ArgumentIn[],
  at: Span,
): Checked | undefined {
  switch (callee.kind) {
    case "parameter":
      return apply(ctx, callee.local, callee.type, args, at);
    case "function":
      return callFunction(ctx, callee.info, name, args, at);
    case "conversion":
      return convert(ctx, callee.to, args, at);
    case "builtin":
      return callBuiltin(ctx, callee.builtin, args, at);
  }
}

/** The value of an argument for a parameter that is not a function. */
export const argumentValue = (ctx: Context, a: ArgumentIn): Checked | undefined =>
  a.kind === "checked" ? a.checked : check(ctx, a.syntax);

/** Looks for errors in the arguments of a call that failed; lambdas can't be typed then. */
export function checkRest(ctx: Context, args: readonly ArgumentIn[]): void {
  for (const a of args)
    if (a.kind === "syntax" && a.syntax.kind !== "lambda" && !isFunctionName(ctx, a.syntax)) check(ctx, a.syntax);
}

function isFunctionName(ctx: Context, e: Expression): boolean {
  if (e.kind !== "name") return false;
  const binding = lookup(ctx.scope, e.name);
  if (binding) return binding.kind === "local" && binding.local.type.kind === "function";
  return ctx.module.functions.has(e.name) || builtins.has(e.name);
}

export function arity(
  ctx: Context,
  name: string,
  args: readonly ArgumentIn[],
  names: readonly string[],
  at: Span,
  declared?: Span,
): boolean {
  if (args.length === names.length) return true;
  const takes = `${names.length} argument${names.length === 1 ? "" : "s"}`;
  report(ctx, "T07", at, `\`${name}\` takes ${takes}, and here are ${args.length}`, {
    ...(declared ? { others: [{ at: declared, text: "it is declared here" }] } : {}),
    help: `it is called as \`${name}(${names.join(", ")})\``,
  });
  checkRest(ctx, args);
  return false;
}

/** A call of a function parameter: its types are known as they are written. */
function apply(
  ctx: Context,
  local: Local,
  type: FunctionType,
  args: readonly ArgumentIn[],
  at: Span,
): Checked | undefined {
  const names = type.params.map(formatType);
  if (!arity(ctx, local.name, args, names, at, local.at)) return undefined;
  const made = args.map((a, k) => {
    const c = argumentValue(ctx, a);
    const wanted = type.params[k];
    return (
      c &&
      wanted &&
      coerce(ctx, c, wanted, `argument ${k + 1} of \`${local.name}\``, [
        { at: local.at, text: `\`${local.name}\` is ${formatType(type)}` },
      ])
    );
  });
  if (!made.every((x) => x !== undefined)) return undefined;
  return { expr: { kind: "apply", callee: local, args: made, callSizes: [], type: type.result, at } };
}

/** `real(e)`, `wide(e)`, `i32(e)`, `u32(e)`, also of each element of an array. */
function convert(ctx: Context, to: ScalarType, args: readonly ArgumentIn[], at: Span): Checked | undefined {
  if (!arity(ctx, to, args, ["x"], at)) return undefined;
  const [arg] = args;
  const c = arg && argumentValue(ctx, arg);
  if (!c) return undefined;
  if (!elementOf(c.expr.type))
    return report(ctx, "T05", at, `\`${to}\` converts numbers and bools, and this is ${describe(c)}`, {
      help: "take a field of it: `r.field`",
    });
  const literal = c.literal && goesTo(c, to);
  const expr = literal ? becomes(ctx, c, to) : convertTo(c.expr, to);
  return expr && { expr };
}
