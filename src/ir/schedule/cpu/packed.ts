// Contractions by tiles that stay in registers. Of each operand, a block of the inner range is copied into panels that are read straight
// on: `height` rows side by side, and `width` columns. A tile of the result is `height` times `width` sums, each a chain over one block;
// the blocks' sums go into levels of accumulators, which keep to `sumDepth` of src/ir/interpret/depth.ts. What stands around the sum is a
// nest of its own that reads them. Goto and van de Geijn, Anatomy of high-performance matrix multiplication (2008).
import type { Buffer, LoopExpr, LoopType, LoopVar } from "../../loop.js";
import type { Axis, Expr, Nest, Scalar } from "../../nest.js";
import type { Contraction } from "../contraction.js";
import {
  add,
  compare,
  constant,
  convert,
  int,
  load,
  maximum,
  minimum,
  mul,
  operation,
  read,
  single,
  sub,
} from "../scalar/build.js";
import { lowerExpr } from "../scalar/expression.js";
import { lowerPoint } from "../scalar/nest.js";
import { branch, freshBuffer, freshVar, loopOver, named, type Region, stopIfFailed } from "../scalar/region.js";
import { type Bounds, boundsOf, type LoopSchedule, pointsInOrder, withLanes } from "./loops.js";
import { ceilDiv, chunksOf, inChunks } from "./parallel.js";

export interface Tiling {
  readonly height: number;
  readonly width: number;
  /** Chunks of columns with so much work. */
  readonly parallel?: number;
  readonly mirror: boolean;
}

/** The inner range in blocks; how many blocks the first level of accumulators takes, and how many of its sums the second. */
const BLOCK = 256;
const LEVELS = [128, 64] as const;

export const lanesFor = (scalar: Scalar): 2 | 4 => (scalar === "f64" ? 2 : 4);

/** One operand: its axis, and how many of its indices stand side by side in a panel. */
interface Side {
  readonly axis: Axis;
  readonly bounds: Bounds;
  readonly factors: readonly Expr[];
  readonly size: number;
  readonly count: LoopExpr;
  /** Panels, the last one filled up. */
  readonly panels: LoopExpr;
  readonly packed: Buffer;
}

interface Product {
  readonly scalar: Scalar;
  readonly inner: Axis;
  readonly left: Side;
  readonly right: Side;
  /** Sums by rows of whole tiles. The first takes a block's; it stands for the result in the end. */
  readonly levels: readonly Buffer[];
  readonly stride: LoopExpr;
  readonly length: LoopExpr;
}

/** `nest` is the contraction's; the axes' extents are such that tiles pay. */
export function schedulePacked(region: Region, nest: Nest, c: Contraction, tiling: Tiling, after: LoopSchedule): void {
  const product = prepare(region, c, tiling);
  const k = boundsOf(region, c.inner);
  const count = named(region, `${c.inner.var.name}Count`, maximum(sub(k.hi, k.lo), int(0)));
  const blocks = named(region, `${c.inner.var.name}Blocks`, ceilDiv(count, int(BLOCK)));
  allocate(region, product, blocks);
  const block = freshVar(region.lowering, `${c.inner.var.name}Block`, "i32");
  // Nothing in it may fail, and it is no point of a nest.
  const plain: Region = { ...region, stops: false, point: int(0) };
  loopOver(plain, block, int(0), blocks, (at) => {
    const from = named(at, `${c.inner.var.name}From`, add(k.lo, mul(read(block), int(BLOCK))));
    const turns = named(at, `${c.inner.var.name}Turns`, minimum(sub(k.hi, from), int(BLOCK)));
    packAll(at, product, from, turns, tiling);
    tiles(at, product, from, turns, tiling);
    flush(at, product, read(block));
  });
  total(plain, product, blocks);
  if (tiling.mirror) mirror(plain, product);
  finish(region, nest, c, product, after);
}

