// Whether a nest may write in place: every read of a nest sees what was there before it, so a read of an array that the nest also writes
// is harmless only at the element that its own point writes, or where no point writes.
import type { Expr, Nest } from "../nest.js";
import { walkNest } from "../nest-walk.js";
import { sameExprs } from "./facts.js";

/** Whether some point may read an element that another point writes. */
export function readsWhatItWrites(nest: Nest): boolean {
  return conflictingReads(nest).length > 0;
}

type Load = Extract<Expr, { readonly kind: "load" }>;

/** The reads that must see what was there before, where the nest may already have written. */
export function conflictingReads(nest: Nest): readonly Load[] {
  const reads: Load[] = [];
  walkNest(nest, {
    expr: (e) => {
      if (e.kind === "load" && nest.yields.some((y) => y.array.id === e.array.id)) reads.push(e);
      return true;
    },
  });
  return reads.filter((r) => !isOwnElement(nest, r));
}

/** The read is of the element that the same point writes, which no other point does. */
function isOwnElement(nest: Nest, r: Load): boolean {
  const writers = nest.yields.filter((y) => y.array.id === r.array.id);
  const [only] = writers;
  if (!only || writers.length > 1 || !sameExprs(only.index, r.index)) return false;
  return (
    nest.mode !== "add" || nest.axes.every((a) => only.index.some((k) => k.kind === "var" && k.var.id === a.var.id))
  );
}
