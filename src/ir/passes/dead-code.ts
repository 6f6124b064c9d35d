// Dead code: drops what no result, no check and no decision about them depends on.
//
// Needs: nothing. Removes: names that nobody reads, and what was computed for them; yields of nests one by one. Adds: nothing.
// It stands behind every pass that makes uses go away. A check is an effect: what may fail stays, and what it reads stays with it.
//
// A name that is needed keeps every statement that writes it, so the search is one walk over a graph: from a name to what its writers read.
import { type Size, symbolsOfSize } from "../../compiler/size.js";
import { effectsOf, effectsOfStmt } from "../effects.js";
import type { ArrayVar, Axis, Block, Expr, Kernel, Nest, Stmt, Var, Yield } from "../nest.js";
import { rewriteKernel, walkExpr } from "../nest-walk.js";

/** A scalar `v3` or an array `a3`. */
type Name = string;
const varName = (v: { readonly id: number }): Name => `v${v.id}`;
const arrayName = (a: { readonly id: number }): Name => `a${a.id}`;

export function dropDeadCode(kernel: Kernel): Kernel {
  const graph = new Graph();
  graph.block(kernel.body, []);
  for (const r of kernel.results)
    graph.roots.push(...(r.kind === "array" ? [arrayName(r.array)] : graph.reads([r.value], [])));
  const live = graph.reached();
  return rewriteKernel(kernel, { stmt: (s) => prune(s, live) });
}

const failing = (e: Expr | undefined): boolean => e !== undefined && effectsOf(e).fails;
const shapeReads = (a: ArrayVar): Name[] => a.shape.flatMap((s: Size) => symbolsOfSize(s).map(varName));

class Graph {
  readonly roots: Name[] = [];
  private readonly edges = new Map<Name, Name[]>();

  reached(): ReadonlySet<Name> {
    const seen = new Set<Name>();
    const todo = [...this.roots];
    for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      todo.push(...(this.edges.get(name) ?? []));
    }
    return seen;
  }

  private write(name: Name, reads: readonly Name[]): void {
    const known = this.edges.get(name);
    if (known) known.push(...reads);
    else this.edges.set(name, [...reads]);
  }

  /** What the expressions read themselves. The statements in them come into the graph on their own, under the same `control`. */
  reads(exprs: readonly (Expr | undefined)[], control: readonly Name[]): Name[] {
    const found: Name[] = [];
    const visit = (e: Expr): boolean => {
      if (e.kind === "var") found.push(varName(e.var));
      if (e.kind === "load") found.push(arrayName(e.array));
      if (e.kind !== "block") return true;
      this.block(e.body, control);
      walkExpr(e.value, { expr: visit });
      return false;
    };
    for (const e of exprs) if (e) walkExpr(e, { expr: visit });
    return found;
  }

  block(block: Block, control: readonly Name[]): void {
    for (const s of block) this.stmt(s, control);
  }

  /** `control` is what decides whether and how often the statement runs. */
  private stmt(s: Stmt, control: readonly Name[]): void {
    const writes = (name: Name, ...reads: readonly Name[]): void => this.write(name, [...reads, ...control]);
    const mustStay = (reads: readonly Name[], ...exprs: readonly (Expr | undefined)[]): void => {
      if (exprs.some(failing)) this.roots.push(...reads, ...control);
    };
    switch (s.kind) {
      case "let":
      case "set": {
        const reads = this.reads([s.value], control);
        writes(varName(s.var), ...reads);
        mustStay([...reads, varName(s.var)], s.value);
        return;
      }
      case "declare":
        writes(arrayName(s.array), ...shapeReads(s.array));
        return;
      case "list": {
        const reads = this.reads(s.elements, control);
        writes(arrayName(s.array), ...reads, ...shapeReads(s.array));
        mustStay([...reads, ...shapeReads(s.array)], ...s.elements);
        return;
      }
      case "store": {
        const parts = [...s.index, s.value];
        const reads = this.reads(parts, control);
        writes(arrayName(s.array), ...reads);
        mustStay([...reads, arrayName(s.array)], ...parts);
        return;
      }
      case "nest":
        this.nest(s.nest, control);
        return;
      case "for":
      case "if":
      case "loop":
        this.compound(s, control);
        return;
      case "require":
        this.roots.push(...this.reads([s.condition, ...s.values], control), ...control);
        return;
      case "host":
        // The other side may fail.
        this.roots.push(...this.reads([...s.sizes, ...s.scalars], control), ...s.arrays.map(arrayName), ...control);
        for (const r of s.results) if ("shape" in r) this.roots.push(...shapeReads(r));
        return;
    }
  }

  private compound(s: Stmt & { readonly kind: "for" | "if" | "loop" }, control: readonly Name[]): void {
    const heads = s.kind === "for" ? [s.lo, s.hi] : s.kind === "if" ? [s.condition] : [s.max, s.until];
    const reads = this.reads(heads, control);
    if (heads.some(failing)) this.roots.push(...reads, ...control);
    const inside = [...control, ...reads];
    if (s.kind === "if") {
      this.block(s.then, inside);
      this.block(s.otherwise, inside);
      return;
    }
    this.block(s.body, inside);
    if (s.kind === "loop") this.write(varName(s.turns), inside);
  }

  private nest(nest: Nest, control: readonly Name[]): void {
    const heads = [nest.where, ...nest.axes.flatMap((a: Axis) => [a.lo, a.hi])];
    const space = this.reads(heads, control);
    if (heads.some(failing)) this.roots.push(...space, ...control);
    const inside = [...control, ...space];
    this.block(nest.body, inside);
    for (const y of nest.yields) {
      const parts = nest.mode === "define" ? [y.value] : [...y.index, y.value];
      const reads = [...this.reads(parts, inside), ...inside, ...(nest.mode === "define" ? shapeReads(y.array) : [])];
      this.write(arrayName(y.array), reads);
      if (parts.some(failing)) this.roots.push(...reads, arrayName(y.array));
    }
  }
}

function prune(s: Stmt, live: ReadonlySet<Name>): Block {
  const keepsVar = (v: Var): boolean => live.has(varName(v));
  const keepsYield = (y: Yield): boolean => live.has(arrayName(y.array));
  const fails = effectsOfStmt(s).fails;
  switch (s.kind) {
    case "let":
    case "set":
      return fails || keepsVar(s.var) ? [s] : [];
    case "declare":
    case "list":
    case "store":
      return fails || live.has(arrayName(s.array)) ? [s] : [];
    case "nest": {
      const yields = s.nest.yields.filter(keepsYield);
      if (yields.length === 0 && !fails) return [];
      return yields.length === s.nest.yields.length ? [s] : [{ ...s, nest: { ...s.nest, yields } }];
    }
    case "if":
      return fails || s.then.length > 0 || s.otherwise.length > 0 ? [s] : [];
    case "for":
      return fails || s.body.length > 0 ? [s] : [];
    case "loop":
      return fails || s.body.length > 0 || keepsVar(s.turns) ? [s] : [];
    case "require":
    case "host":
      return [s];
  }
}
