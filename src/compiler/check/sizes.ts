// Sizes of the program that is checked: expressions as polynomials, equality up to definitions, and what may not be a size.
import type { Span } from "../diagnostic.js";
import {
  addSizes,
  constantOf,
  divideSizes,
  equalSizes,
  formatSize,
  multiplySizes,
  type Size,
  sizeConstant,
  sizeOf,
  substituteSize,
  subtractSizes,
  symbolsOfSize,
} from "../size.js";
import type { Expr, Local, ValueType } from "../typed.js";
import { type Context, report, type Session } from "./scope.js";
import { isInteger, shapeOf } from "./types.js";
import { partsOf } from "./walk.js";

/** Products of more terms than this are not worked out. */
const MAX_TERMS = 400;

/** A size in terms of what the names in it were defined as. */
export const expand = (session: Session, s: Size): Size =>
  substituteSize(s, (symbol) => session.definitions.get(symbol.id));

export const sameSize = (session: Session, a: Size, b: Size): boolean =>
  equalSizes(a, b) || equalSizes(expand(session, a), expand(session, b));

export const sameShape = (session: Session, a: readonly Size[], b: readonly Size[]): boolean =>
  a.length === b.length && a.every((s, k) => sameSize(session, s, b[k] as Size));

/** Whether a local may stand in a size: it is an integer that does not change. */
export const isSymbol = (local: Local): boolean =>
  !local.mutable && local.type.kind === "scalar" && local.type.scalar === "i32";

/** An integer as a polynomial. What is not one is asked of `opaque`. */
export function sizeOfExpr(
  session: Session,
  e: Expr,
  opaque: (e: Expr) => Size | undefined = () => undefined,
): Size | undefined {
  if (e.kind === "size") return e.size;
  if (e.kind === "number") return Number.isSafeInteger(e.value) ? sizeConstant(e.value) : undefined;
  if (e.kind === "local" && isSymbol(e.local)) {
    const definition = e.local.kind === "size" ? undefined : session.definitions.get(e.local.id);
    return definition ?? sizeOf(e.local);
  }
  const go = (x: Expr): Size | undefined => sizeOfExpr(session, x, opaque);
  if (e.kind === "unary" && e.op === "-") {
    const s = go(e.operand);
    return s && subtractSizes(sizeConstant(0), s);
  }
  if (e.kind === "binary") {
    const made = combine(e.op, go(e.left), go(e.right));
    if (made) return made;
  }
  return opaque(e);
}

function combine(op: string, a: Size | undefined, b: Size | undefined): Size | undefined {
  if (!a || !b) return undefined;
  switch (op) {
    case "+":
      return addSizes(a, b);
    case "-":
      return subtractSizes(a, b);
    case "*":
      return a.terms.length * b.terms.length > MAX_TERMS ? undefined : multiplySizes(a, b);
    case "div":
      return constantOf(b) === 0 ? undefined : divideSizes(a, b);
    default:
      return undefined;
  }
}

/** Whether the value of an integer comes from the elements of arrays, from reals, or from what changes. */
export function isData(session: Session, e: Expr): boolean {
  if (e.kind === "local")
    return e.local.mutable || session.data.has(e.local.id) || e.type.kind !== "scalar" || !isInteger(e.type.scalar);
  if (e.kind === "subscript") return true;
  return partsOf(e).some((p) => isData(session, p));
}

export const dataSymbol = (session: Session, s: Size): Local | undefined =>
  symbolsOfSize(expand(session, s))
    .map((symbol) => session.locals[symbol.id])
    .find((local) => local !== undefined && session.data.has(local.id));

/** Reports a size that comes from data where that is not allowed: outside of blocks. Whether all is well. */
export function allowsData(ctx: Context, s: Size, at: Span): boolean {
  if (ctx.block || ctx.region) return true;
  const culprit = dataSymbol(ctx.session, s);
  if (!culprit) return true;
  report(ctx, "S06", at, `a size can't come from data, and \`${culprit.name}\` does`, {
    others: [{ at: culprit.at, text: "it is computed from data here" }],
    help: "count first, and hand the number to the function as a parameter `k: size`",
  });
  return false;
}

/** An integer expression as a size that may be the extent of an array; reports it where it can't be. */
export function requireSize(ctx: Context, e: Expr, what: string): Size | undefined {
  const s = sizeOfExpr(ctx.session, e);
  if (!s) return notASize(ctx, e, what);
  const n = constantOf(expand(ctx.session, s));
  if (n !== undefined && n < 0) return report(ctx, "S06", e.at, `${what} is ${n}, and a size is never negative`);
  return allowsData(ctx, s, e.at) ? s : undefined;
}

export function notASize(ctx: Context, e: Expr, what: string): undefined {
  const changing = mutableIn(e);
  const how =
    !ctx.block && !ctx.region && !isData(ctx.session, e)
      ? "name it first: `let m: size = …`, and write `m` here"
      : "name it first: `let m: i32 = …`, and write `m` here";
  return report(
    ctx,
    "S06",
    e.at,
    changing
      ? `${what} can't depend on \`${changing.name}\`, which is a \`var\``
      : `${what} must be built from integers and size names by \`+ - * div\``,
    { help: how },
  );
}

const mutableIn = (e: Expr): Local | undefined =>
  e.kind === "local"
    ? e.local.mutable
      ? e.local
      : undefined
    : partsOf(e)
        .map(mutableIn)
        .find((l) => l !== undefined);

/** The first symbol of a type's sizes that is made at or after `from`: it is not known outside. */
export function madeSince(session: Session, t: ValueType, from: number): Local | undefined {
  for (const s of shapeOf(t))
    for (const symbol of symbolsOfSize(expand(session, s))) if (symbol.id >= from) return session.locals[symbol.id];
  return undefined;
}

export const showSize = (s: Size): string => formatSize(s);
