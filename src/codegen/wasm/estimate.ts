// `f$scratch`: how much scratch a kernel will ask for, as far as that can be told from its sizes and scalars. Lengths that depend on
// loops or data are left out: a kernel that finds too little says so and is called again.
import binaryen from "binaryen";
import { TEAM } from "../../abi.js";
import type { LoopBlock, LoopExpr, LoopFunction, LoopStmt } from "../../ir/loop.js";
import { walkBlock, walkExpr } from "../../ir/loop-walk.js";
import { FunctionContext, type ModuleContext, wasmType } from "./context.js";
import { emit } from "./expression.js";
import { frameBytes } from "./fork.js";
import { registerBytes } from "./places.js";
import type { Ref } from "./raw.js";
import { scratchBytes } from "./scratch.js";

export const estimateName = (kernel: string): string => `${kernel}$scratch`;

/** `own` is the body without those of its forks. */
export function emitEstimate(module: ModuleContext, f: LoopFunction, own: LoopBlock): void {
  const c = new FunctionContext(
    module,
    f.scalars.map((v) => ({ type: wasmType(v.type), name: v.name })),
    "estimate",
  );
  f.scalars.forEach((v, k) => {
    c.bind(v, k);
  });
  // They are asked before any check: a negative size is none.
  const sizes = f.scalars.flatMap((v, k) =>
    v.nonNegative ? [c.set(k, c.m.select(c.m.i32.gt_s(c.get(k), c.m.i32.const(0)), c.get(k), c.m.i32.const(0)))] : [],
  );
  const estimate = new Estimate(c, new Set(f.scalars.map((v) => v.id)), namesInLengths(f.body));
  const body = estimate.block(f.body, registerBytes(own));
  c.finish(estimateName(f.name), binaryen.f64, [...sizes, ...body, c.get(estimate.peak)]);
}

/** The names that lengths and the arguments of calls are made of: nothing else needs to be computed. */
function namesInLengths(body: LoopBlock): ReadonlySet<number> {
  const values = new Map<number, LoopExpr>();
  const names = new Set<number>();
  const wanted: LoopExpr[] = [];
  walkBlock(body, (s) => {
    if (s.kind === "let") values.set(s.var.id, s.value);
    if (s.kind === "alloc") wanted.push(s.length);
    if (s.kind === "call") wanted.push(...s.scalars);
  });
  for (let e = wanted.pop(); e; e = wanted.pop())
    walkExpr(e, (x) => {
      if (x.kind !== "var" || names.has(x.var.id)) return;
      names.add(x.var.id);
      const value = values.get(x.var.id);
      if (value) wanted.push(value);
    });
  return names;
}

/** Code that goes through a kernel's blocks as the kernel does, and counts. */
class Estimate {
  /** Bytes that are taken, and the most that were. */
  private readonly taken: number;
  readonly peak: number;

  constructor(
    private readonly c: FunctionContext,
    /** Names whose values are known here. */
    private readonly known: Set<number>,
    private readonly needed: ReadonlySet<number>,
  ) {
    this.taken = c.local(binaryen.f64, "taken");
    this.peak = c.local(binaryen.f64, "peak");
  }

  private isKnown(e: LoopExpr): boolean {
    let all = true;
    walkExpr(e, (x) => {
      if (x.kind === "load" || x.kind === "gather" || (x.kind === "var" && !this.known.has(x.var.id))) all = false;
    });
    return all;
  }

  private take(bytes: Ref): Ref {
    const { c } = this;
    const { f64 } = c.m;
    const taken = c.tee(this.taken, f64.add(c.get(this.taken), bytes));
    return c.set(this.peak, f64.max(taken, c.get(this.peak)));
  }

  /** What a block takes beside `fixed` bytes. */
  block(block: LoopBlock, fixed = 0): Ref[] {
    return this.c.scoped(() => this.within(block, fixed));
  }

  private within(block: LoopBlock, fixed: number): Ref[] {
    const { c } = this;
    const { m } = c;
    // Before what is inside, whose locals are free again after it.
    const before = c.local(binaryen.f64, "before");
    const inside = block.flatMap((s): Ref[] => {
      switch (s.kind) {
        case "let": {
          if (!this.needed.has(s.var.id) || s.var.mutable || s.var.type.lanes !== 1 || !this.isKnown(s.value))
            return [];
          const value = emit(c, s.value);
          this.known.add(s.var.id);
          return [c.set(c.declare(s.var), value)];
        }
        case "alloc":
          return this.isKnown(s.length) ? [this.take(scratchBytes(c, s))] : [];
        case "for":
        case "while":
          return this.block(s.body);
        case "if":
          return [...this.block(s.then), ...this.block(s.otherwise)];
        case "call":
          return this.call(s);
        case "parallel":
          return this.fork(s);
        default:
          return [];
      }
    });
    if (fixed === 0 && inside.length === 0) return [];
    return [
      c.set(before, c.get(this.taken)),
      ...(fixed > 0 ? [this.take(m.f64.const(fixed))] : []),
      ...inside,
      c.set(this.taken, c.get(before)),
    ];
  }

  /** A function that is called gives back what it takes. Scalars that are not known here count as 0. */
  private call(s: Extract<LoopStmt, { readonly kind: "call" }>): Ref[] {
    const { c } = this;
    const { m } = c;
    const zero = (e: LoopExpr): Ref =>
      e.type.scalar === "f64" ? m.f64.const(0) : e.type.scalar === "f32" ? m.f32.const(0) : m.i32.const(0);
    const scalars = s.scalars.map((e) => (this.isKnown(e) ? emit(c, e) : zero(e)));
    const before = c.local(binaryen.f64, "beforeCall");
    return [
      c.set(before, c.get(this.taken)),
      this.take(m.call(estimateName(s.function), scalars, binaryen.f64)),
      c.set(this.taken, c.get(before)),
    ];
  }

  /** Every thread takes what one turn takes. */
  private fork(s: Extract<LoopStmt, { readonly kind: "parallel" }>): Ref[] {
    const { c } = this;
    const { f64, i32 } = c.m;
    const frame = frameBytes(s);
    const peak = c.local(binaryen.f64, "peakBefore");
    const taken = c.local(binaryen.f64, "takenBefore");
    const turn = this.block(s.body, registerBytes(s.body));
    if (turn.length === 0) return [this.take(f64.const(frame))];
    const team = (): Ref => c.m.global.get("team", binaryen.i32);
    const workers = c.m.if(team(), i32.load(TEAM.workers, 4, team()), i32.const(0));
    const threads = f64.convert_s.i32(i32.add(workers, i32.const(1)));
    const all = f64.add(f64.const(frame), f64.mul(threads, f64.add(c.get(this.peak), f64.const(16))));
    return [
      c.set(peak, c.get(this.peak)),
      c.set(taken, c.get(this.taken)),
      c.set(this.taken, f64.const(0)),
      c.set(this.peak, f64.const(0)),
      ...turn,
      c.set(this.peak, f64.max(c.get(peak), f64.add(c.get(taken), all))),
      c.set(this.taken, c.get(taken)),
    ];
  }
}
