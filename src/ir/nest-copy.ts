// Copies of pieces of Nest IR with other expressions in the place of names, and with new names for those that the piece makes: a kernel
// makes each name once.
import { equalSizes, type Size, substituteSize, symbolsOfSize } from "../compiler/size.js";
import type { ArrayVar, Axis, Block, Expr, Kernel, Nest, Stmt, Var } from "./nest.js";
import { mapExprParts, mapSame, mapStmtParts, walkExpr, walkKernel } from "./nest-walk.js";
import { polynomialOf, varExpr } from "./polynomial.js";

/** Gives ids that no name of the kernel has. */
export type FreshId = () => number;

export function freshIds(kernel: Kernel): FreshId {
  let last = 0;
  const see = (...names: readonly { readonly id: number }[]): void => {
    for (const n of names) last = Math.max(last, n.id);
  };
  see(...kernel.sizes, ...kernel.scalars, ...kernel.params);
  walkKernel(kernel, {
    expr: (e) => {
      if (e.kind === "reduce") see(...e.axes.map((a) => a.var));
      return true;
    },
    stmt: (s) => {
      if (s.kind === "let" || s.kind === "for") see(s.var);
      else if (s.kind === "declare" || s.kind === "list") see(s.array);
      else if (s.kind === "nest") see(...s.nest.axes.map((a) => a.var), ...s.nest.yields.map((y) => y.array));
      else if (s.kind === "loop") see(s.turn, s.turns);
      else if (s.kind === "host") see(...s.results);
      return true;
    },
  });
  return () => ++last;
}

export interface Replacement {
  readonly vars?: ReadonlyMap<number, Expr>;
  readonly arrays?: ReadonlyMap<number, ArrayVar>;
  /** New names for all that the piece makes. Without it the piece is moved, not doubled. */
  readonly fresh?: FreshId;
}

/** Copies pieces that follow each other: names made in one are known in the next. */
export class Copier {
  private readonly vars: Map<number, Expr>;
  private readonly arrays: Map<number, ArrayVar>;
  private readonly fresh: FreshId | undefined;

  constructor(r: Replacement) {
    this.vars = new Map(r.vars);
    this.arrays = new Map(r.arrays);
    this.fresh = r.fresh;
  }

  readonly expr = (e: Expr): Expr => {
    switch (e.kind) {
      case "var":
        return this.vars.get(e.var.id) ?? e;
      case "load": {
        const index = mapSame(e.index, this.expr);
        const array = this.arrays.get(e.array.id) ?? e.array;
        return index === e.index && array === e.array ? e : { ...e, array, index };
      }
      case "reduce":
        return mapExprParts({ ...e, axes: this.axes(e.axes) }, { expr: this.expr, block: this.block });
      default:
        return mapExprParts(e, this);
    }
  };

  readonly block = (b: Block): Block => mapSame(b, this.stmt);

  readonly nest = (n: Nest): Nest => {
    const axes = this.axes(n.axes);
    const where = n.where ? { where: this.expr(n.where) } : {};
    const body = this.block(n.body);
    const values = n.yields.map((y) => ({ index: mapSame(y.index, this.expr), value: this.expr(y.value) }));
    const yields = n.yields.map((y, k) => {
      const array = n.mode === "define" ? this.makeArray(y.array) : this.array(y.array);
      return { array, index: values[k]?.index ?? y.index, value: values[k]?.value ?? y.value };
    });
    return { mode: n.mode, axes, ...where, body, yields };
  };

