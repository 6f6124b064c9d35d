// Fuse: puts what a `define` nest computes where its elements are read, and drops the nest.
//
// Needs: simplified subscripts. Removes: arrays between nests. Adds: longer expressions in their consumers, or a `let` in the point where
// several reads share a value.
// It stands after simplify and lift, whose nests it joins, and before the passes that look for whole patterns (hoist, merge, scan): views,
// slices and transposes are gone then, an elementwise consumer is the epilogue of its contraction, and an elementwise producer stands in
// the operands of its contraction.
//
// A nest is inlined only where that is sound: it can't fail, all its reads are without checks, and nothing it reads changes before the
// last of them. And only where it pays: nothing dear is computed at more points than before, and no reduction moves into another one, or to
// where only some points come (schedules take the reductions of all points at once).

import { equalSizes } from "../../compiler/size.js";
import { type Cost, costOf, isFree } from "../cost.js";
import { disturbs, type Effects, effectsOf, effectsOfStmt } from "../effects.js";
import type { ArrayVar, Axis, Block, Expr, Kernel, Nest, Stmt, Var } from "../nest.js";
import { Copier, copyExpr, type FreshId, freshIds, shapeSymbols } from "../nest-copy.js";
import { exprKey } from "../nest-key.js";
import { rewriteScopes, type Scope } from "../nest-scopes.js";
import { mapExprParts, mapStmtParts, type Parts, rewriteBlock, rewriteExpr } from "../nest-walk.js";
import { polynomialOf, varExpr } from "../polynomial.js";
import { mentions } from "../schedule/access.js";

export function fuse(kernel: Kernel): Kernel {
  const fresh = freshIds(kernel);
  const pinned = new Set(kernel.results.flatMap((r) => (r.kind === "array" ? [r.array.id] : [])));
  return rewriteScopes(kernel, (scope) => fuseScope(scope, pinned, fresh));
}

/** What a `define` nest computes for one element, as an expression in its axes. */
interface Producer {
  readonly array: ArrayVar;
  readonly axes: readonly Axis[];
  readonly value: Expr;
  readonly effects: Effects;
  readonly cost: Cost;
}

/** A read of the producer's array: what runs around it inside its statement, outermost first. */
interface Use {
  readonly load: Load;
  readonly around: readonly Around[];
  /** Only some points come to it: it stands in an `if` whose condition speaks of the point. */
  readonly isChosen: boolean;
}
type Load = Extract<Expr, { readonly kind: "load" }>;
interface Around {
  readonly var: Var;
  readonly axis?: Axis;
  readonly of: "nest" | "reduce" | "loop";
}

function fuseScope(scope: Scope, pinned: ReadonlySet<number>, fresh: FreshId): Scope {
  let now = scope;
  // A producer that is inlined makes its consumer longer, and that may be a producer again: in program order each is judged once.
  for (let k = 0; k < now.body.length; k++) {
    const s = now.body[k];
    const producer = s?.kind === "nest" ? producerOf(s.nest, pinned) : undefined;
    if (!producer) continue;
    const fused = inlineProducer(now, k, producer, fresh);
    if (!fused) continue;
    now = fused;
    k--;
  }
  return now;
}

function producerOf(nest: Nest, pinned: ReadonlySet<number>): Producer | undefined {
  const [only] = nest.yields;
  if (nest.mode !== "define" || !only || nest.yields.length !== 1 || pinned.has(only.array.id)) return undefined;
  const { array } = only;
  const value: Expr = nest.body.length
    ? { kind: "block", body: nest.body, value: only.value, type: only.value.type }
    : only.value;
  const effects = effectsOf(value);
  return effects.fails ? undefined : { array, axes: nest.axes, value, effects, cost: costOf(value) };
}

