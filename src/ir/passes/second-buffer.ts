// Second buffer: an `assign` or `add` nest that reads what other points of it write gets a second buffer, as statements.
//
// Needs: nothing. Removes: the meaning "every read sees what was there before" wherever order would show. Adds: arrays for the new values
// (or for the old ones), and nests that copy. It is necessary: behind it a nest may be run in place, element by element, in any order and
// in lanes. It stands last, since fusion makes such nests (a slice's new value inlined into its assignment), and what can be proven apart
// depends on how simple the subscripts are.
import { type Size, sizeConstant, subtractSizes, symbolsOfSize } from "../../compiler/size.js";
import { conflictingLoads, type Load } from "../alias.js";
import { effectsOf, effectsOfBlock } from "../effects.js";
import type { ArrayVar, Axis, Block, Expr, Kernel, Nest, Stmt, Var, Yield } from "../nest.js";
import { Copier, type FreshId, freshIds } from "../nest-copy.js";
import { rewriteWithFacts } from "../nest-facts.js";
import { rewriteBlock } from "../nest-walk.js";
import { intConst, polynomialExpr, polynomialOf, varExpr } from "../polynomial.js";
import { type Facts, isNotNegative } from "../range/index.js";

export function addSecondBuffers(kernel: Kernel): Kernel {
  const pass = new SecondBuffer(freshIds(kernel));
  return rewriteWithFacts(kernel, (s, facts) => (s.kind === "nest" ? pass.nest(s, facts) : [s]));
}

type NestStmt = Extract<Stmt, { readonly kind: "nest" }>;

class SecondBuffer {
  constructor(private readonly fresh: FreshId) {}

  nest(s: NestStmt, facts: Facts): Block {
    const conflicts = conflictingLoads(s.nest, facts, this.fresh);
    if (conflicts.length === 0) return [s];
    return s.nest.mode === "assign" && valuesAloneConflict(s.nest, conflicts)
      ? this.newValuesFirst(s, facts)
      : this.oldValuesKept(s, conflicts);
  }

  private array(like: ArrayVar, name: string, shape: readonly Size[], mutable: boolean): ArrayVar {
    return { id: this.fresh(), name: `${like.name}${name}`, type: like.type, shape, role: "local", mutable };
  }

  /** All new values are worked out, then written. */
  private newValuesFirst(s: NestStmt, facts: Facts): Block {
    const { nest, at } = s;
    const box = boxOf(nest, facts);
    const arrays = nest.yields.map((y) => this.array(y.array, "New", box ?? y.array.shape, box === undefined));
    const write = new Copier({ fresh: this.fresh }).nest({ ...nest, body: [] });
    const offset = (axes: readonly Axis[]): Expr[] => axes.map((a, d) => minus(a.var, nest.axes[d]?.lo ?? intConst(0)));
    const load = (array: ArrayVar, index: readonly Expr[]): Expr => ({ kind: "load", array, index, type: array.type });
    const second: Nest = {
      ...write,
      yields: write.yields.map((y, k) => {
        const from = arrays[k];
        return from ? { ...y, value: load(from, box ? offset(write.axes) : y.index) } : y;
      }),
    };
    if (!box) {
      const first: Nest = { ...nest, yields: nest.yields.map((y, k) => ({ ...y, array: arrays[k] ?? y.array })) };
      const declared = arrays.map((array): Stmt => ({ kind: "declare", array, at }));
      return [...declared, { kind: "nest", nest: first, at }, { kind: "nest", nest: second, at }];
    }
    return [
      { kind: "nest", nest: this.definition(nest, box, arrays), at },
      { kind: "nest", nest: second, at },
    ];
  }

