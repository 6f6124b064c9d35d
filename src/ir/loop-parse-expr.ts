// Reads the expressions of Loop IR's text (loop-print.ts says what it looks like).
import type { Buffer, LoopExpr, LoopType, LoopVar } from "./loop.js";
import { loopInfix } from "./loop-print.js";
import { loopResultType } from "./loop-types.js";
import type { Op, Scalar } from "./nest.js";
import { IrSyntaxError, type Token, tokens } from "./nest-lex.js";
import { isOp } from "./nest-types.js";

const scalars: readonly Scalar[] = ["f32", "f64", "i32", "u32", "bool"];
const suffixes: Readonly<Record<string, Scalar>> = { u: "u32", f: "f32", d: "f64" };
const infixByText: ReadonlyMap<string, { readonly op: Op; readonly level: number }> = new Map(
  Object.entries(loopInfix).map(([op, { text, level }]) => [text, { op: op as Op, level }]),
);

/** Tokens, names in scope, and the reading of expressions. */
export class LoopExprReader {
  private readonly all: readonly Token[];
  private at = 0;
  protected readonly vars = new Map<string, LoopVar>();
  protected readonly buffers = new Map<string, Buffer>();
  private nextId = 0;

  constructor(text: string) {
    this.all = tokens(text);
  }

  protected get token(): Token {
    return this.all[this.at] as Token;
  }
  protected peek(text: string): boolean {
    return this.token.kind !== "string" && this.token.text === text;
  }
  protected accept(text: string): boolean {
    if (!this.peek(text)) return false;
    this.at++;
    return true;
  }
  protected expect(text: string): void {
    if (!this.accept(text)) this.fail(`expected ${text}`);
  }
  protected fail(what: string): never {
    throw new IrSyntaxError(`line ${this.token.line}: ${what}, found ${JSON.stringify(this.token.text)}`);
  }
  protected take(kind: Token["kind"]): string {
    if (this.token.kind !== kind) this.fail(`expected a ${kind}`);
    this.at++;
    return (this.all[this.at - 1] as Token).text;
  }
  protected string = (): string => JSON.parse(this.take("string")) as string;
  protected integer = (): number => Number(this.take("number"));
  /** Whether a name is followed by `text`. */
  protected follows(text: string): boolean {
    return this.token.kind === "name" && this.all[this.at + 1]?.text === text;
  }

  /** `x.12` is x with the id 12; `x` gets an id of its own, from 1000 on. */
  protected newName(): { readonly label: string; readonly name: string; readonly id: number } {
    const label = this.take("name");
    const dot = label.lastIndexOf(".");
    if (dot < 0) return { label, name: label, id: 1000 + this.nextId++ };
    return { label, name: label.slice(0, dot), id: Number(label.slice(dot + 1)) };
  }

  protected scalar(): Scalar {
    const name = this.take("name");
    return scalars.find((s) => s === name) ?? this.fail(`${name} is no scalar type`);
  }
  protected type(): LoopType {
    const [scalar, lanes = "1"] = this.take("name").split("x");
    const found = scalars.find((s) => s === scalar);
    if (!found || !["1", "2", "4"].includes(lanes)) this.fail("expected a type");
    return { scalar: found, lanes: Number(lanes) as LoopType["lanes"] };
  }
  protected variable(): LoopVar {
    const label = this.take("name");
    return this.vars.get(label) ?? this.fail(`${label} is not declared`);
  }
  protected buffer(): Buffer {
    const label = this.take("name");
    return this.buffers.get(label) ?? this.fail(`there is no buffer ${label}`);
  }

  protected expr(level = 0): LoopExpr {
    let left = this.atom();
    for (;;) {
      const found = infixByText.get(this.token.text);
      if (!found || found.level < level) return left;
      this.at++;
      const args = [left, this.expr(found.level + 1)];
      left = { kind: "op", type: this.resultOf(found.op, args), op: found.op, args };
    }
  }

  private resultOf(op: Op, args: readonly LoopExpr[]): LoopType {
    return loopResultType(op, args) ?? this.fail(`the type of ${op} is not known`);
  }

