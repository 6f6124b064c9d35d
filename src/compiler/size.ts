// Sizes: integer polynomials over symbols and floor divisions, in a normal form, so that equality is a comparison.
// Two sizes are equal when they are equal as polynomials; a `div` stands for itself (language, section 3).

/** What a polynomial's unknown is: a size parameter, a loop variable, a binder. Identity is `id`; `name` is for people. */
export interface SizeSymbol {
  readonly id: number;
  readonly name: string;
}

export type SizeAtom = SymbolAtom | Division;

/** A symbol. Equal atoms, and they alone, have equal keys, which are kept in what they are of: proofs compare little else. */
class SymbolAtom {
  readonly kind = "symbol";
  readonly key: string;

  constructor(readonly symbol: SizeSymbol) {
    this.key = `${symbol.id}`;
  }
}

/** A floor division. */
class Division {
  readonly kind = "div";
  #key: string | undefined;

  constructor(
    readonly numerator: Size,
    readonly denominator: Size,
  ) {}

  get key(): string {
    this.#key ??= `(${sizeKey(this.numerator)}/${sizeKey(this.denominator)})`;
    return this.#key;
  }
}

/** A product: `coefficient` times each of `atoms`, which are in the order of their keys. */
export class SizeTerm {
  #key: string | undefined;

  constructor(
    readonly coefficient: number,
    readonly atoms: readonly SizeAtom[],
    key?: string,
  ) {
    this.#key = key;
  }

  /** The same for terms with equal atoms, and for them alone. */
  get key(): string {
    this.#key ??= this.atoms.length === 1 ? (this.atoms[0] as SizeAtom).key : this.atoms.map((a) => a.key).join("*");
    return this.#key;
  }
  times(by: number): SizeTerm {
    return by === 1 ? this : new SizeTerm(this.coefficient * by, this.atoms, this.#key);
  }
}

/** A sum of terms in the order of their keys, none zero; zero has no terms. */
export interface Size {
  readonly terms: readonly SizeTerm[];
}

/** A text that is the same for equal sizes and for them alone. */
export function sizeKey(s: Size): string {
  let key = "";
  for (const t of s.terms) key += `${key === "" ? "" : "+"}${t.coefficient}*${t.key}`;
  return key;
}

const zero: Size = { terms: [] };

/** The sum of terms in any order. */
export function sumOfTerms(terms: readonly SizeTerm[]): Size {
  const [first] = terms;
  if (!first) return zero;
  if (terms.length === 1) return first.coefficient === 0 ? zero : { terms };
  const sum: SizeTerm[] = [];
  for (const t of terms) {
    const key = t.key;
    let at = sum.length;
    while (at > 0 && (sum[at - 1] as SizeTerm).key > key) at--;
    const old = sum[at - 1];
    if (old?.key === key) sum[at - 1] = new SizeTerm(t.coefficient + old.coefficient, t.atoms, key);
    else if (at === sum.length) sum.push(t);
    else sum.splice(at, 0, t);
  }
  return { terms: sum.some((t) => t.coefficient === 0) ? sum.filter((t) => t.coefficient !== 0) : sum };
}

export const sizeConstant = (n: number): Size => (n === 0 ? zero : { terms: [new SizeTerm(n, [])] });
export const sizeOf = (symbol: SizeSymbol): Size => ({
  terms: [new SizeTerm(1, [new SymbolAtom(symbol)])],
});

export const addSizes = (a: Size, b: Size): Size => addScaled(a, 1, b, 1);
export const subtractSizes = (a: Size, b: Size): Size => addScaled(a, 1, b, -1);
export const negateSize = (a: Size): Size => scaleSize(a, -1);

/** `a * x + b * y`. Both are in order, so that one walk over both adds them: proofs spend their time here. */
export function addScaled(a: Size, x: number, b: Size, y: number): Size {
  if (a.terms.length === 0 || x === 0) return scaleSize(b, y);
  if (b.terms.length === 0 || y === 0) return scaleSize(a, x);
  const terms: SizeTerm[] = [];
  let k = 0;
  for (const t of a.terms) {
    const key = t.key;
    let added = false;
    for (; k < b.terms.length; k++) {
      const other = b.terms[k] as SizeTerm;
      const otherKey = other.key;
      if (otherKey > key) break;
      if (otherKey < key) {
        terms.push(other.times(y));
        continue;
      }
      const coefficient = t.coefficient * x + other.coefficient * y;
      if (coefficient !== 0) terms.push(new SizeTerm(coefficient, t.atoms, key));
      added = true;
      k++;
      break;
    }
    if (!added) terms.push(t.times(x));
  }
  for (; k < b.terms.length; k++) terms.push((b.terms[k] as SizeTerm).times(y));
  return { terms };
}

export const scaleSize = (a: Size, by: number): Size =>
  by === 0 ? zero : by === 1 ? a : { terms: a.terms.map((t) => t.times(by)) };

/** Two lists of atoms in the order of their keys as one. */
function mergeAtoms(a: readonly SizeAtom[], b: readonly SizeAtom[]): readonly SizeAtom[] {
  const all: SizeAtom[] = [];
  let k = 0;
  for (const x of a) {
    for (let y = b[k]; y && y.key < x.key; y = b[++k]) all.push(y);
    all.push(x);
  }
  for (; k < b.length; k++) all.push(b[k] as SizeAtom);
  return all;
}

export function multiplySizes(a: Size, b: Size): Size {
  const [byA, byB] = [constantOf(a), constantOf(b)];
  if (byA !== undefined) return scaleSize(b, byA);
  if (byB !== undefined) return scaleSize(a, byB);
  const products: SizeTerm[] = [];
  for (const s of a.terms)
    for (const t of b.terms) {
      const coefficient = s.coefficient * t.coefficient;
      const atoms = s.atoms.length === 0 ? t.atoms : t.atoms.length === 0 ? s.atoms : mergeAtoms(s.atoms, t.atoms);
      products.push(new SizeTerm(coefficient, atoms));
    }
  return sumOfTerms(products);
}

/** Floor division. Folded where both are constants, and where the divisor is a constant that divides every coefficient. */
export function divideSizes(a: Size, b: Size): Size {
  const by = constantOf(b);
  const n = constantOf(a);
  if (by !== undefined && by !== 0) {
    if (n !== undefined) return sizeConstant(Math.floor(n / by));
    if (a.terms.every((t) => t.coefficient % by === 0))
      return { terms: a.terms.map((t) => new SizeTerm(t.coefficient / by, t.atoms)) };
  }
  return { terms: [new SizeTerm(1, [new Division(a, b)])] };
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

export const equalSizes = (a: Size, b: Size): boolean =>
  a === b ||
  (a.terms.length === b.terms.length &&
    a.terms.every((t, k) => {
      const other = b.terms[k];
      return other?.coefficient === t.coefficient && other.key === t.key;
    }));

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
