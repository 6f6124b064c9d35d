// Walking and rewriting Nest IR. A rewriting returns the very object it was given where nothing changed, so that analyses may be
// remembered by object and a pass can see that it has nothing more to do.
import type { Axis, Block, Expr, Kernel, Nest, Stmt } from "./nest.js";

/** What to do with the parts of a node: its expressions and its blocks. */
export interface Parts {
  readonly expr: (e: Expr) => Expr;
  readonly block: (b: Block) => Block;
}

/** `items` with `f` of each in its place; `items` itself where `f` changed none. */
export function mapSame<T>(items: readonly T[], f: (item: T) => T): readonly T[] {
  let changed = false;
  const mapped = items.map((item) => {
    const to = f(item);
    if (to !== item) changed = true;
    return to;
  });
  return changed ? mapped : items;
}

function withParts<T extends object>(node: T, parts: Partial<T>): T {
  for (const key of Object.keys(parts) as (keyof T)[])
    if (parts[key] !== undefined && parts[key] !== node[key]) return { ...node, ...parts };
  return node;
}

export const mapAxes = (axes: readonly Axis[], f: (e: Expr) => Expr): readonly Axis[] =>
  mapSame(axes, (a) => withParts(a, { lo: f(a.lo), hi: f(a.hi) }));

/** Rewrites the parts of `e`, in the order in which they are computed. */
export function mapExprParts(e: Expr, f: Parts): Expr {
  switch (e.kind) {
    case "const":
    case "var":
      return e;
    case "load":
      return withParts(e, { index: mapSame(e.index, f.expr) });
    case "op":
      return withParts(e, { args: mapSame(e.args, f.expr) });
    case "convert":
      return withParts(e, { value: f.expr(e.value) });
    case "if":
      return withParts(e, {
        condition: f.expr(e.condition),
        then: f.expr(e.then),
        otherwise: f.expr(e.otherwise),
      });
    case "block":
      return withParts(e, { body: f.block(e.body), value: f.expr(e.value) });
    case "reduce": {
      const axes = mapAxes(e.axes, f.expr);
      const where = e.where ? f.expr(e.where) : undefined;
      return withParts(e, { axes, ...(where ? { where } : {}), value: f.expr(e.value) });
    }
  }
}

export function mapNestParts(nest: Nest, f: Parts): Nest {
  const axes = mapAxes(nest.axes, f.expr);
  const where = nest.where ? f.expr(nest.where) : undefined;
  const body = f.block(nest.body);
  const yields = mapSame(nest.yields, (y) => withParts(y, { index: mapSame(y.index, f.expr), value: f.expr(y.value) }));
  return withParts(nest, { axes, ...(where ? { where } : {}), body, yields });
}

/** Rewrites the parts of `s`, in the order in which they are computed. A host statement's kernel is left alone. */
export function mapStmtParts(s: Stmt, f: Parts): Stmt {
  switch (s.kind) {
    case "let":
    case "set":
      return withParts(s, { value: f.expr(s.value) });
    case "declare":
      return s;
    case "list":
      return withParts(s, { elements: mapSame(s.elements, f.expr) });
    case "nest":
      return withParts(s, { nest: mapNestParts(s.nest, f) });
    case "store":
      return withParts(s, { index: mapSame(s.index, f.expr), value: f.expr(s.value) });
    case "for":
      return withParts(s, { lo: f.expr(s.lo), hi: f.expr(s.hi), body: f.block(s.body) });
    case "loop":
      return withParts(s, { max: f.expr(s.max), body: f.block(s.body), until: f.expr(s.until) });
    case "if":
      return withParts(s, {
        condition: f.expr(s.condition),
        then: f.block(s.then),
        otherwise: f.block(s.otherwise),
      });
    case "require":
      return withParts(s, { condition: f.expr(s.condition), values: mapSame(s.values, f.expr) });
    case "host":
      return withParts(s, { sizes: mapSame(s.sizes, f.expr), scalars: mapSame(s.scalars, f.expr) });
  }
}

/** Rewrites from the leaves up. */
export interface Rewriter {
  readonly expr?: (e: Expr) => Expr;
  /** Gives the statements that stand in the place of `s`. */
  readonly stmt?: (s: Stmt) => Block;
  readonly block?: (b: Block) => Block;
}

export function rewriteExpr(e: Expr, r: Rewriter): Expr {
  const inner = mapExprParts(e, partsOf(r));
  return r.expr ? r.expr(inner) : inner;
}

export function rewriteBlock(block: Block, r: Rewriter): Block {
  const parts = partsOf(r);
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
}

const partsOf = (r: Rewriter): Parts => ({ expr: (e) => rewriteExpr(e, r), block: (b) => rewriteBlock(b, r) });

/** The kernel with its body and its scalar results rewritten. */
export function rewriteKernel(kernel: Kernel, r: Rewriter): Kernel {
  const body = rewriteBlock(kernel.body, r);
  const results = mapSame(kernel.results, (p) =>
    p.kind === "scalar" ? withParts(p, { value: rewriteExpr(p.value, r) }) : p,
  );
  return withParts(kernel, { body, results });
}

/** Is shown every node, outermost first; `false` keeps the walk out of a node's parts. */
export interface Visitor {
  readonly expr?: (e: Expr) => boolean | undefined;
  readonly stmt?: (s: Stmt) => boolean | undefined;
}

export function walkExpr(e: Expr, v: Visitor): void {
  if (v.expr?.(e) === false) return;
  mapExprParts(e, walkers(v));
}

export function walkBlock(block: Block, v: Visitor): void {
  for (const s of block) if (v.stmt?.(s) !== false) mapStmtParts(s, walkers(v));
}

export function walkNest(nest: Nest, v: Visitor): void {
  mapNestParts(nest, walkers(v));
}

export function walkKernel(kernel: Kernel, v: Visitor): void {
  walkBlock(kernel.body, v);
  for (const r of kernel.results) if (r.kind === "scalar") walkExpr(r.value, v);
}

const walkers = (v: Visitor): Parts => ({
  expr: (e) => {
    walkExpr(e, v);
    return e;
  },
  block: (b) => {
    walkBlock(b, v);
    return b;
  },
});
