// Contractions: reductions over k at the points of two axes, whose value is made of parts that speak of the one axis and k, and parts that
// speak of the other and k. Each part is computed once for a row or column of a tile and used for all of them: matrix products, Gram
// matrices of centred data, distances.
import { effectsOf } from "../effects.js";
import type { Axis, Block, Expr, Nest, Scalar, Stmt, Var } from "../nest.js";
import { mapExprParts, rewriteExpr } from "../nest-walk.js";
import { varExpr } from "../polynomial.js";
import { sameExpr } from "./facts.js";
import type { ReduceExpr } from "./scalar/region.js";

/** A name that the kernel does not have yet. */
export type FreshVar = (name: string, type: Scalar) => Var;

/** A part of the value, and the name under which `Separated.value` speaks of it. */
export interface Part {
  readonly var: Var;
  readonly value: Expr;
}

export interface Separated {
  /** Places of the two axes among those of the nest. */
  readonly row: number;
  readonly column: number;
  /** The reduction's own axis. */
  readonly along: Axis;
  /** Parts that do not speak of the column. */
  readonly left: readonly Part[];
  /** Parts that speak of the column and not of the row. */
  readonly right: readonly Part[];
  readonly value: Expr;
  /** Where all parts are 0 the value adds nothing. */
  readonly product: boolean;
}

/** Parts that one tile keeps in workgroup memory. */
const MOST_PARTS = 4;

/** How the reduction separates, by the last two axes if they do, else by others. */
export function separated(freshVar: FreshVar, nest: Nest, e: ReduceExpr): Separated | undefined {
  const [along] = e.axes;
  if (!along || e.axes.length !== 1 || e.where || e.reducer === "argmin" || e.reducer === "argmax") return undefined;
  if (effectsOf(e).fails) return undefined;
  const own = new Set(nest.axes.map((a) => a.var.id));
  for (const bound of [along.lo, along.hi])
    for (const id of effectsOf(bound).readVars) if (own.has(id)) return undefined;
  for (let column = nest.axes.length - 1; column > 0; column--)
    for (let row = column - 1; row >= 0; row--) {
      const found = new Separation(freshVar, nest, row, column, along).of(e);
      if (found) return found;
    }
  return undefined;
}

class Inseparable extends Error {}

class Separation {
  private readonly left: Part[] = [];
  private readonly right: Part[] = [];
  /** Names of the nest's body and of blocks that stand for their values. */
  private readonly meaning = new Map<number, Expr>();
  /** Names whose values speak of both axes. */
  private readonly mixed = new Set<number>();

  constructor(
    private readonly freshVar: FreshVar,
    private readonly nest: Nest,
    private readonly row: number,
    private readonly column: number,
    private readonly along: Axis,
  ) {
    for (const s of nest.body) if (s.kind === "let") this.meaning.set(s.var.id, this.meant(s.value));
  }

  of(e: ReduceExpr): Separated | undefined {
    try {
      const value = this.split(this.meant(e.value));
      const { left, right, row, column, along } = this;
      if (left.length === 0 || right.length === 0 || left.length + right.length > MOST_PARTS) return undefined;
      const parts = new Set([...left, ...right].map((p) => p.var.id));
      return { row, column, along, left, right, value, product: e.reducer === "sum" && isProduct(value, parts) };
    } catch (error) {
      if (error instanceof Inseparable) return undefined;
      throw error;
    }
  }

  private meant(e: Expr): Expr {
    return rewriteExpr(e, { expr: (x) => (x.kind === "var" && this.meaning.get(x.var.id)) || x });
  }

  private split(e: Expr): Expr {
    const reads = effectsOf(e).readVars;
    const speaks = (axis: Axis | undefined): boolean => axis !== undefined && reads.has(axis.var.id);
    const mixed = [...reads].some((id) => this.mixed.has(id));
    const ofRow = mixed || speaks(this.nest.axes[this.row]);
    const ofColumn = mixed || speaks(this.nest.axes[this.column]);
    if (!ofRow && !ofColumn && effectsOf(e).readArrays.size === 0) return e;
    if (!ofColumn) return this.part(this.left, e);
    if (!ofRow) return this.part(this.right, e);
    switch (e.kind) {
      case "var":
        if (!this.mixed.has(e.var.id)) throw new Inseparable();
        return e;
      case "op":
      case "convert":
      case "if":
        return mapExprParts(e, { expr: (x) => this.split(x), block: (b) => b });
      case "block": {
        const body: Block = e.body.flatMap((s) => this.named(s));
        const value = this.split(this.meant(e.value));
        return body.length === 0 ? value : { ...e, body, value };
      }
      default:
        throw new Inseparable();
    }
  }

  /** A name of a block: it stands for its value, unless that speaks of both axes. */
  private named(s: Stmt): readonly Stmt[] {
    if (s.kind !== "let" || s.var.mutable) throw new Inseparable();
    const value = this.meant(s.value);
    const reads = effectsOf(value).readVars;
    const both = [this.row, this.column].every((d) => reads.has(this.nest.axes[d]?.var.id ?? -1));
    if (!both && ![...reads].some((id) => this.mixed.has(id))) {
      this.meaning.set(s.var.id, value);
      return [];
    }
    this.mixed.add(s.var.id);
    return [{ ...s, value: this.split(value) }];
  }

  private part(side: Part[], value: Expr): Expr {
    // What loops or makes names of its own is no part of an inner loop.
    rewriteExpr(value, {
      expr: (x) => {
        if (x.kind === "reduce" || x.kind === "block") throw new Inseparable();
        return x;
      },
    });
    const known = side.find((p) => sameExpr(p.value, value));
    if (known) return varExpr(known.var);
    const v = this.freshVar(side === this.left ? "left" : "right", value.type);
    side.push({ var: v, value });
    return varExpr(v);
  }
}

/** A product with a part in it, of parts and of what is the same for all k. */
function isProduct(e: Expr, parts: ReadonlySet<number>): boolean {
  if (e.kind === "var") return parts.has(e.var.id);
  return e.kind === "op" && e.op === "mul" && e.args.every((a) => a.kind === "const" || isProduct(a, parts));
}
