// Contractions by tiles: a workgroup of 8 x 8 invocations computes 32 x 32 results, each invocation 4 x 4 of them in registers, from parts of
// the value that the workgroup stages in its memory for 16 values of k at a time. Where there are few tiles, k is split too, and a second
// dispatch adds up what the splits gave.
import type { HostExpr } from "../../abi.js";
import type { Span } from "../../compiler/diagnostic.js";
import type { Buffer, LoopExpr } from "../loop.js";
import type { Expr, Nest } from "../nest.js";
import { walkExpr } from "../nest-walk.js";
import { add, and, compare, int, load, minimum, mul, operation, read, single, sub } from "../schedule/scalar/build.js";
import { lowerExpr } from "../schedule/scalar/expression.js";
import { combine, identityOf } from "../schedule/scalar/reduce.js";
import {
  assign,
  branch,
  freshBuffer,
  freshVar,
  loopOver,
  named,
  type ReduceExpr,
  type Region,
  variable,
} from "../schedule/scalar/region.js";
import type { Part, Separated } from "../schedule/separate.js";
import { atPoint, type Grid } from "./grid.js";
import { hostCeil, hostCeilBy, hostMax, hostMin, hostMul } from "./host.js";
import { builtin, type KernelBuilder, type Uses } from "./kernel.js";
import type { Planner } from "./planner.js";
import { dispatchPoints } from "./point.js";
import { COLUMNS, ROWS, STEP, Sums } from "./registers.js";
import { joined, loadAt, quotient, remainder } from "./rows.js";

const SIDE = 8;
const TILE_ROWS = SIDE * ROWS;
const TILE_COLUMNS = SIDE * COLUMNS;
/**
 * What lies between two values of k in the workgroup's memory, beyond the tile: where neighbouring invocations stage neighbouring values of k,
 * they would all meet in one bank of it. Four keep the places of four neighbours aligned.
 */
const PAD = 4;
const GROUP = SIDE * SIDE;
/** So many workgroups keep a device busy. */
const BUSY = 2048;
const MOST_SPLITS = 128;
/** Values of k that a split has at least. */
const LEAST = 128;

export interface Contraction {
  readonly name: string;
  readonly at: Span;
  readonly uses: Uses;
  readonly nest: Nest;
  readonly grid: Grid;
  readonly reduce: ReduceExpr;
  readonly parts: Separated;
  /** The reduction's own grid. */
  readonly inner: Grid;
  /** What runs at a point whose reduction is known. */
  readonly finish: (region: Region, k: KernelBuilder, total: LoopExpr) => void;
}

/** Whether it is worth its tiles: enough rows, columns and values. */
export function isLarge(c: Pick<Contraction, "grid" | "parts" | "inner">): HostExpr {
  const rows = c.grid.axes[c.parts.row]?.count ?? 0;
  const columns = c.grid.axes[c.parts.column]?.count ?? 0;
  const atLeast = (n: HostExpr, least: number): HostExpr => ["ge", "bool", n, least];
  return ["and", "bool", ["and", "bool", atLeast(rows, SIDE), atLeast(columns, SIDE)], atLeast(c.inner.points, STEP)];
}

export function dispatchTiles(planner: Planner, c: Contraction): void {
  const { row, column } = c.parts;
  const count = (d: number): HostExpr => c.grid.axes[d]?.count ?? 0;
  const tiles = hostMul(hostCeil(count(row), TILE_ROWS), hostCeil(count(column), TILE_COLUMNS));
  const batch = c.grid.axes.reduce<HostExpr>((n, g, d) => (d === row || d === column ? n : hostMul(n, g.count)), 1);
  const groups = hostMul(tiles, batch);
  const values = c.inner.points;
  const wanted = hostMax(
    1,
    hostMin(hostMin(MOST_SPLITS, hostCeilBy(BUSY, hostMax(groups, 1))), hostCeil(values, LEAST)),
  );
  const length = hostMax(STEP, hostMul(STEP, hostCeil(hostCeilBy(values, wanted), STEP)));
  const splits = hostMax(1, hostCeilBy(values, length));
  const layout: Layout = { groups, tiles, length, values };
  planner.step({
    step: "if",
    condition: ["le", "bool", splits, 1],
    yes: planner.collect(() => {
      planner.dispatch({ name: c.name, at: c.at, note: "by tiles", workgroup: GROUP }, groups, (k) =>
        tile(k, c, layout, (region, total) => c.finish(region, k, total)),
      );
    }),
    no: planner.collect(() => inSplits(planner, c, layout, splits)),
  });
}

