// Runs one plan: works out host values, records dispatches and copies, waits only where the plan says so.
import type { AbiCheck, HostExpr, Plan, PlanStep, Word } from "../../abi.js";
import { BifoldError } from "../errors.js";
import { checkFailure } from "../failure.js";
import { firstFailure, wordValue } from "./control.js";
import { evaluate, toWord } from "./host.js";
import type { Pipeline, Pipelines } from "./pipelines.js";
import type { Recorder } from "./recorder.js";

/** A host function's call: arrays as the GPU holds them, results in the order of the step's. */
export interface HostCall {
  readonly kernel: string;
  readonly sizes: readonly number[];
  readonly scalars: readonly number[];
  readonly arrays: readonly {
    readonly element: Word;
    readonly shape: readonly number[];
    readonly bytes: ArrayBuffer;
  }[];
  readonly results: readonly { readonly element: Word; readonly shape: readonly number[]; readonly scalar: boolean }[];
}
/** Runs it on the CPU; the answers are 32-bit elements (a scalar is one). */
export type RunHost = (call: HostCall) => Promise<readonly Uint8Array[]>;

export interface PlanCall {
  readonly plan: Plan;
  readonly texts: readonly string[];
  readonly checks: readonly AbiCheck[];
  readonly sizes: readonly number[];
  readonly scalars: readonly number[];
  readonly params: readonly GPUBuffer[];
  readonly results: readonly GPUBuffer[];
  readonly host: RunHost;
  /** Turns of a loop between two looks at whether it is over; for tests, since no result depends on it. */
  readonly chunk?: number;
}

const FIRST_CHUNK = 4;
const MOST_TURNS = 256;

/** Where an array is while the plan runs. */
interface Held {
  readonly buffer: GPUBuffer;
  readonly own: boolean;
  readonly elements: number;
}

export class PlanRun {
  private readonly values = new Map<string, number>([["$zero", 0]]);
  private readonly arrays = new Map<number, Held>();
  private control: GPUBuffer | undefined;
  private slab: { buffer: GPUBuffer; used: number } | undefined;
  private turn = 0;

  constructor(
    private readonly call: PlanCall,
    private readonly recorder: Recorder,
    private readonly pipelines: Pipelines,
    private readonly upload: (buffer: GPUBuffer, data: Uint8Array) => void,
  ) {
    const { plan } = call;
    for (const [k, name] of plan.sizes.entries()) this.values.set(name, call.sizes[k] ?? 0);
    for (const [k, { name, type }] of plan.scalars.entries()) this.values.set(name, toWord(type, call.scalars[k] ?? 0));
    plan.arrays.forEach((a, k) => {
      const buffer =
        a.role === "param" ? call.params[a.leaf ?? 0] : a.role === "result" ? call.results[a.leaf ?? 0] : undefined;
      if (buffer && !a.slab) this.arrays.set(k, { buffer, own: false, elements: Number.POSITIVE_INFINITY });
    });
  }

  /** Records all steps; the commands that are left are not submitted yet. */
  async record(): Promise<void> {
    const { plan } = this.call;
    if (plan.control > 0) {
      this.control = this.recorder.take(plan.control);
      this.recorder.clear(this.control, Math.ceil(plan.control / 4) * 4);
    }
    this.prepare(plan.steps);
    await this.steps(plan.steps);
  }

  /** Whether anything on the device decides what the call gives. */
  get hasOutcome(): boolean {
    return this.call.checks.length > 0 || this.call.plan.results.some((r) => "word" in r);
  }

  /** The control buffer's bytes after all that is recorded, if there is one. Submits. */
  async controlBytes(): Promise<ArrayBuffer | undefined> {
    return this.control && this.recorder.read(this.control, this.call.plan.control);
  }

  failure(bytes: ArrayBuffer): BifoldError | undefined {
    return firstFailure(bytes, this.call.checks);
  }

  scalarResults(bytes: ArrayBuffer | undefined): readonly number[] {
    return this.call.plan.results.map((r) => {
      if ("value" in r) return toWord(r.type, this.value(r.value));
      if (!bytes) throw new Error("internal: a device scalar without a control buffer");
      return wordValue(r.type, bytes, r.word);
    });
  }

  /** Gives back all that the run took. */
  release(): void {
    for (const k of [...this.arrays.keys()]) this.drop(k);
    if (this.control) this.recorder.give(this.control);
    if (this.slab) this.recorder.give(this.slab.buffer);
    this.control = undefined;
    this.slab = undefined;
  }

  private value = (e: HostExpr): number => evaluate(e, this.values);

  /** Starts compiling what will be dispatched, all at once; what depends on values that are not there yet is left for later. */
  private prepare(steps: readonly PlanStep[]): void {
    for (const s of steps) {
      if (s.step === "dispatch") this.pipeline(s.kernel);
      else if (s.step === "for" || s.step === "loop") this.prepare(s.body);
      else if (s.step === "let") this.tryLet(s);
      else if (s.step === "if") {
        const taken = this.known(s.condition);
        if (taken !== 0) this.prepare(s.yes);
        if (taken !== undefined && taken === 0) this.prepare(s.no);
      }
    }
  }

