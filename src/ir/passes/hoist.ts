// Hoist: computes once what does not change from turn to turn or from point to point.
//
// Needs: fused nests (a view in an invariant expression would hide it). Removes: reductions and dear expressions from points that share
// their value. Adds: a `let` before the statement, or a small `define` nest over the axes that the expression does speak of; statements of
// a loop's body that never change stand before the loop.
// It stands behind fuse, which would else look at more consumers, and before scan and merge, which look at the nests that it makes.
//
// What is hoisted is computed even where the loop has no turn or the branch is not taken, so it must be harmless anywhere: nothing in it
// may fail, all its reads are provably in range where they come to stand, and nothing is divided by an integer that may be 0.
import { constantOf, equalSizes, type Size, sizeConstant, symbolsOfSize } from "../../compiler/size.js";
import { costOf } from "../cost.js";
import { disturbs, type Effects, effectsOf, effectsOfBlock, effectsOfStmt } from "../effects.js";
import type { ArrayVar, Axis, Block, Expr, Kernel, Nest, Stmt, Var } from "../nest.js";
import { Copier, type FreshId, freshIds } from "../nest-copy.js";
import { rewriteWithFacts } from "../nest-facts.js";
import { exprKey, spaceKey } from "../nest-key.js";
import { mapExprParts, mapNestParts, mapStmtParts, type Parts, walkBlock } from "../nest-walk.js";
import { polynomialOf, varExpr } from "../polynomial.js";
import { assume, type Facts, isInRange, isLess } from "../range/index.js";
import type { PassOptions } from "./index.js";

export function hoist(kernel: Kernel, { target }: PassOptions): Kernel {
  const fresh = freshIds(kernel);
  return rewriteWithFacts(kernel, (s, facts) => {
    if (s.kind === "for" || s.kind === "loop") return hoistStatements(s, facts);
    if (s.kind === "if" || s.kind === "host" || s.kind === "declare" || s.kind === "list") return [s];
    return new Hoister(s, facts, fresh, target).run();
  });
}

/** Whether the expression may be computed where `facts` holds, whatever stood around it before. */
function isHarmless(e: Expr, facts: Facts): boolean {
  if (effectsOf(e).fails) return false;
  let harmless = true;
  const visit = (x: Expr, here: Facts): void => {
    if (!harmless) return;
    const parts = (f: Facts): Parts => ({
      expr: (y) => {
        visit(y, f);
        return y;
      },
      // Statements may loop for long, and their facts are not followed.
      block: (b) => {
        const inner = f.inner();
        for (const s of b) {
          if (s.kind !== "let") harmless = false;
          else {
            visit(s.value, inner);
            inner.define(s.var, s.value);
          }
        }
        return b;
      },
    });
    if (x.kind === "load") {
      if (!x.index.every((i, d) => isInRange(i, x.array.shape[d] ?? sizeConstant(0), here))) harmless = false;
    } else if (x.kind === "op" && (x.op === "idiv" || x.op === "imod")) {
      const by = x.args[1];
      const constant = by?.kind === "const" && by.value !== 0;
      if (!constant && !(by?.type === "i32" && isLess(sizeConstant(0), by, here))) harmless = false;
    }
    if (x.kind === "reduce") {
      const inner = here.inner();
      for (const a of x.axes) {
        visit(a.lo, inner);
        visit(a.hi, inner);
        inner.axis(a.var, a.lo, a.hi);
      }
      if (x.where) {
        visit(x.where, inner);
        assume(inner, x.where);
      }
      visit(x.value, inner);
    } else if (x.kind === "if") {
      visit(x.condition, here);
      for (const [side, truth] of [[x.then, true] as const, [x.otherwise, false] as const]) {
        const inner = here.inner();
        assume(inner, x.condition, truth);
        visit(side, inner);
      }
    } else mapExprParts(x, parts(here));
  };
  visit(e, facts);
  return harmless;
}

// Out of loops.

