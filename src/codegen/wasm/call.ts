// A call of another function of the module. It has the caller's status record and what is left of its scratch, and counts both from its own
// beginning: where it stops, the caller makes what it says its own and stops too.
import binaryen from "binaryen";
import { STATUS, WASM_NEEDS_SCRATCH } from "../../abi.js";
import type { LoopStmt } from "../../ir/loop.js";
import { bytesOf } from "../../ir/loop-types.js";
import type { FunctionContext } from "./context.js";
import { emit } from "./expression.js";
import { addressOfBuffer } from "./fork.js";
import type { Ref } from "./raw.js";

type Call = Extract<LoopStmt, { readonly kind: "call" }>;

export function emitCall(c: FunctionContext, s: Call): Ref {
  if (c.role !== "kernel") throw new Error(`internal: ${s.function} is called in a parallel body`);
  const { m } = c;
  const { status, scratch, scratchEnd, scratchStart } = c.fixed;
  const address = ({ buffer, offset }: Call["given"][number]): Ref => {
    const base = addressOfBuffer(c, buffer);
    if (offset.kind === "const" && offset.value === 0) return base;
    return m.i32.add(base, m.i32.mul(emit(c, offset), m.i32.const(bytesOf(buffer.scalar))));
  };
  const code = c.local(binaryen.i32, "code");
  const called = m.call(
    s.function,
    [
      ...[status, scratch, scratchEnd].map((local) => c.get(local)),
      ...s.scalars.map((e) => emit(c, e)),
      ...[...s.given, ...s.made].map(address),
    ],
    binaryen.i32,
  );
  const used = m.f64.convert_u.i32(m.i32.sub(c.get(scratch), c.get(scratchStart)));
  const needed = m.f64.add(m.f64.load(STATUS.needed, 8, c.get(status)), used);
  const check = m.i32.add(m.i32.load(STATUS.check, 4, c.get(status)), m.i32.const(s.checks));
  const stop = m.block(
    null,
    [
      m.if(
        m.i32.eq(c.get(code), m.i32.const(WASM_NEEDS_SCRATCH)),
        m.f64.store(STATUS.needed, 8, c.get(status), needed),
        m.i32.store(STATUS.check, 4, c.get(status), check),
      ),
      m.return(c.get(code)),
    ],
    binaryen.none,
  );
  return m.block(null, [c.set(code, called), m.if(c.get(code), stop)], binaryen.none);
}
