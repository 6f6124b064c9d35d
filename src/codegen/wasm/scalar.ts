// Operations and conversions on single values. Nothing here traps: divisors are guarded, conversions saturate.
import binaryen from "binaryen";
import type { Op, Scalar } from "../../ir/nest.js";
import type { FunctionContext } from "./context.js";
import type { Ref, WasmModule } from "./raw.js";

/** The values of operands (0 where the operation has fewer), each used once. `divisor` is the second one's where it is a constant. */
export function scalarOp(c: FunctionContext, op: Op, scalar: Scalar, x: Ref, y: Ref, z: Ref, divisor?: number): Ref {
  if (op === "select") return c.m.select(x, y, z);
  if (op === "opaque") return x;
  if (op === "pow2") throw new Error("internal: pow2 is typed by its result");
  switch (scalar) {
    case "f32":
    case "f64":
      return floatOp(c, op, scalar, x, y, z);
    case "i32":
    case "u32":
      return integerOp(c, op, scalar, x, y, divisor);
    case "bool":
      return boolOp(c.m, op, x, y);
  }
}

const missing = (op: Op, scalar: Scalar): never => {
  throw new Error(`internal: WASM has no ${op} of ${scalar}`);
};

function floatOp(c: FunctionContext, op: Op, scalar: "f32" | "f64", x: Ref, y: Ref, z: Ref): Ref {
  const f = c.m[scalar];
  const type = scalar === "f32" ? binaryen.f32 : binaryen.f64;
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
    case "eq":
    case "ne":
    case "lt":
    case "le":
    case "gt":
    case "ge":
      return f[op](x, y);
    case "fma":
      return f.add(f.mul(x, y), z);
    case "sign":
      // The value itself where it is zero or no number.
      return c.twice(type, x, (first, v) =>
        c.m.select(f.gt(f.abs(v()), f.const(0)), f.copysign(f.const(1), first), v()),
      );
    case "isnan":
      return c.twice(type, x, (first, v) => f.ne(first, v()));
    case "exponentOf":
    case "significandOf":
    case "highPart":
      return scalar === "f32" ? bits32(c.m, op, x) : bits64(c.m, op, x);
    default:
      return missing(op, scalar);
  }
}

function bits32(m: WasmModule, op: "exponentOf" | "significandOf" | "highPart", x: Ref): Ref {
  const { i32, f32 } = m;
  const bits = i32.reinterpret(x);
  switch (op) {
    case "exponentOf":
      return i32.sub(i32.and(i32.shr_u(bits, i32.const(23)), i32.const(0xff)), i32.const(127));
    case "significandOf":
      return f32.reinterpret(i32.or(i32.and(bits, i32.const(0x7fffff)), i32.const(0x3f800000)));
    case "highPart":
      return f32.reinterpret(i32.and(bits, i32.const(~0xfff)));
  }
}

function bits64(m: WasmModule, op: "exponentOf" | "significandOf" | "highPart", x: Ref): Ref {
  const { i32, i64, f64 } = m;
  const bits = i64.reinterpret(x);
  switch (op) {
    case "exponentOf":
      return i32.sub(i32.wrap(i64.and(i64.shr_u(bits, i64.const(52n)), i64.const(0x7ffn))), i32.const(1023));
    case "significandOf":
      return f64.reinterpret(i64.or(i64.and(bits, i64.const(0xfffffffffffffn)), i64.const(0x3ff0000000000000n)));
    case "highPart":
      return f64.reinterpret(i64.and(bits, i64.const(-0x8000000n)));
  }
}

/** The smaller or the larger of two integers, each of which is evaluated by `first`, then by `again`. */
export function integerChoice(m: WasmModule, op: "min" | "max", signed: boolean, a: Repeatable, b: Repeatable): Ref {
  const [then, otherwise] = [a.first(), b.first()];
  const [low, high] = op === "min" ? [a, b] : [b, a];
  const less = m.i32[signed ? "lt_s" : "lt_u"](low.again(), high.again());
  return m.select(less, then, otherwise);
}
export interface Repeatable {
  readonly first: () => Ref;
  readonly again: () => Ref;
}

/** 2 to an integer in the range of exponents. */
export function pow2(m: WasmModule, scalar: Scalar, k: Ref): Ref {
  const { i32, i64, f32, f64 } = m;
  if (scalar === "f32") return f32.reinterpret(i32.shl(i32.add(k, i32.const(127)), i32.const(23)));
  return f64.reinterpret(i64.shl(i64.add(i64.extend_s(k), i64.const(1023n)), i64.const(52n)));
}

function integerOp(c: FunctionContext, op: Op, scalar: "i32" | "u32", x: Ref, y: Ref, divisor?: number): Ref {
  const { i32 } = c.m;
  const signed = scalar === "i32";
  switch (op) {
    case "neg":
      return i32.sub(i32.const(0), x);
    case "add":
    case "sub":
    case "mul":
      return i32[op](x, y);
    case "idiv":
    case "imod":
      return division(c, op, signed, x, y, divisor);
    case "abs":
      if (!signed) return x;
      return c.twice(binaryen.i32, x, (first, a) => {
        const sign = (): Ref => i32.shr_s(a(), i32.const(31));
        return i32.sub(i32.xor(first, sign()), sign());
      });
    case "sign":
      if (!signed) return i32.ne(x, i32.const(0));
      return c.twice(binaryen.i32, x, (first, a) => i32.or(i32.shr_s(first, i32.const(31)), i32.ne(a(), i32.const(0))));
    case "eq":
    case "ne":
      return i32[op](x, y);
    case "lt":
    case "le":
    case "gt":
    case "ge":
      return signed ? i32[`${op}_s`](x, y) : i32[`${op}_u`](x, y);
    case "bitAnd":
      return i32.and(x, y);
    case "bitOr":
      return i32.or(x, y);
    case "bitXor":
      return i32.xor(x, y);
    case "bitNot":
      return i32.xor(x, i32.const(-1));
    case "shiftLeft":
      return i32.shl(x, y);
    case "shiftRight":
      return signed ? i32.shr_s(x, y) : i32.shr_u(x, y);
    case "countLeadingZeros":
      return i32.clz(x);
    default:
      return missing(op, scalar);
  }
}

