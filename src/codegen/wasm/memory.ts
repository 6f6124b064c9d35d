// Loads and stores: of one element, of consecutive ones, and of each lane by itself. Elements of a bool array are i32 0 and 1.
import binaryen from "binaryen";
import type { Buffer, LoopExpr } from "../../ir/loop.js";
import { bytesOf, integerOf } from "../../ir/loop-types.js";
import type { Scalar } from "../../ir/nest.js";
import { type Address, addressAt, addressOf } from "./address.js";
import type { FunctionContext } from "./context.js";
import { emit, emitMask } from "./expression.js";
import type { Ref } from "./raw.js";
import { extract, maskAsNumber, replace, resize, splat, vectorCompare, vectorConstant } from "./vector.js";

/** What stands in memory for a type. */
const stored = (scalar: Scalar): Exclude<Scalar, "bool"> => (scalar === "bool" ? "i32" : scalar);
const v128 = binaryen.v128;

function loadOne(c: FunctionContext, scalar: Scalar, { pointer, offset }: Address): Ref {
  if (scalar === "f32") return c.m.f32.load(offset, 4, pointer);
  if (scalar === "f64") return c.m.f64.load(offset, 8, pointer);
  return c.m.i32.load(offset, 4, pointer);
}

function storeOne(c: FunctionContext, scalar: Scalar, { pointer, offset }: Address, value: Ref): Ref {
  if (scalar === "f32") return c.m.f32.store(offset, 4, pointer, value);
  if (scalar === "f64") return c.m.f64.store(offset, 8, pointer, value);
  return c.m.i32.store(offset, 4, pointer, value);
}

/** The local that holds the elements from `index` on, of a small array that lives in locals. */
function registerAt(c: FunctionContext, buffer: Buffer, index: LoopExpr): number | undefined {
  const place = c.placeOf(buffer);
  if (place.kind !== "locals") return undefined;
  return place.first + (integerOf(index) ?? 0) / place.lanes;
}

/** What was read of a bool array, as a mask as wide as bool vectors of so many lanes are. */
function asMask(c: FunctionContext, lanes: 2 | 4, words: Ref): Ref {
  const mask = vectorCompare(c, "ne", "i32", words, vectorConstant(c, "i32", 0));
  return lanes === 2 ? resize(c, 32, 64, mask) : mask;
}

/** All lanes of a vector from consecutive elements. */
function loadVector(c: FunctionContext, scalar: Scalar, lanes: 2 | 4, { pointer, offset }: Address): Ref {
  if (lanes * bytesOf(scalar) === 16) return c.m.v128.load(offset, bytesOf(scalar), pointer);
  return c.m.v128.load64_zero(offset, 4, pointer);
}

function storeVector(c: FunctionContext, scalar: Scalar, lanes: 2 | 4, { pointer, offset }: Address, value: Ref): Ref {
  if (lanes * bytesOf(scalar) === 16) return c.m.v128.store(offset, bytesOf(scalar), pointer, value);
  return c.m.v128.store64_lane(offset, 4, 0, pointer, value);
}

/** Whether all lanes of a mask (as wide as bool vectors of so many lanes are) are set. */
const allSet = (c: FunctionContext, lanes: 2 | 4, mask: Ref): Ref =>
  lanes === 2 ? c.m.i64x2.all_true(mask) : c.m.i32x4.all_true(mask);

export function emitLoad(c: FunctionContext, e: LoopExpr & { readonly kind: "load" }): Ref {
  const { scalar, lanes } = e.type;
  const register = registerAt(c, e.buffer, e.index);
  if (register !== undefined) return c.get(register);
  if (lanes === 1) return loadOne(c, scalar, addressOf(c, e.buffer, e.index));
  const words = e.mask
    ? maskedLoad(c, e, lanes, e.mask)
    : loadVector(c, scalar, lanes, addressOf(c, e.buffer, e.index));
  return scalar === "bool" ? asMask(c, lanes, words) : words;
}

