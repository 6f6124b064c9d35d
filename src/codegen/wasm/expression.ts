// Expressions: which instruction each node becomes.
import type binaryen from "binaryen";
import type { LoopExpr } from "../../ir/loop.js";
import type { FunctionContext } from "./context.js";
import { wasmType } from "./context.js";
import { emitGather, emitLoad, emitSplatLoad } from "./memory.js";
import type { Ref } from "./raw.js";
import { integerChoice, pow2, type Repeatable, scalarConvert, scalarOp } from "./scalar.js";
import {
  choose,
  clampBy,
  extract,
  maskAsNumber,
  multiplyAdd,
  multiplySubtract,
  resize,
  rotate,
  shiftAll,
  splat,
  vectorCompare,
  vectorConstant,
  vectorConvert,
  vectorExponent,
  vectorOp,
  vectorPow2,
  type Width,
  widthOf,
} from "./vector.js";

type OpExpr = LoopExpr & { readonly kind: "op" };

/** The lanes of a bool vector variable are as wide as a vector has room for. */
const boolWidth = (lanes: number): Width => (lanes === 2 ? 64 : 32);

/** The value of an expression; a bool vector is a mask of `boolWidth`. */
export function emit(c: FunctionContext, e: LoopExpr): Ref {
  if (e.type.lanes > 1) return e.type.scalar === "bool" ? emitMask(c, e, boolWidth(e.type.lanes)) : emitVector(c, e);
  const { m } = c;
  switch (e.kind) {
    case "const":
      return e.type.scalar === "f32"
        ? m.f32.const(e.value)
        : e.type.scalar === "f64"
          ? m.f64.const(e.value)
          : m.i32.const(e.value | 0);
    case "var":
      return c.get(c.localOf(e.var));
    case "load":
      return emitLoad(c, e);
    case "gather":
      return emitGather(c, e);
    case "op":
      return emitScalarOp(c, e);
    case "convert":
      return scalarConvert(m, e.value.type.scalar, e.type.scalar, emit(c, e.value));
    case "extract":
      return extract(c, e.type.scalar, boolWidth(e.value.type.lanes), emit(c, e.value), e.lane);
    case "if":
      return m.if(emit(c, e.condition), emit(c, e.then), emit(c, e.otherwise));
    case "anyLane":
      return m.v128.any_true(emit(c, e.value));
    case "splat":
    case "ramp":
    case "rotate":
      throw new Error(`internal: ${e.kind} of one lane`);
    case "builtin":
      throw new Error(`internal: WASM has no ${e.name}`);
  }
}

function emitScalarOp(c: FunctionContext, e: OpExpr): Ref {
  const [a, b, d] = e.args as readonly LoopExpr[];
  if (!a) throw new Error(`internal: ${e.op} without operands`);
  if (e.op === "pow2") return pow2(c.m, e.type.scalar, emit(c, a));
  const of = e.op === "select" ? e.type.scalar : a.type.scalar;
  if ((e.op === "min" || e.op === "max") && (of === "i32" || of === "u32") && b)
    return integerChoice(c.m, e.op, of === "i32", repeatable(c, a), repeatable(c, b));
  const divisor = b?.kind === "const" ? b.value : undefined;
  // The operands are made in the order in which they stand.
  const x = emit(c, a);
  const y = b ? emit(c, b) : 0;
  const z = d ? emit(c, d) : 0;
  return scalarOp(c, e.op, of, x, y, z, divisor);
}

/** An integer that is used again: constants and variables are read again, all else gets a local. */
function repeatable(c: FunctionContext, e: LoopExpr): Repeatable {
  const read = (): Ref => emit(c, e);
  if (e.kind === "const" || e.kind === "var") return { first: read, again: read };
  const local = c.local(wasmType(e.type), "t");
  return { first: () => c.tee(local, read()), again: () => c.get(local) };
}

