// A reduction outside nests, into a device scalar.
import type { Span } from "../../compiler/diagnostic.js";
import type { Var } from "../nest.js";
import { int } from "../schedule/scalar/build.js";
import type { ReduceExpr } from "../schedule/scalar/region.js";
import { hostAxes } from "./axes.js";
import { planGrid } from "./grid.js";
import type { Planner } from "./planner.js";
import { usesOf } from "./point.js";
import { dispatchRows } from "./rows.js";
import { dispatchRun } from "./run.js";

/** Invocations that work on one reduction. */
const WORKGROUP = 128;

export function planReduction(planner: Planner, v: Var, e: ReduceExpr, at: Span): void {
  const reduce = { ...e, axes: hostAxes(planner, e.axes, at) };
  const grid = planGrid(planner, reduce.axes);
  planner.know(v, planner.boundsOf(reduce));
  if (!grid) {
    dispatchRun(planner, [{ kind: "let", var: v, value: reduce, at }]);
    return;
  }
  dispatchRows(planner, {
    name: v.name,
    at,
    workgroup: WORKGROUP,
    uses: usesOf(planner, [{ kind: "let", var: v, value: reduce, at }]),
    rows: 1,
    reduce,
    grid,
    atRow: (_k, region, _row, emit) => emit({ ...region, point: int(0), stops: false }),
    target: (k) => ({ buffer: k.wordBuffer(v) }),
  });
}
