// Statements: blocks, loops, branches, checks and returns; definitions and assignments in files of their own.
import type { MessagePart as MessageSyntax, Statement } from "../syntax.js";
import type { Block, Expr, MessagePart, Stmt } from "../typed.js";
import { checkAssign, checkEach } from "./assignments.js";
import { checkCondition } from "./conditions.js";
import { describe, unify } from "./convert.js";
import { checkDefine, checkUnpack, checkValue } from "./definitions.js";
import { check, checkIndex, checkName, unknownField } from "./expressions.js";
import { commonShape } from "./operators.js";
import { resultType } from "./results.js";
import { bind, type Context, declare, mayDeclare, nested, newLocal, report } from "./scope.js";
import { elementOf, formatType, isFloat, isNumeric, scalarOf, shapeOf } from "./types.js";

/** The statements of a function or test, in the scope of `ctx`; a `return` may only be the last. */
export const checkBody = (ctx: Context, statements: readonly Statement[]): Block =>
  statements.flatMap((s, k) => {
    const last = k === statements.length - 1;
    return kept(ctx, s.kind === "return" ? checkReturn(ctx, s, last) : checkStatement(ctx, s));
  });

/** The statements of a block inside of a function. */
const checkBlock = (ctx: Context, statements: readonly Statement[]): Block =>
  statements.flatMap((s) => kept(ctx, checkStatement(ctx, s)));

/** A statement that failed is left out: then an error stands in its place, and no program comes out. */
function kept(ctx: Context, s: Stmt | undefined): readonly Stmt[] {
  if (s) return [s];
  if (!ctx.session.diagnostics.some((d) => d.severity === "error"))
    throw new Error("internal: a statement was refused without an error");
  return [];
}

function checkStatement(ctx: Context, s: Statement): Stmt | undefined {
  switch (s.kind) {
    case "define":
      return checkDefine(ctx, s);
    case "unpack":
      return checkUnpack(ctx, s);
    case "assign":
      return checkAssign(ctx, s);
    case "each":
      return checkEach(ctx, s);
    case "for":
      return checkFor(ctx, s);
    case "loop":
      return checkLoop(ctx, s);
    case "if": {
      const condition = checkCondition(ctx, s.condition, "the condition of an `if`");
      const inner: Context = { ...ctx, block: true };
      const then = checkBlock(nested(inner), s.then);
      const otherwise = checkBlock(nested(inner), s.otherwise ?? []);
      return condition && { kind: "if", condition, then, otherwise, at: s.at };
    }
    case "require": {
      const condition = checkCondition(ctx, s.condition, "what is required");
      const message = s.message.map((p) => checkPart(ctx, p));
      if (!condition || !message.every((m) => m !== undefined)) return undefined;
      return { kind: "require", condition, message, at: s.at };
    }
    case "expect":
      return checkExpect(ctx, s);
    case "return":
      return checkReturn(ctx, s, false);
  }
}

function checkFor(ctx: Context, s: Extract<Statement, { kind: "for" }>): Stmt | undefined {
  const lo = checkIndex(ctx, s.lo, "a range's bound");
  const hi = checkIndex(ctx, s.hi, "a range's bound");
  const inner: Context = { ...nested(ctx), block: true, loop: true };
  const local = declare(inner, s.name, scalarOf("i32"), "loop", "turns") as NonNullable<ReturnType<typeof declare>>;
  const body = checkBlock(inner, s.body);
  return lo && hi && { kind: "for", local, lo, hi, body, at: s.at };
}

function checkLoop(ctx: Context, s: Extract<Statement, { kind: "loop" }>): Stmt | undefined {
  const max = checkIndex(ctx, s.max, "the number of turns");
  const allowed = mayDeclare(ctx, s.name, "turns");
  const inner: Context = { ...nested(ctx), block: true, loop: true };
  const turn = newLocal(ctx.session, s.name, scalarOf("i32"), "loop");
  if (allowed) bind(inner, s.name.text, { kind: "local", local: turn });
  const body = checkBlock(inner, s.body);
  const until = checkCondition(inner, s.until, "what stands after `until`");
  const turns = newLocal(ctx.session, s.name, scalarOf("i32"), "loop");
  ctx.session.data.add(turns.id);
  if (allowed) bind(ctx, s.name.text, { kind: "local", local: turns, turns: true });
  return max && until && { kind: "loop", turn, turns, max, body, until, at: s.at };
}

