// Where small arrays of constant length live: in locals where every access says which element it means, else in scratch that is taken when
// the function begins.
import binaryen from "binaryen";
import type { Buffer, LoopBlock, LoopExpr } from "../../ir/loop.js";
import { bytesOf, integerOf } from "../../ir/loop-types.js";
import { blocksOf, mapStmt, walkBlock } from "../../ir/loop-walk.js";
import { type FunctionContext, wasmType } from "./context.js";
import type { Ref } from "./raw.js";
import { takeBytes } from "./scratch.js";

interface Use {
  readonly buffer: Buffer;
  /** The width of all accesses; 0 where they differ or an index is not constant. */
  lanes: 0 | 1 | 2 | 4;
}

const found = new WeakMap<LoopBlock, ReadonlyMap<number, Use>>();

function registersIn(block: LoopBlock): ReadonlyMap<number, Use> {
  const known = found.get(block) ?? findRegisters(block);
  found.set(block, known);
  return known;
}

function findRegisters(block: LoopBlock): ReadonlyMap<number, Use> {
  const uses = new Map<number, Use>();
  const note = (buffer: Buffer, index: LoopExpr, lanes: 0 | 1 | 2 | 4): void => {
    if (buffer.space !== "register") return;
    const at = integerOf(index);
    const fits = lanes > 0 && at !== undefined && at % lanes === 0;
    const use = uses.get(buffer.id) ?? { buffer, lanes: fits ? lanes : 0 };
    uses.set(buffer.id, use);
    if (!fits || use.lanes !== lanes) use.lanes = 0;
  };
  walkBlock(
    block,
    (s) => {
      if (s.kind === "store") note(s.buffer, s.index, s.value.type.lanes);
      if (s.kind === "scatter") note(s.buffer, s.index, 0);
    },
    (e) => {
      if (e.kind === "load") note(e.buffer, e.index, e.type.lanes);
      if (e.kind === "gather") note(e.buffer, e.index, 0);
    },
  );
  return uses;
}

const lengthOf = (b: Buffer): number => Math.max(1, b.length ?? 1);
const bytesIn = (b: Buffer): number => Math.ceil((lengthOf(b) * bytesOf(b.scalar)) / 16) * 16;

/** A kernel's block without the bodies that become functions of their own. */
export const withoutForks = (block: LoopBlock): LoopBlock =>
  block.flatMap((s) =>
    s.kind === "parallel" ? [] : blocksOf(s).length === 0 ? [s] : [mapStmt(s, (e) => e, withoutForks)],
  );

/** Bytes of scratch that the registers of a function take. */
export const registerBytes = (block: LoopBlock): number =>
  [...registersIn(block).values()].reduce((sum, u) => sum + (u.lanes === 0 ? bytesIn(u.buffer) : 0), 0);

/** Gives every register of a block its place; what must run for it when the function begins. */
export function placeRegisters(c: FunctionContext, block: LoopBlock): readonly Ref[] {
  let offset = 0;
  const inMemory: Buffer[] = [];
  for (const { buffer, lanes } of registersIn(block).values()) {
    if (c.places.has(buffer.id)) continue;
    if (lanes === 0) {
      inMemory.push(buffer);
      continue;
    }
    const type = wasmType({ scalar: buffer.scalar, lanes });
    const count = Math.ceil(lengthOf(buffer) / lanes);
    const first = c.row(
      type,
      Array.from({ length: Math.max(1, count) }, (_, k) => (k === 0 ? buffer.name : `${buffer.name}${k * lanes}`)),
    );
    c.places.set(buffer.id, { kind: "locals", first, lanes });
  }
  if (inMemory.length === 0) return [];
  const base = c.local(binaryen.i32, "registers");
  for (const b of inMemory) {
    c.places.set(b.id, { kind: "memory", base, offset });
    offset += bytesIn(b);
  }
  return [takeBytes(c, base, offset)];
}
