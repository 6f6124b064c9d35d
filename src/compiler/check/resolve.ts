// Types as they are written, made types: scalars, arrays with their sizes, records by name or by their fields.
import type { Size } from "../size.js";
import { substituteSize } from "../size.js";
import type { Expression, Name, RecordTypeSyntax, TypeSyntax } from "../syntax.js";
import type { RecordType, ValueType } from "../typed.js";
import { checkIndex } from "./expressions.js";
import { type Context, declareIndex, report, type TypeInfo, unknownName } from "./scope.js";
import { requireSize } from "./sizes.js";
import { arrayOf, isScalarName, MAX_RANK, mapType } from "./types.js";

export function resolveType(ctx: Context, syntax: TypeSyntax): ValueType | undefined {
  if (syntax.kind === "record") return resolveRecord(ctx, syntax);
  const name = syntax.name.text;
  if (name === "size")
    return report(
      ctx,
      "S11",
      syntax.at,
      "`size` is the type of a parameter, or of a `let` at the top level of a function",
      {
        help: "an integer is an `i32`",
      },
    );
  if (isScalarName(name)) {
    if (syntax.sizes.length > MAX_RANK)
      return report(
        ctx,
        "T12",
        syntax.at,
        `an array has at most ${MAX_RANK} dimensions, and this has ${syntax.sizes.length}`,
        {
          help: "flatten some of them",
        },
      );
    const shape = resolveSizes(ctx, syntax.sizes);
    return shape && arrayOf(name, shape);
  }
  const info = ctx.module.types.get(name);
  if (!info) {
    resolveSizes(ctx, syntax.sizes);
    if (ctx.unit.reported.has(name)) return undefined;
    return unknownName(ctx, syntax.name, "type", [...ctx.module.types.keys(), "real", "wide", "i32", "u32", "bool"]);
  }
  const record = resolveDeclaredType(ctx, info, syntax.name);
  const sizes = resolveSizes(ctx, syntax.sizes);
  if (!record || !sizes) return undefined;
  if (sizes.length !== info.sizes.length)
    return report(ctx, "S12", syntax.at, `${name} has ${info.sizes.length} sizes, and here are ${sizes.length}`, {
      others: [{ at: info.syntax.name.at, text: "it is declared here" }],
      help:
        info.sizes.length === 0
          ? `write \`${name}\``
          : `write \`${name}[${info.sizes.map((s) => s.name).join(", ")}]\``,
    });
  const to = new Map(info.sizes.map((s, k) => [s.id, sizes[k] as Size]));
  return mapType(record, (s) => substituteSize(s, (symbol) => to.get(symbol.id)));
}

function resolveRecord(ctx: Context, syntax: RecordTypeSyntax, name?: string): RecordType | undefined {
  const fields: { name: string; type: ValueType }[] = [];
  let failed = false;
  for (const f of syntax.fields) {
    if (fields.some((x) => x.name === f.name.text)) {
      report(ctx, "N04", f.name.at, `a record has one field \`${f.name.text}\` only`, {
        help: "give one of them another name",
      });
      failed = true;
    }
    const type = resolveType(ctx, f.type);
    if (type) fields.push({ name: f.name.text, type });
    else failed = true;
  }
  return failed ? undefined : { kind: "record", ...(name === undefined ? {} : { name }), fields };
}

function resolveSizes(ctx: Context, sizes: readonly Expression[]): readonly Size[] | undefined {
  const made = sizes.map((e) => {
    const expr = checkIndex(ctx, e, "a size");
    return expr && requireSize(ctx, expr, "a size in a type");
  });
  return made.every((s) => s !== undefined) ? made : undefined;
}

/** The record of a declared type, in terms of its own sizes. */
export function resolveDeclaredType(
  ctx: Pick<Context, "session">,
  info: TypeInfo,
  asked: Name,
): RecordType | undefined {
  if (info.state === "done") return info.record;
  if (info.state === "busy")
    return report(ctx, "N08", asked.at, `the type \`${info.syntax.name.text}\` contains itself`, {
      help: "a record's size must be known: take it apart into arrays",
    });
  info.state = "busy";
  const inner: Context = {
    session: ctx.session,
    module: info.module,
    unit: { kind: "function", host: false, usesHost: false, reported: new Set(), formulas: new Map() },
    scope: { names: new Map() },
    block: false,
    loop: false,
  };
  info.sizes = info.syntax.sizes.map((s) => declareIndex(inner, s, "size"));
  const record = resolveRecord(inner, info.syntax.record, info.syntax.name.text);
  if (record) info.record = record;
  info.state = "done";
  return record;
}

/** Every name in the sizes of a type as it is written, in order. */
export function sizeNames(syntax: TypeSyntax): readonly Name[] {
  if (syntax.kind === "record") return syntax.fields.flatMap((f) => sizeNames(f.type));
  return syntax.sizes.flatMap(namesIn);
}

/** The names in an expression of sizes. */
export function namesIn(e: Expression): readonly Name[] {
  switch (e.kind) {
    case "name":
      return [{ text: e.name, at: e.at }];
    case "unary":
      return namesIn(e.operand);
    case "binary":
      return [...namesIn(e.left), ...namesIn(e.right)];
    default:
      return [];
  }
}