/** At once where all lanes are wanted, else lane by lane. */
function maskedLoad(c: FunctionContext, e: LoopExpr & { readonly kind: "load" }, lanes: 2 | 4, wanted: LoopExpr): Ref {
  const { m } = c;
  const { pointer, offset } = addressOf(c, e.buffer, e.index);
  const bytes = bytesOf(e.type.scalar);
  const width = lanes === 2 ? 64 : 32;
  return c.naming(binaryen.i32, pointer, (at) =>
    c.naming(v128, emit(c, wanted), (mask) => {
      const out = c.local(v128, "masked");
      const lane = (k: number): Ref =>
        m.if(
          extract(c, "bool", width, mask(), k),
          c.set(out, loadLane(c, e.type.scalar, { pointer: at(), offset: offset + k * bytes }, c.get(out), k)),
        );
      const slowly = [c.set(out, vectorConstant(c, "i32", 0)), ...Array.from({ length: lanes }, (_, k) => lane(k))];
      const all = loadVector(c, e.type.scalar, lanes, { pointer: at(), offset });
      return m.if(allSet(c, lanes, mask()), all, m.block(null, [...slowly, c.get(out)], v128));
    }),
  );
}

function loadLane(c: FunctionContext, scalar: Scalar, { pointer, offset }: Address, into: Ref, lane: number): Ref {
  return scalar === "f64"
    ? c.m.v128.load64_lane(offset, 8, lane, pointer, into)
    : c.m.v128.load32_lane(offset, 4, lane, pointer, into);
}

export function emitGather(c: FunctionContext, e: LoopExpr & { readonly kind: "gather" }): Ref {
  const { m } = c;
  const { scalar, lanes } = e.type;
  if (lanes === 1) return loadOne(c, scalar, addressOf(c, e.buffer, e.index));
  const width = lanes === 2 ? 64 : 32;
  const words = c.naming(v128, emit(c, e.index), (index) => {
    const at = (k: number): Address => addressAt(c, e.buffer, extract(c, "i32", 32, index(), k));
    const out = c.local(v128, "gathered");
    const lane = (k: number): Ref => c.set(out, loadLane(c, scalar, at(k), c.get(out), k));
    const ks = Array.from({ length: lanes }, (_, k) => k);
    if (!e.mask) {
      const first = at(0);
      const zero =
        scalar === "f64"
          ? m.v128.load64_zero(first.offset, 8, first.pointer)
          : m.v128.load32_zero(first.offset, 4, first.pointer);
      return m.block(null, [c.set(out, zero), ...ks.slice(1).map(lane), c.get(out)], v128);
    }
    return c.naming(v128, emit(c, e.mask), (mask) =>
      m.block(
        null,
        [
          c.set(out, vectorConstant(c, "i32", 0)),
          ...ks.map((k) => m.if(extract(c, "bool", width, mask(), k), lane(k))),
          c.get(out),
        ],
        v128,
      ),
    );
  });
  return scalar === "bool" ? asMask(c, lanes, words) : words;
}

/** A value as it is stored. */
function storable(c: FunctionContext, value: LoopExpr): Ref {
  if (value.type.scalar !== "bool" || value.type.lanes === 1) return emit(c, value);
  return maskAsNumber(c, "i32", emitMask(c, value, 32));
}

export interface StoreLike {
  readonly buffer: Buffer;
  readonly index: LoopExpr;
  readonly value: LoopExpr;
  readonly mask?: LoopExpr;
}

