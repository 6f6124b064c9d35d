// How much work a statement of Nest IR is, for sizes that are known: floating-point operations, and bytes of arrays that it reads or writes once.
import type { Block, Expr, Kernel, Nest, Scalar, Stmt } from "./nest.js";
import { isFloat } from "./nest-types.js";
import { walkBlock } from "./nest-walk.js";
import { polynomialExpr } from "./polynomial.js";

export interface Work {
  /** Operations on floating-point numbers: one for each in the source, elementary functions included. */
  readonly flops: number;
  /** What would cross to memory if every element of every array were read or written once. */
  readonly bytes: number;
}

/** Values of names: sizes and scalars of the call, and what follows from them. */
export type Known = ReadonlyMap<number, number>;

const bytesOf: Readonly<Record<Scalar, number>> = { f32: 4, f64: 8, i32: 4, u32: 4, bool: 1 };
const isCounted = (type: Scalar): boolean => isFloat(type);

/** The names of a kernel's sizes and scalars with their values in a call. */
export function known(kernel: Kernel, sizes: readonly number[], scalars: readonly number[]): Known {
  return new Map([
    ...kernel.sizes.map((v, k) => [v.id, sizes[k] ?? 0] as const),
    ...kernel.scalars.map((v, k) => [v.id, scalars[k] ?? 0] as const),
  ]);
}

/** Ranges that hang on outer indices are taken at the middle of those: exact for triangles. */
export function workOf(s: Stmt, names: Known): Work {
  const env = new Map(names);
  const flops = statement(s, env);
  const arrays = new Map<number, number>();
  touched([s], (id, type, shape) => {
    arrays.set(
      id,
      shape.reduce((n, d) => n * Math.max(0, value(d, env) ?? 0), bytesOf[type]),
    );
  });
  return { flops, bytes: [...arrays.values()].reduce((a, b) => a + b, 0) };
}

type Env = Map<number, number>;

/** The value of an expression of integers, where it is known. */
function value(e: Expr, env: Env): number | undefined {
  switch (e.kind) {
    case "const":
      return e.value;
    case "var":
      return env.get(e.var.id);
    case "convert":
      return value(e.value, env);
    case "op": {
      const [a, b] = e.args.map((x) => value(x, env));
      if (a === undefined) return undefined;
      if (e.op === "neg") return -a;
      if (b === undefined) return undefined;
      switch (e.op) {
        case "add":
          return a + b;
        case "sub":
          return a - b;
        case "mul":
          return a * b;
        case "idiv":
          return b === 0 ? undefined : Math.floor(a / b);
        case "imod":
          return b === 0 ? undefined : a - b * Math.floor(a / b);
        case "min":
          return Math.min(a, b);
        case "max":
          return Math.max(a, b);
        default:
          return undefined;
      }
    }
    default:
      return undefined;
  }
}

/** How many turns a range has; its index stands in the middle of it from here on. */
function enter(v: { readonly id: number }, lo: Expr, hi: Expr, env: Env): number {
  const [from, to] = [value(lo, env) ?? 0, value(hi, env) ?? 0];
  env.set(v.id, (from + to - 1) / 2);
  return Math.max(0, to - from);
}

const block = (b: Block, env: Env): number => b.reduce((n, s) => n + statement(s, env), 0);

function statement(s: Stmt, env: Env): number {
  switch (s.kind) {
    case "let": {
      const known = value(s.value, env);
      if (known !== undefined && !s.var.mutable) env.set(s.var.id, known);
      return expression(s.value, env);
    }
    case "set":
      return expression(s.value, env);
    case "store":
      return expression(s.value, env);
    case "list":
      return s.elements.reduce((n, e) => n + expression(e, env), 0);
    case "declare":
      return 0;
    case "host": {
      const inner = known(
        s.kernel,
        s.sizes.map((e) => value(e, env) ?? 0),
        s.scalars.map((e) => value(e, env) ?? 0),
      );
      return block(s.kernel.body, new Map(inner));
    }
    case "require":
      return expression(s.condition, env);
    case "nest":
      return nest(s.nest, env);
    case "for":
      return enter(s.var, s.lo, s.hi, env) * block(s.body, env);
    case "loop":
      return Math.max(0, value(s.max, env) ?? 1) * (block(s.body, env) + expression(s.until, env));
    case "if":
      // The dearer side: which is taken is not known.
      return expression(s.condition, env) + Math.max(block(s.then, env), block(s.otherwise, env));
  }
}

function nest(n: Nest, env: Env): number {
  const points = n.axes.reduce((count, a) => count * enter(a.var, a.lo, a.hi, env), 1);
  const each =
    block(n.body, env) +
    (n.where ? expression(n.where, env) : 0) +
    n.yields.reduce((sum, y) => sum + expression(y.value, env) + (n.mode === "add" ? 1 : 0), 0);
  return points * each;
}

function expression(e: Expr, env: Env): number {
  switch (e.kind) {
    case "const":
    case "var":
    case "load":
      return 0;
    case "op": {
      const inner = e.args.reduce((n, a) => n + expression(a, env), 0);
      const counted = e.args.some((a) => isCounted(a.type)) && e.op !== "opaque" && e.op !== "select";
      return inner + (counted ? 1 : 0);
    }
    case "convert":
      return expression(e.value, env);
    case "if":
      return expression(e.condition, env) + Math.max(expression(e.then, env), expression(e.otherwise, env));
    case "block":
      return block(e.body, env) + expression(e.value, env);
    case "reduce": {
      const points = e.axes.reduce((count, a) => count * enter(a.var, a.lo, a.hi, env), 1);
      const each = expression(e.value, env) + (e.where ? expression(e.where, env) : 0);
      return points * (each + (isCounted(e.value.type) ? 1 : 0));
    }
  }
}

type Touch = (id: number, type: Scalar, shape: readonly Expr[]) => void;

/** Every array that is read or written, as often as it stands there. */
function touched(b: Block, touch: Touch): void {
  walkBlock(b, {
    stmt: (s) => {
      if (s.kind === "nest")
        for (const y of s.nest.yields) touch(y.array.id, y.array.type, y.array.shape.map(polynomialExpr));
      if (s.kind === "store" || s.kind === "list") touch(s.array.id, s.array.type, s.array.shape.map(polynomialExpr));
      return true;
    },
    expr: (e) => {
      if (e.kind === "load") touch(e.array.id, e.array.type, e.array.shape.map(polynomialExpr));
      return true;
    },
  });
}
