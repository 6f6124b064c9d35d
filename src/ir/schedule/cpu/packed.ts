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
  operation,
  or,
  read,
  select,
  single,
  sub,
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
/** Rows that a band has at least where its panels are long: the other operand's panels are read once a band. */
const BAND_ROWS = 64;
/** So many bands at least, where they would have no fewer rows than this: threads share them. */
const BANDS = 8;
const FEWEST_ROWS = 32;
/** Panels of so many elements are made before the bands, whatever the size of the result. */
export const WHOLE = 1 << 20;
/** So many panels of columns are too few to make panels of rows for. */
const DIRECT = 16;

interface Product {
  readonly contraction: Contraction;
  readonly scalar: "f32" | "f64";
  readonly left: Side;
  readonly right: Side;
  readonly inner: Bounds;
  readonly blocks: LoopExpr;
  readonly stride: LoopExpr;
  /** Rows that are made from the panels to the finished elements before the next: all of them, or those of a band. */
  readonly bandRows: LoopExpr;
  /** All panels of the columns stand there before the first band. */
  readonly banded: boolean;
  readonly tiling: Tiling;
}

/** `nest` is the contraction's; the axes' extents are such that tiles pay. */
export function schedulePacked(region: Region, nest: Nest, c: Contraction, tiling: Tiling, after: LoopSchedule): void {
  const p = prepare(region, c, tiling);
  stopIfFailed(region);
  // Nothing in it may fail but the points, and it is no point of a nest.
  const plain: Region = { ...region, stops: false, point: int(0) };
  if (tiling.mirror) inOneGo(plain, nest, p, after);
  else if (c.around) inBands(plain, nest, p, after);
  else
    branch(
      plain,
      named(plain, "banded", paysInBands(p)),
      (yes) => inBands(yes, nest, p, after),
      (no) => inOneGo(no, nest, p, after),
    );
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
  const left = side(c.rows, c.left, tiling.height);
  const right = side(c.columns, c.right, tiling.width);
  const inner = boundsOf(region, c.inner);
  const count = named(region, `${c.inner.var.name}Count`, innerCount(inner));
  const blocks = named(region, `${c.inner.var.name}Blocks`, ceilDiv(count, int(BLOCK)));
  const stride = named(region, "stride", mul(right.panels, int(tiling.width)));
  return { contraction: c, scalar, left, right, inner, blocks, stride, bandRows: left.count, banded: false, tiling };
}

const innerCount = ({ lo, hi }: Bounds): LoopExpr => maximum(sub(hi, lo), int(0));
const timesF64 = (a: LoopExpr, b: LoopExpr): LoopExpr =>
  operation("mul", single("f64"), convert("f64", a), convert("f64", b));

/** There are rows for some bands, and the columns' panels have room: those of a tall inner range, as of `X' Y`, are far larger than the result. */
function paysInBands({ left, inner, stride }: Product): LoopExpr {
  const count = innerCount(inner);
  const cheap = or(compare("le", count, left.count), compare("le", timesF64(stride, count), constant("f64", WHOLE)));
  return and(compare("ge", left.count, int(FEWEST_ROWS)), cheap);
}

/** All rows at once, in chunks of panels and of points. */
function inOneGo(region: Region, nest: Nest, p: Product, after: LoopSchedule): void {
  allocatePanels(region, p.right, p.right.panels);
  const levels = allocateBand(region, p, p.left);
  computeBand(region, p, levels);
  finish(region, nest, p, p.left, levels, after);
}

