// Proofs that a polynomial is not negative where some facts hold: a bounded search that replaces one unknown after the other by a bound of it
// until all terms are plainly not negative. It says yes only where that is so; a no means nothing.
import {
  addScaled,
  addSizes,
  constantOf,
  multiplySizes,
  negateSize,
  type Size,
  type SizeAtom,
  sizeConstant,
  sizeKey,
  subtractSizes,
} from "../../compiler/size.js";
import type { Expr } from "../nest.js";
import { atomsOf, replaceAtom, sizeOfAtom, splitBy } from "./atoms.js";
import { type Bound, boundsIn, Inequality, isNotBelowZero, type Known } from "./bounds.js";
import type { Facts } from "./facts.js";

/** How many polynomials one proof may look at, those of its cases too, and how many replacements deep. */
const mostSteps = 400;
const mostDepth = 9;

export function isNotNegative(s: Size, facts: Facts): boolean {
  const size = facts.expand(s);
  const { answers } = facts.known();
  const key = sizeKey(size);
  const known = answers.get(key) ?? new Search(facts).prove(size, mostDepth);
  answers.set(key, known);
  return known;
}

/** `a <= b` for sizes or `i32` expressions. */
export const isAtMost = (a: Size | Expr, b: Size | Expr, facts: Facts): boolean =>
  isNotNegative(subtractSizes(sizeFrom(b, facts), sizeFrom(a, facts)), facts);
export const isLess = (a: Size | Expr, b: Size | Expr, facts: Facts): boolean =>
  isNotNegative(addSizes(subtractSizes(sizeFrom(b, facts), sizeFrom(a, facts)), sizeConstant(-1)), facts);

/** `0 <= index < size`. */
export const isInRange = (index: Expr, size: Size, facts: Facts): boolean =>
  isAtMost(sizeConstant(0), index, facts) && isLess(index, size, facts);

/** Notes that `condition` has this truth, in `facts`. */
export const assume = (facts: Facts, condition: Expr, truth = true): void =>
  facts.assume(condition, truth, isNotNegative);

const sizeFrom = (x: Size | Expr, facts: Facts): Size => ("terms" in x ? x : facts.polynomial(x));

const rank = (a: SizeAtom): number =>
  a.kind === "div" ? -1 : a.symbol.id < 0 ? Number.MAX_SAFE_INTEGER + a.symbol.id : a.symbol.id;

/** The highest first; there are few. */
function sortByRank(atoms: SizeAtom[]): void {
  for (let k = 1; k < atoms.length; k++) {
    const a = atoms[k] as SizeAtom;
    let at = k;
    for (; at > 0 && rank(atoms[at - 1] as SizeAtom) < rank(a); at--) atoms[at] = atoms[at - 1] as SizeAtom;
    atoms[at] = a;
  }
}

class Search {
  private failed: Map<string, number> | undefined;
  private readonly known: Known;

  constructor(
    private readonly facts: Facts,
    private readonly budget = { steps: mostSteps },
  ) {
    this.known = facts.known();
  }

  prove(p: Size, depth: number): boolean {
    const constant = constantOf(p);
    if (constant !== undefined) return constant >= 0;
    if (this.hasNoNegative(p)) return true;
    if (depth === 0 || this.budget.steps-- <= 0) return false;
    const key = sizeKey(p);
    this.failed ??= new Map();
    if ((this.failed.get(key) ?? -1) >= depth) return false;
    this.failed.set(key, depth);
    // Unknowns and the innermost names first: their bounds speak of the others.
    const atoms = atomsOf(p);
    sortByRank(atoms);
    for (const a of atoms) if (this.eliminate(p, a, depth)) return true;
    return false;
  }

  private hasNoNegative(p: Size): boolean {
    for (const t of p.terms) {
      if (t.coefficient < 0) return false;
      for (const a of t.atoms) if (!this.atomNotNegative(a)) return false;
    }
    return true;
  }

  private atomNotNegative(a: SizeAtom): boolean {
    if (a.kind === "div") return this.notNegativeQuotient(a);
    const key = a.key;
    if (this.known.boundsOf(key).some(isNotBelowZero)) return true;
    return boundsIn(this.facts.unknown(a.symbol.id)?.bounds ?? [], key).some(isNotBelowZero);
  }
  private notNegativeQuotient(a: SizeAtom & { readonly kind: "div" }): boolean {
    return this.positive(a.denominator) && this.prove(a.numerator, 3);
  }
  private positive(s: Size): boolean {
    return this.prove(addSizes(s, sizeConstant(-1)), 4);
  }

  private eliminate(p: Size, a: SizeAtom, depth: number): boolean {
    const key = a.key;
    const { factor, rest } = splitBy(p, key);
    const sign = this.signOf(factor);
    if (a.kind === "div" && this.eliminateQuotient(a, factor, rest, depth)) return true;
    if (sign !== 0) {
      const c = constantOf(factor);
      const replaces = (bound: Bound): boolean => {
        // c * atom + g >= 0 bounds the atom from below where c > 0: right for a factor that is not negative.
        if (Math.sign(bound.factor) !== sign) return false;
        const size = Math.abs(bound.factor);
        const next =
          c === undefined
            ? addScaled(multiplySizes(bound.rest, factor), -sign, rest, size)
            : addScaled(bound.rest, -sign * c, rest, size);
        return this.prove(next, depth - 1);
      };
      if (this.known.boundsOf(key).some(replaces) || this.ownBounds(a, key).some(replaces)) return true;
    }
    const unknown = a.kind === "symbol" ? this.facts.unknown(a.symbol.id) : undefined;
    if (unknown && unknown.cases.length > 0)
      return unknown.cases.every(({ value, assume: under }) => {
        const inner = this.facts.inner();
        under(inner);
        return new Search(inner, this.budget).prove(inner.expand(replaceAtom(p, key, value)), Math.min(depth - 1, 5));
      });
    return false;
  }

  private signOf(s: Size): 1 | -1 | 0 {
    const c = constantOf(s);
    if (c !== undefined) return c > 0 ? 1 : c < 0 ? -1 : 0;
    if (this.prove(s, 3)) return 1;
    return this.prove(negateSize(s), 3) ? -1 : 0;
  }

  /** For a quotient d = a div b with b > 0: d <= u just where a < (u + 1) * b, and d >= l just where a >= l * b. */
  private eliminateQuotient(d: SizeAtom & { readonly kind: "div" }, factor: Size, rest: Size, depth: number): boolean {
    const c = constantOf(factor);
    if ((c !== 1 && c !== -1) || !this.positive(d.denominator)) return false;
    const next =
      c === -1
        ? subtractSizes(
            multiplySizes(addSizes(rest, sizeConstant(1)), d.denominator),
            addSizes(d.numerator, sizeConstant(1)),
          )
        : addSizes(d.numerator, multiplySizes(rest, d.denominator));
    return this.prove(next, depth - 1);
  }

  private ownBounds(a: SizeAtom, key: string): readonly Bound[] {
    if (a.kind === "symbol") return boundsIn(this.facts.unknown(a.symbol.id)?.bounds ?? [], key);
    if (!this.positive(a.denominator)) return [];
    const remainder = subtractSizes(a.numerator, multiplySizes(a.denominator, sizeOfAtom(a)));
    const all = [remainder, subtractSizes(addSizes(a.denominator, sizeConstant(-1)), remainder)];
    return boundsIn(
      all.map((size) => new Inequality(size, false)),
      key,
    );
  }
}
