// Parses the text of Nest IR (nest-print.ts). Names may come with ids (`x.12`) or without (they get new ones); spans are optional. Tests
// write kernels in it, and print-then-parse is the identity.
import type { ArrayVar, Block, Check, Expr, Kernel, Nest, Result, Stmt, Var, Yield } from "./nest.js";
import { tokens } from "./nest-lex.js";
import { ExprParser } from "./nest-parse-expr.js";
import { isScalar } from "./nest-parse-names.js";

const checkKinds = ["require", "index", "slice", "shape", "division", "power", "conflict", "size"] as const;

export const parseKernel = (text: string): Kernel => new Parser(tokens(text)).whole();

class Parser extends ExprParser {
  whole(): Kernel {
    const k = this.kernel();
    if (this.token.kind !== "end") this.fail("the end");
    return k;
  }

  private kernel(): Kernel {
    this.expect("kernel");
    const name = this.string();
    this.expect("real");
    const real = this.scalar() === "f32" ? "f32" : "f64";
    this.expect("wide");
    const wide = this.scalar() === "f32" ? "f32" : "f64";
    const { vars, arrays, files } = this;
    this.vars = new Map();
    this.arrays = new Map();
    this.files = [];
    const sizes: Var[] = [];
    const scalars: Var[] = [];
    const params: ArrayVar[] = [];
    const checks: Check[] = [];
    const results: Result[] = [];
    let body: Block = [];
    this.expect("{");
    while (!this.accept("}")) {
      if (this.accept("file")) this.files.push(this.string());
      else if (this.accept("size")) sizes.push(this.newVar(false, "i32"));
      else if (this.accept("scalar")) scalars.push(this.newVar(false));
      else if (this.accept("param")) params.push(this.declareArray("param"));
      else if (this.accept("check")) checks.push(this.check());
      else if (this.accept("body")) body = this.block();
      else if (this.accept("result")) results.push(this.result());
      else this.fail("a part of a kernel");
    }
    Object.assign(this, { vars, arrays, files });
    return { name, precision: { real, wide }, sizes, scalars, params, results, body, checks };
  }

  private check(): Check {
    const kind = checkKinds.find(this.is) ?? this.fail("a kind of check");
    this.at++;
    const message: (string | number)[] = [];
    for (;;) {
      if (this.token.kind === "string") message.push(this.string());
      else if (this.accept("{")) {
        message.push(this.integer());
        this.expect("}");
      } else return { kind, message, at: this.span() };
    }
  }

  private result(): Result {
    const text = this.string();
    const path = text === "" ? [] : text.split(".");
    this.expect("=");
    if (this.accept("array")) return { kind: "array", path, array: this.useArray() };
    return { kind: "scalar", path, value: this.expr() };
  }

  /** Statements in braces, whose names stay in scope: the caller ends it. */
  private block(): Block {
    this.expect("{");
    return this.rest();
  }
  private rest(): Block {
    const body: Stmt[] = [];
    while (!this.accept("}")) body.push(this.stmt());
    return body;
  }

  private nest(mode: Nest["mode"]): Stmt {
    // What a `define` makes is seen after it, not in it.
    const made: { readonly label: string; readonly array: ArrayVar }[] = [];
    const stmt = this.scope((): Stmt => {
      const space = this.axes([":", "{"]);
      const write = (): Yield => {
        let place: Omit<Yield, "value">;
        if (mode === "define") {
          const m = this.newArray();
          made.push(m);
          place = { array: m.array, index: space.axes.map((a): Expr => ({ kind: "var", var: a.var, type: "i32" })) };
        } else {
          const array = this.useArray();
          this.expect("[");
          place = { array, index: this.list("]", () => this.expr()) };
        }
        this.expect("=");
        return { ...place, value: this.expr() };
      };
      if (this.accept(":")) {
        const y = write();
        return { kind: "nest", nest: { mode, ...space, body: [], yields: [y] }, at: this.span() };
      }
      this.expect("{");
      const at = this.span();
      const body: Stmt[] = [];
      while (!this.is("yield") && !this.is("}")) body.push(this.stmt());
      const yields: Yield[] = [];
      while (this.accept("yield")) yields.push(write());
      this.expect("}");
      return { kind: "nest", nest: { mode, ...space, body, yields }, at };
    });
    for (const { label, array } of made) this.arrays.set(label, array);
    return stmt;
  }