/** Band by band, with the columns' panels made once. */
function inBands(region: Region, nest: Nest, whole: Product, after: LoopSchedule): void {
  const { right, tiling } = whole;
  const packed = freshBuffer(region.lowering, `${right.axis.var.name}Packed`, whole.scalar, "scratch");
  const rows = named(region, "bandRows", rowsOfBand(whole));
  const left = eligible(region, whole);
  const p: Product = { ...whole, left, right: { ...right, packed }, bandRows: rows, banded: true };
  allocatePanels(region, p.right, named(region, "kept", mul(right.panels, p.blocks)));
  overBlocks(region, p, (at, k, block) => {
    const before = named(at, "before", mul(block, right.panels));
    overPanels(at, p.right, "panel", k.turns, tiling.parallel, (one, n) => pack(one, p.right, k, n, before));
  });
  const { parallel: _, ...alone } = after;
  const { parallel: work, ...own } = tiling;
  const one = { ...p, tiling: own };
  const sweep = (at: Region, lo: LoopExpr, hi: LoopExpr): void => {
    const levels = allocateBand(at, one, { ...left, count: rows });
    const band = freshVar(at.lowering, "band", "i32");
    loopOver(at, band, lo, hi, (inner) => {
      const here = bandOf(inner, one, read(band));
      computeBand(inner, { ...one, left: here }, levels);
      finish(inner, nest, one, here, levels, alone);
    });
  };
  const bands = named(region, "bands", ceilDiv(left.count, rows));
  if (work === undefined) {
    sweep(region, int(0), bands);
    return;
  }
  const each = operation("mul", single("f64"), timesF64(rows, p.stride), convert("f64", innerCount(p.inner)));
  inChunks(region, "band", int(0), bands, chunksOf(region, "band", bands, each, work), sweep);
}

/** Panels of a band and its sums stay in the cache, and threads have some bands each. */
function rowsOfBand({ left, inner, stride, tiling }: Product): LoopExpr {
  const widest = maximum(minimum(innerCount(inner), int(BLOCK)), stride);
  const whole = (rows: LoopExpr): LoopExpr => operation("bitAnd", single("i32"), rows, int(-tiling.height));
  const fitting = maximum(whole(operation("idiv", single("i32"), int(BAND), maximum(widest, int(1)))), int(BAND_ROWS));
  const shared = maximum(whole(operation("idiv", single("i32"), left.count, int(BANDS))), int(FEWEST_ROWS));
  return minimum(fitting, shared);
}

/** Rows that lie ready are not copied for a few columns' sake. */
const eligible = (region: Region, { contraction: c, left, right, scalar }: Product): Side =>
  liesReady(c.rows, c.inner, c.left, scalar)
    ? { ...left, direct: named(region, "direct", compare("le", right.panels, int(DIRECT))) }
    : left;

function allocatePanels(region: Region, s: Side, panels: LoopExpr): void {
  const used = s.direct ? select(s.direct, int(0), panels) : panels;
  region.out.push({
    kind: "alloc",
    buffer: s.packed,
    length: named(region, "length", mul(used, int(s.size * BLOCK))),
  });
}

/** Panels and sums for as many rows as `left` has. */
function allocateBand(region: Region, p: Product, left: Side): Levels {
  const room = named(region, "room", ceilDiv(left.count, int(left.size)));
  allocatePanels(region, left, room);
  const length = named(region, "sumsLength", mul(mul(room, int(left.size)), p.stride));
  return allocateLevels(region, p.scalar, p.blocks, length);
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
  const before = p.banded ? named(region, "before", mul(block, right.panels)) : int(0);
  const column = (at: Region, j: LoopExpr): void => {
    if (!p.banded) pack(at, right, k, j, int(0));
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
  const work = timesF64(mul(left.count, int(tiling.width)), k.turns);
  const chunks = chunksOf(region, "column", right.panels, work, tiling.parallel);
  inChunks(region, "column", int(0), right.panels, chunks, sweep);
}

/** The nest itself, for the rows of a band whose sums are there. */
function finish(region: Region, nest: Nest, p: Product, band: Side, levels: Levels, after: LoopSchedule): void {
  const { known, scalars } = region.lowering;
  const { reduce } = p.contraction;
  const offset = (s: Side): LoopExpr => sub(scalars.get(s.axis.var.id) as LoopExpr, s.bounds.lo);
  // Where the sum is asked for, both axes have their values.
  known.set(reduce, (at) => named(at, "sum", load(sumsOf(levels), add(mul(offset(band), p.stride), offset(p.right)))));
  const bounds = new Map([p.left, p.right].map((s) => [s.axis.var.id, s.bounds]));
  const part = new Map([[band.axis.var.id, band.bounds]]);
  withLanes(region, after.lanes, () =>
    pointsInOrder(region, nest, { ...after, bounds, part }, (point) => lowerPoint(point, nest)),
  );
  known.delete(reduce);
}
