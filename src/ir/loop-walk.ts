// Walks over Loop IR: the children of a node, rebuilding with changed children, and what a block reads, writes and names.
import type { Buffer, Handed, LoopBlock, LoopExpr, LoopFunction, LoopStmt, LoopVar } from "./loop.js";
import { mapSame } from "./nest-walk.js";

/** Expressions directly below an expression. */
export function childrenOf(e: LoopExpr): readonly LoopExpr[] {
  switch (e.kind) {
    case "const":
    case "var":
    case "ramp":
    case "builtin":
      return [];
    case "load":
    case "gather":
      return e.mask ? [e.index, e.mask] : [e.index];
    case "op":
      return e.args;
    case "convert":
    case "splat":
    case "extract":
    case "rotate":
    case "anyLane":
      return [e.value];
    case "if":
      return [e.condition, e.then, e.otherwise];
  }
}

/** The expression with `f` of each expression directly below it; itself where nothing changed. */
export function mapChildren(e: LoopExpr, f: (child: LoopExpr) => LoopExpr): LoopExpr {
  switch (e.kind) {
    case "const":
    case "var":
    case "ramp":
    case "builtin":
      return e;
    case "load":
    case "gather": {
      const index = f(e.index);
      const mask = e.mask && f(e.mask);
      return index === e.index && mask === e.mask ? e : { ...e, index, ...(mask ? { mask } : {}) };
    }
    case "op": {
      const args = mapSame(e.args, f);
      return args === e.args ? e : { ...e, args };
    }
    case "convert":
    case "splat":
    case "extract":
    case "rotate":
    case "anyLane": {
      const value = f(e.value);
      return value === e.value ? e : { ...e, value };
    }
    case "if": {
      const condition = f(e.condition);
      const then = f(e.then);
      const otherwise = f(e.otherwise);
      return condition === e.condition && then === e.then && otherwise === e.otherwise
        ? e
        : { ...e, condition, then, otherwise };
    }
  }
}

/** Expressions that stand in a statement itself, not in its blocks. */
export function exprsOf(s: LoopStmt): readonly LoopExpr[] {
  switch (s.kind) {
    case "let":
    case "set":
      return [s.value];
    case "store":
    case "scatter":
      return s.mask ? [s.index, s.value, s.mask] : [s.index, s.value];
    case "for":
      return [s.lo, s.hi];
    case "parallel":
      return [s.count];
    case "while":
    case "if":
      return [s.condition];
    case "alloc":
      return [s.length];
    case "fail":
      return [s.condition, s.point, ...s.values];
    case "call":
      return [...s.scalars, ...s.given.map((h) => h.offset), ...s.made.map((h) => h.offset)];
    case "stopIfFailed":
    case "barrier":
      return [];
  }
}

/** The blocks of a statement. */
export function blocksOf(s: LoopStmt): readonly LoopBlock[] {
  switch (s.kind) {
    case "for":
    case "parallel":
    case "while":
      return [s.body];
    case "if":
      return [s.then, s.otherwise];
    default:
      return [];
  }
}

/** The statement with `expr` of its own expressions and `block` of its blocks; itself where nothing changed. */
export function mapStmt(s: LoopStmt, expr: (e: LoopExpr) => LoopExpr, block: (b: LoopBlock) => LoopBlock): LoopStmt {
  switch (s.kind) {
    case "let":
    case "set": {
      const value = expr(s.value);
      return value === s.value ? s : { ...s, value };
    }
    case "store":
    case "scatter": {
      const index = expr(s.index);
      const value = expr(s.value);
      const mask = s.mask && expr(s.mask);
      if (index === s.index && value === s.value && mask === s.mask) return s;
      return { ...s, index, value, ...(mask ? { mask } : {}) };
    }
    case "for": {
      const lo = expr(s.lo);
      const hi = expr(s.hi);
      const body = block(s.body);
      return lo === s.lo && hi === s.hi && body === s.body ? s : { ...s, lo, hi, body };
    }
    case "parallel": {
      const count = expr(s.count);
      const body = block(s.body);
      return count === s.count && body === s.body ? s : { ...s, count, body };
    }
    case "while": {
      const condition = expr(s.condition);
      const body = block(s.body);
      return condition === s.condition && body === s.body ? s : { ...s, condition, body };
    }
    case "if": {
      const condition = expr(s.condition);
      const then = block(s.then);
      const otherwise = block(s.otherwise);
      if (condition === s.condition && then === s.then && otherwise === s.otherwise) return s;
      return { ...s, condition, then, otherwise };
    }
    case "alloc": {
      const length = expr(s.length);
      return length === s.length ? s : { ...s, length };
    }
    case "fail":
      return { ...s, condition: expr(s.condition), point: expr(s.point), values: mapSame(s.values, expr) };
    case "call": {
      const handed = (h: Handed): Handed => ({ ...h, offset: expr(h.offset) });
      return { ...s, scalars: mapSame(s.scalars, expr), given: s.given.map(handed), made: s.made.map(handed) };
    }
    case "stopIfFailed":
    case "barrier":
      return s;
  }
}

