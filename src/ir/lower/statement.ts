// Statements: from the typed program to the end of a block of Nest IR.
import type { Block, MessagePart, Stmt, Expr as TypedExpr } from "../../compiler/typed.js";
import type { Expr } from "../nest.js";
import { assume } from "../range/index.js";
import { lowerAssign, lowerEach } from "./assign.js";
import { lower, lowerScalar } from "./expression.js";
import type { Frame } from "./frame.js";
import { branchOut, innerOut, int, loopOut, type Out, varOf, within } from "./kernel-builder.js";
import { bindAxes } from "./reduce.js";
import { refuseNegative } from "./sizes.js";
import { asArray, axesOver, indexOf, pushNest, scalar, storedValue, type Value } from "./value.js";

/** The body of a function: gives what its `return` says. */
export function lowerBody(frame: Frame, body: Block, out: Out): Value {
  const last = body.at(-1);
  if (last?.kind !== "return") throw new Error("internal: a function does not end in a return");
  lowerBlock(frame, body.slice(0, -1), out);
  return lower(frame, last.value, out);
}

export function lowerBlock(frame: Frame, block: Block, out: Out): void {
  for (const s of block) lowerStatement(frame, s, out);
}

type Of<K extends Stmt["kind"]> = Extract<Stmt, { kind: K }>;

function lowerStatement(frame: Frame, s: Stmt, out: Out): void {
  switch (s.kind) {
    case "define":
      frame.define(s.local, lower(frame, s.value, out), out);
      return;
    case "tabulate":
      tabulate(frame, s, out);
      return;
    case "size":
      defineSize(frame, s, out);
      return;
    case "unpack": {
      const value = lower(frame, s.value, out);
      if (value.kind !== "record") throw new Error("internal: only a record is taken apart");
      for (const { field, local } of s.fields) {
        const part = value.fields.get(field);
        if (!part) throw new Error(`internal: no field ${field}`);
        frame.define(local, part, out);
      }
      return;
    }
    case "assign":
      lowerAssign(frame, s, out);
      return;
    case "each":
      lowerEach(frame, s, out);
      return;
    case "for":
      forLoop(frame, s, out);
      return;
    case "loop":
      loopUntil(frame, s, out);
      return;
    case "if":
      branch(frame, s, out);
      return;
    case "require":
      require(frame, s, out);
      return;
    case "expect": {
      const { expect } = frame.kernel;
      if (!expect) throw new Error("internal: an expect outside a test");
      expect(frame, s, out);
      return;
    }
    case "return":
      throw new Error("internal: a return inside a block");
  }
}

/** `let A[i, j, :] = e`. What `e` needs for its own axes stands in the body too, and depends on the binders alone. */
function tabulate(outer: Frame, s: Of<"tabulate">, out: Out): void {
  const { kernel } = outer;
  const { local } = s;
  const { frame, axes: bound, inner } = bindAxes(outer, s.binders, undefined, out);
  // The axes of the shape say it best: they are what the array's size is.
  const shape = outer.shape(local.type);
  shape.slice(0, bound.length).forEach((size) => {
    refuseNegative(outer, size, s.at, out);
  });
  const axes = bound.map((a, d) => ({ ...a, lo: int(0), hi: kernel.size(shape[d] ?? neverSize()) }));
  const value = lower(frame, s.value, inner);
  const array = kernel.array(local.name, outer.elementOf(local.type), shape, local.mutable);
  if (value.kind === "scalar") {
    pushNest("define", axes, inner, [{ array, index: indexOf(axes), value: value.expr }], out, s.at);
  } else {
    const rest = axesOver(shape.slice(bound.length), kernel, inner, ["k", "l", "m"]);
    const all = [...axes, ...rest];
    const element = asArray(value).at(indexOf(rest), inner);
    pushNest("define", all, inner, [{ array, index: indexOf(all), value: element }], out, s.at);
  }
  outer.bind(local, storedValue(array, local.mutable ? outer.depth : undefined));
}

