// Binders: a written range is checked, a bare one is taken from the places where the binder is the whole of a subscript.
import type { Span } from "../diagnostic.js";
import { type Size, symbolsOfSize } from "../size.js";
import type { BinderSyntax } from "../syntax.js";
import type { Binder, Expr, Local } from "../typed.js";
import { checkIndex } from "./expressions.js";
import { namesIn } from "./resolve.js";
import {
  type BareBinder,
  type BinderPlace,
  bind,
  type Context,
  mayDeclare,
  newLocal,
  report,
  type Scope,
} from "./scope.js";
import { expand, requireSize, sameSize, showSize } from "./sizes.js";
import { formatType, scalarOf } from "./types.js";

const i32 = scalarOf("i32");

/** A binder whose scope is being checked. */
export interface OpenBinder {
  readonly syntax: BinderSyntax;
  readonly local: Local;
  /** Of a binder without a written range. */
  readonly bare?: BareBinder;
  /** A written range; absent where it failed. */
  readonly range?: { readonly lo: Expr; readonly hi: Expr; readonly size?: Size };
}

/**
 * Declares binders in the scope of `inner`. In an `each` and in a reducer a range may use the binders before it; in a `let` or `var`
 * (`table`), ranges are checked in `outer`, start at 0 and are sizes.
 */
export function openBinders(
  inner: Context,
  binders: readonly BinderSyntax[],
  table?: { readonly outer: Context },
): readonly OpenBinder[] {
  return binders.map((syntax, k) => {
    const before = binders.slice(0, k).map((b) => b.name.text);
    const range =
      syntax.range && (table ? tableRange(table.outer, syntax.range, before) : checkRange(inner, syntax.range));
    const allowed = mayDeclare(inner, syntax.name);
    const local = newLocal(inner.session, syntax.name, i32, "binder");
    const bare: BareBinder | undefined = syntax.range ? undefined : { local, places: [], failed: false };
    if (allowed) bind(inner, syntax.name.text, { kind: "local", local, ...(bare ? { bare } : {}) });
    else if (bare) bare.failed = true;
    return { syntax, local, ...(bare ? { bare } : {}), ...(range ? { range } : {}) };
  });
}

function checkRange(ctx: Context, range: NonNullable<BinderSyntax["range"]>): OpenBinder["range"] {
  const lo = checkIndex(ctx, range.lo, "a range's bound");
  const hi = checkIndex(ctx, range.hi, "a range's bound");
  return lo && hi && { lo, hi };
}

function tableRange(
  outer: Context,
  range: NonNullable<BinderSyntax["range"]>,
  before: readonly string[],
): OpenBinder["range"] {
  const used = [...namesIn(range.lo), ...namesIn(range.hi)].find((n) => before.includes(n.text));
  if (used)
    return report(
      outer,
      "S08",
      used.at,
      `the range of a \`let\` or \`var\` can't use another binder, \`${used.text}\``,
      {
        help: "all rows have one size: fill the rest, as in `if j < i then … else 0`",
      },
    );
  const bounds = checkRange(outer, range);
  if (!bounds) return undefined;
  if (bounds.lo.kind !== "number" || bounds.lo.value !== 0)
    return report(outer, "S08", bounds.lo.at, "the range of a `let` or `var` starts at 0", {
      help: "define all elements, from 0, and shift the index: `let a[i in 0..hi - lo] = x[lo + i]`",
    });
  const size = requireSize(outer, bounds.hi, "the end of this range");
  return size && { ...bounds, size };
}

/** The binders with their ranges, once their scope is checked; `undefined` where one has none. */
export function closeBinders(ctx: Context, open: readonly OpenBinder[], table: boolean): readonly Binder[] | undefined {
  const from = open[0]?.local.id ?? 0;
  const closed = open.map((b): Binder | undefined => {
    if (!b.bare) return b.range && { local: b.local, lo: b.range.lo, hi: b.range.hi };
    const size = closeBare(ctx, b.bare, open, table ? from : b.local.id);
    const at = b.syntax.at;
    return (
      size && {
        local: b.local,
        lo: { kind: "number", value: 0, type: i32, at },
        hi: { kind: "size", size, type: i32, at },
      }
    );
  });
  return closed.every((b) => b !== undefined) ? closed : undefined;
}

/** The size that a bare binder runs over; no symbol of it may be made at or after `from`. */
function closeBare(ctx: Context, bare: BareBinder, open: readonly OpenBinder[], from: number): Size | undefined {
  const name = bare.local.name;
  const [first] = bare.places;
  if (bare.failed) return undefined;
  if (!first)
    return report(ctx, "S01", bare.local.at, `nothing says what \`${name}\` runs over`, {
      label: "it is nowhere the whole of a subscript",
      help: `write its range: \`${name} in 0..n\``,
    });
  const known = (p: BinderPlace): boolean => symbolsOfSize(expand(ctx.session, p.size)).every((s) => s.id < from);
  for (const p of bare.places)
    if (!known(p))
      return report(
        ctx,
        "S02",
        p.at,
        `\`${name}\` would run over ${showSize(p.size)} here, which is not known where \`${name}\` is made`,
        {
          others: [{ at: bare.local.at, text: `\`${name}\` is made here` }],
          help: `write its range: \`${name} in 0..n\``,
        },
      );
  const other = bare.places.find((p) => !sameSize(ctx.session, p.size, first.size));
  if (other) return disagreement(ctx, name, first, other, open);
  return first.size;
}

function disagreement(
  ctx: Context,
  name: string,
  first: BinderPlace,
  other: BinderPlace,
  open: readonly OpenBinder[],
): undefined {
  const better = insteadOf(ctx, other, open, name) ?? insteadOf(ctx, first, open, name);
  const notes = [first, other].flatMap((p) => (p.array ? [`${p.array} is ${formatType(p.type)}`] : []));
  return report(ctx, "S02", other.at, "these sizes do not agree", {
    label: `\`${name}\` runs over ${showSize(other.size)} here,`,
    others: [{ at: first.at, text: `and over ${showSize(first.size)} here` }],
    notes: [...new Set(notes)],
    help:
      better ??
      `if they are always equal, say so: \`${other.array ?? "e"} as …\`; else write the range: \`${name} in 0..…\``,
  });
}

/** "did you mean y[i]?": another binder in scope that runs over the size of that place. */
function insteadOf(ctx: Context, place: BinderPlace, open: readonly OpenBinder[], name: string): string | undefined {
  if (!place.array || place.type.kind !== "array" || place.type.shape.length !== 1) return undefined;
  const bares = open.flatMap((b) => (b.bare ? [b.bare] : []));
  for (let s: Scope | undefined = ctx.scope; s; s = s.parent)
    for (const b of s.names.values()) if (b.kind === "local" && b.bare) bares.push(b.bare);
  const fit = bares.find(
    (b) => b.local.name !== name && b.places.some((p) => p !== place && sameSize(ctx.session, p.size, place.size)),
  );
  return fit && `did you mean ${place.array}[${fit.local.name}]?`;
}

/** Notes that a bare binder is the whole of a subscript over `size`. */
export function notePlace(
  bare: BareBinder,
  size: Size,
  at: Span,
  array: string | undefined,
  type: BinderPlace["type"],
): void {
  bare.places.push({ size, at, array, type });
}