/** Rebuilds an expression from the leaves up. */
export function rewriteExpr(e: LoopExpr, f: (e: LoopExpr) => LoopExpr): LoopExpr {
  return f(mapChildren(e, (c) => rewriteExpr(c, f)));
}

/** Rebuilds every expression of a block from the leaves up. */
export function rewriteExprs(b: LoopBlock, f: (e: LoopExpr) => LoopExpr): LoopBlock {
  return mapSame(b, (s) =>
    mapStmt(
      s,
      (e) => rewriteExpr(e, f),
      (inner) => rewriteExprs(inner, f),
    ),
  );
}

/** Calls `visit` for an expression and all below it, the outer one first. */
export function walkExpr(e: LoopExpr, visit: (e: LoopExpr) => void): void {
  visit(e);
  // Most are leaves or operations: lists of their children are not made for them.
  if (e.kind === "op") for (const a of e.args) walkExpr(a, visit);
  else if (e.kind !== "var" && e.kind !== "const") for (const c of childrenOf(e)) walkExpr(c, visit);
}

/** Calls `stmt` for each statement of a block and of its blocks, in order, and `expr` for every expression. */
export function walkBlock(b: LoopBlock, stmt: (s: LoopStmt) => void, expr?: (e: LoopExpr) => void): void {
  for (const s of b) {
    stmt(s);
    if (expr) for (const e of exprsOf(s)) walkExpr(e, expr);
    for (const inner of blocksOf(s)) walkBlock(inner, stmt, expr);
  }
}

/** Every buffer that a block speaks of, in the order of first mention. */
export function buffersIn(b: LoopBlock): readonly Buffer[] {
  const found = new Map<number, Buffer>();
  const note = (buffer: Buffer): void => {
    if (!found.has(buffer.id)) found.set(buffer.id, buffer);
  };
  walkBlock(
    b,
    (s) => {
      if (s.kind === "store" || s.kind === "scatter" || s.kind === "alloc") note(s.buffer);
      if (s.kind === "call") for (const h of [...s.given, ...s.made]) note(h.buffer);
    },
    (e) => {
      if (e.kind === "load" || e.kind === "gather") note(e.buffer);
    },
  );
  return [...found.values()];
}

/** Buffers that a block writes, by id. */
export function buffersWritten(b: LoopBlock): ReadonlySet<number> {
  const ids = new Set<number>();
  walkBlock(b, (s) => {
    if (s.kind === "store" || s.kind === "scatter") ids.add(s.buffer.id);
    if (s.kind === "call") for (const h of s.made) ids.add(h.buffer.id);
  });
  return ids;
}

/** Variables that a block makes: by `let` and as loops' indices. */
export function varsMade(b: LoopBlock): ReadonlySet<number> {
  const ids = new Set<number>();
  walkBlock(b, (s) => {
    if (s.kind === "let" || s.kind === "for" || s.kind === "parallel") ids.add(s.var.id);
  });
  return ids;
}

/** Ids above all that a function uses: for passes that make new names. */
export function freshIds(f: LoopFunction): { readonly variable: () => number; readonly buffer: () => number } {
  let v = -1;
  let b = -1;
  const variable = (x: LoopVar): void => {
    if (x.id > v) v = x.id;
  };
  const buffer = (x: Buffer): void => {
    if (x.id > b) b = x.id;
  };
  f.scalars.forEach(variable);
  f.buffers.forEach(buffer);
  walkBlock(
    f.body,
    (s) => {
      if (s.kind === "let" || s.kind === "set" || s.kind === "for" || s.kind === "parallel") variable(s.var);
      if (s.kind === "store" || s.kind === "scatter" || s.kind === "alloc") buffer(s.buffer);
      if (s.kind === "call") for (const h of [...s.given, ...s.made]) buffer(h.buffer);
    },
    (e) => {
      if (e.kind === "var") variable(e.var);
      else if (e.kind === "load" || e.kind === "gather") buffer(e.buffer);
    },
  );
  return { variable: () => ++v, buffer: () => ++b };
}
