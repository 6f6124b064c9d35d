// Column reductions row by row: each row is added, in lanes, to accumulators of all columns. (Several rows at a time would read and write
// these less often, and halve the speed at which memory comes in.) Blocks of rows go into higher levels, which keep to `sumDepth` of
// src/ir/interpret/depth.ts; parts of the rows may run side by side, each with accumulators of its own that are put together in order.
import type { Buffer, LoopExpr } from "../../loop.js";
import type { Axis, Expr, Nest } from "../../nest.js";
import { Copier } from "../../nest-copy.js";
import { varExpr } from "../../polynomial.js";
import type { Columns } from "../columns.js";
import {
  add,
  compare,
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
import { lowerExpr, lowerNamed } from "../scalar/expression.js";
import { lowerPoint } from "../scalar/nest.js";
import { combine, identityOf, identityValue } from "../scalar/reduce.js";
import {
  branch,
  freshBuffer,
  freshVar,
  loopOver,
  named,
  type ReduceExpr,
  type Region,
  stopIfFailed,
} from "../scalar/region.js";
import { sharedParts } from "../shared.js";
import { type Bounds, boundsOf, type LoopSchedule, pointsInOrder, withLanes } from "./loops.js";
import { ceilDiv, chunksOf, inChunks } from "./parallel.js";
import { startOf } from "./tile.js";
import { workOfExpr } from "./work.js";

/** Rows of a block, and blocks that the second level takes before it goes into the third. */
const BLOCK = 256;
const SECOND = 256;

export interface Split {
  readonly parts: number;
  readonly work: number;
}

interface Sweep {
  readonly columns: Columns;
  readonly across: Bounds;
  readonly width: LoopExpr;
  /** The width up to whole vectors: accumulators have room for them, so that a loop over accumulators alone has no rest. */
  readonly padded: LoopExpr;
}

export function scheduleColumns(
  region: Region,
  nest: Nest,
  columns: Columns,
  after: LoopSchedule,
  split: Split | undefined,
): void {
  const across = boundsOf(region, columns.axis);
  const down = boundsOf(region, columns.down);
  stopIfFailed(region);
  const width = named(region, "width", maximum(sub(across.hi, across.lo), int(0)));
  const whole = operation("bitAnd", single("i32"), add(width, int(3)), int(-4));
  const sweep: Sweep = { columns, across, width, padded: startOf(region, "padded", whole) };
  const plain: Region = { ...region, stops: false, point: int(0) };
  const totals = makeLevels(plain, sweep, "Total");
  const sweepAll = (at: Region): void => {
    if (split) inParts(at, sweep, down, totals, split);
    else rows(at, sweep, down.lo, down.hi, totals);
  };
  if (columns.guard) branch(plain, lowerExpr(plain, columns.guard), sweepAll);
  else sweepAll(plain);
  finish(region, nest, sweep, totals, after);
}

/** Accumulators for each reduction, with what it starts from. */
function makeLevels(region: Region, s: Sweep, name: string, times: LoopExpr = int(1)): readonly Buffer[] {
  return s.columns.reductions.map((e) => {
    const buffer = freshBuffer(region.lowering, `${e.reducer}${name}`, e.type, "scratch");
    const length = named(region, "length", maximum(mul(s.padded, times), int(1)));
    region.out.push({ kind: "alloc", buffer, length });
    return buffer;
  });
}

/** A loop over the columns, in lanes. */
function along(region: Region, s: Sweep, vector: true | "padded", emit: (inner: Region, c: LoopExpr) => void): void {
  const c = freshVar(region.lowering, "c", "i32");
  loopOver(region, c, int(0), s.width, (inner) => emit(inner, read(c)), { vector });
}

const store = (region: Region, buffer: Buffer, index: LoopExpr, value: LoopExpr): void => {
  region.out.push({ kind: "store", buffer, index, value });
};

function clear(region: Region, s: Sweep, buffers: readonly Buffer[]): void {
  along(region, s, "padded", (inner, c) =>
    s.columns.reductions.forEach((e, n) => {
      store(inner, buffers[n] as Buffer, c, identityOf(e.reducer, e.type));
    }),
  );
}

/** Two values of a reduction; what counts has been counted. */
const joined = (e: ReduceExpr, a: LoopExpr, b: LoopExpr): LoopExpr =>
  combine(e.reducer === "count" ? "sum" : e.reducer, a, b);

/** `to[at + c]` takes `from[c]`. */
function moveOn(
  region: Region,
  s: Sweep,
  from: readonly Buffer[],
  to: readonly Buffer[],
  fromAt: LoopExpr = int(0),
  again = true,
): void {
  along(region, s, "padded", (inner, c) =>
    s.columns.reductions.forEach((e, n) => {
      const [source, target] = [from[n] as Buffer, to[n] as Buffer];
      store(inner, target, c, joined(e, load(target, c), load(source, add(fromAt, c))));
      if (again) store(inner, source, c, identityOf(e.reducer, e.type));
    }),
  );
}

function inParts(region: Region, s: Sweep, down: Bounds, totals: readonly Buffer[], { parts, work }: Split): void {
  const count = named(region, "rows", maximum(sub(down.hi, down.lo), int(0)));
  const of = s.columns.reductions.map((e) => workOfExpr(region.lowering, e.value));
  const each = of.reduce((a, b) => operation("add", single("f64"), a, b));
  const row = operation("mul", single("f64"), each, convert("f64", s.width));
  const chunks = chunksOf(region, "rows", count, row, work, { most: parts });
  const partial = makeLevels(region, s, "Part", maximum(chunks.count, int(1)));
  inChunks(region, "rows", down.lo, down.hi, chunks, (at, start, stop, chunk) => {
    const own = makeLevels(at, s, "Own");
    rows(at, s, start, stop, own);
    const to = named(at, "to", mul(chunk, s.padded));
    along(at, s, "padded", (inner, c) =>
      own.forEach((buffer, n) => {
        store(inner, partial[n] as Buffer, add(to, c), load(buffer, c));
      }),
    );
  });
  clear(region, s, totals);
  const part = freshVar(region.lowering, "part", "i32");
  loopOver(region, part, int(0), chunks.count, (at) => {
    const from = named(at, "from", mul(read(part), s.padded));
    moveOn(at, s, partial, totals, from, false);
  });
}

/** The rows `lo..hi` into `totals`. */
function rows(region: Region, s: Sweep, lo: LoopExpr, hi: LoopExpr, totals: readonly Buffer[]): void {
  const first = makeLevels(region, s, "1");
  const second = makeLevels(region, s, "2");
  for (const level of [first, second, totals]) clear(region, s, level);
  const blocks = named(region, "blocks", ceilDiv(maximum(sub(hi, lo), int(0)), int(BLOCK)));
  const block = freshVar(region.lowering, "block", "i32");
  loopOver(region, block, int(0), blocks, (at) => {
    const start = named(at, "start", add(lo, mul(read(block), int(BLOCK))));
    const count = named(at, "count", minimum(sub(hi, start), int(BLOCK)));
    addRows(at, s, first, start, named(at, "stop", add(start, count)));
    moveOn(at, s, first, second);
    const done = operation("bitAnd", single("i32"), add(read(block), int(1)), int(SECOND - 1));
    branch(at, compare("eq", done, int(0)), (yes) => moveOn(yes, s, second, totals));
  });
  moveOn(region, s, second, totals);
}

function addRows(region: Region, s: Sweep, to: readonly Buffer[], lo: LoopExpr, hi: LoopExpr): void {
  const { lowering } = region;
  const { axis, down, reductions } = s.columns;
  const i = freshVar(lowering, down.var.name, "i32");
  lowering.scalars.set(down.var.id, read(i));
  const added = reductions.map((e) => contribution(e, down));
  const { lets, values } = sharedParts(added, [axis, down], () => -lowering.nextId++);
  loopOver(region, i, lo, hi, (row) =>
    along(row, s, true, (inner, c) => {
      lowering.scalars.set(axis.var.id, named(inner, axis.var.name, add(s.across.lo, c)));
      for (const { var: v, value } of lets) lowering.scalars.set(v.id, lowerNamed(inner, v.name, value));
      reductions.forEach((e, n) => {
        const value = lowerExpr(inner, values[n] as Expr);
        const buffer = to[n] as Buffer;
        store(inner, buffer, c, combine(e.reducer, load(buffer, c), value));
      });
    }),
  );
}

/** What one row adds, in a form that lanes can choose: nothing where the reduction leaves the row out. All speak of the row by one name. */
function contribution({ axes, reducer, value, where }: ReduceExpr, down: Axis): Expr {
  const c = new Copier({ vars: new Map(axes.map((a) => [a.var.id, varExpr(down.var)])) });
  if (!where) return c.expr(value);
  const { type } = value;
  const nothing: Expr = { kind: "const", type, value: identityValue(reducer, type) };
  return { kind: "if", type, condition: c.expr(where), then: c.expr(value), otherwise: nothing };
}

function finish(region: Region, nest: Nest, s: Sweep, totals: readonly Buffer[], after: LoopSchedule): void {
  const { known, scalars } = region.lowering;
  const { axis, reductions } = s.columns;
  for (const e of reductions) known.set(e, () => identityOf(e.reducer, e.type));
  withLanes(region, after.lanes, () =>
    pointsInOrder(region, nest, after, (point) => {
      const at = sub(scalars.get(axis.var.id) as LoopExpr, s.across.lo);
      reductions.forEach((e, n) => {
        const total = named(point, e.reducer, load(totals[n] as Buffer, at));
        known.set(e, () => total);
      });
      lowerPoint(point, nest);
    }),
  );
  for (const e of reductions) known.delete(e);
}