/** `{name.field}` in a message: a scalar. */
function checkPart(ctx: Context, part: MessageSyntax): MessagePart | undefined {
  if ("text" in part) return part.text;
  const [root, ...fields] = part.path;
  if (!root) return "";
  let expr: Expr | undefined = checkName(ctx, root.text, root.at)?.expr;
  for (const f of fields) {
    if (!expr) return undefined;
    const { type } = expr;
    const found = type.kind === "record" ? type.fields.find((x) => x.name === f.text) : undefined;
    if (!found)
      return type.kind === "record"
        ? unknownField(ctx, f, type.fields, formatType(type))
        : report(ctx, "T06", f.at, `only a record has fields, and this is ${formatType(type)}`, {
            help: "leave the field out",
          });
    expr = { kind: "field", base: expr, field: found.name, type: found.type, at: f.at };
  }
  if (!expr || expr.type.kind === "scalar") return expr;
  return report(ctx, "T05", expr.at, `a message shows scalars, and this is ${formatType(expr.type)}`, {
    help: "name one number of it before: `let worst = max[i](x[i])`",
  });
}

function checkExpect(ctx: Context, s: Extract<Statement, { kind: "expect" }>): Stmt | undefined {
  if (ctx.unit.kind !== "test")
    report(ctx, "U05", s.at, "`expect` stands in tests only", { help: 'in a function write `require … else "…"`' });
  const c = check(ctx, s.value);
  if (!s.near) {
    if (!c) return undefined;
    if (elementOf(c.expr.type) !== "bool")
      return report(
        ctx,
        "T04",
        s.value.at,
        `what is expected must be a bool, or an array of them, and this is ${describe(c)}`,
        {
          help: "compare it, or say how near it must be: `expect a near b within 1e-6`",
        },
      );
    return { kind: "expect", value: c.expr, at: s.at };
  }
  const to = check(ctx, s.near.to);
  const within = check(ctx, s.near.within);
  if (!c || !to || !within) return undefined;
  const both = unify(ctx, c, to, "`near`", s.at);
  if (!both || !commonShape(ctx, both.left, both.right, s.at, "`near`")) return undefined;
  const scalar = elementOf(both.left.type);
  if (!scalar || !isNumeric(scalar))
    return report(ctx, "T05", s.at, "`near` needs numbers, and these are bools", {
      help: "compare them: `expect a == b`",
    });
  const tolerance = elementOf(within.expr.type);
  if (shapeOf(within.expr.type).length > 0 || !tolerance || !isNumeric(tolerance))
    return report(ctx, "T01", within.expr.at, `a tolerance is one number, and this is ${describe(within)}`, {
      help: "write a number: `within 1e-6`",
    });
  const real = (e: Expr): Expr => (isFloat(scalar) ? e : widened(e));
  const tol = isFloat(tolerance) ? within.expr : widened(within.expr);
  return { kind: "expect", value: real(both.left), near: { to: real(both.right), within: tol }, at: s.at };
}

const widened = (e: Expr): Expr => ({
  kind: "convert",
  value: e,
  type: e.type.kind === "array" ? { ...e.type, element: "real" } : scalarOf("real"),
  at: e.at,
});

function checkReturn(ctx: Context, s: Extract<Statement, { kind: "return" }>, last: boolean): Stmt | undefined {
  if (ctx.unit.kind === "test") {
    report(ctx, "L03", s.at, "a test returns nothing", { help: "say what must hold: `expect …`" });
    return undefined;
  }
  if (!last) {
    report(ctx, "L03", s.at, "`return` is the last statement of a function, and stands only there", {
      help: "choose the value before: `let r = if … then … else …`, or set a `var` in the branches",
    });
    check(ctx, s.value.kind === "record" ? { kind: "bool", value: true, at: s.at } : s.value);
    return undefined;
  }
  const wanted = resultType(ctx);
  const at = ctx.unit.result?.at;
  const others = wanted && at ? [{ at, text: `the result is ${formatType(wanted)}` }] : [];
  const value = checkValue(ctx, s.value, wanted, "the result", others);
  return value && { kind: "return", value, at: s.at };
}