interface Layout {
  readonly groups: HostExpr;
  readonly tiles: HostExpr;
  /** Values of k of one split, and of all. */
  readonly length: HostExpr;
  readonly values: HostExpr;
}

function inSplits(planner: Planner, c: Contraction, layout: Layout, splits: HostExpr): void {
  const { type } = c.reduce;
  const points = c.grid.points;
  const sums = planner.scratch(`${c.name}Splits`, type, hostMul(splits, points));
  const what = { name: `${c.name}Splits`, at: c.at, note: "by tiles, k in splits", workgroup: GROUP };
  planner.dispatch(what, hostMul(layout.groups, splits), (k) => {
    tile(k, c, layout, (region, total, split) => {
      const to = k.bind("splits", type, sums);
      const at = add(mul(split, k.word("pointCount", "i32", points)), region.point ?? int(0));
      region.out.push({ kind: "store", buffer: to.buffer, index: to.offset ? add(to.offset, at) : at, value: total });
    });
  });
  dispatchPoints(planner, { name: c.name, at: c.at, note: "the sum of the splits" }, c.uses, c.grid, (region, k) => {
    const from = k.bind("splits", type, sums);
    const total = variable(region, c.reduce.reducer, identityOf(c.reduce.reducer, type));
    const split = freshVar(region.lowering, "split", "i32");
    loopOver(region, split, int(0), k.word("splitCount", "i32", splits), (turn) => {
      const at = add(mul(read(split), k.word("pointCount", "i32", points)), region.point ?? int(0));
      assign(turn, total, joined(c.reduce, read(total), loadAt(from, at)));
    });
    c.finish(region, k, read(total));
  });
  planner.drop(sums);
}

type Finish = (region: Region, total: LoopExpr, split: LoopExpr) => void;

