// The plan while it is made: steps, kernels, and where each name of the Nest IR lives (with the host, or in a word or an array of the device).
import type { HostExpr, PlanArray, PlanStep, Word } from "../../abi.js";
import { type Size, symbolsOfSize } from "../../compiler/size.js";
import type { ArrayVar, Axis, Block, Expr, Kernel, Scalar, Var } from "../nest.js";
import { walkBlock, walkExpr, walkKernel } from "../nest-walk.js";
import { firstWord, type GpuKernel, type GpuPlan, wordOf } from "../plan.js";
import { polynomialExpr } from "../polynomial.js";
import { axisBounds, type Bounds, type BoundsScope, boundsFrom, boundsOf, narrowed } from "./bounds.js";
import { hostExpr, hostMax, hostMul } from "./host.js";
import { KernelBuilder, type KernelShape } from "./kernel.js";
import { Unbounded } from "./unbounded.js";

export class Planner implements BoundsScope {
  readonly arrays: PlanArray[] = [];
  readonly kernels: GpuKernel[] = [];
  /** The word that says whether the statements being planned are to run at all. */
  guard: number | undefined;
  private list: PlanStep[] = [];
  private readonly vars = new Map<number, Var>();
  private readonly arrayVars = new Map<number, ArrayVar>();
  private readonly hostNames = new Map<number, string>();
  private readonly words = new Map<number, number>();
  private known = new Map<number, Bounds>();
  private readonly placed = new Map<number, number>();
  private nextWord: number;
  private nextId = 0;
  private readonly kept = new Set<number>();
  /** How often each variable is read in the kernel. */
  private readonly reads: ReadonlyMap<number, number>;
  private readonly firstFresh: number;
  /** Values that the host has waited for. */
  private waits = 0;

  constructor(
    readonly kernel: Kernel,
    /** Arrays that share the slab, by `ArrayVar.id`. */
    private readonly slab: ReadonlySet<number>,
  ) {
    this.nextWord = firstWord(kernel.checks.length);
    this.collectNames();
    this.firstFresh = this.nextId;
    this.reads = countReads(
      kernel.body,
      kernel.results.flatMap((r) => (r.kind === "scalar" ? [r.value] : [])),
    );
    for (const a of this.arrayVars.values())
      for (const d of a.shape) for (const v of symbolsOfSize(d)) this.kept.add(v.id);
    for (const v of [...kernel.sizes, ...kernel.scalars]) this.toHost(v);
  }

  /** A host name for what is read from the device. */
  freshRead(name: string): string {
    return `${name}.read${this.waits++}`;
  }

  private collectNames(): void {
    const see = (v: Var): void => {
      this.vars.set(v.id, v);
      this.nextId = Math.max(this.nextId, v.id + 1);
    };
    const seeArray = (a: ArrayVar): void => {
      this.arrayVars.set(a.id, a);
      this.nextId = Math.max(this.nextId, a.id + 1);
    };
    const { sizes, scalars, params } = this.kernel;
    for (const v of [...sizes, ...scalars]) see(v);
    for (const a of params) seeArray(a);
    walkKernel(this.kernel, {
      expr: (e) => {
        if (e.kind === "reduce") for (const a of e.axes) see(a.var);
        return true;
      },
      stmt: (s) => {
        if (s.kind === "let" || s.kind === "for") see(s.var);
        else if (s.kind === "declare" || s.kind === "list") seeArray(s.array);
        else if (s.kind === "loop") {
          see(s.turn);
          see(s.turns);
        } else if (s.kind === "nest") {
          for (const a of s.nest.axes) see(a.var);
          for (const y of s.nest.yields) seeArray(y.array);
        } else if (s.kind === "host") for (const r of s.results) "shape" in r ? seeArray(r) : see(r);
        return true;
      },
    });
  }

  // Names.

  freshVar(name: string, type: Scalar, mutable = false): Var {
    const v: Var = { id: this.nextId++, name, type, mutable };
    this.vars.set(v.id, v);
    return v;
  }

  freshArray(name: string, type: Scalar, shape: readonly Size[]): ArrayVar {
    const a: ArrayVar = { id: this.nextId++, name, type, shape, role: "local", mutable: true };
    this.arrayVars.set(a.id, a);
    return a;
  }

