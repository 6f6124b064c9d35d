// Calls of functions: sizes are bound from the arguments, all else is checked against them, and the result's sizes are put in the caller's terms.
import type { Label, Span } from "../diagnostic.js";
import { type Size, type SizeSymbol, substituteSize } from "../size.js";
import type { Argument, CallSizes, FunctionDef, FunctionType, ScalarType, Type, ValueType } from "../typed.js";
import { type ArgumentIn, argumentValue, arity, checkRest } from "./calls.js";
import { becomes, type Checked, coerce, goesTo } from "./convert.js";
import { formulaOf, sizeOfFormula } from "./formulas.js";
import { checkFunctionArgument } from "./function-arguments.js";
import { demand } from "./functions.js";
import { type Context, type FunctionInfo, report } from "./scope.js";
import { allowsData, expand, isData, notASize, sizeOfExpr } from "./sizes.js";
import { elementOf, formatType, isInteger, mapType, sameStructure, scalarsIn, shapeOf, typeAt } from "./types.js";

type Instance = "real" | "wide";

/** A call that is being checked: what the callee's sizes are for the caller. */
interface Call {
  readonly ctx: Context;
  readonly def: FunctionDef;
  readonly name: string;
  readonly at: Span;
  readonly values: readonly (Checked | undefined)[];
  /** By the id of the callee's local. */
  readonly sizes: Map<number, Size>;
  readonly callSizes: { readonly callee: CallSizes[number]["callee"]; readonly here: CallSizes[number]["here"] }[];
}

export function callFunction(
  ctx: Context,
  info: FunctionInfo,
  name: string,
  args: readonly ArgumentIn[],
  at: Span,
): Checked | undefined {
  const def = demand(ctx, info, at);
  if (!def) {
    checkRest(ctx, args);
    return undefined;
  }
  checkHost(ctx, info, name, at);
  const names = def.params.map((p) => p.name);
  if (!arity(ctx, name, args, names, at, info.syntax.name.at)) return undefined;
  const values = def.params.map((p, k) =>
    p.type.kind === "function" ? undefined : argumentValue(ctx, args[k] as ArgumentIn),
  );
  if (def.params.some((p, k) => p.type.kind !== "function" && !values[k])) return undefined;
  const asked = def.params.some((p, k) => isWider(values[k]?.expr.type, p.type)) ? "wide" : "real";
  const made = callAs(asked);
  return made === "wide" ? refuseRetry(callAs("wide")) : made;

  function callAs(instance: Instance): Checked | undefined | "wide" {
    const call: Call = { ctx, def: def as FunctionDef, name, at, values, sizes: new Map(), callSizes: [] };
    return finish(call, args, instance);
  }
}

const refuseRetry = (c: Checked | undefined | "wide"): Checked | undefined => (c === "wide" ? undefined : c);

function finish(call: Call, args: readonly ArgumentIn[], instance: Instance): Checked | undefined | "wide" {
  const { ctx, def, name, at } = call;
  const scalar = (s: ScalarType): ScalarType => (s === "real" && instance === "wide" ? "wide" : s);
  const given = def.params.map((p, k) => structureOf(call, p.name, p.type, k, scalar));
  if (!given.every((ok) => ok)) return undefined;
  if (!bindSizes(call)) return undefined;
  const inCaller = (t: ValueType): ValueType => mapType(t, (s) => translate(call, s), scalar);
  const made = def.params.map((p, k): Argument | undefined | "wide" => {
    const arg = args[k] as ArgumentIn;
    const what = `argument \`${p.name}\` of \`${name}\``;
    if (p.type.kind === "function") {
      const type: FunctionType = {
        kind: "function",
        params: p.type.params.map(inCaller),
        result: inCaller(p.type.result),
      };
      return checkFunctionArgument(ctx, arg, type, what, instance === "real" && p.type.result.kind !== "record");
    }
    const value = coerce(ctx, call.values[k] as Checked, inCaller(p.type), what, [declared(p.name, p.type, p.at)]);
    return value && { kind: "value", value };
  });
  if (made.includes("wide")) return "wide";
  if (!made.every((a): a is Argument => a !== undefined && a !== "wide")) return undefined;
  const type = inCaller(def.result);
  return { expr: { kind: "call", def, instance, args: made, callSizes: call.callSizes, type, at } };
}

const declared = (name: string, type: Type, at: Span): Label => ({ at, text: `\`${name}\` is ${formatType(type)}` });

/** Whether a `wide` stands where the callee has a `real`. */
function isWider(found: ValueType | undefined, wanted: Type): boolean {
  if (!found || wanted.kind === "function") return false;
  if (wanted.kind === "record")
    return wanted.fields.some((w) => {
      const f = typeAt(found, [w.name]);
      return f !== undefined && f.kind !== "function" && isWider(f, w.type);
    });
  return elementOf(found) === "wide" && scalarsIn(wanted).includes("real");
}

