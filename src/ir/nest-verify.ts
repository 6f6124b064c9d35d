// Holds a kernel against the rules of Nest IR: types, scopes, ranks, what may be written where. It runs after every pass, so that a pass
// that breaks something is named by the first message.
import { equalSizes, type Size, symbolsOfSize } from "../compiler/size.js";
import type { ArrayVar, Axis, Block, Expr, Kernel, Nest, Scalar, Stmt, Var } from "./nest.js";
import { checkOp, isFloat } from "./nest-types.js";
import { polynomialOf } from "./polynomial.js";

/** What is wrong with the kernel: nothing, if it is sound. */
export function verifyKernel(kernel: Kernel): readonly string[] {
  const v = new Verifier(kernel);
  v.run();
  return v.problems.map((p) => `${kernel.name}: ${p}`);
}

/** A kernel that is called never changes, and its callers are looked at after every pass. */
const verified = new WeakMap<Kernel, readonly string[]>();

function verifiedOnce(kernel: Kernel): readonly string[] {
  const known = verified.get(kernel) ?? verifyKernel(kernel);
  verified.set(kernel, known);
  return known;
}

class Verifier {
  readonly problems: string[] = [];
  private readonly seenVars = new Set<number>();
  private readonly seenArrays = new Set<number>();
  /** Names in scope. */
  private readonly vars = new Map<number, Var>();
  private readonly arrays = new Map<number, ArrayVar>();
  /** What is in them, in the order in which it came: a scope ends by taking its own out again. */
  private readonly madeVars: number[] = [];
  private readonly madeArrays: number[] = [];
  /** Names that the innermost nest's point or block expression made: it may write these alone. */
  private own: Set<number> | undefined;

  constructor(private readonly kernel: Kernel) {}

  run(): void {
    const { sizes, scalars, params, results, body } = this.kernel;
    for (const v of sizes) {
      if (v.type !== "i32") this.report(`size ${v.name} is ${v.type}`);
      this.makeVar(v);
    }
    for (const v of scalars) this.makeVar(v);
    for (const a of params) {
      if (a.role !== "param") this.report(`parameter ${a.name} has the role ${a.role}`);
      this.makeArray(a);
    }
    this.statements(body);
    for (const r of results) {
      if (r.kind === "scalar") this.expr(r.value);
      else this.useArray(r.array);
    }
  }

  private report = (text: string): void => void this.problems.push(text);

  // Names.

  private inner(f: () => void, own = false): void {
    const { own: outer } = this;
    const [vars, arrays] = [this.madeVars.length, this.madeArrays.length];
    if (own) this.own = new Set();
    f();
    this.own = outer;
    for (const id of this.madeVars.splice(vars)) this.vars.delete(id);
    for (const id of this.madeArrays.splice(arrays)) this.arrays.delete(id);
  }
  private makeVar(v: Var): void {
    if (this.seenVars.has(v.id)) this.report(`${v.name}.${v.id} is made twice`);
    this.seenVars.add(v.id);
    this.vars.set(v.id, v);
    this.madeVars.push(v.id);
    this.own?.add(v.id);
  }
  private makeArray(a: ArrayVar): void {
    if (this.seenArrays.has(a.id)) this.report(`array ${a.name}.${a.id} is made twice`);
    this.seenArrays.add(a.id);
    if (a.shape.length < 1 || a.shape.length > 4) this.report(`${a.name} has rank ${a.shape.length}`);
    for (const s of a.shape) this.shape(s, a.name);
    this.arrays.set(a.id, a);
    this.madeArrays.push(a.id);
    this.own?.add(a.id);
  }
  private shape(s: Size, name: string): void {
    for (const symbol of symbolsOfSize(s)) {
      const v = this.vars.get(symbol.id);
      if (!v) this.report(`the shape of ${name} speaks of ${symbol.name}.${symbol.id}, which is not in scope`);
      else if (v.type !== "i32" || v.mutable) this.report(`the shape of ${name} speaks of ${v.name}, no immutable i32`);
    }
  }
  private useVar(v: Var): void {
    const known = this.vars.get(v.id);
    if (!known) this.report(`${v.name}.${v.id} is not in scope`);
    else if (known === v) return;
    else if (known.type !== v.type || known.mutable !== v.mutable)
      this.report(`${v.name}.${v.id} is not as it was made`);
  }
  private useArray(a: ArrayVar): void {
    const known = this.arrays.get(a.id);
    if (!known) {
      this.report(`array ${a.name}.${a.id} is not in scope`);
      return;
    }
    if (known === a) return;
    const same = known.shape.length === a.shape.length && known.shape.every((s, d) => equalSizes(s, a.shape[d] ?? s));
    if (!same || known.type !== a.type || known.role !== a.role || known.mutable !== a.mutable)
      this.report(`array ${a.name}.${a.id} is not as it was made`);
  }
  private write(a: ArrayVar): void {
    this.useArray(a);
    if (!a.mutable && this.arrays.has(a.id) && !this.declared.has(a.id))
      this.report(`${a.name} is written and not mutable`);
    if (a.role === "param") this.report(`the parameter ${a.name} is written`);
    if (this.own && !this.own.has(a.id)) this.report(`${a.name} is written from inside an expression`);
  }
  /** Arrays that a `declare` made: their elements come one by one. */
  private readonly declared = new Set<number>();

