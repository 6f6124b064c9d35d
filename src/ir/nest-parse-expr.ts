// The expressions of Nest IR's text, by precedence climbing.
import type { Axis, Expr, Op, Reducer, Stmt, Var } from "./nest.js";
import { Cursor, isScalar } from "./nest-parse-names.js";
import { infix, reduceType } from "./nest-print.js";
import { isOp, resultType } from "./nest-types.js";

const reducers: ReadonlySet<string> = new Set("sum prod min max argmin argmax any all count".split(" "));
const isReducer = (text: string): text is Reducer => reducers.has(text);
const literals = { u: "u32", f: "f32", d: "f64" } as const;
const operators: ReadonlyMap<string, { readonly op: Op; readonly level: number }> = new Map(
  Object.entries(infix).flatMap(([op, i]) => (isOp(op) ? [[i.text, { op, level: i.level }] as const] : [])),
);

export abstract class ExprParser extends Cursor {
  protected abstract stmt(): Stmt;

  protected axis = (): Axis => {
    const { label, id, name } = this.newName();
    this.expect("in");
    const lo = this.expr();
    this.expect("..");
    const hi = this.expr();
    const v: Var = { id, name, type: "i32", mutable: false };
    this.vars.set(label, v);
    return { var: v, lo, hi };
  };
  /** `i in lo..hi, ... where c`, up to `end`. */
  protected axes(end: readonly string[]): { readonly axes: readonly Axis[]; readonly where?: Expr } {
    const axes: Axis[] = [];
    while (!this.is("where") && !end.some(this.is)) {
      axes.push(this.axis());
      if (!this.accept(",")) break;
    }
    return this.accept("where") ? { axes, where: this.expr() } : { axes };
  }

  protected expr(level = 0): Expr {
    let left = this.unary();
    for (;;) {
      const found = this.token.kind === "string" ? undefined : operators.get(this.token.text);
      if (!found || found.level < level) return left;
      this.at++;
      left = this.operation(found.op, [left, this.expr(found.level + 1)]);
    }
  }

  private operation(op: Op, args: readonly Expr[], said?: Expr["type"]): Expr {
    const type = said ?? resultType(op, args);
    return type ? { kind: "op", op, args, type } : this.fail(`the type of ${op}, as in ${op}:f32(...)`);
  }

  private unary(): Expr {
    if (this.is("not")) {
      this.at++;
      return this.operation("not", [this.expr(3)]);
    }
    if (!this.is("-")) return this.primary();
    this.at++;
    if (this.token.kind === "number" || /^inf_/.test(this.token.text)) {
      const c = this.primary();
      return c.kind === "const" ? { ...c, value: -c.value } : this.fail("a number");
    }
    return this.operation("neg", [this.unary()]);
  }

  private number(): Expr {
    const text = this.next();
    const last = text.at(-1) ?? "";
    const type = last in literals ? literals[last as keyof typeof literals] : "i32";
    return { kind: "const", value: Number.parseFloat(text), type };
  }

  private primary(): Expr {
    const { kind, text } = this.token;
    if (kind === "number") return this.number();
    if (this.accept("(")) {
      const e = this.expr();
      this.expect(")");
      return e;
    }
    if (kind !== "name") this.fail("an expression");
    const special = /^(inf|nan)_(f32|f64)$/.exec(text);
    if (special) {
      this.at++;
      return {
        kind: "const",
        value: special[1] === "inf" ? Number.POSITIVE_INFINITY : Number.NaN,
        type: special[2] === "f32" ? "f32" : "f64",
      };
    }
    if (this.accept("true")) return { kind: "const", value: 1, type: "bool" };
    if (this.accept("false")) return { kind: "const", value: 0, type: "bool" };
    if (this.accept("if")) {
      const condition = this.expr();
      this.expect("then");
      const then = this.expr();
      this.expect("else");
      return { kind: "if", condition, then, otherwise: this.expr(), type: then.type };
    }
    if (this.accept("do")) return this.scope(() => this.blockExpr());
    const after = this.peek().text;
    if (isScalar(text) && after === "(") {
      this.at += 2;
      const value = this.expr();
      this.expect(")");
      return { kind: "convert", value, type: text };
    }
    if (isReducer(text) && (after === "[" || (after === ":" && !isOp(text)))) return this.reduce();
    if (isOp(text) && (after === "(" || after === ":")) {
      this.at++;
      const type = this.accept(":") ? this.scalar() : undefined;
      if (type && this.is("[")) {
        this.at -= 3;
        return this.reduce();
      }
      this.expect("(");
      return this.operation(
        text,
        this.list(")", () => this.expr()),
        type,
      );
    }
    if (after === "[") return this.load();
    const v = this.useVar();
    return { kind: "var", var: v, type: v.type };
  }

  private load(): Expr {
    const array = this.useArray();
    const checks: (number | null)[] = [];
    this.expect("[");
    const index = this.list("]", () => {
      const e = this.expr();
      checks.push(this.accept("?") ? this.integer() : null);
      return e;
    });
    const checked = checks.some((c) => c !== null) ? { checks } : {};
    return { kind: "load", array, index, ...checked, type: array.type };
  }

  private reduce(): Expr {
    const reducer = this.name();
    if (!isReducer(reducer)) return this.fail("a reducer");
    const said = this.accept(":") ? this.scalar() : undefined;
    return this.scope(() => {
      this.expect("[");
      const space = this.axes(["]"]);
      this.expect("]");
      this.expect("(");
      const value = this.expr();
      this.expect(")");
      return { kind: "reduce", reducer, ...space, value, type: said ?? reduceType({ reducer, value }) };
    });
  }

  private blockExpr(): Expr {
    this.expect("{");
    const body: Stmt[] = [];
    while (!this.accept("give")) body.push(this.stmt());
    const value = this.expr();
    this.expect("}");
    return { kind: "block", body, value, type: value.type };
  }
}
