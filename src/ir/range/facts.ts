// What is known of integers at a place of a kernel: polynomials that are not negative there, and what names stand for.
// Arithmetic wraps at run time and polynomials do not, so an operation is read as a polynomial only where its operands are known to be
// small: sizes, axes and loop indices (no array has 2^31 elements), or between bounds made of such. Anything else is an unknown.
import {
  addSizes,
  constantOf,
  divideSizes,
  multiplySizes,
  negateSize,
  type Size,
  type SizeSymbol,
  sizeConstant,
  sizeOf,
  subtractSizes,
  symbolOf,
  symbolsOfSize,
} from "../../compiler/size.js";
import type { Expr, Var } from "../nest.js";
import { type Bound, boundsIn, Inequality, Known } from "./bounds.js";
import { structureOf } from "./structure.js";

/** An expression that is no polynomial, as a symbol. `cases` are its possible values, each with the condition under which it is taken. */
export interface Unknown extends SizeSymbol {
  readonly cases: readonly { readonly value: Size; readonly assume: (facts: Facts) => void }[];
  /** What holds of it always. */
  readonly bounds: readonly Inequality[];
  readonly small: boolean;
  /** Its value may change: it reads something mutable. */
  readonly transient: boolean;
}

interface Remembered {
  /** What it was made from. */
  readonly from: Known | undefined;
  readonly changes: number;
  readonly known: Known;
}

/** Grows as a block goes on; `inner()` for a block inside it, whose facts are not seen outside. */
export class Facts {
  private readonly inequalities: Inequality[] = [];
  private readonly values = new Map<number, Expr>();
  private readonly smallVars = new Set<number>();
  /** What unknowns are, as far as it was known here: it may not hold outside. */
  private readonly unknowns = new Map<number, Unknown>();
  /** The ids of unknowns by their structure, for the whole kernel. */
  private readonly ids: Map<string, number>;
  /** Answers, each good while nothing changes here or outside: many proofs ask for them at one place. */
  private readonly remembered: Partial<Record<"all" | "lasting", Remembered>> = {};
  private changes = 0;

  constructor(
    private readonly outer?: Facts,
    private readonly hidesTransient = false,
  ) {
    this.ids = outer?.ids ?? new Map();
  }

  inner(): Facts {
    return new Facts(this);
  }
  /** For a block that may run after mutable names have changed: the body of a loop. */
  innerOfLoop(): Facts {
    return new Facts(this, true);
  }

  /** A size: not negative. */
  size(v: Var): void {
    this.addSmall(v);
    this.notNegative(sizeOf(v));
  }
  /** An axis or a loop's index. */
  axis(v: Var, lo: Expr, hi: Expr): void {
    this.addSmall(v);
    this.notNegative(subtractSizes(sizeOf(v), this.polynomial(lo)));
    this.notNegative(addSizes(subtractSizes(this.polynomial(hi), sizeOf(v)), sizeConstant(-1)));
  }
  private addSmall(v: Var): void {
    this.smallVars.add(v.id);
    this.changes++;
  }
  /** What an immutable name stands for. */
  define(v: Var, value: Expr): void {
    if (v.mutable || (v.type !== "i32" && v.type !== "bool")) return;
    const lasting = this.isTransient(value) ? this.asItIs(value) : value;
    if (!lasting) return;
    this.values.set(v.id, lasting);
    this.changes++;
  }

