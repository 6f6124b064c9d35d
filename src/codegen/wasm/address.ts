// Where an element is: a pointer expression and a constant offset, which WASM's loads add without wrapping.
import type { Buffer, LoopExpr } from "../../ir/loop.js";
import { addInt, bytesOf, integerOf } from "../../ir/loop-types.js";
import type { FunctionContext } from "./context.js";
import { emit } from "./expression.js";
import type { Ref } from "./raw.js";

export interface Address {
  readonly pointer: Ref;
  readonly offset: number;
}

/** An index as a sum of something and a constant. */
function split(e: LoopExpr): { readonly rest: LoopExpr | undefined; readonly plus: number } {
  const value = integerOf(e);
  if (value !== undefined) return { rest: undefined, plus: value };
  if (e.kind !== "op" || e.op !== "add") return { rest: e, plus: 0 };
  const [a, b] = e.args as readonly [LoopExpr, LoopExpr];
  const left = split(a);
  const right = split(b);
  const rest = left.rest && right.rest ? addInt(left.rest, right.rest) : (left.rest ?? right.rest);
  return { rest, plus: left.plus + right.plus };
}

/** The address of `buffer[index]`, where the index is one lane. */
export function addressOf(c: FunctionContext, buffer: Buffer, index: LoopExpr): Address {
  const place = c.placeOf(buffer);
  if (place.kind !== "memory") throw new Error(`internal: ${buffer.name} is not in memory`);
  const bytes = bytesOf(buffer.scalar);
  const { rest, plus } = split(index);
  const { i32 } = c.m;
  if (!rest) {
    if (plus >= 0) return { pointer: c.get(place.base), offset: place.offset + plus * bytes };
    return { pointer: i32.add(c.get(place.base), i32.const(plus * bytes)), offset: place.offset };
  }
  const separate = plus > 0 && plus < 2 ** 20 && c.isNonNegative(rest);
  const scaled = i32.shl(emit(c, separate ? rest : index), i32.const(bytes === 8 ? 3 : 2));
  return {
    pointer: i32.add(c.get(place.base), scaled),
    offset: place.offset + (separate ? plus * bytes : 0),
  };
}

/** The pointer and offset of an element whose index is at hand. */
export function addressAt(c: FunctionContext, buffer: Buffer, index: Ref): Address {
  const place = c.placeOf(buffer);
  if (place.kind !== "memory") throw new Error(`internal: ${buffer.name} is not in memory`);
  const { i32 } = c.m;
  const scaled = i32.shl(index, i32.const(bytesOf(buffer.scalar) === 8 ? 3 : 2));
  return { pointer: i32.add(c.get(place.base), scaled), offset: place.offset };
}
