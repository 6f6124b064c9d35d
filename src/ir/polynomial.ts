// Integer expressions as polynomials and back. Equal polynomials are equal values, since i32 arithmetic wraps the same way in any order.
import {
  addSizes,
  constantOf,
  divideSizes,
  multiplySizes,
  negateSize,
  type Size,
  type SizeAtom,
  type SizeSymbol,
  type SizeTerm,
  sizeConstant,
  sizeOf,
} from "../compiler/size.js";
import type { Expr, Var } from "./nest.js";

/** The polynomial that an `i32` expression is in its immutable names; `undefined` where it is none. */
export function polynomialOf(e: Expr): Size | undefined {
  if (e.type !== "i32") return undefined;
  if (e.kind === "const") return sizeConstant(e.value);
  if (e.kind === "var") return e.var.mutable ? undefined : sizeOf(e.var);
  if (e.kind !== "op") return undefined;
  const [a, b] = e.args.map(polynomialOf);
  if (!a) return undefined;
  if (e.op === "neg") return negateSize(a);
  if (!b) return undefined;
  if (e.op === "add") return addSizes(a, b);
  if (e.op === "sub") return addSizes(a, negateSize(b));
  if (e.op === "mul") return multiplySizes(a, b);
  // A quotient by something that may be 0 or negative has no normal form that holds for the wrapped values.
  if (e.op === "idiv" && (constantOf(b) ?? 0) > 0) return divideSizes(a, b);
  return undefined;
}

const op = (name: "add" | "sub" | "mul" | "idiv" | "neg", ...args: Expr[]): Expr => ({
  kind: "op",
  op: name,
  args,
  type: "i32",
});
export const intConst = (value: number): Expr => ({ kind: "const", value, type: "i32" });
export const varExpr = (v: Var): Expr => ({ kind: "var", var: v, type: v.type });

/** A size's symbol as the variable that it is: sizes speak of immutable `i32`s alone. */
export const variableOf = ({ id, name }: SizeSymbol): Var => ({ id, name, type: "i32", mutable: false });

/** The expression of a polynomial. */
export function polynomialExpr(s: Size): Expr {
  const atom = (a: SizeAtom): Expr =>
    a.kind === "div"
      ? op("idiv", polynomialExpr(a.numerator), polynomialExpr(a.denominator))
      : varExpr(variableOf(a.symbol));
  const product = (t: SizeTerm): Expr => {
    const factors = t.atoms.map(atom);
    const size = Math.abs(t.coefficient);
    const all = size === 1 && factors.length > 0 ? factors : [intConst(size), ...factors];
    return all.reduce((a, b) => op("mul", a, b));
  };
  // The constant comes last and a positive term first: `n - 1`, not `-1 + n`.
  const terms = [...s.terms].sort(
    (a, b) =>
      Number(a.atoms.length === 0) - Number(b.atoms.length === 0) ||
      Math.sign(b.coefficient) - Math.sign(a.coefficient),
  );
  const [first, ...rest] = terms;
  if (!first) return intConst(0);
  const start =
    first.atoms.length === 0
      ? intConst(first.coefficient)
      : first.coefficient < 0
        ? op("neg", product(first))
        : product(first);
  return rest.reduce((sum, t) => op(t.coefficient < 0 ? "sub" : "add", sum, product(t)), start);
}
