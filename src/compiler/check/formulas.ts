// Sizes that are no polynomials, such as `min(n, p)`: worked out where all in them is known, and otherwise equal where they are computed
// in the same way from equal sizes. So a caller that makes `let m: size = min(n, p)` can return what its callee made of that size.
import { constantOf, type Size, sizeConstant, sizeKey, sizeOf, symbolOf } from "../size.js";
import type { Expr, Local } from "../typed.js";
import { type Context, newLocal, type Session } from "./scope.js";
import { expand, sizeOfExpr } from "./sizes.js";
import { scalarOf } from "./types.js";
import { partsOf } from "./walk.js";

/** A number, or a text that is the same for equal formulas; `undefined` where nothing is known. */
type Formula = number | string | undefined;

/** `inScope` puts the polynomials in it into the terms of the place that asks. */
export function formulaOf(session: Session, e: Expr, inScope: (s: Size) => Size = (s) => s): Formula {
  const polynomial = sizeOfExpr(session, e);
  if (polynomial) {
    const s = expand(session, inScope(expand(session, polynomial)));
    return constantOf(s) ?? `s(${sizeKey(s)})`;
  }
  if (e.kind === "bool") return e.value ? 1 : 0;
  const name = nameOf(e);
  if (name === undefined) return undefined;
  const parts = partsOf(e).map((p) => formulaOf(session, p, inScope));
  if (!parts.every((p) => p !== undefined)) return undefined;
  const [condition, then, otherwise] = parts;
  if (e.kind === "if" && typeof condition === "number") return condition === 1 ? then : otherwise;
  const numbers = parts.filter((p) => typeof p === "number");
  const value = numbers.length === parts.length ? workOut(name, numbers) : undefined;
  if (value !== undefined) return value;
  const texts = parts.map(String);
  return `${name}(${(name === "min" || name === "max" ? texts.sort() : texts).join(",")})`;
}

/** The operation at the top of an integer expression. */
function nameOf(e: Expr): string | undefined {
  if (e.type.kind !== "scalar" || (e.type.scalar !== "i32" && e.type.scalar !== "bool")) return undefined;
  if (e.kind === "builtin") return e.name;
  if (e.kind === "binary") return e.op;
  if (e.kind === "unary") return `u${e.op}`;
  return e.kind === "if" ? "if" : undefined;
}

function workOut(name: string, [a = 0, b = 0, c = 0]: readonly number[]): number | undefined {
  const bool = (x: boolean): number => (x ? 1 : 0);
  switch (name) {
    case "min":
      return Math.min(a, b);
    case "max":
      return Math.max(a, b);
    case "clamp":
      return Math.min(Math.max(a, b), c);
    case "abs":
      return Math.abs(a);
    case "%":
      return b === 0 ? undefined : a - b * Math.floor(a / b);
    case "div":
      return b === 0 ? undefined : Math.floor(a / b);
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "u-":
      return -a;
    case "unot":
      return 1 - a;
    case "and":
      return a * b;
    case "or":
      return Math.max(a, b);
    case "==":
      return bool(a === b);
    case "!=":
      return bool(a !== b);
    case "<":
      return bool(a < b);
    case "<=":
      return bool(a <= b);
    case ">":
      return bool(a > b);
    case ">=":
      return bool(a >= b);
    default:
      return undefined;
  }
}

/** What is known of `let m: size = e`, or of an immutable integer, where `e` is no polynomial. */
export function keepFormula(ctx: Context, local: Local, e: Expr): void {
  const { session, unit } = ctx;
  const formula = formulaOf(session, e);
  if (typeof formula === "number") session.definitions.set(local.id, sizeConstant(formula));
  if (typeof formula !== "string") return;
  session.formulas.set(local.id, e);
  if (local.kind !== "size") return;
  const old = unit.formulas.get(formula);
  const symbol = old && symbolOf(old);
  // One that a call made is from now on another name of this one, which the function's result may speak of.
  if (symbol && !session.formulas.has(symbol.id)) session.definitions.set(symbol.id, sizeOf(local));
  else if (old) session.definitions.set(local.id, old);
  if (!old || symbol) unit.formulas.set(formula, sizeOf(local));
}

/**
 * The size that a formula stands for at a call: a number, one that has a name here already, or one with a new name, `made`.
 */
export function sizeOfFormula(
  ctx: Context,
  formula: Formula,
  name: Parameters<typeof newLocal>[1],
): { readonly size: Size; readonly made?: Local } {
  if (typeof formula === "number" && formula >= 0) return { size: sizeConstant(formula) };
  const known = typeof formula === "string" ? ctx.unit.formulas.get(formula) : undefined;
  if (known) return { size: known };
  const made = newLocal(ctx.session, name, scalarOf("i32"), "size");
  if (typeof formula === "string") ctx.session.callFormulas.set(made.id, formula);
  return { size: sizeOf(made), made };
}

/** After `let x = f(…)` at the top level, the sizes that the call made are there for good. */
export function keepCallSizes(ctx: Context, value: Expr): void {
  if (ctx.block || ctx.region || value.kind !== "call") return;
  for (const { here } of value.callSizes) {
    const formula = ctx.session.callFormulas.get(here.id);
    if (formula !== undefined && !ctx.unit.formulas.has(formula)) ctx.unit.formulas.set(formula, sizeOf(here));
  }
}
