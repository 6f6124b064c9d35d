// Walking over typed expressions: their parts, the locals that they use, and a text that is the same for equal ones.
import { sizeKey, symbolsOfSize } from "../size.js";
import type { Argument, Binder, Expr, Subscript } from "../typed.js";

const partsOfSubscript = (s: Subscript): readonly Expr[] =>
  s.kind === "all" ? [] : s.kind === "at" ? [s.index] : [s.lo, s.hi];
const partsOfArgument = (a: Argument): readonly Expr[] =>
  a.kind === "value" ? [a.value] : a.kind === "lambda" ? [a.body] : [];
const partsOfBinders = (binders: readonly Binder[]): readonly Expr[] => binders.flatMap((b) => [b.lo, b.hi]);

export const partsOfSubscripts = (all: readonly Subscript[]): readonly Expr[] => all.flatMap(partsOfSubscript);

/** The expressions directly in an expression. */
export function partsOf(e: Expr): readonly Expr[] {
  switch (e.kind) {
    case "number":
    case "bool":
    case "constant":
    case "local":
    case "size":
      return [];
    case "list":
      return e.elements;
    case "unary":
    case "transpose":
      return [e.operand];
    case "binary":
    case "matmul":
      return [e.left, e.right];
    case "builtin":
    case "apply":
      return e.args;
    case "convert":
    case "as":
      return [e.value];
    case "subscript":
      return [e.base, ...partsOfSubscripts(e.subscripts)];
    case "field":
      return [e.base];
    case "call":
      return e.args.flatMap(partsOfArgument);
    case "reduce":
      return [...partsOfBinders(e.binders), ...(e.where ? [e.where] : []), e.body];
    case "if":
      return [e.condition, e.then, e.otherwise];
    case "record":
      return e.fields.map((f) => f.value);
  }
}

/** Whether an expression speaks of the local with that id. */
export function uses(e: Expr, id: number): boolean {
  if (e.kind === "local") return e.local.id === id;
  if (e.kind === "size") return symbolsOfSize(e.size).some((s) => s.id === id);
  if (e.kind === "apply" && e.callee.id === id) return true;
  return partsOf(e).some((p) => uses(p, id));
}

/** The same text for two expressions that have the same value at one place; `undefined` where that is not tried. */
export function exprKey(e: Expr): string | undefined {
  switch (e.kind) {
    case "number":
      return `${e.value}`;
    case "local":
      return `l${e.local.id}`;
    case "size":
      return `s(${sizeKey(e.size)})`;
    case "binary":
      return keyOf(`b${e.op}`, [e.left, e.right]);
    case "unary":
      return keyOf(`u${e.op}`, [e.operand]);
    case "builtin":
      return keyOf(e.name, e.args);
    case "convert":
      return keyOf(e.type.kind === "scalar" ? e.type.scalar : "", [e.value]);
    case "field":
      return keyOf(`.${e.field}`, [e.base]);
    case "subscript":
      return e.subscripts.every((s) => s.kind === "at") ? keyOf("[]", partsOf(e)) : undefined;
    default:
      return undefined;
  }
}

function keyOf(head: string, parts: readonly Expr[]): string | undefined {
  const keys = parts.map(exprKey);
  return keys.includes(undefined) ? undefined : `${head}(${keys.join(",")})`;
}
