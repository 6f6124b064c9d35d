// Building one dispatch: a region to emit into, whose names are the words of a frame, device scalars and bound arrays. What the code turns
// out not to use is left out of the kernel.
import type { HostExpr } from "../../abi.js";
import type { Span } from "../../compiler/diagnostic.js";
import { symbolsOfSize } from "../../compiler/size.js";
import type { Buffer, LoopBlock, LoopExpr, LoopStmt, LoopVar } from "../loop.js";
import type { ArrayVar, Scalar, Var } from "../nest.js";
import type { BufferAt, GpuKernel } from "../plan.js";
import { add, int, load, mul, read } from "../schedule/scalar/build.js";
import { lowerShape } from "../schedule/scalar/index.js";
import { sequentialStrategy } from "../schedule/scalar/kernel.js";
import {
  createLowering,
  freshBuffer,
  freshVar,
  named,
  type ReduceExpr,
  type Region,
  type Strategy,
  variable,
} from "../schedule/scalar/region.js";
import type { Bounds } from "./bounds.js";
import { hostMul } from "./host.js";
import type { Planner } from "./planner.js";
import { pruned, walkLoop } from "./prune.js";
import { placeScratch } from "./scratch.js";

export interface KernelShape {
  readonly name: string;
  readonly at?: Span;
  readonly note?: string;
  readonly workgroup: number;
  /** Lowers a reduction outside nests, or leaves it to the invocation. */
  readonly reduce?: (k: KernelBuilder, region: Region, e: ReduceExpr) => LoopExpr | undefined;
}

/** Names of outer scopes that the code may use. */
export interface Uses {
  readonly vars: ReadonlySet<number>;
  readonly arrays: ReadonlySet<number>;
  /** Device scalars that the code assigns to. */
  readonly sets?: ReadonlySet<number>;
}

export class KernelBuilder {
  readonly region: Region;
  /** Invocations of one dispatch, for arrays that each has of its own. */
  readonly threads: HostExpr;
  private readonly frame: { readonly v: LoopVar; readonly value: HostExpr }[] = [];
  private readonly known = new Map<number, Bounds>();
  private readonly places = new Map<Buffer, BufferAt>();

  constructor(
    private readonly planner: Planner,
    private readonly shape: KernelShape,
    groups: HostExpr,
    stops: boolean,
  ) {
    this.threads = hostMul(groups, shape.workgroup);
    const reduce: Strategy["reduce"] = (region, e) => shape.reduce?.(this, region, e);
    this.region = {
      lowering: createLowering({ ...sequentialStrategy, registerElements: 256, reduce }),
      out: [],
      stops,
    };
  }

  /** Makes names of outer scopes known here. */
  use(uses: Uses): void {
    const arrays = [...uses.arrays].map((id) => this.planner.arrayVar(id));
    const vars = new Set(uses.vars);
    for (const a of arrays) for (const s of a.shape) for (const v of symbolsOfSize(s)) vars.add(v.id);
    for (const id of vars) if (!uses.sets?.has(id)) this.useVar(this.planner.variable(id));
    for (const id of uses.sets ?? []) this.useMutable(this.planner.variable(id));
    for (const a of arrays) this.useArray(a);
  }

  private useVar(v: Var): void {
    const { scalars } = this.region.lowering;
    if (scalars.has(v.id)) return;
    const host = this.planner.name(v.id);
    if (host !== undefined) scalars.set(v.id, this.word(v.name, v.type, host));
    else {
      const value = named(this.region, v.name, this.device(v));
      scalars.set(v.id, value);
      const bounds = this.planner.bounds(v.id);
      if (bounds && value.kind === "var") this.know(value.var, bounds);
    }
  }

  private useMutable(v: Var): void {
    this.region.lowering.scalars.set(v.id, read(variable(this.region, v.name, this.device(v))));
  }

  private device(v: Var): LoopExpr {
    return load(this.wordBuffer(v), int(0));
  }

