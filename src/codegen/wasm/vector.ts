// Operations and conversions on vectors. A mask has lanes of all ones or all zeros, as wide as the values that it chooses among: `width`
// says how wide. With two lanes, 32-bit values stand in the two low lanes of four, and what is above them is not looked at.
import binaryen from "binaryen";
import type { Op, Scalar } from "../../ir/nest.js";
import type { FunctionContext } from "./context.js";
import { type Ref, ternary } from "./raw.js";
import { scalarOp } from "./scalar.js";

export type Width = 32 | 64;
export const widthOf = (scalar: "f32" | "f64" | "i32" | "u32"): Width => (scalar === "f64" ? 64 : 32);

const v128 = binaryen.v128;
const floats = (c: FunctionContext, scalar: "f32" | "f64") => (scalar === "f32" ? c.m.f32x4 : c.m.f64x2);
const missing = (op: Op, scalar: Scalar): never => {
  throw new Error(`internal: WASM vectors have no ${op} of ${scalar}`);
};

/** Binaryen copies what it is given. */
const bytes = new DataView(new ArrayBuffer(16));
const constantBytes = new Uint8Array(bytes.buffer);

export function vectorConstant(c: FunctionContext, scalar: Scalar, value: number): Ref {
  for (let k = 0; k < 16; k += scalar === "f64" ? 8 : 4) {
    if (scalar === "f64") bytes.setFloat64(k, value, true);
    else if (scalar === "f32") bytes.setFloat32(k, value, true);
    else bytes.setInt32(k, scalar === "bool" && value ? -1 : value, true);
  }
  return c.m.v128.const(constantBytes);
}

export function splat(c: FunctionContext, scalar: Scalar, x: Ref): Ref {
  switch (scalar) {
    case "f32":
      return c.m.f32x4.splat(x);
    case "f64":
      return c.m.f64x2.splat(x);
    case "bool":
      return c.m.i32x4.splat(c.m.i32.sub(c.m.i32.const(0), x));
    default:
      return c.m.i32x4.splat(x);
  }
}

/** Lane `k` of numbers, or of a mask of the given width, as one value. */
export function extract(c: FunctionContext, scalar: Scalar, width: Width, x: Ref, k: number): Ref {
  const { m } = c;
  const lane = k as Ref;
  switch (scalar) {
    case "f32":
      return m.f32x4.extract_lane(x, lane);
    case "f64":
      return m.f64x2.extract_lane(x, lane);
    case "bool":
      return m.i32.and(m.i32x4.extract_lane(x, (width === 64 ? 2 * k : k) as Ref), m.i32.const(1));
    default:
      return m.i32x4.extract_lane(x, lane);
  }
}

export function replace(c: FunctionContext, scalar: "f32" | "f64" | "i32" | "u32", x: Ref, k: number, value: Ref): Ref {
  const { m } = c;
  const lane = k as Ref;
  if (scalar === "f32") return m.f32x4.replace_lane(x, lane, value);
  if (scalar === "f64") return m.f64x2.replace_lane(x, lane, value);
  return m.i32x4.replace_lane(x, lane, value);
}

/** `then` where the mask, which is as wide, is set. */
export function choose(c: FunctionContext, width: Width, mask: Ref, then: Ref, otherwise: Ref): Ref {
  if (!c.mayRelax()) return c.m.v128.bitselect(then, otherwise, mask);
  // One instruction on x86; a mask that is all ones or zeros in each lane leaves no freedom.
  const op = width === 64 ? binaryen.RelaxedLaneselectI64x2 : binaryen.RelaxedLaneselectI32x4;
  return ternary(c.m, op, then, otherwise, mask);
}

/** A mask of one width as one of the other. */
export function resize(c: FunctionContext, from: Width, to: Width, mask: Ref): Ref {
  if (from === to) return mask;
  return to === 64 ? c.m.i64x2.extend_low_i32x4_s(mask) : lowWords(c, mask);
}

