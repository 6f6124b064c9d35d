// Kernels with one invocation a point.
import type { HostExpr } from "../../abi.js";
import type { Span } from "../../compiler/diagnostic.js";
import { effectsOfBlock } from "../effects.js";
import type { Block, Nest } from "../nest.js";
import { walkBlock } from "../nest-walk.js";
import { compare } from "../schedule/scalar/build.js";
import { lowerPoint } from "../schedule/scalar/nest.js";
import { branch, named, type Region } from "../schedule/scalar/region.js";
import { atPoint, type Grid } from "./grid.js";
import { hostCeil } from "./host.js";
import type { KernelBuilder, Uses } from "./kernel.js";
import type { Planner } from "./planner.js";

/** Invocations of a workgroup where each has its own point. */
export const POINT_GROUP = 64;

/** What statements use of the names around them, and of those that are made before them. */
export function usesOf(planner: Planner, block: Block): Uses {
  const e = effectsOfBlock(block);
  const turns = turnsOf(block);
  const arrays = [...e.readArrays, ...e.writtenArrays, ...e.madeArrays];
  return {
    vars: new Set([...e.readVars, ...e.writtenVars].filter((id) => !turns.has(id))),
    arrays: new Set(arrays.filter((id) => planner.isPlaced(planner.arrayVar(id)))),
  };
}

/** Counters of loops: made where their loop stands. */
function turnsOf(block: Block): ReadonlySet<number> {
  const turns = new Set<number>();
  walkBlock(block, {
    stmt: (s) => {
      if (s.kind === "loop") turns.add(s.turns.id);
      return true;
    },
  });
  return turns;
}

/** A dispatch over the points of a grid. */
export function dispatchPoints(
  planner: Planner,
  what: { readonly name: string; readonly at: Span; readonly note?: string },
  uses: Uses,
  grid: Grid,
  emit: (inner: Region, k: KernelBuilder) => void,
): void {
  const { points } = grid;
  const groups: HostExpr = hostCeil(points, POINT_GROUP);
  planner.dispatch({ ...what, workgroup: POINT_GROUP }, groups, (k) => {
    k.use(uses);
    const point = named(k.region, "point", k.thread());
    branch(k.region, compare("lt", point, k.word("points", "i32", points)), (inside) =>
      atPoint(k, inside, grid, point, (at) => emit(at, k)),
    );
  });
}

/** A nest whose points neither meet nor see each other. */
export function mapNest(planner: Planner, nest: Nest, at: Span, grid: Grid): void {
  const name = nest.yields[0]?.array.name ?? "nest";
  dispatchPoints(planner, { name, at }, usesOf(planner, [{ kind: "nest", nest, at }]), grid, (inner) =>
    lowerPoint(inner, nest),
  );
}