  /** The cell of a device scalar. */
  wordBuffer(v: Var): Buffer {
    const buffer = { ...freshBuffer(this.region.lowering, v.name, v.type, "scratch"), length: 1 };
    this.places.set(buffer, { kind: "word", word: this.planner.word(v) });
    return buffer;
  }

  private useArray(a: ArrayVar): void {
    const { lowering } = this.region;
    const index = this.planner.arrayIndex(a);
    const shape = lowerShape(this.region, a.name, a.shape);
    lowering.arrays.set(a.id, { ...this.bind(a.name, a.type, index), shape });
  }

  /** A buffer for an array of the plan, and where the array begins in it. */
  bind(name: string, scalar: Scalar, index: number): { readonly buffer: Buffer; readonly offset?: LoopExpr } {
    // As a `result` it is not made again where the code declares it.
    const buffer = freshBuffer(this.region.lowering, name, scalar, "result");
    if (this.planner.arrays[index]?.slab) {
      this.places.set(buffer, { kind: "slab" });
      return { buffer, offset: this.word(`${name}Start`, "i32", `$slab${index}`) };
    }
    this.places.set(buffer, { kind: "array", array: index, write: false });
    return { buffer };
  }

  /** A word of the frame: the same value for all invocations, worked out by the host. */
  word(name: string, type: Scalar, value: HostExpr): LoopExpr {
    if (typeof value === "number" && type !== "bool") return { kind: "const", type: { scalar: type, lanes: 1 }, value };
    const v = freshVar(this.region.lowering, name, type);
    this.frame.push({ v, value });
    return read(v);
  }

  /** Notes what the host knows of a variable that the code computes, or of a device scalar. */
  know(v: LoopVar, bounds: Bounds): void {
    this.known.set(v.id, bounds);
  }

  knownBounds(v: LoopVar): Bounds | undefined {
    const word = this.frame.find((f) => f.v === v);
    return word ? { lo: word.value, hi: word.value } : this.known.get(v.id);
  }

  /** Which invocation of the whole grid this is. */
  thread(): LoopExpr {
    return threadIndex(this.shape.workgroup);
  }

  finish(): GpuKernel {
    const body = placeScratch(this, this.planner, pruned(this.region.out));
    const used = usedNames(body);
    const frame = this.frame.filter((f) => used.vars.has(f.v.id));
    const buffers = [...this.places]
      .filter(([b]) => used.buffers.has(b))
      .map(([buffer, at]) => ({ buffer, at: at.kind === "array" ? { ...at, write: used.written.has(buffer) } : at }));
    const { reduce: _, ...shape } = this.shape;
    return {
      ...shape,
      body: { name: shape.name, scalars: frame.map((f) => f.v), buffers: buffers.map((b) => b.buffer), body },
      frame: frame.map((f) => f.value),
      buffers,
      ...(this.planner.guard === undefined ? {} : { guard: this.planner.guard }),
    };
  }

  place(buffer: Buffer, at: BufferAt): void {
    this.places.set(buffer, at);
  }
}

export const builtin = (name: "workgroup" | "invocation" | "workgroups"): LoopExpr => ({
  kind: "builtin",
  type: { scalar: "i32", lanes: 1 },
  name,
});

export const threadIndex = (workgroup: number): LoopExpr =>
  workgroup === 1 ? builtin("workgroup") : add(mul(builtin("workgroup"), int(workgroup)), builtin("invocation"));

function usedNames(body: LoopBlock): {
  readonly vars: ReadonlySet<number>;
  readonly buffers: ReadonlySet<Buffer>;
  readonly written: ReadonlySet<Buffer>;
} {
  const vars = new Set<number>();
  const buffers = new Set<Buffer>();
  const written = new Set<Buffer>();
  walkLoop(body, {
    expr: (e) => {
      if (e.kind === "var") vars.add(e.var.id);
      else if (e.kind === "load") buffers.add(e.buffer);
    },
    stmt: (s: LoopStmt) => {
      if (s.kind !== "store") return;
      buffers.add(s.buffer);
      written.add(s.buffer);
    },
  });
  return { vars, buffers, written };
}
