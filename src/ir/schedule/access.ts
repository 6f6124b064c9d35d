// How the memory that a nest touches moves with one of its axes: whether the next turn stays, goes to the next element, or jumps.
import {
  addSizes,
  constantOf,
  multiplySizes,
  type Size,
  SizeTerm,
  sizeConstant,
  sizeOf,
  substituteSize,
} from "../../compiler/size.js";
import type { ArrayVar, Axis, Block, Expr, Nest, Stmt, Var } from "../nest.js";
import { walkBlock, walkExpr, walkNest } from "../nest-walk.js";
import { polynomialOf } from "../polynomial.js";

/** From one turn of an axis to the next: the same element, the next one, one at a fixed distance, anywhere. */
export type Motion = "still" | "next" | "strided" | "scattered";

export interface Access {
  readonly array: ArrayVar;
  readonly index: readonly Expr[];
  readonly write: boolean;
  /** The axes of the reductions and the loops around it, inside the nest. */
  readonly within: readonly Var[];
}

/** A nest or a reduction, and what is known about the names made in it. */
export interface Body {
  readonly axes: readonly Axis[];
  readonly accesses: readonly Access[];
  /** Immutable integers made in the body, as they are defined. */
  readonly definitions: ReadonlyMap<number, Expr>;
  readonly assignments: readonly { readonly to: Var; readonly from: readonly Expr[] }[];
}

export function bodyOfNest(nest: Nest): Body {
  const made = new Set<number>();
  walkNest(nest, { stmt: (s) => noteArrays(s, made) });
  const accesses: Access[] = [];
  collect(accesses, made, [], (visit) => {
    for (const a of nest.axes) [a.lo, a.hi].forEach(visit.expr);
    if (nest.where) visit.expr(nest.where);
    visit.block(nest.body);
    for (const y of nest.yields) {
      y.index.forEach(visit.expr);
      visit.expr(y.value);
      accesses.push({ array: y.array, index: y.index, write: true, within: [] });
    }
  });
  return { axes: nest.axes, accesses, ...namesOf((v) => walkNest(nest, v)) };
}

export function bodyOfExpr(axes: readonly Axis[], e: Expr): Body {
  const made = new Set<number>();
  walkExpr(e, { stmt: (s) => noteArrays(s, made) });
  const accesses: Access[] = [];
  collect(accesses, made, [], (visit) => visit.expr(e));
  return { axes, accesses, ...namesOf((v) => walkExpr(e, v)) };
}

function noteArrays(s: Stmt, made: Set<number>): boolean {
  if (s.kind === "declare" || s.kind === "list") made.add(s.array.id);
  if (s.kind === "nest" && s.nest.mode === "define") for (const y of s.nest.yields) made.add(y.array.id);
  return true;
}

interface Visit {
  readonly expr: (e: Expr) => void;
  readonly block: (b: Block) => void;
}

/** Loads and stores with the loops around them; arrays that a point makes for itself are left out. */
function collect(to: Access[], made: ReadonlySet<number>, within: readonly Var[], run: (visit: Visit) => void): void {
  const inside = (vars: readonly Var[], f: (visit: Visit) => void): void => collect(to, made, [...within, ...vars], f);
  const note = (array: ArrayVar, index: readonly Expr[], write: boolean): void => {
    if (!made.has(array.id)) to.push({ array, index, write, within });
  };
  const visitor = {
    expr: (e: Expr): boolean => {
      if (e.kind === "load") note(e.array, e.index, false);
      if (e.kind !== "reduce") return true;
      inside(
        e.axes.map((a) => a.var),
        (v) => {
          for (const a of e.axes) [a.lo, a.hi].forEach(v.expr);
          if (e.where) v.expr(e.where);
          v.expr(e.value);
        },
      );
      return false;
    },
    stmt: (s: Stmt): boolean => {
      if (s.kind === "store") note(s.array, s.index, true);
      if (s.kind === "for" || s.kind === "loop") {
        inside([s.kind === "for" ? s.var : s.turn], (v) => {
          (s.kind === "for" ? [s.lo, s.hi] : [s.max, s.until]).forEach(v.expr);
          v.block(s.body);
        });
        return false;
      }
      if (s.kind !== "nest") return true;
      inside(
        s.nest.axes.map((a) => a.var),
        (v) => {
          for (const a of s.nest.axes) [a.lo, a.hi].forEach(v.expr);
          if (s.nest.where) v.expr(s.nest.where);
          v.block(s.nest.body);
          for (const y of s.nest.yields) {
            y.index.forEach(v.expr);
            v.expr(y.value);
            if (s.nest.mode !== "define") note(y.array, y.index, true);
          }
        },
      );
      return false;
    },
  };
  run({ expr: (e) => walkExpr(e, visitor), block: (b) => walkBlock(b, visitor) });
}

