// Checks plans: names are known when they are read, arrays are there when they are used, kernels fit WebGPU's default limits, and each
// dispatch's Loop IR is right.
import type { HostExpr, PlanStep } from "../abi.js";
import { GPU_FAILURES } from "../abi.js";
import { verifyLoopFunction } from "./loop-verify.js";
import type { GpuKernel, GpuPlan } from "./plan.js";

/** Storage buffers that a stage may bind by default. */
const BINDINGS = 8;
/** Invocations of a workgroup, by default. */
const INVOCATIONS = 256;

class Verifier {
  readonly problems: string[] = [];
  private readonly names = new Set<string>(["$zero", "$turn"]);
  /** Arrays that have a buffer. */
  private readonly there = new Set<number>();

  constructor(private readonly plan: GpuPlan) {
    for (const n of plan.sizes) this.names.add(n);
    for (const s of plan.scalars) this.names.add(s.name);
    plan.arrays.forEach((a, k) => {
      if (a.slab) this.names.add(`$slab${k}`);
      if (a.role !== "local") this.there.add(k);
    });
  }

  run(): void {
    const { plan } = this;
    for (const k of plan.kernels) this.kernel(k);
    this.steps(plan.steps);
    for (const r of plan.results) "word" in r ? this.word(r.word, "a result") : this.expr(r.value, "a result");
  }

  private need(holds: boolean, what: string): void {
    if (!holds) this.problems.push(what);
  }

  private word(word: number, what: string): void {
    // The first words are the record of failures.
    const first = 1 + this.plan.checks + 8 * GPU_FAILURES;
    this.need(word >= first && 4 * word < this.plan.control, `${what} is in word ${word} of ${this.plan.control / 4}`);
  }

  private expr(e: HostExpr, what: string): void {
    if (typeof e === "string") this.need(this.names.has(e), `${what} reads ${e}, which is not known there`);
    else if (typeof e !== "number") for (const a of e.slice(2)) this.expr(a as HostExpr, what);
  }

  private array(k: number, what: string): void {
    this.need(k >= 0 && k < this.plan.arrays.length, `${what}: there is no array ${k}`);
    this.need(this.there.has(k), `${what}: array ${this.plan.arrays[k]?.name ?? k} has no buffer there`);
  }

  private kernel(k: GpuKernel): void {
    for (const p of verifyLoopFunction(k.body)) this.problems.push(`${k.name}: ${p}`);
    this.need(k.workgroup >= 1 && k.workgroup <= INVOCATIONS, `${k.name} has ${k.workgroup} invocations a workgroup`);
    this.need(
      k.frame.length === k.body.scalars.length,
      `${k.name} has ${k.body.scalars.length} scalars and ${k.frame.length} words in its frame`,
    );
    const arrays = new Set(k.buffers.flatMap(({ at }) => (at.kind === "array" ? [at.array] : [])));
    const shares = k.buffers.some(({ at }) => at.kind === "slab");
    this.need(arrays.size + (shares ? 2 : 1) <= BINDINGS, `${k.name} binds ${arrays.size} arrays`);
    const bound = new Set(k.buffers.map(({ buffer }) => buffer.id));
    for (const b of k.body.buffers) this.need(bound.has(b.id), `${k.name} does not bind ${b.name}`);
    for (const { at } of k.buffers) {
      if (at.kind === "word") this.word(at.word, k.name);
      if (at.kind === "array" && at.write)
        this.need(this.plan.arrays[at.array]?.role !== "param", `${k.name} writes the parameter ${at.array}`);
    }
    if (k.guard !== undefined) this.word(k.guard, `${k.name}'s guard`);
  }

  private steps(steps: readonly PlanStep[]): void {
    for (const s of steps) this.step(s);
  }

  private step(s: PlanStep): void {
    switch (s.step) {
      case "let":
        this.expr(s.value, s.name);
        this.names.add(s.name);
        return;
      case "make":
        this.expr(this.plan.arrays[s.array]?.length ?? 0, `the length of array ${s.array}`);
        this.there.add(s.array);
        return;
      case "drop":
        this.array(s.array, "drop");
        this.there.delete(s.array);
        return;
      case "copy":
        this.array(s.from, "copy");
        this.array(s.to, "copy");
        for (const e of [s.fromStart, s.toStart, s.count]) this.expr(e, "copy");
        return;
      case "dispatch": {
        const k = this.plan.kernels[s.kernel];
        this.need(k !== undefined, `there is no kernel ${s.kernel}`);
        this.expr(s.groups, `the groups of ${k?.name}`);
        for (const e of k?.frame ?? []) this.expr(e, `the frame of ${k?.name}`);
        for (const { at } of k?.buffers ?? []) if (at.kind === "array") this.array(at.array, `dispatch of ${k?.name}`);
        return;
      }
      case "for":
        this.expr(s.lo, s.name);
        this.expr(s.hi, s.name);
        this.inner(s.body, s.name);
        return;
      case "loop":
        this.expr(s.max, s.turn);
        this.word(s.more, `the flag of ${s.turn}`);
        this.inner(s.body, s.turn);
        return;
      case "if":
        this.expr(s.condition, "a branch");
        this.inner(s.yes);
        this.inner(s.no);
        return;
      case "read":
        for (const w of s.words) {
          this.word(w.word, w.name);
          this.names.add(w.name);
        }
        return;
      case "require":
        this.expr(s.condition, `check ${s.check}`);
        this.need(s.check >= 0 && s.check < this.plan.checks, `there is no check ${s.check}`);
        for (const v of s.values) this.expr(v.value, `check ${s.check}`);
        return;
      case "host":
        for (const e of [...s.sizes, ...s.scalars.map((v) => v.value)]) this.expr(e, s.kernel);
        for (const a of s.arrays) this.array(a.array, `host ${s.kernel}`);
        for (const r of s.results) "word" in r ? this.word(r.word, s.kernel) : this.array(r.array, `host ${s.kernel}`);
        return;
    }
  }

  /** What a block makes and names is not relied on after it: it may not have run. `own` is its loop's name. */
  private inner(steps: readonly PlanStep[], own?: string): void {
    const [there, names] = [[...this.there], [...this.names]];
    if (own !== undefined) this.names.add(own);
    this.steps(steps);
    this.there.clear();
    for (const k of there) this.there.add(k);
    this.names.clear();
    for (const n of names) this.names.add(n);
  }
}

/** What is wrong with a plan; nothing when all is well. */
export function verifyPlan(plan: GpuPlan): readonly string[] {
  const v = new Verifier(plan);
  v.run();
  return v.problems;
}

/** @throws {Error} when the schedule has made a wrong plan */
export function assertPlan(plan: GpuPlan): GpuPlan {
  const problems = verifyPlan(plan);
  if (problems.length > 0) throw new Error(`internal: the plan of ${plan.name}: ${problems.join("; ")}`);
  return plan;
}
