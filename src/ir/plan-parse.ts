// Reads the text that plan-print.ts writes (not the plain one). For tests and for people: wrong text is an `IrSyntaxError`.
import type { HostExpr, PlanArray, PlanStep, Word } from "../abi.js";
import type { Span } from "../compiler/diagnostic.js";
import { LoopReader } from "./loop-parse.js";
import { IrSyntaxError } from "./nest-lex.js";
import type { BufferAt, GpuKernel, GpuPlan } from "./plan.js";

const words: readonly Word[] = ["f32", "i32", "u32", "bool"];
type Typed = { readonly type: Word; readonly value: HostExpr };
type Shaped = { readonly array: number; readonly shape: readonly HostExpr[] };

class PlanReader extends LoopReader {
  plan(): GpuPlan {
    this.expect("plan");
    const name = this.string();
    this.expect("{");
    const sizes: string[] = [];
    while (this.accept("size")) sizes.push(this.hostName());
    const scalars: { name: string; type: Word }[] = [];
    while (this.accept("scalar")) {
      const scalar = this.hostName();
      this.expect(":");
      scalars.push({ name: scalar, type: this.word() });
    }
    this.expect("checks");
    const checks = this.integer();
    this.expect("control");
    const control = this.integer();
    const arrays: PlanArray[] = [];
    while (this.accept("array")) arrays.push(this.array());
    const kernels: GpuKernel[] = [];
    while (this.accept("kernel")) kernels.push(this.kernel());
    this.expect("steps");
    const steps = this.steps();
    const results: GpuPlan["results"][number][] = [];
    while (this.accept("result")) {
      const type = this.word();
      if (this.accept("word")) results.push({ type, word: this.integer() });
      else {
        this.expect("value");
        results.push({ type, value: this.host() });
      }
    }
    this.expect("}");
    if (this.token.kind !== "end") this.fail("expected the end");
    return { name, sizes, scalars, checks, control, arrays, kernels, steps, results };
  }

  private word(): Word {
    const name = this.take("name");
    return words.find((w) => w === name) ?? this.fail(`${name} does not fit in 32 bits`);
  }

  private hostName(): string {
    return this.token.kind === "string" ? this.string() : this.take("name");
  }

  private host(): HostExpr {
    if (this.accept("-")) {
      if (this.accept("inf")) return Number.NEGATIVE_INFINITY;
      return -Number(this.take("number"));
    }
    if (this.token.kind === "number") return Number(this.take("number"));
    if (this.token.kind === "string") return this.string();
    const name = this.take("name");
    if (!this.accept(":")) return name === "nan" ? Number.NaN : name === "inf" ? Number.POSITIVE_INFINITY : name;
    const word = this.accept("int") ? "int" : this.word();
    // A conversion's operation names the type of its operand too.
    const type = this.accept(":") ? this.word() : undefined;
    this.expect("(");
    const args = this.listOf(")", () => this.host());
    return type === undefined ? [name, word, ...args] : [`${name}:${word}`, type, ...args];
  }

  /** Items with commas between them, and what ends them. */
  private listOf<T>(end: string, item: () => T): T[] {
    const out: T[] = [];
    while (!this.accept(end)) {
      out.push(item());
      if (!this.accept(",") && !this.peek(end)) this.fail(`expected , or ${end}`);
    }
    return out;
  }

  private hosts(): HostExpr[] {
    this.expect("[");
    return this.listOf("]", () => this.host());
  }

  private typed(): Typed[] {
    this.expect("[");
    return this.listOf("]", () => ({ type: this.word(), value: this.host() }));
  }

  private array(): PlanArray {
    const name = this.hostName();
    this.expect(":");
    const role = this.take("name");
    if (role !== "param" && role !== "result" && role !== "local") this.fail(`${role} is no role`);
    const leaf = role === "local" ? {} : { leaf: this.integer() };
    const element = this.word();
    this.expect("length");
    const length = this.host();
    return { name, element, length, role, ...leaf, ...(this.accept("slab") ? { slab: true as const } : {}) };
  }

