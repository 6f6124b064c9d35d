// Subscripts: which elements a list of them names, and the checks that they are in range.
import type { Span } from "../../compiler/diagnostic.js";
import type { Subscript } from "../../compiler/typed.js";
import { type ArrayValue, elementAt, makeArray, poison, setElement } from "./data.js";
import { evaluateScalar } from "./expression.js";
import { isDecided, type Scalar } from "./format.js";
import { Failure, type Frame, Unknown } from "./frame.js";

/** What one subscript names in its dimension: one index (the dimension goes), or `count` from `lo` on. */
type Part =
  | { readonly kind: "at"; readonly index: Scalar; readonly at: Span }
  | { readonly kind: "range"; readonly lo: number; readonly count: number };

/** The elements that subscripts name: their offsets in row-major order, and the shape that they make. */
export interface Selection {
  readonly shape: readonly number[];
  readonly offsets: readonly number[];
  /** Which elements these are hangs on an undecided index. */
  readonly decided: boolean;
}

const extent = (shape: readonly number[], dim: number, name: string): string => {
  const n = shape[dim];
  if (shape.length === 1) return `${name} has ${n} elements`;
  if (shape.length === 2) return `${name} has ${n} ${dim === 0 ? "rows" : "columns"}`;
  return `${name} has size ${n} on axis ${dim}`;
};

export function select(
  frame: Frame,
  shape: readonly number[],
  subscripts: readonly Subscript[],
  name: string,
  at: Span,
): Selection {
  const parts = subscripts.map((s, dim) => evaluatePart(frame, s, shape[dim] ?? 0, at));
  let decided = true;
  parts.forEach((part, dim) => {
    const size = shape[dim] ?? 0;
    if (part.kind === "range") {
      if (part.lo < 0 || part.count < 0 || part.lo + part.count > size)
        throw new Failure(
          "R03",
          `slice ${part.lo}..${part.lo + part.count} is out of range: ${extent(shape, dim, name)}`,
          at,
          [at.end, dim],
        );
    } else if (!isDecided(part.index)) {
      decided = false;
      frame.run.mayFail = true;
    } else if (part.index.value < 0 || part.index.value >= size)
      throw new Failure("R02", `index ${part.index.value} is out of range: ${extent(shape, dim, name)}`, at, [
        at.end,
        dim,
      ]);
  });
  let offsets: number[] = [0];
  parts.forEach((part, dim) => {
    const size = shape[dim] ?? 0;
    const next: number[] = [];
    for (const o of offsets) {
      if (part.kind === "at") next.push(o * size + part.index.value);
      else for (let k = 0; k < part.count; k++) next.push(o * size + part.lo + k);
    }
    offsets = next;
  });
  return { shape: parts.flatMap((p) => (p.kind === "range" ? [p.count] : [])), offsets, decided };
}

function evaluatePart(frame: Frame, s: Subscript, size: number, at: Span): Part {
  switch (s.kind) {
    case "all":
      return { kind: "range", lo: 0, count: size };
    case "at":
      return { kind: "at", index: evaluateScalar(frame, s.index), at };
    case "range": {
      const lo = evaluateScalar(frame, s.lo);
      const hi = evaluateScalar(frame, s.hi);
      if (!isDecided(lo) || !isDecided(hi)) throw new Unknown("a slice's ends are undecided");
      return { kind: "range", lo: lo.value, count: hi.value - lo.value };
    }
  }
}

/** The selected part: a scalar where every subscript is a point. */
export function take(a: ArrayValue, s: Selection, isScalar: boolean): Scalar | ArrayValue {
  if (isScalar) {
    const x = elementAt(a, s.offsets[0] ?? 0);
    return s.decided ? x : { ...x, value: Number.isNaN(x.value) ? 0 : x.value, bound: Number.POSITIVE_INFINITY };
  }
  const part = makeArray(a.element, s.shape);
  s.offsets.forEach((o, k) => {
    setElement(part, k, elementAt(a, o));
  });
  return s.decided ? part : (poison(part) as ArrayValue);
}
