// Walking and rewriting Nest IR. A rewriting returns the very object it was given where nothing changed, so that analyses may be
// remembered by object and a pass can see that it has nothing more to do.
import type { Axis, Block, Expr, Kernel, Nest, Stmt } from "./nest.js";
import { type Viewer, viewExprParts, viewNestParts, viewStmtParts } from "./nest-view.js";

/** What to do with the parts of a node: its expressions and its blocks. */
export interface Parts {
  readonly expr: (e: Expr) => Expr;
  readonly block: (b: Block) => Block;
}

/** `items` with `f` of each in its place; `items` itself where `f` changed none. */
export function mapSame<T>(items: readonly T[], f: (item: T) => T): readonly T[] {
  let changed: T[] | undefined;
  items.forEach((item, at) => {
    const to = f(item);
    if (to !== item) changed ??= items.slice(0, at);
    changed?.push(to);
  });
  return changed ?? items;
}

export const mapAxes = (axes: readonly Axis[], f: (e: Expr) => Expr): readonly Axis[] =>
  mapSame(axes, (a) => {
    const lo = f(a.lo);
    const hi = f(a.hi);
    return lo === a.lo && hi === a.hi ? a : { ...a, lo, hi };
  });

/** Rewrites the parts of `e`, in the order in which they are computed. */
export function mapExprParts(e: Expr, f: Parts): Expr {
  switch (e.kind) {
    case "const":
    case "var":
      return e;
    case "load": {
      const index = mapSame(e.index, f.expr);
      return index === e.index ? e : { ...e, index };
    }
    case "op": {
      const args = mapSame(e.args, f.expr);
      return args === e.args ? e : { ...e, args };
    }
    case "convert": {
      const value = f.expr(e.value);
      return value === e.value ? e : { ...e, value };
    }
    case "if": {
      const condition = f.expr(e.condition);
      const then = f.expr(e.then);
      const otherwise = f.expr(e.otherwise);
      const same = condition === e.condition && then === e.then && otherwise === e.otherwise;
      return same ? e : { ...e, condition, then, otherwise };
    }
    case "block": {
      const body = f.block(e.body);
      const value = f.expr(e.value);
      return body === e.body && value === e.value ? e : { ...e, body, value };
    }
    case "reduce": {
      const axes = mapAxes(e.axes, f.expr);
      const where = e.where && f.expr(e.where);
      const value = f.expr(e.value);
      const same = axes === e.axes && where === e.where && value === e.value;
      return same ? e : { ...e, axes, ...(where ? { where } : {}), value };
    }
  }
}

export function mapNestParts(nest: Nest, f: Parts): Nest {
  const axes = mapAxes(nest.axes, f.expr);
  const where = nest.where && f.expr(nest.where);
  const body = f.block(nest.body);
  const yields = mapSame(nest.yields, (y) => {
    const index = mapSame(y.index, f.expr);
    const value = f.expr(y.value);
    return index === y.index && value === y.value ? y : { ...y, index, value };
  });
  const same = axes === nest.axes && where === nest.where && body === nest.body && yields === nest.yields;
  return same ? nest : { ...nest, axes, ...(where ? { where } : {}), body, yields };
}

