// Simplifies host expressions: constants are folded, and what sizes can't be (negative) is not asked for.
import type { HostExpr } from "../../abi.js";

type Operation = Extract<HostExpr, readonly unknown[]>;

const integers: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  min: Math.min,
  max: Math.max,
};

const tests: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
};

const isWord = (n: number): boolean => Number.isInteger(n) && n >= -(2 ** 31) && n < 2 ** 31;

/** Made for the sizes of one plan. Equal texts of expressions become one object, so that equality is identity. */
export class HostSimplifier {
  private readonly interned = new Map<string, HostExpr>();
  private readonly keys = new Map<HostExpr, number>();
  private readonly known = new Map<Operation, HostExpr>();

  constructor(private readonly sizes: ReadonlySet<string>) {}

  simplify(e: HostExpr): HostExpr {
    if (typeof e !== "object") return e;
    const known = this.known.get(e);
    if (known !== undefined) return known;
    const [op, type, ...operands] = e;
    const args = operands.map((x) => this.simplify(x));
    const simple = this.intern(this.simpler(op, type, args) ?? [op, type, ...args]);
    this.known.set(e, simple);
    return simple;
  }

  private simpler(op: string, type: Operation[1], args: readonly HostExpr[]): HostExpr | undefined {
    const [a, b] = args;
    if (a === undefined || b === undefined) return undefined;
    if (type === "bool") {
      if ((op === "and" || op === "or") && a === b) return a;
      const holds = typeof a === "number" && typeof b === "number" ? tests[op]?.(a, b) : undefined;
      return holds === undefined ? undefined : Number(holds);
    }
    if (type !== "i32" && type !== "int") return undefined;
    if (typeof a === "number" && typeof b === "number") {
      const value = integers[op]?.(a, b);
      return value !== undefined && (type === "int" || isWord(value)) ? value : undefined;
    }
    if (op === "min" || op === "max") {
      if (a === b) return a;
      if (op === "max" && typeof a === "number" && this.least(b) >= a) return b;
      if (op === "max" && typeof b === "number" && this.least(a) >= b) return a;
    }
    if (op === "mul" && (a === 0 || b === 0)) return 0;
    return undefined;
  }

  /** What an integer expression is at least. Sums that may wrap are left out. */
  private least(e: HostExpr): number {
    if (typeof e === "number") return e;
    if (typeof e === "string") return this.sizes.has(e) ? 0 : Number.NEGATIVE_INFINITY;
    const [op, type, a, b] = e;
    if ((type !== "i32" && type !== "int") || a === undefined || b === undefined) return Number.NEGATIVE_INFINITY;
    if (op === "max") return Math.max(this.least(a), this.least(b));
    if (op === "min") return Math.min(this.least(a), this.least(b));
    if (op === "add" && type === "int") return this.least(a) + this.least(b);
    return Number.NEGATIVE_INFINITY;
  }

  private intern(e: HostExpr): HostExpr {
    if (typeof e !== "object") return e;
    const [op, type, ...args] = e;
    const key = `${op} ${type} ${args.map((x) => this.key(x)).join(" ")}`;
    const known = this.interned.get(key);
    if (known !== undefined) return known;
    this.interned.set(key, e);
    this.keys.set(e, this.keys.size);
    return e;
  }

  private key(e: HostExpr): string {
    if (typeof e === "number") return Object.is(e, -0) ? "-0" : String(e);
    return typeof e === "string" ? JSON.stringify(e) : `#${this.keys.get(e)}`;
  }
}