  private tryLet(s: Extract<PlanStep, { readonly step: "let" }>): void {
    const value = this.known(s.value);
    if (value !== undefined) this.values.set(s.name, value);
  }

  private known(e: HostExpr): number | undefined {
    return isKnown(e, this.values) ? this.value(e) : undefined;
  }

  private pipeline(k: number): Pipeline | Promise<Pipeline> {
    const kernel = this.call.plan.kernels[k];
    const text = this.call.texts[k];
    if (!kernel || text === undefined) throw new Error(`internal: the plan has no kernel ${k}`);
    return this.pipelines.get(text) ?? this.pipelines.load(kernel, text);
  }

  private async steps(steps: readonly PlanStep[]): Promise<void> {
    for (const s of steps) {
      const wait = this.step(s);
      if (wait) await wait;
    }
  }

  private step(s: PlanStep): Promise<void> | undefined {
    switch (s.step) {
      case "let":
        this.values.set(s.name, this.value(s.value));
        return undefined;
      case "make":
        this.make(s.array);
        return undefined;
      case "drop":
        this.drop(s.array);
        return undefined;
      case "copy":
        this.copy(s);
        return undefined;
      case "dispatch":
        return this.dispatch(s.kernel, this.value(s.groups));
      case "for":
        return this.forLoop(s);
      case "loop":
        return this.loop(s);
      case "if":
        return this.steps(this.value(s.condition) ? s.yes : s.no);
      case "read":
        return this.read(s);
      case "require":
        return this.value(s.condition) ? undefined : this.refuse(s);
      case "host":
        return this.host(s);
    }
  }

  private make(k: number): void {
    const array = this.call.plan.arrays[k];
    if (!array) throw new Error(`internal: the plan has no array ${k}`);
    const elements = Math.max(1, this.value(array.length));
    this.drop(k);
    if (array.slab) {
      const { buffer, used } = this.roomInSlab(elements);
      this.arrays.set(k, { buffer, own: false, elements });
      this.values.set(`$slab${k}`, used);
    } else this.arrays.set(k, { buffer: this.recorder.take(4 * elements), own: true, elements });
  }

  /** The slab grows by copying; it is never trimmed during a call. */
  private roomInSlab(elements: number): { readonly buffer: GPUBuffer; readonly used: number } {
    const used = this.slab?.used ?? 0;
    const needed = 4 * (used + elements);
    if (!this.slab || this.slab.buffer.size < needed) {
      const buffer = this.recorder.take(Math.max(needed, 2 * (this.slab?.buffer.size ?? 0)));
      if (this.slab) {
        this.recorder.copy(this.slab.buffer, 0, buffer, 0, 4 * used);
        this.recorder.give(this.slab.buffer);
      }
      this.slab = { buffer, used };
    }
    this.slab.used = used + elements;
    return { buffer: this.slab.buffer, used };
  }

  private drop(k: number): void {
    const held = this.arrays.get(k);
    if (!held) return;
    if (held.own) this.recorder.give(held.buffer);
    if (held.own || this.call.plan.arrays[k]?.slab) this.arrays.delete(k);
  }

  private copy(s: Extract<PlanStep, { readonly step: "copy" }>): void {
    const from = this.place(s.from);
    const to = this.place(s.to);
    const byte = (start: HostExpr, base: number): number => 4 * (base + this.value(start));
    this.recorder.copy(
      from.buffer,
      byte(s.fromStart, from.base),
      to.buffer,
      byte(s.toStart, to.base),
      4 * Math.max(0, this.value(s.count)),
    );
  }

  /** The buffer of an array and its first element there. */
  private place(k: number): { readonly buffer: GPUBuffer; readonly base: number } {
    const held = this.arrays.get(k);
    if (!held) throw new Error(`internal: array ${this.call.plan.arrays[k]?.name} is used before it is made`);
    if (!this.call.plan.arrays[k]?.slab) return { buffer: held.buffer, base: 0 };
    if (!this.slab) throw new Error("internal: there is no slab");
    return { buffer: this.slab.buffer, base: this.values.get(`$slab${k}`) ?? 0 };
  }

  private dispatch(k: number, groups: number): Promise<void> | undefined {
    if (groups <= 0) return undefined;
    const pipeline = this.pipeline(k);
    if (pipeline instanceof Promise) return pipeline.then((p) => this.dispatchWith(k, p, groups));
    this.dispatchWith(k, pipeline, groups);
    return undefined;
  }

  private dispatchWith(k: number, pipeline: Pipeline, groups: number): void {
    const kernel = this.call.plan.kernels[k]!;
    refuseBeyond(kernel.name, groups);
    const buffers = kernel.bindings.map((b) => {
      const buffer =
        b.array === "control" ? this.control : b.array === "slab" ? this.slab?.buffer : this.place(b.array).buffer;
      if (!buffer) throw new Error(`internal: ${kernel.name} has nothing to bind for ${b.array}`);
      return buffer;
    });
    this.values.set("$turn", this.turn++);
    this.recorder.dispatch(kernel, pipeline, buffers, groups, (view, at) => {
      kernel.frame.forEach((f, n) => {
        const value = this.value(f.value);
        if (f.type === "i32") refuseBeyond(kernel.name, value);
        if (f.type === "f32") view.setFloat32(at + 4 * n, value, true);
        else view.setUint32(at + 4 * n, value >>> 0, true);
      });
    });
  }