/** The scope with statement `k`, the producer, inlined; `undefined` where that must not be or does not pay. */
function inlineProducer(scope: Scope, k: number, p: Producer, fresh: FreshId): Scope | undefined {
  const after = scope.body.slice(k + 1);
  const uses: { readonly at: number; readonly uses: readonly Use[] }[] = [];
  let disturbed = false;
  for (const [n, s] of after.entries()) {
    const effects = effectsOfStmt(s);
    if (effects.writtenArrays.has(p.array.id)) return undefined;
    if (effects.readArrays.has(p.array.id)) {
      if (disturbed || !readsFirst(s, p)) return undefined;
      const found = usesIn(s, p.array);
      if (!found) return undefined;
      uses.push({ at: n, uses: found });
    }
    if (disturbs(effects, p.effects)) disturbed = true;
  }
  const inTail = scope.tail.flatMap((e) => usesInExpr(e, p.array));
  if (inTail.length > 0 && disturbed) return undefined;
  const all = [...uses.flatMap((u) => u.uses), ...inTail];
  if (all.length === 0 || !all.every((u) => isInlinable(u, p))) return undefined;

  const shared = uses.length === 1 && inTail.length === 0 ? after[uses[0]?.at ?? 0] : undefined;
  const put = (load: Load): Expr => elementOf(p, load.index, fresh);
  const inlineAll = (s: Stmt): Stmt => rewriteStmt(s, p.array, put);
  let change = inlineAll;
  if (!pays(p, all, shared)) {
    // Too dear to be computed for each read; but where all reads of a point are of one element, once a point will do.
    if (!shared || !sharesPoint(shared, p, all)) return undefined;
    change = (s) => bindInPoint(s, p, all, fresh);
  }
  const body = [
    ...scope.body.slice(0, k),
    ...after.map((s) => (effectsOfStmt(s).readArrays.has(p.array.id) ? change(s) : s)),
  ];
  return { body, tail: scope.tail.map((e) => rewriteExpr(e, { expr: (x) => (isLoadOf(x, p.array) ? put(x) : x) })) };
}

/** The statement computes all that it reads before it writes anything that the producer reads. */
function readsFirst(s: Stmt, p: Producer): boolean {
  if (!disturbs(effectsOfStmt(s), p.effects)) return true;
  if (s.kind === "nest") return s.nest.mode === "assign";
  return s.kind === "set" || s.kind === "store";
}

const isLoadOf = (e: Expr, array: ArrayVar): e is Load => e.kind === "load" && e.array.id === array.id;

/** `undefined` where the array is used otherwise than by reads of elements. */
function usesIn(s: Stmt, array: ArrayVar): readonly Use[] | undefined {
  const uses: Use[] = [];
  const handed = collectUses({ stmt: s }, array, uses);
  return handed ? undefined : uses;
}
function usesInExpr(e: Expr, array: ArrayVar): readonly Use[] {
  const uses: Use[] = [];
  collectUses({ expr: e }, array, uses);
  return uses;
}

function collectUses(root: { readonly stmt?: Stmt; readonly expr?: Expr }, array: ArrayVar, uses: Use[]): boolean {
  let handed = false;
  let isChosen = false;
  let around: readonly Around[] = [];
  /** Names that the points, turns and blocks have for themselves. */
  const inside = new Set<number>();
  const within = (more: readonly Around[], f: () => void): void => {
    const outer = around;
    around = [...outer, ...more];
    for (const a of more) inside.add(a.var.id);
    f();
    around = outer;
  };
  const axisAround = (axes: readonly Axis[], of: Around["of"]): Around[] =>
    axes.map((axis) => ({ var: axis.var, axis, of }));
  const parts: Parts = {
    expr: (e) => {
      if (isLoadOf(e, array)) uses.push({ load: e, around, isChosen });
      if (e.kind === "if") {
        parts.expr(e.condition);
        const outer = isChosen;
        isChosen ||= mentions(e.condition, inside);
        parts.expr(e.then);
        parts.expr(e.otherwise);
        isChosen = outer;
      } else within(e.kind === "reduce" ? axisAround(e.axes, "reduce") : [], () => mapExprParts(e, parts));
      return e;
    },
    block: (b) => {
      for (const s of b) stmt(s);
      return b;
    },
  };
  const stmt = (s: Stmt): void => {
    if (s.kind === "host" && s.arrays.some((a) => a.id === array.id)) handed = true;
    if (s.kind === "let") inside.add(s.var.id);
    const more: Around[] =
      s.kind === "nest"
        ? axisAround(s.nest.axes, "nest")
        : s.kind === "for"
          ? [{ var: s.var, of: "loop" }]
          : s.kind === "loop"
            ? [{ var: s.turn, of: "loop" }]
            : [];
    within(more, () => mapStmtParts(s, parts));
  };
  if (root.stmt) stmt(root.stmt);
  if (root.expr) parts.expr(root.expr);
  return handed;
}

