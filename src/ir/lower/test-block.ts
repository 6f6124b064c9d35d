// A test as a kernel: its results say of each `expect` whether it held, and where and by what it failed first.
import type { Span } from "../../compiler/diagnostic.js";
import type { Size } from "../../compiler/size.js";
import type { Program, Stmt } from "../../compiler/typed.js";
import type { Expr, Kernel, Result, Var } from "../nest.js";
import { isFloat } from "../nest-types.js";
import { Facts } from "../range/index.js";
import { lower, lowerScalar } from "./expression.js";
import { renumberChecks } from "./finish.js";
import { Frame } from "./frame.js";
import {
  constant,
  innerOut,
  int,
  KernelBuilder,
  type LowerOptions,
  type Out,
  op,
  test,
  truth,
  varOf,
  within,
} from "./kernel-builder.js";
import { convertAt } from "./operators.js";
import { sizesAgree } from "./sizes.js";
import { lowerBlock } from "./statement.js";
import { readable, type Value } from "./value.js";

type Expect = Extract<Stmt, { kind: "expect" }>;

/**
 * An `expect` of a test. The kernel has these results for it, with paths `[number, name]`: `passed` (bool), `position` (where it fails:
 * row-major, -1 for a scalar or where it holds), `size0` … for the extents, and for `near` also `found`, `wanted` and `within`.
 * One inside a loop shows its first failure.
 */
export interface LoweredExpect {
  readonly at: Span;
  readonly near: boolean;
  readonly rank: number;
}

export interface LoweredTest {
  readonly kernel: Kernel;
  readonly expects: readonly LoweredExpect[];
}

export function lowerTest(program: Program, t: Program["tests"][number], options: LowerOptions): LoweredTest {
  const expects: LoweredExpect[] = [];
  const results: Result[] = [];
  const start: Out = { statements: [], facts: new Facts(), sequential: true };
  const kernel = new KernelBuilder(program, options, (frame, s, out) => {
    const number = String(expects.length);
    const state = (name: string, initial: Expr): Var => {
      const v = kernel.variable(initial, `${name}${number}`, s.at, start);
      // What is shown of a `wide` is shown as a `real`: the binding of a kernel knows no `wide`.
      const value = isFloat(v.type) ? convertAt(varOf(v), options.precision.real) : varOf(v);
      results.push({ kind: "scalar", path: [number, name], value });
      return v;
    };
    const rank = expectation(frame, s, state, out);
    expects.push({ at: s.at, near: s.near !== undefined, rank });
  });
  const frame = new Frame(kernel, options.precision.real, false, 0);
  const out: Out = { statements: [], facts: new Facts(), sequential: true };
  lowerBlock(frame, t.body, out);
  const body = [...start.statements, ...out.statements];
  const made = renumberChecks({
    name: "test",
    precision: options.precision,
    sizes: [],
    scalars: [],
    params: [],
    results,
    body,
    checks: kernel.checks,
  });
  return { kernel: made, expects };
}

type State = (name: string, initial: Expr) => Var;