function prepare(region: Region, c: Contraction, { height, width }: Tiling): Product {
  const { lowering } = region;
  const scalar = c.reduce.type;
  const side = (axis: Axis, factors: readonly Expr[], size: number): Side => {
    const bounds = boundsOf(region, axis);
    const count = named(region, `${axis.var.name}Count`, maximum(sub(bounds.hi, bounds.lo), int(0)));
    const panels = named(region, `${axis.var.name}Panels`, ceilDiv(count, int(size)));
    return {
      axis,
      bounds,
      factors,
      size,
      count,
      panels,
      packed: freshBuffer(lowering, `${axis.var.name}Packed`, scalar, "scratch"),
    };
  };
  const left = side(c.rows, c.left, height);
  const right = side(c.columns, c.right, width);
  const stride = named(region, "stride", mul(right.panels, int(width)));
  const length = named(region, "sumsLength", mul(mul(left.panels, int(height)), stride));
  const levels = [0, 1, 2].map((n) => freshBuffer(lowering, `sums${n + 1}`, scalar, "scratch"));
  return { scalar, inner: c.inner, left, right, levels, stride, length };
}

function allocate(region: Region, p: Product, blocks: LoopExpr): void {
  let takes = 1;
  p.levels.forEach((buffer, n) => {
    // A level that takes nothing needs no room.
    const used = operation("select", single("i32"), compare("ge", blocks, int(takes)), p.length, int(1));
    region.out.push({ kind: "alloc", buffer, length: n === 0 ? p.length : named(region, "length", used) });
    const clear = (at: Region): void => sweepSums(at, p, (inner, k) => store(inner, buffer, k, zeros(p)));
    if (n === 0) clear(region);
    else branch(region, compare("ge", blocks, int(takes)), clear);
    takes *= LEVELS[n] ?? 1;
  });
  for (const s of [p.left, p.right])
    region.out.push({
      kind: "alloc",
      buffer: s.packed,
      length: named(region, "length", mul(s.panels, int(s.size * BLOCK))),
    });
}

const vectorType = (p: Product): LoopType => ({ scalar: p.scalar, lanes: lanesFor(p.scalar) });
const zeros = (p: Product): LoopExpr => ({ kind: "const", type: vectorType(p), value: 0 });
const store = (region: Region, buffer: Buffer, index: LoopExpr, value: LoopExpr): void => {
  region.out.push({ kind: "store", buffer, index, value });
};

/** All sums of a level, vector by vector: rows are made of whole ones. */
function sweepSums(region: Region, p: Product, emit: (inner: Region, at: LoopExpr) => void): void {
  const at = freshVar(region.lowering, "at", "i32");
  loopOver(region, at, int(0), p.length, (inner) => emit(inner, read(at)), { step: lanesFor(p.scalar) });
}

/** The product of a side's factors at an index of its axis and one of the inner axis. */
function termOf(region: Region, p: Product, s: Side, index: LoopExpr, k: LoopExpr): LoopExpr {
  const { scalars } = region.lowering;
  scalars.set(s.axis.var.id, named(region, s.axis.var.name, index));
  scalars.set(p.inner.var.id, k);
  const values = s.factors.map((f) => convert(p.scalar, lowerExpr(region, f)));
  return values.reduce((a, b) => operation("mul", single(p.scalar), a, b));
}

function packAll(region: Region, p: Product, from: LoopExpr, turns: LoopExpr, tiling: Tiling): void {
  const s = p.left;
  const panel = (at: Region, n: LoopExpr): void => pack(at, p, s, n, from, turns);
  if (tiling.parallel === undefined) {
    const n = freshVar(region.lowering, "panel", "i32");
    loopOver(region, n, int(0), s.panels, (at) => panel(at, read(n)));
    return;
  }
  const work = operation("mul", single("f64"), convert("f64", turns), constant("f64", 4 * s.size));
  const chunks = chunksOf(region, "panel", s.panels, work, tiling.parallel);
  inChunks(region, "panel", int(0), s.panels, chunks, (chunk, start, stop) => {
    const n = freshVar(chunk.lowering, "panel", "i32");
    loopOver(chunk, n, start, stop, (at) => panel(at, read(n)));
  });
}

