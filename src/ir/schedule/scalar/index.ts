// Sizes and subscripts as integer expressions.
import type { Size, SizeAtom } from "../../../compiler/size.js";
import type { LoopExpr } from "../../loop.js";
import { add, int, maximum, minimum, mul, operation, sub } from "./build.js";
import { type ArrayPlace, type Lowering, named, type Region } from "./region.js";

/** The value of a size polynomial. Its symbols are in scope. */
export function lowerSize(lowering: Lowering, size: Size): LoopExpr {
  const atom = (a: SizeAtom): LoopExpr => {
    if (a.kind === "div") {
      const numerator = lowerSize(lowering, a.numerator);
      return operation("idiv", numerator.type, numerator, lowerSize(lowering, a.denominator));
    }
    const value = lowering.scalars.get(a.symbol.id);
    if (!value) throw new Error(`internal: size ${a.symbol.name} is used where it is not defined`);
    return value;
  };
  let sum = int(0);
  // Positive terms first, so that `n - 1` is no negative number plus n.
  for (const t of [...size.terms].sort((a, b) => b.coefficient - a.coefficient)) {
    const product = t.atoms.map(atom).reduce(mul, int(1));
    if (t.coefficient < 0) sum = sub(sum, mul(int(-t.coefficient), product));
    else sum = add(sum, mul(int(t.coefficient), product));
  }
  return sum;
}

/** The dimensions of an array as trivial expressions. A negative one (a range that is empty by more than nothing) counts as zero elements. */
export const lowerShape = (region: Region, name: string, shape: readonly Size[]): readonly LoopExpr[] =>
  shape.map((s, dim) => named(region, `${name}Size${dim}`, lowerSize(region.lowering, s)));

export const elementCount = (shape: readonly LoopExpr[]): LoopExpr => shape.reduce(mul, int(1));

/** The position of an element in its buffer. */
export function linearIndex(place: ArrayPlace, index: readonly LoopExpr[]): LoopExpr {
  let at: LoopExpr = int(0);
  index.forEach((k, dim) => {
    const extent = place.shape[dim];
    if (!extent) throw new Error(`internal: ${place.buffer.name} has ${place.shape.length} dimensions, not ${dim + 1}`);
    at = add(mul(at, extent), k);
  });
  return place.offset ? add(place.offset, at) : at;
}

/** An index that may be out of range, made harmless to read at. Of an empty dimension it is 0: buffers hold at least one element. */
export const clampIndex = (index: LoopExpr, extent: LoopExpr): LoopExpr =>
  maximum(minimum(index, sub(extent, int(1))), int(0));
