// Subscripts: one element, or a part of an array. Those that are not proven in range carry checks.
import type { Span } from "../../compiler/diagnostic.js";
import { type Size, subtractSizes } from "../../compiler/size.js";
import type { Subscript, Expr as TypedExpr } from "../../compiler/typed.js";
import type { Expr } from "../nest.js";
import { isAtMost, isInRange } from "../range/index.js";
import { lower, lowerScalar } from "./expression.js";
import type { Frame } from "./frame.js";
import { int, type KernelBuilder, type Out, op, test } from "./kernel-builder.js";
import { type ArrayValue, asArray, delayed, scalar, type Value } from "./value.js";

/** How a message speaks of what is indexed. */
export function nameOf(e: TypedExpr): string {
  if (e.kind === "local") return e.local.name;
  if (e.kind === "field") {
    const base = nameOf(e.base);
    return base === "the array" ? base : `${base}.${e.field}`;
  }
  return "the array";
}

/** `x has {1} elements`, `rows`, `columns`; `x has size {1} on axis 2`. */
function extent(name: string, rank: number, dim: number, part: number): (string | number)[] {
  if (rank > 2) return [`: ${name} has size `, part, ` on axis ${dim}`];
  return [`: ${name} has `, part, rank === 1 ? " elements" : dim === 0 ? " rows" : " columns"];
}

export const indexCheck = (kernel: KernelBuilder, name: string, rank: number, dim: number, at: Span): number =>
  kernel.check("index", ["index ", 0, " is out of range", ...extent(name, rank, dim, 1)], at);

export interface Selection {
  /** An index of the whole for an index of the part. */
  readonly index: (part: readonly Expr[]) => readonly Expr[];
  readonly shape: readonly Size[];
  /** The subscripts that are points, by dimension. */
  readonly points: readonly (Expr | undefined)[];
}

/** The subscripts of a place or an expression. Slices are checked here; points are left to the caller. */
export function select(
  frame: Frame,
  subscripts: readonly Subscript[],
  shape: readonly Size[],
  name: string,
  at: Span,
  out: Out,
): Selection {
  const { kernel } = frame;
  const rank = shape.length;
  const taken: Size[] = [];
  const points: (Expr | undefined)[] = [];
  const starts: (Expr | undefined)[] = [];
  subscripts.forEach((s, dim) => {
    const size = shape[dim] as Size;
    if (s.kind === "at") {
      points.push(lowerScalar(frame, s.index, out));
      starts.push(undefined);
      return;
    }
    points.push(undefined);
    if (s.kind === "all") {
      starts.push(undefined);
      taken.push(size);
      return;
    }
    const lo = kernel.asSize(lowerScalar(frame, s.lo, out), "lo", s.lo.at, out);
    const hi = kernel.asSize(lowerScalar(frame, s.hi, out), "hi", s.hi.at, out);
    const [from, to] = [kernel.size(lo), kernel.size(hi)];
    const holds = [
      ...(isAtMost(int(0), from, out.facts) ? [] : [test("ge", from, int(0))]),
      ...(isAtMost(from, to, out.facts) ? [] : [test("le", from, to)]),
      ...(isAtMost(to, size, out.facts) ? [] : [test("le", to, kernel.size(size))]),
    ];
    if (holds.length > 0) {
      const message = ["slice ", 0, "..", 1, " is out of range", ...extent(name, rank, dim, 2)];
      const check = kernel.check("slice", message, at);
      const all = holds.reduce((a, b) => test("and", a, b));
      kernel.require(all, check, [from, to, kernel.size(size)], at, out);
    }
    starts.push(from);
    taken.push(subtractSizes(hi, lo));
  });
  const index = (part: readonly Expr[]): readonly Expr[] => {
    let next = 0;
    return points.map((p, dim) => {
      if (p) return p;
      const i = part[next++] as Expr;
      const start = starts[dim];
      return start ? op("add", start, i) : i;
    });
  };
  return { index, shape: taken, points };
}

export function subscript(frame: Frame, e: TypedExpr & { kind: "subscript" }, out: Out): Value {
  const base = asArray(lower(frame, e.base, out));
  const name = nameOf(e.base);
  const selection = select(frame, e.subscripts, base.shape, name, e.at, out);
  if (selection.shape.length === 0)
    return scalar(element(frame, base, selection.points as readonly Expr[], name, e, out));
  // A part is looked at many times: its fixed subscripts are checked and named once.
  const points = selection.points.map(
    (p, dim) => p && refuseOutside(frame, p, base.shape, dim, name, spanOf(e, dim), out),
  );
  const fixed = points.map((p) => p && stable(frame, p, e.at, out));
  const index = (part: readonly Expr[]): readonly Expr[] => selection.index(part).map((i, dim) => fixed[dim] ?? i);
  return delayed(base.type, selection.shape, [base], (part, o) => base.at(index(part), o), base.view);
}

const spanOf = (e: TypedExpr & { kind: "subscript" }, dim: number): Span => {
  const s = e.subscripts[dim];
  return s?.kind === "at" ? s.index.at : e.at;
};

/** Under a name that nobody assigns to. */
function stable(frame: Frame, e: Expr, at: Span, out: Out): Expr {
  const { kernel } = frame;
  return kernel.size(kernel.asSize(e, "at", at, out));
}

function element(
  frame: Frame,
  base: ArrayValue,
  index: readonly Expr[],
  name: string,
  e: TypedExpr & { kind: "subscript" },
  out: Out,
): Expr {
  const { kernel } = frame;
  const rank = base.shape.length;
  if (base.stored) {
    const checks = index.map((i, dim) =>
      isInRange(i, base.shape[dim] as Size, out.facts) ? null : indexCheck(kernel, name, rank, dim, spanOf(e, dim)),
    );
    const load = base.at(index, out);
    return load.kind === "load" && checks.some((c) => c !== null) ? { ...load, checks } : load;
  }
  const inside = index.map((i, dim) => {
    const checked = refuseOutside(frame, i, base.shape, dim, name, spanOf(e, dim), out);
    return base.view ? checked : kernel.once(checked, "at", e.at, out);
  });
  return base.at(inside, out);
}

/** A subscript, after a check that it is in range where that is not proven. */
export function refuseOutside(
  frame: Frame,
  index: Expr,
  shape: readonly Size[],
  dim: number,
  name: string,
  at: Span,
  out: Out,
): Expr {
  const size = shape[dim] as Size;
  if (isInRange(index, size, out.facts)) return index;
  const { kernel } = frame;
  const i = kernel.once(index, "at", at, out);
  const bound = kernel.size(size);
  const check = indexCheck(kernel, name, shape.length, dim, at);
  const inside = test("and", test("ge", i, int(0)), test("lt", i, bound));
  kernel.require(inside, check, [i, bound], at, out);
  return i;
}