/** One panel of one block: for each inner index `size` values. The last panel repeats its last index, whose sums nobody reads. */
function pack(region: Region, p: Product, s: Side, panel: LoopExpr, from: LoopExpr, turns: LoopExpr): void {
  const first = named(region, "first", add(s.bounds.lo, mul(panel, int(s.size))));
  const left = named(region, "left", sub(s.bounds.hi, first));
  const base = named(region, "base", mul(panel, int(s.size * BLOCK)));
  const copy = (at: Region, vector: boolean, indexOf: (n: LoopExpr) => LoopExpr): void => {
    const t = freshVar(at.lowering, "t", "i32");
    loopOver(at, t, int(0), turns, (row) => {
      const k = named(row, p.inner.var.name, add(from, read(t)));
      const to = named(row, "to", add(base, mul(read(t), int(s.size))));
      const n = freshVar(row.lowering, "n", "i32");
      loopOver(
        row,
        n,
        int(0),
        int(s.size),
        (inner) => {
          const value = termOf(inner, p, s, indexOf(read(n)), k);
          inner.out.push({ kind: "store", buffer: s.packed, index: add(to, read(n)), value });
        },
        { vector },
      );
    });
  };
  branch(
    region,
    compare("ge", left, int(s.size)),
    (whole) => copy(whole, true, (n) => add(first, n)),
    (edge) => copy(edge, false, (n) => add(first, minimum(n, sub(left, int(1))))),
  );
}

/** All tiles of one block, panel of columns by panel. */
function tiles(region: Region, p: Product, from: LoopExpr, turns: LoopExpr, tiling: Tiling): void {
  const column = (at: Region, j: LoopExpr): void => {
    pack(at, p, p.right, j, from, turns);
    // Of a symmetric result, only tiles that reach the upper triangle.
    const last = tiling.mirror
      ? named(
          at,
          "panelsHere",
          minimum(p.left.panels, ceilDiv(mul(add(j, int(1)), int(tiling.width)), int(tiling.height))),
        )
      : p.left.panels;
    const i = freshVar(at.lowering, "tile", "i32");
    loopOver(at, i, int(0), last, (tile) => kernel(tile, p, read(i), j, turns));
  };
  const sweep = (at: Region, lo: LoopExpr, hi: LoopExpr): void => {
    const j = freshVar(at.lowering, "column", "i32");
    loopOver(at, j, lo, hi, (inner) => column(inner, read(j)));
  };
  if (tiling.parallel === undefined) {
    sweep(region, int(0), p.right.panels);
    return;
  }
  const each = (a: LoopExpr, b: LoopExpr): LoopExpr =>
    operation("mul", single("f64"), convert("f64", a), convert("f64", b));
  const work = each(mul(p.left.count, int(tiling.width)), turns);
  const chunks = chunksOf(region, "column", p.right.panels, work, tiling.parallel);
  inChunks(region, "column", int(0), p.right.panels, chunks, sweep);
}

