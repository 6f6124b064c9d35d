// Expressions: what each kind of node of the typed program means.
import type { Expr, Local, ReducerName } from "../../compiler/typed.js";
import type { IntegerType } from "./arithmetic.js";
import { applyFunction, callFunction } from "./call.js";
import {
  type ArrayValue,
  type Data,
  elementAt,
  isFloating,
  joinData,
  joinScalars,
  makeArray,
  setElement,
} from "./data.js";
import { entering, type Format, isDecided, type Scalar, scalar } from "./format.js";
import { Failure, type Frame } from "./frame.js";
import { asScalar, binary, builtinFunction, convert, elementwise, scalarTypeOf, unary } from "./operators.js";
import { forEachPoint } from "./points.js";
import {
  bestIndex,
  bestValue,
  boolReduction,
  integerReduction,
  isBoolReducer,
  product,
  sum,
  type Term,
} from "./reduce.js";
import { select, take } from "./subscripts.js";
import { attempt } from "./worlds.js";

export function evaluate(frame: Frame, e: Expr): Data {
  switch (e.kind) {
    case "number":
      return isFloating(scalarTypeOf(e.type)) ? entering(frame.format(scalarTypeOf(e.type)), e.value) : scalar(e.value);
    case "bool":
      return scalar(e.value ? 1 : 0);
    case "constant":
      return constant(frame.format(scalarTypeOf(e.type)), e.name);
    case "local":
      return localValue(frame, e.local);
    case "size":
      return scalar(frame.size(e.size));
    case "list":
      return list(frame, e.elements, scalarTypeOf(e.type));
    case "unary": {
      const type = scalarTypeOf(e.type);
      return elementwise(type, [evaluate(frame, e.operand)], (x = scalar(0)) => unary(frame, e.op, type, x));
    }
    case "binary":
      return binaryExpression(frame, e);
    case "builtin": {
      const args = e.args.map((a) => evaluate(frame, a));
      const type = scalarTypeOf(e.type);
      const first = e.args[0];
      return elementwise(type, args, builtinFunction(frame, e.name, type, first ? scalarTypeOf(first.type) : type));
    }
    case "convert": {
      const to = scalarTypeOf(e.type);
      return elementwise(to, [evaluate(frame, e.value)], convert(frame, scalarTypeOf(e.value.type), to));
    }
    case "matmul":
      return matrixProduct(frame, scalarTypeOf(e.type), evaluateArray(frame, e.left), evaluateArray(frame, e.right));
    case "transpose":
      return transpose(evaluateArray(frame, e.operand));
    case "subscript": {
      const base = evaluateArray(frame, e.base);
      const selection = select(frame, base.shape, e.subscripts, nameOf(e.base), e.at);
      return take(base, selection, e.type.kind === "scalar");
    }
    case "field": {
      const base = evaluate(frame, e.base);
      const field = base.kind === "record" ? base.fields.get(e.field) : undefined;
      if (!field || field.kind === "function") throw new Error(`internal: no field ${e.field}`);
      return field;
    }
    case "call":
      return callFunction(frame, e);
    case "apply":
      return applyFunction(frame, e);
    case "reduce":
      return reduction(frame, e);
    case "if":
      return conditional(frame, e);
    case "as":
      return checkedShape(frame, e);
    case "record":
      return { kind: "record", fields: new Map(e.fields.map((f) => [f.name, evaluate(frame, f.value)])) };
  }
}

export const evaluateScalar = (frame: Frame, e: Expr): Scalar => asScalar(evaluate(frame, e));

export function evaluateArray(frame: Frame, e: Expr): ArrayValue {
  const v = evaluate(frame, e);
  if (v.kind !== "array") throw new Error(`internal: a ${v.kind} where an array must be`);
  return v;
}

/** How messages speak of an array: by its name, `fit.coef`, or as "the array". */
export function nameOf(e: Expr): string {
  if (e.kind === "local") return e.local.name;
  if (e.kind !== "field") return "the array";
  const base = nameOf(e.base);
  return base === "the array" ? base : `${base}.${e.field}`;
}

function localValue(frame: Frame, local: Local): Data {
  const v = frame.get(local);
  if (v.kind === "function") throw new Error(`internal: the function ${local.name} as a value`);
  return v;
}

function constant(f: Format, name: "pi" | "eps" | "tiny" | "huge"): Scalar {
  return name === "pi" ? entering(f, Math.PI) : scalar(f[name]);
}

function list(frame: Frame, elements: readonly Expr[], element: ArrayValue["element"]): Data {
  const parts = elements.map((p) => evaluate(frame, p));
  const first = parts[0];
  const inner = first?.kind === "array" ? first.shape : [];
  const result = makeArray(element, [parts.length, ...inner]);
  let next = 0;
  for (const part of parts) {
    if (part.kind === "array")
      for (let k = 0; k < part.data.length; k++) setElement(result, next++, elementAt(part, k));
    else setElement(result, next++, asScalar(part));
  }
  return result;
}