/** Rewrites the parts of `s`, in the order in which they are computed. A host statement's kernel is left alone. */
export function mapStmtParts(s: Stmt, f: Parts): Stmt {
  switch (s.kind) {
    case "let":
    case "set": {
      const value = f.expr(s.value);
      return value === s.value ? s : { ...s, value };
    }
    case "declare":
      return s;
    case "list": {
      const elements = mapSame(s.elements, f.expr);
      return elements === s.elements ? s : { ...s, elements };
    }
    case "nest": {
      const nest = mapNestParts(s.nest, f);
      return nest === s.nest ? s : { ...s, nest };
    }
    case "store": {
      const index = mapSame(s.index, f.expr);
      const value = f.expr(s.value);
      return index === s.index && value === s.value ? s : { ...s, index, value };
    }
    case "for": {
      const lo = f.expr(s.lo);
      const hi = f.expr(s.hi);
      const body = f.block(s.body);
      return lo === s.lo && hi === s.hi && body === s.body ? s : { ...s, lo, hi, body };
    }
    case "loop": {
      const max = f.expr(s.max);
      const body = f.block(s.body);
      const until = f.expr(s.until);
      return max === s.max && body === s.body && until === s.until ? s : { ...s, max, body, until };
    }
    case "if": {
      const condition = f.expr(s.condition);
      const then = f.block(s.then);
      const otherwise = f.block(s.otherwise);
      const same = condition === s.condition && then === s.then && otherwise === s.otherwise;
      return same ? s : { ...s, condition, then, otherwise };
    }
    case "require": {
      const condition = f.expr(s.condition);
      const values = mapSame(s.values, f.expr);
      return condition === s.condition && values === s.values ? s : { ...s, condition, values };
    }
    case "host": {
      const sizes = mapSame(s.sizes, f.expr);
      const scalars = mapSame(s.scalars, f.expr);
      return sizes === s.sizes && scalars === s.scalars ? s : { ...s, sizes, scalars };
    }
  }
}

/** Rewrites from the leaves up. */
export interface Rewriter {
  readonly expr?: (e: Expr) => Expr;
  /** Gives the statements that stand in the place of `s`. */
  readonly stmt?: (s: Stmt) => Block;
  readonly block?: (b: Block) => Block;
}

export const rewriteExpr = (e: Expr, r: Rewriter): Expr => partsOf(r).expr(e);
export const rewriteBlock = (block: Block, r: Rewriter): Block => partsOf(r).block(block);

function partsOf(r: Rewriter): Parts {
  const parts: Parts = {
    expr: (e) => {
      const inner = mapExprParts(e, parts);
      return r.expr ? r.expr(inner) : inner;
    },
    block: (block) => {
      let changed = false;
      const out: Stmt[] = [];
      for (const s of block) {
        const inner = mapStmtParts(s, parts);
        const to = r.stmt ? r.stmt(inner) : [inner];
        if (to.length !== 1 || to[0] !== s) changed = true;
        out.push(...to);
      }
      const all = changed ? out : block;
      return r.block ? r.block(all) : all;
    },
  };
  return parts;
}

/** The kernel with its body and its scalar results rewritten. */
export function rewriteKernel(kernel: Kernel, r: Rewriter): Kernel {
  const parts = partsOf(r);
  const body = parts.block(kernel.body);
  const results = mapSame(kernel.results, (p) => {
    if (p.kind !== "scalar") return p;
    const value = parts.expr(p.value);
    return value === p.value ? p : { ...p, value };
  });
  return body === kernel.body && results === kernel.results ? kernel : { ...kernel, body, results };
}

/** Is shown every node, outermost first; `false` keeps the walk out of a node's parts. */
export interface Visitor {
  readonly expr?: (e: Expr) => boolean | undefined;
  readonly stmt?: (s: Stmt) => boolean | undefined;
}

export const walkExpr = (e: Expr, v: Visitor): void => viewers(v).expr(e);
export const walkBlock = (block: Block, v: Visitor): void => viewers(v).block(block);
export const walkNest = (nest: Nest, v: Visitor): void => viewNestParts(nest, viewers(v));

export function walkKernel(kernel: Kernel, v: Visitor): void {
  const view = viewers(v);
  view.block(kernel.body);
  for (const r of kernel.results) if (r.kind === "scalar") view.expr(r.value);
}

function viewers(v: Visitor): Viewer {
  const view: Viewer = {
    expr: (e) => {
      if (v.expr?.(e) !== false) viewExprParts(e, view);
    },
    block: (b) => {
      for (const s of b) if (v.stmt?.(s) !== false) viewStmtParts(s, view);
    },
  };
  return view;
}
