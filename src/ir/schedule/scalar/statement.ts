// Statements at one point, in order.
import type { Span } from "../../../compiler/diagnostic.js";
import type { LoopExpr, LoopVar } from "../../loop.js";
import type { ArrayVar, Block, Expr, Stmt, Var } from "../../nest.js";
import { declareArray } from "./array.js";
import { add, and, compare, int, not, read } from "./build.js";
import { lowerCall } from "./call.js";
import { lowerExpr, lowerNamed } from "./expression.js";
import { linearIndex } from "./index.js";
import { sequentialNest } from "./nest.js";
import {
  assign,
  branch,
  fail,
  freshVar,
  loopOver,
  named,
  nested,
  placeOf,
  type Region,
  stopIfFailed,
  variable,
} from "./region.js";

/**
 * Emits `block`, then what `after` emits. Where failures do not stop the kernel, all that comes after a `require` stands under its
 * condition, so that it may rely on it.
 */
export function lowerStatements(region: Region, block: Block, after?: (inner: Region) => void): void {
  for (const [i, s] of block.entries()) {
    if (s.kind === "require" && !region.stops) {
      const condition = lowerNamed(region, "holds", s.condition);
      lowerRequire(region, s, condition);
      branch(region, condition, (inner) => lowerStatements(inner, block.slice(i + 1), after));
      return;
    }
    const from = region.out.length;
    lowerStatement(region, s);
    markPlace(region, from, s.at);
  }
  after?.(region);
}

/** What came of a statement carries its place, for those who read the code. */
function markPlace({ out }: Region, from: number, at: Span): void {
  for (let k = from; k < out.length; k++) {
    const s = out[k];
    if (s && !s.at) out[k] = { ...s, at };
  }
}

type Require = Extract<Stmt, { readonly kind: "require" }>;

function lowerRequire(region: Region, s: Require, condition: LoopExpr): void {
  const emit = (inner: Region): void =>
    fail(
      inner,
      condition,
      s.check,
      s.values.map((v) => lowerExpr(inner, v)),
      s.at,
    );
  // Values that need statements are worked out only for the message.
  const inner = nested(region, emit);
  if (inner.length === 1) region.out.push(...inner);
  else region.out.push({ kind: "if", condition: not(condition), then: inner, otherwise: [] });
}

export function lowerStatement(region: Region, s: Stmt): void {
  const { lowering } = region;
  switch (s.kind) {
    case "let":
      defineScalar(region, s.var, lowerExpr(region, s.value));
      break;
    case "set":
      assign(region, mutableVar(region, s.var), lowerExpr(region, s.value));
      break;
    case "declare":
      declareArray(region, s.array);
      break;
    case "list":
      lowerList(region, s.array, s.elements);
      break;
    case "nest":
      if (region.point === undefined) lowering.strategy.nest(region, s.nest, s.at);
      else sequentialNest(region, s.nest);
      break;
    case "store":
      lowerStore(region, s.array, s.index, s.value);
      break;
    case "for":
      lowerFor(region, s);
      break;
    case "loop":
      lowerLoop(region, s);
      break;
    case "if": {
      const condition = lowerNamed(region, "condition", s.condition);
      stopIfFailed(region);
      branch(
        region,
        condition,
        (inner) => lowerStatements(inner, s.then),
        (inner) => lowerStatements(inner, s.otherwise),
      );
      break;
    }
    case "require":
      lowerRequire(region, s, lowerNamed(region, "holds", s.condition));
      break;
    case "host":
      lowerCall(region, s);
      break;
  }
  stopIfFailed(region);
}

/** Makes a `let`'s variable. A value that is a name or a constant needs no name of its own. */
function defineScalar(region: Region, v: Var, value: LoopExpr): void {
  region.lowering.scalars.set(v.id, v.mutable ? read(variable(region, v.name, value)) : named(region, v.name, value));
}

function mutableVar(region: Region, v: Var): LoopVar {
  const place = region.lowering.scalars.get(v.id);
  if (place?.kind !== "var" || !place.var.mutable)
    throw new Error(`internal: ${v.name} is assigned to but no variable`);
  return place.var;
}

function lowerList(region: Region, array: ArrayVar, elements: readonly Expr[]): void {
  const values = elements.map((e) => lowerNamed(region, array.name, e));
  declareArray(region, array);
  const { buffer, offset } = placeOf(region, array);
  values.forEach((value, i) => {
    region.out.push({ kind: "store", buffer, index: offset ? add(offset, int(i)) : int(i), value });
  });
}

function lowerStore(region: Region, array: ArrayVar, index: readonly Expr[], value: Expr): void {
  const place = placeOf(region, array);
  const at = linearIndex(
    place,
    index.map((k) => lowerExpr(region, k)),
  );
  const stored = lowerExpr(region, value);
  stopIfFailed(region);
  region.out.push({ kind: "store", buffer: place.buffer, index: at, value: stored });
}

function lowerFor(region: Region, s: Extract<Stmt, { readonly kind: "for" }>): void {
  const lo = lowerNamed(region, `${s.var.name}Lo`, s.lo);
  const hi = lowerNamed(region, `${s.var.name}Hi`, s.hi);
  stopIfFailed(region);
  const v = freshVar(region.lowering, s.var.name, "i32");
  region.lowering.scalars.set(s.var.id, read(v));
  loopOver(region, v, lo, hi, (inner) => turn(inner, (body) => lowerStatements(body, s.body)));
}

/** A turn of a loop of a point that has failed does nothing: it could only report what follows from the first failure. */
function turn(region: Region, emit: (inner: Region) => void): void {
  if (region.failed) branch(region, not(read(region.failed)), emit);
  else emit(region);
}

function lowerLoop(region: Region, s: Extract<Stmt, { readonly kind: "loop" }>): void {
  const { lowering } = region;
  const max = lowerNamed(region, `${s.turn.name}Max`, s.max);
  stopIfFailed(region);
  const known = lowering.scalars.get(s.turns.id);
  if (known) assign(region, mutableVar(region, s.turns), int(0));
  else defineScalar(region, { ...s.turns, mutable: true }, int(0));
  const turns = mutableVar(region, s.turns);
  const more = variable(region, "more", compare("lt", int(0), max));
  const body = nested(region, (inner) => {
    const t = freshVar(lowering, s.turn.name, "i32");
    inner.out.push({ kind: "let", var: t, value: read(turns) });
    lowering.scalars.set(s.turn.id, read(t));
    // Where a `require` leaves the rest of the body out, there is no `until` to ask.
    assign(inner, more, compare("lt", add(read(t), int(1)), max));
    assign(inner, turns, add(read(t), int(1)));
    turn(inner, (at) =>
      lowerStatements(at, s.body, (end) => {
        const until = lowerExpr(end, s.until);
        stopIfFailed(end);
        assign(end, more, and(read(more), not(until)));
      }),
    );
    if (region.failed) assign(inner, more, and(read(more), not(read(region.failed))));
  });
  region.out.push({ kind: "while", condition: read(more), body });
}