  // Expressions.

  private index(a: ArrayVar, index: readonly Expr[]): void {
    if (index.length !== a.shape.length) this.report(`${a.name} has ${a.shape.length} dimensions, not ${index.length}`);
    for (const i of index) this.typed(i, "i32", "a subscript of ", a.name);
  }
  private typed(e: Expr, type: Scalar, what: string, of = ""): void {
    this.expr(e);
    if (e.type !== type) this.report(`${what}${of} is ${e.type}, not ${type}`);
  }
  private axes(axes: readonly Axis[], where: Expr | undefined): void {
    for (const a of axes) {
      this.typed(a.lo, "i32", "the lower bound of ", a.var.name);
      this.typed(a.hi, "i32", "the upper bound of ", a.var.name);
      if (a.var.type !== "i32" || a.var.mutable) this.report(`the axis ${a.var.name} is no immutable i32`);
      this.makeVar(a.var);
    }
    if (where) this.typed(where, "bool", "a `where`");
  }
  private check(n: number | null): void {
    if (n !== null && !this.kernel.checks[n]) this.report(`there is no check ${n}`);
  }

  private expr(e: Expr): void {
    switch (e.kind) {
      case "const":
        return;
      case "var":
        this.useVar(e.var);
        if (e.type !== e.var.type) this.report(`${e.var.name} is ${e.var.type}, not ${e.type}`);
        return;
      case "load":
        this.useArray(e.array);
        this.index(e.array, e.index);
        if (e.type !== e.array.type) this.report(`${e.array.name} has ${e.array.type} elements, not ${e.type}`);
        if (e.checks && e.checks.length !== e.index.length)
          this.report(`${e.array.name} has ${e.checks.length} checks`);
        for (const c of e.checks ?? []) this.check(c);
        return;
      case "op": {
        for (const a of e.args) this.expr(a);
        const wrong = checkOp(e.op, e.args, e.type);
        if (wrong) this.report(wrong);
        return;
      }
      case "convert":
        this.expr(e.value);
        return;
      case "if":
        this.typed(e.condition, "bool", "a condition");
        this.typed(e.then, e.type, "the first side of an `if`");
        this.typed(e.otherwise, e.type, "the second side of an `if`");
        return;
      case "block":
        this.inner(() => {
          this.statements(e.body);
          this.typed(e.value, e.type, "the value of a block");
        }, true);
        return;
      case "reduce":
        this.inner(() => {
          this.axes(e.axes, e.where);
          this.reduced(e);
        });
        return;
    }
  }
  private reduced(e: Expr & { readonly kind: "reduce" }): void {
    const logical = e.reducer === "any" || e.reducer === "all" || e.reducer === "count";
    const arg = e.reducer === "argmin" || e.reducer === "argmax";
    this.expr(e.value);
    if (logical !== (e.value.type === "bool")) this.report(`${e.reducer} of ${e.value.type}`);
    if (arg && e.axes.length !== 1) this.report(`${e.reducer} over ${e.axes.length} axes`);
    const gives: Scalar = arg || e.reducer === "count" ? "i32" : logical ? "bool" : e.value.type;
    if (e.type !== gives && !(isFloat(e.type) && isFloat(gives)))
      this.report(`${e.reducer} gives ${gives}, not ${e.type}`);
  }

  // Statements.

  private block = (b: Block): void => this.inner(() => this.statements(b));
  private statements(b: Block): void {
    for (const s of b) this.stmt(s);
  }

