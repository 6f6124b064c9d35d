// Conditions, and `if` as an expression.
import type { Expression } from "../syntax.js";
import type { Expr } from "../typed.js";
import { type Checked, coerce, describe, unify } from "./convert.js";
import { check } from "./expressions.js";
import { type Context, report } from "./scope.js";
import { sameShape } from "./sizes.js";
import { elementOf, shapeOf } from "./types.js";

/** A `bool` scalar. */
export function checkCondition(ctx: Context, e: Expression, what: string): Expr | undefined {
  const c = check(ctx, e);
  if (!c) return undefined;
  const { type } = c.expr;
  if (type.kind === "scalar" && type.scalar === "bool") return c.expr;
  return report(ctx, "T04", e.at, `${what} must be a bool, and this is ${describe(c)}`, {
    help:
      elementOf(type) === "bool"
        ? "say which elements must hold: `all[i](…)` or `any[i](…)`"
        : "compare it with something: `… > 0`",
  });
}

export function checkIf(ctx: Context, e: Extract<Expression, { kind: "if" }>): Checked | undefined {
  const condition = checkCondition(ctx, e.condition, "the condition of an `if`");
  const then = check(ctx, e.then);
  const otherwise = check(ctx, e.otherwise);
  if (!condition || !then || !otherwise) return undefined;
  const a = then.expr.type;
  const b = otherwise.expr.type;
  if (a.kind === "record" || b.kind === "record") {
    const side = coerce(ctx, otherwise, a, "the `else` side", [
      { at: then.expr.at, text: `this is ${describe(then)}` },
    ]);
    return side && { expr: { kind: "if", condition, then: then.expr, otherwise: side, type: a, at: e.at } };
  }
  const ranksAgree = shapeOf(a).length === shapeOf(b).length;
  if (!sameShape(ctx.session, shapeOf(a), shapeOf(b)))
    return report(
      ctx,
      ranksAgree ? "S03" : "T01",
      e.at,
      `the sides of an \`if\` are ${describe(then)} and ${describe(otherwise)}, and must have one type`,
      {
        others: [
          { at: then.expr.at, text: `this is ${describe(then)}` },
          { at: otherwise.expr.at, text: `this is ${describe(otherwise)}` },
        ],
        help: "choose for each element: `let a[i] = if … then x[i] else 0`",
      },
    );
  const both = unify(ctx, then, otherwise, "an `if`", e.at);
  if (!both) return undefined;
  const expr: Expr = {
    kind: "if",
    condition,
    then: both.left,
    otherwise: both.right,
    type: both.left.type,
    at: e.at,
  };
  return both.literal ? { expr, literal: both.literal } : { expr };
}
