// `let` and `var`: values, arrays by an equation, local sizes, and records taken apart.
import { constantOf, type Size } from "../size.js";
import type { Expression, Statement } from "../syntax.js";
import type { Binder, Expr, Local, ScalarType, Stmt, ValueType } from "../typed.js";
import { closeBinders, openBinders } from "./binders.js";
import { type Checked, coerce, describe } from "./convert.js";
import { check, checkIndex, checkName, unknownField } from "./expressions.js";
import { keepCallSizes, keepFormula } from "./formulas.js";
import { resolveType } from "./resolve.js";
import { type Context, declare, nested, report } from "./scope.js";
import { expand, isData, isSymbol, madeSince, sizeOfExpr } from "./sizes.js";
import { arrayOf, elementOf, formatType, MAX_RANK, scalarOf, shapeOf } from "./types.js";

type Define = Extract<Statement, { kind: "define" }>;

export function checkDefine(ctx: Context, s: Define): Stmt | undefined {
  const size = s.type?.kind === "named" && s.type.name.text === "size" && s.type.sizes.length === 0;
  if (s.binders?.some((b) => b !== null)) return checkTable(ctx, s, s.binders);
  if (size && !s.binders) return checkSize(ctx, s);
  const kind = s.mutable ? "var" : "let";
  const wanted = s.type && resolveType(ctx, s.type);
  const what = `the value of \`${s.name.text}\``;
  const checked = checkValue(ctx, s.value, wanted, what);
  const value = s.type && !wanted ? undefined : checked;
  const rank = s.binders?.length;
  if (value && rank !== undefined && shapeOf(value.type).length !== rank)
    return report(
      ctx,
      "S09",
      value.at,
      `${what} is ${formatType(value.type)}, and \`${s.name.text}\` is written with ${rank} dimensions`,
      {
        help: "write one `:` for each dimension of the value, or none at all",
      },
    );
  const local = declare(ctx, s.name, wanted ?? value?.type, kind);
  if (!local || !value) return undefined;
  remember(ctx, local, value);
  return { kind: "define", local, value, at: s.at };
}

/** Keeps what an immutable integer is in terms of others, and whether it comes from data. */
export function remember(ctx: Context, local: Local, value: Expr): void {
  keepCallSizes(ctx, value);
  if (!isSymbol(local)) return;
  const size = sizeOfExpr(ctx.session, value);
  if (size) ctx.session.definitions.set(local.id, expand(ctx.session, size));
  else if (isData(ctx.session, value)) ctx.session.data.add(local.id);
  else keepFormula(ctx, local, value);
}

/** `let m: size = e`. */
function checkSize(ctx: Context, s: Define): Stmt | undefined {
  const value = checkIndex(ctx, s.value, "a size");
  const local = declare(ctx, s.name, scalarOf("i32"), "size");
  if (s.mutable || ctx.block)
    return report(ctx, "S11", s.type?.at ?? s.at, "a local size is made by a `let` at the top level of a function", {
      help: s.mutable
        ? `write \`let ${s.name.text}: size = …\``
        : `write \`let ${s.name.text}: i32 = …\`, which may be a size inside its block`,
    });
  if (!value || !local) return undefined;
  if (isData(ctx.session, value))
    return report(ctx, "S06", value.at, "a size can't come from data", {
      notes: ["it may depend on sizes and on integer parameters"],
      help: "count first, and hand the number to the function as a parameter `k: size`",
    });
  const definition = sizeOfExpr(ctx.session, value);
  if (definition) {
    const n = constantOf(expand(ctx.session, definition));
    if (n !== undefined && n < 0)
      return report(ctx, "S06", value.at, `this size is ${n}, and a size is never negative`, {
        help: "take `max(0, …)`",
      });
    ctx.session.definitions.set(local.id, expand(ctx.session, definition));
  } else keepFormula(ctx, local, value);
  return { kind: "size", local, value, ...(definition ? { definition } : {}), at: s.at };
}

/** `let A[i, j] = e`, `let A[i, :] = e`. */
function checkTable(ctx: Context, s: Define, binders: NonNullable<Define["binders"]>): Stmt | undefined {
  const kind = s.mutable ? "var" : "let";
  const from = ctx.session.locals.length;
  const made = tableOf(ctx, s, binders, from);
  const local = declare(ctx, s.name, made?.type, kind);
  return made && local && { kind: "tabulate", local, binders: made.binders, value: made.value, at: s.at };
}

function tableOf(
  ctx: Context,
  s: Define,
  all: NonNullable<Define["binders"]>,
  from: number,
): { readonly type: ValueType; readonly binders: readonly Binder[]; readonly value: Expr } | undefined {
  const name = s.name.text;
  const inner: Context = { ...nested(ctx), region: "equation" };
  const named = all.filter((b) => b !== null);
  const rows = all.length - named.length;
  const open = openBinders(inner, named, { outer: ctx });
  const element = s.type && resolveElement(ctx, s.type, name);
  const checked = check(inner, s.value);
  if (!checked) for (const b of open) if (b.bare) b.bare.failed = true;
  const value = checked && (!s.type || element) ? rowsOf(inner, checked, rows, element, name) : undefined;
  const binders = closeBinders(inner, open, true);
  if (all.slice(0, named.length).includes(null))
    return report(ctx, "S09", s.at, "the `:`s of an equation come last", {
      help: `write the binders first: \`let ${name}[i, :] = …\``,
    });
  if (!binders || !value) return undefined;
  const culprit = madeSince(ctx.session, value.type, from);
  if (culprit)
    return report(
      ctx,
      "S07",
      value.at,
      `the rows are ${formatType(value.type)}, and their size depends on \`${culprit.name}\``,
      {
        others: [{ at: culprit.at, text: `\`${culprit.name}\` is not known outside of this equation` }],
        help: "all rows have one size: fill the rest, as in `if j < i then … else 0`",
      },
    );
  const shape = [...binders.map((b, k) => open[k]?.range?.size ?? extentOf(b)), ...shapeOf(value.type)];
  if (shape.length > MAX_RANK)
    return report(
      ctx,
      "T12",
      s.name.at,
      `an array has at most ${MAX_RANK} dimensions, and \`${name}\` has ${shape.length}`,
      { help: "flatten some of them" },
    );
  return { type: arrayOf(elementOf(value.type) as ScalarType, shape), binders, value };
}