/** The statements of a loop's body that make the same names with the same values in every turn. */
function hoistStatements(s: Stmt & { readonly kind: "for" | "loop" }, facts: Facts): Block {
  const before: Stmt[] = [];
  let body = s.body;
  for (;;) {
    const inside = effectsOfStmt({ ...s, body });
    const made = effectsOfBlock(body);
    const own = new Set([...(s.kind === "for" ? [s.var.id] : [s.turn.id, s.turns.id]), ...made.madeVars]);
    const still = (e: Effects): boolean =>
      !disturbs(inside, e) &&
      ![...e.readVars].some((id) => own.has(id)) &&
      ![...e.readArrays].some((id) => made.madeArrays.has(id)) &&
      !disturbs(made, e);
    const at = body.findIndex((t) => isInvariant(t, facts) && still(effectsOfStmt(t)));
    const found = body[at];
    if (!found) return before.length === 0 ? [s] : [...before, { ...s, body }];
    before.push(found);
    if (found.kind === "let") facts.define(found.var, found.value);
    body = body.filter((_, k) => k !== at);
  }
}

function isInvariant(s: Stmt, facts: Facts): boolean {
  if (effectsOfStmt(s).fails) return false;
  if (s.kind === "let") return !s.var.mutable && isHarmless(s.value, facts);
  if (s.kind !== "nest" || s.nest.mode !== "define" || s.nest.yields.some((y) => y.array.mutable)) return false;
  const whole: Expr[] = s.nest.yields.map((y) => ({
    kind: "block",
    body: s.nest.body,
    value: y.value,
    type: y.value.type,
  }));
  const inner = facts.inner();
  for (const a of s.nest.axes) inner.axis(a.var, a.lo, a.hi);
  return (
    s.nest.yields.every((y) => y.array.shape.every((n) => isSizeAnywhere(n, facts))) &&
    whole.every((e) => isHarmless(e, inner))
  );
}

/** A shape that no condition around it keeps from being negative. */
const isSizeAnywhere = (n: Size, facts: Facts): boolean => isLess(sizeConstant(-1), n, facts);

// Out of points.

/** An iterator around an expression inside its statement. */
type Around = Axis;

class Hoister {
  private readonly made: Stmt[] = [];
  private readonly known = new Map<string, Expr>();
  private readonly inside: ReadonlySet<number>;

  constructor(
    private readonly stmt: Stmt,
    private readonly facts: Facts,
    private readonly fresh: FreshId,
    private readonly target: PassOptions["target"],
  ) {
    this.inside = namesInside(stmt);
  }

  run(): Block {
    const s = this.stmt;
    if (s.kind === "nest") {
      // The bounds and the condition stay; the body and the values run at every point.
      const inner = this.parts(s.nest.axes);
      const nest = mapNestParts({ ...s.nest, axes: [] }, inner);
      const same = nest.body === s.nest.body && nest.where === s.nest.where && nest.yields === s.nest.yields;
      return same ? [s] : [...this.made, { ...s, nest: { ...nest, axes: s.nest.axes } }];
    }
    const to = mapStmtParts(s, this.parts([]));
    return to === s ? [s] : [...this.made, to];
  }

  private parts = (around: readonly Around[]): Parts => ({
    expr: (e) => this.expr(e, around),
    block: (b) => this.block(b, around),
  });

  /** Statements of a point: what they compute may be hoisted out of the point, unless it speaks of names made there. */
  private block(b: Block, around: readonly Around[]): Block {
    let changed = false;
    const out = b.map((s) => {
      const to = s.kind === "let" ? mapStmtParts(s, this.parts(around)) : s;
      if (to !== s) changed = true;
      return to;
    });
    return changed ? out : b;
  }

  private expr(e: Expr, around: readonly Around[]): Expr {
    if (around.length > 0) {
      const hoisted = this.hoisted(e, around);
      if (hoisted) return hoisted;
    }
    if (e.kind !== "reduce") return mapExprParts(e, this.parts(around));
    const inner = this.parts([...around, ...e.axes]);
    const where = e.where ? inner.expr(e.where) : undefined;
    const value = inner.expr(e.value);
    return value === e.value && where === e.where ? e : { ...e, ...(where ? { where } : {}), value };
  }

