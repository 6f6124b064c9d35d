// Statements and expressions of one Loop IR function as WGSL. What an expression can't say in place (a branch that must not be
// computed) is written before the statement that it stands in.
import { GPU_VALUE_TYPES } from "../../abi.js";
import type { Span } from "../../compiler/diagnostic.js";
import type { Buffer, LoopBlock, LoopExpr, LoopStmt, LoopVar } from "../../ir/loop.js";
import { blocksOf } from "../../ir/loop-walk.js";
import { type BufferAt, wordOf } from "../../ir/plan.js";
import type { Helper } from "./helpers.js";
import type { Names } from "./names.js";
import { bitsText, convertText, fromBits, operationText } from "./operations.js";
import { atom, call, constantText, inside, level, type Text } from "./text.js";

export interface EmitterOptions {
  readonly at: (buffer: Buffer) => BufferAt | undefined;
  readonly names: Names;
  /** There are barriers: who leaves, leaves with all the workgroup. */
  readonly meets: boolean;
  /** The source line of a statement, as a comment says it. */
  readonly comment?: (at: Span) => string | undefined;
}

export class Emitter {
  readonly lines: string[] = [];
  readonly helpers = new Set<Helper>();
  readonly builtins = new Set<"workgroup" | "invocation" | "workgroups">();
  /** Words of the control buffer that are read or written, with their names. */
  readonly words = new Map<number, { readonly name: string; readonly type: string }>();
  readonly buffers = new Map<Buffer, string>();
  /** Declarations of arrays of constant length: private ones are made in the entry point, those of the workgroup outside it. */
  readonly registers: string[] = [];
  readonly shared: string[] = [];
  private readonly vars = new Map<number, string>();
  /** Variables whose value is the same in all invocations, and WGSL knows it. */
  private readonly uniform = new Set<number>();
  private indent = "  ";
  private lastComment: string | undefined;

  constructor(private readonly options: EmitterOptions) {}

  /** Gives a scalar that is handed in its text. */
  bind(v: LoopVar, text: string): void {
    this.vars.set(v.id, text);
    this.uniform.add(v.id);
  }

  helper(name: Helper): void {
    this.helpers.add(name);
    if (name === "agreed" || name === "anyOf") this.builtins.add("invocation");
  }

  write(line: string): void {
    this.lines.push(`${this.indent}${line}`);
  }

  block(block: LoopBlock): void {
    const outer = this.indent;
    this.indent = `${outer}  `;
    for (const s of block) this.statement(s);
    this.indent = outer;
  }

  statement(s: LoopStmt): void {
    if (s.at) this.comment(s.at);
    switch (s.kind) {
      case "let": {
        const value = this.expr(s.value);
        if (!s.var.mutable && this.isUniform(s.value)) this.uniform.add(s.var.id);
        const name = this.declare(s.var);
        this.write(
          s.var.mutable ? `var ${name}: ${wordOf(s.var.type.scalar)} = ${value.text};` : `let ${name} = ${value.text};`,
        );
        return;
      }
      case "set":
        this.write(`${this.nameOf(s.var)} = ${this.expr(s.value).text};`);
        return;
      case "store":
        this.store(s);
        return;
      case "for":
        this.forLoop(s);
        return;
      case "while":
        this.whileLoop(s);
        return;
      case "if":
        this.branch(s);
        return;
      case "fail":
        this.fail(s);
        return;
      case "stopIfFailed":
        if (this.options.meets) this.helper("anyOf");
        this.write(`if (${this.options.meets ? "anyOf(failed)" : "failed"}) { return; }`);
        return;
      case "barrier":
        this.write("workgroupBarrier();");
        if (s.memory === "storage") this.write("storageBarrier();");
        return;
      case "scatter":
      case "parallel":
      case "alloc":
        throw new Error(`internal: a ${s.kind} reached WGSL`);
    }
  }

  private comment(at: Span): void {
    const text = this.options.comment?.(at);
    if (text === undefined || text === this.lastComment) return;
    this.lastComment = text;
    this.write(`// ${text}`);
  }

  private declare(v: LoopVar): string {
    const name = this.options.names.fresh(v.name);
    this.vars.set(v.id, name);
    return name;
  }

  private nameOf(v: LoopVar): string {
    const name = this.vars.get(v.id);
    if (name === undefined) throw new Error(`internal: ${v.name} is used where it is not defined`);
    return name;
  }