  private async forLoop(s: Extract<PlanStep, { readonly step: "for" }>): Promise<void> {
    const hi = this.value(s.hi);
    for (let k = this.value(s.lo); k < hi; k++) {
      this.values.set(s.name, k);
      await this.steps(s.body);
    }
  }

  /** The device masks turns after the last, so looking seldom costs time but changes nothing. */
  private async loop(s: Extract<PlanStep, { readonly step: "loop" }>): Promise<void> {
    const max = this.value(s.max);
    let chunk = this.call.chunk ?? FIRST_CHUNK;
    for (let taken = 0; taken < max; ) {
      const stop = Math.min(max, taken + chunk);
      for (; taken < stop; taken++) {
        this.values.set(s.turn, taken);
        await this.steps(s.body);
      }
      if (taken >= max) return;
      const bytes = await this.controlBytes();
      if (bytes) this.throwFailure(bytes);
      if (bytes && wordValue("u32", bytes, s.more) === 0) return;
      if (this.call.chunk === undefined) chunk = Math.min(MOST_TURNS, 2 * chunk);
    }
  }

  private async read(s: Extract<PlanStep, { readonly step: "read" }>): Promise<void> {
    const bytes = await this.controlBytes();
    if (!bytes) throw new Error("internal: there is no control buffer to read");
    this.throwFailure(bytes);
    for (const { word, type, name } of s.words) this.values.set(name, wordValue(type, bytes, word));
  }

  private throwFailure(bytes: ArrayBuffer): void {
    const failure = this.failure(bytes);
    if (failure) throw failure;
  }

  /** What failed on the device before comes first. */
  private async refuse(s: Extract<PlanStep, { readonly step: "require" }>): Promise<void> {
    const bytes = await this.controlBytes();
    if (bytes) this.throwFailure(bytes);
    const check = this.call.checks[s.check];
    if (!check) throw new Error(`internal: the plan has no check ${s.check}`);
    throw checkFailure(
      check,
      s.values.map(({ type, value }) => {
        const x = toWord(type, this.value(value));
        return type === "bool" ? x !== 0 : x;
      }),
    );
  }

  private async host(s: Extract<PlanStep, { readonly step: "host" }>): Promise<void> {
    const { plan } = this.call;
    const before = await this.controlBytes();
    if (before) this.throwFailure(before);
    const arrays = [];
    for (const a of s.arrays) {
      const shape = a.shape.map((d) => Math.max(0, this.value(d)));
      const { buffer, base } = this.place(a.array);
      const elements = shape.reduce((n, d) => n * d, 1);
      const bytes = await this.recorder.read(buffer, 4 * (base + elements));
      arrays.push({ element: plan.arrays[a.array]?.element ?? "f32", shape, bytes: bytes.slice(4 * base) });
    }
    const results = s.results.map((r) =>
      "word" in r
        ? { element: r.type, shape: [], scalar: true }
        : {
            element: plan.arrays[r.array]?.element ?? ("f32" as const),
            shape: r.shape.map((d) => Math.max(0, this.value(d))),
            scalar: false,
          },
    );
    const answers = await this.call.host({
      kernel: s.kernel,
      sizes: s.sizes.map(this.value),
      scalars: s.scalars.map((x) => toWord(x.type, this.value(x.value))),
      arrays,
      results,
    });
    this.recorder.submit();
    s.results.forEach((r, k) => {
      const data = answers[k];
      if (!data) throw new Error(`internal: ${s.kernel} gave ${answers.length} results`);
      const staged = this.recorder.take(Math.max(4, data.byteLength));
      this.upload(staged, data);
      if ("word" in r) this.recorder.copy(staged, 0, this.control!, 4 * r.word, 4);
      else {
        const { buffer, base } = this.place(r.array);
        this.recorder.copy(staged, 0, buffer, 4 * base, data.byteLength);
      }
      // The upload stands before what is recorded from here on: nobody may write this buffer in between.
      this.recorder.submit();
      this.recorder.give(staged);
    });
  }
}

/** What a kernel is told is counted in 32 bits. */
function refuseBeyond(kernel: string, count: number): void {
  if (count < 2 ** 31) return;
  throw new BifoldError(
    "unsupported",
    `${kernel} has ${count} points, and on WebGPU a kernel has less than 2^31: call with fewer rows at once, or use the device cpu`,
  );
}

function isKnown(e: HostExpr, values: ReadonlyMap<string, number>): boolean {
  if (typeof e === "number") return true;
  if (typeof e === "string") return values.has(e);
  return e.slice(2).every((x) => isKnown(x as HostExpr, values));
}