/** Whether an argument fits but for its sizes, which are not bound yet. */
function structureOf(call: Call, param: string, type: Type, k: number, scalar: (s: ScalarType) => ScalarType): boolean {
  if (type.kind === "function") return true;
  const c = call.values[k] as Checked;
  const wanted = mapType(type, (s) => s, scalar);
  const to = elementOf(wanted);
  const sameRank = shapeOf(c.expr.type).length === shapeOf(wanted).length;
  const literalFits = to && sameRank && ((c.literal && goesTo(c, to)) || (c.overIntegers && isInteger(to)));
  if (literalFits || (!c.literal && sameStructure(c.expr.type, wanted))) return true;
  // The ranks or scalars differ, so that this reports a mismatch of types.
  const own = call.def.params[k];
  coerce(call.ctx, c, wanted, `argument \`${param}\` of \`${call.name}\``, own ? [declared(param, type, own.at)] : []);
  return false;
}

function bindSizes(call: Call): boolean {
  const { def } = call;
  for (const { local, from } of def.sizes) {
    const value = call.values[from.param];
    if (!value) throw new Error(`internal: nothing binds the size ${local.name}`);
    if (from.kind === "dimension") {
      const at = typeAt(value.expr.type, from.path);
      const size = at && at.kind === "array" ? at.shape[from.dim] : undefined;
      if (!size) throw new Error(`internal: nothing binds the size ${local.name}`);
      call.sizes.set(local.id, size);
      continue;
    }
    const size = integerArgument(call, from.param);
    if (!size) return false;
    call.sizes.set(local.id, size);
  }
  return true;
}

/** The value of an integer parameter as a size of the caller; one that is no polynomial gets a name there. */
function integerArgument(call: Call, param: number): Size | undefined {
  const { ctx, def } = call;
  const own = def.params[param];
  const c = call.values[param];
  const value = own && c && becomes(ctx, c, "i32");
  if (!own || !value) return undefined;
  const size = sizeOfExpr(ctx.session, value);
  if (size) return allowsData(ctx, size, value.at) ? size : undefined;
  const data = isData(ctx.session, value);
  if (data && !ctx.block && !ctx.region) return notASize(ctx, value, `the size \`${own.name}\` of \`${call.name}\``);
  const made = sizeOfFormula(ctx, data ? undefined : formulaOf(ctx.session, value), { text: own.name, at: call.at });
  if (data && made.made) ctx.session.data.add(made.made.id);
  if (made.made) call.callSizes.push({ callee: own, here: made.made });
  return made.size;
}

/** A size of the callee in the caller's terms. */
function translate(call: Call, s: Size): Size {
  const { session } = call.ctx;
  return substituteSize(expand(session, s), (symbol) => call.sizes.get(symbol.id) ?? unknownSize(call, symbol));
}

/** A size that the callee makes of more than sizes: of an integer parameter, or by something that is no polynomial. */
function unknownSize(call: Call, symbol: SizeSymbol): Size | undefined {
  const { session } = call.ctx;
  const param = call.def.params.findIndex((p) => p.id === symbol.id);
  if (param >= 0) {
    const size = integerArgument(call, param);
    if (size) call.sizes.set(symbol.id, size);
    return size;
  }
  const callee = session.locals[symbol.id];
  if (!callee) return undefined;
  const e = session.formulas.get(symbol.id);
  const formula = e && formulaOf(session, e, (s) => translate(call, s));
  const { size, made } = sizeOfFormula(call.ctx, formula, { text: callee.name, at: call.at });
  if (made) call.callSizes.push({ callee, here: made });
  call.sizes.set(symbol.id, size);
  return size;
}

/** A host function runs once, between the steps of a kernel; never for many indices at once. */
function checkHost(ctx: Context, info: FunctionInfo, name: string, at: Span): void {
  if (!info.usesHost || ctx.unit.host) return;
  ctx.unit.usesHost = true;
  const calls = info.def?.host ? "is a host function" : "calls a host function";
  if (ctx.region) {
    const where = { equation: "an indexed equation", each: "an `each`", reducer: "a reducer", lambda: "a lambda" }[
      ctx.region
    ];
    report(ctx, "U03", at, `\`${name}\` ${calls}, which can't be called inside ${where}`, {
      others: [{ at: info.syntax.name.at, text: "it is declared here" }],
      help: "call it once, before, on whole arrays; or make it a plain `fn`",
    });
  } else if (ctx.loop)
    report(ctx, "U04", at, `\`${name}\` ${calls}, and is called in every turn of a loop`, {
      severity: "warning",
      notes: ["on the GPU its arrays cross to the CPU and back each time"],
      help: "call it before the loop, or make the loop a part of the host function",
    });
}
