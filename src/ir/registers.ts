// Small scratch arrays of which every access says which element it means, in registers: memory would make each value wait for the store
// before it. It comes after lanes, which unroll the loops over such arrays.
import type { Buffer, LoopBlock, LoopExpr, LoopFunction, LoopStmt } from "./loop.js";
import { bytesOf, integerOf } from "./loop-types.js";
import { blocksOf, exprsOf, mapStmt, rewriteExpr, walkExpr } from "./loop-walk.js";

/** Vectors of 128 bits: V8 has 16 registers for them. */
const VECTORS = 8;

/** An array as far as it has been seen; `lanes` is the width of all accesses. */
interface Seen {
  readonly length: number;
  /** The fork that it is made in: what runs on another thread does not see this one's registers. */
  readonly fork: LoopStmt | undefined;
  lanes?: 1 | 2 | 4;
}

export function inRegisters(f: LoopFunction): LoopFunction {
  const small = findSmall(f.body);
  if (small.size === 0) return f;
  const made = new Map<number, Buffer>();
  const place = (b: Buffer): Buffer => {
    const seen = small.get(b.id);
    if (!seen) return b;
    const own = made.get(b.id) ?? { ...b, space: "register", length: seen.length };
    made.set(b.id, own);
    return own;
  };
  const expr = (e: LoopExpr): LoopExpr =>
    rewriteExpr(e, (x) => (x.kind === "load" ? { ...x, buffer: place(x.buffer) } : x));
  const block = (b: LoopBlock): LoopBlock =>
    b.flatMap((s): LoopBlock => {
      if (s.kind === "alloc" && small.has(s.buffer.id)) return [];
      const inner = mapStmt(s, expr, block);
      return [inner.kind === "store" ? { ...inner, buffer: place(inner.buffer) } : inner];
    });
  return { ...f, body: block(f.body) };
}

function findSmall(body: LoopBlock): ReadonlyMap<number, Seen> {
  const seen = new Map<number, Seen>();
  const touch = (b: Buffer, index: LoopExpr, lanes: 1 | 2 | 4, fork: LoopStmt | undefined): void => {
    const known = seen.get(b.id);
    if (!known) return;
    const at = integerOf(index);
    const fits = at !== undefined && at >= 0 && at % lanes === 0 && at + lanes <= known.length;
    if (!fits || (known.lanes ?? lanes) !== lanes || known.fork !== fork) seen.delete(b.id);
    else known.lanes = lanes;
  };
  const visit = (block: LoopBlock, fork: LoopStmt | undefined): void => {
    for (const s of block) {
      if (s.kind === "alloc") {
        const length = integerOf(s.length);
        if (length !== undefined && length * bytesOf(s.buffer.scalar) <= VECTORS * 16)
          seen.set(s.buffer.id, { length, fork });
      }
      for (const e of exprsOf(s))
        walkExpr(e, (x) => {
          if (x.kind === "load") touch(x.buffer, x.index, x.type.lanes, fork);
          if (x.kind === "gather") seen.delete(x.buffer.id);
        });
      if (s.kind === "store") touch(s.buffer, s.index, s.value.type.lanes, fork);
      if (s.kind === "scatter") seen.delete(s.buffer.id);
      if (s.kind === "call") for (const h of [...s.given, ...s.made]) seen.delete(h.buffer.id);
      for (const inner of blocksOf(s)) visit(inner, s.kind === "parallel" ? s : fork);
    }
  };
  visit(body, undefined);
  return seen;
}
