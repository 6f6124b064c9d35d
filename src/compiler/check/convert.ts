// How a value gets the type that is asked of it: literals take the type of what they meet, integers and reals widen, all else is an error.
import type { Label, Span } from "../diagnostic.js";
import type { Size } from "../size.js";
import type { Expr, ScalarType, ValueType } from "../typed.js";
import { type Context, report } from "./scope.js";
import { sameSize } from "./sizes.js";
import { elementOf, formatType, isInteger, isNumeric, joinScalars, sameStructure, shapeOf, widens } from "./types.js";

/** An expression, and whether it is made of literals only, so that its type is still open. As it stands its scalar type is `real`. */
export interface Checked {
  readonly expr: Expr;
  readonly literal?: "integer" | "real";
  /**
   * A reducer or function of integer literals: a `real`, but an integer where one is declared or an index stands, as in
   * `let c: i32 = sum[i](if … then 1 else 0)`.
   */
  readonly overIntegers?: true;
}

export const withScalar = (t: ValueType, s: ScalarType): ValueType =>
  t.kind === "array" ? { ...t, element: s } : t.kind === "scalar" ? { kind: "scalar", scalar: s } : t;

/** Puts a conversion around an expression, if it needs one. */
export const convertTo = (expr: Expr, to: ScalarType): Expr =>
  elementOf(expr.type) === to ? expr : { kind: "convert", value: expr, type: withScalar(expr.type, to), at: expr.at };

/** Whether a value goes to the scalar type `to` without being asked. */
export function goesTo(c: Checked, to: ScalarType): boolean {
  const from = elementOf(c.expr.type);
  if (!from) return false;
  if (c.literal) return c.literal === "integer" ? isNumeric(to) : to === "real" || to === "wide";
  return widens(from, to);
}

/** A value as one of the scalar type `to`; `goesTo` holds. `undefined` where a literal does not fit, which is reported. */
export function becomes(ctx: Context, c: Checked, to: ScalarType): Expr | undefined {
  return c.literal || (c.overIntegers && isInteger(to)) ? retype(ctx, c.expr, to) : convertTo(c.expr, to);
}

const ends: Readonly<Record<"i32" | "u32", readonly [number, number]>> = {
  i32: [-2147483648, 2147483647],
  u32: [0, 4294967295],
};

/** Gives a tree of literals another scalar type. */
function retype(ctx: Context, e: Expr, to: ScalarType): Expr | undefined {
  if (to === "real") return e;
  const type = withScalar(e.type, to);
  switch (e.kind) {
    case "number": {
      if (to === "i32" || to === "u32") {
        const [least, most] = ends[to];
        if (e.value < least || e.value > most)
          return report(ctx, "T09", e.at, `${e.value} does not fit in ${to}`, {
            notes: [`${to} goes from ${least} to ${most}`],
            ...(to === "i32" && e.value <= ends.u32[1] && e.value > 0 ? { help: "u32 could hold it" } : {}),
          });
      }
      return { ...e, type };
    }
    case "unary": {
      const operand = retype(ctx, e.operand, to);
      return operand && { ...e, operand, type };
    }
    case "binary": {
      const left = retype(ctx, e.left, to);
      if (e.op === "^" && elementOf(e.right.type) === "i32") {
        if ((to === "i32" || to === "u32") && e.right.kind === "number" && e.right.value < 0)
          return report(ctx, "T05", e.at, "an integer has no negative powers", {
            help: "write a real: `2.0 ^ -1`, or `1 / 2`",
          });
        return left && { ...e, left, type };
      }
      const right = retype(ctx, e.right, to);
      return left && right && { ...e, left, right, type };
    }
    case "if": {
      const then = retype(ctx, e.then, to);
      const otherwise = retype(ctx, e.otherwise, to);
      return then && otherwise && { ...e, then, otherwise, type };
    }
    case "reduce": {
      const body = retype(ctx, e.body, to);
      return body && { ...e, body, type };
    }
    case "builtin": {
      const args = e.args.map((x) => retype(ctx, x, to));
      return args.every((x) => x !== undefined) ? { ...e, args, type } : undefined;
    }
    case "list": {
      const elements = e.elements.map((x) => retype(ctx, x, to));
      return elements.every((x) => x !== undefined) ? { ...e, elements, type } : undefined;
    }
    default:
      throw new Error(`internal: ${e.kind} is no literal`);
  }
}