const logOfPower = (n: number): number | undefined => {
  const k = Math.log2(n);
  return Number.isInteger(k) && k >= 0 ? k : undefined;
};

/** Floors. A divisor of 0, which a check has noted before, must not trap: it gives what a divisor of 1 gives. */
function division(c: FunctionContext, op: "idiv" | "imod", signed: boolean, x: Ref, y: Ref, divisor?: number): Ref {
  const { i32 } = c.m;
  const quotient = op === "idiv";
  if (divisor !== undefined && divisor > 0) {
    const shift = logOfPower(divisor);
    if (shift !== undefined) {
      if (!quotient) return i32.and(x, i32.const(divisor - 1));
      return signed ? i32.shr_s(x, i32.const(shift)) : i32.shr_u(x, i32.const(shift));
    }
    if (!signed) return quotient ? i32.div_u(x, y) : i32.rem_u(x, y);
    // The remainder is negative where the quotient must go down by one.
    return c.twice(binaryen.i32, x, (first, a) => {
      const by = (): Ref => i32.const(divisor);
      const down = (): Ref => i32.shr_s(i32.rem_s(a(), by()), i32.const(31));
      return quotient
        ? i32.add(i32.div_s(first, by()), down())
        : i32.add(i32.rem_s(first, by()), i32.and(down(), by()));
    });
  }
  return c.m.call(divisionHelper(op, signed ? "i32" : "u32"), [x, y], binaryen.i32);
}

/** The name of the module's function for a division by a value that is not known. */
export const divisionHelper = (op: "idiv" | "imod", scalar: "i32" | "u32"): string => `$${op}_${scalar}`;

/** Adds those functions. */
export function addDivisionHelpers(m: WasmModule): void {
  const { i32 } = m;
  const a = (): Ref => m.local.get(0, binaryen.i32);
  const b = (): Ref => m.local.get(1, binaryen.i32);
  const r = (): Ref => m.local.get(2, binaryen.i32);
  const pair = binaryen.createType([binaryen.i32, binaryen.i32]);
  const zeroIsOne = m.local.set(1, m.select(b(), b(), i32.const(1)));
  m.addFunction("$idiv_u32", pair, binaryen.i32, [], m.block(null, [zeroIsOne, i32.div_u(a(), b())], binaryen.i32));
  const zeroIsOneToo = m.local.set(1, m.select(b(), b(), i32.const(1)));
  m.addFunction("$imod_u32", pair, binaryen.i32, [], m.block(null, [zeroIsOneToo, i32.rem_u(a(), b())], binaryen.i32));
  // -1 apart, since the quotient of the lowest integer does not fit; it wraps to itself.
  const special = (): Ref => i32.le_u(i32.add(b(), i32.const(1)), i32.const(1));
  const uneven = (): Ref => i32.lt_s(i32.xor(r(), b()), i32.const(0));
  const ofSpecial = m.select(b(), i32.sub(i32.const(0), a()), a());
  m.addFunction(
    "$idiv_i32",
    pair,
    binaryen.i32,
    [binaryen.i32],
    m.block(
      null,
      [
        m.if(special(), m.return(ofSpecial)),
        m.local.set(2, i32.rem_s(a(), b())),
        i32.sub(i32.div_s(a(), b()), m.select(r(), uneven(), i32.const(0))),
      ],
      binaryen.i32,
    ),
  );
  m.addFunction(
    "$imod_i32",
    pair,
    binaryen.i32,
    [binaryen.i32],
    m.block(
      null,
      [
        m.if(special(), m.return(i32.const(0))),
        m.local.set(2, i32.rem_s(a(), b())),
        i32.add(r(), m.select(m.select(r(), uneven(), i32.const(0)), b(), i32.const(0))),
      ],
      binaryen.i32,
    ),
  );
}

function boolOp(m: WasmModule, op: Op, x: Ref, y: Ref): Ref {
  const { i32 } = m;
  switch (op) {
    case "and":
    case "or":
    case "eq":
    case "ne":
      return i32[op](x, y);
    case "not":
      return i32.eqz(x);
    default:
      return missing(op, "bool");
  }
}

/** A value of type `from` as one of type `to`. */
export function scalarConvert(m: WasmModule, from: Scalar, to: Scalar, x: Ref): Ref {
  if (from === to) return x;
  const { i32, f32, f64 } = m;
  switch (to) {
    case "bool":
      return from === "f32"
        ? f32.ne(x, f32.const(0))
        : from === "f64"
          ? f64.ne(x, f64.const(0))
          : i32.ne(x, i32.const(0));
    case "i32":
      return from === "f32" || from === "f64" ? i32.trunc_s_sat[from](x) : x;
    case "u32":
      return from === "f32" || from === "f64" ? i32.trunc_u_sat[from](x) : x;
    case "f32":
      return from === "f64" ? f32.demote(x) : from === "u32" ? f32.convert_u.i32(x) : f32.convert_s.i32(x);
    case "f64":
      return from === "f32" ? f64.promote(x) : from === "u32" ? f64.convert_u.i32(x) : f64.convert_s.i32(x);
  }
}
