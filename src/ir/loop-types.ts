// The types of Loop IR: what each operation takes and gives, lanes included, and small constructors of expressions.
import type { LoopExpr, LoopType, LoopVar } from "./loop.js";
import type { Expr, Op, Scalar } from "./nest.js";
import { checkOp, resultType } from "./nest-types.js";

export const scalarType = (scalar: Scalar): LoopType => ({ scalar, lanes: 1 });
export const sameType = (a: LoopType, b: LoopType): boolean => a.scalar === b.scalar && a.lanes === b.lanes;
export const typeName = (t: LoopType): string => (t.lanes === 1 ? t.scalar : `${t.scalar}x${t.lanes}`);

/** Bytes of an element in memory. */
export const bytesOf = (scalar: Scalar): 4 | 8 => (scalar === "f64" ? 8 : 4);

/** Only their types matter to the rules of operations, which Nest IR has. */
const asExprs = (args: readonly LoopExpr[]): readonly Expr[] =>
  args.map((a) => ({ kind: "const", type: a.type.scalar, value: 0 }));

/** The type of an operation; `undefined` where the node must say it. */
export function loopResultType(op: Op, args: readonly LoopExpr[]): LoopType | undefined {
  const scalar = resultType(op, asExprs(args));
  return scalar && { scalar, lanes: args[0]?.type.lanes ?? 1 };
}

/** What is wrong with an operation, if anything is. */
export function checkLoopOp(op: Op, args: readonly LoopExpr[], type: LoopType): string | undefined {
  const wrong = checkOp(op, asExprs(args), type.scalar);
  if (wrong !== undefined) return wrong;
  const odd = args.find((a) => a.type.lanes !== type.lanes);
  return odd ? `${op} has ${type.lanes} lanes and an operand of ${odd.type.lanes}` : undefined;
}

export const read = (v: LoopVar): LoopExpr => ({ kind: "var", type: v.type, var: v });
export const constant = (type: LoopType, value: number): LoopExpr => ({ kind: "const", type, value });
export const int = (value: number): LoopExpr => constant(scalarType("i32"), value);
export const operation = (op: Op, type: LoopType, ...args: readonly LoopExpr[]): LoopExpr => ({
  kind: "op",
  type,
  op,
  args,
});

/** The value of a constant integer of one lane. */
export const integerOf = (e: LoopExpr): number | undefined =>
  e.kind === "const" && e.type.scalar === "i32" && e.type.lanes === 1 ? e.value : undefined;

/** Integer sums and products, folded where that does not wrap. */
export function addInt(a: LoopExpr, b: LoopExpr): LoopExpr {
  const x = integerOf(a);
  const y = integerOf(b);
  if (x === 0) return b;
  if (y === 0) return a;
  if (x !== undefined && y !== undefined && fits(x + y)) return int(x + y);
  return operation("add", a.type, a, b);
}
export function subInt(a: LoopExpr, b: LoopExpr): LoopExpr {
  const x = integerOf(a);
  const y = integerOf(b);
  if (y === 0) return a;
  if (x !== undefined && y !== undefined && fits(x - y)) return int(x - y);
  return operation("sub", a.type, a, b);
}
export function mulInt(a: LoopExpr, b: LoopExpr): LoopExpr {
  const x = integerOf(a);
  const y = integerOf(b);
  if (x === 1) return b;
  if (y === 1) return a;
  if (x === 0 || y === 0) return int(0);
  if (x !== undefined && y !== undefined && fits(x * y)) return int(x * y);
  return operation("mul", a.type, a, b);
}
const fits = (n: number): boolean => n >= -(2 ** 31) && n < 2 ** 31;

/** Two expressions that are written the same: equal values wherever they are both evaluated in one state. */
export function sameExpr(a: LoopExpr, b: LoopExpr): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || !sameType(a.type, b.type)) return false;
  switch (a.kind) {
    case "const":
      return b.kind === "const" && Object.is(a.value, b.value);
    case "var":
      return b.kind === "var" && a.var.id === b.var.id;
    case "load":
    case "gather":
      return (
        (b.kind === "load" || b.kind === "gather") &&
        a.buffer.id === b.buffer.id &&
        sameExpr(a.index, b.index) &&
        (a.mask && b.mask ? sameExpr(a.mask, b.mask) : a.mask === b.mask)
      );
    case "op":
      return b.kind === "op" && a.op === b.op && a.args.every((x, k) => sameExpr(x, b.args[k] as LoopExpr));
    case "convert":
    case "splat":
    case "anyLane":
      return (b.kind === "convert" || b.kind === "splat" || b.kind === "anyLane") && sameExpr(a.value, b.value);
    case "extract":
      return b.kind === "extract" && a.lane === b.lane && sameExpr(a.value, b.value);
    case "rotate":
      return b.kind === "rotate" && a.by === b.by && sameExpr(a.value, b.value);
    case "ramp":
      return true;
    case "if":
      return (
        b.kind === "if" &&
        sameExpr(a.condition, b.condition) &&
        sameExpr(a.then, b.then) &&
        sameExpr(a.otherwise, b.otherwise)
      );
    case "builtin":
      return b.kind === "builtin" && a.name === b.name;
  }
}
