// Polynomials taken apart by one of their atoms: what bounds of sizes are proven with.
import {
  addSizes,
  atomKey,
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

/** The atoms of a polynomial, each once; those inside a quotient are not looked at. */
export function atomsOf(s: Size): readonly SizeAtom[] {
  const found = new Map<string, SizeAtom>();
  for (const t of s.terms) for (const a of t.atoms) found.set(atomKey(a), a);
  return [...found.values()];
}

/** `s` as `factor * atom + rest`, where `rest` is free of the atom. */
export function splitBy(s: Size, key: string): { readonly factor: Size; readonly rest: Size } {
  let factor: SizeTerm[] | undefined;
  let rest: SizeTerm[] | undefined;
  for (const [n, t] of s.terms.entries()) {
    const at = t.atoms.findIndex((a) => atomKey(a) === key);
    if (at < 0) {
      rest?.push(t);
      continue;
    }
    rest ??= s.terms.slice(0, n);
    factor ??= [];
    factor.push(
      new SizeTerm(
        t.coefficient,
        t.atoms.filter((_, k) => k !== at),
      ),
    );
  }
  // Taking an atom out of terms may change their order.
  return { factor: factor ? sumOfTerms(factor) : sizeConstant(0), rest: rest ? { terms: rest } : s };
}

export const scaleSize = (s: Size, by: number): Size => multiplySizes(s, sizeConstant(by));

/** `to` in the place of an atom, inside quotients too. */
export function replaceAtom(s: Size, key: string, to: Size): Size {
  let sum = sizeConstant(0);
  for (const t of s.terms) {
    let product = sizeConstant(t.coefficient);
    for (const a of t.atoms) product = multiplySizes(product, replaced(a, key, to));
    sum = addSizes(sum, product);
  }
  return sum;
}

function replaced(a: SizeAtom, key: string, to: Size): Size {
  if (atomKey(a) === key) return to;
  if (a.kind === "symbol") return sizeOf(a.symbol);
  return divideSizes(replaceAtom(a.numerator, key, to), replaceAtom(a.denominator, key, to));
}
