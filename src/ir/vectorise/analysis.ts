// What is known of a loop before its turns are put side by side: which names differ from turn to turn, which of them by a fixed step,
// which memory a turn has for itself, and which variables only collect what the turns give.
import type { Buffer, LoopBlock, LoopExpr, LoopStmt } from "../loop.js";
import { integerOf } from "../loop-types.js";
import { blocksOf, childrenOf, exprsOf, walkBlock, walkExpr } from "../loop-walk.js";
import { type Accumulator, accumulatorsOf } from "./accumulator.js";

export type ForLoop = Extract<LoopStmt, { readonly kind: "for" }>;

export class Analysis {
  /** Names of the body whose values differ from turn to turn, the loop's own among them. */
  readonly varying = new Set<number>();
  /** Immutable integers that grow by so much from turn to turn. */
  readonly steps = new Map<number, number>();
  /** Buffers that each turn has for itself. */
  readonly privates = new Map<number, Buffer>();
  readonly accumulators: readonly Accumulator[];
  private readonly answers = new Map<LoopExpr, boolean>();

  /** `shared` says of register buffers whether anything outside the loop speaks of them. */
  constructor(
    readonly loop: ForLoop,
    shared: (buffer: Buffer) => boolean,
  ) {
    const { body } = loop;
    walkBlock(
      body,
      (s) => {
        if (s.kind === "alloc") this.privates.set(s.buffer.id, s.buffer);
        if (s.kind === "store" || s.kind === "scatter") this.notePrivate(s.buffer, shared);
      },
      (e) => {
        if (e.kind === "load" || e.kind === "gather") this.notePrivate(e.buffer, shared);
      },
    );
    this.accumulators = accumulatorsOf(body);
    this.varying.add(loop.var.id);
    for (const a of this.accumulators) for (const v of a.vars) this.varying.add(v.id);
    // Names only become varying, so this ends.
    for (let before = -1; before !== this.varying.size; ) {
      before = this.varying.size;
      this.answers.clear();
      this.spread(body, false);
    }
    this.steps.set(loop.var.id, 1);
    this.findSteps(body);
  }

  private notePrivate(b: Buffer, shared: (buffer: Buffer) => boolean): void {
    if (b.space === "register" && !shared(b)) this.privates.set(b.id, b);
  }

  private spread(block: LoopBlock, differs: boolean): void {
    for (const s of block) {
      switch (s.kind) {
        case "let":
          if (this.isVarying(s.value)) this.varying.add(s.var.id);
          break;
        case "set":
          if (differs || this.isVarying(s.value)) this.varying.add(s.var.id);
          break;
        case "for":
          this.spread(s.body, differs || this.isVarying(s.lo) || this.isVarying(s.hi));
          break;
        case "while":
        case "if":
          for (const inner of blocksOf(s)) this.spread(inner, differs || this.isVarying(s.condition));
          break;
        default:
          break;
      }
    }
  }

  isVarying(e: LoopExpr): boolean {
    const known = this.answers.get(e);
    if (known !== undefined) return known;
    const answer =
      e.kind === "var"
        ? this.varying.has(e.var.id)
        : ((e.kind === "load" || e.kind === "gather") && this.privates.has(e.buffer.id)) ||
          childrenOf(e).some((c) => this.isVarying(c));
    // A name's answer may change while the analysis goes on, and is as quick to find again.
    if (e.kind !== "var") this.answers.set(e, answer);
    return answer;
  }

  private findSteps(block: LoopBlock): void {
    for (const s of block) {
      if (s.kind === "let" && !s.var.mutable && this.varying.has(s.var.id)) {
        const step = this.stepOf(s.value);
        if (step) this.steps.set(s.var.id, step);
      }
      for (const inner of blocksOf(s)) this.findSteps(inner);
    }
  }

  /** By how much an integer grows from turn to turn, where that is a constant. */
  stepOf(e: LoopExpr): number | undefined {
    if (!this.isVarying(e)) return 0;
    if (e.type.scalar !== "i32" || e.type.lanes !== 1) return undefined;
    if (e.kind === "var") return this.steps.get(e.var.id);
    if (e.kind !== "op") return undefined;
    const [a, b] = e.args;
    if (!a || !b) return undefined;
    const x = this.stepOf(a);
    const y = this.stepOf(b);
    if (x === undefined || y === undefined) return undefined;
    switch (e.op) {
      case "add":
        return x + y;
      case "sub":
        return x - y;
      case "mul": {
        const by = integerOf(a) ?? integerOf(b);
        return by === undefined ? undefined : by * (integerOf(a) === undefined ? x : y);
      }
      default:
        return undefined;
    }
  }

  /** Whether anything that differs from turn to turn takes 64 bits. */
  isWide(): boolean {
    const isDouble = (x: { readonly scalar: string }): boolean => x.scalar === "f64";
    let wide = this.accumulators.some((a) => a.vars.some((v) => isDouble(v.type)));
    for (const b of this.privates.values()) wide ||= isDouble(b);
    walkBlock(
      this.loop.body,
      (s) => {
        if (s.kind === "store" || s.kind === "scatter") wide ||= isDouble(s.buffer);
        if (s.kind === "let" || s.kind === "set") wide ||= isDouble(s.var.type) && this.varying.has(s.var.id);
      },
      (e) => {
        wide ||= isDouble(e.type) && this.isVarying(e);
      },
    );
    return wide;
  }
}

/** Expressions of a block that stand in its statements, those of its blocks too. */
export function countNodes(block: LoopBlock): number {
  let count = 0;
  walkBlock(
    block,
    () => {
      count++;
    },
    () => {
      count++;
    },
  );
  return count;
}

export function containsLoad(e: LoopExpr): boolean {
  let found = false;
  walkExpr(e, (x) => {
    if (x.kind === "load" || x.kind === "gather") found = true;
  });
  return found;
}

export const hasLoops = (block: LoopBlock): boolean =>
  block.some((s) => s.kind === "for" || s.kind === "while" || blocksOf(s).some(hasLoops));

/** Whether the loads of a block's statements, or their number, make it worth to ask first whether any turn takes it. */
export const isLight = (block: LoopBlock): boolean =>
  block.length <= 4 &&
  block.every((s) => (s.kind === "let" || s.kind === "set") && exprsOf(s).every((e) => !containsLoad(e)));
