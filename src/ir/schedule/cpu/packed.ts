// Contractions by tiles that stay in registers. Of each operand, a block of the inner range is copied into panels. A tile of the result is a
// number of sums, each a chain over one block; the blocks' sums go into levels of accumulators. What stands around the sum is a nest of its
// own that reads them. A result of many rows is made in bands of rows that the cache holds, from the panels to the finished elements, with the
// other operand's panels made once. Goto and van de Geijn, Anatomy of high-performance matrix multiplication (2008).
import type { LoopExpr } from "../../loop.js";
import type { Axis, Expr, Nest } from "../../nest.js";
import type { Contraction } from "../contraction.js";
import {
  add,
  and,
  compare,
  constant,
  convert,
  int,
  load,
  maximum,
  minimum,
  mul,
  not,
  operation,
  or,
  read,
  select,
  single,
  sub,
  truth,
} from "../scalar/build.js";
import { lowerPoint } from "../scalar/nest.js";
import { branch, freshBuffer, freshVar, loopOver, named, type Region, stopIfFailed } from "../scalar/region.js";
import { allocateLevels, clearLevels, flushLevels, type Levels, mirrorSums, totalLevels } from "./levels.js";
import { type Bounds, boundsOf, type LoopSchedule, pointsInOrder, withLanes } from "./loops.js";
import { BLOCK, type Inner, liesReady, overPanels, pack, panelAt, rowsOf, type Side } from "./panels.js";
import { ceilDiv, chunksOf, inChunks } from "./parallel.js";
import { computeTile, type Tile } from "./tile.js";

export interface Tiling {
  readonly height: number;
  readonly width: number;
  /** Chunks of columns with so much work. */
  readonly parallel?: number;
  readonly mirror: boolean;
}

/** Elements of a band's panels, and of its sums: the second level of the cache holds both. */
const BAND = 1 << 15;
/** Rows that a band has at least: the other operand's panels are read once a band. */
const BAND_ROWS = 64;
/** So many panels of columns are too few to make panels of rows for. */
const DIRECT = 16;
/** Panels of so many elements are made before the bands, whatever the size of the result. */
const WHOLE = 1 << 20;

interface Product {
  readonly contraction: Contraction;
  readonly scalar: "f32" | "f64";
  readonly left: Side;
  readonly right: Side;
  readonly inner: Bounds;
  readonly blocks: LoopExpr;
  readonly stride: LoopExpr;
  readonly bandRows: LoopExpr;
  /** There are several bands, and all panels of the columns stand there before the first. */
  readonly banded: LoopExpr;
  readonly tiling: Tiling;
}

/** `nest` is the contraction's; the axes' extents are such that tiles pay. */
export function schedulePacked(region: Region, nest: Nest, c: Contraction, tiling: Tiling, after: LoopSchedule): void {
  const p = prepare(region, c, tiling);
  stopIfFailed(region);
  const room = named(region, "room", ceilDiv(p.bandRows, int(p.left.size)));
  const length = named(region, "sumsLength", mul(mul(room, int(p.left.size)), p.stride));
  const levels = allocateLevels(region, p.scalar, p.blocks, length);
  const kept = named(region, "kept", select(p.banded, p.blocks, int(1)));
  for (const [s, panels] of [
    [p.left, room],
    [p.right, mul(p.right.panels, kept)],
  ] as const)
    region.out.push({
      kind: "alloc",
      buffer: s.packed,
      length: named(region, "length", mul(s.direct ? select(s.direct, int(0), panels) : panels, int(s.size * BLOCK))),
    });
  // Nothing in it may fail but the points, and it is no point of a nest.
  const plain: Region = { ...region, stops: false, point: int(0) };
  branch(plain, p.banded, (yes) =>
    overBlocks(yes, p, (at, k, block) => {
      const before = named(at, "before", mul(block, p.right.panels));
      overPanels(at, p.right, "panel", k.turns, tiling.parallel, (one, n) => pack(one, p.right, k, n, before));
    }),
  );
  const band = freshVar(region.lowering, "band", "i32");
  const bands = named(plain, "bands", ceilDiv(p.left.count, maximum(p.bandRows, int(1))));
  loopOver(plain, band, int(0), bands, (at) => {
    const left = bandOf(at, p, read(band));
    computeBand(at, { ...p, left }, levels);
    finish(at, nest, p, left, levels, after);
  });
}

