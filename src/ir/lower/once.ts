// Whether an `each` writes every element at most once: the subscripts tell the axes apart.
import { constantOf, type Size, sizeConstant, subtractSizes, symbolsOfSize } from "../../compiler/size.js";
import type { Axis, Expr } from "../nest.js";
import { splitBy } from "../range/atoms.js";
import { type Facts, isAtMost, isNotNegative } from "../range/index.js";

/**
 * Each axis is found from a subscript that is linear in it and otherwise made of axes that have been found, or of two axes where one
 * counts blocks that are at least as long as the other's range.
 */
export function hitsOnce(index: readonly Expr[], axes: readonly Axis[], facts: Facts): boolean {
  const open = new Map(axes.map((a) => [a.var.id, a]));
  const subscripts = index.map((e) => facts.polynomial(e));
  for (let found = true; found && open.size > 0; ) {
    found = false;
    for (const s of subscripts) {
      const unknown = symbolsOfSize(s).filter((x) => open.has(x.id));
      const isOpaque = symbolsOfSize(s).some((x) => x.id < 0);
      if (isOpaque) continue;
      const axis = unknown[0];
      const tells =
        (unknown.length === 1 && axis !== undefined && isLinear(s, axis.id, facts)) ||
        (unknown.length === 2 &&
          isMixed(
            s,
            unknown.map((x) => open.get(x.id) as Axis),
            facts,
          ));
      if (!tells) continue;
      for (const x of unknown) open.delete(x.id);
      found = true;
    }
  }
  return open.size === 0;
}

/** `c * axis + rest` with a `c` that is not 0. */
function isLinear(s: Size, id: number, facts: Facts): boolean {
  const { factor, rest } = splitBy(s, `${id}`);
  const speaks = (p: Size): boolean => symbolsOfSize(p).some((x) => x.id === id);
  if (speaks(factor) || speaks(rest)) return false;
  const c = constantOf(factor);
  if (c !== undefined) return c !== 0;
  const one = sizeConstant(1);
  return isNotNegative(subtractSizes(factor, one), facts);
}

/** `a * block + b + rest` where `b` runs over no more than `block` values that start at a constant. */
function isMixed(s: Size, axes: readonly Axis[], facts: Facts): boolean {
  const [a, b] = axes;
  if (!a || !b) return false;
  return isBlocked(s, a, b, facts) || isBlocked(s, b, a, facts);
}
function isBlocked(s: Size, a: Axis, b: Axis, facts: Facts): boolean {
  const outer = splitBy(s, `${a.var.id}`);
  const inner = splitBy(outer.rest, `${b.var.id}`);
  const others = [outer.factor, inner.factor, inner.rest].flatMap(symbolsOfSize);
  if (others.some((x) => x.id === a.var.id || x.id === b.var.id)) return false;
  if (constantOf(inner.factor) !== 1) return false;
  const lo = facts.polynomial(b.lo);
  const hi = facts.polynomial(b.hi);
  const speaksOf = (p: Size): boolean => symbolsOfSize(p).some((x) => x.id === a.var.id);
  if (speaksOf(lo) || speaksOf(hi)) return false;
  return isAtMost(subtractSizes(hi, lo), outer.factor, facts);
}
