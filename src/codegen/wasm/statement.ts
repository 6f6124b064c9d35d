// Statements: loops, branches, scratch, and what happens where a check fails.
import binaryen from "binaryen";
import { STATUS, WASM_CHECK_FAILED } from "../../abi.js";
import type { LoopBlock, LoopExpr, LoopStmt } from "../../ir/loop.js";
import { emitCall } from "./call.js";
import type { FunctionContext } from "./context.js";
import { emit, emitAsF64 } from "./expression.js";
import { emitFork } from "./fork.js";
import { emitScatter, emitStore } from "./memory.js";
import type { Ref } from "./raw.js";
import { emitAlloc } from "./scratch.js";
import { helpers } from "./support.js";

/** Scratch and locals that a block takes are free again after it. */
export const emitBlock = (c: FunctionContext, block: LoopBlock): Ref => c.scoped(() => emitStatements(c, block));

function emitStatements(c: FunctionContext, block: LoopBlock): Ref {
  const { m } = c;
  const takes = block.some((s) => s.kind === "alloc");
  const kept = takes ? c.local(binaryen.i32, "kept") : 0;
  // What a `let` or an allocation names lives on in the block; all else needs its locals no longer.
  let named: Naming[] = [];
  const body = block.map((s) => {
    const names = s.kind === "let" || s.kind === "alloc";
    const ref = c.at(names ? emitStatement(c, s) : c.scoped(() => emitStatement(c, s)), s.at);
    if (names) named.push(s);
    named = named.filter((n) => {
      const over = c.module.life.isOver(n, s);
      if (over) c.release(localNamed(c, n));
      return !over;
    });
    return ref;
  });
  if (!takes) return m.block(null, body, binaryen.none);
  return m.block(
    null,
    [c.set(kept, c.get(c.fixed.scratch)), ...body, c.set(c.fixed.scratch, c.get(kept))],
    binaryen.none,
  );
}

type Naming = LoopStmt & { readonly kind: "let" | "alloc" };

function localNamed(c: FunctionContext, s: Naming): number {
  if (s.kind === "let") return c.localOf(s.var);
  const place = c.placeOf(s.buffer);
  return place.kind === "memory" ? place.base : place.first;
}

function emitStatement(c: FunctionContext, s: LoopStmt): Ref {
  const { m } = c;
  switch (s.kind) {
    case "let": {
      // A value that can't be negative before its name is known: the name must not speak for itself.
      const nonNegative = s.value.type.scalar === "i32" && s.value.type.lanes === 1 && c.isNonNegative(s.value);
      const value = c.scoped(() => emit(c, s.value));
      const set = c.set(c.declare(s.var), value);
      if (nonNegative) c.noteNonNegative(s.var);
      return set;
    }
    case "set":
      return c.set(c.localOf(s.var), emit(c, s.value));
    case "store":
      return emitStore(c, s);
    case "scatter":
      return emitScatter(c, s);
    case "for":
      return emitFor(c, s);
    case "while": {
      const label = c.label("while");
      return m.loop(
        label,
        m.if(emit(c, s.condition), m.block(null, [emitBlock(c, s.body), m.br(label)], binaryen.none)),
      );
    }
    case "if": {
      const otherwise = s.otherwise.length > 0 ? emitBlock(c, s.otherwise) : undefined;
      return m.if(emit(c, s.condition), emitBlock(c, s.then), otherwise);
    }
    case "parallel":
      if (c.role === "job") return emitFor(c, { ...s, kind: "for", lo: zero, hi: s.count, step: 1 });
      return emitFork(c, s, emitBlock);
    case "alloc":
      return emitAlloc(c, s);
    case "fail":
      return m.if(
        emit(c, s.condition),
        m.call(
          helpers.fail,
          [
            c.get(c.fixed.status),
            m.i32.const(s.check),
            emit(c, s.point),
            ...[0, 1, 2, 3].map((k) => {
              const value = s.values[k];
              return value ? emitAsF64(c, value) : m.f64.const(0);
            }),
          ],
          binaryen.none,
        ),
      );
    case "call":
      return emitCall(c, s);
    case "stopIfFailed":
      return m.if(
        m.i32.ge_s(m.i32.load(STATUS.check, 4, c.get(c.fixed.status)), m.i32.const(0)),
        m.return(m.i32.const(WASM_CHECK_FAILED)),
      );
    case "barrier":
      throw new Error("internal: WASM has no barriers");
  }
}

const zero: LoopExpr = { kind: "const", type: { scalar: "i32", lanes: 1 }, value: 0 };

/** A bound that may be evaluated again: it can't have changed. */
const isFixed = (e: LoopExpr): boolean => e.kind === "const" || (e.kind === "var" && !e.var.mutable);

function emitFor(c: FunctionContext, s: LoopStmt & { readonly kind: "for" }): Ref {
  const { m } = c;
  const { i32 } = m;
  const startsNonNegative = c.isNonNegative(s.lo);
  const lo = emit(c, s.lo);
  const end = isFixed(s.hi) ? undefined : c.local(binaryen.i32, `${s.var.name}_to`);
  const hi = emit(c, s.hi);
  const again = (): Ref => (end === undefined ? emit(c, s.hi) : c.get(end));
  const v = c.declare(s.var);
  if (startsNonNegative) c.noteNonNegative(s.var);
  const label = c.label("for");
  const body = emitBlock(c, s.body);
  const next = c.tee(v, i32.add(c.get(v), i32.const(s.step)));
  const loop = m.loop(label, m.block(null, [body, m.br(label, i32.lt_s(next, again()))], binaryen.none));
  const first = c.tee(v, lo);
  return m.if(i32.lt_s(first, end === undefined ? hi : c.tee(end, hi)), loop);
}
