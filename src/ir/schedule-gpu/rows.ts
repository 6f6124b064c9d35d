// Reductions by workgroups: the invocations of one take the values of a row in strides and put their parts together in a tree. A long row is
// cut into chunks, each a workgroup's, and a second dispatch reduces what the chunks gave.
import type { HostExpr } from "../../abi.js";
import type { Span } from "../../compiler/diagnostic.js";
import type { Buffer, LoopExpr, LoopVar } from "../loop.js";
import {
  add,
  and,
  compare,
  convert,
  int,
  load,
  minimum,
  mul,
  operation,
  or,
  read,
  single,
} from "../schedule/scalar/build.js";
import { guarded, lowerExpr, lowerNamed } from "../schedule/scalar/expression.js";
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
import { atPoint, type Grid } from "./grid.js";
import { hostCeilBy, hostMax, hostMul, hostTest } from "./host.js";
import { builtin, type KernelBuilder, type Uses } from "./kernel.js";
import type { Planner } from "./planner.js";

/** Values that one workgroup reduces, where there are more than one of them. */
export const CHUNK = 4096;
/** The most chunks of a row: what they give is one workgroup's. */
const CHUNKS = 4096;

export interface Rows {
  readonly name: string;
  readonly at: Span;
  readonly workgroup: number;
  readonly uses: Uses;
  /** How many rows. */
  readonly rows: HostExpr;
  readonly reduce: ReduceExpr;
  /** The points of one row. */
  readonly grid: Grid;
  /** Binds the names of row `row` and emits what runs there; the region's `point` is the row's order. */
  readonly atRow: (k: KernelBuilder, region: Region, row: LoopExpr, emit: (inner: Region) => void) => void;
  /** Where the value of a row goes. */
  readonly target: (k: KernelBuilder) => { readonly buffer: Buffer; readonly offset?: LoopExpr };
}

/** An accumulator: a value, and for `argmin` and `argmax` the place of it (-1: none yet). */
interface Best {
  readonly value: LoopVar;
  readonly place?: LoopVar;
}

const isArg = (e: ReduceExpr): boolean => e.reducer === "argmin" || e.reducer === "argmax";
const valueType = (e: ReduceExpr) => (isArg(e) ? e.value.type : e.type);

export function dispatchRows(planner: Planner, r: Rows): void {
  const chunk: HostExpr = hostMax(CHUNK, hostCeilBy(r.grid.points, CHUNKS));
  const whole = planner.collect(() => oneChunk(planner, r));
  const chunks = hostCeilBy(r.grid.points, chunk);
  const few = hostTest("le", r.grid.points, CHUNK);
  if (typeof r.grid.points === "number") {
    if (r.grid.points <= CHUNK) for (const s of whole) planner.step(s);
    else manyChunks(planner, r, chunk, chunks);
    return;
  }
  planner.step({
    step: "if",
    condition: few,
    yes: whole,
    no: planner.collect(() => manyChunks(planner, r, chunk, chunks)),
  });
}

/** A folded grid may have more workgroups than there are rows. */
function ifRow(k: KernelBuilder, r: Rows, row: LoopExpr, emit: (inner: Region) => void): void {
  if (r.rows === 1) emit(k.region);
  else branch(k.region, compare("lt", row, k.word("rows", "i32", r.rows)), emit);
}

const shapeOf = (r: Rows, name: string) => ({ name, at: r.at, workgroup: r.workgroup });

function oneChunk(planner: Planner, r: Rows): void {
  planner.dispatch(shapeOf(r, r.name), r.rows, (k) => {
    k.use(r.uses);
    const row = r.rows === 1 ? int(0) : named(k.region, "row", builtin("workgroup"));
    ifRow(k, r, row, (inside) =>
      r.atRow(k, inside, row, (at) => {
        const points = k.word("count", "i32", r.grid.points);
        const best = accumulate(k, at, r, row, points, builtin("invocation"), points);
        atFirst(k, at, r, best, (first, value, place) => {
          const to = r.target(k);
          first.out.push({
            kind: "store",
            buffer: to.buffer,
            index: to.offset ? add(to.offset, row) : row,
            value: place ?? value,
          });
        });
      }),
    );
  });
}