function emitVector(c: FunctionContext, e: LoopExpr): Ref {
  const { scalar } = e.type;
  const lanes = e.type.lanes as 2 | 4;
  switch (e.kind) {
    case "const":
      return vectorConstant(c, scalar, e.value);
    case "var":
      return c.get(c.localOf(e.var));
    case "load":
      return emitLoad(c, e);
    case "gather":
      return emitGather(c, e);
    case "op":
      return emitVectorOp(c, e, lanes);
    case "convert":
      return emitVectorConvert(c, e.value, scalar);
    case "splat":
      if (e.value.kind === "const") return vectorConstant(c, scalar, e.value.value);
      if (e.value.kind === "load") return emitSplatLoad(c, e.value) ?? splat(c, scalar, emit(c, e.value));
      return splat(c, scalar, emit(c, e.value));
    case "ramp":
      return c.m.v128.const(new Uint8Array(new Int32Array([0, 1, 2, 3]).buffer));
    case "if":
      return c.m.if(emit(c, e.condition), emit(c, e.then), emit(c, e.otherwise));
    case "rotate":
      return rotate(c, widthOf(scalar === "bool" ? "i32" : scalar), lanes, emit(c, e.value), e.by);
    case "extract":
    case "anyLane":
    case "builtin":
      throw new Error(`internal: ${e.kind} has one lane`);
  }
}

function emitVectorConvert(c: FunctionContext, value: LoopExpr, to: LoopExpr["type"]["scalar"]): Ref {
  const from = value.type.scalar;
  if (from !== "bool") return vectorConvert(c, from, to, emit(c, value));
  if (to === "bool") return emit(c, value);
  return maskAsNumber(c, to, emitMask(c, value, widthOf(to)));
}

/** A constant in all lanes that is a number. */
const isNumber = (e: LoopExpr): boolean =>
  (e.kind === "const" && !Number.isNaN(e.value)) || (e.kind === "splat" && isNumber(e.value));

function emitVectorOp(c: FunctionContext, e: OpExpr, lanes: 2 | 4): Ref {
  const { scalar } = e.type;
  const [a, b, d] = e.args as readonly LoopExpr[];
  if (!a) throw new Error(`internal: ${e.op} without operands`);
  if (e.op === "pow2") return vectorPow2(c, scalar, emit(c, a));
  if (e.op === "exponentOf") return vectorExponent(c, a.type.scalar, emit(c, a));
  if (e.op === "select" && b && d && scalar !== "bool") {
    const width = widthOf(scalar);
    const then = emit(c, b);
    const otherwise = emit(c, d);
    return choose(c, width, emitMask(c, a, width), then, otherwise);
  }
  if ((scalar === "f32" || scalar === "f64") && b) {
    if (e.op === "add" || e.op === "sub") {
      const fused = emitFused(c, e.op, scalar, a, b);
      if (fused !== undefined) return fused;
    }
    if (e.op === "min" || e.op === "max") {
      if (isNumber(b)) return clampBy(c, e.op, scalar, emit(c, a), emit(c, b));
      if (isNumber(a)) return clampBy(c, e.op, scalar, emit(c, b), emit(c, a));
    }
  }
  if ((e.op === "shiftLeft" || e.op === "shiftRight") && b) {
    if (b.kind === "const") return shiftAll(c, e.op, scalar, emit(c, a), c.m.i32.const(b.value | 0));
    if (b.kind === "splat") return shiftAll(c, e.op, scalar, emit(c, a), emit(c, b.value));
  }
  if ((e.op === "idiv" || e.op === "imod") && b) {
    const power = powerOfTwo(b);
    if (power !== undefined) {
      if (e.op === "idiv") return shiftAll(c, "shiftRight", scalar, emit(c, a), c.m.i32.const(Math.log2(power)));
      return c.m.v128.and(emit(c, a), vectorConstant(c, "i32", power - 1));
    }
  }
  return vectorOp(
    c,
    e.op,
    scalar,
    e.args.map((x) => emit(c, x)),
    lanes,
  );
}

function powerOfTwo(e: LoopExpr): number | undefined {
  if (e.kind === "splat") return powerOfTwo(e.value);
  return e.kind === "const" && e.value > 0 && Number.isInteger(Math.log2(e.value)) ? e.value : undefined;
}

const isProduct = (e: LoopExpr): e is OpExpr => e.kind === "op" && e.op === "mul";

