// Ranges in chunks that may run on several threads. How many chunks there are depends on sizes alone, never on the number of threads; where
// there is only one, nothing is forked.
import type { LoopExpr } from "../../loop.js";
import { add, constant, convert, int, maximum, minimum, mul, operation, read, single, sub } from "../scalar/build.js";
import { freshVar, named, nested, type Region } from "../scalar/region.js";
import { times } from "./work.js";

/** Parts of a reduction that are put together in the end: more than threads, and few enough to cost nothing. */
export const PARTS = 64;

/** `lo..hi` in parts with about `work` operations each, given how many one turn takes (an f64); at most `most` parts, of whole `unit`s. */
export function chunksOf(
  region: Region,
  name: string,
  turns: LoopExpr,
  workOfTurn: LoopExpr,
  work: number,
  { most, unit = 1 }: { readonly most?: number; readonly unit?: number } = {},
): { readonly count: LoopExpr; readonly length: LoopExpr } {
  const total = times(workOfTurn, convert("f64", turns));
  const wanted = convert("i32", operation("div", single("f64"), total, constant("f64", work)));
  const bound = most === undefined ? turns : minimum(turns, int(most));
  const limit = maximum(minimum(wanted, bound), int(1));
  const parts = named(region, `${name}Parts`, limit);
  // Rounding up may leave the last parts without turns; they are not counted.
  const length = named(
    region,
    `${name}Part`,
    mul(ceilDiv(turns, unit === 1 ? parts : mul(parts, int(unit))), int(unit)),
  );
  const count = named(region, `${name}Chunks`, ceilDiv(turns, maximum(length, int(1))));
  return { count, length };
}

/** Of a dividend that is not negative. */
export const ceilDiv = (a: LoopExpr, b: LoopExpr): LoopExpr =>
  add(operation("idiv", single("i32"), sub(a, int(1)), b), int(1));

export function inChunks(
  region: Region,
  name: string,
  lo: LoopExpr,
  hi: LoopExpr,
  chunks: { readonly count: LoopExpr; readonly length: LoopExpr },
  emit: (inner: Region, start: LoopExpr, stop: LoopExpr, chunk: LoopExpr) => void,
): void {
  const c = freshVar(region.lowering, `${name}Chunk`, "i32");
  const body = nested({ ...region, stops: false }, (inner) => {
    const start = named(inner, `${name}Start`, add(lo, mul(read(c), chunks.length)));
    const stop = named(inner, `${name}Stop`, minimum(add(start, chunks.length), hi));
    emit(inner, start, stop, read(c));
  });
  region.out.push({ kind: "parallel", var: c, count: chunks.count, body });
}