  private kernel(): GpuKernel {
    const name = this.string();
    this.expect("workgroup");
    const workgroup = this.integer();
    const guard = this.accept("guard") ? { guard: this.integer() } : {};
    const note = this.accept("note") ? { note: this.string() } : {};
    const at = this.accept("@") ? { at: this.source() } : {};
    this.expect("{");
    const body = this.function();
    this.expect("frame");
    const frame = this.hosts();
    const buffers: GpuKernel["buffers"][number][] = [];
    while (this.accept("bind")) {
      const { id } = this.newName();
      const buffer = body.buffers.find((b) => b.id === id) ?? this.fail(`${name} has no buffer ${id}`);
      this.expect("=");
      buffers.push({ buffer, at: this.bufferAt() });
    }
    this.expect("}");
    return { name, workgroup, body, frame, buffers, ...guard, ...note, ...at };
  }

  private source(): Span {
    const file = this.string();
    this.expect(":");
    const start = this.integer();
    this.expect(":");
    return { file, start, end: this.integer() };
  }

  private bufferAt(): BufferAt {
    if (this.accept("array")) {
      const array = this.integer();
      return { kind: "array", array, write: this.accept("write") };
    }
    if (this.accept("word")) return { kind: "word", word: this.integer() };
    this.expect("slab");
    return { kind: "slab" };
  }

  private steps(): PlanStep[] {
    this.expect("{");
    const out: PlanStep[] = [];
    while (!this.accept("}")) out.push(this.step());
    return out;
  }

  private step(): PlanStep {
    const word = this.take("name");
    switch (word) {
      case "let": {
        const name = this.hostName();
        this.expect("=");
        return { step: "let", name, value: this.host() };
      }
      case "make":
      case "drop":
        return { step: word, array: this.integer() };
      case "copy": {
        const end = () => {
          const array = this.integer();
          this.expect("from");
          return { array, start: this.host() };
        };
        const from = end();
        this.expect("to");
        const to = end();
        this.expect("count");
        return {
          step: "copy",
          from: from.array,
          fromStart: from.start,
          to: to.array,
          toStart: to.start,
          count: this.host(),
        };
      }
      case "dispatch": {
        const kernel = this.integer();
        this.expect("groups");
        return { step: "dispatch", kernel, groups: this.host() };
      }
      case "for": {
        const name = this.hostName();
        this.expect("in");
        const lo = this.host();
        this.expect("..");
        return { step: "for", name, lo, hi: this.host(), body: this.steps() };
      }
      case "loop": {
        const turn = this.hostName();
        this.expect("max");
        const max = this.host();
        this.expect("while");
        this.expect("word");
        return { step: "loop", turn, max, more: this.integer(), body: this.steps() };
      }
      case "if": {
        const condition = this.host();
        const yes = this.steps();
        return { step: "if", condition, yes, no: this.accept("else") ? this.steps() : [] };
      }
      case "read":
        return { step: "read", words: this.reads() };
      case "require": {
        const condition = this.host();
        this.expect("check");
        const check = this.integer();
        this.expect("with");
        return { step: "require", condition, check, values: this.typed() };
      }
      case "host":
        return this.hostStep();
      default:
        return this.fail(`${word} begins no step`);
    }
  }

  private reads() {
    const words: { word: number; type: Word; name: string }[] = [];
    do {
      const name = this.hostName();
      this.expect(":");
      const type = this.word();
      this.expect("word");
      words.push({ word: this.integer(), type, name });
    } while (this.accept(","));
    return words;
  }

  private hostStep(): PlanStep {
    const kernel = this.string();
    this.expect("sizes");
    const sizes = this.hosts();
    this.expect("scalars");
    const scalars = this.typed();
    const shaped = (): Shaped => ({ array: this.integer(), shape: this.hosts() });
    const arrays: Shaped[] = [];
    while (this.accept("takes")) {
      this.expect("array");
      arrays.push(shaped());
    }
    const results: (Shaped | { word: number; type: Word })[] = [];
    while (this.accept("gives")) {
      if (this.accept("array")) {
        results.push(shaped());
        continue;
      }
      const type = this.word();
      this.expect("word");
      results.push({ type, word: this.integer() });
    }
    return { step: "host", kernel, sizes, scalars, arrays, results };
  }
}

/** @throws {IrSyntaxError} where the text is no plan */
export function parsePlan(text: string): GpuPlan {
  if (text.trim() === "") throw new IrSyntaxError("expected a plan");
  return new PlanReader(text).plan();
}