export function emitStore(c: FunctionContext, s: StoreLike): Ref {
  const { m } = c;
  const { scalar, lanes } = s.value.type;
  const register = registerAt(c, s.buffer, s.index);
  if (register !== undefined) return c.set(register, s.mask ? emitChoice(c, s, register) : emit(c, s.value));
  const address = (): Address => addressOf(c, s.buffer, s.index);
  if (lanes === 1) {
    const store = storeOne(c, scalar, address(), emit(c, s.value));
    return s.mask ? m.if(emit(c, s.mask), store) : store;
  }
  if (!s.mask) return storeVector(c, scalar, lanes, address(), storable(c, s.value));
  const { pointer, offset } = address();
  const width = lanes === 2 ? 64 : 32;
  const wanted = s.mask;
  // Elements of lanes that are off may be another's, so they are not even written back.
  return c.naming(binaryen.i32, pointer, (at) =>
    c.naming(v128, storable(c, s.value), (value) =>
      c.naming(v128, emit(c, wanted), (mask) => {
        const lane = (k: number): Ref =>
          m.if(
            extract(c, "bool", width, mask(), k),
            storeLane(c, scalar, { pointer: at(), offset: offset + k * bytesOf(scalar) }, value(), k),
          );
        const slowly = m.block(
          null,
          Array.from({ length: lanes }, (_, k) => lane(k)),
        );
        return m.if(
          allSet(c, lanes, mask()),
          storeVector(c, scalar, lanes, { pointer: at(), offset }, value()),
          m.if(m.v128.any_true(mask()), slowly),
        );
      }),
    ),
  );
}

/** What a masked store leaves in a register. */
function emitChoice(c: FunctionContext, s: StoreLike, register: number): Ref {
  const mask = s.mask as LoopExpr;
  const { scalar, lanes } = s.value.type;
  if (lanes === 1) return c.m.select(emit(c, mask), emit(c, s.value), c.get(register));
  const width = scalar === "f64" || (scalar === "bool" && lanes === 2) ? 64 : 32;
  return c.m.v128.bitselect(emit(c, s.value), c.get(register), emitMask(c, mask, width));
}

function storeLane(c: FunctionContext, scalar: Scalar, { pointer, offset }: Address, value: Ref, lane: number): Ref {
  return scalar === "f64"
    ? c.m.v128.store64_lane(offset, 8, lane, pointer, value)
    : c.m.v128.store32_lane(offset, 4, lane, pointer, value);
}

/** Lane after lane, so that of two lanes with one index the higher wins. */
export function emitScatter(c: FunctionContext, s: StoreLike): Ref {
  const { scalar, lanes } = s.value.type;
  if (lanes === 1) return emitStore(c, s);
  const width = lanes === 2 ? 64 : 32;
  const { mask: wanted } = s;
  return c.naming(v128, emit(c, s.index), (index) =>
    c.naming(v128, storable(c, s.value), (value) => {
      const lane = (k: number): Ref =>
        storeLane(c, scalar, addressAt(c, s.buffer, extract(c, "i32", 32, index(), k)), value(), k);
      const ks = Array.from({ length: lanes }, (_, k) => k);
      if (!wanted) return c.m.block(null, ks.map(lane));
      return c.naming(v128, emit(c, wanted), (mask) =>
        c.m.block(
          null,
          ks.map((k) => c.m.if(extract(c, "bool", width, mask(), k), lane(k))),
        ),
      );
    }),
  );
}

/** The same element in all lanes. */
export function emitSplatLoad(c: FunctionContext, e: LoopExpr & { readonly kind: "load" }): Ref | undefined {
  const { scalar } = e.type;
  if (scalar === "bool" || registerAt(c, e.buffer, e.index) !== undefined) return undefined;
  const { pointer, offset } = addressOf(c, e.buffer, e.index);
  return scalar === "f64" ? c.m.v128.load64_splat(offset, 8, pointer) : c.m.v128.load32_splat(offset, 4, pointer);
}

/** Lanes from values one by one. */
export function fromLanes(c: FunctionContext, scalar: Scalar, values: readonly Ref[]): Ref {
  const [first = 0, ...rest] = values;
  const start = splat(c, stored(scalar), first);
  return rest.reduce((v, x, k) => replace(c, stored(scalar), v, k + 1, x), start);
}