  /** A value with names of their own for what may change in it; nothing where that is all of it. */
  private asItIs(value: Expr): Expr | undefined {
    const names = new Map<string, Expr>();
    const nameOf = (e: Expr): Expr => {
      const { key } = structureOf(e);
      const known = names.get(key);
      if (known) return known;
      const id = -1 - this.ids.size;
      this.ids.set(`was ${id}`, id);
      const name: Expr = { kind: "var", type: e.type, var: { id, name: `?${-id}`, type: e.type, mutable: false } };
      names.set(key, name);
      return name;
    };
    const frozen = (e: Expr): Expr => {
      if (!this.isTransient(e)) return e;
      switch (e.kind) {
        case "op":
          return { ...e, args: e.args.map(frozen) };
        case "convert":
          return { ...e, value: frozen(e.value) };
        case "if":
          return { ...e, condition: frozen(e.condition), then: frozen(e.then), otherwise: frozen(e.otherwise) };
        default:
          return nameOf(e);
      }
    };
    return value.kind === "op" || value.kind === "if" ? frozen(value) : undefined;
  }
  notNegative(size: Size): void {
    if (constantOf(size) !== undefined) return;
    this.inequalities.push(new Inequality(this.expand(size), this.speaksOfTransient(size)));
    this.changes++;
  }
  /** Mutable names may have changed: what was known of them is known no more. */
  forgetTransient(): void {
    for (let f: Facts | undefined = this; f; f = f.outer) {
      for (let k = f.inequalities.length - 1; k >= 0; k--)
        if (f.inequalities[k]?.transient) f.inequalities.splice(k, 1);
      for (const [id, u] of f.unknowns) if (u.transient) f.unknowns.delete(id);
      f.changes++;
    }
  }

  /** `condition` is known to be `truth`. */
  assume(condition: Expr, truth: boolean, notNegative: (s: Size, facts: Facts) => boolean): void {
    const again = (c: Expr | undefined, t: boolean): void => {
      if (c) this.assume(c, t, notNegative);
    };
    if (condition.kind === "var") {
      again(this.value(condition.var.id), truth);
      return;
    }
    if (condition.kind === "if") {
      // `a and b` is `if a then b else false`, `a or b` is `if a then true else b`.
      const { then, otherwise } = condition;
      if (truth && otherwise.kind === "const" && otherwise.value === 0) {
        again(condition.condition, true);
        again(then, true);
      } else if (!truth && then.kind === "const" && then.value === 1) {
        again(condition.condition, false);
        again(otherwise, false);
      }
      return;
    }
    if (condition.kind !== "op") return;
    const [a, b] = condition.args;
    if (condition.op === "not") again(a, !truth);
    else if (condition.op === (truth ? "and" : "or")) {
      again(a, truth);
      again(b, truth);
    } else if (a?.type === "i32" && b) this.compare(condition.op, truth, a, b, notNegative);
  }

  private compare(op: string, truth: boolean, a: Expr, b: Expr, holds: (s: Size, facts: Facts) => boolean): void {
    const below = subtractSizes(this.polynomial(b), this.polynomial(a));
    const above = negateSize(below);
    const less = (s: Size): Size => addSizes(s, sizeConstant(-1));
    const name = truth ? op : (opposite[op] ?? "");
    if (name === "lt") this.notNegative(less(below));
    else if (name === "le") this.notNegative(below);
    else if (name === "gt") this.notNegative(less(above));
    else if (name === "ge") this.notNegative(above);
    else if (name === "eq") {
      this.notNegative(below);
      this.notNegative(above);
    } else if (name === "ne") {
      if (holds(below, this)) this.notNegative(less(below));
      else if (holds(above, this)) this.notNegative(less(above));
    }
  }

  // Reading.

  /** All inequalities, the innermost first, with the names in them replaced by what they stand for. */
  known(): Known {
    return this.remember("all", this.outer?.seenFrom(this.hidesTransient));
  }
  private seenFrom(loop: boolean): Known {
    return loop ? this.remember("lasting", this.outer?.seenFrom(true)) : this.known();
  }
  private remember(what: "all" | "lasting", from: Known | undefined): Known {
    const old = this.remembered[what];
    if (old && old.from === from && old.changes === this.changes) return old.known;
    const own = this.inequalities.filter((i) => what === "all" || !i.transient).reverse();
    // One of its own, even where it says what the outer one does: that tells who remembers by it that something has changed.
    const known = new Known([...own, ...(from?.inequalities ?? [])]);
    this.remembered[what] = { from, changes: this.changes, known };
    return known;
  }
  unknown(id: number): Unknown | undefined {
    let hidden = false;
    for (let f: Facts | undefined = this; f; f = f.outer) {
      const found = f.unknowns.get(id);
      if (found && !(hidden && found.transient)) return found;
      hidden ||= f.hidesTransient;
    }
    return undefined;
  }
  private value(id: number): Expr | undefined {
    for (let f: Facts | undefined = this; f; f = f.outer) {
      const e = f.values.get(id);
      if (e) return e;
    }
    return undefined;
  }