  /** A name for the value of `e`, which is computed before the statement, where that is sound and pays. */
  private hoisted(e: Expr, around: readonly Around[]): Expr | undefined {
    const reads = effectsOf(e);
    if (reads.fails || e.kind === "const" || e.kind === "var" || e.kind === "load") return undefined;
    const uses = around.filter((a) => reads.readVars.has(a.var.id));
    if (uses.length === around.length || !pays(e, uses.length > 0, this.target)) return undefined;
    if ([...reads.readVars, ...reads.readArrays].some((id) => this.inside.has(id)) || uses.length > 4) return undefined;
    if (!uses.every((a) => isPlain(a, around))) return undefined;
    const inner = this.facts.inner();
    for (const a of uses) inner.axis(a.var, a.lo, a.hi);
    if (!isHarmless(e, inner)) return undefined;
    return this.name(e, uses);
  }

  private name(e: Expr, uses: readonly Axis[]): Expr {
    const index = uses.map((a) => varExpr(a.var));
    const { at } = this.stmt;
    if (uses.length === 0) {
      const key = exprKey(e);
      const before = key && this.known.get(key);
      if (before) return before;
      const v: Var = { id: this.fresh(), name: nameFor(e), type: e.type, mutable: false };
      const value = new Copier({ fresh: this.fresh }).expr(e);
      this.made.push({ kind: "let", var: v, value, at });
      if (key) this.known.set(key, varExpr(v));
      return varExpr(v);
    }
    const shape = uses.map((a) => polynomialOf(a.hi) ?? sizeConstant(0));
    const array: ArrayVar = { id: this.fresh(), name: nameFor(e), type: e.type, shape, role: "local", mutable: false };
    const draft: Nest = { mode: "define", axes: uses, body: [], yields: [{ array, index, value: e }] };
    const nest = new Copier({ fresh: this.fresh, arrays: new Map([[array.id, array]]) }).nest(draft);
    const value = exprKey({ kind: "reduce", reducer: "sum", axes: uses, value: e, type: e.type });
    const space = spaceKey(uses);
    const key = value && space && `${space}${value}`;
    const load = (from: ArrayVar): Expr => ({ kind: "load", array: from, index, type: from.type });
    const before = key ? this.known.get(key) : undefined;
    if (before?.kind === "load") return load(before.array);
    this.made.push({ kind: "nest", nest, at });
    if (key) this.known.set(key, load(array));
    return load(array);
  }
}

/** The axis starts at 0 and its end is a size that no other axis speaks of, so that an array may stand over it. */
function isPlain(a: Axis, around: readonly Axis[]): boolean {
  const lo = polynomialOf(a.lo);
  const hi = polynomialOf(a.hi);
  return (
    lo !== undefined &&
    equalSizes(lo, sizeConstant(0)) &&
    hi !== undefined &&
    constantOf(hi) === undefined &&
    symbolsOfSize(hi).every((s) => around.every((o) => o.var.id !== s.id))
  );
}

/** `tabulated`: the value goes through memory, and that must be worth it. */
function pays(e: Expr, tabulated: boolean, target: PassOptions["target"]): boolean {
  const c = costOf(e);
  // Subscripts are left to the schedules, which count along.
  if (e.type === "i32" && c.reductions === 0) return false;
  if (c.reductions > 0) return true;
  if (tabulated) return c.cheap + 8 * c.dear >= 8;
  // On the GPU a scalar is a step of its own, and each invocation has it sooner by itself.
  return target === "wasm" && (c.dear > 0 || c.cheap >= 2);
}

const nameFor = (e: Expr): string => (e.kind === "reduce" ? e.reducer : e.kind === "op" ? e.op : "value");

/** Names that the statement makes inside, at any depth: what speaks of them can't stand before it. */
function namesInside(s: Stmt): ReadonlySet<number> {
  const names = new Set<number>();
  walkBlock([s], {
    stmt: (t) => {
      const e = effectsOfStmt(t);
      if (t !== s) for (const id of [...e.madeVars, ...e.madeArrays]) names.add(id);
      return true;
    },
  });
  return names;
}