/** A product that goes into a sum, with one rounding. */
function emitFused(c: FunctionContext, op: "add" | "sub", scalar: "f32" | "f64", a: LoopExpr, b: LoopExpr) {
  const fuses = isProduct(b) || (op === "add" && isProduct(a));
  if (!fuses || !c.mayRelax()) return undefined;
  if (isProduct(b)) {
    const sum = emit(c, a);
    const [x, y] = b.args.map((v) => emit(c, v)) as [Ref, Ref];
    return op === "add" ? multiplyAdd(c, scalar, x, y, sum) : multiplySubtract(c, scalar, x, y, sum);
  }
  if (op === "add" && isProduct(a)) {
    const [x, y] = a.args.map((v) => emit(c, v)) as [Ref, Ref];
    return multiplyAdd(c, scalar, x, y, emit(c, b));
  }
  return undefined;
}

/** The width in which a bool vector comes about without a change; `undefined` where any will do. */
function naturalWidth(e: LoopExpr): Width | undefined {
  if (e.type.lanes === 4) return 32;
  switch (e.kind) {
    case "const":
    case "splat":
      return undefined;
    case "op": {
      const [a, b, d] = e.args as readonly LoopExpr[];
      if (!a) return 64;
      if (a.type.scalar !== "bool") return widthOf(a.type.scalar);
      const parts = e.op === "select" ? [a, b, d] : e.args;
      return parts.reduce<Width | undefined>(
        (w, x) => (x && naturalWidth(x) === 64 ? 64 : (w ?? (x && naturalWidth(x)))),
        undefined,
      );
    }
    default:
      return 64;
  }
}

/** A bool vector as a mask whose lanes are `width` bits wide (four lanes have room for 32). */
export function emitMask(c: FunctionContext, e: LoopExpr, width: Width): Ref {
  const { m } = c;
  switch (e.kind) {
    case "const":
      return vectorConstant(c, "bool", e.value);
    case "splat":
      return e.value.kind === "const" ? vectorConstant(c, "bool", e.value.value) : splat(c, "bool", emit(c, e.value));
    case "var":
      return resize(c, boolWidth(e.type.lanes), width, c.get(c.localOf(e.var)));
    case "load":
      return resize(c, boolWidth(e.type.lanes), width, emitLoad(c, e));
    case "gather":
      return resize(c, boolWidth(e.type.lanes), width, emitGather(c, e));
    case "if":
      return m.if(emit(c, e.condition), emitMask(c, e.then, width), emitMask(c, e.otherwise, width));
    case "convert": {
      const zero = { ...e.value, kind: "const" as const, value: 0 };
      if (e.value.type.scalar === "bool") return emitMask(c, e.value, width);
      return emitMask(c, { kind: "op", type: e.type, op: "ne", args: [e.value, zero] }, width);
    }
    case "op":
      return emitMaskOp(c, e, width);
    case "rotate":
      return rotate(c, width, e.type.lanes as 2 | 4, emitMask(c, e.value, width), e.by);
    case "ramp":
    case "extract":
    case "anyLane":
    case "builtin":
      throw new Error(`internal: ${e.kind} is no bool vector`);
  }
}

function emitMaskOp(c: FunctionContext, e: OpExpr, width: Width): Ref {
  const { m } = c;
  const [a, b, d] = e.args as readonly LoopExpr[];
  if (!a) throw new Error(`internal: ${e.op} without operands`);
  if (a.type.scalar !== "bool")
    return resize(
      c,
      widthOf(a.type.scalar),
      width,
      vectorCompare(c, e.op, a.type.scalar, emit(c, a), b ? emit(c, b) : 0),
    );
  const inner = naturalWidth(e) ?? width;
  const part = (x: LoopExpr | undefined): Ref => (x ? emitMask(c, x, inner) : 0);
  const made = (): Ref => {
    switch (e.op) {
      case "and":
        return m.v128.and(part(a), part(b));
      case "or":
        return m.v128.or(part(a), part(b));
      case "not":
        return m.v128.not(part(a));
      case "ne":
        return m.v128.xor(part(a), part(b));
      case "eq":
        return m.v128.not(m.v128.xor(part(a), part(b)));
      case "select":
        return m.v128.bitselect(part(b), part(d), part(a));
      default:
        throw new Error(`internal: WASM has no ${e.op} of masks`);
    }
  };
  return resize(c, inner, width, made());
}

/** A failure's value, as f64. */
export function emitAsF64(c: FunctionContext, e: LoopExpr): Ref {
  return scalarConvert(c.m, e.type.scalar, "f64", emit(c, e));
}

/** The type of an expression's value. */
export const typeOf = (e: LoopExpr): binaryen.Type => wasmType(e.type);