  protected stmt(): Stmt {
    if (this.token.kind !== "name") this.fail("a statement");
    switch (this.token.text) {
      case "let":
      case "var": {
        const mutable = this.next() === "var";
        const { label, id, name } = this.newName();
        this.expect(":");
        const v: Var = { id, name, type: this.scalar(), mutable };
        this.expect("=");
        const value = this.expr();
        this.vars.set(label, v);
        return { kind: "let", var: v, value, at: this.span() };
      }
      case "declare":
        this.at++;
        return { kind: "declare", array: this.declareArray(), at: this.span() };
      case "list": {
        this.at++;
        const { label, array } = this.newArray();
        this.expect("=");
        this.expect("[");
        const elements = this.list("]", () => this.expr());
        this.arrays.set(label, array);
        return { kind: "list", array, elements, at: this.span() };
      }
      case "define":
      case "assign":
      case "add": {
        const mode = this.token.text;
        this.at++;
        return this.nest(mode);
      }
      case "for":
        return this.scope((): Stmt => {
          this.at++;
          const { var: v, lo, hi } = this.axis();
          this.expect("{");
          const at = this.span();
          return { kind: "for", var: v, lo, hi, body: this.rest(), at };
        });
      case "loop":
        return this.loop();
      case "if":
        return this.branch();
      case "require": {
        this.at++;
        const condition = this.expr();
        this.expect("else");
        this.expect("?");
        const check = this.integer();
        const values = this.accept("(") ? this.list(")", () => this.expr()) : [];
        return { kind: "require", condition, check, values, at: this.span() };
      }
      case "host":
        return this.host();
      default:
        return this.assignment();
    }
  }

  private loop(): Stmt {
    this.at++;
    const turn = this.newName();
    this.expect(",");
    const known = this.vars.get(this.token.text);
    const turns = known ? this.useVar() : this.newVar(true, "i32");
    this.expect("<");
    const max = this.expr(5);
    return this.scope((): Stmt => {
      const v: Var = { id: turn.id, name: turn.name, type: "i32", mutable: false };
      this.vars.set(turn.label, v);
      this.expect("{");
      const at = this.span();
      const body = this.rest();
      this.expect("until");
      return { kind: "loop", turn: v, turns, max, body, until: this.expr(), at };
    });
  }

  private branch(): Stmt {
    this.at++;
    const condition = this.expr();
    this.expect("{");
    const at = this.span();
    const then = this.scope(() => this.rest());
    const otherwise = this.accept("else") ? this.scope(() => this.block()) : [];
    return { kind: "if", condition, then, otherwise, at };
  }

  private host(): Stmt {
    this.at++;
    this.expect("(");
    const sizes = this.list(";", () => this.expr());
    const scalars = this.list(";", () => this.expr());
    const arrays = this.list(")", () => this.useArray());
    this.expect("->");
    this.expect("(");
    const results = this.list(")", (): ArrayVar | Var => {
      const known = this.vars.get(this.token.text);
      // `x: f32` is a scalar, `x: f32[n]` an array, and so is what begins with a word of arrays.
      const start = this.at;
      if (!this.is("result") && !this.is("var")) {
        this.name();
        if (this.accept(":") && isScalar(this.next()) && !this.is("[")) {
          const end = this.at;
          this.at = start;
          const v = known ?? this.newVar(false);
          this.at = end;
          return v;
        }
        this.at = start;
      }
      return this.declareArray();
    });
    this.expect("{");
    const at = this.span();
    const kernel = this.kernel();
    this.expect("}");
    return { kind: "host", kernel, sizes, scalars, arrays, results, at };
  }

  private assignment(): Stmt {
    if (this.peek().text !== "[") {
      const v = this.useVar();
      this.expect("=");
      return { kind: "set", var: v, value: this.expr(), at: this.span() };
    }
    const array = this.useArray();
    this.expect("[");
    const index = this.list("]", () => this.expr());
    this.expect("=");
    return { kind: "store", array, index, value: this.expr(), at: this.span() };
  }
}
