// Polynomials taken apart by one of their atoms: what bounds of sizes are proven with.
import {
  addSizes,
  divideSizes,
  multiplySizes,
  type Size,
  type SizeAtom,
  SizeTerm,
  sizeConstant,
  sizeOf,
  sumOfTerms,
} from "../../compiler/size.js";

/** An atom as a polynomial. */
export const sizeOfAtom = (a: SizeAtom): Size =>
  a.kind === "symbol" ? sizeOf(a.symbol) : { terms: [new SizeTerm(1, [a])] };

/** The atoms of a polynomial, each once; those inside a quotient are not looked at. There are few of them. */
export function atomsOf(s: Size): SizeAtom[] {
  const found: SizeAtom[] = [];
  for (const t of s.terms) for (const a of t.atoms) if (placeOf(a.key, found) < 0) found.push(a);
  return found;
}

function placeOf(key: string, atoms: readonly SizeAtom[]): number {
  for (let k = 0; k < atoms.length; k++) if (atoms[k]?.key === key) return k;
  return -1;
}

const none: readonly SizeAtom[] = [];

/** `s` as `factor * atom + rest`, where `rest` is free of the atom. */
export function splitBy(s: Size, key: string): { readonly factor: Size; readonly rest: Size } {
  let factor: SizeTerm[] | undefined;
  let rest: SizeTerm[] | undefined;
  for (let n = 0; n < s.terms.length; n++) {
    const t = s.terms[n] as SizeTerm;
    const at = placeOf(key, t.atoms);
    if (at < 0) {
      rest?.push(t);
      continue;
    }
    rest ??= s.terms.slice(0, n);
    factor ??= [];
    factor.push(new SizeTerm(t.coefficient, t.atoms.length === 1 ? none : t.atoms.filter((_, k) => k !== at)));
  }
  // Taking an atom out of terms may change their order.
  return { factor: factor ? sumOfTerms(factor) : sizeConstant(0), rest: rest ? { terms: rest } : s };
}

/** `to` in the place of an atom, inside quotients too. */
export function replaceAtom(s: Size, key: string, to: Size): Size {
  const kept = s.terms.filter((t) => !t.atoms.some((a) => mentions(a, key)));
  if (kept.length === s.terms.length) return s;
  let sum: Size = { terms: kept };
  for (const t of s.terms) {
    if (!t.atoms.some((a) => mentions(a, key))) continue;
    let product = sizeConstant(t.coefficient);
    for (const a of t.atoms) product = multiplySizes(product, replaced(a, key, to));
    sum = addSizes(sum, product);
  }
  return sum;
}

const mentions = (a: SizeAtom, key: string): boolean =>
  a.key === key || (a.kind === "div" && [a.numerator, a.denominator].some((s) => mentionsIn(s, key)));
const mentionsIn = (s: Size, key: string): boolean => s.terms.some((t) => t.atoms.some((a) => mentions(a, key)));

function replaced(a: SizeAtom, key: string, to: Size): Size {
  if (a.key === key) return to;
  if (a.kind === "symbol") return sizeOf(a.symbol);
  return divideSizes(replaceAtom(a.numerator, key, to), replaceAtom(a.denominator, key, to));
}