  // Expressions.

  expr(e: LoopExpr): Text {
    if (e.type.lanes !== 1) throw new Error("internal: WGSL has one lane");
    switch (e.kind) {
      case "const": {
        const c = constantText(e.type.scalar, e.value);
        if (!("bits" in c)) return c;
        this.helper("bitsF");
        return atom(`bitsF(0x${c.bits.toString(16)}u)`);
      }
      case "var":
        return atom(this.nameOf(e.var));
      case "load":
        return this.load(e.buffer, e.index);
      case "op": {
        const operands = e.op === "select" ? e.args[1] : e.args[0];
        if (!operands) throw new Error(`internal: ${e.op} without operands`);
        return operationText(
          this,
          e.op,
          operands.type.scalar,
          e.args.map((a) => this.expr(a)),
        );
      }
      case "convert":
        return convertText(this, e.value.type.scalar, e.type.scalar, this.expr(e.value));
      case "if":
        return this.choice(e);
      case "builtin":
        this.builtins.add(e.name);
        return atom(e.name);
      case "splat":
      case "extract":
      case "ramp":
      case "gather":
      case "rotate":
      case "anyLane":
        throw new Error(`internal: a ${e.kind} reached WGSL`);
    }
  }

  private element(buffer: Buffer, index: LoopExpr): Text {
    const at = this.options.at(buffer);
    if (at?.kind === "slab") return atom(`slab[${this.expr(index).text}]`);
    if (at?.kind === "word") {
      const known = this.words.get(at.word);
      const name = known?.name ?? this.options.names.fresh(buffer.name);
      if (!known) this.words.set(at.word, { name, type: buffer.scalar === "bool" ? "u32" : wordOf(buffer.scalar) });
      return atom(`control.${name}`);
    }
    let name = this.buffers.get(buffer);
    if (name === undefined) {
      name = this.options.names.fresh(buffer.name);
      this.buffers.set(buffer, name);
      const type = `array<${storedType(buffer)}, ${buffer.length}>`;
      if (buffer.space === "register") this.registers.push(`  var ${name}: ${type};`);
      else if (buffer.space === "shared") this.shared.push(`var<workgroup> ${name}: ${type};`);
      else throw new Error(`internal: ${buffer.name} has no place`);
    }
    return atom(`${name}[${this.index(buffer, index)}]`);
  }

  /** WGSL refuses a constant subscript that is outside a fixed array, even where it is never reached. */
  private index(buffer: Buffer, index: LoopExpr): string {
    if (index.kind !== "const" || buffer.length === undefined) return this.expr(index).text;
    return `${Math.max(0, Math.min(index.value, buffer.length - 1))}`;
  }

  private load(buffer: Buffer, index: LoopExpr): Text {
    const element = this.element(buffer, index);
    if (this.options.at(buffer)?.kind === "slab") return fromBits(buffer.scalar, element);
    return buffer.scalar === "bool" ? { text: `${element.text} != 0u`, level: level.compare } : element;
  }

  private store(s: Extract<LoopStmt, { readonly kind: "store" }>): void {
    if (s.mask) {
      this.statement({
        kind: "if",
        condition: s.mask,
        then: [{ kind: "store", buffer: s.buffer, index: s.index, value: s.value }],
        otherwise: [],
      });
      return;
    }
    const value = this.expr(s.value);
    const element = this.element(s.buffer, s.index);
    const asBits = this.options.at(s.buffer)?.kind === "slab" || s.buffer.scalar === "bool";
    this.write(`${element.text} = ${asBits ? bitsText(s.buffer.scalar, value).text : value.text};`);
  }

  /** Only the side taken is computed: a branch, unless neither side costs anything. */
  private choice(e: Extract<LoopExpr, { readonly kind: "if" }>): Text {
    const condition = this.expr(e.condition);
    const name = this.options.names.fresh("chosen");
    this.write(`var ${name}: ${wordOf(e.type.scalar)};`);
    const side = (value: LoopExpr): void => {
      const outer = this.indent;
      this.indent = `${outer}  `;
      this.write(`${name} = ${this.expr(value).text};`);
      this.indent = outer;
    };
    this.write(`if (${condition.text}) {`);
    side(e.then);
    this.write("} else {");
    side(e.otherwise);
    this.write("}");
    return atom(name);
  }

