// Long sums and products without the error of a chain: an accumulator takes a block of values, blocks go into a second one, and that goes
// into a third. With these lengths it keeps to `sumDepth` of src/ir/interpret/depth.ts, on which the interpreter's bounds rely.
import type { LoopExpr, LoopVar } from "../../loop.js";
import { add, compare, int, minimum, mul, operation, read, single, sub } from "./build.js";
import { assign, branch, freshVar, loopOver, named, type Region, variable } from "./region.js";

/** Values that the first accumulator takes, and how many of its flushes the second and the third take each. */
export const CASCADE_BLOCK = 64;
const LEVEL = 256;
/** Up to here a plain chain is allowed. */
export const CHAIN_LIMIT = CASCADE_BLOCK + 2 * LEVEL;

export interface Cascade {
  readonly reducer: "sum" | "prod";
  readonly identity: LoopExpr;
  /** Takes the values. */
  readonly first: LoopVar;
  readonly second: LoopVar;
  readonly third: LoopVar;
  readonly flushes: LoopVar;
}

/** `identity` may have lanes. */
export const startCascade = (region: Region, reducer: "sum" | "prod", identity: LoopExpr): Cascade => ({
  reducer,
  identity,
  third: variable(region, `${reducer}3`, identity),
  second: variable(region, `${reducer}2`, identity),
  first: variable(region, reducer, identity),
  flushes: variable(region, "flushes", int(0)),
});

const joined = (c: Cascade, a: LoopExpr, b: LoopExpr): LoopExpr =>
  operation(c.reducer === "sum" ? "add" : "mul", a.type, a, b);

/** At the end of a block: moves on what the first accumulator holds. */
export function flushCascade(region: Region, c: Cascade): void {
  assign(region, c.second, joined(c, read(c.second), read(c.first)));
  assign(region, c.first, c.identity);
  assign(region, c.flushes, add(read(c.flushes), int(1)));
  const full = compare("eq", operation("bitAnd", single("i32"), read(c.flushes), int(LEVEL - 1)), int(0));
  branch(region, full, (yes) => {
    assign(yes, c.third, joined(c, read(c.third), read(c.second)));
    assign(yes, c.second, c.identity);
  });
}

export const cascadeTotal = (c: Cascade): LoopExpr =>
  joined(c, joined(c, read(c.third), read(c.second)), read(c.first));

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
