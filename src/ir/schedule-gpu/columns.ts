// Reductions at points whose neighbours read neighbouring elements: each invocation reduces a part of one point's values, so that neighbouring
// invocations have neighbouring points; a second dispatch puts a point's parts together, a workgroup for each point.
import { effectsOf } from "../effects.js";
import { varExpr } from "../polynomial.js";
import { add, compare, minimum, mul, read } from "../schedule/scalar/build.js";
import { lowerExpr } from "../schedule/scalar/expression.js";
import { identityOf } from "../schedule/scalar/reduce.js";
import { assign, branch, freshVar, loopOver, named, variable } from "../schedule/scalar/region.js";
import { hostCeil, hostCeilBy, hostMax, hostMin, hostMul } from "./host.js";
import { builtin } from "./kernel.js";
import type { Planner } from "./planner.js";
import { POINT_GROUP } from "./point.js";
import { joined, joinParts, loadAt, quotient, type Rows, remainder } from "./rows.js";

/** Invocations that keep a device busy, values that one of them takes at least, and parts of one point at most. */
const BUSY = 65536;
const LEAST = 64;
const MOST_PARTS = 4096;
/** Invocations that put the parts of a point together. */
const JOINERS = 128;

/**
 * Its first range is the same at all points, its parts are put together without more than their values, and there is no failure to be the
 * first of its point.
 */
export const splitsByPoints = (r: Rows): boolean =>
  r.grid.axes[0]?.exact === true &&
  !effectsOf(r.reduce).fails &&
  r.reduce.reducer !== "argmin" &&
  r.reduce.reducer !== "argmax";

export function dispatchByPoints(planner: Planner, r: Rows): void {
  const [axis] = r.reduce.axes;
  const [range] = r.grid.axes;
  if (!axis || !range) throw new Error("internal: a reduction without an axis");
  const points = r.rows;
  const wanted = hostMax(
    1,
    hostMin(hostMin(MOST_PARTS, hostCeilBy(BUSY, hostMax(points, 1))), hostCeil(range.count, LEAST)),
  );
  const length = hostMax(1, hostCeilBy(range.count, wanted));
  const parts = hostMax(1, hostCeilBy(range.count, length));
  const total = hostMul(points, parts);
  const { type } = r.reduce;
  const sums = planner.scratch(`${r.name}Parts`, type, total);
  const from = planner.freshVar(`${axis.var.name}From`, "i32");
  const to = planner.freshVar(`${axis.var.name}To`, "i32");
  const part = { ...r.reduce, axes: [{ ...axis, lo: varExpr(from), hi: varExpr(to) }, ...r.reduce.axes.slice(1)] };
  const shape = (name: string) => ({
    name,
    at: r.at,
    workgroup: POINT_GROUP,
  });

  planner.dispatch(shape(`${r.name}Parts`), hostCeil(total, POINT_GROUP), (k) => {
    k.use(r.uses);
    const index = named(k.region, "index", k.thread());
    const count = k.word("points", "i32", points);
    branch(k.region, compare("lt", index, k.word("total", "i32", total)), (inside) => {
      const point = named(inside, "point", remainder(index, count));
      const first = named(inside, "first", mul(quotient(index, count), k.word("length", "i32", length)));
      const sum = variable(inside, r.reduce.reducer, identityOf(r.reduce.reducer, type));
      r.atRow(k, inside, point, (own) => {
        const lo = k.word(`${axis.var.name}Least`, "i32", range.lo);
        const stop = minimum(
          k.word(`${axis.var.name}Count`, "i32", range.count),
          add(first, k.word("length", "i32", length)),
        );
        own.lowering.scalars.set(from.id, named(own, "from", add(lo, first)));
        own.lowering.scalars.set(to.id, named(own, "to", add(lo, stop)));
        assign(own, sum, lowerExpr(own, part));
      });
      const place = k.bind("parts", type, sums);
      inside.out.push({
        kind: "store",
        buffer: place.buffer,
        index: place.offset ? add(place.offset, index) : index,
        value: read(sum),
      });
    });
  });

  planner.dispatch({ name: r.name, at: r.at, workgroup: JOINERS }, points, (k) => {
    const point = named(k.region, "point", builtin("workgroup"));
    const count = k.word("points", "i32", points);
    branch(k.region, compare("lt", point, count), (inside) => {
      const place = k.bind("parts", type, sums);
      const sum = variable(inside, r.reduce.reducer, identityOf(r.reduce.reducer, type));
      const n = freshVar(inside.lowering, "part", "i32");
      loopOver(
        inside,
        n,
        builtin("invocation"),
        k.word("parts", "i32", parts),
        (turn) => assign(turn, sum, joined(r.reduce, read(sum), loadAt(place, add(mul(read(n), count), point)))),
        { step: JOINERS },
      );
      joinParts(k, inside, JOINERS, r.reduce, sum, (first, value) => {
        const end = r.target(k);
        first.out.push({
          kind: "store",
          buffer: end.buffer,
          index: end.offset ? add(end.offset, point) : point,
          value,
        });
      });
    });
  });
  planner.drop(sums);
}
