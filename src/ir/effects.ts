// What a piece of Nest IR does: which names it reads and writes, and whether it may fail. Every pass that moves or drops code asks here.
import { type Size, symbolsOfSize } from "../compiler/size.js";
import type { ArrayVar, Block, Expr, Kernel, Stmt, Var } from "./nest.js";
import { viewExprParts, viewStmtParts } from "./nest-view.js";

/** Names of outer scopes alone, by id: what a piece makes for itself is in `makes` where it outlives the piece, and else nowhere. */
export interface Effects {
  readonly readVars: ReadonlySet<number>;
  readonly readArrays: ReadonlySet<number>;
  readonly writtenVars: ReadonlySet<number>;
  readonly writtenArrays: ReadonlySet<number>;
  readonly madeVars: ReadonlySet<number>;
  readonly madeArrays: ReadonlySet<number>;
  /** A check in it may fail, which is an effect that nobody may drop, double or move over another. */
  readonly fails: boolean;
}

/** Nearly all sets are empty, and there is a collector for every expression: they share this one until something is put into them. */
const none: ReadonlySet<number> = new Set();
type Names = Exclude<keyof Effects, "fails">;

class Collector implements Effects {
  readVars = none;
  readArrays = none;
  writtenVars = none;
  writtenArrays = none;
  madeVars = none;
  madeArrays = none;
  fails = false;

  put(names: Names, id: number): void {
    const own = this[names];
    if (own === none) this[names] = new Set([id]);
    else (own as Set<number>).add(id);
  }

  private add(e: Effects): void {
    for (const id of e.readVars) if (!this.madeVars.has(id)) this.put("readVars", id);
    for (const id of e.readArrays) if (!this.madeArrays.has(id)) this.put("readArrays", id);
    for (const id of e.writtenVars) if (!this.madeVars.has(id)) this.put("writtenVars", id);
    for (const id of e.writtenArrays) if (!this.madeArrays.has(id)) this.put("writtenArrays", id);
    if (e.fails) this.fails = true;
  }
  private shape(shape: readonly Size[]): void {
    for (const s of shape) for (const v of symbolsOfSize(s)) if (!this.madeVars.has(v.id)) this.put("readVars", v.id);
  }
  makeVar(v: Var): void {
    this.put("madeVars", v.id);
  }
  makeArray(a: ArrayVar): void {
    this.shape(a.shape);
    this.put("madeArrays", a.id);
  }
  /** What `parts` makes is its own. */
  private inner(parts: (c: Collector) => void): void {
    const c = new Collector();
    parts(c);
    this.add(c);
  }
  expr(e: Expr): void {
    if (e.kind === "const") return;
    if (e.kind !== "var") this.add(effectsOf(e));
    else if (!this.madeVars.has(e.var.id)) this.put("readVars", e.var.id);
  }
  block(b: Block): void {
    for (const s of b) this.stmt(s);
  }
  stmt(s: Stmt): void {
    const e = effectsOfStmt(s);
    this.add(e);
    for (const id of e.madeVars) this.put("madeVars", id);
    for (const id of e.madeArrays) this.put("madeArrays", id);
  }

  ofExpr(e: Expr): void {
    switch (e.kind) {
      case "var":
        this.put("readVars", e.var.id);
        return;
      case "load":
        this.put("readArrays", e.array.id);
        if (e.checks?.some((c) => c !== null)) this.fails = true;
        break;
      case "reduce":
        for (const a of e.axes) this.makeVar(a.var);
        break;
    }
    viewExprParts(e, this);
  }

  ofStmt(s: Stmt): void {
    switch (s.kind) {
      case "nest":
        this.inner((c) => {
          for (const a of s.nest.axes) c.makeVar(a.var);
          viewStmtParts(s, c);
        });
        for (const { array } of s.nest.yields) {
          if (s.nest.mode === "define") this.makeArray(array);
          else this.put("writtenArrays", array.id);
          if (s.nest.mode === "add") this.put("readArrays", array.id);
        }
        return;
      case "for":
        this.inner((c) => {
          c.makeVar(s.var);
          viewStmtParts(s, c);
        });
        return;
      case "loop":
        this.inner((c) => {
          c.makeVar(s.turn);
          viewStmtParts(s, c);
        });
        this.put("writtenVars", s.turns.id);
        this.makeVar(s.turns);
        return;
      case "if":
        this.expr(s.condition);
        this.inner((c) => c.block(s.then));
        this.inner((c) => c.block(s.otherwise));
        return;
    }
    viewStmtParts(s, this);
    switch (s.kind) {
      case "let":
        this.makeVar(s.var);
        return;
      case "set":
        this.put("writtenVars", s.var.id);
        return;
      case "declare":
      case "list":
        this.makeArray(s.array);
        return;
      case "store":
        this.put("writtenArrays", s.array.id);
        return;
      case "require":
        this.fails = true;
        return;
      case "host":
        for (const a of s.arrays) this.put("readArrays", a.id);
        for (const r of s.results) {
          if ("shape" in r) this.makeArray(r);
          else this.makeVar(r);
        }
        this.fails = true;
    }
  }
}

const known = new WeakMap<Expr | Stmt, Effects>();

function remembered(node: Expr | Stmt, collect: (c: Collector) => void): Effects {
  const before = known.get(node);
  if (before) return before;
  const c = new Collector();
  collect(c);
  known.set(node, c);
  return c;
}

/** A block in an expression makes names for itself alone, so an expression makes and writes nothing. */
export const effectsOf = (e: Expr): Effects => remembered(e, (c) => c.ofExpr(e));
export const effectsOfStmt = (s: Stmt): Effects => remembered(s, (c) => c.ofStmt(s));
export function effectsOfBlock(block: Block): Effects {
  const c = new Collector();
  c.block(block);
  return c;
}
export function effectsOfResults(kernel: Kernel): Effects {
  const c = new Collector();
  for (const r of kernel.results) {
    if (r.kind === "scalar") c.expr(r.value);
    else c.put("readArrays", r.array.id);
  }
  return c;
}

const meet = (a: ReadonlySet<number>, b: ReadonlySet<number>): boolean => {
  for (const id of a) if (b.has(id)) return true;
  return false;
};

/** `writer` changes something that `reader` reads. */
export const disturbs = (writer: Effects, reader: Effects): boolean =>
  meet(writer.writtenVars, reader.readVars) || meet(writer.writtenArrays, reader.readArrays);

/** `a` before `b` is the same as `b` before `a`: neither reads or overwrites what the other writes or makes, and at most one may fail. */
export const commute = (a: Effects, b: Effects): boolean =>
  !disturbs(a, b) &&
  !disturbs(b, a) &&
  !meet(a.writtenVars, b.writtenVars) &&
  !meet(a.writtenArrays, b.writtenArrays) &&
  !meet(a.madeVars, b.readVars) &&
  !meet(a.madeArrays, b.readArrays) &&
  !meet(a.madeVars, b.writtenVars) &&
  !meet(a.madeArrays, b.writtenArrays) &&
  !meet(b.madeVars, a.readVars) &&
  !meet(b.madeArrays, a.readArrays) &&
  !(a.fails && b.fails);
