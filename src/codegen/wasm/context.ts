// What the emitters of one WASM function share: its locals, where variables and buffers live, and what is known of them.
import binaryen from "binaryen";
import type { Span } from "../../compiler/diagnostic.js";
import type { Buffer, LoopExpr, LoopType, LoopVar } from "../../ir/loop.js";
import type { Life } from "./life.js";
import type { Ref, WasmModule, WasmType } from "./raw.js";

/** What Binaryen makes a function of. */
export interface EmittedFunction {
  readonly name: string;
  readonly params: WasmType;
  readonly result: WasmType;
  readonly locals: readonly WasmType[];
  readonly body: Ref;
  /** Whether anything was emitted that hangs on whether relaxed instructions may be used. */
  readonly relaxedMatters: boolean;
  /** Names of its locals and places of its statements, for reading. */
  readonly names: ReadonlyMap<number, string>;
  readonly places: readonly { readonly ref: Ref; readonly at: Span }[];
}

/** Functions by what they do, with and without relaxed instructions. */
export class SharedJobs {
  private readonly plain = new Map<string, EmittedFunction>();
  private readonly relaxed = new Map<string, EmittedFunction>();
  private names = 0;

  /** Kernels of several programs may have one name. */
  newName(): string {
    return `$job${this.names++}`;
  }
  find(key: string, relaxed: boolean): EmittedFunction | undefined {
    return (relaxed ? this.relaxed : this.plain).get(key);
  }
  add(key: string, relaxed: boolean, f: EmittedFunction): void {
    if (relaxed || !f.relaxedMatters) this.relaxed.set(key, f);
    if (!relaxed || !f.relaxedMatters) this.plain.set(key, f);
  }
}

/** What holds for all functions of a kernel. */
export interface ModuleContext {
  readonly m: WasmModule;
  readonly relaxed: boolean;
  /** All that the kernel is made of, bodies that another kernel has too among them. One may stand there twice. */
  readonly functions: EmittedFunction[];
  /** Outlined bodies of all kernels, of which each is made once. */
  readonly shared: SharedJobs;
  /** The functions that outlined bodies of `parallel` became, in the order in which they stand in the table, from where the global `jobsOf(kernel)` says. */
  readonly jobs: string[];
  /** Whether people read it: each name keeps its local, and statements their places. */
  readonly legible: boolean;
  readonly life: Life;
  /** The kernel at hand, for names. */
  readonly kernel: string;
}

/** The global that says where in the table a kernel's outlined bodies begin. */
export const jobsOf = (kernel: string): string => `${kernel}$jobs`;

/** Where a buffer's elements are: memory at a local's address plus a constant, or a local for each vector (or element). */
export type Place =
  | { readonly kind: "memory"; readonly base: number; readonly offset: number }
  | { readonly kind: "locals"; readonly first: number; readonly lanes: number };

/** Locals that every function has: the status record's address, and its part of scratch: where it begins, where what is free begins, its end. */
export interface FixedLocals {
  readonly status: number;
  readonly scratchStart: number;
  readonly scratch: number;
  readonly scratchEnd: number;
}

/** A job can't leave the kernel, and shares the status record with others. An estimate only computes. */
export type Role = "kernel" | "job" | "estimate";

export const wasmType = (t: LoopType): WasmType =>
  t.lanes > 1 ? binaryen.v128 : t.scalar === "f32" ? binaryen.f32 : t.scalar === "f64" ? binaryen.f64 : binaryen.i32;

export class FunctionContext {
  readonly m: WasmModule;
  private readonly types: WasmType[];
  private readonly names = new Map<number, string>();
  private readonly vars = new Map<number, number>();
  readonly places = new Map<number, Place>();
  private readonly nonNegative = new Set<number>();
  private readonly locations: { readonly ref: Ref; readonly at: Span }[] = [];
  /** Locals of each type that may be used again, and those that the innermost scope holds. */
  private readonly free = new Map<WasmType, number[]>();
  private taken: number[] = [];
  private labels = 0;
  /** How many parameters there are; other locals come after them. */
  private readonly params: number;
  readonly fixed: FixedLocals;
  private relaxedMatters = false;

  constructor(
    readonly module: ModuleContext,
    params: readonly { readonly type: WasmType; readonly name: string }[],
    readonly role: Role,
  ) {
    this.m = module.m;
    this.types = params.map((p) => p.type);
    this.params = params.length;
    params.forEach((p, k) => {
      this.names.set(k, p.name);
    });
    // A kernel's first parameters are the status record, scratch and its end; a job's are the frame and the same.
    this.fixed = {
      status: role === "job" ? this.local(binaryen.i32, "status") : 0,
      scratchStart: role === "estimate" ? 0 : this.local(binaryen.i32, "scratchStart"),
      scratch: 1,
      scratchEnd: 2,
    };
  }

  /** Whether relaxed instructions may be used: asked where an answer of either kind makes a difference. */
  mayRelax(): boolean {
    this.relaxedMatters = true;
    return this.module.relaxed;
  }

