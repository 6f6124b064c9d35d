// A reduction outside nests, its outermost axis in parts that may run side by side. How many parts there are depends on sizes alone, and they
// are put together in order, so that the result is the same on any number of threads.
import type { LoopExpr } from "../../loop.js";
import { exprMayFail } from "../../may-fail.js";
import type { Axis, Expr, Var } from "../../nest.js";
import { add, int, load, maximum, read, sub } from "../scalar/build.js";
import { combine, identityOf, lowerReduce } from "../scalar/reduce.js";
import {
  assign,
  freshBuffer,
  freshVar,
  loopOver,
  named,
  type ReduceExpr,
  type Region,
  variable,
} from "../scalar/region.js";
import { boundsOf } from "./loops.js";
import { chunksOf, inChunks } from "./parallel.js";
import { workOfAxes, workOfExpr } from "./work.js";

/** Parts of it can be put together: it is no place of an extremum, and of what fails the first need not be told. */
export const canSplit = (e: ReduceExpr): boolean => e.reducer !== "argmin" && e.reducer !== "argmax" && !exprMayFail(e);

export function totalInParts(region: Region, e: ReduceExpr, work: number, parts: number): LoopExpr {
  const { lowering } = region;
  const [outer, ...inner] = e.axes;
  if (!outer) throw new Error("internal: a reduction without an axis");
  const { name } = outer.var;
  const { lo, hi } = boundsOf(region, outer);
  const count = named(region, `${name}Count`, maximum(sub(hi, lo), int(0)));
  const each = workOfAxes(lowering, inner, workOfExpr(lowering, e.value));
  const chunks = chunksOf(region, name, count, each, work, { most: parts });
  const partial = freshBuffer(lowering, `${e.reducer}Parts`, e.type, "scratch");
  region.out.push({ kind: "alloc", buffer: partial, length: named(region, "length", maximum(chunks.count, int(1))) });
  inChunks({ ...region, point: int(0) }, name, lo, hi, chunks, (at, start, stop, chunk) => {
    const axis: Axis = { var: outer.var, lo: known(at, start), hi: known(at, stop) };
    const value = lowerReduce(at, { ...e, axes: [axis, ...inner] });
    at.out.push({ kind: "store", buffer: partial, index: chunk, value });
  });
  const total = variable(region, e.reducer, identityOf(e.reducer, e.type));
  const part = freshVar(lowering, "part", "i32");
  loopOver(region, part, int(0), chunks.count, (at) => {
    const value = load(partial, read(part));
    // What counts has been counted.
    assign(at, total, e.reducer === "count" ? add(read(total), value) : combine(e.reducer, read(total), value));
  });
  return read(total);
}

/** A name of the Nest IR for a value that is at hand. */
function known(region: Region, value: LoopExpr): Expr {
  const v: Var = { id: -region.lowering.nextId++, name: "bound", type: "i32", mutable: false };
  region.lowering.scalars.set(v.id, value);
  return { kind: "var", type: "i32", var: v };
}
