// Sizes: integer polynomials over symbols and floor divisions, in a normal form, so that equality is a comparison.
// Two sizes are equal when they are equal as polynomials; a `div` stands for itself (language, section 3).

/** What a polynomial's unknown is: a size parameter, a loop variable, a binder. Identity is `id`; `name` is for people. */
export interface SizeSymbol {
  readonly id: number;
  readonly name: string;
}

export type SizeAtom =
  | { readonly kind: "symbol"; readonly symbol: SizeSymbol }
  | { readonly kind: "div"; readonly numerator: Size; readonly denominator: Size };

/** A product: `coefficient` times each of `atoms`, which are in the order of their keys. */
export interface SizeTerm {
  readonly coefficient: number;
  readonly atoms: readonly SizeAtom[];
}

/** A sum of terms in the order of their keys, none zero; zero has no terms. */
export interface Size {
  readonly terms: readonly SizeTerm[];
}

const atomKey = (a: SizeAtom): string =>
  a.kind === "symbol" ? `${a.symbol.id}` : `(${sizeKey(a.numerator)}/${sizeKey(a.denominator)})`;
const monomialKey = (t: SizeTerm): string => t.atoms.map(atomKey).join("*");

/** A text that is the same for equal sizes and for them alone. */
export const sizeKey = (s: Size): string => s.terms.map((t) => `${t.coefficient}*${monomialKey(t)}`).join("+");

function normalise(terms: readonly SizeTerm[]): Size {
  const sum = new Map<string, SizeTerm>();
  for (const t of terms) {
    const key = monomialKey(t);
    const old = sum.get(key);
    sum.set(key, { coefficient: t.coefficient + (old?.coefficient ?? 0), atoms: t.atoms });
  }
  const kept = [...sum].filter(([, t]) => t.coefficient !== 0).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return { terms: kept.map(([, t]) => t) };
}

export const sizeConstant = (n: number): Size => ({ terms: n === 0 ? [] : [{ coefficient: n, atoms: [] }] });
export const sizeOf = (symbol: SizeSymbol): Size => ({
  terms: [{ coefficient: 1, atoms: [{ kind: "symbol", symbol }] }],
});
export const addSizes = (a: Size, b: Size): Size => normalise([...a.terms, ...b.terms]);
export const negateSize = (a: Size): Size => ({
  terms: a.terms.map((t) => ({ coefficient: -t.coefficient, atoms: t.atoms })),
});
export const subtractSizes = (a: Size, b: Size): Size => addSizes(a, negateSize(b));

export function multiplySizes(a: Size, b: Size): Size {
  const products = a.terms.flatMap((s) =>
    b.terms.map((t) => ({
      coefficient: s.coefficient * t.coefficient,
      atoms: [...s.atoms, ...t.atoms].sort((x, y) => (atomKey(x) < atomKey(y) ? -1 : 1)),
    })),
  );
  return normalise(products);
}

/** Floor division. Folded where both are constants, and where the divisor is a constant that divides every coefficient. */
export function divideSizes(a: Size, b: Size): Size {
  const by = constantOf(b);
  const n = constantOf(a);
  if (by !== undefined && by !== 0) {
    if (n !== undefined) return sizeConstant(Math.floor(n / by));
    if (a.terms.every((t) => t.coefficient % by === 0))
      return { terms: a.terms.map((t) => ({ coefficient: t.coefficient / by, atoms: t.atoms })) };
  }
  return { terms: [{ coefficient: 1, atoms: [{ kind: "div", numerator: a, denominator: b }] }] };
}

/** The value of a size without symbols, else `undefined`. */
export function constantOf(s: Size): number | undefined {
  if (s.terms.length === 0) return 0;
  const [t] = s.terms;
  return s.terms.length === 1 && t && t.atoms.length === 0 ? t.coefficient : undefined;
}

/** The symbol that a size is, when it is nothing else. */
export function symbolOf(s: Size): SizeSymbol | undefined {
  const [t] = s.terms;
  const [a] = t?.atoms ?? [];
  return s.terms.length === 1 && t?.coefficient === 1 && t.atoms.length === 1 && a?.kind === "symbol"
    ? a.symbol
    : undefined;
}

export const equalSizes = (a: Size, b: Size): boolean => sizeKey(a) === sizeKey(b);

/** Puts sizes in the place of symbols; a symbol for which `to` gives nothing stays. */
export function substituteSize(s: Size, to: (symbol: SizeSymbol) => Size | undefined): Size {
  let sum = sizeConstant(0);
  for (const t of s.terms) {
    let product = sizeConstant(t.coefficient);
    for (const a of t.atoms) {
      const factor =
        a.kind === "symbol"
          ? (to(a.symbol) ?? sizeOf(a.symbol))
          : divideSizes(substituteSize(a.numerator, to), substituteSize(a.denominator, to));
      product = multiplySizes(product, factor);
    }
    sum = addSizes(sum, product);
  }
  return sum;
}

/** The value where every symbol has one. A division by zero gives NaN. */
export function evaluateSize(s: Size, value: (symbol: SizeSymbol) => number): number {
  let sum = 0;
  for (const t of s.terms) {
    let product = t.coefficient;
    for (const a of t.atoms) {
      if (a.kind === "symbol") product *= value(a.symbol);
      else {
        const by = evaluateSize(a.denominator, value);
        product *= by === 0 ? Number.NaN : Math.floor(evaluateSize(a.numerator, value) / by);
      }
    }
    sum += product;
  }
  return sum;
}

/** Every symbol in a size, each once. */
export function symbolsOfSize(s: Size): readonly SizeSymbol[] {
  const found = new Map<number, SizeSymbol>();
  const visit = (size: Size): void => {
    for (const t of size.terms)
      for (const a of t.atoms) {
        if (a.kind === "symbol") found.set(a.symbol.id, a.symbol);
        else {
          visit(a.numerator);
          visit(a.denominator);
        }
      }
  };
  visit(s);
  return [...found.values()];
}

/** As a person writes it: `p * (p + 1)` comes out as `p * p + p`. */
export function formatSize(s: Size, name: (symbol: SizeSymbol) => string = (symbol) => symbol.name): string {
  if (s.terms.length === 0) return "0";
  const atom = (a: SizeAtom): string => {
    if (a.kind === "symbol") return name(a.symbol);
    const part = (x: Size): string =>
      x.terms.length === 1 && (x.terms[0]?.atoms.length ?? 0) <= 1 ? formatSize(x, name) : `(${formatSize(x, name)})`;
    return `${part(a.numerator)} div ${part(a.denominator)}`;
  };
  const factor = (a: SizeAtom, alone: boolean): string => (a.kind === "div" && !alone ? `(${atom(a)})` : atom(a));
  const degreeFirst = [...s.terms].sort((a, b) => b.atoms.length - a.atoms.length || b.coefficient - a.coefficient);
  let text = "";
  for (const t of degreeFirst) {
    const size = Math.abs(t.coefficient);
    const alone = t.atoms.length === 1 && size === 1;
    const body = [
      ...(size === 1 && t.atoms.length > 0 ? [] : [`${size}`]),
      ...t.atoms.map((a) => factor(a, alone)),
    ].join(" * ");
    if (text === "") text = t.coefficient < 0 ? `-${body}` : body;
    else text += t.coefficient < 0 ? ` - ${body}` : ` + ${body}`;
  }
  return text;
}