  private atom(): LoopExpr {
    if (this.accept("(")) {
      const e = this.expr();
      this.expect(")");
      return e;
    }
    if (this.token.kind === "number" || this.peek("-")) return this.number();
    if (this.accept("true")) return { kind: "const", type: { scalar: "bool", lanes: 1 }, value: 1 };
    if (this.accept("false")) return { kind: "const", type: { scalar: "bool", lanes: 1 }, value: 0 };
    if (this.follows("(")) return this.call();
    if (this.follows("[")) return this.loaded();
    const named = /^(nan|inf)_(f32|f64)$/.exec(this.token.text);
    if (named) return this.number();
    const v = this.variable();
    return { kind: "var", type: v.type, var: v };
  }

  private number(): LoopExpr {
    const negative = this.accept("-");
    const named = /^(nan|inf)_(f32|f64)$/.exec(this.token.text);
    if (named) {
      this.at++;
      const magnitude = named[1] === "nan" ? Number.NaN : Number.POSITIVE_INFINITY;
      return {
        kind: "const",
        type: { scalar: named[2] as Scalar, lanes: 1 },
        value: negative ? -magnitude : magnitude,
      };
    }
    const text = this.take("number");
    const scalar = suffixes[text.at(-1) ?? ""] ?? "i32";
    const value = Number.parseFloat(text);
    return { kind: "const", type: { scalar, lanes: 1 }, value: negative ? -value : value };
  }

  private loaded(): LoopExpr {
    const buffer = this.buffer();
    this.expect("[");
    const index = this.expr();
    const lanes = this.accept(";") ? (this.integer() as LoopType["lanes"]) : 1;
    const mask = this.mask();
    this.expect("]");
    return { kind: "load", type: { scalar: buffer.scalar, lanes }, buffer, index, ...mask };
  }

  protected mask(): { readonly mask?: LoopExpr } {
    return this.accept("mask") ? { mask: this.expr() } : {};
  }

  private call(): LoopExpr {
    const name = this.take("name");
    this.expect("(");
    const e = this.callOf(name);
    this.expect(")");
    return e;
  }

  private callOf(name: string): LoopExpr {
    if (name === "gather") {
      const buffer = this.buffer();
      this.expect(",");
      const index = this.expr();
      return {
        kind: "gather",
        type: { scalar: buffer.scalar, lanes: index.type.lanes },
        buffer,
        index,
        ...this.mask(),
      };
    }
    const sized = /^(splat|ramp)([24])$/.exec(name);
    if (sized) {
      const lanes = Number(sized[2]) as LoopType["lanes"];
      if (sized[1] === "ramp") return { kind: "ramp", type: { scalar: "i32", lanes } };
      if (this.accept("const")) {
        const value = this.atom();
        if (value.kind !== "const") this.fail("expected a constant");
        return { ...value, type: { ...value.type, lanes } };
      }
      const value = this.expr();
      return { kind: "splat", type: { scalar: value.type.scalar, lanes }, value };
    }
    if (name === "workgroup" || name === "invocation" || name === "workgroups")
      return { kind: "builtin", type: { scalar: "i32", lanes: 1 }, name };
    if (name === "extract" || name === "rotate") {
      const value = this.expr();
      this.expect(",");
      if (name === "rotate") return { kind: "rotate", type: value.type, value, by: this.integer() };
      return { kind: "extract", type: { scalar: value.type.scalar, lanes: 1 }, value, lane: this.integer() };
    }
    const args = this.list(")");
    const [a, b, c] = args;
    if (!a) this.fail(`${name} without operands`);
    if (name === "anyLane") return { kind: "anyLane", type: { scalar: "bool", lanes: 1 }, value: a };
    if (name === "if" && b && c) return { kind: "if", type: b.type, condition: a, then: b, otherwise: c };
    const to = scalars.find((s) => s === name);
    if (to) return { kind: "convert", type: { scalar: to, lanes: a.type.lanes }, value: a };
    const pow2 = /^pow2_(f32|f64)$/.exec(name);
    if (pow2) return { kind: "op", type: { scalar: pow2[1] as Scalar, lanes: a.type.lanes }, op: "pow2", args };
    if (!isOp(name)) this.fail(`there is no operation ${name}`);
    return { kind: "op", type: this.resultOf(name, args), op: name, args };
  }

  /** Expressions up to `end`, which is left. */
  protected list(end: string): readonly LoopExpr[] {
    const out: LoopExpr[] = [];
    while (!this.peek(end)) {
      out.push(this.expr());
      if (!this.accept(",")) break;
    }
    return out;
  }
}