const neverSize = (): never => {
  throw new Error("internal: more binders than dimensions");
};

/** `let m: size = e`: where `e` is a polynomial, sizes are written in what it is made of. */
function defineSize(frame: Frame, s: Of<"size">, out: Out): void {
  const value = lowerScalar(frame, s.value, out);
  const named = frame.name(scalar(value), s.local.name, out, s.at);
  if (named.kind !== "scalar") throw new Error("internal: a size is a scalar");
  const size = s.definition ? frame.size(s.definition) : named.size;
  if (!size) throw new Error("internal: a size is an i32");
  refuseNegative(frame, size, s.at, out);
  frame.bind(s.local, { kind: "scalar", expr: named.expr, size });
}

function forLoop(frame: Frame, s: Of<"for">, out: Out): void {
  const { kernel } = frame;
  // The bounds are taken once: what they are made of may change in the body.
  const lo = kernel.size(kernel.asSize(lowerScalar(frame, s.lo, out), "lo", s.lo.at, out));
  const hi = kernel.size(kernel.asSize(lowerScalar(frame, s.hi, out), "hi", s.hi.at, out));
  const turn = kernel.var(s.local.name, "i32");
  const body = loopOut(out);
  body.facts.axis(turn, lo, hi);
  frame.bind(s.local, scalar(varOf(turn)));
  lowerBlock(frame, s.body, body);
  out.statements.push({ kind: "for", var: turn, lo, hi, body: body.statements, at: s.at });
  out.facts.forgetTransient();
}

function loopUntil(frame: Frame, s: Of<"loop">, out: Out): void {
  const { kernel } = frame;
  const max = kernel.size(kernel.asSize(lowerScalar(frame, s.max, out), "max", s.max.at, out));
  const turn = kernel.var(s.turn.name, "i32");
  const turns = kernel.var(s.turns.name, "i32", true);
  const body = loopOut(out);
  body.facts.axis(turn, int(0), max);
  frame.bind(s.turn, scalar(varOf(turn)));
  lowerBlock(frame, s.body, body);
  const test = innerOut(body);
  const until = within(test, lowerScalar(frame, s.until, test));
  out.statements.push({ kind: "loop", turn, turns, max, body: body.statements, until, at: s.at });
  out.facts.forgetTransient();
  // After the loop the count stands still, and may be a size.
  frame.bind(s.turns, frame.name(scalar(varOf(turns)), s.turns.name, out, s.at));
}

function branch(frame: Frame, s: Of<"if">, out: Out): void {
  const condition = lowerScalar(frame, s.condition, out);
  if (condition.kind === "const") {
    lowerBlock(frame, condition.value !== 0 ? s.then : s.otherwise, out);
    return;
  }
  const side = (block: Block, holds: boolean): Out => {
    const inner = branchOut(out);
    assume(inner.facts, condition, holds);
    lowerBlock(frame, block, inner);
    return inner;
  };
  const then = side(s.then, true);
  const otherwise = side(s.otherwise, false);
  const { at } = s;
  out.statements.push({ kind: "if", condition, then: then.statements, otherwise: otherwise.statements, at });
  out.facts.forgetTransient();
}

/** A failure carries at most this many values. */
const mostValues = 4;

function require(frame: Frame, s: Of<"require">, out: Out): void {
  const condition = lowerScalar(frame, s.condition, out);
  const values: Expr[] = [];
  const message = s.message.map((part): string | number => {
    if (typeof part === "string") return part;
    if (values.length === mostValues) return "…";
    values.push(shown(frame, part, out, condition));
    return values.length - 1;
  });
  const check = frame.kernel.check("require", message, s.at);
  frame.kernel.require(condition, check, values, s.at, out);
}

/** A value in a message: computed where the requirement does not hold, by itself. */
function shown(frame: Frame, part: Exclude<MessagePart, string>, out: Out, condition: Expr): Expr {
  const inner = innerOut(out);
  assume(inner.facts, condition, false);
  return within(inner, lowerScalar(frame, part as TypedExpr, inner));
}