/** The low 32 bits of two 64-bit lanes, in the two low lanes of four. */
function lowWords(c: FunctionContext, x: Ref): Ref {
  return c.twice(v128, x, (first, v) =>
    c.m.i8x16.shuffle(first, v(), [0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11]),
  );
}

/** Lane `k` gets lane `k + by`, round about. */
export function rotate(c: FunctionContext, width: Width, lanes: 2 | 4, x: Ref, by: number): Ref {
  const bytes = width / 8;
  const order = Array.from({ length: 16 }, (_, k) =>
    k < lanes * bytes ? ((Math.floor(k / bytes) + by) % lanes) * bytes + (k % bytes) : k,
  );
  return c.twice(v128, x, (first, v) => c.m.i8x16.shuffle(first, v(), order));
}

/** An operation on numbers that gives numbers. */
export function vectorOp(c: FunctionContext, op: Op, scalar: Scalar, args: readonly Ref[], lanes: 2 | 4): Ref {
  const [x = 0, y = 0, z = 0] = args;
  if (op === "opaque") return x;
  if (scalar === "f32" || scalar === "f64") return floatOp(c, op, scalar, x, y, z);
  if (scalar === "i32" || scalar === "u32") return integerOp(c, op, scalar, x, y, lanes);
  return missing(op, scalar);
}

function floatOp(c: FunctionContext, op: Op, scalar: "f32" | "f64", x: Ref, y: Ref, z: Ref): Ref {
  const { m } = c;
  const f = floats(c, scalar);
  switch (op) {
    case "neg":
    case "abs":
    case "sqrt":
    case "floor":
    case "ceil":
    case "trunc":
      return f[op](x);
    case "round":
      return f.nearest(x);
    case "add":
    case "sub":
    case "mul":
    case "div":
    case "min":
    case "max":
      return f[op](x, y);
    case "fma":
      return multiplyAdd(c, scalar, x, y, z);
    case "sign":
      return c.twice(v128, x, (first, v) => {
        const one = m.v128.or(m.v128.and(first, vectorConstant(c, scalar, -0)), vectorConstant(c, scalar, 1));
        return choose(c, widthOf(scalar), f.gt(f.abs(v()), vectorConstant(c, scalar, 0)), one, v());
      });
    case "significandOf":
    case "highPart": {
      const keep = (low: number, high: number): Ref => wordsConstant(c, scalar === "f32" ? [low, low] : [low, high]);
      if (op === "highPart") return m.v128.and(x, scalar === "f32" ? keep(~0xfff, 0) : keep(-0x8000000, -1));
      const field = scalar === "f32" ? keep(0x7fffff, 0) : keep(-1, 0xfffff);
      return m.v128.or(m.v128.and(x, field), vectorConstant(c, scalar, 1));
    }
    default:
      return missing(op, scalar);
  }
}

/** Two words, again and again. */
function wordsConstant(c: FunctionContext, [low, high]: readonly [number, number]): Ref {
  return c.m.v128.const(new Uint8Array(new Int32Array([low, high, low, high]).buffer));
}

/** `x * y + z`, with one rounding where the target has it. */
export function multiplyAdd(c: FunctionContext, scalar: "f32" | "f64", x: Ref, y: Ref, z: Ref): Ref {
  const f = floats(c, scalar);
  if (!c.mayRelax()) return f.add(f.mul(x, y), z);
  return ternary(c.m, scalar === "f32" ? binaryen.RelaxedMaddVecF32x4 : binaryen.RelaxedMaddVecF64x2, x, y, z);
}

/** `z - x * y`, with one rounding; in relaxed builds only. */
export function multiplySubtract(c: FunctionContext, scalar: "f32" | "f64", x: Ref, y: Ref, z: Ref): Ref {
  return ternary(c.m, scalar === "f32" ? binaryen.RelaxedNmaddVecF32x4 : binaryen.RelaxedNmaddVecF64x2, x, y, z);
}