  /** The nest with axes that start at 0, as a `define` of `arrays`. */
  private definition(nest: Nest, box: readonly Size[], arrays: readonly ArrayVar[]): Nest {
    const axes = nest.axes.map((a, d): Axis => {
      const v: Var = { ...a.var, id: this.fresh() };
      return { var: v, lo: intConst(0), hi: polynomialExpr(box[d] ?? sizeConstant(0)) };
    });
    const at = (k: number): Expr => {
      const [a, old] = [axes[k], nest.axes[k]];
      if (!a || !old) throw new Error("internal: a nest lost an axis");
      const lo = polynomialOf(old.lo);
      return lo?.terms.length === 0
        ? varExpr(a.var)
        : { kind: "op", op: "add", args: [varExpr(a.var), old.lo], type: "i32" };
    };
    const c = new Copier({ vars: new Map(nest.axes.map((a, k) => [a.var.id, at(k)])) });
    const body = c.block(nest.body);
    const index = axes.map((a) => varExpr(a.var));
    const yields = nest.yields.map((y, k): Yield => ({ array: arrays[k] ?? y.array, index, value: c.expr(y.value) }));
    return { mode: "define", axes, body, yields };
  }

  /** The arrays are copied before, and what conflicts reads the copies. */
  private oldValuesKept(s: NestStmt, conflicts: readonly Load[]): Block {
    const copies = new Map<number, ArrayVar>();
    const nests: Stmt[] = [];
    for (const { array } of conflicts) {
      if (copies.has(array.id)) continue;
      const old = this.array(array, "Old", array.shape, false);
      copies.set(array.id, old);
      nests.push({ kind: "nest", nest: this.copy(array, old), at: s.at });
    }
    const replaced = rewriteBlock([s], {
      expr: (e) => {
        const old = e.kind === "load" ? copies.get(e.array.id) : undefined;
        return old ? { ...e, array: old } : e;
      },
    });
    return [...nests, ...replaced];
  }

  private copy(from: ArrayVar, to: ArrayVar): Nest {
    const axes = from.shape.map((size, d): Axis => {
      const v: Var = { id: this.fresh(), name: `i${d}`, type: "i32", mutable: false };
      return { var: v, lo: intConst(0), hi: polynomialExpr(size) };
    });
    const index = axes.map((a) => varExpr(a.var));
    const value: Expr = { kind: "load", array: from, index, type: from.type };
    return { mode: "define", axes, body: [], yields: [{ array: to, index, value }] };
  }
}

/** Where places and conditions read what is written, or depend on what the point makes, they can't be worked out a second time. */
function valuesAloneConflict(nest: Nest, conflicts: readonly Load[]): boolean {
  const arrays = new Set(conflicts.map((c) => c.array.id));
  const own = effectsOfBlock(nest.body);
  const outside = [...nest.axes.flatMap((a) => [a.lo, a.hi]), ...(nest.where ? [nest.where] : [])];
  return [...outside, ...nest.yields.flatMap((y) => y.index)].every((e) => {
    const { readArrays, readVars, fails } = effectsOf(e);
    const clean = [...readArrays].every((id) => !arrays.has(id) && !own.madeArrays.has(id));
    return clean && !fails && [...readVars].every((id) => !own.madeVars.has(id));
  });
}

/** The extents of a nest's axes, where they do not depend on each other and none can be negative. */
function boxOf(nest: Nest, facts: Facts): readonly Size[] | undefined {
  const axes = new Set(nest.axes.map((a) => a.var.id));
  const box = nest.axes.map((a) => {
    const lo = polynomialOf(a.lo);
    const hi = polynomialOf(a.hi);
    const extent = lo && hi ? subtractSizes(hi, lo) : undefined;
    const free = [lo, hi].every((s) => s && symbolsOfSize(s).every((x) => !axes.has(x.id)));
    return extent && free && isNotNegative(extent, facts) ? extent : undefined;
  });
  const extents = box.filter((e) => e !== undefined);
  return !nest.where && extents.length === box.length && extents.length >= 1 && extents.length <= 4
    ? extents
    : undefined;
}

function minus(v: Var, lo: Expr): Expr {
  const p = polynomialOf(lo);
  return p?.terms.length === 0 ? varExpr(v) : { kind: "op", op: "sub", args: [varExpr(v), lo], type: "i32" };
}