function prepare(region: Region, c: Contraction, tiling: Tiling): Product {
  const { lowering } = region;
  const scalar = c.reduce.type as "f32" | "f64";
  const side = (axis: Axis, factors: readonly Expr[], size: number): Side => {
    const bounds = boundsOf(region, axis);
    const count = named(region, `${axis.var.name}Count`, maximum(sub(bounds.hi, bounds.lo), int(0)));
    const panels = named(region, `${axis.var.name}Panels`, ceilDiv(count, int(size)));
    const packed = freshBuffer(lowering, `${axis.var.name}Packed`, scalar, "scratch");
    return { axis, bounds, factors, size, count, panels, packed };
  };
  const rows = side(c.rows, c.left, tiling.height);
  const right = side(c.columns, c.right, tiling.width);
  const left = liesReady(c.rows, c.inner, c.left, scalar)
    ? { ...rows, direct: named(region, "direct", compare("le", right.panels, int(DIRECT))) }
    : rows;
  const inner = boundsOf(region, c.inner);
  const count = named(region, `${c.inner.var.name}Count`, maximum(sub(inner.hi, inner.lo), int(0)));
  const blocks = named(region, `${c.inner.var.name}Blocks`, ceilDiv(count, int(BLOCK)));
  const stride = named(region, "stride", mul(right.panels, int(tiling.width)));
  const widest = maximum(minimum(count, int(BLOCK)), stride);
  const fitting = operation("idiv", single("i32"), int(BAND), maximum(widest, int(1)));
  const most = maximum(operation("bitAnd", single("i32"), fitting, int(-tiling.height)), int(BAND_ROWS));
  const f64 = (e: LoopExpr): LoopExpr => convert("f64", e);
  const panels = operation("mul", single("f64"), f64(stride), f64(count));
  // A tall inner range, as of `X' X`, has panels that are far larger than the result.
  const cheap = or(compare("le", count, left.count), compare("le", panels, constant("f64", WHOLE)));
  const many = compare("gt", left.count, most);
  const banded = named(region, "banded", tiling.mirror ? truth(false) : and(many, cheap));
  const bandRows = named(region, "bandRows", select(banded, most, left.count));
  return { contraction: c, scalar, left, right, inner, blocks, stride, bandRows, banded, tiling };
}

/** The blocks of the inner range, in order. */
function overBlocks(region: Region, p: Product, emit: (at: Region, k: Inner, block: LoopExpr) => void): void {
  const axis = p.contraction.inner;
  const { name } = axis.var;
  const block = freshVar(region.lowering, `${name}Block`, "i32");
  loopOver(region, block, int(0), p.blocks, (at) => {
    const from = named(at, `${name}From`, add(p.inner.lo, mul(read(block), int(BLOCK))));
    const turns = named(at, `${name}Turns`, minimum(sub(p.inner.hi, from), int(BLOCK)));
    emit(at, { scalar: p.scalar, axis, from, turns }, read(block));
  });
}

/** The rows of one band. */
function bandOf(region: Region, { left, bandRows }: Product, band: LoopExpr): Side {
  const { name } = left.axis.var;
  const lo = named(region, `${name}Lo`, add(left.bounds.lo, mul(band, bandRows)));
  const hi = named(region, `${name}Hi`, minimum(add(lo, bandRows), left.bounds.hi));
  const count = named(region, `${name}Rows`, sub(hi, lo));
  const panels = named(region, `${name}Tiles`, ceilDiv(count, int(left.size)));
  return { ...left, bounds: { lo, hi }, count, panels };
}