/** The smaller (larger) of `x` and a constant that is a number: `x` where it is none. Faster than `min`, which looks for NaN on both sides. */
export function clampBy(c: FunctionContext, op: "min" | "max", scalar: "f32" | "f64", x: Ref, bound: Ref): Ref {
  const f = floats(c, scalar);
  return op === "min" ? f.pmin(x, bound) : f.pmax(x, bound);
}

function integerOp(c: FunctionContext, op: Op, scalar: "i32" | "u32", x: Ref, y: Ref, lanes: 2 | 4): Ref {
  const { m } = c;
  const { i32x4 } = m;
  const signed = scalar === "i32";
  switch (op) {
    case "neg":
      return i32x4.neg(x);
    case "add":
    case "sub":
    case "mul":
      return i32x4[op](x, y);
    case "idiv":
    case "imod":
      return c.naming(v128, x, (a) =>
        c.naming(v128, y, (b) => {
          if (op === "idiv") return quotient(c, signed, a, b, lanes);
          return i32x4.sub(a(), i32x4.mul(quotient(c, signed, a, b, lanes), b()));
        }),
      );
    case "min":
    case "max":
      return signed ? i32x4[`${op}_s`](x, y) : i32x4[`${op}_u`](x, y);
    case "abs":
      return signed ? i32x4.abs(x) : x;
    case "sign": {
      const one = vectorConstant(c, "i32", 1);
      return signed ? i32x4.max_s(i32x4.min_s(x, one), vectorConstant(c, "i32", -1)) : i32x4.min_u(x, one);
    }
    case "bitAnd":
      return m.v128.and(x, y);
    case "bitOr":
      return m.v128.or(x, y);
    case "bitXor":
      return m.v128.xor(x, y);
    case "bitNot":
      return m.v128.not(x);
    case "shiftLeft":
    case "shiftRight":
      return laneByLane(c, op, scalar, [x, y], lanes);
    case "countLeadingZeros":
      return laneByLane(c, op, scalar, [x], lanes);
    default:
      return missing(op, scalar);
  }
}

/** A shift of all lanes by one count. */
export function shiftAll(c: FunctionContext, op: "shiftLeft" | "shiftRight", scalar: Scalar, x: Ref, count: Ref): Ref {
  const { i32x4 } = c.m;
  return op === "shiftLeft" ? i32x4.shl(x, count) : scalar === "i32" ? i32x4.shr_s(x, count) : i32x4.shr_u(x, count);
}

function laneByLane(c: FunctionContext, op: Op, scalar: "i32" | "u32", args: readonly Ref[], lanes: 2 | 4): Ref {
  const locals = args.map((a) => {
    const local = c.local(v128, "lanes");
    return { local, set: c.set(local, a) };
  });
  const part = (at: number, k: number): Ref => {
    const of = locals[at];
    return of ? c.m.i32x4.extract_lane(c.get(of.local), k as Ref) : 0;
  };
  const lane = (k: number): Ref => scalarOp(c, op, scalar, part(0, k), part(1, k), 0);
  let out = splat(c, scalar, lane(0));
  for (let k = 1; k < lanes; k++) out = replace(c, scalar, out, k, lane(k));
  return c.m.block(null, [...locals.map(({ set }) => set), out], v128);
}

/**
 * The floor of a quotient of 32-bit integers by way of f64, which is exact: a quotient that is no integer is further from one than f64 rounds.
 * Adding 1.5 * 2^52 leaves the integer, wrapped, in the low word. A divisor of 0 gives anything.
 */
