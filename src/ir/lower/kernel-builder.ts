// What one lowering hands out: names, arrays and checks of the kernel that is being made, and the places that statements go to.
import type { Span } from "../../compiler/diagnostic.js";
import { constantOf, type Size, sizeOf } from "../../compiler/size.js";
import type { FunctionDef, Program, Stmt as TypedStmt } from "../../compiler/typed.js";
import type { ArrayVar, Check, Expr, Precision, Scalar, Stmt, Var } from "../nest.js";
import { polynomialExpr, polynomialOf } from "../polynomial.js";
import { assume, type Facts } from "../range/index.js";
import type { Frame } from "./frame.js";

export interface LowerOptions {
  readonly precision: Precision;
  readonly target: "wasm" | "wgsl";
  /** What `real` is in the exports of the module that the kernel is for: the kernel's own unless said. Functions of another have another name. */
  readonly moduleReal?: "f32" | "f64";
}

/** An array whose role and mutability are settled when the kernel is done. */
export interface ArrayDraft extends ArrayVar {
  role: "param" | "local" | "result";
  mutable: boolean;
}

/** Where statements go: the end of a block, with what is known there. */
export interface Out {
  readonly statements: Stmt[];
  readonly facts: Facts;
  /** Whether they run one after the other, rather than for each of many points: here other functions may be called. */
  readonly sequential: boolean;
}

/** For what is computed within an expression. */
export const innerOut = (out: Out): Out => ({ statements: [], facts: out.facts.inner(), sequential: false });
/** For a side of an `if`. */
export const branchOut = (out: Out): Out => ({ ...innerOut(out), sequential: out.sequential });
export const loopOut = (out: Out): Out => ({ ...branchOut(out), facts: out.facts.innerOfLoop() });

const libraries: ReadonlySet<string> = new Set(["std/math", "std/random"]);

export class KernelBuilder {
  readonly checks: Check[] = [];
  private vars = 0;
  private arrays = 0;

  /** `expect` is what a test makes of its `expect` statements; `host` whether a host function is lowered, for the CPU. */
  constructor(
    readonly program: Program,
    readonly options: LowerOptions,
    readonly expect?: (frame: Frame, s: Extract<TypedStmt, { kind: "expect" }>, out: Out) => void,
    readonly host = false,
  ) {}

  /** What a builtin that the target lacks is inlined from: the checker has put it into the program where it is called. */
  library(name: string): FunctionDef | undefined {
    return this.program.functions.find((f) => f.name === name && libraries.has(f.at.file));
  }
  var(name: string, type: Scalar, mutable = false): Var {
    return { id: this.vars++, name, type, mutable };
  }
  array(name: string, type: Scalar, shape: readonly Size[], mutable = false): ArrayDraft {
    return { id: this.arrays++, name, type, shape, role: "local", mutable };
  }
  check(kind: Check["kind"], message: Check["message"], at: Span): number {
    return this.checks.push({ kind, message, at }) - 1;
  }
  /** A size as an `i32` expression. */
  size(s: Size): Expr {
    return polynomialExpr(s);
  }
  /** An `i32` as a size; what is no polynomial gets a name. */
  asSize(e: Expr, name: string, at: Span, out: Out): Size {
    const known = polynomialOf(e);
    if (known) return known;
    const v = this.define(e, name, at, out);
    return sizeOf(v);
  }

  /** `let name = e`. */
  define(e: Expr, name: string, at: Span, out: Out): Var {
    const v = this.var(name, e.type);
    out.statements.push({ kind: "let", var: v, value: e, at });
    out.facts.define(v, e);
    return v;
  }
  /** `var name = e`. */
  variable(e: Expr, name: string, at: Span, out: Out): Var {
    const v = this.var(name, e.type, true);
    out.statements.push({ kind: "let", var: v, value: e, at });
    return v;
  }
  set(v: Var, value: Expr, at: Span, out: Out): void {
    out.statements.push({ kind: "set", var: v, value, at });
    out.facts.forgetTransient();
  }
  require(condition: Expr, check: number, values: readonly Expr[], at: Span, out: Out): void {
    out.statements.push({ kind: "require", condition, check, values, at });
    assume(out.facts, condition);
  }

  /** An expression that may be written several times: computing it again costs next to nothing. */
  once(e: Expr, name: string, at: Span, out: Out): Expr {
    return isCheap(e) ? e : varOf(this.define(e, name, at, out));
  }
}

/** A constant, a name, or an integer polynomial of few of them. */
export function isCheap(e: Expr): boolean {
  if (e.kind === "const" || e.kind === "var") return true;
  if (e.kind !== "op" || e.type !== "i32" || (e.op !== "add" && e.op !== "sub" && e.op !== "mul")) return false;
  return weight(e) <= 5;
}
const weight = (e: Expr): number =>
  e.kind === "const" || e.kind === "var"
    ? 1
    : e.kind === "op" && (e.op === "add" || e.op === "sub" || e.op === "mul")
      ? e.args.reduce((n, a) => n + weight(a), 0)
      : 99;

// Expressions.

export const constant = (value: number, type: Scalar): Expr => ({ kind: "const", value, type });
export const varOf = (v: Var): Expr => ({ kind: "var", var: v, type: v.type });
export const int = (value: number): Expr => constant(value, "i32");
export const truth = (value: boolean): Expr => constant(value ? 1 : 0, "bool");

/** An operation whose result has its first operand's type. */
export function op(name: (Expr & { kind: "op" })["op"], ...args: Expr[]): Expr {
  const [a, b] = args;
  if (a?.kind === "const" && b?.kind === "const" && a.type === "i32" && args.length === 2) {
    const folded = name === "add" ? a.value + b.value : name === "sub" ? a.value - b.value : undefined;
    if (folded !== undefined && folded === (folded | 0)) return int(folded);
  }
  if (a && b?.kind === "const" && b.value === 0 && a.type === "i32" && (name === "add" || name === "sub")) return a;
  if (b && a?.kind === "const" && a.value === 0 && b.type === "i32" && name === "add") return b;
  return { kind: "op", op: name, args, type: (name === "select" ? b : a)?.type ?? "i32" };
}
/** A comparison or a logical operation; one of constants is decided here, since the standard library asks what `eps` is. */
export function test(name: (Expr & { kind: "op" })["op"], ...args: Expr[]): Expr {
  const [a, b] = args;
  if (name === "not" && a?.kind === "const") return truth(a.value === 0);
  if (a?.kind === "const" && b?.kind === "const") {
    const decided = decide(name, a.value, b.value);
    if (decided !== undefined) return truth(decided);
  }
  return { kind: "op", op: name, args, type: "bool" };
}
function decide(name: string, a: number, b: number): boolean | undefined {
  switch (name) {
    case "lt":
      return a < b;
    case "le":
      return a <= b;
    case "gt":
      return a > b;
    case "ge":
      return a >= b;
    case "eq":
      return a === b;
    case "ne":
      return a !== b;
    default:
      return undefined;
  }
}

/** The value with the statements that it needs. */
export const within = (out: Out, value: Expr): Expr =>
  out.statements.length === 0 ? value : { kind: "block", body: out.statements, value, type: value.type };

/** Whether an `i32` of this polynomial is the constant `n`. */
export const isConstant = (s: Size, n: number): boolean => constantOf(s) === n;
