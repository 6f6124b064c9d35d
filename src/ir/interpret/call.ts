// Calls: of functions by name, and of function parameters.
import type { Span } from "../../compiler/diagnostic.js";
import type { Argument, CallSizes, Expr, FunctionDef, Local, ValueType } from "../../compiler/typed.js";
import { type Data, elementAt, type FunctionValue, isFloating, makeArray, setElement, type Value } from "./data.js";
import { evaluate } from "./expression.js";
import { type Format, scalar } from "./format.js";
import { Failure, Frame } from "./frame.js";
import { realToReal } from "./integers.js";
import { builtinFunction, elementwise, scalarTypeOf } from "./operators.js";
import { executeBody } from "./statement.js";

export function callFunction(frame: Frame, e: Extract<Expr, { kind: "call" }>): Data {
  const args = e.args.map((a) => argument(frame, a));
  return run(frame, e.def, e.instance === "wide", args, { pairs: e.callSizes, frame }, e.at, e.type);
}

function argument(frame: Frame, a: Argument): Value {
  switch (a.kind) {
    case "value":
      return evaluate(frame, a.value);
    case "lambda":
      return { kind: "function", of: "lambda", lambda: a, frame };
    case "function":
      return { kind: "function", of: "def", def: a.def, sizes: { pairs: a.callSizes, frame } };
    case "builtin":
      return { kind: "function", of: "builtin", name: a.name };
    case "param":
      return functionValue(frame, a.local);
  }
}

function functionValue(frame: Frame, local: Local): FunctionValue {
  const f = frame.get(local);
  if (f.kind !== "function") throw new Error(`internal: ${local.name} is no function`);
  return f;
}

/** A call of a function parameter. */
export function applyFunction(frame: Frame, e: Extract<Expr, { kind: "apply" }>): Data {
  const f = functionValue(frame, e.callee);
  const args = e.args.map((a) => evaluate(frame, a));
  const types = e.args.map((a) => a.type);
  switch (f.of) {
    case "builtin": {
      const type = scalarTypeOf(e.type);
      const [first] = types;
      return elementwise(type, args, builtinFunction(frame, f.name, type, first ? scalarTypeOf(first) : type));
    }
    case "lambda": {
      const inner = f.frame.child();
      f.lambda.params.forEach((p, k) => {
        const value = args[k];
        if (!value) throw new Error(`internal: no argument for ${p.name}`);
        inner.set(p, value);
      });
      const result = within(e.at, () => evaluate(inner, f.lambda.body));
      bindSizes(inner, frame, e.callSizes);
      return result;
    }
    case "def": {
      // Where the parameter's `real` stands for `wide` here, it does in the function too.
      const wide = !frame.realIsWide && types.some(mentionsWide);
      const call = { pairs: [...f.sizes.pairs, ...e.callSizes], frame };
      return run(frame, f.def, wide, args, call, e.at, e.type);
    }
  }
}

const mentionsWide = (t: ValueType): boolean => {
  switch (t.kind) {
    case "scalar":
      return t.scalar === "wide";
    case "array":
      return t.element === "wide";
    case "record":
      return t.fields.some((f) => mentionsWide(f.type));
  }
};

function within<T>(call: Span, body: () => T): T {
  try {
    return body();
  } catch (e) {
    throw e instanceof Failure ? e.within(call) : e;
  }
}

/** Sizes that the callee made, under the names that the caller has for them. */
function bindSizes(from: Frame, to: Frame, pairs: CallSizes): void {
  for (const { callee, here } of pairs) {
    const value = from.find(callee.id);
    if (value) to.set(here, value);
  }
}

function run(
  caller: Frame,
  def: FunctionDef,
  wide: boolean,
  args: readonly Value[],
  sizes: { readonly pairs: CallSizes; readonly frame: Frame },
  at: Span,
  type: ValueType,
): Data {
  const host = caller.host || def.host;
  const frame = new Frame(caller.run, caller.realIsWide || wide, host);
  bindParameters(frame, def, args);
  const result = within(at, () => executeBody(frame, def.body));
  bindSizes(frame, sizes.frame, sizes.pairs);
  return host === caller.host ? result : comingBack(frame, caller, result, type);
}

/** Binds a function's parameters, and its sizes from the shapes of its arguments. */
export function bindParameters(frame: Frame, def: FunctionDef, args: readonly Value[]): void {
  def.params.forEach((p, k) => {
    const value = args[k];
    if (!value) throw new Error(`internal: no argument for ${p.name}`);
    frame.set(p, value);
  });
  for (const { local, from } of def.sizes) {
    const value = args[from.param];
    if (from.kind === "param") {
      if (value?.kind === "scalar") frame.set(local, value);
      continue;
    }
    let at: Value | undefined = value;
    for (const field of from.path) at = at?.kind === "record" ? at.fields.get(field) : undefined;
    if (at?.kind !== "array") throw new Error(`internal: nothing binds the size ${local.name}`);
    frame.set(local, scalar(at.shape[from.dim] ?? 0));
  }
}

/** What a host function computed in double precision is rounded where the caller's types are narrower. */
export function comingBack(host: Frame, caller: Frame, v: Data, type: ValueType): Data {
  const rounding = (from: Format, to: Format, value: Data, t: ValueType): Data => {
    switch (value.kind) {
      case "scalar":
        return t.kind === "scalar" && isFloating(t.scalar) ? realToReal(from, to, value) : value;
      case "array": {
        if (!isFloating(value.element)) return value;
        const result = makeArray(value.element, value.shape);
        for (let k = 0; k < value.data.length; k++) setElement(result, k, realToReal(from, to, elementAt(value, k)));
        return result;
      }
      case "record":
        throw new Error("internal: records are taken apart first");
    }
  };
  if (v.kind === "record" && type.kind === "record")
    return {
      kind: "record",
      fields: new Map(
        type.fields.map((f) => {
          const field = v.fields.get(f.name);
          if (!field || field.kind === "function") throw new Error(`internal: no field ${f.name}`);
          return [f.name, comingBack(host, caller, field, f.type)];
        }),
      ),
    };
  const element = scalarTypeOf(type);
  return rounding(host.format(element), caller.format(element), v, type);
}