  /** A size with the names in it replaced by what they stand for. */
  expand(s: Size): Size {
    if (!this.hasValues(s)) return s;
    let sum = sizeConstant(0);
    for (const t of s.terms) {
      let product = sizeConstant(t.coefficient);
      for (const a of t.atoms) {
        const factor =
          a.kind === "div"
            ? divideSizes(this.expand(a.numerator), this.expand(a.denominator))
            : this.ofSymbol(a.symbol);
        product = multiplySizes(product, factor);
      }
      sum = addSizes(sum, product);
    }
    return sum;
  }
  private hasValues(s: Size): boolean {
    return s.terms.some((t) =>
      t.atoms.some((a) =>
        a.kind === "div"
          ? this.hasValues(a.numerator) || this.hasValues(a.denominator)
          : this.value(a.symbol.id)?.type === "i32",
      ),
    );
  }
  private ofSymbol(symbol: SizeSymbol): Size {
    const value = this.value(symbol.id);
    return value?.type === "i32" ? this.polynomial(value) : sizeOf(symbol);
  }

  /** The polynomial that an `i32` expression is; what is none in it stands as an unknown. */
  polynomial(e: Expr): Size {
    if (e.kind === "const") return sizeConstant(e.value);
    if (e.kind === "var") return this.ofSymbol(e.var);
    if (e.kind === "block" && e.body.length === 0) return this.polynomial(e.value);
    if (e.kind === "op" && e.type === "i32") {
      const [a, b] = e.args.map((x) => (x.type === "i32" ? this.polynomial(x) : undefined));
      if (e.op === "neg" && a && this.small(a)) return negateSize(a);
      if (a && b) {
        const found = this.arithmetic(e.op, a, b);
        if (found) return found;
      }
    }
    return sizeOf(this.intern(e));
  }

  private arithmetic(op: string, a: Size, b: Size): Size | undefined {
    if (op === "sub") return this.sum(a, negateSize(b));
    if (op === "add") return this.sum(a, b);
    if (op === "mul" && this.small(a) && this.small(b)) return multiplySizes(a, b);
    if (op !== "idiv" && op !== "imod") return undefined;
    if ((constantOf(b) ?? 0) <= 0 && !this.small(b)) return undefined;
    // A floor division is an atom for any divisor but 0, which has been refused before; -2^31 div -1 alone wraps.
    if (constantOf(b) === -1 || constantOf(b) === 0) return undefined;
    const quotient = divideSizes(a, b);
    return op === "idiv" ? quotient : subtractSizes(a, multiplySizes(b, quotient));
  }

  private sum(a: Size, b: Size): Size | undefined {
    if (this.small(a) && this.small(b)) return addSizes(a, b);
    const [constant, other] = constantOf(a) !== undefined ? [constantOf(a), b] : [constantOf(b), a];
    if (constant === undefined) return undefined;
    if (constant === 0) return other;
    const symbol = symbolOf(other);
    // Up needs a bound from above, down one from below.
    return symbol && this.bounded(symbol, constant > 0 ? -1 : 1) ? addSizes(a, b) : undefined;
  }