function manyChunks(planner: Planner, r: Rows, chunk: HostExpr, chunks: HostExpr): void {
  const e = r.reduce;
  const total = hostMul(r.rows, chunks);
  const values = planner.scratch(`${r.name}Parts`, valueType(e), total);
  const places = isArg(e) ? planner.scratch(`${r.name}Places`, "i32", total) : undefined;
  planner.dispatch(shapeOf(r, `${r.name}Parts`), total, (k) => {
    k.use(r.uses);
    const part = named(k.region, "part", builtin("workgroup"));
    const count = k.word("chunks", "i32", chunks);
    branch(k.region, compare("lt", part, k.word("parts", "i32", total)), (inside) => {
      const row = named(inside, "row", quotient(part, count));
      const start = named(inside, "start", mul(remainder(part, count), k.word("chunk", "i32", chunk)));
      r.atRow(k, inside, row, (at) => {
        const points = k.word("count", "i32", r.grid.points);
        const stop = named(at, "stop", minimum(points, add(start, k.word("chunk", "i32", chunk))));
        const best = accumulate(k, at, r, row, points, add(start, builtin("invocation")), stop);
        atFirst(k, at, r, best, (first, value, place) => {
          storeAt(first, k.bind("parts", valueType(e), values), part, value);
          if (places !== undefined && place) storeAt(first, k.bind("places", "i32", places), part, place);
        });
      });
    });
  });
  planner.dispatch(shapeOf(r, r.name), r.rows, (k) => {
    k.use(r.uses);
    const row = r.rows === 1 ? int(0) : named(k.region, "row", builtin("workgroup"));
    ifRow(k, r, row, (inside) =>
      r.atRow(k, inside, row, (at) => {
        const count = k.word("chunks", "i32", chunks);
        const begin = named(at, "begin", mul(row, count));
        const best = startBest(at, e);
        const from = k.bind("parts", valueType(e), values);
        const placeFrom = places === undefined ? undefined : k.bind("places", "i32", places);
        const part = freshVar(at.lowering, "part", "i32");
        loopOver(
          at,
          part,
          add(begin, builtin("invocation")),
          add(begin, count),
          (inner) => {
            const value = loadAt(from, read(part));
            if (best.place && placeFrom)
              take(inner, e, best, named(inner, "value", value), named(inner, "place", loadAt(placeFrom, read(part))));
            else assign(inner, best.value, joined(e, read(best.value), value));
          },
          { step: r.workgroup },
        );
        atFirst(k, at, r, best, (first, value, place) => {
          const to = r.target(k);
          first.out.push({
            kind: "store",
            buffer: to.buffer,
            index: to.offset ? add(to.offset, row) : row,
            value: place ?? value,
          });
        });
      }),
    );
  });
  planner.drop(values);
  if (places !== undefined) planner.drop(places);
}

const storeAt = (
  region: Region,
  to: { readonly buffer: Buffer; readonly offset?: LoopExpr },
  index: LoopExpr,
  value: LoopExpr,
): void => {
  region.out.push({ kind: "store", buffer: to.buffer, index: to.offset ? add(to.offset, index) : index, value });
};
export const loadAt = (from: { readonly buffer: Buffer; readonly offset?: LoopExpr }, index: LoopExpr): LoopExpr =>
  load(from.buffer, from.offset ? add(from.offset, index) : index);

/** Of indices that are not negative. */
export const quotient = (a: LoopExpr, b: LoopExpr): LoopExpr =>
  convert("i32", operation("idiv", single("u32"), convert("u32", a), convert("u32", b)));
export const remainder = (a: LoopExpr, b: LoopExpr): LoopExpr =>
  convert("i32", operation("imod", single("u32"), convert("u32", a), convert("u32", b)));

function startBest(region: Region, e: ReduceExpr): Best {
  const value = variable(region, e.reducer, identityOf(e.reducer, valueType(e)));
  return isArg(e) ? { value, place: variable(region, "place", int(-1)) } : { value };
}

/** Two parts put together; a count's parts are numbers already. */
export const joined = (e: ReduceExpr, a: LoopExpr, b: LoopExpr): LoopExpr =>
  combine(e.reducer === "count" ? "sum" : e.reducer, a, b);

/** Takes a candidate that is better, or as good and before, or the first of all. */
function take(region: Region, e: ReduceExpr, best: Best, value: LoopExpr, place: LoopExpr): void {
  if (!best.place) throw new Error("internal: a place is kept for arg reducers alone");
  const mine = read(best.place);
  const better = compare(e.reducer === "argmin" ? "lt" : "gt", value, read(best.value));
  const asGood = and(compare("eq", value, read(best.value)), compare("lt", place, mine));
  const wins = and(compare("ge", place, int(0)), or(compare("lt", mine, int(0)), or(better, asGood)));
  branch(region, wins, (yes) => {
    assign(yes, best.value, value);
    assign(yes, best.place!, place);
  });
}

/** One reduction of a workgroup. */
type Group = Pick<Rows, "workgroup" | "rows" | "reduce" | "grid">;

/** The values from `first` to `stop` in strides of the workgroup. */
function accumulate(
  k: KernelBuilder,
  region: Region,
  r: Group,
  row: LoopExpr,
  points: LoopExpr,
  first: LoopExpr,
  stop: LoopExpr,
): Best {
  const e = r.reduce;
  const best = startBest(region, e);
  const index = freshVar(region.lowering, "index", "i32");
  loopOver(
    region,
    index,
    first,
    stop,
    (inner) => {
      const point = r.rows === 1 ? read(index) : add(mul(row, points), read(index));
      atPoint(
        k,
        inner,
        r.grid,
        read(index),
        (at) =>
          guarded(at, e.where, (here) => {
            if (!best.place) assign(here, best.value, combine(e.reducer, read(best.value), lowerExpr(here, e.value)));
            else {
              const value = lowerNamed(here, "candidate", e.value);
              const place = here.lowering.scalars.get(e.axes[0]?.var.id ?? -1);
              if (!place) throw new Error("internal: an axis without a variable");
              take(here, e, best, value, place);
            }
          }),
        point,
      );
    },
    { step: r.workgroup },
  );
  return best;
}

