// Scratch is a stack: an array takes its place where it is made, and a block gives back what it took.
import binaryen from "binaryen";
import { WASM_NEEDS_SCRATCH } from "../../abi.js";
import type { LoopStmt } from "../../ir/loop.js";
import { bytesOf } from "../../ir/loop-types.js";
import type { FunctionContext } from "./context.js";
import { emit } from "./expression.js";
import type { Ref } from "./raw.js";
import { helpers } from "./support.js";

/** Bytes of so many elements, as an f64, which nothing overflows; all places begin at multiples of 16. */
export function scratchBytes(c: FunctionContext, s: LoopStmt & { readonly kind: "alloc" }): Ref {
  const { m } = c;
  const elements = m.f64.convert_u.i32(emit(c, s.length));
  const bytes = m.f64.mul(elements, m.f64.const(bytesOf(s.buffer.scalar) / 16));
  return m.f64.mul(m.f64.ceil(bytes), m.f64.const(16));
}

export function emitAlloc(c: FunctionContext, s: LoopStmt & { readonly kind: "alloc" }): Ref {
  const base = c.local(binaryen.i32, s.buffer.name);
  const wanted = scratchBytes(c, s);
  c.places.set(s.buffer.id, { kind: "memory", base, offset: 0 });
  return takeScratch(c, base, wanted);
}

/** `base` becomes the address of so many bytes (an f64) of scratch; where there is less, the kernel says how much it needs and stops. */
export function takeScratch(c: FunctionContext, base: number, wanted: Ref): Ref {
  const { m } = c;
  const { scratch, scratchEnd, scratchStart, status } = c.fixed;
  return c.naming(binaryen.f64, wanted, (bytes) => {
    const left = m.f64.convert_u.i32(m.i32.sub(c.get(scratchEnd), c.get(scratch)));
    const used = m.f64.convert_u.i32(m.i32.sub(c.get(scratch), c.get(scratchStart)));
    const stop = c.role === "kernel" ? m.return(m.i32.const(WASM_NEEDS_SCRATCH)) : m.return();
    return m.block(
      null,
      [
        m.if(
          m.f64.gt(bytes(), left),
          m.block(null, [m.call(helpers.need, [c.get(status), m.f64.add(used, bytes())], binaryen.none), stop]),
        ),
        c.set(base, c.get(scratch)),
        c.set(scratch, m.i32.add(c.get(scratch), m.i32.trunc_u_sat.f64(bytes()))),
      ],
      binaryen.none,
    );
  });
}
