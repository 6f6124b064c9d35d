// The points that binders run over, in order. Their failures count as if they ran at once: the earliest check, at the lowest point.
import type { Binder, Expr } from "../../compiler/typed.js";
import { evaluateScalar } from "./expression.js";
import { isDecided, type Scalar, scalar } from "./format.js";
import { type Frame, Points } from "./frame.js";

const holdsAlways = scalar(1);

/**
 * Calls `visit` at every point, with what `where` gives there. Returns false where a bound of a range is undecided, so that the points are
 * not known.
 */
export function forEachPoint(
  frame: Frame,
  binders: readonly Binder[],
  where: Expr | undefined,
  visit: (counts: Scalar) => void,
): boolean {
  const points = new Points();
  let complete = true;
  const run = (depth: number): void => {
    const binder = binders[depth];
    if (!binder) {
      points.run(() => visit(where ? evaluateScalar(frame, where) : holdsAlways));
      return;
    }
    const lo = evaluateScalar(frame, binder.lo);
    const hi = evaluateScalar(frame, binder.hi);
    if (!isDecided(lo) || !isDecided(hi)) {
      complete = false;
      frame.run.mayFail = true;
    }
    for (let i = lo.value; i < hi.value; i++) {
      frame.set(binder.local, scalar(i));
      if (depth === binders.length - 1) run(depth + 1);
      else points.run(() => run(depth + 1));
    }
  };
  points.run(() => run(0));
  points.end();
  return complete;
}
