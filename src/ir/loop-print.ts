// Prints Loop IR. With ids (`x.12`) and spans (`@0:4:9`) the text is the whole of the function: loop-parse.ts gives it back. Plain text, for
// people, leaves out what they need not see; it parses too, with new ids.
import type { Span } from "../compiler/diagnostic.js";
import type { Buffer, Handed, LoopBlock, LoopExpr, LoopFunction, LoopStmt, LoopType, LoopVar } from "./loop.js";
import { typeName } from "./loop-types.js";
import { buffersIn } from "./loop-walk.js";
import type { Op, Scalar } from "./nest.js";

export interface LoopPrintOptions {
  /** Names without ids where no other of that name is in the function, and no spans. */
  readonly plain?: boolean;
  /** What stands behind a statement as a comment: its line in the source. */
  readonly comment?: (at: Span) => string | undefined;
}

/** Operators that are written between their operands, and how tightly they bind. */
export const loopInfix: Readonly<Partial<Record<Op, { readonly text: string; readonly level: number }>>> = {
  or: { text: "or", level: 1 },
  and: { text: "and", level: 2 },
  eq: { text: "==", level: 3 },
  ne: { text: "!=", level: 3 },
  lt: { text: "<", level: 3 },
  le: { text: "<=", level: 3 },
  gt: { text: ">", level: 3 },
  ge: { text: ">=", level: 3 },
  add: { text: "+", level: 4 },
  sub: { text: "-", level: 4 },
  mul: { text: "*", level: 5 },
  div: { text: "/", level: 5 },
  idiv: { text: "div", level: 5 },
  imod: { text: "%", level: 5 },
};

const suffix: Readonly<Record<Scalar, string>> = { i32: "", bool: "", u32: "u", f32: "f", f64: "d" };

function constantText(value: number, type: LoopType): string {
  if (type.lanes > 1) return `splat${type.lanes}(const ${constantText(value, { ...type, lanes: 1 })})`;
  if (type.scalar === "bool") return value ? "true" : "false";
  if (Number.isNaN(value)) return `nan_${type.scalar}`;
  if (!Number.isFinite(value)) return `${value < 0 ? "-" : ""}inf_${type.scalar}`;
  return `${Object.is(value, -0) ? "-0" : value}${suffix[type.scalar]}`;
}

class Printer {
  private readonly files: string[] = [];
  private readonly taken = new Map<string, string>();
  constructor(private readonly options: LoopPrintOptions) {}

