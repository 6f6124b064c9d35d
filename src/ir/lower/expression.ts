// Expressions: from the typed program to values. Statements that one needs go to the end of the block that it stands in.
import type { Span } from "../../compiler/diagnostic.js";
import type { Expr as TypedExpr } from "../../compiler/typed.js";
import type { Expr } from "../nest.js";
import { assume } from "../range/index.js";
import { matmul, transpose } from "./arrays.js";
import { callBuiltin } from "./builtins.js";
import { apply, call } from "./calls.js";
import type { Frame } from "./frame.js";
import { type ArrayDraft, constant, innerOut, type Out, truth, varOf, within } from "./kernel-builder.js";
import { list } from "./list.js";
import { binaryAt, convertAt, elementwise, logicalAt, namedConstant, powerAt, unaryAt } from "./operators.js";
import { inOrder } from "./order.js";
import { reduce } from "./reduce.js";
import { sizesAgree } from "./sizes.js";
import { subscript } from "./subscript.js";
import {
  type ArrayValue,
  asArray,
  asScalar,
  axesOver,
  delayed,
  indexOf,
  mapLeaves,
  pushNest,
  scalar,
  storedValue,
  type Value,
} from "./value.js";

export const lowerScalar = (frame: Frame, e: TypedExpr, out: Out): Expr => asScalar(lower(frame, e, out));

export function lower(frame: Frame, e: TypedExpr, out: Out): Value {
  switch (e.kind) {
    case "number":
      return scalar(constant(e.value, frame.elementOf(e.type)));
    case "bool":
      return scalar(truth(e.value));
    case "constant":
      return scalar(namedConstant(e.name, frame.elementOf(e.type)));
    case "local":
      return frame.get(e.local);
    case "size": {
      const size = frame.size(e.size);
      return { kind: "scalar", expr: frame.kernel.size(size), size };
    }
    case "list":
      return list(frame, e, out);
    case "unary":
      return elementwise(frame, e, [lower(frame, e.operand, out)], out, ([a]) => unaryAt(e.op, one(a)));
    case "binary":
      return binary(frame, e, out);
    case "builtin":
      return callBuiltin(frame, e, lowerAll(frame, e.args, e.at, out), out);
    case "convert": {
      const value = lower(frame, e.value, out);
      const to = frame.elementOf(e.type);
      if (value.kind === "array" && value.type === to) return value;
      return elementwise(frame, e, [value], out, ([a]) => convertAt(one(a), to));
    }
    case "matmul":
      return matmul(frame, e, out);
    case "transpose":
      return transpose(lower(frame, e.operand, out));
    case "subscript":
      return subscript(frame, e, out);
    case "field": {
      const base = lower(frame, e.base, out);
      const value = base.kind === "record" ? base.fields.get(e.field) : undefined;
      if (!value) throw new Error(`internal: no field ${e.field}`);
      return value;
    }
    case "call":
      return call(frame, e, out);
    case "apply":
      return apply(frame, e, out);
    case "reduce":
      return reduce(frame, e, out);
    case "if":
      return choice(frame, e, out);
    case "as": {
      const value = asArray(lower(frame, e.value, out));
      return sizesAgree(frame, value, frame.shape(e.type), e.at, out);
    }
    case "record":
      return { kind: "record", fields: new Map(e.fields.map((f) => [f.name, lower(frame, f.value, out)])) };
  }
}

/** Several expressions, in their order. */
export const lowerAll = (frame: Frame, all: readonly TypedExpr[], at: Span, out: Out): Value[] =>
  inOrder(all, (e) => lower(frame, e, out), { kernel: frame.kernel, at, out });

function binary(frame: Frame, e: TypedExpr & { kind: "binary" }, out: Out): Value {
  const { kernel } = frame;
  const { at, op: name } = e;
  if (name === "and" || name === "or") {
    const left = lower(frame, e.left, out);
    if (left.kind === "scalar" && e.right.type.kind === "scalar")
      return scalar(logicalAt(name, left.expr, (inner) => lowerScalar(frame, e.right, inner), { kernel, at, out }));
    const right = lower(frame, e.right, out);
    return elementwise(frame, e, [left, right], out, ([a, b], p) => logicalAt(name, one(a), () => one(b), p));
  }
  const sides = lowerAll(frame, [e.left, e.right], at, out);
  if (name === "^") {
    const isReal = frame.elementOf(e.right.type) === "f32" || frame.elementOf(e.right.type) === "f64";
    if (isReal) return callBuiltin(frame, { ...e, kind: "builtin", name: "pow", args: [] }, sides, out);
    return elementwise(frame, e, sides, out, ([a, b], p) => powerAt(one(a), one(b), p));
  }
  return elementwise(frame, e, sides, out, ([a, b], p) => binaryAt(name, one(a), one(b), p));
}

