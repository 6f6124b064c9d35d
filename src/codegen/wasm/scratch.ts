// Scratch is a stack: an array takes its place where it is made, and a block gives back what it took.
import binaryen from "binaryen";
import { WASM_NEEDS_SCRATCH } from "../../abi.js";
import type { LoopStmt } from "../../ir/loop.js";
import { bytesOf } from "../../ir/loop-types.js";
import type { FunctionContext } from "./context.js";
import { emit } from "./expression.js";
import type { Ref } from "./raw.js";
import { helpers } from "./support.js";

type Alloc = LoopStmt & { readonly kind: "alloc" };

const bytesFor = (c: FunctionContext, s: Alloc): readonly [Ref, Ref] => [
  emit(c, s.length),
  c.m.f64.const(bytesOf(s.buffer.scalar)),
];

/** The bytes that an array takes, as an f64. */
export const scratchBytes = (c: FunctionContext, s: Alloc): Ref =>
  c.m.call(helpers.bytes, [...bytesFor(c, s)], binaryen.f64);

export function emitAlloc(c: FunctionContext, s: Alloc): Ref {
  const base = c.local(binaryen.i32, s.buffer.name);
  const wanted = bytesFor(c, s);
  c.places.set(s.buffer.id, { kind: "memory", base, offset: 0 });
  return takeScratch(c, base, wanted);
}

/** `base` becomes the address of so many bytes of scratch. */
export const takeBytes = (c: FunctionContext, base: number, bytes: number): Ref =>
  takeScratch(c, base, [c.m.i32.const(bytes), c.m.f64.const(1)]);

/** `base` becomes the address of so many elements of so many bytes; where scratch has less, the kernel says how much it needs and stops. */
function takeScratch(c: FunctionContext, base: number, wanted: readonly [Ref, Ref]): Ref {
  const { m } = c;
  const { scratch, scratchEnd, scratchStart, status } = c.fixed;
  const stop = c.role === "kernel" ? m.return(m.i32.const(WASM_NEEDS_SCRATCH)) : m.return();
  const room = [status, scratchStart, scratch, scratchEnd].map((local) => c.get(local));
  const taken = m.call(helpers.take, [...room, ...wanted], binaryen.i32);
  return m.block(null, [c.set(base, c.get(scratch)), m.if(m.i32.eqz(c.tee(scratch, taken)), stop)], binaryen.none);
}
