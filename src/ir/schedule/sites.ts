// The sites of a kernel, in program order: nests that are not inside others, and reductions outside nests. Each has a name that no other
// has, by which a schedule speaks of it, and so have its axes.
import type { Axis, Block, Expr, Kernel, Nest, Stmt } from "../nest.js";
import { walkBlock, walkExpr, walkNest } from "../nest-walk.js";
import { axisLabels } from "./lanes.js";
import type { ReduceExpr } from "./scalar/region.js";

export type SiteNode =
  | { readonly kind: "nest"; readonly nest: Nest }
  | { readonly kind: "reduce"; readonly reduce: ReduceExpr };

export interface Place {
  readonly name: string;
  readonly node: SiteNode;
  /** In a loop of the kernel: it runs often, and is the smaller for it. */
  readonly inLoop: boolean;
}

export function sitesOf(kernel: Kernel): readonly Place[] {
  const places: Place[] = [];
  const taken = new Map<string, number>();
  const add = (name: string, node: SiteNode, inLoop: boolean): void => {
    const count = (taken.get(name) ?? 0) + 1;
    taken.set(name, count);
    places.push({ name: count === 1 ? name : `${name}'${count}`, node, inLoop });
  };
  const visitor = (inLoop: boolean) => ({
    stmt: (s: Stmt): boolean => {
      if (s.kind === "nest") {
        const names = [...new Set(s.nest.yields.map((y) => y.array.name))];
        // Bounds are worked out before the nest.
        for (const a of s.nest.axes) for (const e of [a.lo, a.hi]) walkExpr(e, visitor(inLoop));
        add(names.join(",") || "nothing", { kind: "nest", nest: s.nest }, inLoop);
        return false;
      }
      if (s.kind === "for" || s.kind === "loop") {
        for (const e of s.kind === "for" ? [s.lo, s.hi] : [s.max]) walkExpr(e, visitor(inLoop));
        walkBlock(s.body, visitor(true));
        if (s.kind === "loop") walkExpr(s.until, visitor(true));
        return false;
      }
      return true;
    },
    expr: (e: Expr): boolean => {
      if (e.kind !== "reduce") return true;
      add(e.reducer, { kind: "reduce", reduce: e }, inLoop);
      return false;
    },
  });
  walkBlock(kernel.body, visitor(false));
  for (const r of kernel.results) if (r.kind === "scalar") walkExpr(r.value, visitor(false));
  return places;
}

/** A reduction as the condition of a nest without axes, for what looks at nests. */
export const nestOf = (node: SiteNode): Nest =>
  node.kind === "nest" ? node.nest : { mode: "define", axes: [], body: [], yields: [], where: node.reduce };

/** All axes of a site: the nest's own, then those of the reductions in it, outermost first. */
export function axesOf(node: SiteNode): readonly Axis[] {
  const nest = nestOf(node);
  const axes = [...nest.axes];
  walkNest(nest, {
    expr: (e) => {
      if (e.kind === "reduce") axes.push(...e.axes);
      return true;
    },
  });
  return axes;
}

/** Axes by the labels that a schedule knows them by. */
export function labelsOf(node: SiteNode): ReadonlyMap<string, Axis> {
  const axes = axesOf(node);
  const labels = axisLabels(axes.map((a) => a.var));
  return new Map([...labels].map(([label, v]) => [label, axes.find((a) => a.var === v) as Axis]));
}

/** Whether a block loops over statements, which no schedule reorders. */
export function hasStatementLoops(block: Block): boolean {
  let found = false;
  walkBlock(block, {
    stmt: (s) => {
      if (s.kind === "for" || s.kind === "loop") found = true;
      return !found;
    },
  });
  return found;
}
