// What is passed for a function parameter. A lambda is checked with the types that the parameter says; the name of a function stands for
// the lambda that calls it, so that conversions and instances are those of any call.
import type { Argument, Expr, FunctionType, Local, ValueType } from "../typed.js";
import { type ArgumentIn, call, resolveCallee } from "./calls.js";
import { type Checked, coerce, describe, goesTo } from "./convert.js";
import { check } from "./expressions.js";
import { type Context, declare, nested, newLocal, report } from "./scope.js";
import { elementOf, formatType } from "./types.js";

/**
 * `undefined` where it failed; "wide" where the lambda gives a `wide` for a `real`, and the call may be tried again with `real`
 * standing for `wide` (`mayWiden`).
 */
export function checkFunctionArgument(
  ctx: Context,
  arg: ArgumentIn,
  type: FunctionType,
  what: string,
  mayWiden: boolean,
): Argument | undefined | "wide" {
  const inner: Context = { ...nested(ctx), region: "lambda" };
  const { at } = arg;
  const notAFunction = (found: string): undefined =>
    report(ctx, "T08", at, `${what} is ${found}, but a function is expected, ${formatType(type)}`, {
      help: "give the name of a function, or `fn(x) => …`",
    });
  if (arg.kind === "checked") return notAFunction(describe(arg.checked));
  const e = arg.syntax;
  if (e.kind === "name") {
    const callee = resolveCallee(ctx, { text: e.name, at: e.at });
    if (!callee) return undefined;
    const params = type.params.map((t, k) => parameter(ctx, `x${k + 1}`, t, e.at));
    const args = params.map((p): ArgumentIn => ({ kind: "checked", checked: { expr: read(p) }, at: e.at }));
    return close(ctx, params, call(inner, callee, e.name, args, e.at), type, what, mayWiden, arg);
  }
  if (e.kind !== "lambda") {
    const c = check(ctx, e);
    return c && notAFunction(describe(c));
  }
  if (e.params.length !== type.params.length)
    return report(ctx, "T08", e.at, `${what} takes ${type.params.length} values, and this lambda ${e.params.length}`, {
      notes: [`it is ${formatType(type)}`],
      help: `write \`fn(${type.params.map((_, k) => `x${k + 1}`).join(", ")}) => …\``,
    });
  const params = e.params.map((name, k) => {
    const t = type.params[k] as ValueType;
    const local = declare(inner, name, t, "param") ?? newLocal(ctx.session, name, t, "param");
    ctx.session.data.add(local.id);
    return local;
  });
  return close(ctx, params, check(inner, e.body), type, what, mayWiden, arg);
}

function parameter(ctx: Context, text: string, type: ValueType, at: Local["at"]): Local {
  const local = newLocal(ctx.session, { text, at }, type, "param");
  ctx.session.data.add(local.id);
  return local;
}

const read = (local: Local): Expr => {
  if (local.type.kind === "function") throw new Error("internal: a lambda's parameter is a function");
  return { kind: "local", local, type: local.type, at: local.at };
};

function close(
  ctx: Context,
  params: readonly Local[],
  body: Checked | undefined,
  type: FunctionType,
  what: string,
  mayWiden: boolean,
  arg: ArgumentIn,
): Argument | undefined | "wide" {
  if (!body) return undefined;
  const to = elementOf(type.result);
  if (mayWiden && to === "real" && elementOf(body.expr.type) === "wide" && !goesTo(body, to)) return "wide";
  const value = coerce(ctx, body, type.result, `the result of ${what}`);
  return value && { kind: "lambda", params, body: value, at: arg.at };
}
