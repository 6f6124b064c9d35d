// `parallel`: its body becomes a function of its own, what it uses of the names around it goes through a frame in scratch.
import binaryen from "binaryen";
import { WASM_NEEDS_SCRATCH } from "../../abi.js";
import type { Buffer, LoopBlock, LoopStmt, LoopVar } from "../../ir/loop.js";
import { blockKey } from "../../ir/loop-key.js";
import { walkBlock } from "../../ir/loop-walk.js";
import { FunctionContext, jobsOf, wasmType } from "./context.js";
import { emit } from "./expression.js";
import { placeRegisters } from "./places.js";
import type { Ref } from "./raw.js";
import { takeBytes } from "./scratch.js";
import { helpers } from "./support.js";

type Parallel = LoopStmt & { readonly kind: "parallel" };
type EmitBlock = (c: FunctionContext, block: LoopBlock) => Ref;

/** What a body uses of the names around it, each in 16 bytes of the frame behind the status record's address. */
interface Captures {
  readonly vars: readonly LoopVar[];
  readonly buffers: readonly Buffer[];
}

/** A fork is asked for twice: its code, and its part of the estimate. */
const captured = new WeakMap<Parallel, Captures>();

function capturesOf(s: Parallel): Captures {
  const known = captured.get(s) ?? findCaptures(s);
  captured.set(s, known);
  return known;
}

function findCaptures(s: Parallel): Captures {
  const made = new Set([s.var.id]);
  const allocated = new Set<number>();
  const vars = new Map<number, LoopVar>();
  const buffers = new Map<number, Buffer>();
  walkBlock(
    s.body,
    (x) => {
      if (x.kind === "let" || x.kind === "for" || x.kind === "parallel") made.add(x.var.id);
      else if (x.kind === "set") vars.set(x.var.id, x.var);
      else if (x.kind === "alloc") allocated.add(x.buffer.id);
      else if (x.kind === "store" || x.kind === "scatter") buffers.set(x.buffer.id, x.buffer);
    },
    (e) => {
      if (e.kind === "var") vars.set(e.var.id, e.var);
      else if (e.kind === "load" || e.kind === "gather") buffers.set(e.buffer.id, e.buffer);
    },
  );
  return {
    vars: [...vars.values()].filter((v) => !made.has(v.id)),
    // Registers are a turn's own.
    buffers: [...buffers.values()].filter((b) => b.space !== "register" && !allocated.has(b.id)),
  };
}

const SLOT = 16;
const varSlot = (k: number): number => SLOT * (1 + k);

const bytesFor = ({ vars, buffers }: Captures): number => SLOT * (1 + vars.length + buffers.length);

/** Bytes of a fork's frame. */
export const frameBytes = (s: Parallel): number => bytesFor(capturesOf(s));

export function emitFork(c: FunctionContext, s: Parallel, emitBlock: EmitBlock): Ref {
  const { m } = c;
  const captures = capturesOf(s);
  const job = outline(c, s, captures, emitBlock);
  const frame = c.local(binaryen.i32, "frame");
  const { status, scratch, scratchEnd, scratchStart } = c.fixed;
  const stores = [
    m.i32.store(0, 4, c.get(frame), c.get(status)),
    ...captures.vars.map((v, k) => {
      const at = varSlot(k);
      const value = c.get(c.localOf(v));
      const type = wasmType(v.type);
      if (type === binaryen.v128) return m.v128.store(at, 16, c.get(frame), value);
      if (type === binaryen.f64) return m.f64.store(at, 8, c.get(frame), value);
      if (type === binaryen.f32) return m.f32.store(at, 4, c.get(frame), value);
      return m.i32.store(at, 4, c.get(frame), value);
    }),
    ...captures.buffers.map((b, k) =>
      m.i32.store(varSlot(captures.vars.length + k), 4, c.get(frame), addressOfBuffer(c, b)),
    ),
  ];
  const forked = m.call(
    helpers.fork,
    [
      c.get(scratchStart),
      c.get(status),
      c.get(frame),
      c.get(scratch),
      c.get(scratchEnd),
      m.i32.add(m.global.get(jobsOf(c.module.kernel), binaryen.i32), m.i32.const(job)),
      emit(c, s.count),
    ],
    binaryen.i32,
  );
  return m.block(
    null,
    [
      takeBytes(c, frame, bytesFor(captures)),
      ...stores,
      m.if(forked, m.return(m.i32.const(WASM_NEEDS_SCRATCH))),
      c.set(scratch, c.get(frame)),
    ],
    binaryen.none,
  );
}

