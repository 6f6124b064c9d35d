// Reducers: `sum[i, j where c](…)`, `argmin[k](…)`, `any[i](…)` and their kin, over scalars.
import type { Expression } from "../syntax.js";
import type { Expr, ScalarType } from "../typed.js";
import { closeBinders, openBinders } from "./binders.js";
import { checkCondition } from "./conditions.js";
import { type Checked, describe } from "./convert.js";
import { check } from "./expressions.js";
import { type Context, nested, report } from "./scope.js";
import { scalarOf } from "./types.js";

export function checkReduce(ctx: Context, e: Extract<Expression, { kind: "reduce" }>): Checked | undefined {
  const inner: Context = { ...nested(ctx), region: ctx.region ?? "reducer" };
  const open = openBinders(inner, e.binders);
  const where = e.where && checkCondition(inner, e.where, "what stands after `where`");
  const body = check(inner, e.body);
  // Without a body, its places are not known: nothing is said of the ranges.
  if (!body || (e.where && !where)) for (const b of open) if (b.bare) b.bare.failed = true;
  const binders = closeBinders(inner, open, false);
  if (!binders || !body) return undefined;
  const type = resultOf(ctx, e, body);
  if (!type) return undefined;
  if ((e.reducer === "argmin" || e.reducer === "argmax") && binders.length !== 1)
    return report(ctx, "S10", e.at, `\`${e.reducer}\` has one binder, and here are ${binders.length}`, {
      help: "its value is an index of one dimension: reduce one after the other",
    });
  const expr: Expr = {
    kind: "reduce",
    reducer: e.reducer,
    binders,
    ...(where ? { where } : {}),
    body: body.expr,
    type: scalarOf(type),
    at: e.at,
  };
  return body.literal === "integer" && type === "real" ? { expr, overIntegers: true } : { expr };
}

function resultOf(ctx: Context, e: Extract<Expression, { kind: "reduce" }>, body: Checked): ScalarType | undefined {
  const { type } = body.expr;
  if (type.kind !== "scalar")
    return report(ctx, "T05", body.expr.at, `\`${e.reducer}\` is over scalars, and this is ${describe(body)}`, {
      help: type.kind === "array" ? "write a subscript for each dimension" : "take a field of it: `r.field`",
    });
  const wantsBool = e.reducer === "any" || e.reducer === "all" || e.reducer === "count";
  if (wantsBool !== (type.scalar === "bool"))
    return report(
      ctx,
      "T05",
      body.expr.at,
      `\`${e.reducer}\` is over ${wantsBool ? "bools" : "numbers"}, and this is ${describe(body)}`,
      {
        help: wantsBool ? "compare it: `… > 0`" : "`count`, `any` and `all` are over bools",
      },
    );
  if (e.reducer === "any" || e.reducer === "all") return "bool";
  return e.reducer === "count" || e.reducer === "argmin" || e.reducer === "argmax" ? "i32" : type.scalar;
}