/** Two values of one scalar type, the wider of theirs; a literal takes the other's. */
export function unify(
  ctx: Context,
  a: Checked,
  b: Checked,
  what: string,
  at: Span,
): { readonly left: Expr; readonly right: Expr; readonly literal?: "integer" | "real" } | undefined {
  const s = elementOf(a.expr.type);
  const t = elementOf(b.expr.type);
  const found = (): readonly Label[] => [
    { at: a.expr.at, text: describe(a) },
    { at: b.expr.at, text: describe(b) },
  ];
  if (!s || !t)
    return report(ctx, "T01", at, `${what} needs numbers, not records`, {
      others: found(),
      help: "take the fields out of it: `r.field`",
    });
  if (a.literal && b.literal) {
    const literal = a.literal === "integer" && b.literal === "integer" ? "integer" : "real";
    return { left: a.expr, right: b.expr, literal };
  }
  const to = a.literal
    ? goesTo(a, t)
      ? t
      : joinScalars("real", t)
    : b.literal
      ? goesTo(b, s)
        ? s
        : joinScalars(s, "real")
      : joinScalars(s, t);
  if (!to) {
    const integers = s !== "bool" && t !== "bool";
    return report(
      ctx,
      integers ? "T02" : "T01",
      at,
      integers ? `${what} can't mix i32 and u32` : `${what} can't mix ${describe(a)} and ${describe(b)}`,
      {
        others: found(),
        help: integers
          ? "convert one of them: `u32(…)` or `i32(…)`"
          : "a bool is made a number by `i32(…)` or `real(…)`",
      },
    );
  }
  const left = becomes(ctx, a, to);
  const right = becomes(ctx, b, to);
  return left && right && { left, right };
}

/** What a value is, for a message. */
export const describe = (c: Checked): string =>
  c.literal === "integer" && c.expr.type.kind === "scalar" ? "an integer" : formatType(c.expr.type);

/**
 * A value as one of type `wanted`, widened where that is allowed. `what` begins the message: "the result", "argument `x` of `f`".
 * `others` point at where the wanted type is said.
 */
export function coerce(
  ctx: Context,
  c: Checked,
  wanted: ValueType,
  what: string,
  others: readonly Label[] = [],
): Expr | undefined {
  const expr = c.expr;
  const found = expr.type;
  const points = others.length > 0 ? { others } : {};
  const mismatch = (help?: string): undefined =>
    report(
      ctx,
      integerMix(found, wanted) ? "T02" : "T01",
      expr.at,
      `${what} is ${describe(c)}, but ${formatType(wanted)} is expected`,
      {
        ...points,
        label: `this is ${describe(c)}`,
        help: help ?? `change the value, or the type: ${formatType(wanted)}`,
      },
    );
  if (found.kind === "record" || wanted.kind === "record") {
    if (found.kind !== "record" || wanted.kind !== "record" || !sameStructure(found, wanted))
      return mismatch(recordHelp(found, wanted));
    return coerceRecord(ctx, expr, found, wanted, what, others);
  }
  const to = elementOf(wanted) as ScalarType;
  const rank = shapeOf(found).length;
  const rankWanted = shapeOf(wanted).length;
  if (rank !== rankWanted)
    return mismatch(
      rank === 0
        ? "an array of equal elements is made by `let a[i in 0..n] = …`"
        : rankWanted === 0
          ? "an array has a value for each index: write subscripts, or reduce it with `sum[i](…)`"
          : undefined,
    );
  if (!goesTo(c, to) && !(c.overIntegers && isInteger(to))) {
    const from = elementOf(found) as ScalarType;
    const help =
      to === "bool"
        ? "compare it: `… != 0`"
        : rank === 0 || from !== "bool"
          ? `convert it: \`${to}(…)\`${to === "i32" && from === "real" && isTypedNumber(expr) ? ", or declare it as an integer: `let k: i32 = …`" : ""}`
          : undefined;
    return mismatch(help);
  }
  if (!agree(ctx, shapeOf(found), shapeOf(wanted))) return shapeMismatch(ctx, c, wanted, what, others);
  return becomes(ctx, c, to);
}