  variable(id: number): Var {
    const v = this.vars.get(id);
    if (!v) throw new Error(`internal: no variable ${id} in ${this.kernel.name}`);
    return v;
  }

  arrayVar(id: number): ArrayVar {
    const a = this.arrayVars.get(id);
    if (!a) throw new Error(`internal: no array ${id} in ${this.kernel.name}`);
    return a;
  }

  /** The host knows it from here on, under the name that is given back. */
  toHost(v: Var): string {
    const name = `${v.name}.${v.id}`;
    this.hostNames.set(v.id, name);
    return name;
  }

  name = (id: number): string | undefined => this.hostNames.get(id);

  host(e: Expr): HostExpr | undefined {
    return hostExpr(e, this.name);
  }

  /** The value is a size's, which is never negative. */
  isSize = (e: HostExpr): boolean =>
    typeof e === "string" && this.kernel.sizes.some((v) => this.hostNames.get(v.id) === e);

  /** The word of a device scalar. */
  word(v: Var): number {
    const known = this.words.get(v.id);
    if (known !== undefined) return known;
    this.words.set(v.id, this.nextWord);
    return this.nextWord++;
  }

  wordType = (v: Var): Word => wordOf(v.type);

  /** The scalar that a word holds. */
  wordVar(word: number): Var {
    for (const [id, at] of this.words) if (at === word) return this.variable(id);
    throw new Error(`internal: no scalar is in word ${word}`);
  }

  /** Its word is read by something that is no expression of the kernel. */
  keep(v: Var): void {
    this.kept.add(v.id);
  }

  /** Whether what a run of statements makes is read by others. */
  readsOutside(v: Var, block: Block): boolean {
    if (v.id >= this.firstFresh || this.kept.has(v.id)) return true;
    return (this.reads.get(v.id) ?? 0) > (countReads(block, []).get(v.id) ?? 0);
  }

  get controlBytes(): number {
    const first = firstWord(this.kernel.checks.length);
    return this.kernel.checks.length === 0 && this.nextWord === first ? 0 : 4 * this.nextWord;
  }

  // Bounds.

  bounds = (id: number): Bounds | undefined => this.known.get(id);

  know(v: Var, bounds: Bounds): void {
    this.known.set(v.id, bounds);
  }

  /** What holds of names from here on: elsewhere the call has failed. */
  assume(condition: Expr): void {
    for (const { id, bounds } of boundsFrom(condition, this))
      if (!this.hostNames.has(id)) this.known.set(id, narrowed(this.known.get(id), bounds));
  }

  /** Names that the size of an array depends on and that the host knows no bound of. */
  unbounded(a: ArrayVar): readonly Var[] {
    const all = a.shape.flatMap((d) => (this.boundsOf(this.sizeExpr(d)).hi === undefined ? symbolsOfSize(d) : []));
    return [...new Set(all.map((v) => v.id))]
      .filter((id) => !this.hostNames.has(id) && this.known.get(id)?.hi === undefined)
      .map((id) => this.variable(id));
  }

  /** Notes the bounds of axes, so that what depends on them is bounded too. */
  knowAxes(axes: readonly Axis[]): void {
    for (const a of axes) if (!this.hostNames.has(a.var.id)) this.know(a.var, axisBounds(a, this));
  }

  boundsOf(e: Expr): Bounds {
    return boundsOf(e, this);
  }

  /** At least the elements that an array of this shape has. */
  mostElements(name: string, shape: readonly Size[]): HostExpr {
    let most: HostExpr = 1;
    for (const s of shape) {
      const { hi } = this.boundsOf(this.sizeExpr(s));
      if (hi === undefined) throw new Unbounded(name);
      most = hostMul(most, typeof hi === "number" || symbolsOfSize(s).length === 1 ? hi : hostMax(hi, 0));
    }
    return most;
  }

  sizeExpr(s: Size): Expr {
    return polynomialExpr(s);
  }

  // Arrays.

  private push(array: PlanArray): number {
    return this.arrays.push(array) - 1;
  }

