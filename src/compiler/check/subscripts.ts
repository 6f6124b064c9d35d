// Subscripts: one for each dimension; their kinds, the shape of what they take, and what they say of bare binders.
import { constantOf, type Size, sizeOf, subtractSizes, symbolsOfSize } from "../size.js";
import type { Expression, Subscript as SubscriptSyntax } from "../syntax.js";
import type { ArrayType, Expr, Local, Subscript } from "../typed.js";
import { notePlace } from "./binders.js";
import { type Checked, describe } from "./convert.js";
import { check, checkIndex } from "./expressions.js";
import { type Context, lookup, report } from "./scope.js";
import { allowsData, expand, notASize, sizeOfExpr } from "./sizes.js";
import { arrayOf, formatType, scalarOf } from "./types.js";
import { exprKey } from "./walk.js";

export function checkSubscript(ctx: Context, e: Extract<Expression, { kind: "subscript" }>): Checked | undefined {
  const base = check(ctx, e.base);
  if (!base) {
    poison(ctx, e.subscripts);
    return undefined;
  }
  const { type } = base.expr;
  if (type.kind !== "array") {
    poison(ctx, e.subscripts);
    return report(ctx, "T06", e.at, `only an array has subscripts, and this is ${describe(base)}`, {
      help:
        type.kind === "record" ? "take a field of it first: `r.field[i]`" : "a scalar is written without subscripts",
    });
  }
  const made = checkSubscripts(ctx, type, e.subscripts, nameOf(base.expr), e.at, true);
  if (!made) return undefined;
  const result = arrayOf(type.element, made.shape);
  return { expr: { kind: "subscript", base: base.expr, subscripts: made.subscripts, type: result, at: e.at } };
}

/** An array as it is spoken of in a message: a name, or a name and fields. */
export function nameOf(e: Expr): string | undefined {
  if (e.kind === "local") return e.local.name;
  if (e.kind === "transpose") {
    const inner = nameOf(e.operand);
    return inner && `${inner}'`;
  }
  const base = e.kind === "field" ? nameOf(e.base) : undefined;
  return e.kind === "field" && base ? `${base}.${e.field}` : undefined;
}

/** The binders that stand in the subscripts of something that failed get no range from it, and are not to be complained of. */
export function poison(ctx: Context, subscripts: readonly SubscriptSyntax[]): void {
  for (const s of subscripts) {
    const bare = s.kind === "at" ? bareAt(ctx, s.index) : undefined;
    if (bare) bare.failed = true;
    else if (s.kind === "at") check(ctx, s.index);
    else if (s.kind === "range") {
      check(ctx, s.lo);
      check(ctx, s.hi);
    }
  }
}

function bareAt(ctx: Context, index: Expression) {
  const binding = index.kind === "name" ? lookup(ctx.scope, index.name) : undefined;
  return binding?.kind === "local" ? binding.bare : undefined;
}

/** `read`: the part's shape must be a size that may come from data only inside a block. */
export function checkSubscripts(
  ctx: Context,
  type: ArrayType,
  subscripts: readonly SubscriptSyntax[],
  array: string | undefined,
  at: Expression["at"],
  read: boolean,
): { readonly subscripts: readonly Subscript[]; readonly shape: readonly Size[] } | undefined {
  const rank = type.shape.length;
  if (subscripts.length !== rank) {
    poison(ctx, subscripts);
    const missing = rank - subscripts.length;
    return report(
      ctx,
      "S09",
      at,
      `${array ?? "this"} is ${formatType(type)}: it takes ${count(rank)}, not ${subscripts.length}`,
      {
        help:
          missing > 0
            ? `a subscript \`:\` takes all of a dimension: \`${array ?? "a"}[i${", :".repeat(missing)}]\``
            : "leave one out",
      },
    );
  }
  const parts = subscripts.map((s, k) => checkOne(ctx, s, type, k, array, read));
  if (!parts.every((p) => p !== undefined)) return undefined;
  return { subscripts: parts.map((p) => p.subscript), shape: parts.flatMap((p) => (p.extent ? [p.extent] : [])) };
}

