// Prints Nest IR as text close to Fold. With ids (`x.12`) and spans (`@4:9`) the text is the whole of the kernel: nest-parse.ts gives it
// back. Plain text, for people, leaves out what they need not see; it parses too, with new ids.
import type { Span } from "../compiler/diagnostic.js";
import type { Size, SizeAtom } from "../compiler/size.js";
import type { ArrayVar, Axis, Block, Check, Expr, Kernel, Nest, Op, Scalar, Stmt, Var } from "./nest.js";
import { resultType } from "./nest-types.js";

export interface PrintOptions {
  /** Names without ids where no other of that name is in scope, and no spans. */
  readonly plain?: boolean;
  /** What stands behind a statement as a comment: its line in the source. */
  readonly comment?: (at: Span) => string | undefined;
  /** What stands for a kernel that is called, instead of its text. */
  readonly called?: (kernel: Kernel) => string;
}

/** Operators that are written between their operands, and how tightly they bind. */
export const infix: Readonly<Partial<Record<Op, { readonly text: string; readonly level: number }>>> = {
  or: { text: "or", level: 1 },
  and: { text: "and", level: 2 },
  eq: { text: "==", level: 4 },
  ne: { text: "!=", level: 4 },
  lt: { text: "<", level: 4 },
  le: { text: "<=", level: 4 },
  gt: { text: ">", level: 4 },
  ge: { text: ">=", level: 4 },
  add: { text: "+", level: 5 },
  sub: { text: "-", level: 5 },
  mul: { text: "*", level: 6 },
  div: { text: "/", level: 6 },
  idiv: { text: "div", level: 6 },
  imod: { text: "%", level: 6 },
};
const levels = { any: 0, not: 3, sum: 5, unary: 7, atom: 8 } as const;

const suffix: Readonly<Record<Scalar, string>> = { i32: "", bool: "", u32: "u", f32: "f", f64: "d" };

function constant(value: number, type: Scalar): string {
  if (type === "bool") return value ? "true" : "false";
  if (Number.isNaN(value)) return `nan_${type}`;
  if (!Number.isFinite(value)) return `${value < 0 ? "-" : ""}inf_${type}`;
  return `${Object.is(value, -0) ? "-0" : value}${suffix[type]}`;
}

/** Names in scope, and the text by which each goes. */
class Labels {
  private readonly text = new Map<string, string>();
  private readonly used = new Set<string>();
  constructor(private readonly plain: boolean) {}

  declare(kind: "v" | "a", name: { readonly id: number; readonly name: string }): string {
    const label = this.plain && !this.used.has(name.name) ? name.name : `${name.name}.${name.id}`;
    if (this.plain) this.used.add(label);
    this.text.set(`${kind}${name.id}`, label);
    return label;
  }
  get(kind: "v" | "a", name: { readonly id: number; readonly name: string }): string {
    return this.text.get(`${kind}${name.id}`) ?? `${name.name}.${name.id}`;
  }
  /** What `f` declares is out of scope after it. */
  scope<T>(f: () => T): T {
    if (!this.plain) return f();
    const before = [...this.used];
    const result = f();
    this.used.clear();
    for (const label of before) this.used.add(label);
    return result;
  }
}

/** The text of one kernel. */
class Printer {
  private readonly labels: Labels;
  private readonly files: string[] = [];
  constructor(private readonly options: PrintOptions) {
    this.labels = new Labels(options.plain === true);
  }

  kernel(k: Kernel): string[] {
    const sizes = k.sizes.map((v) => `  size ${this.labels.declare("v", v)}`);
    const scalars = k.scalars.map((v) => `  scalar ${this.variable(v)}`);
    const params = k.params.map((a) => `  param ${this.array(a)}`);
    const checks = k.checks.map((c) => `  check ${this.check(c)}`);
    // The results see what the body made: its names stay in scope.
    const body = k.body.flatMap((s) => this.stmt(s, "    "));
    const results = k.results.map((r) => {
      const path = JSON.stringify(r.path.join("."));
      return `  result ${path} = ${r.kind === "array" ? `array ${this.labels.get("a", r.array)}` : this.expr(r.value, "  ")}`;
    });
    const head = `kernel ${JSON.stringify(k.name)} real ${k.precision.real} wide ${k.precision.wide} {`;
    const files = this.files.map((f) => `  file ${JSON.stringify(f)}`);
    return [head, ...files, ...sizes, ...scalars, ...params, ...checks, "  body {", ...body, "  }", ...results, "}"];
  }

  private check(c: Check): string {
    const parts = c.message.map((m) => (typeof m === "number" ? `{${m}}` : JSON.stringify(m)));
    return `${[c.kind, ...parts].join(" ")}${this.span(c.at)}`;
  }