function quotient(c: FunctionContext, signed: boolean, a: () => Ref, b: () => Ref, lanes: 2 | 4): Ref {
  const { m } = c;
  const wide = (x: Ref): Ref => (signed ? m.f64x2.convert_low_i32x4_s(x) : m.f64x2.convert_low_i32x4_u(x));
  const divide = (x: Ref, y: Ref): Ref =>
    m.f64x2.add(m.f64x2.floor(m.f64x2.div(wide(x), wide(y))), vectorConstant(c, "f64", 6755399441055744));
  if (lanes === 2) return lowWords(c, divide(a(), b()));
  const high = (x: () => Ref): Ref =>
    m.i8x16.shuffle(x(), x(), [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]);
  return m.i8x16.shuffle(
    divide(a(), b()),
    divide(high(a), high(b)),
    [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27],
  );
}

/** A comparison of numbers: a mask as wide as they are. */
export function vectorCompare(c: FunctionContext, op: Op, scalar: Scalar, x: Ref, y: Ref): Ref {
  const { i32x4 } = c.m;
  switch (op) {
    case "eq":
    case "ne":
      return scalar === "f32" || scalar === "f64" ? floats(c, scalar)[op](x, y) : i32x4[op](x, y);
    case "lt":
    case "le":
    case "gt":
    case "ge":
      if (scalar === "f32" || scalar === "f64") return floats(c, scalar)[op](x, y);
      return scalar === "i32" ? i32x4[`${op}_s`](x, y) : i32x4[`${op}_u`](x, y);
    case "isnan":
      return c.twice(v128, x, (first, v) => floats(c, scalar === "f64" ? "f64" : "f32").ne(first, v()));
    default:
      return missing(op, scalar);
  }
}

/** 2 to an integer in the range of exponents. */
export function vectorPow2(c: FunctionContext, scalar: Scalar, k: Ref): Ref {
  const { i32x4, i64x2, i32 } = c.m;
  if (scalar === "f32") return i32x4.shl(i32x4.add(k, vectorConstant(c, "i32", 127)), i32.const(23));
  return i64x2.shl(i64x2.add(i64x2.extend_low_i32x4_s(k), wordsConstant(c, [1023, 0])), i32.const(52));
}

export function vectorExponent(c: FunctionContext, scalar: Scalar, x: Ref): Ref {
  const { m } = c;
  const field = (bits: Ref, mask: number, bias: number): Ref =>
    m.i32x4.sub(m.v128.and(bits, vectorConstant(c, "i32", mask)), vectorConstant(c, "i32", bias));
  if (scalar === "f32") return field(m.i32x4.shr_u(x, m.i32.const(23)), 0xff, 127);
  return field(lowWords(c, m.i64x2.shr_u(x, m.i32.const(52))), 0x7ff, 1023);
}

/** Numbers of one type as another. */
export function vectorConvert(c: FunctionContext, from: Scalar, to: Scalar, x: Ref): Ref {
  if (from === to || from === "bool" || to === "bool") return from === to ? x : missing("select", to);
  const { f32x4, f64x2, i32x4 } = c.m;
  switch (to) {
    case "i32":
      return from === "f32" ? i32x4.trunc_sat_f32x4_s(x) : from === "f64" ? i32x4.trunc_sat_f64x2_s_zero(x) : x;
    case "u32":
      return from === "f32" ? i32x4.trunc_sat_f32x4_u(x) : from === "f64" ? i32x4.trunc_sat_f64x2_u_zero(x) : x;
    case "f32":
      if (from === "f64") return f32x4.demote_f64x2_zero(x);
      return from === "u32" ? f32x4.convert_i32x4_u(x) : f32x4.convert_i32x4_s(x);
    case "f64":
      if (from === "f32") return f64x2.promote_low_f32x4(x);
      return from === "u32" ? f64x2.convert_low_i32x4_u(x) : f64x2.convert_low_i32x4_s(x);
  }
}

/** A mask, as wide as the numbers, as 1 and 0. */
export const maskAsNumber = (c: FunctionContext, to: Scalar, mask: Ref): Ref =>
  c.m.v128.and(mask, vectorConstant(c, to, 1));
