// The type of a function's result: written at its head, in terms of its sizes and of the sizes that it makes at its top level.
import { symbolsOfSize } from "../size.js";
import type { ValueType } from "../typed.js";
import { resolveType, sizeNames } from "./resolve.js";
import { type Context, lookup, namesInScope, report } from "./scope.js";
import { didYouMean } from "./suggest.js";
import { shapeOf } from "./types.js";

/** Resolved where the `return` stands, once. */
export function resultType(ctx: Context): ValueType | undefined {
  const { unit } = ctx;
  if (!unit.result || unit.resultType) return unit.resultType;
  for (const name of sizeNames(unit.result))
    if (!lookup(ctx.scope, name.text) && !unit.reported.has(name.text))
      return report(ctx, "S05", name.at, `nothing says what the size \`${name.text}\` of the result is`, {
        help:
          didYouMean(name.text, namesInScope(ctx.scope)) ??
          `take it from a parameter, such as \`${name.text}: size\`, or make it: \`let ${name.text}: size = …\``,
      });
  const type = resolveType(ctx, unit.result);
  if (!type || !onlySizes(ctx, type)) return undefined;
  unit.resultType = type;
  return type;
}

/** An integer that is no size can't stand in the result's type: the caller would not see it. */
function onlySizes(ctx: Context, type: ValueType): boolean {
  if (type.kind === "record") return type.fields.every((f) => onlySizes(ctx, f.type));
  for (const symbol of shapeOf(type).flatMap(symbolsOfSize)) {
    const local = ctx.session.locals[symbol.id];
    if (!local || local.kind === "size" || ctx.unit.sizeParams?.has(local.id)) continue;
    report(
      ctx,
      "S04",
      ctx.unit.result?.at ?? local.at,
      `\`${local.name}\` stands in the type of the result, and is no size`,
      {
        others: [{ at: local.at, text: "it is made here" }],
        help:
          local.kind === "param"
            ? `declare it as \`${local.name}: size\``
            : `declare it as \`let ${local.name}: size = …\` at the top level`,
      },
    );
    return false;
  }
  return true;
}