function binaryExpression(frame: Frame, e: Extract<Expr, { kind: "binary" }>): Data {
  const left = evaluate(frame, e.left);
  if ((e.op === "and" || e.op === "or") && left.kind === "scalar" && e.type.kind === "scalar") {
    // The right side is seen only where the left one does not decide.
    const decisive = e.op === "and" ? 0 : 1;
    const skips = left.value === decisive;
    if (isDecided(left)) return skips ? left : evaluate(frame, e.right);
    const right = attempt(frame, () => evaluateScalar(frame, e.right));
    if (right && isDecided(right) && right.value === decisive) return right;
    return joinScalars(false, left, scalar(1 - left.value));
  }
  const right = evaluate(frame, e.right);
  const operation = binary(frame, e.op, scalarTypeOf(e.left.type), scalarTypeOf(e.right.type), e.at);
  return elementwise(scalarTypeOf(e.type), [left, right], operation as (...xs: Scalar[]) => Scalar);
}

function conditional(frame: Frame, e: Extract<Expr, { kind: "if" }>): Data {
  const c = evaluateScalar(frame, e.condition);
  const [taken, other] = c.value !== 0 ? [e.then, e.otherwise] : [e.otherwise, e.then];
  if (isDecided(c)) return evaluate(frame, taken);
  const a = attempt(frame, () => evaluate(frame, taken));
  const b = attempt(frame, () => evaluate(frame, other));
  if (a && b) return joinData(e.type, a, b);
  return a ?? b ?? frame.unknown("both sides of an undecided `if` fail");
}

function transpose(a: ArrayValue): ArrayValue {
  const [rows = 0, columns = 0] = a.shape;
  const result = makeArray(a.element, [columns, rows]);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) setElement(result, j * rows + i, elementAt(a, i * columns + j));
  return result;
}

const always = scalar(1);

/** 2-D with 2-D or 1-D, 1-D with 1-D or 2-D: a row on the left, a column on the right. */
function matrixProduct(frame: Frame, element: ArrayValue["element"], a: ArrayValue, b: ArrayValue): Data {
  const row = a.shape.length === 1;
  const column = b.shape.length === 1;
  const [rows, inner] = row ? [1, a.shape[0] ?? 0] : [a.shape[0] ?? 0, a.shape[1] ?? 0];
  const columns = column ? 1 : (b.shape[1] ?? 0);
  const shape = [...(row ? [] : [rows]), ...(column ? [] : [columns])];
  const times = binary(frame, "*", element, element, { file: "", start: 0, end: 0 });
  const entry = (i: number, j: number): Scalar =>
    reduceTerms(
      frame,
      "sum",
      element,
      Array.from({ length: inner }, (_, k) => ({
        index: k,
        value: times(elementAt(a, i * inner + k), elementAt(b, k * columns + j)),
        counts: always,
      })),
    );
  if (shape.length === 0) return entry(0, 0);
  const result = makeArray(element, shape);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) setElement(result, i * columns + j, entry(i, j));
  return result;
}

function reduction(frame: Frame, e: Extract<Expr, { kind: "reduce" }>): Scalar {
  const terms: Term[] = [];
  const argument = e.binders[0]?.local;
  const complete = forEachPoint(frame, e.binders, e.where, (counts) => {
    if (counts.value === 0 && isDecided(counts)) return;
    const value = isDecided(counts)
      ? evaluateScalar(frame, e.body)
      : attempt(frame, () => evaluateScalar(frame, e.body));
    const index = argument && isArgument(e.reducer) ? asScalar(frame.get(argument)).value : terms.length;
    terms.push({ index, value: value ?? scalar(0, Number.POSITIVE_INFINITY), counts });
  });
  const result = reduceTerms(frame, e.reducer, scalarTypeOf(e.body.type), terms);
  return complete ? result : scalar(result.value, Number.POSITIVE_INFINITY);
}

const isArgument = (r: ReducerName): boolean => r === "argmin" || r === "argmax";

function reduceTerms(frame: Frame, r: ReducerName, type: ArrayValue["element"], terms: readonly Term[]): Scalar {
  if (isBoolReducer(r)) return boolReduction(r, terms);
  if (r === "argmin" || r === "argmax") return bestIndex(r === "argmin" ? 1 : -1, terms);
  if (!isFloating(type)) return integerReduction(r, type as IntegerType, terms);
  const f = frame.format(type);
  switch (r) {
    case "sum":
      return sum(f, terms);
    case "prod":
      return product(f, terms);
    case "min":
      return bestValue(f, 1, terms, f.huge);
    case "max":
      return bestValue(f, -1, terms, -f.huge);
  }
}

/** `e as real[k]`. */
function checkedShape(frame: Frame, e: Extract<Expr, { kind: "as" }>): Data {
  const v = evaluate(frame, e.value);
  const check = (value: Data, type: Expr["type"]): void => {
    if (value.kind === "array" && type.kind === "array") {
      const wanted = frame.shape(type.shape, e.at);
      wanted.forEach((m, dim) => {
        const n = value.shape[dim];
        if (n !== m)
          throw new Failure("R04", `the size of axis ${dim} is ${n}, and ${m} was expected`, e.at, [e.at.end, dim]);
      });
    } else if (value.kind === "record" && type.kind === "record")
      for (const f of type.fields) {
        const field = value.fields.get(f.name);
        if (field && field.kind !== "function") check(field, f.type);
      }
  };
  check(v, e.type);
  return v;
}