const one = (e: Expr | undefined): Expr => {
  if (!e) throw new Error("internal: an operand is missing");
  return e;
};

/** `if c then a else b`. Each side is lowered in a block of its own, of which nothing is seen where the other is taken. */
function choice(frame: Frame, e: TypedExpr & { kind: "if" }, out: Out): Value {
  const condition = lowerScalar(frame, e.condition, out);
  if (condition.kind === "const") return lower(frame, condition.value !== 0 ? e.then : e.otherwise, out);
  const isScalar = e.type.kind === "scalar";
  const c = isScalar ? condition : frame.kernel.once(condition, "c", e.at, out);
  const side = (x: TypedExpr, holds: boolean): Side => {
    const inner = innerOut(out);
    assume(inner.facts, c, holds);
    return { value: lower(frame, x, inner), inner };
  };
  return choose(frame, c, side(e.then, true), side(e.otherwise, false), out, e.at);
}

interface Side {
  readonly value: Value;
  readonly inner: Out;
}

function choose(frame: Frame, c: Expr, then: Side, otherwise: Side, out: Out, at: Span): Value {
  const [a, b] = [then.value, otherwise.value];
  if (a.kind === "scalar" && b.kind === "scalar")
    return scalar(choiceOf(c, within(then.inner, a.expr), within(otherwise.inner, b.expr)));
  const hasStatements = then.inner.statements.length > 0 || otherwise.inner.statements.length > 0;
  if (hasStatements) return chooseByStatement(frame, c, then, otherwise, out, at);
  if (a.kind === "record" && b.kind === "record")
    return {
      kind: "record",
      fields: new Map(
        [...a.fields].map(([name, x]) => {
          const y = b.fields.get(name);
          if (!y) throw new Error(`internal: no field ${name}`);
          return [name, choose(frame, c, { ...then, value: x }, { ...otherwise, value: y }, out, at)];
        }),
      ),
    };
  const [x, y] = [asArray(a), asArray(b)];
  return delayed(x.type, x.shape, [x, y], (index, o) => {
    const part = (v: ArrayValue, holds: boolean): Expr => {
      const inner = innerOut(o);
      assume(inner.facts, c, holds);
      return within(inner, v.at(index, inner));
    };
    return choiceOf(c, part(x, true), part(y, false));
  });
}

const choiceOf = (condition: Expr, then: Expr, otherwise: Expr): Expr => ({
  kind: "if",
  condition,
  then,
  otherwise,
  type: then.type,
});

/** Sides that need statements: a branch, which sets variables and arrays that are made before it. */
function chooseByStatement(frame: Frame, c: Expr, then: Side, otherwise: Side, out: Out, at: Span): Value {
  const { kernel } = frame;
  const targets: { set: (value: Value, inner: Out) => void }[] = [];
  const result = mapLeaves(then.value, (leaf) => {
    if (leaf.kind === "scalar") {
      const v = kernel.variable(constant(0, leaf.expr.type), "chosen", at, out);
      targets.push({ set: (value, inner) => kernel.set(v, asScalar(value), at, inner) });
      return scalar(varOf(v));
    }
    const array: ArrayDraft = kernel.array("chosen", leaf.type, leaf.shape, true);
    out.statements.push({ kind: "declare", array, at });
    targets.push({
      set: (value, inner) => {
        const point = innerOut(inner);
        const axes = axesOver(array.shape, kernel, point);
        const index = indexOf(axes);
        const yields = [{ array, index, value: asArray(value).at(index, point) }];
        pushNest("assign", axes, point, yields, inner, at);
      },
    });
    return storedValue(array);
  });
  for (const side of [then, otherwise]) {
    let k = 0;
    mapLeaves(side.value, (leaf) => {
      targets[k++]?.set(leaf, side.inner);
      return leaf;
    });
  }
  out.statements.push({
    kind: "if",
    condition: c,
    then: then.inner.statements,
    otherwise: otherwise.inner.statements,
    at,
  });
  return result;
}