function extentOf(b: Binder): Size {
  if (b.hi.kind !== "size") throw new Error("internal: the range of a table's binder is no size");
  return b.hi.size;
}

/** The type after an equation's brackets is the element's, a scalar. */
function resolveElement(ctx: Context, syntax: NonNullable<Define["type"]>, name: string): ScalarType | undefined {
  const type = resolveType(ctx, syntax);
  if (!type) return undefined;
  if (type.kind === "scalar") return type.scalar;
  return report(
    ctx,
    "T01",
    syntax.at,
    `the type after \`${name}[…]\` is that of an element, a scalar, and this is ${formatType(type)}`,
    {
      help: "the shape follows from the binders",
    },
  );
}

/** The value of an equation: a scalar, or an array of as many dimensions as there are `:`s. */
function rowsOf(
  ctx: Context,
  c: Checked,
  rows: number,
  element: ScalarType | undefined,
  name: string,
): Expr | undefined {
  const { type } = c.expr;
  if (type.kind === "record")
    return report(ctx, "T01", c.expr.at, `an element of \`${name}\` is a scalar, and this is ${describe(c)}`, {
      help: "make an array for each field",
    });
  const rank = shapeOf(type).length;
  if (rank !== rows)
    return report(
      ctx,
      "T01",
      c.expr.at,
      rows === 0
        ? `an element of \`${name}\` is a scalar, and this is ${describe(c)}`
        : `\`${name}\` has ${rows} \`:\`, so this must have ${rows} dimension${rows === 1 ? "" : "s"}, and it is ${describe(c)}`,
      {
        help:
          rows === 0
            ? `write its subscripts, or say that it is a row: \`let ${name}[i${", :".repeat(rank)}] = …\``
            : "a `:` stands for each dimension of the value",
      },
    );
  return element ? coerce(ctx, c, arrayOf(element, shapeOf(type)), `an element of \`${name}\``) : c.expr;
}

export function checkUnpack(ctx: Context, s: Extract<Statement, { kind: "unpack" }>): Stmt | undefined {
  const value = checkValue(ctx, s.value, undefined, "the record");
  const kind = s.mutable ? "var" : "let";
  const type = value?.type;
  if (type && type.kind !== "record")
    report(ctx, "T06", s.value.at, `only a record can be taken apart, and this is ${formatType(type)}`, {
      help: "give it one name: `let x = …`",
    });
  const fields = s.fields.map(({ field, alias }) => {
    const found = type?.kind === "record" ? type.fields.find((f) => f.name === field.text) : undefined;
    if (type?.kind === "record" && !found) unknownField(ctx, field, type.fields, formatType(type));
    const local = declare(ctx, alias ?? field, found?.type, kind);
    if (local && isSymbol(local)) ctx.session.data.add(local.id);
    return local && { field: field.text, local };
  });
  if (!value || !fields.every((f) => f !== undefined)) return undefined;
  keepCallSizes(ctx, value);
  return { kind: "unpack", fields, value, at: s.at };
}

/** The value of a `let`, `var` or `return`, where a record may be made. */
export function checkValue(
  ctx: Context,
  e: Expression,
  wanted: ValueType | undefined,
  what: string,
  others: Parameters<typeof coerce>[4] = [],
): Expr | undefined {
  if (e.kind === "record") return checkRecord(ctx, e, wanted, what, others);
  const c = check(ctx, e);
  return c && (wanted ? coerce(ctx, c, wanted, what, others) : c.expr);
}

function checkRecord(
  ctx: Context,
  e: Extract<Expression, { kind: "record" }>,
  wanted: ValueType | undefined,
  what: string,
  others: Parameters<typeof coerce>[4],
): Expr | undefined {
  const fields: { name: string; value: Expr }[] = [];
  let failed = false;
  for (const { name, value } of e.fields) {
    const known = wanted?.kind === "record" ? wanted.fields.find((f) => f.name === name.text) : undefined;
    if (fields.some((f) => f.name === name.text)) {
      report(ctx, "N04", name.at, `a record has one field \`${name.text}\` only`, {
        help: "give one of them another name",
      });
      failed = true;
    }
    const c = value ? check(ctx, value) : checkName(ctx, name.text, name.at);
    const expr = c && (known ? coerce(ctx, c, known.type, `\`${name.text}\` of ${what}`, others) : c.expr);
    if (expr) fields.push({ name: name.text, value: expr });
    else failed = true;
  }
  if (failed) return undefined;
  const type: ValueType = { kind: "record", fields: fields.map((f) => ({ name: f.name, type: f.value.type })) };
  const expr: Expr = { kind: "record", fields, type, at: e.at };
  return wanted ? coerce(ctx, { expr }, wanted, what, others) : expr;
}
