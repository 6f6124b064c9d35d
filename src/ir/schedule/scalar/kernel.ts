// A whole kernel: what is handed in, the body, the results.

import { checkOffsets } from "../../called.js";
import type { Buffer, LoopFunction, LoopStmt, LoopVar } from "../../loop.js";
import type { ArrayVar, Kernel, Var } from "../../nest.js";
import { int, load, read } from "./build.js";
import { lowerExpr } from "./expression.js";
import { elementCount, lowerShape } from "./index.js";
import { sequentialNest } from "./nest.js";
import {
  createLowering,
  freshBuffer,
  freshVar,
  type Lowering,
  loopOver,
  placeOf,
  type Region,
  type Strategy,
  stopIfFailed,
} from "./region.js";
import { lowerStatements } from "./statement.js";

/** Everything in order, one point after the other. */
export const sequentialStrategy: Strategy = {
  registerElements: 64,
  nest: (region, nest) => sequentialNest(region, nest),
  reduce: () => undefined,
};

/**
 * The function's scalars are the kernel's sizes and then its scalars; its buffers the parameters and then one for each leaf of the result
 * (a cell for a scalar).
 */
export function lowerKernel(kernel: Kernel, strategy: Strategy): LoopFunction {
  const lowering = createLowering(strategy, checkOffsets(kernel));
  const out: LoopStmt[] = [];
  const region: Region = { lowering, out, stops: true };
  const handIn = (v: Var, isSize: boolean): LoopVar => {
    const to: LoopVar = { ...freshVar(lowering, v.name, v.type), ...(isSize ? { nonNegative: true } : {}) };
    lowering.scalars.set(v.id, read(to));
    return to;
  };
  const scalars = [...kernel.sizes.map((v) => handIn(v, true)), ...kernel.scalars.map((v) => handIn(v, false))];
  const params = kernel.params.map((a) => {
    const buffer = freshBuffer(lowering, a.name, a.type, "param");
    lowering.arrays.set(a.id, { buffer, shape: lowerShape(region, a.name, a.shape) });
    return buffer;
  });
  const results = kernel.results.map((r) => resultBuffer(lowering, r));
  lowerStatements(region, kernel.body);
  kernel.results.forEach((r, i) => {
    const buffer = results[i];
    if (!buffer) throw new Error("internal: a result without a buffer");
    if (r.kind === "array") copyUnlessThere(region, r.array, buffer);
    else {
      const value = lowerExpr(region, r.value);
      stopIfFailed(region);
      out.push({ kind: "store", buffer, index: int(0), value });
    }
  });
  return { name: kernel.name, scalars, buffers: [...params, ...results], body: out };
}

/** An array that is made here is made in its result's buffer; a parameter, or an array's second leaf, is copied at the end. */
function resultBuffer(lowering: Lowering, r: Kernel["results"][number]): Buffer {
  const name = r.path.join("_") || "result";
  if (r.kind === "scalar") return freshBuffer(lowering, name, r.value.type, "result");
  const buffer = freshBuffer(lowering, name, r.array.type, "result");
  if (!lowering.arrays.has(r.array.id)) lowering.arrays.set(r.array.id, { buffer, shape: [] });
  return buffer;
}

function copyUnlessThere(region: Region, array: ArrayVar, buffer: Buffer): void {
  const place = placeOf(region, array);
  if (place.buffer === buffer) return;
  const k = freshVar(region.lowering, "k", "i32");
  loopOver(
    region,
    k,
    int(0),
    elementCount(place.shape),
    (inner) => inner.out.push({ kind: "store", buffer, index: read(k), value: load(place.buffer, read(k)) }),
    { vector: true },
  );
}
