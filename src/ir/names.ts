// Names of integers: each value once. What lanes, tiles and chunks need of a loop's bounds is worked out where each of them needs it, often
// the same several times over; what is used once is written where it is used. It comes last, and makes kernels shorter, not faster.
import type { LoopBlock, LoopExpr, LoopFunction, LoopStmt, LoopVar } from "./loop.js";
import { blocksOf, childrenOf, exprsOf, mapStmt, rewriteExpr, walkExpr } from "./loop-walk.js";

export const shareNames = (f: LoopFunction): LoopFunction => {
  const shared = new Sharing(f).block(f.body);
  return { ...f, body: new Inlining(shared).block(shared) };
};

/** The block with what `f` makes of its statements, or without those of which it makes nothing; itself where nothing changed. */
function mapBlock(block: LoopBlock, f: (s: LoopStmt) => LoopStmt | undefined): LoopBlock {
  let changed: LoopStmt[] | undefined;
  block.forEach((s, at) => {
    const made = f(s);
    if (made !== s) changed ??= block.slice(0, at);
    if (made && changed) changed.push(made);
  });
  return changed ?? block;
}

/** Values of one integer (or bool) that nothing can change: they are the same wherever their names are known. */
function isSteady(e: LoopExpr): boolean {
  if (e.type.lanes !== 1) return false;
  switch (e.kind) {
    case "const":
      return true;
    case "var":
      return !e.var.mutable;
    case "op":
    case "convert":
      return childrenOf(e).every(isSteady);
    default:
      return false;
  }
}

const isNamed = (s: LoopStmt): s is LoopStmt & { readonly kind: "let" } =>
  s.kind === "let" &&
  !s.var.mutable &&
  (s.var.type.scalar === "i32" || s.var.type.scalar === "bool") &&
  isSteady(s.value);

/** Names whose values have a name already become that one. */
class Sharing {
  /** The names that are in scope, by what they stand for. */
  private readonly known = new Map<string, LoopVar>();
  private readonly standsFor = new Map<number, LoopExpr>();
  private readonly nonNegative = new Set<number>();

  constructor(f: LoopFunction) {
    for (const v of f.scalars) if (v.nonNegative) this.nonNegative.add(v.id);
  }

  block(block: LoopBlock): LoopBlock {
    const own: string[] = [];
    const made = mapBlock(block, (s) => {
      if (s.kind === "for" && this.isNonNegative(s.lo)) this.nonNegative.add(s.var.id);
      if (s.kind === "parallel") this.nonNegative.add(s.var.id);
      const made = mapStmt(
        s,
        (e) => this.expr(e),
        (b) => this.block(b),
      );
      return isNamed(made) && this.hasName(made, own) ? undefined : made;
    });
    for (const key of own) this.known.delete(key);
    return made;
  }

  /** Whether the value has a name; else the block's `own` names have one more. */
  private hasName({ var: v, value }: LoopStmt & { readonly kind: "let" }, own: string[]): boolean {
    if (this.isNonNegative(value) || v.nonNegative) this.nonNegative.add(v.id);
    if (value.kind === "const" || value.kind === "var") {
      this.standsFor.set(v.id, value);
      return true;
    }
    const key = keyOf(value);
    const old = this.known.get(key);
    if (!old) {
      this.known.set(key, v);
      own.push(key);
    }
    if (!old || (v.nonNegative && !old.nonNegative)) return false;
    this.standsFor.set(v.id, { kind: "var", type: old.type, var: old });
    return true;
  }

  private expr(e: LoopExpr): LoopExpr {
    return rewriteExpr(e, (x) => {
      if (x.kind === "var") return this.standsFor.get(x.var.id) ?? x;
      if (x.kind !== "op" || x.op !== "max" || x.type.scalar !== "i32" || x.type.lanes !== 1) return x;
      const [a, b] = x.args;
      return a && b?.kind === "const" && b.value === 0 && this.isNonNegative(a) ? a : x;
    });
  }

  /** Sums and products are left out, since they may wrap. */
  private isNonNegative(e: LoopExpr): boolean {
    if (e.kind === "const") return e.value >= 0;
    if (e.kind === "var") return this.nonNegative.has(e.var.id);
    if (e.kind !== "op" || e.type.scalar !== "i32") return false;
    if (e.op === "max" || e.op === "bitAnd") return e.args.some((a) => this.isNonNegative(a));
    return e.op === "min" && e.args.every((a) => this.isNonNegative(a));
  }
}

function keyOf(e: LoopExpr): string {
  const inner = (): string => childrenOf(e).map(keyOf).join(" ");
  switch (e.kind) {
    case "const":
      return `${e.type.scalar} ${Object.is(e.value, -0) ? "-0" : e.value}`;
    case "var":
      return `v${e.var.id}`;
    case "op":
      return `(${e.op} ${e.type.scalar} ${inner()})`;
    default:
      return `(${e.kind} ${e.type.scalar} ${inner()})`;
  }
}

/** A name that is used once, in no loop that it is not made in, becomes its value there; one that is not used goes. */
class Inlining {
  private readonly values = new Map<number, LoopExpr>();
  private readonly uses = new Map<number, number>();
  /** Names that are used in a loop that they are not made in. */
  private readonly kept = new Set<number>();

  constructor(body: LoopBlock) {
    this.count(body, new Set());
  }

  /** `fresh` has the names that are made since the innermost loop began. */
  private count(block: LoopBlock, fresh: Set<number>): void {
    const use = (e: LoopExpr): void => {
      if (e.kind !== "var") return;
      this.uses.set(e.var.id, (this.uses.get(e.var.id) ?? 0) + 1);
      if (!fresh.has(e.var.id)) this.kept.add(e.var.id);
    };
    for (const s of block) {
      const inside = isLoop(s) ? new Set<number>() : fresh;
      // A condition is asked before each turn.
      for (const e of exprsOf(s))
        walkExpr(e, s.kind === "while" ? (x) => x.kind === "var" && this.kept.add(x.var.id) : use);
      for (const b of blocksOf(s)) this.count(b, inside);
      if (s.kind === "let") fresh.add(s.var.id);
    }
  }

  block(block: LoopBlock): LoopBlock {
    return mapBlock(block, (s) => {
      const made = mapStmt(
        s,
        (e) => rewriteExpr(e, (x) => (x.kind === "var" ? (this.values.get(x.var.id) ?? x) : x)),
        (b) => this.block(b),
      );
      if (!isNamed(made) || this.kept.has(made.var.id)) return made;
      const uses = this.uses.get(made.var.id) ?? 0;
      if (uses === 0) return undefined;
      if (uses > 1 || made.var.nonNegative || isLong(made.value)) return made;
      this.values.set(made.var.id, made.value);
      return undefined;
    });
  }
}

/** Nodes of an expression: what follows goes down into it node by node. */
const LONGEST = 64;

function isLong(e: LoopExpr): boolean {
  let nodes = 0;
  walkExpr(e, () => {
    nodes++;
  });
  return nodes > LONGEST;
}

const isLoop = (s: LoopStmt): boolean => s.kind === "for" || s.kind === "while" || s.kind === "parallel";