/** The sums of one band, whose rows `p.left` are. */
function computeBand(region: Region, p: Product, levels: Levels): void {
  const { left, tiling } = p;
  clearLevels(region, levels);
  overBlocks(region, p, (at, k, block) => {
    const packed = (no: Region): void => {
      overPanels(no, left, "panel", k.turns, tiling.parallel, (one, n) => pack(one, left, k, n, int(0)));
      tiles(no, p, k, block, levels, false);
    };
    if (left.direct) branch(at, left.direct, (yes) => tiles(yes, p, k, block, levels, true), packed);
    else packed(at);
    flushLevels(at, levels, block);
  });
  totalLevels(region, levels);
  if (tiling.mirror) mirrorSums(region, sumsOf(levels), left.count, p.stride);
}

const sumsOf = ({ buffers: [first] }: Levels) => {
  if (!first) throw new Error("internal: sums without a level");
  return first;
};

/** All tiles of one block, panel of columns by panel. */
function tiles(region: Region, p: Product, k: Inner, block: LoopExpr, levels: Levels, direct: boolean): void {
  const { left, right, tiling, stride } = p;
  const tile: Tile = { scalar: p.scalar, left, right, term: p.contraction.term, sums: sumsOf(levels), stride };
  const before = named(region, "before", select(p.banded, mul(block, right.panels), int(0)));
  const column = (at: Region, j: LoopExpr): void => {
    branch(at, not(p.banded), (yes) => pack(yes, right, k, j, int(0)));
    // Of a symmetric result, only tiles that reach the upper triangle.
    const reaching = ceilDiv(mul(add(j, int(1)), int(tiling.width)), int(tiling.height));
    const last = tiling.mirror ? named(at, "panelsHere", minimum(left.panels, reaching)) : left.panels;
    const i = freshVar(at.lowering, "tile", "i32");
    loopOver(at, i, int(0), last, (inner) => {
      const corner = add(mul(mul(read(i), int(tiling.height)), stride), mul(j, int(tiling.width)));
      const a = direct ? rowsOf(inner, left, k, read(i)) : panelAt(left, read(i), int(0));
      computeTile(inner, tile, { a, b: panelAt(right, j, before), turns: k.turns, corner });
    });
  };
  const sweep = (at: Region, lo: LoopExpr, hi: LoopExpr): void => {
    const j = freshVar(at.lowering, "column", "i32");
    loopOver(at, j, lo, hi, (inner) => column(inner, read(j)));
  };
  if (tiling.parallel === undefined) {
    sweep(region, int(0), right.panels);
    return;
  }
  const each = (a: LoopExpr, b: LoopExpr): LoopExpr =>
    operation("mul", single("f64"), convert("f64", a), convert("f64", b));
  const work = each(mul(left.count, int(tiling.width)), k.turns);
  const chunks = chunksOf(region, "column", right.panels, work, tiling.parallel);
  inChunks(region, "column", int(0), right.panels, chunks, sweep);
}

/** The nest itself, for the rows of a band whose sums are there. */
function finish(region: Region, nest: Nest, p: Product, band: Side, levels: Levels, after: LoopSchedule): void {
  const { known, scalars } = region.lowering;
  const { reduce } = p.contraction;
  const offset = (s: Side): LoopExpr => sub(scalars.get(s.axis.var.id) as LoopExpr, s.bounds.lo);
  // How dear a point is, is asked before the first.
  known.set(reduce, constant(p.scalar, 0));
  const bounds = new Map([p.left, p.right].map((s) => [s.axis.var.id, s.bounds]));
  const part = new Map([[band.axis.var.id, band.bounds]]);
  withLanes(region, after.lanes, () =>
    pointsInOrder(region, nest, { ...after, bounds, part }, (point) => {
      const at = add(mul(offset(band), p.stride), offset(p.right));
      known.set(reduce, named(point, "sum", load(sumsOf(levels), at)));
      lowerPoint(point, nest);
    }),
  );
  known.delete(reduce);
}