const isTypedNumber = (e: Expr): boolean => e.kind === "local";

const integerMix = (a: ValueType, b: ValueType): boolean => {
  const s = elementOf(a);
  const t = elementOf(b);
  return (s === "i32" && t === "u32") || (s === "u32" && t === "i32");
};

const agree = (ctx: Context, a: readonly Size[], b: readonly Size[]): boolean =>
  a.every((s, k) => sameSize(ctx.session, s, b[k] as Size));

function shapeMismatch(ctx: Context, c: Checked, wanted: ValueType, what: string, others: readonly Label[]): undefined {
  return report(ctx, "S03", c.expr.at, `${what} is ${formatType(c.expr.type)}, but ${formatType(wanted)} is expected`, {
    label: `this is ${formatType(c.expr.type)}`,
    ...(others.length > 0 ? { others } : {}),
    help: `if the sizes are always equal, say so, and it is checked at run time: \`… as ${formatType(wanted)}\``,
  });
}

function recordHelp(found: ValueType, wanted: ValueType): string | undefined {
  if (found.kind === "record" && wanted.kind !== "record") {
    const fit = found.fields.find((f) => sameStructure(f.type, wanted));
    return fit ? `did you mean its field \`.${fit.name}\`?` : undefined;
  }
  if (found.kind !== "record" || wanted.kind !== "record") return undefined;
  const missing = wanted.fields.filter((w) => !found.fields.some((f) => f.name === w.name)).map((f) => f.name);
  const extra = found.fields.filter((f) => !wanted.fields.some((w) => w.name === f.name)).map((f) => f.name);
  if (missing.length > 0) return `it lacks \`${missing.join("`, `")}\``;
  if (extra.length > 0) return `\`${extra.join("`, `")}\` is not expected`;
  const wrong = wanted.fields.find((w) => {
    const f = found.fields.find((x) => x.name === w.name);
    return f && !sameStructure(f.type, w.type);
  });
  const f = wrong && found.fields.find((x) => x.name === wrong.name);
  return wrong && f ? `\`${wrong.name}\` is ${formatType(f.type)}, not ${formatType(wrong.type)}` : undefined;
}

/** A record as one of an equal type; made anew, field by field, where the order of the fields or a scalar differs. */
function coerceRecord(
  ctx: Context,
  expr: Expr,
  found: Extract<ValueType, { kind: "record" }>,
  wanted: Extract<ValueType, { kind: "record" }>,
  what: string,
  others: readonly Label[],
): Expr | undefined {
  const parts = wanted.fields.map((w) => {
    const type = found.fields.find((f) => f.name === w.name)?.type as ValueType;
    const made = expr.kind === "record" ? expr.fields.find((f) => f.name === w.name)?.value : undefined;
    const value: Expr = made ?? { kind: "field", base: expr, field: w.name, type, at: expr.at };
    return {
      name: w.name,
      before: value,
      value: coerce(ctx, { expr: value }, w.type, `\`${w.name}\` of ${what}`, others),
    };
  });
  if (parts.some((p) => p.value === undefined)) return undefined;
  const inOrder = wanted.fields.every((w, k) => found.fields[k]?.name === w.name);
  if (inOrder && parts.every((p) => p.value === p.before)) return { ...expr, type: wanted };
  return {
    kind: "record",
    fields: parts.map((p) => ({ name: p.name, value: p.value as Expr })),
    type: wanted,
    at: expr.at,
  };
}