/** The code of one workgroup: which tile it has, its values of k in steps, and what becomes of the sums. */
function tile(k: KernelBuilder, c: Contraction, layout: Layout, finish: Finish): void {
  k.use(c.uses);
  const { region } = k;
  const { row, column, along } = c.parts;
  const word = (name: string, value: HostExpr): LoopExpr => k.word(name, "i32", value);
  const axis = (d: number) => {
    const g = c.grid.axes[d];
    if (!g) throw new Error("internal: a contraction without its axes");
    return g;
  };
  const [rows, columns] = [word("rows", axis(row).count), word("columns", axis(column).count)];
  const across = word("tilesAcross", hostCeil(axis(column).count, TILE_COLUMNS));
  const group = named(region, "group", builtin("workgroup"));
  // A folded grid may have more workgroups than there are tiles: those have a split beyond the last value.
  const split = named(region, "split", quotient(group, word("groups", layout.groups)));
  const within = named(region, "within", remainder(group, word("groups", layout.groups)));
  const batch = named(region, "batch", quotient(within, word("tiles", layout.tiles)));
  const place = named(region, "place", remainder(within, word("tiles", layout.tiles)));
  const row0 = named(region, "row0", mul(quotient(place, across), int(TILE_ROWS)));
  const column0 = named(region, "column0", mul(remainder(place, across), int(TILE_COLUMNS)));
  const first = named(region, "first", mul(split, word("length", layout.length)));
  const values = word("values", layout.values);
  const end = named(region, "end", minimum(values, add(first, word("length", layout.length))));
  const strides = bindBatch(k, region, c, batch);

  const lane = builtin("invocation");
  const laneRow = named(region, "laneRow", mul(operation("shiftRight", single("i32"), lane, int(3)), int(ROWS)));
  const laneColumn = named(region, "laneColumn", mul(operation("bitAnd", single("i32"), lane, int(7)), int(COLUMNS)));
  const sums = new Sums(region, c.reduce, layout.values);
  const stage = (size: number) => (part: Part) => ({
    part,
    buffer: {
      ...freshBuffer(region.lowering, part.var.name, part.value.type, "shared"),
      length: (size + PAD) * STEP,
    },
  });
  const left = c.parts.left.map(stage(TILE_ROWS));
  const right = c.parts.right.map(stage(TILE_COLUMNS));

  const k0 = freshVar(region.lowering, "k0", "i32");
  loopOver(
    region,
    k0,
    first,
    end,
    (step) => {
      const fill = (parts: typeof left, size: number, d: number, from: LoopExpr, count: LoopExpr): void => {
        for (const { part, buffer } of parts)
          load2d(k, step, c, { part, buffer, size, d, from, count, k0: read(k0), end });
      };
      fill(left, TILE_ROWS, row, row0, rows);
      fill(right, TILE_COLUMNS, column, column0, columns);
      step.out.push({ kind: "barrier", memory: "workgroup" });
      const kk = freshVar(step.lowering, "kk", "i32");
      const stop = c.parts.product ? int(STEP) : named(step, "stop", minimum(int(STEP), sub(end, read(k0))));
      loopOver(step, kk, int(0), stop, (at) => {
        const from = firstValue(k, c);
        at.lowering.scalars.set(along.var.id, add(from, add(read(k0), read(kk))));
        const placeOf = (size: number, own: LoopExpr): LoopExpr =>
          named(at, "base", add(mul(read(kk), int(size + PAD)), own));
        const leftAt = placeOf(TILE_ROWS, laneRow);
        const rightAt = placeOf(TILE_COLUMNS, laneColumn);
        const lefts = left.map((s) => lanes(at, s.buffer, leftAt, ROWS));
        const rights = right.map((s) => lanes(at, s.buffer, rightAt, COLUMNS));
        sums.each((a, b, sum) => {
          for (const [n, s] of left.entries()) at.lowering.scalars.set(s.part.var.id, lefts[n]![a]!);
          for (const [n, s] of right.entries()) at.lowering.scalars.set(s.part.var.id, rights[n]![b]!);
          assign(at, sum, combine(c.reduce.reducer, read(sum), lowerExpr(at, c.parts.value)));
        });
      });
      sums.flush(step, sub(read(k0), first));
      step.out.push({ kind: "barrier", memory: "workgroup" });
    },
    { step: STEP },
  );

  branch(region, compare("lt", first, atLeastOne(values)), (inside) => {
    const totals: Buffer = {
      ...freshBuffer(region.lowering, "totals", c.reduce.type, "register"),
      length: ROWS * COLUMNS,
    };
    sums.each((a, b) => {
      inside.out.push({ kind: "store", buffer: totals, index: int(a * COLUMNS + b), value: sums.total(a, b) });
    });
    const t = freshVar(region.lowering, "t", "i32");
    loopOver(inside, t, int(0), int(ROWS * COLUMNS), (each) => {
      const r = named(
        each,
        "r",
        add(row0, add(laneRow, operation("shiftRight", single("i32"), read(t), int(Math.log2(COLUMNS))))),
      );
      const q = named(
        each,
        "q",
        add(column0, add(laneColumn, operation("bitAnd", single("i32"), read(t), int(COLUMNS - 1)))),
      );
      branch(each, and(compare("lt", r, rows), compare("lt", q, columns)), (result) => {
        const point = named(result, "point", add(strides.base, add(mul(r, strides.row), mul(q, strides.column))));
        atPoint(k, result, c.grid, point, (own) => finish(own, load(totals, read(t)), split));
      });
    });
  });
}

/** An empty reduction has no step, and one split all the same. */
const atLeastOne = (values: LoopExpr): LoopExpr => operation("max", single("i32"), values, int(1));

const firstValue = (k: KernelBuilder, c: Contraction): LoopExpr =>
  k.word(`${c.parts.along.var.name}From`, "i32", c.inner.axes[0]?.lo ?? 0);

/** Neighbouring values of a staged part. */
const lanes = (region: Region, buffer: Buffer, at: LoopExpr, count: number): LoopExpr[] =>
  Array.from({ length: count }, (_, n) => named(region, buffer.name, load(buffer, add(at, int(n)))));