const count = (n: number): string => (n === 1 ? "1 subscript" : `${n} subscripts`);

/** One subscript, and the extent that stays where it takes more than a point. */
function checkOne(
  ctx: Context,
  s: SubscriptSyntax,
  type: ArrayType,
  dim: number,
  array: string | undefined,
  read: boolean,
): { readonly subscript: Subscript; readonly extent?: Size } | undefined {
  const size = type.shape[dim];
  if (!size) throw new Error("internal: a subscript without a dimension");
  if (s.kind === "all") return { subscript: { kind: "all" }, extent: size };
  if (s.kind === "at") {
    const bare = bareAt(ctx, s.index);
    if (bare) notePlace(bare, size, s.at, array, type);
    const index = checkIndex(ctx, s.index, "a subscript");
    return index && isInside(ctx, index, size, array) ? { subscript: { kind: "at", index } } : undefined;
  }
  const lo = checkIndex(ctx, s.lo, "a slice's bound");
  const hi = checkIndex(ctx, s.hi, "a slice's bound");
  if (lo && hi && !isPart(ctx, lo, hi, size, array)) return undefined;
  const extent = lo && hi && sliceSize(ctx, lo, hi, read);
  return extent && { subscript: { kind: "range", lo, hi }, extent };
}

const knownValue = (ctx: Context, e: Expr): number | undefined => {
  const size = sizeOfExpr(ctx.session, e);
  return size && constantOf(expand(ctx.session, size));
};

/** Not where it is known, with the array's size, that there is no such element. */
function isInside(ctx: Context, index: Expr, size: Size, array: string | undefined): boolean {
  const n = constantOf(size);
  const at = n === undefined ? undefined : knownValue(ctx, index);
  if (n === undefined || at === undefined || (at >= 0 && at < n)) return true;
  report(ctx, "S13", index.at, `index ${at} is out of range: ${array ?? "the array"} has ${elements(n)} here`, {
    help: n === 0 ? "there is nothing to take" : `subscripts run from 0 to ${n - 1}`,
  });
  return false;
}

function isPart(ctx: Context, lo: Expr, hi: Expr, size: Size, array: string | undefined): boolean {
  const n = constantOf(size);
  if (n === undefined) return true;
  const [from, to] = [knownValue(ctx, lo), knownValue(ctx, hi)];
  const low = from ?? 0;
  const high = to ?? n;
  if (low >= 0 && low <= high && high <= n) return true;
  const shown = `${from ?? "…"}..${to ?? "…"}`;
  const at = { ...lo.at, end: hi.at.end };
  report(ctx, "S13", at, `slice ${shown} is out of range: ${array ?? "the array"} has ${elements(n)} here`, {
    help: `the bounds of a slice are in order, and from 0 to ${n}`,
  });
  return false;
}

const elements = (n: number): string => (n === 1 ? "1 element" : `${n} elements`);

/** `hi - lo`. What is no polynomial but the same on both sides, as in `A[g[i]..g[i] + 3]`, goes out. */
function sliceSize(ctx: Context, lo: Expr, hi: Expr, read: boolean): Size | undefined {
  const stand = new Map<string, Local>();
  const culprits = new Map<number, Expr>();
  const opaque = (e: Expr): Size | undefined => {
    const key = exprKey(e);
    if (key === undefined) return undefined;
    let local = stand.get(key);
    if (!local) {
      local = { id: -1 - stand.size, name: "?", type: scalarOf("i32"), mutable: false, kind: "let", at: e.at };
      stand.set(key, local);
      culprits.set(local.id, e);
    }
    return sizeOf(local);
  };
  const a = sizeOfExpr(ctx.session, lo, opaque);
  const b = sizeOfExpr(ctx.session, hi, opaque);
  if (!a) return notASize(ctx, lo, "the size of a slice");
  if (!b) return notASize(ctx, hi, "the size of a slice");
  const size = subtractSizes(b, a);
  const left = symbolsOfSize(size).find((s) => s.id < 0);
  if (left) return notASize(ctx, culprits.get(left.id) ?? hi, "the size of a slice");
  return !read || allowsData(ctx, size, hi.at) ? size : undefined;
}
