// Reads the text that loop-print.ts writes. For tests and for people: what it reads is thrown out with an `IrSyntaxError` where it is wrong.
import type { Span } from "../compiler/diagnostic.js";
import type { Buffer, Handed, LoopBlock, LoopFunction, LoopStmt, LoopVar } from "./loop.js";
import { LoopExprReader } from "./loop-parse-expr.js";
import { IrSyntaxError } from "./nest-lex.js";

const spaces: readonly Buffer["space"][] = ["param", "result", "scratch", "register", "shared"];

/** Reads functions; the plan's reader is one too. */
export class LoopReader extends LoopExprReader {
  private readonly files: string[] = [];

  functions(): readonly LoopFunction[] {
    const out: LoopFunction[] = [];
    while (this.token.kind !== "end") out.push(this.function());
    return out;
  }

  protected function(): LoopFunction {
    this.vars.clear();
    this.buffers.clear();
    this.files.length = 0;
    this.expect("function");
    const name = this.string();
    this.expect("{");
    while (this.accept("file")) this.files.push(this.string());
    const scalars: LoopVar[] = [];
    while (this.accept("scalar")) {
      const size = this.peek("size") && !this.follows(":") && this.accept("size");
      scalars.push(this.declare(false, size));
    }
    const buffers: Buffer[] = [];
    while (this.accept("buffer")) buffers.push(this.declareBuffer());
    while (this.accept("local")) this.declareBuffer();
    this.expect("body");
    const body = this.block();
    this.expect("}");
    return { name, scalars, buffers, body };
  }

  private vectorMark(): { readonly vector?: boolean | "padded" } {
    if (this.accept("vector")) return { vector: true };
    if (this.accept("padded")) return { vector: "padded" };
    return this.accept("scalar") ? { vector: false } : {};
  }
  private declare(mutable: boolean, nonNegative = false): LoopVar {
    const { label, name, id } = this.newName();
    this.expect(":");
    const v: LoopVar = { id, name, type: this.type(), mutable, ...(nonNegative ? { nonNegative } : {}) };
    this.vars.set(label, v);
    return v;
  }

  private declareBuffer(): Buffer {
    const { label, name, id } = this.newName();
    this.expect(":");
    const word = this.take("name");
    const space = spaces.find((s) => s === word) ?? this.fail(`${word} is no space`);
    const scalar = this.scalar();
    const buffer: Buffer = { id, name, scalar, space, ...this.length() };
    this.buffers.set(label, buffer);
    return buffer;
  }

  private length(): { readonly length?: number } {
    if (!this.accept("[")) return {};
    const length = this.integer();
    this.expect("]");
    return { length };
  }

  private span(): { readonly at?: Span } {
    if (!this.accept("@")) return {};
    const file = this.files[this.integer()] ?? this.fail("there is no such file");
    this.expect(":");
    const start = this.integer();
    this.expect(":");
    return { at: { file, start, end: this.integer() } };
  }

  private block(): LoopBlock {
    this.expect("{");
    const out: LoopStmt[] = [];
    while (!this.accept("}")) out.push(this.stmt());
    return out;
  }

  private stmt(): LoopStmt {
    if (this.follows("=") || this.follows("[")) return this.assignment();
    const word = this.take("name");
    switch (word) {
      case "let":
      case "var": {
        const v = this.declare(word === "var");
        this.expect("=");
        return { kind: "let", var: v, value: this.expr(), ...this.span() };
      }
      case "scatter": {
        const { buffer, index } = this.place();
        return { kind: "scatter", buffer, index, value: this.expr(), ...this.mask(), ...this.span() };
      }
      case "for": {
        const v = this.declare(false);
        this.expect("in");
        const lo = this.expr();
        this.expect("..");
        const hi = this.expr();
        const step = this.accept("step") ? this.integer() : 1;
        const mark = this.vectorMark();
        const at = this.span();
        return { kind: "for", var: v, lo, hi, step, ...mark, ...at, body: this.block() };
      }
      case "parallel": {
        const v = this.declare(false);
        this.expect("in");
        const count = this.expr();
        const at = this.span();
        return { kind: "parallel", var: v, count, ...at, body: this.block() };
      }
      case "while": {
        const condition = this.expr();
        const at = this.span();
        return { kind: "while", condition, ...at, body: this.block() };
      }
      case "if": {
        const condition = this.expr();
        const at = this.span();
        const then = this.block();
        return { kind: "if", condition, ...at, then, otherwise: this.accept("else") ? this.block() : [] };
      }
      case "alloc": {
        const buffer = this.declareBuffer();
        this.expect("length");
        return { kind: "alloc", buffer, length: this.expr(), ...this.span() };
      }
      case "fail":
        return this.failure();
      case "call":
        return this.functionCall();
      case "stopIfFailed":
        return { kind: "stopIfFailed", ...this.span() };
      case "barrier": {
        const memory = this.take("name");
        if (memory !== "workgroup" && memory !== "storage") this.fail(`${memory} is no memory`);
        return { kind: "barrier", memory, ...this.span() };
      }
      default:
        return this.fail(`${word} begins no statement`);
    }
  }

  private assignment(): LoopStmt {
    if (this.follows("=")) {
      const v = this.variable();
      this.expect("=");
      return { kind: "set", var: v, value: this.expr(), ...this.span() };
    }
    const { buffer, index } = this.place();
    return { kind: "store", buffer, index, value: this.expr(), ...this.mask(), ...this.span() };
  }

  private place() {
    const buffer = this.buffer();
    this.expect("[");
    const index = this.expr();
    this.expect("]");
    this.expect("=");
    return { buffer, index };
  }

  private functionCall(): LoopStmt {
    const name = this.string();
    this.expect("with");
    this.expect("[");
    const scalars = this.list("]");
    this.expect("]");
    this.expect("given");
    const given = this.handed();
    this.expect("made");
    const made = this.handed();
    this.expect("checks");
    return { kind: "call", function: name, scalars, given, made, checks: this.integer(), ...this.span() };
  }

  private handed(): readonly Handed[] {
    this.expect("(");
    const out: Handed[] = [];
    while (!this.accept(")")) {
      const buffer = this.buffer();
      this.expect("[");
      out.push({ buffer, offset: this.expr() });
      this.expect("]");
      if (!this.peek(")")) this.expect(",");
    }
    return out;
  }

  private failure(): LoopStmt {
    const check = this.integer();
    this.expect("at");
    const point = this.expr();
    this.expect("when");
    const condition = this.expr();
    this.expect("with");
    this.expect("[");
    const values = this.list("]");
    this.expect("]");
    return { kind: "fail", condition, check, point, values, ...this.span() };
  }
}

/** All functions of a text. */
export const parseLoopFunctions = (text: string): readonly LoopFunction[] => new LoopReader(text).functions();

/** The one function of a text. */
export function parseLoopFunction(text: string): LoopFunction {
  const [f, more] = parseLoopFunctions(text);
  if (!f || more) throw new IrSyntaxError("expected one function");
  return f;
}
