// Long sums and products without the error of a chain: an accumulator takes a block of values, blocks go into a second one, and that goes
// into a third. With these lengths it keeps to `sumDepth` of src/ir/interpret/depth.ts, on which the interpreter's bounds rely.
import type { LoopExpr, LoopVar } from "../../loop.js";
import { add, compare, int, minimum, mul, operation, read, single, sub } from "./build.js";
import { assign, branch, freshVar, loopOver, named, type Region, variable } from "./region.js";

/** Values that the first accumulator takes, and how many values each of the higher ones takes before it is put into the next. */
export const CASCADE_BLOCK = 256;
const RAGGED_LEVELS: readonly number[] = [128, 64, 64];
/** The same where every block but the last is full: 256 + 256 + one for each 65,536 values. */
const FULL_LEVELS: readonly number[] = [256];
/** Up to here a plain chain is allowed. */
export const CHAIN_LIMIT = 512;

export interface Cascade {
  readonly reducer: "sum" | "prod";
  readonly identity: LoopExpr;
  /** Takes the values. */
  readonly first: LoopVar;
  /** One more than there are levels: the last takes all that comes. */
  readonly higher: readonly LoopVar[];
  readonly flushes: LoopVar;
  readonly levels: readonly number[];
}

/** `full`: every block but the last has as many values as a block takes. */
export function startCascade(region: Region, reducer: "sum" | "prod", identity: LoopExpr, full: boolean): Cascade {
  const levels = full ? FULL_LEVELS : RAGGED_LEVELS;
  return {
    reducer,
    identity,
    levels,
    higher: [...levels, 0].map((_, i) => variable(region, `${reducer}${i + 2}`, identity)),
    first: variable(region, reducer, identity),
    flushes: variable(region, "flushes", int(0)),
  };
}

const joined = (c: Cascade, a: LoopExpr, b: LoopExpr): LoopExpr =>
  operation(c.reducer === "sum" ? "add" : "mul", a.type, a, b);

/** At the end of a block: moves on what the first accumulator holds. */
export function flushCascade(region: Region, c: Cascade): void {
  assign(region, c.flushes, add(read(c.flushes), int(1)));
  moveOn(region, c, c.first, 0, 1);
}

/** Puts `from` into the accumulator of `level`, and that into the next where it has taken all it should. */
function moveOn(region: Region, c: Cascade, from: LoopVar, level: number, flushes: number): void {
  const to = c.higher[level];
  if (!to) throw new Error("internal: a cascade without an end");
  assign(region, to, joined(c, read(to), read(from)));
  assign(region, from, c.identity);
  const takes = c.levels[level];
  if (takes === undefined) return;
  const period = flushes * takes;
  const full = compare("eq", operation("bitAnd", single("i32"), read(c.flushes), int(period - 1)), int(0));
  branch(region, full, (yes) => moveOn(yes, c, to, level + 1, period));
}

/** What came in so far: without what the first accumulator holds, where that is nothing. */
export const cascadeTotal = (c: Cascade): LoopExpr =>
  [...c.higher]
    .reverse()
    .map(read)
    .reduce((a, b) => joined(c, a, b));

/** `lo..hi` in blocks of `size` (a power of two), the last one shorter. No bound overflows. */
export function loopInBlocks(
  region: Region,
  name: string,
  lo: LoopExpr,
  hi: LoopExpr,
  size: number,
  emit: (inner: Region, start: LoopExpr, stop: LoopExpr) => void,
): void {
  const count = sub(hi, lo);
  const blocks = add(operation("shiftRight", count.type, sub(count, int(1)), int(Math.log2(size))), int(1));
  const b = freshVar(region.lowering, `${name}Block`, "i32");
  loopOver(region, b, int(0), blocks, (inner) => {
    const start = named(inner, `${name}Start`, add(lo, mul(read(b), int(size))));
    const stop = named(inner, `${name}Stop`, add(start, minimum(int(size), sub(hi, start))));
    emit(inner, start, stop);
  });
}