  private span(at: Span): string {
    if (this.options.plain) {
      const comment = this.options.comment?.(at);
      return comment === undefined ? "" : ` # ${comment}`;
    }
    let file = this.files.indexOf(at.file);
    if (file < 0) file = this.files.push(at.file) - 1;
    return ` @${file}:${at.start}:${at.end}`;
  }

  private variable = (v: Var): string => `${this.labels.declare("v", v)}: ${v.type}`;

  private array(a: ArrayVar): string {
    const words = `${a.role === "result" ? "result " : ""}${a.mutable ? "var " : ""}`;
    return `${words}${this.labels.declare("a", a)}: ${a.type}[${a.shape.map((s) => this.size(s)).join(", ")}]`;
  }

  private size(s: Size): string {
    if (s.terms.length === 0) return "0";
    const atom = (a: SizeAtom): string =>
      a.kind === "symbol"
        ? this.labels.get("v", a.symbol)
        : `((${this.size(a.numerator)}) div (${this.size(a.denominator)}))`;
    return [...s.terms]
      .sort((x, y) => y.atoms.length - x.atoms.length)
      .map((t) => {
        const factors = [...(Math.abs(t.coefficient) === 1 && t.atoms.length ? [] : [Math.abs(t.coefficient)])];
        return { minus: t.coefficient < 0, text: [...factors, ...t.atoms.map(atom)].join(" * ") };
      })
      .map((t, i) => (i === 0 ? (t.minus ? `-${t.text}` : t.text) : `${t.minus ? " - " : " + "}${t.text}`))
      .join("");
  }

  private block(block: Block, indent: string): string[] {
    return this.labels.scope(() => block.flatMap((s) => this.stmt(s, indent)));
  }

  private axes(axes: readonly Axis[], where: Expr | undefined, indent: string): string {
    const list = axes.map((a) => {
      const range = `${this.expr(a.lo, indent, levels.sum)}..${this.expr(a.hi, indent, levels.sum)}`;
      return `${this.labels.declare("v", a.var)} in ${range}`;
    });
    return `${list.join(", ")}${where ? `${list.length ? " " : ""}where ${this.expr(where, indent)}` : ""}`;
  }

  private list = (items: readonly Expr[], indent: string): string => items.map((e) => this.expr(e, indent)).join(", ");

  private nest(nest: Nest, indent: string, span: string): string[] {
    // What a `define` makes is seen after the nest: it is named before the scope of the axes begins.
    const made = nest.yields.map((y) => (nest.mode === "define" ? this.array(y.array) : ""));
    const inner = `${indent}  `;
    return this.labels.scope(() => {
      const head = `${indent}${nest.mode} ${this.axes(nest.axes, nest.where, indent)}`;
      const one = nest.yields.length === 1 && nest.body.length === 0;
      const body = nest.body.flatMap((s) => this.stmt(s, inner));
      const yields = nest.yields.map((y, n) => {
        const place = `${this.labels.get("a", y.array)}[${this.list(y.index, indent)}]`;
        return `${nest.mode === "define" ? made[n] : place} = ${this.expr(y.value, one ? indent : inner)}`;
      });
      if (one) return [`${head}: ${yields[0]}${span}`];
      return [`${head} {${span}`, ...body, ...yields.map((y) => `${inner}yield ${y}`), `${indent}}`];
    });
  }

  private stmt(s: Stmt, indent: string): string[] {
    const span = this.span(s.at);
    const inner = `${indent}  `;
    switch (s.kind) {
      case "let": {
        const value = this.expr(s.value, indent);
        return [`${indent}${s.var.mutable ? "var" : "let"} ${this.variable(s.var)} = ${value}${span}`];
      }
      case "set":
        return [`${indent}${this.labels.get("v", s.var)} = ${this.expr(s.value, indent)}${span}`];
      case "declare":
        return [`${indent}declare ${this.array(s.array)}${span}`];
      case "list":
        return [`${indent}list ${this.array(s.array)} = [${this.list(s.elements, indent)}]${span}`];
      case "nest":
        return this.nest(s.nest, indent, span);
      case "store": {
        const place = `${this.labels.get("a", s.array)}[${this.list(s.index, indent)}]`;
        return [`${indent}${place} = ${this.expr(s.value, indent)}${span}`];
      }
      case "for": {
        const range = `${this.expr(s.lo, indent, levels.sum)}..${this.expr(s.hi, indent, levels.sum)}`;
        return this.labels.scope(() => [
          `${indent}for ${this.labels.declare("v", s.var)} in ${range} {${span}`,
          ...this.block(s.body, inner),
          `${indent}}`,
        ]);
      }
      case "loop": {
        const max = this.expr(s.max, indent, levels.sum);
        const turns = this.labels.declare("v", s.turns);
        return this.labels.scope(() => {
          const head = `${indent}loop ${this.labels.declare("v", s.turn)}, ${turns} < ${max} {${span}`;
          const body = s.body.flatMap((t) => this.stmt(t, inner));
          return [head, ...body, `${indent}} until ${this.expr(s.until, indent)}`];
        });
      }
      case "if": {
        const head = `${indent}if ${this.expr(s.condition, indent)} {${span}`;
        const otherwise = s.otherwise.length ? [`${indent}} else {`, ...this.block(s.otherwise, inner)] : [];
        return [head, ...this.block(s.then, inner), ...otherwise, `${indent}}`];
      }
      case "require": {
        const values = s.values.length ? `(${this.list(s.values, indent)})` : "";
        return [`${indent}require ${this.expr(s.condition, indent)} else ?${s.check}${values}${span}`];
      }
      case "host": {
        const args = `${this.list(s.sizes, indent)}; ${this.list(s.scalars, indent)}`;
        const arrays = s.arrays.map((a) => this.labels.get("a", a)).join(", ");
        const results = s.results.map((r) => ("shape" in r ? this.array(r) : this.variable(r))).join(", ");
        const text = this.options.called ? [this.options.called(s.kernel)] : printLines(s.kernel, this.options);
        const kernel = text.map((line) => `${inner}${line}`);
        return [`${indent}host (${args}; ${arrays}) -> (${results}) {${span}`, ...kernel, `${indent}}`];
      }
    }
  }