  private nest(n: Nest): void {
    this.inner(() => {
      this.axes(n.axes, n.where);
      this.statements(n.body);
      for (const y of n.yields) {
        for (const i of y.index) this.typed(i, "i32", "a subscript of ", y.array.name);
        this.typed(y.value, y.array.type, "what is written to ", y.array.name);
      }
    }, true);
    for (const y of n.yields) {
      if (n.mode === "define") {
        this.makeArray(y.array);
        this.identity(n, y.array, y.index);
      } else {
        this.write(y.array);
        if (y.index.length !== y.array.shape.length)
          this.report(`${y.array.name} is written with ${y.index.length} subscripts`);
      }
    }
    if (n.mode === "define" && n.where) this.report("a `define` has a `where`");
  }
  private identity(n: Nest, a: ArrayVar, index: readonly Expr[]): void {
    const straight =
      index.length === n.axes.length && index.every((e, d) => e.kind === "var" && e.var.id === n.axes[d]?.var.id);
    if (!straight) this.report(`${a.name} is defined with other subscripts than the axes`);
    n.axes.forEach((x, d) => {
      const lo = polynomialOf(x.lo);
      const hi = polynomialOf(x.hi);
      const size = a.shape[d];
      if (!lo || lo.terms.length > 0) this.report(`the axis ${x.var.name} that defines ${a.name} does not start at 0`);
      if (hi && size && !equalSizes(hi, size))
        this.report(`the axis ${x.var.name} does not run over dimension ${d} of ${a.name}`);
    });
  }

  private stmt(s: Stmt): void {
    switch (s.kind) {
      case "let":
        this.typed(s.value, s.var.type, s.var.name);
        this.makeVar(s.var);
        return;
      case "set":
        this.typed(s.value, s.var.type, s.var.name);
        this.useVar(s.var);
        if (!s.var.mutable) this.report(`${s.var.name} is set and not mutable`);
        if (this.own && !this.own.has(s.var.id)) this.report(`${s.var.name} is set from inside an expression`);
        return;
      case "declare":
        this.declared.add(s.array.id);
        this.makeArray(s.array);
        return;
      case "list":
        for (const e of s.elements) this.typed(e, s.array.type, "an element of ", s.array.name);
        this.makeArray(s.array);
        return;
      case "nest":
        this.nest(s.nest);
        return;
      case "store":
        this.index(s.array, s.index);
        this.typed(s.value, s.array.type, "what is written to ", s.array.name);
        this.write(s.array);
        return;
      case "for":
        this.typed(s.lo, "i32", "the lower bound of a for");
        this.typed(s.hi, "i32", "the upper bound of a for");
        this.inner(() => {
          this.makeVar(s.var);
          this.statements(s.body);
        });
        return;
      case "loop":
        this.typed(s.max, "i32", "the bound of a loop");
        if (!this.vars.has(s.turns.id)) this.makeVar(s.turns);
        if (!s.turns.mutable) this.report(`${s.turns.name} counts turns and is not mutable`);
        this.inner(() => {
          this.makeVar(s.turn);
          this.statements(s.body);
          this.typed(s.until, "bool", "an `until`");
        });
        return;
      case "if":
        this.typed(s.condition, "bool", "a condition");
        this.block(s.then);
        this.block(s.otherwise);
        return;
      case "require":
        this.typed(s.condition, "bool", "a `require`");
        if (s.values.length > 4) this.report("a check carries more than four values");
        for (const e of s.values) this.expr(e);
        this.check(s.check);
        return;
      case "host":
        this.host(s);
        return;
    }
  }

  private host(s: Stmt & { readonly kind: "host" }): void {
    for (const e of [...s.sizes, ...s.scalars]) this.expr(e);
    for (const a of s.arrays) this.useArray(a);
    const { kernel } = s;
    if (kernel.sizes.length !== s.sizes.length) this.report(`${kernel.name} takes ${kernel.sizes.length} sizes`);
    if (kernel.scalars.length !== s.scalars.length)
      this.report(`${kernel.name} takes ${kernel.scalars.length} scalars`);
    if (kernel.params.length !== s.arrays.length) this.report(`${kernel.name} takes ${kernel.params.length} arrays`);
    if (kernel.results.length !== s.results.length)
      this.report(`${kernel.name} gives ${kernel.results.length} results`);
    this.problems.push(...verifiedOnce(kernel));
    for (const r of s.results) {
      if ("shape" in r) this.makeArray(r);
      else this.makeVar(r);
    }
  }
}
