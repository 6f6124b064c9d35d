// What the host works out while it runs a plan: scalar expressions, with the device's arithmetic.
import type { HostExpr, Word } from "../../abi.js";

export type HostValues = ReadonlyMap<string, number>;

/** `value` as a scalar of type `type` holds it. */
export function toWord(type: Word, value: number): number {
  switch (type) {
    case "f32":
      return Math.fround(value);
    case "i32":
      return value | 0;
    case "u32":
      return value >>> 0;
    case "bool":
      return value ? 1 : 0;
  }
}

/** Truncates and saturates; NaN gives 0. */
function saturate(type: "i32" | "u32", x: number): number {
  const lo = type === "i32" ? -(2 ** 31) : 0;
  const hi = type === "i32" ? 2 ** 31 - 1 : 2 ** 32 - 1;
  return Number.isNaN(x) ? 0 : Math.max(lo, Math.min(hi, Math.trunc(x)));
}

const roundEven = (x: number): number => {
  const r = Math.round(x);
  return Math.abs(x % 1) === 0.5 && r % 2 !== 0 ? r - 1 : r;
};

const float: Readonly<Record<string, (a: number, b: number, c: number) => number>> = {
  div: (a, b) => a / b,
  fma: (a, b, c) => a * b + c,
  sqrt: Math.sqrt,
  floor: Math.floor,
  ceil: Math.ceil,
  round: roundEven,
  trunc: Math.trunc,
  exp: Math.exp,
  log: Math.log,
  log2: Math.log2,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  pow: Math.pow,
};

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  neg: (a) => -a,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  abs: Math.abs,
  sign: Math.sign,
  idiv: (a, b) => Math.floor(a / b),
  imod: (a, b) => a - b * Math.floor(a / b),
};

/** Of words of 32 bits; the result takes its sign from its type. */
const bits: Readonly<Record<string, (a: number, b: number, type: Word) => number>> = {
  bitAnd: (a, b) => a & b,
  bitOr: (a, b) => a | b,
  bitXor: (a, b) => a ^ b,
  bitNot: (a) => ~a,
  shiftLeft: (a, b) => a << b,
  shiftRight: (a, b, type) => (type === "u32" ? a >>> b : a >> b),
  countLeadingZeros: (a) => Math.clz32(a),
};

const tests: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
  and: (a, b) => a !== 0 && b !== 0,
  or: (a, b) => a !== 0 || b !== 0,
  not: (a) => a === 0,
  isnan: Number.isNaN,
};

/** Of the plan's own counts, which do not wrap. A division by nothing is of nothing. */
function count(op: string, a: number, b: number): number {
  if (op === "mul") return a * b;
  if (op === "idiv" && b === 0) return 0;
  const f = arithmetic[op];
  if (!f) throw new Error(`internal: the host does not count by ${op}`);
  return f(a, b);
}

/** The operations that a host expression may have. */
export const hostOps: ReadonlySet<string> = new Set([
  ...Object.keys(float),
  ...Object.keys(arithmetic),
  ...Object.keys(bits),
  ...Object.keys(tests),
  "mul",
  "select",
  "convert",
]);

/** `type` of a node is its result's; `convert` names its operand's type in the operation: `convert:f32`. */
export function evaluate(e: HostExpr, values: HostValues): number {
  if (typeof e === "number") return e;
  if (typeof e === "string") {
    const value = values.get(e);
    if (value === undefined) throw new Error(`internal: the plan has no value for ${e}`);
    return value;
  }
  const [op, type, ...operands] = e;
  const [a = 0, b = 0, c = 0] = operands.map((x) => evaluate(x, values));
  if (type === "int") return count(op, a, b);
  if (op === "convert:f32" && (type === "i32" || type === "u32")) return saturate(type, a);
  if (op.startsWith("convert")) return toWord(type, a);
  if (op === "select") return a ? b : c;
  if (op === "mul") return type === "f32" ? Math.fround(a * b) : toWord(type, Math.imul(a, b));
  const test = tests[op];
  if (test) return test(a, b) ? 1 : 0;
  const bit = bits[op];
  if (bit) return toWord(type, bit(a, b, type));
  const f = arithmetic[op] ?? float[op];
  if (!f) throw new Error(`internal: the host has no operation ${op}`);
  return toWord(type, f(a, b, c));
}