  private label(kind: "v" | "b", x: { readonly id: number; readonly name: string }): string {
    const name = x.name.replace(/[^\w$']/g, "_").replace(/^(?=\d|$)/, "_");
    if (!this.options.plain) return `${name}.${x.id}`;
    const key = `${kind}${x.id}`;
    const owner = this.taken.get(name);
    if (owner === undefined) this.taken.set(name, key);
    return owner === undefined || owner === key ? name : `${name}.${x.id}`;
  }
  private variable = (v: LoopVar): string => `${this.label("v", v)}: ${typeName(v.type)}`;
  private buffer = (b: Buffer): string => this.label("b", b);

  function(f: LoopFunction): string[] {
    const scalars = f.scalars.map((v) => `  scalar ${v.nonNegative ? "size " : ""}${this.variable(v)}`);
    const buffers = f.buffers.map((b) => `  buffer ${this.declared(b)}`);
    const handed = new Set(f.buffers.map((b) => b.id));
    const own = buffersIn(f.body).filter((b) => !handed.has(b.id) && b.space !== "scratch");
    const registers = own.map((b) => `  local ${this.declared(b)}`);
    const body = this.block(f.body, "    ");
    const files = this.files.map((name) => `  file ${JSON.stringify(name)}`);
    return [
      `function ${JSON.stringify(f.name)} {`,
      ...files,
      ...scalars,
      ...buffers,
      ...registers,
      "  body {",
      ...body,
      "  }",
      "}",
    ];
  }

  private declared(b: Buffer): string {
    return `${this.buffer(b)}: ${b.space} ${b.scalar}${b.length === undefined ? "" : `[${b.length}]`}`;
  }

  private span(at: Span | undefined): string {
    if (!at) return "";
    if (this.options.plain) {
      const comment = this.options.comment?.(at);
      return comment === undefined ? "" : ` # ${comment}`;
    }
    let file = this.files.indexOf(at.file);
    if (file < 0) file = this.files.push(at.file) - 1;
    return ` @${file}:${at.start}:${at.end}`;
  }

  private block(b: LoopBlock, indent: string): string[] {
    return b.flatMap((s) => this.stmt(s, indent));
  }

  private nested(head: string, at: string, body: LoopBlock, indent: string): string[] {
    return [`${indent}${head}${at} {`, ...this.block(body, `${indent}  `), `${indent}}`];
  }

  private stmt(s: LoopStmt, indent: string): string[] {
    const at = this.span(s.at);
    // A comment ends its line, so it stands behind the brace.
    const nested = (head: string, body: LoopBlock): string[] => {
      if (!this.options.plain) return this.nested(head, at, body, indent);
      const [first, ...rest] = this.nested(head, "", body, indent);
      return [`${first}${at}`, ...rest];
    };
    const one = (text: string): string[] => [`${indent}${text}${at}`];
    switch (s.kind) {
      case "let":
        return one(`${s.var.mutable ? "var" : "let"} ${this.variable(s.var)} = ${this.expr(s.value)}`);
      case "set":
        return one(`${this.label("v", s.var)} = ${this.expr(s.value)}`);
      case "store":
        return one(`${this.buffer(s.buffer)}[${this.expr(s.index)}] = ${this.expr(s.value)}${this.mask(s.mask)}`);
      case "scatter":
        return one(
          `scatter ${this.buffer(s.buffer)}[${this.expr(s.index)}] = ${this.expr(s.value)}${this.mask(s.mask)}`,
        );
      case "for": {
        const step = s.step === 1 ? "" : ` step ${s.step}`;
        const head = `for ${this.variable(s.var)} in ${this.expr(s.lo)} .. ${this.expr(s.hi)}${step}`;
        const mark = s.vector === "padded" ? "padded" : s.vector ? "vector" : "scalar";
        return nested(s.vector === undefined ? head : `${head} ${mark}`, s.body);
      }
      case "parallel":
        return nested(`parallel ${this.variable(s.var)} in ${this.expr(s.count)}`, s.body);
      case "while":
        return nested(`while ${this.expr(s.condition)}`, s.body);
      case "if": {
        const then = nested(`if ${this.expr(s.condition)}`, s.then);
        if (s.otherwise.length === 0) return then;
        return [...then.slice(0, -1), `${indent}} else {`, ...this.block(s.otherwise, `${indent}  `), `${indent}}`];
      }
      case "alloc":
        return one(`alloc ${this.declared(s.buffer)} length ${this.expr(s.length)}`);
      case "fail":
        return one(
          `fail ${s.check} at ${this.expr(s.point)} when ${this.expr(s.condition)} with [${s.values.map((v) => this.expr(v)).join(", ")}]`,
        );
      case "call": {
        const handed = (list: readonly Handed[]): string =>
          list.map((h) => `${this.buffer(h.buffer)}[${this.expr(h.offset)}]`).join(", ");
        const scalars = s.scalars.map((e) => this.expr(e)).join(", ");
        return one(
          `call ${JSON.stringify(s.function)} with [${scalars}] given (${handed(s.given)}) made (${handed(s.made)}) checks ${s.checks}`,
        );
      }
      case "stopIfFailed":
        return one("stopIfFailed");
      case "barrier":
        return one(`barrier ${s.memory}`);
    }
  }

  private mask(mask: LoopExpr | undefined): string {
    return mask ? ` mask ${this.expr(mask)}` : "";
  }

  private expr(e: LoopExpr, above = 0): string {
    switch (e.kind) {
      case "const":
        return constantText(e.value, e.type);
      case "var":
        return this.label("v", e.var);
      case "load": {
        const lanes = e.type.lanes === 1 ? "" : `; ${e.type.lanes}`;
        return `${this.buffer(e.buffer)}[${this.expr(e.index)}${lanes}${this.mask(e.mask)}]`;
      }
      case "gather":
        return `gather(${this.buffer(e.buffer)}, ${this.expr(e.index)}${this.mask(e.mask)})`;
      case "op": {
        const infix = loopInfix[e.op];
        const [a, b] = e.args;
        if (infix && a && b) {
          const text = `${this.expr(a, infix.level)} ${infix.text} ${this.expr(b, infix.level + 1)}`;
          return infix.level < above ? `(${text})` : text;
        }
        const name = e.op === "pow2" ? `pow2_${e.type.scalar}` : e.op;
        return `${name}(${e.args.map((x) => this.expr(x)).join(", ")})`;
      }
      case "convert":
        return `${e.type.scalar}(${this.expr(e.value)})`;
      case "splat":
        return `splat${e.type.lanes}(${this.expr(e.value)})`;
      case "ramp":
        return `ramp${e.type.lanes}()`;
      case "extract":
        return `extract(${this.expr(e.value)}, ${e.lane})`;
      case "rotate":
        return `rotate(${this.expr(e.value)}, ${e.by})`;
      case "if":
        return `if(${this.expr(e.condition)}, ${this.expr(e.then)}, ${this.expr(e.otherwise)})`;
      case "anyLane":
        return `anyLane(${this.expr(e.value)})`;
      case "builtin":
        return `${e.name}()`;
    }
  }
}

export const printLoopFunction = (f: LoopFunction, options: LoopPrintOptions = {}): string =>
  `${new Printer(options).function(f).join("\n")}\n`;

export const printLoopFunctions = (fs: readonly LoopFunction[], options: LoopPrintOptions = {}): string =>
  fs.map((f) => printLoopFunction(f, options)).join("\n");
