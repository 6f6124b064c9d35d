// The run-time check that an `each … =` does not write one element twice: the hits of every element are counted first.
import type { Stmt } from "../../compiler/typed.js";
import type { Expr } from "../nest.js";
import type { Placed } from "./assign.js";
import type { Frame } from "./frame.js";
import { type ArrayDraft, innerOut, int, type Out, test, varOf } from "./kernel-builder.js";
import { axesOver, indexOf, load, pushNest } from "./value.js";

export function refuseConflicts(
  frame: Frame,
  s: Extract<Stmt, { kind: "each" }>,
  array: ArrayDraft,
  name: string,
  place: () => Placed,
  out: Out,
): void {
  const { kernel } = frame;
  const { at } = s;
  const hits = kernel.array("hits", "i32", array.shape, true);
  const start = innerOut(out);
  const cells = axesOver(array.shape, kernel, start);
  pushNest("define", cells, start, [{ array: hits, index: indexOf(cells), value: int(0) }], out, at);
  const { bound, index, rest } = place();
  pushNest("add", [...bound.axes, ...rest], bound.inner, [{ array: hits, index, value: int(1) }], out, at, bound.where);
  const inner = innerOut(out);
  const axes = axesOver(array.shape, kernel, inner);
  const single = test("le", load(hits, indexOf(axes)), int(1));
  const all: Expr = { kind: "reduce", reducer: "all", axes, value: single, type: "bool" };
  const isSingle = kernel.define(all, "single", at, out);
  const check = kernel.check("conflict", [`two writes hit one element of ${name}`], at);
  kernel.require(varOf(isSingle), check, [], at, out);
}
