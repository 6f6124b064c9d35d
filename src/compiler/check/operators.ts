// Operators on scalars and, element by element, on whole arrays of equal shapes; matrix products and transposes.
import type { Span } from "../diagnostic.js";
import type { Size } from "../size.js";
import type { Expression } from "../syntax.js";
import type { BinaryOp, Expr, ScalarType, ValueType } from "../typed.js";
import { becomes, type Checked, convertTo, describe, goesTo, unify } from "./convert.js";
import { check } from "./expressions.js";
import { demandLowering } from "./functions.js";
import { type Context, report } from "./scope.js";
import { sameShape, sameSize, showSize } from "./sizes.js";
import { arrayOf, elementOf, formatType, isInteger, isNumeric, shapeOf } from "./types.js";

type Unary = Extract<Expression, { kind: "unary" }>;
type Binary = Extract<Expression, { kind: "binary" }>;

export function checkUnary(ctx: Context, e: Unary): Checked | undefined {
  const c = check(ctx, e.operand);
  if (!c) return undefined;
  const scalar = elementOf(c.expr.type);
  const needsBool = e.op === "not";
  if (!scalar || (scalar === "bool") !== needsBool)
    return report(
      ctx,
      "T05",
      e.at,
      `\`${e.op}\` needs ${needsBool ? "a bool" : "a number"}, and this is ${describe(c)}`,
      {
        help: needsBool
          ? "compare it: `… == 0`"
          : scalar === "bool"
            ? "did you mean `not`?"
            : "take a field of it: `r.field`",
      },
    );
  // The parser's `-1` becomes the number -1, so that the least i32 can be written.
  if (c.expr.kind === "number" && c.literal)
    return { expr: { ...c.expr, value: -c.expr.value, at: e.at }, literal: c.literal };
  const expr: Expr = { kind: "unary", op: e.op, operand: c.expr, type: c.expr.type, at: e.at };
  return c.literal ? { expr, literal: c.literal } : { expr };
}

export function checkBinary(ctx: Context, e: Binary): Checked | undefined {
  const left = check(ctx, e.left);
  const right = check(ctx, e.right);
  if (!left || !right) return undefined;
  switch (e.op) {
    case "@":
      return matmul(ctx, e, left, right);
    case "^":
      return power(ctx, e, left, right);
    case "or":
    case "and":
      return logic(ctx, e, e.op, left, right);
    default:
      return arithmetic(ctx, e, e.op, left, right);
  }
}

/** The shape that two operands have together: that of both, or of the one that is an array. */
export function commonShape(
  ctx: Context,
  a: { readonly type: ValueType; readonly at: Span },
  b: { readonly type: ValueType; readonly at: Span },
  at: Span,
  what: string,
): readonly Size[] | undefined {
  const s = shapeOf(a.type);
  const t = shapeOf(b.type);
  if (s.length === 0) return t;
  if (t.length === 0 || sameShape(ctx.session, s, t)) return s;
  return report(ctx, "S03", at, `${what} needs equal shapes, not ${formatType(a.type)} and ${formatType(b.type)}`, {
    others: [
      { at: a.at, text: `this is ${formatType(a.type)}` },
      { at: b.at, text: `this is ${formatType(b.type)}` },
    ],
    help:
      s.length === t.length
        ? `if the sizes are always equal, say so, and it is checked at run time: \`… as ${formatType(a.type)}\``
        : "there is no broadcasting: write the indices, as in `let C[i, j] = A[i, j] + b[j]`",
  });
}

function logic(ctx: Context, e: Binary, op: "and" | "or", a: Checked, b: Checked): Checked | undefined {
  for (const c of [a, b])
    if (elementOf(c.expr.type) !== "bool")
      return report(ctx, "T05", c.expr.at, `\`${op}\` needs a bool on both sides, and this is ${describe(c)}`, {
        help: "compare it: `… != 0`",
      });
  const shape = commonShape(ctx, a.expr, b.expr, e.at, `\`${op}\``);
  return shape && { expr: { kind: "binary", op, left: a.expr, right: b.expr, type: arrayOf("bool", shape), at: e.at } };
}

const comparisons = new Set<string>(["==", "!=", "<", "<=", ">", ">="]);

function arithmetic(
  ctx: Context,
  e: Binary,
  op: Exclude<BinaryOp, "or" | "and" | "^">,
  a: Checked,
  b: Checked,
): Checked | undefined {
  const both = unify(ctx, a, b, `\`${op}\``, e.at);
  if (!both) return undefined;
  let { left, right } = both;
  let scalar = elementOf(left.type) as ScalarType;
  const shape = commonShape(ctx, left, right, e.at, `\`${op}\``);
  if (!shape) return undefined;
  if (comparisons.has(op)) {
    if (scalar === "bool" && op !== "==" && op !== "!=")
      return report(ctx, "T05", e.at, `\`${op}\` needs numbers, and these are bools`, {
        help: "bools are compared by `==` and `!=`",
      });
    return { expr: { kind: "binary", op, left, right, type: arrayOf("bool", shape), at: e.at } };
  }
  if (!isNumeric(scalar))
    return report(ctx, "T05", e.at, `\`${op}\` needs numbers, and these are bools`, {
      help: "use `and`, `or`, or convert them: `i32(…)`",
    });
  let literal = both.literal;
  if (op === "/") {
    if (literal) literal = "real";
    else if (isInteger(scalar)) {
      left = convertTo(left, "real");
      right = convertTo(right, "real");
      scalar = "real";
    }
  }
  if (op === "div" || op === "%") {
    if (literal === "integer") {
      const l = becomes(ctx, { expr: left, literal }, "i32");
      const r = becomes(ctx, { expr: right, literal }, "i32");
      if (!l || !r) return undefined;
      left = l;
      right = r;
      scalar = "i32";
      literal = undefined;
    }
    if (!isInteger(scalar))
      return report(ctx, "T05", e.at, `\`${op}\` is for integers, and these are ${scalar}`, {
        others: [
          { at: a.expr.at, text: `this is ${describe(a)}` },
          { at: b.expr.at, text: `this is ${describe(b)}` },
        ],
        help: op === "div" ? "for reals write `floor(a / b)`" : "for reals write `a - b * floor(a / b)`",
      });
  }
  const expr: Expr = { kind: "binary", op, left, right, type: arrayOf(scalar, shape), at: e.at };
  return literal ? { expr, literal } : { expr };
}