  /** An array that is handed in: a parameter's or a result's leaf. */
  given(a: ArrayVar, role: "param" | "result", leaf: number): number {
    // The runtime makes it: its length is not asked for.
    const outside = this.push({ name: a.name, element: wordOf(a.type), length: 0, role, leaf });
    if (!this.slab.has(a.id) && !this.placed.has(a.id) && a.role === role) this.placed.set(a.id, outside);
    return outside;
  }

  /** A parameter, under its own name or in the slab. */
  takeIn(a: ArrayVar, leaf: number): void {
    const outside = this.given(a, "param", leaf);
    if (!this.slab.has(a.id)) return;
    const to = this.make(a);
    this.step({ step: "copy", from: outside, fromStart: 0, to, toStart: 0, count: this.mostElements(a.name, a.shape) });
  }

  /** Where the array lives. */
  arrayIndex(a: ArrayVar): number {
    const index = this.placed.get(a.id);
    if (index === undefined) throw new Error(`internal: array ${a.name} is used before it is made`);
    return index;
  }

  /** Which array of the kernel lives there. */
  arrayAt(index: number): number | undefined {
    for (const [id, at] of this.placed) if (at === index) return id;
    return undefined;
  }

  isPlaced = (a: ArrayVar): boolean => this.placed.has(a.id);

  /** Makes a local array (again, where it was made in an earlier turn). */
  make(a: ArrayVar): number {
    const known = this.placed.get(a.id);
    if (known !== undefined && this.arrays[known]?.role !== "local") return known;
    const index =
      known ??
      this.push({
        name: a.name,
        element: wordOf(a.type),
        length: this.mostElements(a.name, a.shape),
        role: "local",
        ...(this.slab.has(a.id) ? { slab: true as const } : {}),
      });
    this.placed.set(a.id, index);
    this.step({ step: "make", array: index });
    return index;
  }

  /** An array of the plan's own; who asks for it drops it. */
  scratch(name: string, type: Scalar, length: HostExpr): number {
    const index = this.push({ name, element: wordOf(type), length, role: "local" });
    this.step({ step: "make", array: index });
    return index;
  }

  /** An array of the next dispatch alone. */
  temporary(name: string, type: Scalar, length: HostExpr): number {
    const index = this.scratch(name, type, length);
    this.pendingDrops.push(index);
    return index;
  }
  private readonly pendingDrops: number[] = [];

  drop(array: number): void {
    this.step({ step: "drop", array });
  }

  // Steps.

  plan(results: GpuPlan["results"]): GpuPlan {
    const { kernel, arrays, kernels } = this;
    return {
      name: kernel.name,
      sizes: kernel.sizes.map((v) => this.toHost(v)),
      scalars: kernel.scalars.map((v) => ({ name: this.toHost(v), type: wordOf(v.type) })),
      checks: kernel.checks.length,
      control: this.controlBytes,
      arrays,
      kernels,
      steps: this.list,
      results,
    };
  }

  step(s: PlanStep): void {
    this.list.push(s);
  }

  /** The steps that `plan` makes. What is known of names there need not hold elsewhere. */
  collect(plan: () => void): readonly PlanStep[] {
    const { list, known } = this;
    this.list = [];
    this.known = new Map(known);
    plan();
    const made = this.list;
    this.list = list;
    this.known = known;
    return made;
  }

  /** Plans a dispatch of `groups` workgroups, whose code `emit` writes. */
  dispatch(shape: KernelShape, groups: HostExpr, emit: (k: KernelBuilder) => void, stops = false): void {
    const builder = new KernelBuilder(this, shape, groups, stops);
    emit(builder);
    const kernel = builder.finish();
    if (kernel.body.body.length === 0) return;
    this.step({ step: "dispatch", kernel: this.kernels.push(kernel) - 1, groups });
    for (const array of this.pendingDrops.splice(0)) this.step({ step: "drop", array });
  }
}

function countReads(block: Block, results: readonly Expr[]): Map<number, number> {
  const counts = new Map<number, number>();
  const visitor = {
    expr: (e: Expr) => {
      if (e.kind === "var") counts.set(e.var.id, (counts.get(e.var.id) ?? 0) + 1);
      return true;
    },
  };
  walkBlock(block, visitor);
  for (const e of results) walkExpr(e, visitor);
  return counts;
}
