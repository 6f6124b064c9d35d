// Whether the points of a nest may write in any order, and in lanes, while others still read: every read of a nest sees what was there
// before it, so a read of what the nest writes is harmless at the element that its own point writes, and where no point writes.
import { equalSizes, type Size, sizeConstant, subtractSizes } from "../compiler/size.js";
import type { Block, Expr, Nest, Yield } from "./nest.js";
import { Copier, type FreshId } from "./nest-copy.js";
import { type Viewer, viewExprParts, viewStmtParts } from "./nest-view.js";
import { walkNest } from "./nest-walk.js";
import { assume, type Facts, isLess } from "./range/index.js";

export type Load = Extract<Expr, { readonly kind: "load" }>;

/** The reads that another point may have overwritten. `facts` are what holds around the nest. */
export function conflictingLoads(nest: Nest, facts: Facts, fresh: FreshId): readonly Load[] {
  if (nest.mode === "define") return [];
  const conflicts: Load[] = [];
  const written = new Map<number, Yield[]>();
  for (const y of nest.yields) written.set(y.array.id, [...(written.get(y.array.id) ?? []), y]);
  // Most nests read nothing of what they write: no facts are needed for them.
  if (!reads(nest, written)) return [];

  const point = facts.inner();
  for (const a of nest.axes) point.axis(a.var, a.lo, a.hi);
  const other = new Copier({ fresh }).nest(nest);
  for (const a of other.axes) point.axis(a.var, a.lo, a.hi);
  if (other.where) assume(point, other.where);

  const see = (e: Load, here: Facts): void => {
    for (const y of written.get(e.array.id) ?? []) {
      const elsewhere = other.yields[nest.yields.indexOf(y)]?.index ?? y.index;
      if (!isOwn(e, y, nest, here) && !isApart(e.index, elsewhere, here)) {
        conflicts.push(e);
        return;
      }
    }
  };
  const walk = (here: Facts): Viewer => ({
    expr: (e) => walkExpr(e, here),
    block: (b) => walkBlock(b, here.inner()),
  });
  const walkExpr = (e: Expr, here: Facts): void => {
    if (e.kind === "load") see(e, here);
    if (e.kind === "if") {
      walkExpr(e.condition, here);
      for (const [side, truth] of [[e.then, true] as const, [e.otherwise, false] as const]) {
        const inner = here.inner();
        assume(inner, e.condition, truth);
        walkExpr(side, inner);
      }
    } else if (e.kind === "reduce") {
      const inner = here.inner();
      for (const a of e.axes) inner.axis(a.var, a.lo, a.hi);
      for (const a of e.axes) for (const bound of [a.lo, a.hi]) walkExpr(bound, here);
      if (e.where) {
        walkExpr(e.where, inner);
        assume(inner, e.where);
      }
      walkExpr(e.value, inner);
    } else if (e.kind === "block") {
      const inner = here.inner();
      walkBlock(e.body, inner);
      walkExpr(e.value, inner);
    } else viewExprParts(e, walk(here));
  };
  const walkBlock = (b: Block, here: Facts): void => {
    for (const s of b) {
      if (s.kind === "let") {
        walkExpr(s.value, here);
        here.define(s.var, s.value);
      } else if (s.kind === "for" || s.kind === "nest") {
        const inner = here.innerOfLoop();
        for (const a of s.kind === "for" ? [s] : s.nest.axes) inner.axis(a.var, a.lo, a.hi);
        viewStmtParts(s, walk(inner));
      } else viewStmtParts(s, walk(here.innerOfLoop()));
    }
  };

  for (const a of nest.axes) for (const e of [a.lo, a.hi]) walkExpr(e, facts);
  if (nest.where) {
    walkExpr(nest.where, point);
    assume(point, nest.where);
  }
  walkBlock(nest.body, point);
  for (const y of nest.yields) for (const e of [...y.index, y.value]) walkExpr(e, point);
  return conflicts;
}

function reads(nest: Nest, arrays: ReadonlyMap<number, unknown>): boolean {
  let found = false;
  walkNest(nest, {
    expr: (e) => {
      if (e.kind === "load" && arrays.has(e.array.id)) found = true;
      return !found;
    },
  });
  return found;
}

/** The element that the same point writes by `y`, and no other point does. */
function isOwn(load: Load, y: Yield, nest: Nest, facts: Facts): boolean {
  const same = load.index.every((i, d) => {
    const w = y.index[d];
    return w !== undefined && equalSizes(facts.polynomial(i), facts.polynomial(w));
  });
  // What is added to may be hit by many points.
  const straight = (): boolean =>
    nest.axes.every((a) => y.index.some((i) => i.kind === "var" && i.var.id === a.var.id));
  return same && (nest.mode === "assign" || straight());
}

/** The two places differ: were they equal in all other dimensions, one of them would differ still. */
function isApart(a: readonly Expr[], b: readonly Expr[], facts: Facts): boolean {
  const differences: Size[] = a.map((i, d) => subtractSizes(facts.polynomial(i), facts.polynomial(b[d] ?? i)));
  const zero = sizeConstant(0);
  if (differences.some(neverZero)) return true;
  return a.some((i, d) => {
    const inner = facts.inner();
    differences.forEach((difference, k) => {
      if (k === d) return;
      inner.notNegative(difference);
      inner.notNegative(subtractSizes(zero, difference));
    });
    const w = b[d] ?? i;
    return isLess(i, w, inner) || isLess(w, i, inner);
  });
}

/** Even against odd: what divides all coefficients does not divide the constant. */
function neverZero(difference: Size): boolean {
  const gcd = (x: number, y: number): number => (y === 0 ? Math.abs(x) : gcd(y, x % y));
  let divisor = 0;
  let constant = 0;
  for (const t of difference.terms) {
    if (t.atoms.length === 0) constant = t.coefficient;
    else divisor = gcd(divisor, t.coefficient);
  }
  return divisor === 0 ? constant !== 0 : constant % divisor !== 0;
}