/** One tile over one block, its sums in registers. */
function kernel(region: Region, p: Product, i: LoopExpr, j: LoopExpr, turns: LoopExpr): void {
  const { lowering } = region;
  const lanes = lanesFor(p.scalar);
  const type = vectorType(p);
  const [height, vectors] = [p.left.size, p.right.size / lanes];
  const each = <T>(n: number, f: (k: number) => T): T[] => Array.from({ length: n }, (_, k) => f(k));
  const vector = (name: string, mutable: boolean): LoopVar => ({ id: lowering.nextId++, name, type, mutable });
  const sums = each(height, (r) =>
    each(vectors, (v) => {
      const sum = vector(`sum${r}${v}`, true);
      region.out.push({ kind: "let", var: sum, value: zeros(p) });
      return sum;
    }),
  );
  const a = named(region, "a", mul(i, int(height * BLOCK)));
  const b = named(region, "b", mul(j, int(p.right.size * BLOCK)));
  const t = freshVar(lowering, "t", "i32");
  loopOver(region, t, int(0), turns, (inner) => {
    const columns = each(vectors, (v) => {
      const column = vector(`b${v}`, false);
      const at = add(add(b, mul(read(t), int(p.right.size))), int(v * lanes));
      inner.out.push({ kind: "let", var: column, value: load(p.right.packed, at, lanes) });
      return column;
    });
    sums.forEach((row, r) => {
      const value = load(p.left.packed, add(add(a, mul(read(t), int(height))), int(r)));
      const row1 = vector(`a${r}`, false);
      inner.out.push({ kind: "let", var: row1, value: { kind: "splat", type, value } });
      row.forEach((sum, v) => {
        const term = operation("mul", type, read(row1), read(columns[v] as LoopVar));
        inner.out.push({ kind: "set", var: sum, value: operation("add", type, read(sum), term) });
      });
    });
  });
  const corner = named(region, "corner", add(mul(mul(i, int(height)), p.stride), mul(j, int(p.right.size))));
  const to = p.levels[0] as Buffer;
  sums.forEach((row, r) => {
    const start = r === 0 ? corner : named(region, "row", add(corner, mul(p.stride, int(r))));
    row.forEach((sum, v) => {
      const at = add(start, int(v * lanes));
      store(region, to, at, operation("add", type, load(to, at, lanes), read(sum)));
    });
  });
}

/** After block number `block`: what a level has taken goes into the next where it is full. */
function flush(region: Region, p: Product, block: LoopExpr): void {
  const level = (at: Region, n: number, period: number): void => {
    const full = LEVELS[n];
    if (full === undefined) return;
    const every = period * full;
    const done = operation("bitAnd", single("i32"), add(block, int(1)), int(every - 1));
    branch(at, compare("eq", done, int(0)), (yes) => {
      moveOn(yes, p, n, true);
      level(yes, n + 1, every);
    });
  };
  level(region, 0, 1);
}

function moveOn(region: Region, p: Product, n: number, up: boolean): void {
  const [from, to] = [p.levels[n] as Buffer, p.levels[n + 1] as Buffer];
  const lanes = lanesFor(p.scalar);
  sweepSums(region, p, (inner, at) => {
    store(inner, up ? to : from, at, operation("add", vectorType(p), load(to, at, lanes), load(from, at, lanes)));
    if (up) store(inner, from, at, zeros(p));
  });
}

/** All levels into the first, the highest first. */
function total(region: Region, p: Product, blocks: LoopExpr): void {
  const collect = (at: Region, n: number, takes: number): void => {
    const full = LEVELS[n];
    if (full === undefined) return;
    branch(at, compare("ge", blocks, int(takes * full)), (yes) => {
      collect(yes, n + 1, takes * full);
      moveOn(yes, p, n, false);
    });
  };
  collect(region, 0, 1);
}

/** The lower triangle from the upper one. */
function mirror(region: Region, p: Product): void {
  const sums = p.levels[0] as Buffer;
  const i = freshVar(region.lowering, "i", "i32");
  loopOver(region, i, int(0), p.left.count, (row) => {
    const j = freshVar(row.lowering, "j", "i32");
    loopOver(row, j, int(0), read(i), (inner) => {
      const value = load(sums, add(mul(read(j), p.stride), read(i)));
      inner.out.push({ kind: "store", buffer: sums, index: add(mul(read(i), p.stride), read(j)), value });
    });
  });
}

/** The nest itself, for which the sums are there. */
function finish(region: Region, nest: Nest, c: Contraction, p: Product, after: LoopSchedule): void {
  stopIfFailed(region);
  const { known, scalars } = region.lowering;
  const offset = (s: Side): LoopExpr => sub(scalars.get(s.axis.var.id) as LoopExpr, s.bounds.lo);
  // How dear a point is, is asked before the first.
  known.set(c.reduce, constant(p.scalar, 0));
  withLanes(region, after.lanes, () =>
    pointsInOrder(region, nest, after, (point) => {
      const at = add(mul(offset(p.left), p.stride), offset(p.right));
      known.set(c.reduce, named(point, "sum", load(p.levels[0] as Buffer, at)));
      lowerPoint(point, nest);
    }),
  );
  known.delete(c.reduce);
}
