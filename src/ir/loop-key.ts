// A text that is the same for blocks of Loop IR that do the same with what they are given, whatever their names.
import type { Buffer, LoopBlock, LoopExpr, LoopStmt, LoopType, LoopVar } from "./loop.js";

/** What stands for what the block is given: variables and buffers from outside, in an order that is the same for blocks to be compared. */
export interface Given {
  readonly vars: readonly LoopVar[];
  readonly buffers: readonly Buffer[];
}

export function blockKey(block: LoopBlock, { vars, buffers }: Given): string {
  const key = new Key();
  for (const v of vars) key.variable(v);
  for (const b of buffers) key.buffer(b);
  key.block(block);
  return key.text;
}

/** Names have numbers in the order in which they are met; the first mention says what they are. */
class Key {
  text = "";
  private readonly vars = new Map<number, number>();
  private readonly buffers = new Map<number, number>();

  variable(v: LoopVar): void {
    const known = this.vars.get(v.id);
    if (known !== undefined) {
      this.text += `v${known} `;
      return;
    }
    this.vars.set(v.id, this.vars.size);
    this.text += `V${typeKey(v.type)}${v.mutable ? "m" : ""}${v.nonNegative ? "n" : ""} `;
  }
  buffer(b: Buffer): void {
    const known = this.buffers.get(b.id);
    if (known !== undefined) {
      this.text += `b${known} `;
      return;
    }
    this.buffers.set(b.id, this.buffers.size);
    this.text += `B${b.scalar}${b.space}${b.length ?? ""} `;
  }

  block(block: LoopBlock): void {
    this.text += "{";
    for (const s of block) this.stmt(s);
    this.text += "}";
  }

  private stmt(s: LoopStmt): void {
    this.text += `${s.kind} `;
    switch (s.kind) {
      case "let":
      case "set":
        this.variable(s.var);
        this.expr(s.value);
        return;
      case "store":
      case "scatter":
        this.buffer(s.buffer);
        this.expr(s.index);
        this.expr(s.value);
        this.list(s.mask ? [s.mask] : []);
        return;
      case "for":
        this.variable(s.var);
        this.expr(s.lo);
        this.expr(s.hi);
        this.text += `${s.step} ${s.vector ?? ""}`;
        this.block(s.body);
        return;
      case "parallel":
        this.variable(s.var);
        this.expr(s.count);
        this.block(s.body);
        return;
      case "while":
        this.expr(s.condition);
        this.block(s.body);
        return;
      case "if":
        this.expr(s.condition);
        this.block(s.then);
        this.block(s.otherwise);
        return;
      case "alloc":
        this.buffer(s.buffer);
        this.expr(s.length);
        return;
      case "fail":
        this.text += `${s.check} `;
        this.expr(s.condition);
        this.expr(s.point);
        this.list(s.values);
        return;
      case "call":
        this.text += `${s.function} ${s.checks} `;
        this.list(s.scalars);
        for (const handed of [s.given, s.made]) {
          this.text += "[";
          for (const { buffer, offset } of handed) {
            this.buffer(buffer);
            this.expr(offset);
          }
          this.text += "]";
        }
        return;
      case "barrier":
        this.text += s.memory;
        return;
      case "stopIfFailed":
        return;
    }
  }

  /** Where it ends is written too: how long it is differs. */
  private list(es: readonly LoopExpr[]): void {
    this.text += "[";
    for (const e of es) this.expr(e);
    this.text += "]";
  }

  private expr(e: LoopExpr): void {
    switch (e.kind) {
      case "const":
        this.text += `${typeKey(e.type)}${Object.is(e.value, -0) ? "-0" : e.value} `;
        return;
      case "var":
        this.variable(e.var);
        return;
      case "load":
      case "gather":
        this.text += `${e.kind}${typeKey(e.type)}`;
        this.buffer(e.buffer);
        this.expr(e.index);
        this.list(e.mask ? [e.mask] : []);
        return;
      case "op":
        this.text += `${e.op}${typeKey(e.type)}(`;
        for (const a of e.args) this.expr(a);
        this.text += ")";
        return;
      case "convert":
      case "splat":
      case "anyLane":
        this.text += `${e.kind}${typeKey(e.type)}`;
        this.expr(e.value);
        return;
      case "extract":
        this.text += `lane${e.lane}`;
        this.expr(e.value);
        return;
      case "rotate":
        this.text += `rotate${e.by}`;
        this.expr(e.value);
        return;
      case "if":
        this.text += "?";
        this.expr(e.condition);
        this.expr(e.then);
        this.expr(e.otherwise);
        return;
      case "ramp":
        this.text += `ramp${typeKey(e.type)}`;
        return;
      case "builtin":
        this.text += e.name;
        return;
    }
  }
}

const typeKey = (t: LoopType): string => (t.lanes === 1 ? `${t.scalar} ` : `${t.scalar}x${t.lanes} `);
