// Axes as the host can lay them out.
import type { Span } from "../../compiler/diagnostic.js";
import { effectsOf } from "../effects.js";
import type { Axis, Expr } from "../nest.js";
import { varExpr } from "../polynomial.js";
import type { Planner } from "./planner.js";
import { readHost } from "./run.js";

/** Axes whose bounds are device scalars without bounds that the host knows: it waits for those. Ranges that use other axes stay. */
export function hostAxes(planner: Planner, axes: readonly Axis[], at: Span): readonly Axis[] {
  const own = new Set(axes.map((a) => a.var.id));
  const onHost = (e: Expr, name: string, side: "lo" | "hi"): Expr => {
    if (planner.host(e) !== undefined || planner.boundsOf(e)[side] !== undefined) return e;
    for (const id of effectsOf(e).readVars) if (own.has(id)) return e;
    const v = planner.freshVar(name, "i32");
    const value = readHost(planner, name, e, at);
    planner.step({ step: "let", name: planner.toHost(v), value });
    return varExpr(v);
  };
  return axes.map((a) => {
    const lo = onHost(a.lo, `${a.var.name}Lo`, "lo");
    const hi = onHost(a.hi, `${a.var.name}Hi`, "hi");
    const axis = lo === a.lo && hi === a.hi ? a : { ...a, lo, hi };
    planner.knowAxes([axis]);
    return axis;
  });
}