  readonly stmt = (s: Stmt): Stmt => {
    switch (s.kind) {
      case "let": {
        const value = this.expr(s.value);
        const v = this.makeVar(s.var);
        return value === s.value && v === s.var ? s : { ...s, var: v, value };
      }
      case "set": {
        const value = this.expr(s.value);
        const v = this.variable(s.var);
        return value === s.value && v === s.var ? s : { ...s, var: v, value };
      }
      case "declare": {
        const array = this.makeArray(s.array);
        return array === s.array ? s : { ...s, array };
      }
      case "list": {
        const elements = mapSame(s.elements, this.expr);
        return { ...s, array: this.makeArray(s.array), elements };
      }
      case "nest":
        return { ...s, nest: this.nest(s.nest) };
      case "store":
        return mapStmtParts({ ...s, array: this.array(s.array) }, this);
      case "for": {
        const lo = this.expr(s.lo);
        const hi = this.expr(s.hi);
        const v = this.makeVar(s.var);
        return { ...s, var: v, lo, hi, body: this.block(s.body) };
      }
      case "loop": {
        const max = this.expr(s.max);
        const turns = this.vars.has(s.turns.id) ? this.variable(s.turns) : this.makeVar(s.turns);
        const turn = this.makeVar(s.turn);
        return { ...s, turns, turn, max, body: this.block(s.body), until: this.expr(s.until) };
      }
      case "if":
      case "require":
        return mapStmtParts(s, this);
      case "host": {
        const inner = mapStmtParts(s, this);
        const results = s.results.map((r) => ("shape" in r ? this.makeArray(r) : this.makeVar(r)));
        return inner.kind === "host" ? { ...inner, arrays: s.arrays.map(this.array), results } : inner;
      }
    }
  };

  readonly size = (s: Size): Size =>
    substituteSize(s, (symbol) => {
      const to = this.vars.get(symbol.id);
      if (!to) return undefined;
      const p = polynomialOf(to);
      if (!p) throw new Error(`internal: ${symbol.name} stands in a shape, and what replaces it is no polynomial`);
      return p;
    });

  private axes = (axes: readonly Axis[]): readonly Axis[] =>
    mapSame(axes, (a) => {
      const lo = this.expr(a.lo);
      const hi = this.expr(a.hi);
      const v = this.makeVar(a.var);
      return lo === a.lo && hi === a.hi && v === a.var ? a : { var: v, lo, hi };
    });

  private makeVar(v: Var): Var {
    if (!this.fresh) return v;
    const made: Var = { ...v, id: this.fresh() };
    this.vars.set(v.id, varExpr(made));
    return made;
  }
  private variable(v: Var): Var {
    const to = this.vars.get(v.id);
    return to?.kind === "var" ? to.var : v;
  }
  private array = (a: ArrayVar): ArrayVar => this.arrays.get(a.id) ?? a;
  private makeArray(a: ArrayVar): ArrayVar {
    const planned = this.arrays.get(a.id);
    if (planned) return planned;
    const shape = mapSame(a.shape, (s) => {
      const to = this.size(s);
      return equalSizes(to, s) ? s : to;
    });
    if (!this.fresh && shape === a.shape) return a;
    const made: ArrayVar = { ...a, shape, id: this.fresh ? this.fresh() : a.id };
    this.arrays.set(a.id, made);
    return made;
  }
}

export const copyExpr = (e: Expr, r: Replacement): Expr => new Copier(r).expr(e);

/** The whole kernel with replacements, results included. */
export function copyKernel(kernel: Kernel, r: Replacement): Kernel {
  const c = new Copier(r);
  const body = c.block(kernel.body);
  const results = kernel.results.map((p) =>
    p.kind === "scalar" ? { ...p, value: c.expr(p.value) } : { ...p, array: arrayIn(c, p.array) },
  );
  return { ...kernel, body, results };
}

/** Loads are the way to ask a copier for an array. */
const arrayIn = (c: Copier, array: ArrayVar): ArrayVar => {
  const load = c.expr({ kind: "load", array, index: [], type: array.type });
  return load.kind === "load" ? load.array : array;
};

/** The symbols that shapes of arrays made in the expression speak of: only polynomials can stand in their place. */
export function shapeSymbols(e: Expr): ReadonlySet<number> {
  const found = new Set<number>();
  const see = (a: ArrayVar): void => {
    for (const s of a.shape) for (const symbol of symbolsOfSize(s)) found.add(symbol.id);
  };
  walkExpr(e, {
    stmt: (s) => {
      if (s.kind === "declare" || s.kind === "list") see(s.array);
      else if (s.kind === "nest" && s.nest.mode === "define") for (const y of s.nest.yields) see(y.array);
      return true;
    },
  });
  return found;
}