/** Binds the axes that are neither row nor column, and gives what a row, a column and the batch count for in the order of points. */
function bindBatch(
  k: KernelBuilder,
  region: Region,
  c: Contraction,
  batch: LoopExpr,
): { readonly base: LoopExpr; readonly row: LoopExpr; readonly column: LoopExpr } {
  const { axes } = c.grid;
  const { row, column } = c.parts;
  const stride = axes.map((_, d) =>
    k.word(
      `${axes[d]?.axis.var.name}Stride`,
      "i32",
      axes.slice(d + 1).reduce<HostExpr>((n, g) => hostMul(n, g.count), 1),
    ),
  );
  let rest = batch;
  let base: LoopExpr = int(0);
  for (let d = axes.length - 1; d >= 0; d--) {
    const g = axes[d];
    if (!g || d === row || d === column) continue;
    const count = k.word(`${g.axis.var.name}Count`, "i32", g.count);
    const offset = named(region, `${g.axis.var.name}Offset`, remainder(rest, count));
    rest = named(region, "batchRest", quotient(rest, count));
    base = add(base, mul(offset, stride[d]!));
    region.lowering.scalars.set(
      g.axis.var.id,
      named(region, g.axis.var.name, add(k.word(`${g.axis.var.name}From`, "i32", g.lo), offset)),
    );
  }
  return { base: named(region, "base", base), row: stride[row]!, column: stride[column]! };
}

interface Fill {
  readonly part: Part;
  readonly buffer: Buffer;
  /** Rows or columns of the tile. */
  readonly size: number;
  /** The axis of the nest that it speaks of, where its tile begins, and how many points it has. */
  readonly d: number;
  readonly from: LoopExpr;
  readonly count: LoopExpr;
  readonly k0: LoopExpr;
  readonly end: LoopExpr;
}

/** Stages a part for the tile's rows (or columns) and the step's values of k: what lies outside is 0. */
function load2d(k: KernelBuilder, region: Region, c: Contraction, f: Fill): void {
  const axis = c.grid.axes[f.d];
  if (!axis) throw new Error("internal: a contraction without its axes");
  const { along } = c.parts;
  // As often for each invocation, and a number that the GPU's compiler knows: the loads of all turns can be under way at once.
  const turnAt = freshVar(region.lowering, "turn", "i32");
  loopOver(region, turnAt, int(0), int((f.size * STEP) / GROUP), (turn) => {
    const n = named(turn, "n", add(mul(read(turnAt), int(GROUP)), builtin("invocation")));
    const shift = (by: number): LoopExpr => operation("shiftRight", single("i32"), n, int(by));
    const mask = (by: number): LoopExpr => operation("bitAnd", single("i32"), n, int(by - 1));
    // Neighbouring invocations read neighbouring elements.
    const kFast = isFastest(f.part.value, along.var.id);
    const r = named(turn, "r", kFast ? shift(Math.log2(STEP)) : mask(f.size));
    const kk = named(turn, "kk", kFast ? mask(STEP) : shift(Math.log2(f.size)));
    const at = named(turn, "at", add(f.from, r));
    const kAt = named(turn, "kAt", add(f.k0, kk));
    const value = variable(turn, f.part.var.name, identityZero(f.part.value));
    branch(turn, and(compare("lt", at, f.count), compare("lt", kAt, f.end)), (inside) => {
      const bind = (id: number, name: string, lo: HostExpr, offset: LoopExpr): void => {
        inside.lowering.scalars.set(id, named(inside, name, add(k.word(`${name}From`, "i32", lo), offset)));
      };
      bind(axis.axis.var.id, axis.axis.var.name, axis.lo, at);
      bind(along.var.id, along.var.name, c.inner.axes[0]?.lo ?? 0, kAt);
      assign(inside, value, lowerExpr(inside, f.part.value));
    });
    turn.out.push({ kind: "store", buffer: f.buffer, index: add(mul(kk, int(f.size + PAD)), r), value: read(value) });
  });
}

const identityZero = (e: Expr): LoopExpr => ({ kind: "const", type: single(e.type), value: 0 });

/** Whether the last subscript of what it reads is this variable's. */
function isFastest(e: Expr, id: number): boolean {
  let fastest = false;
  walkExpr(e, {
    expr: (x) => {
      const last = x.kind === "load" ? x.index[x.index.length - 1] : undefined;
      if (last)
        walkExpr(last, {
          expr: (y) => {
            if (y.kind === "var" && y.var.id === id) fastest = true;
            return true;
          },
        });
      return true;
    },
  });
  return fastest;
}