/** Where a buffer that is not in registers begins. */
export function addressOfBuffer(c: FunctionContext, b: Buffer): Ref {
  const place = c.placeOf(b);
  if (place.kind !== "memory") throw new Error(`internal: ${b.name} is used in a parallel body and lives in locals`);
  const base = c.get(place.base);
  return place.offset === 0 ? base : c.m.i32.add(base, c.m.i32.const(place.offset));
}

/** The body as a function in the table; its index among the kernel's. */
function outline(c: FunctionContext, s: Parallel, captures: Captures, emitBlock: EmitBlock): number {
  const { m } = c;
  const { module } = c;
  const index = module.jobs.length;
  // Kernels are full of bodies that do the same: one stands for all, unless people read them.
  const key = module.legible ? undefined : keyOf(c, s, captures);
  const same = key === undefined ? undefined : module.shared.find(key, module.relaxed);
  const name = same?.name ?? (module.legible ? `${module.kernel}$${index}` : module.shared.newName());
  module.jobs.push(name);
  if (same) {
    module.functions.push(same);
    return index;
  }
  const i32 = binaryen.i32;
  const params = ["frame", "scratch", "scratchEnd", "lo", "hi"].map((n) => ({ name: n, type: i32 }));
  const job = new FunctionContext(module, params, "job");
  const [frame, lo, hi] = [0, 3, 4];
  const { status, scratch, scratchStart } = job.fixed;
  const from = (): Ref => job.get(frame);
  const loads: Ref[] = [job.set(status, m.i32.load(0, 4, from())), job.set(scratchStart, job.get(scratch))];
  captures.vars.forEach((v, k) => {
    const at = varSlot(k);
    const type = wasmType(v.type);
    const value =
      type === binaryen.v128
        ? m.v128.load(at, 16, from())
        : type === binaryen.f64
          ? m.f64.load(at, 8, from())
          : type === binaryen.f32
            ? m.f32.load(at, 4, from())
            : m.i32.load(at, 4, from());
    const local = job.declare(v);
    if (c.isNonNegative({ kind: "var", type: v.type, var: v })) job.noteNonNegative(v);
    loads.push(job.set(local, value));
  });
  captures.buffers.forEach((b, k) => {
    const base = job.local(i32, b.name);
    loads.push(job.set(base, m.i32.load(varSlot(captures.vars.length + k), 4, from())));
    job.places.set(b.id, { kind: "memory", base, offset: 0 });
  });
  const registers = placeRegisters(job, s.body);
  const turn = job.declare(s.var);
  job.noteNonNegative(s.var);
  const loop = m.loop(
    "turns",
    m.block(null, [
      emitBlock(job, s.body),
      job.set(turn, m.i32.add(job.get(turn), m.i32.const(1))),
      m.br("turns", m.i32.lt_s(job.get(turn), job.get(hi))),
    ]),
  );
  const body = [...loads, ...registers, job.set(turn, job.get(lo)), m.if(m.i32.lt_s(job.get(turn), job.get(hi)), loop)];
  const made = job.finish(name, binaryen.none, body);
  if (key !== undefined) module.shared.add(key, module.relaxed, made);
  return index;
}

/** What a body does, and what is known of the names that it captures. */
function keyOf(c: FunctionContext, s: Parallel, captures: Captures): string {
  const known = keys.get(s) ?? makeKey(c, s, captures);
  keys.set(s, known);
  return known;
}
const keys = new WeakMap<Parallel, string>();

function makeKey(c: FunctionContext, s: Parallel, { vars, buffers }: Captures): string {
  const signs = vars.map((v) => (c.isNonNegative({ kind: "var", type: v.type, var: v }) ? "+" : "?"));
  return `${signs.join("")} ${blockKey(s.body, { vars: [...vars, s.var], buffers })}`;
}