type Names = Pick<Body, "definitions" | "assignments">;

function namesOf(walk: (visitor: { readonly stmt: (s: Stmt) => boolean }) => void): Names {
  const definitions = new Map<number, Expr>();
  const assignments: { to: Var; from: readonly Expr[] }[] = [];
  walk({
    stmt: (s) => {
      if (s.kind === "let" && !s.var.mutable) definitions.set(s.var.id, s.value);
      if (s.kind === "let" || s.kind === "set") assignments.push({ to: s.var, from: [s.value] });
      if (s.kind === "for") assignments.push({ to: s.var, from: [s.lo, s.hi] });
      if (s.kind === "loop")
        assignments.push({ to: s.turn, from: [s.max, s.until] }, { to: s.turns, from: [s.max, s.until] });
      if (s.kind === "if")
        walkBlock([...s.then, ...s.otherwise], {
          stmt: (inner) => {
            if (inner.kind === "set") assignments.push({ to: inner.var, from: [s.condition] });
            return true;
          },
        });
      return true;
    },
  });
  return { definitions, assignments };
}

/** Whether an expression speaks of one of the names. */
export function mentions(e: Expr, names: ReadonlySet<number>): boolean {
  let found = false;
  walkExpr(e, {
    expr: (x) => {
      if (x.kind === "var" && names.has(x.var.id)) found = true;
      return !found;
    },
  });
  return found;
}

/** All names whose values differ from turn to turn of the axis, itself among them. */
export function varyingWith(body: Body, axis: Var): ReadonlySet<number> {
  const varying = new Set([axis.id]);
  for (let grows = true; grows; ) {
    grows = false;
    for (const { to, from } of body.assignments)
      if (!varying.has(to.id) && from.some((e) => mentions(e, varying))) {
        varying.add(to.id);
        grows = true;
      }
  }
  return varying;
}

/** The polynomial of an index, with names made in the body put in. What does not vary counts as a name of its own. */
function polynomialIn(body: Body, e: Expr, varying: ReadonlySet<number>, unknown: () => Size): Size | undefined {
  if (!mentions(e, varying)) return polynomialOf(e) ?? unknown();
  const p = polynomialOf(e);
  if (!p) return undefined;
  let whole = true;
  const resolved = substituteSize(p, (s) => {
    const definition = body.definitions.get(s.id);
    if (!definition || !varying.has(s.id)) return undefined;
    const inner = polynomialIn(body, definition, varying, unknown);
    if (!inner) whole = false;
    return inner;
  });
  return whole ? resolved : undefined;
}

export function motionOf(body: Body, access: Access, axis: Var, varying = varyingWith(body, axis)): Motion {
  if (!access.index.some((k) => mentions(k, varying))) return "still";
  let names = 0;
  const unknown = (): Size => sizeOf({ id: -++names, name: "_" });
  let linear = sizeConstant(0);
  for (const [dim, k] of access.index.entries()) {
    const p = polynomialIn(body, k, varying, unknown);
    const extent = access.array.shape[dim];
    if (!p || !extent) return "scattered";
    linear = addSizes(multiplySizes(linear, extent), p);
  }
  const step = coefficientOf(linear, axis.id, varying);
  if (step === undefined) return "scattered";
  const constant = constantOf(step);
  return constant === 0 ? "still" : constant === 1 ? "next" : "strided";
}

/** What a polynomial is multiplied with where it is linear in a name: the sum of the terms with the name, without it. */
export function coefficientOf(p: Size, id: number, varying: ReadonlySet<number>): Size | undefined {
  let sum = sizeConstant(0);
  for (const t of p.terms) {
    const others = t.atoms.filter((a) => !(a.kind === "symbol" && a.symbol.id === id));
    // A quotient, or another name that varies, is no constant factor.
    if (
      others.some((a) =>
        a.kind === "div"
          ? dependsOn(a.numerator, varying) || dependsOn(a.denominator, varying)
          : varying.has(a.symbol.id),
      )
    )
      return undefined;
    const times = t.atoms.length - others.length;
    if (times > 1) return undefined;
    if (times === 1) sum = addSizes(sum, { terms: [new SizeTerm(t.coefficient, others)] });
  }
  return sum;
}

const dependsOn = (p: Size, names: ReadonlySet<number>): boolean =>
  p.terms.some((t) =>
    t.atoms.some((a) =>
      a.kind === "symbol" ? names.has(a.symbol.id) : dependsOn(a.numerator, names) || dependsOn(a.denominator, names),
    ),
  );
