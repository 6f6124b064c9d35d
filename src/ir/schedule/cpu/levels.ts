// The sums of a contraction's blocks, in levels of accumulators that keep to `sumDepth` of src/ir/interpret/depth.ts: the first takes a block's
// sums, each other one what the one before it has taken when that is full.
import type { Buffer, LoopExpr, LoopType } from "../../loop.js";
import { add, compare, int, load, mul, operation, read, single } from "../scalar/build.js";
import { branch, freshBuffer, freshVar, loopOver, named, type Region } from "../scalar/region.js";
import { lanesFor } from "./tile.js";

/** How many blocks the first level takes, and how many of its sums the second. */
const FULL = [128, 64] as const;

export interface Levels {
  readonly buffers: readonly Buffer[];
  /** The blocks of the inner range. */
  readonly blocks: LoopExpr;
  /** Elements of a level that are in use; whole vectors. */
  readonly length: LoopExpr;
}

/** Levels with room for `length` sums. One that takes nothing needs no room. */
export function allocateLevels(region: Region, scalar: "f32" | "f64", blocks: LoopExpr, length: LoopExpr): Levels {
  const buffers = [1, 2, 3].map((n) => freshBuffer(region.lowering, `sums${n}`, scalar, "scratch"));
  let takes = 1;
  buffers.forEach((buffer, n) => {
    const used = operation("select", single("i32"), compare("ge", blocks, int(takes)), length, int(1));
    region.out.push({ kind: "alloc", buffer, length: n === 0 ? length : named(region, "length", used) });
    takes *= FULL[n] ?? 1;
  });
  return { buffers, blocks, length };
}

export function clearLevels(region: Region, levels: Levels): void {
  let takes = 1;
  levels.buffers.forEach((buffer, n) => {
    const clear = (at: Region): void =>
      sweep(at, levels, (inner, k) => inner.out.push({ kind: "store", buffer, index: k, value: zeros(buffer) }));
    if (n === 0) clear(region);
    else branch(region, compare("ge", levels.blocks, int(takes)), clear);
    takes *= FULL[n] ?? 1;
  });
}

const vectorOf = (b: Buffer): LoopType => ({ scalar: b.scalar, lanes: lanesFor(b.scalar) });
const zeros = (b: Buffer): LoopExpr => ({ kind: "const", type: vectorOf(b), value: 0 });

/** All sums of a level, vector by vector. */
function sweep(region: Region, { buffers, length }: Levels, emit: (inner: Region, at: LoopExpr) => void): void {
  const at = freshVar(region.lowering, "at", "i32");
  const step = lanesFor((buffers[0] as Buffer).scalar);
  loopOver(region, at, int(0), length, (inner) => emit(inner, read(at)), { step });
}

/** After block number `block`: what a level has taken goes into the next where it is full. */
export function flushLevels(region: Region, levels: Levels, block: LoopExpr): void {
  const level = (at: Region, n: number, period: number): void => {
    const full = FULL[n];
    if (full === undefined) return;
    const every = period * full;
    const done = operation("bitAnd", single("i32"), add(block, int(1)), int(every - 1));
    branch(at, compare("eq", done, int(0)), (yes) => {
      moveOn(yes, levels, n, true);
      level(yes, n + 1, every);
    });
  };
  level(region, 0, 1);
}

function moveOn(region: Region, levels: Levels, n: number, up: boolean): void {
  const [from, to] = [levels.buffers[n] as Buffer, levels.buffers[n + 1] as Buffer];
  const lanes = lanesFor(from.scalar);
  sweep(region, levels, (inner, at) => {
    const value = operation("add", vectorOf(from), load(to, at, lanes), load(from, at, lanes));
    inner.out.push({ kind: "store", buffer: up ? to : from, index: at, value });
    if (up) inner.out.push({ kind: "store", buffer: from, index: at, value: zeros(from) });
  });
}

/** All levels into the first, the highest first. */
export function totalLevels(region: Region, levels: Levels): void {
  const collect = (at: Region, n: number, takes: number): void => {
    const full = FULL[n];
    if (full === undefined) return;
    branch(at, compare("ge", levels.blocks, int(takes * full)), (yes) => {
      collect(yes, n + 1, takes * full);
      moveOn(yes, levels, n, false);
    });
  };
  collect(region, 0, 1);
}

/** The lower triangle of so many rows from the upper one. */
export function mirrorSums(region: Region, sums: Buffer, rows: LoopExpr, stride: LoopExpr): void {
  const i = freshVar(region.lowering, "i", "i32");
  loopOver(region, i, int(0), rows, (row) => {
    const j = freshVar(row.lowering, "j", "i32");
    loopOver(row, j, int(0), read(i), (inner) => {
      const value = load(sums, add(mul(read(j), stride), read(i)));
      inner.out.push({ kind: "store", buffer: sums, index: add(mul(read(i), stride), read(j)), value });
    });
  });
}
