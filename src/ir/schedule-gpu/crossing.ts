// A host function: its arrays cross to the CPU, and the answers come back.
import type { Stmt } from "../nest.js";
import { wordOf } from "../plan.js";
import type { Planner } from "./planner.js";
import { readHost } from "./run.js";

export function planHost(planner: Planner, s: Extract<Stmt, { readonly kind: "host" }>): void {
  const sizes = s.sizes.map((e) => readHost(planner, "size", e, s.at));
  const scalars = s.scalars.map((e) => ({
    type: wordOf(e.type === "f64" ? "f32" : e.type),
    value: readHost(planner, "scalar", e, s.at),
  }));
  const shapeOf = (a: (typeof s.arrays)[number]) =>
    a.shape.map((d) => readHost(planner, "dimension", planner.sizeExpr(d), s.at));
  const arrays = s.arrays.map((a) => ({ array: planner.arrayIndex(a), shape: shapeOf(a) }));
  const results = s.results.map((r) => {
    if ("shape" in r) return { array: planner.make(r), shape: shapeOf(r) };
    planner.keep(r);
    return { word: planner.word(r), type: wordOf(r.type) };
  });
  planner.step({ step: "host", kernel: s.kernel.name, sizes, scalars, arrays, results });
}