  /** `level` is how tightly what stands around binds; what binds less is put in parentheses. */
  private expr(e: Expr, indent: string, level: number = levels.any): string {
    const wrap = (text: string, own: number): string => (own < level ? `(${text})` : text);
    switch (e.kind) {
      case "const":
        return constant(e.value, e.type);
      case "var":
        return this.labels.get("v", e.var);
      case "load": {
        const index = e.index.map((x, d) => {
          const check = e.checks?.[d];
          return `${this.expr(x, indent)}${check === undefined || check === null ? "" : ` ?${check}`}`;
        });
        return `${this.labels.get("a", e.array)}[${index.join(", ")}]`;
      }
      case "convert":
        return `${e.type}(${this.expr(e.value, indent)})`;
      case "op":
        return this.operation(e, indent, wrap);
      case "if": {
        const condition = this.expr(e.condition, indent);
        const sides = `${this.expr(e.then, indent)} else ${this.expr(e.otherwise, indent)}`;
        return level === levels.any ? `if ${condition} then ${sides}` : `(if ${condition} then ${sides})`;
      }
      case "block": {
        const inner = `${indent}  `;
        return this.labels.scope(() => {
          const body = e.body.flatMap((s) => this.stmt(s, inner));
          return ["do {", ...body, `${inner}give ${this.expr(e.value, inner)}`, `${indent}}`].join("\n");
        });
      }
      case "reduce": {
        const type = e.type === reduceType(e) ? "" : `:${e.type}`;
        return this.labels.scope(
          () => `${e.reducer}${type}[${this.axes(e.axes, e.where, indent)}](${this.expr(e.value, indent)})`,
        );
      }
    }
  }

  private operation(
    e: Expr & { readonly kind: "op" },
    indent: string,
    wrap: (text: string, own: number) => string,
  ): string {
    const [a, b] = e.args;
    const natural = e.type === resultType(e.op, e.args);
    const between = infix[e.op];
    if (between && a && b && natural && e.args.length === 2) {
      // Comparisons do not chain: both sides bind tighter.
      const left = this.expr(a, indent, between.level === infix.eq?.level ? between.level + 1 : between.level);
      return wrap(`${left} ${between.text} ${this.expr(b, indent, between.level + 1)}`, between.level);
    }
    if (e.op === "not" && a && natural) return wrap(`not ${this.expr(a, indent, levels.not)}`, levels.not);
    if (e.op === "neg" && a && natural)
      return wrap(
        a.kind === "const" ? `-(${this.expr(a, indent)})` : `-${this.expr(a, indent, levels.unary)}`,
        levels.unary,
      );
    return `${e.op}${natural ? "" : `:${e.type}`}(${this.list(e.args, indent)})`;
  }
}

/** The type that a reducer gives when nothing else is said. */
export const reduceType = (e: { readonly reducer: string; readonly value: Expr }): Scalar =>
  e.reducer === "argmin" || e.reducer === "argmax" || e.reducer === "count"
    ? "i32"
    : e.reducer === "any" || e.reducer === "all"
      ? "bool"
      : e.value.type;

const printLines = (k: Kernel, options: PrintOptions): string[] => {
  const printer = new Printer(options);
  // Blocks in expressions come with line ends of their own.
  return printer.kernel(k).flatMap((line) => line.split("\n"));
};

export const printKernel = (k: Kernel, options: PrintOptions = {}): string => `${printLines(k, options).join("\n")}\n`;
