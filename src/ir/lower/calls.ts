// Calls: every function is inlined where it is called, with names of its own for each call. Lambdas and function parameters are bound here.
import type { Span } from "../../compiler/diagnostic.js";
import type { Argument, CallSizes, FunctionDef, Local, Expr as TypedExpr, ValueType } from "../../compiler/typed.js";
import { builtinAt } from "./builtins.js";
import { lower, lowerAll } from "./expression.js";
import { Frame } from "./frame.js";
import { callHost } from "./host.js";
import type { Out } from "./kernel-builder.js";
import { elementwise } from "./operators.js";
import { inOrder } from "./order.js";
import { lowerBody } from "./statement.js";
import type { ArrayValue, Invocation, ScalarValue, Value } from "./value.js";

export interface Inlining {
  readonly real: "f32" | "f64";
  readonly wide: boolean;
  readonly depth: number;
  readonly values: readonly Value[];
  readonly at: Span;
  readonly out: Out;
}

/** The statements of `def`, with its parameters bound, at the end of `out`; and what it gives. */
export function inlineFunction(caller: Frame, def: FunctionDef, call: Inlining): { value: Value; frame: Frame } {
  const frame = new Frame(caller.kernel, call.real, call.wide, call.depth + 1);
  bindParameters(frame, def, call);
  return { value: lowerBody(frame, def.body, call.out), frame };
}

export function bindParameters(frame: Frame, def: FunctionDef, call: Pick<Inlining, "values" | "at" | "out">): void {
  def.params.forEach((p, k) => {
    frame.bind(p, frame.parameter(argument(call.values, k), p.name, call.out, call.at));
  });
  for (const { local, from } of def.sizes) {
    const param = def.params[from.param] as Local;
    const value = frame.get(param);
    if (from.kind === "param") {
      frame.bind(local, value);
      continue;
    }
    let at: Value | undefined = value;
    for (const field of from.path) at = at?.kind === "record" ? at.fields.get(field) : undefined;
    if (at?.kind !== "array") throw new Error(`internal: nothing binds the size ${local.name}`);
    frame.bind(local, sizeOfDimension(frame, at, from.dim));
  }
}

function sizeOfDimension(frame: Frame, array: ArrayValue, dim: number): ScalarValue {
  const size = array.shape[dim];
  if (!size) throw new Error("internal: an array lacks a dimension");
  return { kind: "scalar", expr: frame.kernel.size(size), size };
}

const argument = (values: readonly Value[], k: number): Value => {
  const v = values[k];
  if (!v) throw new Error("internal: an argument is missing");
  return v;
};

export function call(frame: Frame, e: TypedExpr & { kind: "call" }, out: Out): Value {
  const { wide: widest } = frame.kernel.options.precision;
  const isWide = e.instance === "wide";
  const values = inOrder(e.args, (a) => lowerArgument(frame, a, out), { kernel: frame.kernel, at: e.at, out });
  const inlining: Inlining = {
    real: isWide ? widest : frame.real,
    wide: frame.wide || isWide,
    depth: frame.depth,
    values,
    at: e.at,
    out,
  };
  // A host function may call another for each point of an equation: there it is inlined like any.
  const isApart = e.def.host && (out.sequential || !frame.kernel.host);
  if (isApart && values.every((v) => v.kind !== "function")) {
    const crossed = callHost(frame, e.def, inlining);
    bindSizes(frame, e.callSizes, crossed.frame);
    return crossed.value;
  }
  const inlined = inlineFunction(frame, e.def, inlining);
  bindSizes(frame, e.callSizes, inlined.frame);
  return inlined.value;
}

/** Sizes that the callee made, under the names that the caller has for them. */
function bindSizes(caller: Frame, sizes: CallSizes, callee: Frame): void {
  for (const { callee: own, here } of sizes) {
    const value = callee.find(own.id);
    if (value) caller.bind(here, value);
  }
}

function lowerArgument(frame: Frame, a: Argument, out: Out): Value {
  switch (a.kind) {
    case "value":
      return lower(frame, a.value, out);
    case "lambda":
      return { kind: "function", invoke: (args, c) => invokeLambda(frame, a, args, c) };
    case "function":
      return { kind: "function", invoke: (args, c) => invokeFunction(frame, a, args, c) };
    case "builtin":
      return { kind: "function", invoke: (args, c) => invokeBuiltin(frame, a.name, args, c) };
    case "param":
      return frame.get(a.local);
  }
}

function invokeLambda(frame: Frame, a: Argument & { kind: "lambda" }, args: readonly Value[], c: Invocation): Value {
  const inner = frame.inner(Math.max(frame.depth, c.depth) + 1);
  a.params.forEach((p, k) => {
    inner.bind(p, inner.parameter(argument(args, k), p.name, c.out, c.at));
  });
  const value = lower(inner, a.body, c.out);
  c.named((local) => found(inner, local));
  return value;
}

function invokeFunction(
  frame: Frame,
  a: Argument & { kind: "function" },
  args: readonly Value[],
  c: Invocation,
): Value {
  const inlined = inlineFunction(frame, a.def, { ...c, values: args });
  for (const { callee, here } of a.callSizes) {
    const value = inlined.frame.find(callee.id);
    if (value) frame.bind(here, value);
  }
  c.named((local) => found(inlined.frame, local));
  return inlined.value;
}

function found(frame: Frame, local: Local): ScalarValue | undefined {
  const v = frame.find(local.id);
  return v?.kind === "scalar" ? v : undefined;
}

function invokeBuiltin(frame: Frame, name: string, args: readonly Value[], c: Invocation): Value {
  return elementwise(frame, c.expr, args, c.out, (operands, p) =>
    builtinAt(frame, name, operands, frame.elementOf(c.expr.type), p),
  );
}

/** A call of a function parameter. */
export function apply(frame: Frame, e: TypedExpr & { kind: "apply" }, out: Out): Value {
  const f: Value = frame.get(e.callee);
  if (f.kind !== "function") throw new Error(`internal: ${e.callee.name} is no function`);
  const args = lowerAll(frame, e.args, e.at, out);
  const { precision } = frame.kernel.options;
  // Where this call has `wide` arguments, `real` stands for `wide` in the function as well.
  const wide = frame.wide || e.args.some((a) => mentionsWide(a.type));
  const call: Invocation = {
    expr: e,
    depth: frame.depth,
    real: wide && !frame.wide ? precision.wide : frame.real,
    wide,
    at: e.at,
    out,
    named: (size) => {
      for (const { callee, here } of e.callSizes) {
        const value = size(callee);
        if (value) frame.bind(here, value);
      }
    },
  };
  return f.invoke(args, call);
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