  /** A local until the innermost `scoped` ends. Names are for reading. */
  local(type: WasmType, name: string): number {
    const index = this.reused(type) ?? this.newLocal(type, name);
    this.taken.push(index);
    return index;
  }
  /** The lowest: what is used much has a short number, and code that is alike is the same. */
  private reused(type: WasmType): number | undefined {
    const free = this.free.get(type);
    if (!free || free.length === 0) return undefined;
    const lowest = Math.min(...free);
    free.splice(free.indexOf(lowest), 1);
    return lowest;
  }
  /** Locals in a row, for the whole function: the first of them. */
  row(type: WasmType, names: readonly string[]): number {
    const [first = 0] = names.map((name) => this.newLocal(type, name));
    return first;
  }
  private newLocal(type: WasmType, name: string): number {
    const index = this.types.push(type) - 1;
    this.names.set(index, name);
    return index;
  }
  /** What `body` emits runs as a whole before what is emitted next: its locals may be used again after it. */
  scoped<T>(body: () => T): T {
    // Each name keeps its local where people read the module.
    if (this.module.legible) return body();
    const outer = this.taken;
    this.taken = [];
    const made = body();
    for (const local of this.taken) this.giveBack(local);
    this.taken = outer;
    return made;
  }
  /** A local of the innermost scope that nothing needs from here on. */
  release(local: number): void {
    const at = this.taken.indexOf(local);
    if (at < 0 || this.module.legible) return;
    this.taken.splice(at, 1);
    this.giveBack(local);
  }
  private giveBack(local: number): void {
    const type = this.types[local] as WasmType;
    const free = this.free.get(type);
    if (free) free.push(local);
    else this.free.set(type, [local]);
  }
  get(local: number): Ref {
    return this.m.local.get(local, this.types[local] as WasmType);
  }
  set(local: number, value: Ref): Ref {
    return this.m.local.set(local, value);
  }
  tee(local: number, value: Ref): Ref {
    return this.m.local.tee(local, value, this.types[local] as WasmType);
  }
  /** A value that is used more than once, where `first` is evaluated before all that `again` gives. */
  twice(type: WasmType, value: Ref, body: (first: Ref, again: () => Ref) => Ref): Ref {
    const local = this.local(type, "t");
    return body(this.tee(local, value), () => this.get(local));
  }
  /** A value that is used more than once: `body` gets it anew for each use. */
  naming(type: WasmType, value: Ref, body: (get: () => Ref) => Ref): Ref {
    const local = this.local(type, "t");
    return this.m.block(null, [this.set(local, value), body(() => this.get(local))], binaryen.auto);
  }
  label(name: string): string {
    return `${name}${this.labels++}`;
  }

  declare(v: LoopVar): number {
    const local = this.local(wasmType(v.type), v.name);
    this.bind(v, local);
    return local;
  }
  bind(v: LoopVar, local: number): void {
    this.vars.set(v.id, local);
    if (v.nonNegative) this.nonNegative.add(v.id);
  }
  localOf(v: LoopVar): number {
    const local = this.vars.get(v.id);
    if (local === undefined) throw new Error(`internal: ${v.name}.${v.id} has no local`);
    return local;
  }
  placeOf(b: Buffer): Place {
    const place = this.places.get(b.id);
    if (!place) throw new Error(`internal: the buffer ${b.name}.${b.id} has no place`);
    return place;
  }

  noteNonNegative(v: LoopVar): void {
    if (!v.mutable) this.nonNegative.add(v.id);
  }
  /**
   * Whether an index is known not to be negative; sums and products of indices are taken not to wrap. A constant behind such an index can
   * go into the offset of a load, which WASM adds without wrapping.
   */
  isNonNegative(e: LoopExpr): boolean {
    switch (e.kind) {
      case "const":
        return e.value >= 0;
      case "var":
        return this.nonNegative.has(e.var.id);
      case "op": {
        const all = (): boolean => e.args.every((a) => this.isNonNegative(a));
        const some = (): boolean => e.args.some((a) => this.isNonNegative(a));
        if (e.op === "add" || e.op === "mul" || e.op === "min" || e.op === "idiv") return all();
        if (e.op === "max" || e.op === "bitAnd") return some();
        if (e.op === "imod") return e.args[1] !== undefined && this.isNonNegative(e.args[1]);
        return e.op === "select" && e.args.slice(1).every((a) => this.isNonNegative(a));
      }
      default:
        return false;
    }
  }

  /** Remembers the line of a statement, for reading. */
  at(ref: Ref, at: Span | undefined): Ref {
    if (at && this.module.legible) this.locations.push({ ref, at });
    return ref;
  }

  /** Makes the function. */
  finish(name: string, result: WasmType, body: readonly Ref[]): EmittedFunction {
    const made: EmittedFunction = {
      name,
      params: binaryen.createType(this.types.slice(0, this.params)),
      result,
      locals: this.types.slice(this.params),
      body: this.m.block(null, body, result),
      relaxedMatters: this.relaxedMatters,
      names: this.names,
      places: this.locations,
    };
    this.module.functions.push(made);
    return made;
  }
}