/** Workgroup memory that the reductions of one kernel use in turn. */
export class Shares {
  private readonly buffers = new Map<string, Buffer>();

  constructor(private readonly length: number) {}

  of(k: KernelBuilder, name: string, type: ReduceExpr["type"]): Buffer {
    const key = `${name} ${type}`;
    const buffer = this.buffers.get(key) ?? {
      ...freshBuffer(k.region.lowering, name, type, "shared"),
      length: this.length,
    };
    this.buffers.set(key, buffer);
    return buffer;
  }
}

/** A reduction by all invocations of a workgroup, which all get its value. */
export function reduceTogether(
  k: KernelBuilder,
  outer: Region,
  reduce: ReduceExpr,
  grid: Grid,
  workgroup: number,
  shares: Shares,
): LoopExpr {
  const region: Region = { ...outer, point: int(0), stops: false };
  const r: Group = { workgroup, rows: 1, reduce, grid };
  const points = k.word("count", "i32", grid.points);
  const best = accumulate(k, region, r, int(0), points, builtin("invocation"), points);
  const { values, places } = joinTree(k, region, r, best, shares);
  const value = variable(region, reduce.reducer, load(places ?? values, int(0)));
  // Before the memory serves the next one.
  region.out.push({ kind: "barrier", memory: "workgroup" });
  return read(value);
}

/** The invocations' parts in a tree: the first cell has the whole. */
function joinTree(
  k: KernelBuilder,
  region: Region,
  r: Group,
  best: Best,
  shares = new Shares(r.workgroup),
): { readonly values: Buffer; readonly places: Buffer | undefined } {
  const e = r.reduce;
  const lane = builtin("invocation");
  const values = shares.of(k, "shares", valueType(e));
  const places = best.place && shares.of(k, "sharePlaces", "i32");
  region.out.push({ kind: "store", buffer: values, index: lane, value: read(best.value) });
  if (places && best.place) region.out.push({ kind: "store", buffer: places, index: lane, value: read(best.place) });
  region.out.push({ kind: "barrier", memory: "workgroup" });
  const step = freshVar(region.lowering, "step", "i32");
  loopOver(region, step, int(0), int(Math.log2(r.workgroup)), (inner) => {
    const half = named(inner, "half", operation("shiftRight", single("i32"), int(r.workgroup / 2), read(step)));
    branch(inner, compare("lt", lane, half), (low) => {
      const other = add(lane, half);
      if (places && best.place) {
        take(low, e, best, named(low, "value", load(values, other)), named(low, "place", load(places, other)));
        low.out.push({ kind: "store", buffer: values, index: lane, value: read(best.value) });
        low.out.push({ kind: "store", buffer: places, index: lane, value: read(best.place) });
      } else
        low.out.push({
          kind: "store",
          buffer: values,
          index: lane,
          value: joined(e, load(values, lane), load(values, other)),
        });
    });
    inner.out.push({ kind: "barrier", memory: "workgroup" });
  });
  return { values, places };
}

/** Puts the invocations' parts of a reduction together, which is not one for a place; the first of the workgroup has the whole. */
export function joinParts(
  k: KernelBuilder,
  region: Region,
  workgroup: number,
  reduce: ReduceExpr,
  part: LoopVar,
  finish: (first: Region, value: LoopExpr) => void,
): void {
  atFirst(k, region, { workgroup, rows: 1, reduce, grid: { axes: [], points: 1 } }, { value: part }, finish);
}

/** Puts the invocations' sums together. */
export function joinSums(
  k: KernelBuilder,
  region: Region,
  workgroup: number,
  sum: LoopVar,
  finish: (first: Region, value: LoopExpr) => void,
): void {
  const type = sum.type.scalar;
  const value: ReduceExpr["value"] = { kind: "const", type, value: 0 };
  joinParts(k, region, workgroup, { kind: "reduce", reducer: "sum", axes: [], value, type }, sum, finish);
}

/** What the first invocation does with the whole. */
function atFirst(
  k: KernelBuilder,
  region: Region,
  r: Group,
  best: Best,
  finish: (first: Region, value: LoopExpr, place: LoopExpr | undefined) => void,
): void {
  const { values, places } = joinTree(k, region, r, best);
  branch(region, compare("eq", builtin("invocation"), int(0)), (first) =>
    finish(first, load(values, int(0)), places && load(places, int(0))),
  );
}