/** What fails, by its position; and what is shown of it. */
function expectation(frame: Frame, s: Expect, state: State, out: Out): number {
  const { kernel } = frame;
  const { at } = s;
  // Made once: what is compared is also shown.
  const once = (v: Value, name: string): Value => {
    if (v.kind === "array") return readable(v, name, kernel, out, at);
    return v.kind === "scalar" ? { ...v, expr: kernel.once(v.expr, name, at, out) } : v;
  };
  const found = once(lower(frame, s.value, out), "found");
  const wanted = s.near && once(lower(frame, s.near.to, out), "wanted");
  const tolerance = s.near && kernel.once(lowerScalar(frame, s.near.within, out), "within", at, out);
  const shape = found.kind === "array" ? found.shape : wanted?.kind === "array" ? wanted.shape : [];
  const other = wanted?.kind === "array" && found.kind === "array" ? sizesAgree(frame, wanted, shape, at, out) : wanted;

  const elementOf = (v: Value, index: readonly Expr[], o: Out): Expr => {
    if (v.kind === "array") return v.at(index, o);
    if (v.kind === "scalar") return v.expr;
    throw new Error("internal: an expectation of a record");
  };
  const gap = (index: readonly Expr[], o: Out): Expr => {
    const [a, b] = [elementOf(found, index, o), elementOf(other ?? found, index, o)];
    const x = kernel.once(a, "a", at, o);
    const y = kernel.once(b, "b", at, o);
    // Two infinities of one sign are equal, and their difference is no number.
    return op("select", test("eq", x, y), constant(0, x.type), op("abs", op("sub", x, y)));
  };
  const fails = (index: readonly Expr[], o: Out): Expr => {
    if (!tolerance) return test("not", elementOf(found, index, o));
    const width = gap(index, o);
    // One of the two may be a `wide`.
    const type = width.type === tolerance.type ? width.type : "f64";
    return test("not", test("le", convertAt(width, type), convertAt(tolerance, type)));
  };

  const passed = state("passed", truth(true));
  const position = state("position", int(-1));
  const sizes = shape.map((_, d) => state(`size${d}`, int(0)));
  const seen = varOf(passed);
  const bad = innerOut(out);
  const record = (index: readonly Expr[], where: Expr): void => {
    kernel.set(passed, truth(false), at, bad);
    kernel.set(position, where, at, bad);
    sizes.forEach((v, d) => {
      kernel.set(v, kernel.size(shape[d] as Size), at, bad);
    });
    const show = (name: string, value: Expr): void => kernel.set(state(name, constant(0, value.type)), value, at, bad);
    if (other) show("found", elementOf(found, index, bad));
    if (other) show("wanted", elementOf(other, index, bad));
    if (tolerance) show("within", tolerance);
  };

  let failed: Expr;
  if (shape.length === 0) {
    failed = fails([], out);
    record([], int(-1));
  } else {
    const worst = varOf(
      kernel.define(worstOf(frame, shape, fails, tolerance ? gap : undefined, out), "worst", at, out),
    );
    failed = test("ge", worst, int(0));
    record(indexAt(frame, shape, worst), worst);
  }
  const condition = test("and", seen, failed);
  out.statements.push({ kind: "if", condition, then: bad.statements, otherwise: [], at });
  out.facts.forgetTransient();
  return shape.length;
}

type AtIndex = (index: readonly Expr[], out: Out) => Expr;

/** The position of the widest gap among the elements that fail (of the first, where there are none); -1 where all hold. */
function worstOf(frame: Frame, shape: readonly Size[], fails: AtIndex, gap: AtIndex | undefined, out: Out): Expr {
  const { kernel } = frame;
  const inner = innerOut(out);
  const total = shape.map((s) => kernel.size(s)).reduce((a, b) => op("mul", a, b));
  const axis = { var: kernel.var("position", "i32"), lo: int(0), hi: total };
  const index = indexAt(frame, shape, varOf(axis.var));
  const where = innerOut(inner);
  const condition = within(where, fails(index, where));
  const width = gap?.(index, inner);
  // A gap that is no number comes before all others.
  const value = width && isFloat(width.type) ? op("select", test("isnan", width), largest(width), width) : width;
  return {
    kind: "reduce",
    reducer: "argmax",
    axes: [axis],
    where: condition,
    value: within(inner, value ?? int(0)),
    type: "i32",
  };
}
const largest = (e: Expr): Expr => constant(e.type === "f32" ? (2 - 2 ** -23) * 2 ** 127 : Number.MAX_VALUE, e.type);

/** The index of a row-major position. */
function indexAt(frame: Frame, shape: readonly Size[], position: Expr): readonly Expr[] {
  const index: Expr[] = [];
  let rest = position;
  for (let d = shape.length - 1; d >= 0; d--) {
    const size = frame.kernel.size(shape[d] as Size);
    index.unshift(d === 0 ? rest : op("imod", rest, size));
    rest = op("idiv", rest, size);
  }
  return index;
}
