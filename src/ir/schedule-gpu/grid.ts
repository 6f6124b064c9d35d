// Points of a nest as a linear grid of invocations, the last axis fastest. An axis whose range depends on others, or on device scalars, takes
// the room of its largest range, and points outside its own range do nothing.
import type { HostExpr } from "../../abi.js";
import type { LoopExpr } from "../loop.js";
import type { Axis } from "../nest.js";
import { add, and, compare, convert, int, operation, read, sub } from "../schedule/scalar/build.js";
import { lowerExpr, lowerNamed } from "../schedule/scalar/expression.js";
import { branch, freshVar, named, type Region } from "../schedule/scalar/region.js";
import { axisBounds, type Bounds } from "./bounds.js";
import { hostAdd, hostMax, hostMul, hostSub } from "./host.js";
import type { KernelBuilder } from "./kernel.js";
import type { Planner } from "./planner.js";

interface GridAxis {
  readonly axis: Axis;
  /** The range is just this, the same at all points. */
  readonly exact: boolean;
  readonly lo: HostExpr;
  readonly count: HostExpr;
  readonly bounds: Bounds;
}

export interface Grid {
  readonly axes: readonly GridAxis[];
  readonly points: HostExpr;
}

/** `undefined` where an axis has no bound that the host knows. */
export function planGrid(planner: Planner, axes: readonly Axis[]): Grid | undefined {
  const planned: GridAxis[] = [];
  let points: HostExpr = 1;
  for (const axis of axes) {
    const lo = planner.host(axis.lo);
    const hi = planner.host(axis.hi);
    const bounds = axisBounds(axis, planner);
    if (bounds.lo === undefined || bounds.hi === undefined) return undefined;
    planner.know(axis.var, bounds);
    const extent = lo !== undefined && hi !== undefined ? hostSub(hi, lo) : hostAdd(hostSub(bounds.hi, bounds.lo), 1);
    const count = planner.isSize(extent) ? extent : hostMax(extent, 0);
    planned.push({ axis, exact: lo !== undefined && hi !== undefined, lo: bounds.lo, count, bounds });
    points = hostMul(points, count);
  }
  return { axes: planned, points };
}

/**
 * Binds the axes at the point with this index, which is inside the grid, and emits what runs there. `point` is what failures carry, if
 * not the index.
 */
export function atPoint(
  k: KernelBuilder,
  region: Region,
  grid: Grid,
  index: LoopExpr,
  emit: (inner: Region) => void,
  point: LoopExpr = index,
): void {
  const { lowering } = region;
  const own: Region = { ...region, point, stops: false };
  // The room of each axis, from the first, whose own is not needed.
  const rooms = grid.axes.map((g, d) => {
    if (d === 0) return int(0);
    if (!g.exact) return k.word(`${g.axis.var.name}Room`, "i32", g.count);
    return named(own, `${g.axis.var.name}Count`, sub(lowerExpr(own, g.axis.hi), lowerExpr(own, g.axis.lo)));
  });
  let rest: LoopExpr = grid.axes.length > 1 ? convert("u32", index) : index;
  const offsets: LoopExpr[] = [];
  for (let d = grid.axes.length - 1; d >= 0; d--) {
    if (d === 0) {
      offsets[0] = convert("i32", rest);
      break;
    }
    const room = convert("u32", rooms[d] ?? int(1));
    offsets[d] = convert("i32", operation("imod", rest.type, rest, room));
    rest = named(own, "row", operation("idiv", rest.type, rest, room));
  }
  let inside: LoopExpr | undefined;
  for (const [d, g] of grid.axes.entries()) {
    const offset = offsets[d] ?? int(0);
    const lo = g.exact ? lowerExpr(own, g.axis.lo) : k.word(`${g.axis.var.name}From`, "i32", g.lo);
    const v = freshVar(lowering, g.axis.var.name, "i32");
    own.out.push({ kind: "let", var: v, value: add(lo, offset) });
    lowering.scalars.set(g.axis.var.id, read(v));
    k.know(v, g.bounds);
    if (g.exact) continue;
    const from = lowerNamed(own, `${g.axis.var.name}Lo`, g.axis.lo);
    const to = lowerNamed(own, `${g.axis.var.name}Hi`, g.axis.hi);
    const here = and(compare("le", from, read(v)), compare("lt", read(v), to));
    inside = inside ? and(inside, here) : here;
  }
  if (inside) branch(own, inside, emit);
  else emit(own);
}
