// How much there is to do, as an f64 expression over sizes that are known before the loops: it decides at run time whether to fork.
import { constantOf, symbolsOfSize } from "../../../compiler/size.js";
import type { LoopExpr } from "../../loop.js";
import type { Axis, Block, Expr, Nest } from "../../nest.js";
import { mapExprParts, mapNestParts, mapStmtParts, type Parts } from "../../nest-walk.js";
import { polynomialOf } from "../../polynomial.js";
import { constant, convert, maximum, operation, single } from "../scalar/build.js";
import { lowerSize } from "../scalar/index.js";
import type { Lowering } from "../scalar/region.js";

const number = (n: number): LoopExpr => constant("f64", n);
const plus = (a: LoopExpr, b: LoopExpr): LoopExpr => {
  if (a.kind === "const" && b.kind === "const") return number(a.value + b.value);
  return a.kind === "const" && a.value === 0 ? b : operation("add", single("f64"), a, b);
};
export const times = (a: LoopExpr, b: LoopExpr): LoopExpr =>
  a.kind === "const" && b.kind === "const"
    ? number(a.value * b.value)
    : a.kind === "const" && a.value === 1
      ? b
      : operation("mul", single("f64"), a, b);

/** A range whose bounds are not known before the loops is taken to be so long. */
const UNKNOWN = 16;

/** The number of turns, where its names are known now. */
export function extentOf(lowering: Lowering, lo: Expr, hi: Expr): LoopExpr {
  const bounds = [lo, hi].map(polynomialOf);
  const known = bounds.every((p) => p && symbolsOfSize(p).every((s) => isFixed(lowering, s.id)));
  const [from, to] = bounds;
  if (!known || !from || !to) return number(UNKNOWN);
  const [first, last] = [from, to].map(constantOf);
  if (first !== undefined && last !== undefined) return number(Math.max(last - first, 0));
  const turns = operation(
    "sub",
    single("f64"),
    convert("f64", lowerSize(lowering, to)),
    convert("f64", lowerSize(lowering, from)),
  );
  return from.terms.length === 0 ? convert("f64", lowerSize(lowering, to)) : maximum(turns, number(0));
}

const isFixed = (lowering: Lowering, id: number): boolean => {
  const value = lowering.scalars.get(id);
  return value?.kind === "const" || (value?.kind === "var" && !value.var.mutable);
};

const product = (lowering: Lowering, axes: readonly Axis[]): LoopExpr =>
  axes.reduce((n, a) => times(n, extentOf(lowering, a.lo, a.hi)), number(1));

/** Operations at one point. */
export function workOfPoint(lowering: Lowering, nest: Nest): LoopExpr {
  return workOf(lowering, (parts) => void mapNestParts({ ...nest, axes: [] }, parts));
}

export const workOfExpr = (lowering: Lowering, e: Expr): LoopExpr => workOf(lowering, (parts) => void parts.expr(e));

/** Operations of all points, for the axes given. */
export const workOfAxes = (lowering: Lowering, axes: readonly Axis[], each: LoopExpr): LoopExpr =>
  times(product(lowering, axes), each);

function workOf(lowering: Lowering, walk: (parts: Parts) => void): LoopExpr {
  // Constants apart: a long body is one number, not a chain of additions as deep as the body is long.
  let known = 1;
  let total = number(0);
  const add = (e: LoopExpr): void => {
    if (e.kind === "const") known += e.value;
    else total = plus(total, e);
  };
  const parts: Parts = {
    expr: (e: Expr): Expr => {
      if (e.kind === "reduce" && lowering.known.has(e)) return e;
      if (e.kind === "reduce") {
        add(
          times(
            product(lowering, e.axes),
            plus(
              number(1),
              workOf(lowering, (p) => void p.expr(e.value)),
            ),
          ),
        );
        return e;
      }
      if (e.kind === "op") add(number(dear.has(e.op) ? 6 : 1));
      else if (e.kind === "load") add(number(1));
      return mapExprParts(e, parts);
    },
    block: (b: Block): Block => {
      for (const s of b) {
        if (s.kind === "for")
          add(
            times(
              extentOf(lowering, s.lo, s.hi),
              workOf(lowering, (p) => void p.block(s.body)),
            ),
          );
        else if (s.kind === "loop")
          add(
            times(
              number(UNKNOWN),
              workOf(lowering, (p) => void p.block(s.body)),
            ),
          );
        else if (s.kind === "nest") add(times(product(lowering, s.nest.axes), workOfPoint(lowering, s.nest)));
        else mapStmtParts(s, parts);
      }
      return b;
    },
  };
  walk(parts);
  return plus(total, number(known));
}

const dear: ReadonlySet<string> = new Set(["div", "idiv", "imod", "sqrt"]);
