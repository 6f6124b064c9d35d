// Operators, scalar functions and conversions by the types of their operands; element by element where an operand is an array.
import type { Span } from "../../compiler/diagnostic.js";
import type { BinaryOp, ScalarType, UnaryOp, ValueType } from "../../compiler/typed.js";
import {
  add,
  compare,
  divide,
  floorDivide,
  floorModulo,
  holds,
  type IntegerType,
  integerOperation,
  integerPower,
  multiply,
  negate,
  realPower,
  subtract,
  truth,
  whole,
  wrap,
  wrappedPower,
} from "./arithmetic.js";
import { type ArrayValue, type Data, elementAt, isFloating, makeArray, setElement, type Value } from "./data.js";
import { isDecided, type Scalar, scalar, undecided } from "./format.js";
import { Failure, type Frame } from "./frame.js";
import { normal, powerOfTwo, realFunction, uniform } from "./functions.js";
import { integerFunction, integerToReal, randomInteger, realToInteger, realToReal } from "./integers.js";

export const scalarTypeOf = (t: ValueType): ScalarType => {
  if (t.kind === "scalar") return t.scalar;
  if (t.kind === "array") return t.element;
  throw new Error("internal: a record where a scalar or an array must be");
};

/** `of` on scalars, or on the elements of the arrays among `operands` (which have one shape) together with the scalars among them. */
export function elementwise(element: ScalarType, operands: readonly Value[], of: (...xs: Scalar[]) => Scalar): Data {
  const array = operands.find((v): v is ArrayValue => v.kind === "array");
  if (!array) return of(...operands.map(asScalar));
  const result = makeArray(element, array.shape);
  for (let k = 0; k < result.data.length; k++)
    setElement(result, k, of(...operands.map((v) => (v.kind === "array" ? elementAt(v, k) : asScalar(v)))));
  return result;
}

export function asScalar(v: Value): Scalar {
  if (v.kind !== "scalar") throw new Error(`internal: a ${v.kind} where a scalar must be`);
  return v;
}

export function unary(frame: Frame, op: UnaryOp, type: ScalarType, x: Scalar): Scalar {
  if (op === "not") return whole(x.value === 0 ? 1 : 0, x);
  return isFloating(type) ? negate(frame.format(type), x) : whole(wrap(type as IntegerType, -x.value), x);
}

const isComparison = (op: BinaryOp): boolean => ["==", "!=", "<", "<=", ">", ">="].includes(op);

/** Any operator but `and` and `or` on scalars, whose sides are computed by need. */
export function binary(
  frame: Frame,
  op: BinaryOp,
  left: ScalarType,
  right: ScalarType,
  at: Span,
): (a: Scalar, b: Scalar) => Scalar {
  if (op === "and" || op === "or") return op === "and" ? both : either;
  if (isComparison(op))
    return isFloating(left) ? (a, b) => compare(op, a, b) : (a, b) => truth(holds(op, a.value, b.value), a, b);
  if (op === "^") return power(frame, left, right, at);
  if (isFloating(left)) {
    const f = frame.format(left);
    const operation = { "+": add, "-": subtract, "*": multiply, "/": divide }[op as "+" | "-" | "*" | "/"];
    return (a, b) => operation(f, a, b);
  }
  const type = left as IntegerType;
  if (op === "div" || op === "%") return (a, b) => integerDivision(frame, op, type, a, b, at);
  return (a, b) => whole(integerOperation(op as "+" | "-" | "*", type, a.value, b.value), a, b);
}

const both = (a: Scalar, b: Scalar): Scalar =>
  (a.value === 0 && isDecided(a)) || (b.value === 0 && isDecided(b)) ? scalar(0) : whole(a.value * b.value, a, b);
const either = (a: Scalar, b: Scalar): Scalar =>
  (a.value !== 0 && isDecided(a)) || (b.value !== 0 && isDecided(b))
    ? scalar(1)
    : whole(a.value + b.value > 0 ? 1 : 0, a, b);

function integerDivision(frame: Frame, op: "div" | "%", type: IntegerType, a: Scalar, b: Scalar, at: Span): Scalar {
  if (!isDecided(b)) {
    frame.run.mayFail = true;
    return undecided(0);
  }
  if (b.value === 0) throw new Failure("R05", "division by zero", at, [at.end, 10]);
  return whole(op === "div" ? floorDivide(type, a.value, b.value) : floorModulo(a.value, b.value), a, b);
}

function power(frame: Frame, left: ScalarType, right: ScalarType, at: Span): (a: Scalar, b: Scalar) => Scalar {
  if (isFloating(left)) {
    const f = frame.format(left);
    return isFloating(right) ? (a, b) => realPower(f, a, b) : (a, b) => integerPower(f, a, b);
  }
  return (a, b) => {
    if (!isDecided(b)) {
      frame.run.mayFail = true;
      return undecided(a.value);
    }
    if (b.value < 0) throw new Failure("R06", `an integer to the negative power ${b.value}`, at, [at.end, 10]);
    return whole(wrappedPower(left as IntegerType, a.value, b.value), a);
  };
}

/** A scalar function; `type` is its result's, `argument` that of its first argument. */
export function builtinFunction(
  frame: Frame,
  name: string,
  type: ScalarType,
  argument: ScalarType,
): (...xs: Scalar[]) => Scalar {
  switch (name) {
    case "uniform":
      return (key = scalar(0), i = scalar(0)) => uniform(frame.format(type), key, i);
    case "normal":
      return (key = scalar(0), i = scalar(0)) => normal(frame.format(type), key, i);
    case "randint":
      return (...xs) => randomInteger(xs);
    case "pow2":
      return (k = scalar(0)) => powerOfTwo(frame.format(type), k);
  }
  if (!isFloating(argument)) return (...xs) => integerFunction(name, argument as IntegerType, xs);
  const f = frame.format(argument);
  return (...xs) => realFunction(f, name, xs);
}

export function convert(frame: Frame, from: ScalarType, to: ScalarType): (x: Scalar) => Scalar {
  if (isFloating(to)) {
    const f = frame.format(to);
    if (!isFloating(from)) return (x) => integerToReal(f, x);
    const source = frame.format(from);
    return (x) => realToReal(source, f, x);
  }
  if (to === "bool") return (x) => x;
  if (isFloating(from)) return (x) => realToInteger(to, x);
  return (x) => whole(wrap(to, x.value), x);
}