/** The subscripts are unchecked and can stand for the axes, in shapes too. */
function isInlinable(u: Use, p: Producer): boolean {
  if (effectsOf(u.load).fails) return false;
  const inShapes = shapeSymbols(p.value);
  return p.axes.every((a, d) => {
    const index = u.load.index[d];
    return index !== undefined && (!inShapes.has(a.var.id) || polynomialOf(index) !== undefined);
  });
}

/** Each element is read at most once by this use: every loop around it is a subscript. */
const readsOnce = (u: Use): boolean =>
  u.around.every((a) => u.load.index.some((i) => i.kind === "var" && i.var.id === a.var.id));

function pays(p: Producer, uses: readonly Use[], shared: Stmt | undefined): boolean {
  if (isFree(p.value)) return true;
  const once = uses.every(readsOnce);
  if (p.cost.reductions > 0) return uses.length === 1 && once && !uses[0]?.isChosen && takesReduction(shared);
  if (uses.length === 1 && once) return true;
  if (p.cost.dear > 0 || uses.some((u) => u.around.some((a) => a.of === "loop"))) return false;
  const work = p.cost.cheap + p.cost.loads;
  return once ? work * uses.length <= 16 : work <= 5 && uses.length <= 4;
}

/** A map whose point has no reduction yet: the reduction that comes in is then computed by the schedule of reductions, with an epilogue. */
function takesReduction(s: Stmt | undefined): boolean {
  if (s?.kind !== "nest") return false;
  const reduces = (e: Expr): boolean => costOf(e).reductions > 0;
  return (
    s.nest.body.every((t) => t.kind === "let" && !reduces(t.value)) &&
    s.nest.yields.every((y) => !reduces(y.value) && !y.index.some(reduces))
  );
}

/** All reads of a point of the nest are of one element, which is there at every point: the subscripts are axes that run over the array. */
function sharesPoint(s: Stmt, p: Producer, uses: readonly Use[]): boolean {
  if (s.kind !== "nest" || s.nest.where || (p.cost.reductions > 0 && !takesReduction(s))) return false;
  const [first] = uses;
  const axes = s.nest.axes;
  if (!first || axes.length !== first.load.index.length) return false;
  const key = first.load.index.map(exprKey).join();
  if (!uses.every((u) => u.load.index.map(exprKey).join() === key)) return false;
  if (usesInBounds(s.nest, p.array)) return false;
  return first.load.index.every((i, d) => {
    const axis = i.kind === "var" ? axes.find((a) => a.var.id === i.var.id) : undefined;
    const lo = axis && polynomialOf(axis.lo);
    const hi = axis && polynomialOf(axis.hi);
    const size = p.array.shape[d];
    return lo?.terms.length === 0 && hi !== undefined && size !== undefined && equalSizes(hi, size);
  });
}

const usesInBounds = (nest: Nest, array: ArrayVar): boolean =>
  nest.axes.some((a) => usesInExpr(a.lo, array).length + usesInExpr(a.hi, array).length > 0);

/** The value of the producer at `index`. */
function elementOf(p: Producer, index: readonly Expr[], fresh: FreshId): Expr {
  const vars = new Map(p.axes.map((a, d) => [a.var.id, index[d] ?? varExpr(a.var)]));
  return copyExpr(p.value, { vars, fresh });
}

function rewriteStmt(s: Stmt, array: ArrayVar, put: (load: Load) => Expr): Stmt {
  const [to] = rewriteBlock([s], { expr: (e) => (isLoadOf(e, array) ? put(e) : e) });
  return to ?? s;
}

/** Names the element at the head of the nest's point. */
function bindInPoint(s: Stmt, p: Producer, uses: readonly Use[], fresh: FreshId): Stmt {
  const index = uses[0]?.load.index;
  if (s.kind !== "nest" || !index) return s;
  const v: Var = { id: fresh(), name: p.array.name, type: p.array.type, mutable: false };
  const vars = new Map(p.axes.map((a, d) => [a.var.id, index[d] ?? varExpr(a.var)]));
  const c = new Copier({ vars, fresh });
  const lets: Block = p.value.kind === "block" ? c.block(p.value.body) : [];
  const value = c.expr(p.value.kind === "block" ? p.value.value : p.value);
  const inner = rewriteStmt(s, p.array, () => varExpr(v));
  if (inner.kind !== "nest") return s;
  const body: Block = [...lets, { kind: "let", var: v, value, at: s.at }, ...inner.nest.body];
  return { ...inner, nest: { ...inner.nest, body } };
}
