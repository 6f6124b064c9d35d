// Prints a syntax tree for people: a statement a line, its expressions in prefix form, so that one sees how they were read.
import type { Span } from "./diagnostic.js";
import type {
  BinderSyntax,
  Expression,
  FunctionDeclaration,
  Name,
  ParamSyntax,
  PlaceSyntax,
  Statement,
  Subscript,
  TypeSyntax,
} from "./syntax.js";

/** `comment` gives what stands behind a statement: its line in the source. */
export function printSyntax(f: FunctionDeclaration, comment: (at: Span) => string): string {
  const lines: string[] = [];
  const line = (depth: number, text: string, at?: Span): void => {
    lines.push(`${"  ".repeat(depth)}${text}${at ? `  # ${comment(at)}` : ""}`);
  };
  const block = (body: readonly Statement[], depth: number): void => {
    for (const s of body) statement(s, depth);
  };
  const statement = (s: Statement, depth: number): void => {
    line(depth, headOf(s), s.at);
    switch (s.kind) {
      case "for":
      case "loop":
        block(s.body, depth + 1);
        if (s.kind === "loop") line(depth, `until ${expr(s.until)}`, s.until.at);
        return;
      case "if":
        block(s.then, depth + 1);
        if (s.otherwise) {
          line(depth, "else");
          block(s.otherwise, depth + 1);
        }
    }
  };
  line(0, `${f.exported ? "export " : ""}${f.host ? "host " : ""}fn ${f.name.text}`, f.name.at);
  for (const p of f.params) line(1, `param ${p.name.text}: ${paramType(p.type)}`);
  line(1, `result ${type(f.result)}`);
  block(f.body, 1);
  return `${lines.join("\n")}\n`;
}

function headOf(s: Statement): string {
  switch (s.kind) {
    case "define": {
      const binders = s.binders ? `[${s.binders.map((b) => (b ? binder(b) : ":")).join(", ")}]` : "";
      return `${s.mutable ? "var" : "let"} ${s.name.text}${binders}${s.type ? `: ${type(s.type)}` : ""} = ${expr(s.value)}`;
    }
    case "unpack": {
      const fields = s.fields.map((f) => (f.alias ? `${f.field.text}: ${f.alias.text}` : f.field.text));
      return `${s.mutable ? "var" : "let"} { ${fields.join(", ")} } = ${expr(s.value)}`;
    }
    case "each":
      return `each [${binders(s.binders, s.where)}] ${place(s.place)} ${s.op} ${expr(s.value)}`;
    case "assign":
      return `${place(s.place)} ${s.op} ${expr(s.value)}`;
    case "for":
      return `for ${s.name.text} in ${expr(s.lo)} .. ${expr(s.hi)}`;
    case "loop":
      return `loop ${s.name.text} < ${expr(s.max)}`;
    case "if":
      return `if ${expr(s.condition)}`;
    case "require": {
      const message = s.message.map((m) => ("text" in m ? m.text : `{${m.path.map((n) => n.text).join(".")}}`));
      return `require ${expr(s.condition)} else ${JSON.stringify(message.join(""))}`;
    }
    case "expect":
      return s.near
        ? `expect ${expr(s.value)} near ${expr(s.near.to)} within ${expr(s.near.within)}`
        : `expect ${expr(s.value)}`;
    case "return":
      return `return ${expr(s.value)}`;
  }
}

const binder = (b: BinderSyntax): string =>
  b.range ? `${b.name.text} in ${expr(b.range.lo)} .. ${expr(b.range.hi)}` : b.name.text;
const binders = (all: readonly BinderSyntax[], where: Expression | undefined): string =>
  `${all.map(binder).join(", ")}${where ? ` where ${expr(where)}` : ""}`;

function subscript(s: Subscript): string {
  switch (s.kind) {
    case "all":
      return ":";
    case "at":
      return expr(s.index);
    case "range":
      return `${expr(s.lo)} .. ${expr(s.hi)}`;
  }
}
const place = (p: PlaceSyntax): string =>
  `${[p.name, ...p.path].map((n) => n.text).join(".")}${p.subscripts ? `[${p.subscripts.map(subscript).join(", ")}]` : ""}`;

function type(t: TypeSyntax): string {
  if (t.kind === "record") return `{ ${t.fields.map((f) => `${f.name.text}: ${type(f.type)}`).join(", ")} }`;
  return `${t.name.text}${t.sizes.length > 0 ? `[${t.sizes.map(expr).join(", ")}]` : ""}`;
}
const paramType = (t: ParamSyntax["type"]): string =>
  t.kind === "function" ? `fn(${t.params.map(type).join(", ")}) -> ${type(t.result)}` : type(t);

const call = (head: string, ...parts: readonly string[]): string => `(${[head, ...parts].join(" ")})`;

function expr(e: Expression): string {
  switch (e.kind) {
    case "number":
      return e.text;
    case "bool":
      return String(e.value);
    case "name":
      return e.name;
    case "list":
      return `[${e.elements.map(expr).join(", ")}]`;
    case "unary":
      return call(e.op, expr(e.operand));
    case "binary":
      return call(e.op, expr(e.left), expr(e.right));
    case "transpose":
      return call("transpose", expr(e.operand));
    case "subscript":
      return `${expr(e.base)}[${e.subscripts.map(subscript).join(", ")}]`;
    case "field":
      return `${expr(e.base)}.${e.field.text}`;
    case "call":
      return call(e.callee.text, ...e.args.map(expr));
    case "lambda":
      return call("fn", `(${e.params.map((p) => p.text).join(" ")})`, expr(e.body));
    case "reduce":
      return call(e.reducer, `[${binders(e.binders, e.where)}]`, expr(e.body));
    case "if":
      return call("if", expr(e.condition), expr(e.then), expr(e.otherwise));
    case "as":
      return call("as", expr(e.value), type(e.type));
    case "record":
      return `{ ${e.fields.map((f) => (f.value ? `${f.name.text}: ${expr(f.value)}` : f.name.text)).join(", ")} }`;
  }
}

/** Every name that stands for a value or a function in a piece of syntax. */
export function namesIn(piece: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (x: unknown): void => {
    if (typeof x !== "object" || x === null) return;
    const node = x as { readonly kind?: unknown; readonly name?: unknown; readonly callee?: Name };
    if (node.kind === "name" && typeof node.name === "string") found.add(node.name);
    if (node.kind === "call" && node.callee) found.add(node.callee.text);
    for (const part of Object.values(x)) visit(part);
  };
  visit(piece);
  return found;
}