  // Control. Where a barrier is inside, the condition is made uniform: all invocations take the first one's value.

  private agreed(e: LoopExpr): Text {
    const value = this.expr(e);
    if (this.isUniform(e)) return value;
    this.helper("agreed");
    return fromBits(e.type.scalar, call("agreed", bitsText(e.type.scalar, value)));
  }

  /** Where some must leave, the workgroup meets to agree on it. */
  private meetsIn(block: LoopBlock): boolean {
    return this.options.meets && (hasBarrier(block) || hasStop(block));
  }

  private forLoop(s: Extract<LoopStmt, { readonly kind: "for" }>): void {
    const meets = this.meetsIn(s.body);
    const lo = meets ? this.agreed(s.lo) : this.expr(s.lo);
    let hi = meets ? this.agreed(s.hi) : this.expr(s.hi);
    // Taken once.
    if (s.hi.kind !== "const" && !(s.hi.kind === "var" && !s.hi.var.mutable)) {
      const name = this.options.names.fresh(`${s.var.name}End`);
      this.write(`let ${name} = ${hi.text};`);
      hi = atom(name);
    }
    if (meets || (this.isUniform(s.lo) && this.isUniform(s.hi))) this.uniform.add(s.var.id);
    const v = this.declare(s.var);
    const next = s.step === 1 ? `${v}++` : `${v} += ${s.step}`;
    this.write(`for (var ${v}: i32 = ${lo.text}; ${v} < ${inside(hi, level.sum)}; ${next}) {`);
    this.block(s.body);
    this.write("}");
  }

  private whileLoop(s: Extract<LoopStmt, { readonly kind: "while" }>): void {
    const meets = this.meetsIn(s.body);
    this.write("loop {");
    const outer = this.indent;
    this.indent = `${outer}  `;
    const condition = meets ? this.agreed(s.condition) : this.expr(s.condition);
    this.write(`if (!${inside(condition, level.atom)}) { break; }`);
    this.indent = outer;
    this.block(s.body);
    this.write("}");
  }

  private branch(s: Extract<LoopStmt, { readonly kind: "if" }>): void {
    const meets = this.meetsIn(s.then) || this.meetsIn(s.otherwise);
    const condition = meets ? this.agreed(s.condition) : this.expr(s.condition);
    if (s.then.length === 0) {
      this.write(`if (!${inside(condition, level.atom)}) {`);
      this.block(s.otherwise);
    } else {
      this.write(`if (${condition.text}) {`);
      this.block(s.then);
      if (s.otherwise.length > 0) {
        this.write("} else {");
        this.block(s.otherwise);
      }
    }
    this.write("}");
  }

  private fail(s: Extract<LoopStmt, { readonly kind: "fail" }>): void {
    this.helper("fail");
    const condition = this.expr(s.condition);
    this.write(`if (${condition.text}) {`);
    const outer = this.indent;
    this.indent = `${outer}  `;
    let types = 0;
    const values = [0, 1, 2, 3].map((k) => {
      const value = s.values[k];
      if (!value) return atom("0u");
      types |= GPU_VALUE_TYPES.indexOf(wordOf(value.type.scalar)) << (2 * k);
      return bitsText(value.type.scalar, this.expr(value));
    });
    this.write(`${call("fail", atom(`${s.check}u`), this.expr(s.point), atom(`${types}u`), ...values).text};`);
    this.indent = outer;
    this.write("}");
  }

  private isUniform(e: LoopExpr): boolean {
    switch (e.kind) {
      case "const":
        return true;
      case "var":
        return this.uniform.has(e.var.id);
      case "op":
        return e.args.every((a) => this.isUniform(a));
      case "convert":
        return this.isUniform(e.value);
      case "builtin":
        return e.name !== "invocation";
      default:
        return false;
    }
  }
}

export const storedType = (buffer: Buffer): string => (buffer.scalar === "bool" ? "u32" : wordOf(buffer.scalar));

/** All invocations must get here together. */
export const hasBarrier = (block: LoopBlock): boolean => holds(block, "barrier");
const hasStop = (block: LoopBlock): boolean => holds(block, "stopIfFailed");

const holds = (block: LoopBlock, kind: LoopStmt["kind"]): boolean =>
  block.some((s) => s.kind === kind || blocksOf(s).some((b) => holds(b, kind)));
