// Where a kernel's arrays live. Arrays that are handed in have their places from the start; all others are made here.
import { constantOf } from "../../../compiler/size.js";
import type { LoopExpr } from "../../loop.js";
import type { ArrayVar } from "../../nest.js";
import { int, maximum, mul } from "./build.js";
import { lowerShape } from "./index.js";
import { freshBuffer, type Region } from "./region.js";

/** Makes an array whose elements are not defined yet: in registers where it is small and of constant size, in scratch otherwise. */
export function declareArray(region: Region, array: ArrayVar): void {
  const { lowering } = region;
  const known = lowering.arrays.get(array.id);
  // A result's place is handed in; its shape is known from here on.
  const shape = lowerShape(region, array.name, array.shape);
  if (known && known.buffer.space === "result") {
    lowering.arrays.set(array.id, { ...known, shape });
    return;
  }
  const count = constantCount(array);
  if (region.point !== undefined && count !== undefined && count <= lowering.strategy.registerElements) {
    const buffer = { ...freshBuffer(lowering, array.name, array.type, "register"), length: Math.max(1, count) };
    lowering.arrays.set(array.id, { buffer, shape });
    return;
  }
  const buffer = freshBuffer(lowering, array.name, array.type, "scratch");
  region.out.push({ kind: "alloc", buffer, length: reach(shape) });
  lowering.arrays.set(array.id, { buffer, shape });
}

/** A clamped access of an empty dimension takes 0 there, and whatever it would take in the others. */
const reach = (shape: readonly LoopExpr[]): LoopExpr =>
  shape.map((n) => maximum(n, int(1))).reduce((a, b) => mul(a, b), int(1));

function constantCount(array: ArrayVar): number | undefined {
  let count = 1;
  for (const s of array.shape) {
    const n = constantOf(s);
    if (n === undefined) return undefined;
    count *= n;
  }
  return count;
}