/** `x ^ k`: an integer exponent keeps the base's type; a real one makes both real. */
function power(ctx: Context, e: Binary, base: Checked, exponent: Checked): Checked | undefined {
  const s = elementOf(base.expr.type);
  const t = elementOf(exponent.expr.type);
  const shape = commonShape(ctx, base.expr, exponent.expr, e.at, "`^`");
  if (!shape) return undefined;
  if (!s || !t || s === "bool" || t === "bool")
    return report(ctx, "T05", e.at, `\`^\` needs numbers, not ${describe(base)} and ${describe(exponent)}`, {
      help: "convert them: `real(…)`",
    });
  const make = (left: Expr, right: Expr, literal?: "integer" | "real"): Checked => {
    const type = arrayOf(elementOf(left.type) as ScalarType, shape);
    const expr: Expr = { kind: "binary", op: "^", left, right, type, at: e.at };
    return literal ? { expr, literal } : { expr };
  };
  if (exponent.literal === "integer" || (!exponent.literal && isInteger(t))) {
    const right = exponent.literal ? becomes(ctx, exponent, "i32") : exponent.expr;
    if (!right) return undefined;
    if (base.literal && exponent.literal) return make(base.expr, right, base.literal);
    const left = base.literal && goesTo(base, t) && !exponent.literal ? becomes(ctx, base, t) : base.expr;
    const negative = right.kind === "number" && right.value < 0;
    if (negative && left && isInteger(elementOf(left.type) as ScalarType))
      return report(ctx, "T05", e.at, "an integer has no negative powers", { help: "write `1 / x`, which is a real" });
    return left && make(left, right);
  }
  demandLowering(ctx, "pow", e.at);
  const both = unify(ctx, base, exponent, "`^`", e.at);
  return both && make(both.left, both.right, both.literal);
}

function matmul(ctx: Context, e: Binary, a: Checked, b: Checked): Checked | undefined {
  const s = shapeOf(a.expr.type);
  const t = shapeOf(b.expr.type);
  const ranks = `${s.length}-${t.length}`;
  if (!["2-2", "2-1", "1-1"].includes(ranks))
    return report(ctx, "T05", e.at, `\`@\` can't take ${describe(a)} and ${describe(b)}`, {
      notes: ["it takes a matrix with a matrix or a vector, and a vector with a vector"],
      help:
        ranks === "1-2"
          ? "write the transpose: `A' @ v`"
          : s.length === 0 || t.length === 0
            ? "numbers are multiplied by `*`"
            : "write the indices and a `sum`",
    });
  const both = unify(ctx, a, b, "`@`", e.at);
  if (!both) return undefined;
  const scalar = elementOf(both.left.type) as ScalarType;
  if (scalar === "bool")
    return report(ctx, "T05", e.at, "`@` needs numbers, and these are bools", {
      help: "write `any[k](A[i, k] and B[k, j])`",
    });
  const inner = s[s.length - 1] as Size;
  const outer = t[0] as Size;
  if (!sameSize(ctx.session, inner, outer))
    return report(
      ctx,
      "S03",
      e.at,
      `\`@\` sums over ${showSize(inner)} on the left and ${showSize(outer)} on the right`,
      {
        others: [
          { at: e.left.at, text: `this is ${formatType(a.expr.type)}` },
          { at: e.right.at, text: `this is ${formatType(b.expr.type)}` },
        ],
        help:
          s.length === 2 && sameSize(ctx.session, s[0] as Size, outer)
            ? "did you mean the transpose, `A' @ …`?"
            : "the last size of the left must be the first of the right; `A'` is the transpose",
      },
    );
  const shape = [...s.slice(0, -1), ...t.slice(1)];
  return { expr: { kind: "matmul", left: both.left, right: both.right, type: arrayOf(scalar, shape), at: e.at } };
}

export function checkTranspose(ctx: Context, e: Extract<Expression, { kind: "transpose" }>): Checked | undefined {
  const c = check(ctx, e.operand);
  if (!c) return undefined;
  const [rows, columns, ...more] = shapeOf(c.expr.type);
  if (!rows || !columns || more.length > 0)
    return report(ctx, "T05", e.at, `only a matrix has a transpose, and this is ${describe(c)}`, {
      help: "write the indices: `let B[j, i] = A[i, j]`",
    });
  const operand = c.expr;
  return {
    expr: {
      kind: "transpose",
      operand,
      type: arrayOf(elementOf(operand.type) as ScalarType, [columns, rows]),
      at: e.at,
    },
  };
}