  /** Made of symbols that are far from wrapping. */
  private small(s: Size): boolean {
    return symbolsOfSize(s).every((x) => this.isSmall(x.id) || (this.bounded(x, 1) && this.bounded(x, -1)));
  }
  private isSmall(id: number): boolean {
    if (this.unknown(id)?.small) return true;
    for (let f: Facts | undefined = this; f; f = f.outer) if (f.smallVars.has(id)) return true;
    return false;
  }
  /** Some inequality bounds the symbol from below (`sign` 1) or above (-1) by small ones. */
  private bounded(symbol: SizeSymbol, sign: 1 | -1): boolean {
    const key = `${symbol.id}`;
    const found = ({ factor, rest }: Bound): boolean =>
      factor === sign && symbolsOfSize(rest).every((x) => this.isSmall(x.id));
    return this.known().boundsOf(key).some(found) || boundsIn(this.unknown(symbol.id)?.bounds ?? [], key).some(found);
  }

  // Unknowns.

  private isTransient(e: Expr): boolean {
    return structureOf(e).transient;
  }
  private speaksOfTransient(s: Size): boolean {
    return symbolsOfSize(s).some((x) => this.unknown(x.id)?.transient ?? ("mutable" in x && x.mutable === true));
  }

  private intern(e: Expr): Unknown {
    const { key, transient } = structureOf(e);
    const id = this.ids.get(key) ?? -1 - this.ids.size;
    this.ids.set(key, id);
    const symbol: SizeSymbol = { id, name: `?${-id}` };
    const made: Unknown = { ...symbol, transient, ...this.describe(e, sizeOf(symbol)) };
    this.unknowns.set(id, made);
    return made;
  }

  private describe(e: Expr, self: Size): Pick<Unknown, "cases" | "bounds" | "small"> {
    const between = (lo: number, hi: number): Pick<Unknown, "cases" | "bounds" | "small"> => ({
      cases: [],
      bounds: [addSizes(self, sizeConstant(-lo)), subtractSizes(sizeConstant(hi), self)].map(always),
      small: true,
    });
    const nothing = { cases: [], bounds: [], small: false };
    if (e.kind === "convert" && e.value.type === "bool") return between(0, 1);
    if (e.kind === "reduce" && e.reducer === "count") return { cases: [], bounds: [always(self)], small: true };
    if (e.kind === "if") return this.choice(e.condition, e.then, e.otherwise);
    if (e.kind !== "op") return nothing;
    const [a, b, c] = e.args;
    if (e.op === "select" && a && b && c) return this.choice(a, b, c);
    if ((e.op === "min" || e.op === "max") && a && b) {
      const [x, y] = [this.polynomial(a), this.polynomial(b)];
      const up = e.op === "max" ? 1 : -1;
      const bound = (p: Size): Size => (up === 1 ? subtractSizes(self, p) : subtractSizes(p, self));
      const difference = up === 1 ? subtractSizes(x, y) : subtractSizes(y, x);
      return {
        cases: [
          { value: x, assume: (f) => f.notNegative(difference) },
          { value: y, assume: (f) => f.notNegative(negateSize(difference)) },
        ],
        bounds: [bound(x), bound(y)].map(always),
        small: this.small(x) && this.small(y),
      };
    }
    if (e.op === "bitAnd") {
      const mask = [a, b].map((x) => (x?.kind === "const" ? x.value : -1)).find((x) => x >= 0);
      if (mask !== undefined) return between(0, mask);
    }
    if (e.op === "countLeadingZeros") return between(0, 32);
    return nothing;
  }

  private choice(condition: Expr, then: Expr, otherwise: Expr): Pick<Unknown, "cases" | "bounds" | "small"> {
    const [x, y] = [this.polynomial(then), this.polynomial(otherwise)];
    const none = (): boolean => false;
    return {
      cases: [
        { value: x, assume: (f) => f.assume(condition, true, none) },
        { value: y, assume: (f) => f.assume(condition, false, none) },
      ],
      bounds: [],
      small: this.small(x) && this.small(y),
    };
  }
}

const always = (size: Size): Inequality => new Inequality(size, false);

const opposite: Readonly<Record<string, string>> = { lt: "ge", le: "gt", gt: "le", ge: "lt", eq: "ne", ne: "eq" };
