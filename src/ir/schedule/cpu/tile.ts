// A tile of a contraction over one block of the inner range: `height` times `width` sums that stay in registers.
import type { Buffer, LoopExpr, LoopType, LoopVar } from "../../loop.js";
import type { Expr, Scalar } from "../../nest.js";
import type { Term } from "../contraction.js";
import { add, int, load, mul, operation, read, select } from "../scalar/build.js";
import { lowerExpr } from "../scalar/expression.js";
import { freshVar, loopOver, named, type Region } from "../scalar/region.js";
import type { Element, Side } from "./panels.js";

export const lanesFor = (scalar: Scalar): 2 | 4 => (scalar === "f64" ? 2 : 4);

export interface Tile {
  readonly scalar: Scalar;
  readonly left: Side;
  readonly right: Side;
  readonly term: Term | undefined;
  /** The sums by rows of so many, into which the tile's are added. */
  readonly sums: Buffer;
  readonly stride: LoopExpr;
}

/** Where the tile's panels begin (or each of its rows), how many inner indices they have, and where its sums go. */
export interface TilePlace {
  readonly a: LoopExpr | readonly Element[];
  readonly b: LoopExpr;
  readonly turns: LoopExpr;
  readonly corner: LoopExpr;
}

export function computeTile(region: Region, tile: Tile, place: TilePlace): void {
  const { scalar, left, right, stride, sums: to } = tile;
  const { lowering } = region;
  const lanes = lanesFor(scalar);
  const type: LoopType = { scalar, lanes };
  const [height, vectors] = [left.size, right.size / lanes];
  const each = <T>(n: number, f: (k: number) => T): T[] => Array.from({ length: n }, (_, k) => f(k));
  const vector = (name: string, mutable: boolean): LoopVar => ({ id: lowering.nextId++, name, type, mutable });
  const sums = each(height, (r) =>
    each(vectors, (v) => {
      const sum = vector(`sum${r}${v}`, true);
      region.out.push({ kind: "let", var: sum, value: { kind: "const", type, value: 0 } });
      return sum;
    }),
  );
  const elementAt = leftOf(region, left, place.a);
  const b = startOf(region, "b", place.b);
  // One turn at a time: unrolled, V8 loads ahead and runs out of registers.
  const t = freshVar(lowering, "t", "i32");
  loopOver(region, t, int(0), place.turns, (inner) => {
    const element = elementAt(inner, read(t));
    const bAt = startOf(inner, "bAt", add(b, mul(read(t), int(right.size))));
    const columns = each(vectors, (v) => {
      const column = vector(`b${v}`, false);
      inner.out.push({ kind: "let", var: column, value: load(right.packed, add(bAt, int(v * lanes)), lanes) });
      return column;
    });
    sums.forEach((row, r) => {
      const value = element(r);
      const row1 = vector(`a${r}`, false);
      inner.out.push({ kind: "let", var: row1, value: { kind: "splat", type, value } });
      row.forEach((sum, v) => {
        const term = termOf(inner, tile, type, read(row1), read(columns[v] as LoopVar));
        inner.out.push({ kind: "set", var: sum, value: operation("add", type, read(sum), term) });
      });
    });
  });
  const corner = named(region, "corner", place.corner);
  sums.forEach((row, r) => {
    const start = r === 0 ? corner : named(region, "row", add(corner, mul(stride, int(r))));
    row.forEach((sum, v) => {
      const at = add(start, int(v * lanes));
      const value = operation("add", type, load(to, at, lanes), read(sum));
      region.out.push({ kind: "store", buffer: to, index: at, value });
    });
  });
}

/** In a turn, the element of row `r` of the left operand. */
function leftOf(region: Region, left: Side, a: TilePlace["a"]): (turn: Region, t: LoopExpr) => (r: number) => LoopExpr {
  if (Array.isArray(a)) {
    const starts = (a as readonly Element[]).map((e) => ({ ...e, index: startOf(region, "row", e.index) }));
    return (_, t) => (r) => {
      const start = starts[r];
      if (!start) throw new Error("internal: a tile of more rows");
      return { ...start, index: add(start.index, t) };
    };
  }
  const start = startOf(region, "a", a as LoopExpr);
  return (turn, t) => {
    const at = startOf(turn, "aAt", add(start, mul(t, int(left.size))));
    return (r) => load(left.packed, add(at, int(r)));
  };
}

/** A name for an index, which is not negative: what is added to it needs no addition at run time. */
export function startOf(region: Region, name: string, value: LoopExpr): LoopExpr {
  const v: LoopVar = { ...freshVar(region.lowering, name, "i32"), nonNegative: true };
  region.out.push({ kind: "let", var: v, value });
  return read(v);
}

/** What one element of either side adds. */
function termOf(region: Region, { term }: Tile, type: LoopType, left: LoopExpr, right: LoopExpr): LoopExpr {
  if (!term) return operation("mul", type, left, right);
  const known = new Map([
    [term.left.id, left],
    [term.right.id, right],
  ]);
  return inLanes(region, term.value, type.lanes, known);
}

/** An expression of vectors; `contraction.ts` lets in no other operations than there are here. Both sides of an `if` are computed. */
function inLanes(region: Region, e: Expr, lanes: LoopType["lanes"], known: Map<number, LoopExpr>): LoopExpr {
  const type: LoopType = { scalar: e.type, lanes };
  const go = (x: Expr): LoopExpr => inLanes(region, x, lanes, known);
  switch (e.kind) {
    case "const":
      return { kind: "const", type, value: e.value };
    case "var":
      return known.get(e.var.id) ?? { kind: "splat", type, value: lowerExpr(region, e) };
    case "op":
      return operation(e.op, type, ...e.args.map(go));
    case "if":
      return select(go(e.condition), go(e.then), go(e.otherwise));
    case "block":
      for (const s of e.body) if (s.kind === "let") known.set(s.var.id, named(region, s.var.name, go(s.value)));
      return go(e.value);
    default:
      throw new Error(`internal: ${e.kind} in a term of a tile`);
  }
}
