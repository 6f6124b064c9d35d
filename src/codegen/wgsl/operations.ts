// Operations and conversions on scalars as WGSL expressions.
import type { Op, Scalar } from "../../ir/nest.js";
import type { Helper } from "./helpers.js";
import { atom, call, inside, level, runtimeHelper, type Text } from "./text.js";

/** What an expression needs around it. */
export interface Uses {
  helper(name: Helper): void;
}

const infix: Readonly<Partial<Record<Op, { readonly text: string; readonly level: number }>>> = {
  or: { text: "||", level: level.logic },
  and: { text: "&&", level: level.logic },
  eq: { text: "==", level: level.compare },
  ne: { text: "!=", level: level.compare },
  lt: { text: "<", level: level.compare },
  le: { text: "<=", level: level.compare },
  gt: { text: ">", level: level.compare },
  ge: { text: ">=", level: level.compare },
  add: { text: "+", level: level.sum },
  sub: { text: "-", level: level.sum },
  mul: { text: "*", level: level.product },
  div: { text: "/", level: level.product },
  bitAnd: { text: "&", level: level.bits },
  bitOr: { text: "|", level: level.bits },
  bitXor: { text: "^", level: level.bits },
};

/** Operations that WGSL has under this name. */
const native: Readonly<Partial<Record<Op, string>>> = {
  min: "min",
  max: "max",
  abs: "abs",
  sign: "sign",
  fma: "fma",
  sqrt: "sqrt",
  floor: "floor",
  ceil: "ceil",
  round: "round",
  trunc: "trunc",
  exp: "exp",
  log: "log",
  log2: "log2",
  sin: "sin",
  cos: "cos",
  tan: "tan",
  tanh: "tanh",
  sinh: "sinh",
  cosh: "cosh",
  asin: "asin",
  acos: "acos",
  atan: "atan",
  atan2: "atan2",
  countLeadingZeros: "countLeadingZeros",
};

const helpers: Readonly<Partial<Record<Op, Partial<Record<Scalar, Helper>>>>> = {
  idiv: { i32: "floorDivI", u32: "divU" },
  imod: { i32: "floorModI", u32: "modU" },
  isnan: { f32: "isNan" },
  pow: { f32: "powf" },
  pow2: { i32: "pow2", u32: "pow2" },
  exponentOf: { f32: "exponentOf" },
  significandOf: { f32: "significandOf" },
  highPart: { f32: "highPart" },
  opaque: { f32: "opaqueF", i32: "opaqueI", u32: "opaqueU" },
};

/** These can't go wrong on constants, and stay constant. */
const harmless: ReadonlySet<Op> = new Set<Op>([
  ...(["eq", "ne", "lt", "le", "gt", "ge", "and", "or", "not", "min", "max", "select"] as const),
]);

/** `type` is that of the operands (of a `select`, of its sides). */
export function operationText(uses: Uses, op: Op, type: Scalar, args: readonly Text[]): Text {
  const text = operation(uses, op, type, args);
  return harmless.has(op) && args.every((a) => a.constant) ? { ...text, constant: true } : text;
}

function operation(uses: Uses, op: Op, type: Scalar, args: readonly Text[]): Text {
  const helper = helpers[op]?.[type];
  if (type === "u32" && args[1] && !args[1].constant && (op === "idiv" || op === "imod"))
    return infixText({ text: op === "idiv" ? "/" : "%", level: level.product }, args[0]!, args[1]);
  if (helper) {
    uses.helper(helper);
    return call(helper, ...args);
  }
  const [a, b, c] = harmless.has(op) ? args : unfolded(uses, type, args);
  if (!a) throw new Error(`internal: ${op} without operands`);
  if (op === "neg" && type !== "u32") return { text: `-${inside(a, level.atom)}`, level: level.unary };
  if (op === "neg") return infixText({ text: "-", level: level.sum }, atom("0u"), a);
  // WGSL's `sign` is for what has one.
  if (op === "sign" && type === "u32") return call("min", a, atom("1u"));
  if (op === "not") return { text: `!${inside(a, level.atom)}`, level: level.unary };
  if (op === "bitNot") return { text: `~${inside(a, level.atom)}`, level: level.unary };
  if (b && c && op === "select") return call("select", c, b, a);
  if (b && (op === "shiftLeft" || op === "shiftRight")) return shift(op, a, b);
  const between = infix[op];
  if (between && b) return infixText(between, a, b);
  const name = native[op];
  if (name) return call(name, ...[a, b, c].filter((x) => x !== undefined));
  throw new Error(`internal: ${op} of ${type} has no WGSL`);
}

function infixText(op: { readonly text: string; readonly level: number }, a: Text, b: Text): Text {
  const chains = op.level === level.sum || op.level === level.product;
  const left = inside(
    a,
    chains ? op.level : op.level === level.compare || op.level === level.logic ? op.level + 1 : level.unary,
  );
  const right = inside(b, op.level === level.bits ? level.unary : op.level + 1);
  return { text: `${left} ${op.text} ${right}`, level: op.level };
}

/** The count is taken modulo 32. */
function shift(op: "shiftLeft" | "shiftRight", a: Text, b: Text): Text {
  const count = /^-?[0-9]+u?$/.test(b.text) ? `${Number.parseInt(b.text, 10) & 31}u` : `(u32(${b.text}) & 31u)`;
  return { text: `${inside(a, level.unary)} ${op === "shiftLeft" ? "<<" : ">>"} ${count}`, level: level.bits };
}

/** Operands of which at least one is no constant to WGSL. */
function unfolded(uses: Uses, type: Scalar, args: readonly Text[]): readonly Text[] {
  const [first, ...rest] = args;
  const helper = runtimeHelper(type);
  if (!first || !helper || args.some((a) => !a.constant)) return args;
  uses.helper(helper);
  return [call(helper, first), ...rest];
}

export function convertText(uses: Uses, from: Scalar, to: Scalar, value: Text): Text {
  if (from === to) return value;
  if (from === "f32" && (to === "i32" || to === "u32")) {
    const helper = to === "i32" ? "saturateI" : "saturateU";
    uses.helper(helper);
    return call(helper, value);
  }
  if (to === "bool")
    return {
      text: `${inside(value, level.sum)} != ${from === "f32" ? "0f" : from === "u32" ? "0u" : "0"}`,
      level: level.compare,
    };
  // `u32(-1)` is refused where it is a constant.
  const [argument = value] = to === "u32" && from === "i32" ? unfolded(uses, from, [value]) : [value];
  return { ...call(to, argument), ...(value.constant && argument === value ? { constant: true } : {}) };
}

/** The 32 bits of a value, as a `u32`. */
export function bitsText(type: Scalar, value: Text): Text {
  if (type === "u32") return value;
  return type === "bool" ? call("select", atom("0u"), atom("1u"), value) : call("bitcast<u32>", value);
}

/** The value whose 32 bits are in a `u32`. */
export function fromBits(type: Scalar, bits: Text): Text {
  if (type === "u32") return bits;
  if (type === "bool") return { text: `${inside(bits, level.sum)} != 0u`, level: level.compare };
  return call(`bitcast<${type}>`, bits);
}
