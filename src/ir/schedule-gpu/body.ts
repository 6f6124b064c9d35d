// Plans the statements of a kernel in order. Scalar statements gather into runs; nests become dispatches; control that the host knows becomes
// its own, and control on data becomes words that mask dispatches, so that the host need not wait.
import type { HostExpr } from "../../abi.js";
import type { Span } from "../../compiler/diagnostic.js";
import type { ArrayVar, Block, Expr, Result, Stmt, Var } from "../nest.js";
import { type GpuPlan, wordOf } from "../plan.js";
import { intConst, varExpr } from "../polynomial.js";
import { planHost } from "./crossing.js";
import { extracted } from "./extract.js";
import { planNest } from "./nest.js";
import type { Planner } from "./planner.js";
import { planReduction } from "./reduction.js";
import { type Loop, planResident } from "./resident.js";
import { dispatchRun, isScalar, readHost } from "./run.js";

export function planKernel(planner: Planner, resident: boolean): GpuPlan["results"] {
  const { kernel } = planner;
  for (const [k, a] of kernel.params.entries()) planner.takeIn(a, k);
  let leaf = 0;
  const copies: { readonly array: ArrayVar; readonly to: number }[] = [];
  for (const r of kernel.results) {
    if (r.kind !== "array") continue;
    const to = planner.given(r.array, "result", leaf++);
    copies.push({ array: r.array, to });
  }
  const body = new BodyPlanner(planner, resident);
  body.block(kernel.body);
  const results: GpuPlan["results"][number][] = [];
  for (const r of kernel.results) if (r.kind === "scalar") results.push(body.scalarResult(r));
  body.flush();
  for (const { array, to } of copies) {
    const from = planner.arrayIndex(array);
    if (from === to) continue;
    const count = planner.mostElements(array.name, array.shape);
    planner.step({ step: "copy", from, fromStart: 0, to, toStart: 0, count });
  }
  return results;
}

export class BodyPlanner {
  private run: Stmt[] = [];

  constructor(
    private readonly planner: Planner,
    private readonly resident: boolean,
  ) {}

  /** Plans the run of scalar statements that has gathered. */
  flush(): void {
    const { run } = this;
    this.run = [];
    dispatchRun(this.planner, run);
  }

  block(block: Block): void {
    for (const s of block) this.statement(s);
  }

  scalarResult(r: Extract<Result, { readonly kind: "scalar" }>): GpuPlan["results"][number] {
    const type = wordOf(r.value.type);
    const value = this.planner.host(r.value);
    if (value !== undefined) return { type, value };
    if (r.value.kind === "var") return { type, word: this.planner.word(r.value.var) };
    const v = this.planner.freshVar(r.path[r.path.length - 1] ?? "result", r.value.type);
    this.planner.keep(v);
    this.statement({ kind: "let", var: v, value: r.value, at: lastPlace(this.planner) });
    const host = this.planner.name(v.id);
    return host === undefined ? { type, word: this.planner.word(v) } : { type, value: host };
  }

  private statement(s: Stmt): void {
    const { planner } = this;
    if (this.onHost(s)) return;
    if (isScalar(planner, s)) {
      this.prepareArrays(s);
      this.run.push(s);
      return;
    }
    const { before, rest } = extracted(planner, s);
    for (const part of before) this.statement(part);
    this.whole(rest);
  }

  /** What the host works out by itself: no dispatch. */
  private onHost(s: Stmt): boolean {
    const { planner } = this;
    if (s.kind === "let" && !s.var.mutable) {
      const value = planner.host(s.value);
      if (value === undefined) {
        planner.know(s.var, planner.boundsOf(s.value));
        return false;
      }
      planner.step({ step: "let", name: planner.toHost(s.var), value });
      return true;
    }
    if (s.kind === "require" && planner.guard === undefined) {
      const condition = planner.host(s.condition);
      if (condition === undefined) return false;
      const values = s.values.map((v) => ({ type: wordOf(v.type), value: planner.host(v) }));
      if (!values.every((v): v is typeof v & { value: HostExpr } => v.value !== undefined)) return false;
      this.flush();
      planner.step({ step: "require", condition, check: s.check, values });
      return true;
    }
    if (s.kind === "if") {
      const condition = planner.host(s.condition);
      if (condition === undefined) return false;
      this.flush();
      const yes = this.branch(s.then);
      const no = this.branch(s.otherwise);
      if (yes.length + no.length > 0) planner.step({ step: "if", condition, yes, no });
      return true;
    }
    return false;
  }

  private branch = (block: Block): ReturnType<Planner["collect"]> =>
    this.planner.collect(() => {
      this.block(block);
      this.flush();
    });

  /** Arrays that a scalar statement makes for later ones are arrays of the plan. */
  private prepareArrays(s: Stmt): void {
    if (s.kind === "require") this.planner.assume(s.condition);
    if (s.kind !== "declare" && s.kind !== "list") return;
    this.bindSize(s.array, s.at);
    this.planner.make(s.array);
  }

  /** An array whose size is data is made when the host has waited for that. */
  private bindSize(a: ArrayVar, at: Span): void {
    const { planner } = this;
    for (const v of planner.unbounded(a)) {
      this.flush();
      const value = readHost(planner, v.name, varExpr(v), at);
      planner.know(v, { lo: value, hi: value });
    }
  }

  private whole(s: Stmt): void {
    const { planner } = this;
    switch (s.kind) {
      case "let":
        if (s.value.kind !== "reduce") {
          this.run.push(s);
          return;
        }
        this.flush();
        planReduction(planner, s.var, s.value, s.at);
        return;
      case "nest":
        this.flush();
        if (s.nest.mode === "define") for (const y of s.nest.yields) this.bindSize(y.array, s.at);
        planNest(planner, s.nest, s.at);
        return;
      case "for":
        this.flush();
        this.residentOr(s, () => this.forLoop(s));
        return;
      case "loop":
        this.flush();
        this.residentOr(s, () => this.loop(s));
        return;
      case "if":
        this.dataBranch(s);
        return;
      case "host":
        this.flush();
        this.crossing(s);
        return;
      default:
        this.prepareArrays(s);
        this.run.push(s);
    }
  }

  /** One workgroup runs the loop where it is small, else the host steps through it. */
  private residentOr(s: Loop, step: () => void): void {
    const resident = this.resident ? planResident(this.planner, s) : undefined;
    if (!resident) {
      step();
      return;
    }
    const no = this.planner.collect(step);
    this.planner.step({ step: "if", condition: resident.condition, yes: resident.steps, no });
  }

  private forLoop(s: Extract<Stmt, { readonly kind: "for" }>): void {
    const { planner } = this;
    const lo = readHost(planner, `${s.var.name}Lo`, s.lo, s.at);
    const hi = readHost(planner, `${s.var.name}Hi`, s.hi, s.at);
    const name = planner.toHost(s.var);
    const body = this.branch(s.body);
    planner.step({ step: "for", name, lo, hi, body });
  }

  /**
   * Turns are counted on the device, and `more` masks those after the last; the host looks at it now and then.
   */
  private loop(s: Extract<Stmt, { readonly kind: "loop" }>): void {
    const { planner } = this;
    const { at } = s;
    const max = readHost(planner, `${s.turn.name}Max`, s.max, at);
    const more = planner.freshVar("more", "bool", true);
    planner.keep(s.turns);
    const some: Expr = {
      kind: "op",
      op: "lt",
      type: "bool",
      args: [intConst(0), this.hostScalar(`${s.turn.name}Max`, max)],
    };
    this.unguarded((outer) => {
      const begin: Stmt[] = [
        { kind: "let", var: { ...s.turns, mutable: true }, value: intConst(0), at },
        { kind: "let", var: more, value: outer ? both(outer, some) : some, at },
      ];
      dispatchRun(planner, begin);
    });
    const turn = planner.toHost(s.turn);
    const outer = planner.guard;
    planner.guard = planner.word(more);
    const end: Stmt[] = [
      {
        kind: "set",
        var: s.turns,
        value: { kind: "op", op: "add", type: "i32", args: [varExpr(s.turns), intConst(1)] },
        at,
      },
      { kind: "set", var: more, value: { kind: "op", op: "not", type: "bool", args: [s.until] }, at },
    ];
    const body = this.branch([...s.body, ...end]);
    planner.guard = outer;
    planner.step({ step: "loop", turn, max, more: planner.word(more), body });
  }

  /** A scalar of the plan with a value of the host. */
  private hostScalar(name: string, value: HostExpr): Expr {
    if (typeof value === "number") return intConst(value);
    const v = this.planner.freshVar(name, "i32");
    this.planner.step({ step: "let", name: this.planner.toHost(v), value });
    return varExpr(v);
  }

  /** Work that sets masks runs whether the outer mask is on or not; `outer` is that mask, where there is one. */
  private unguarded(plan: (outer: Var | undefined) => void): void {
    const { planner } = this;
    const word = planner.guard;
    planner.guard = undefined;
    plan(word === undefined ? undefined : planner.wordVar(word));
    planner.guard = word;
  }

  /** A branch on data: each side is masked by a word of its own. */
  private dataBranch(s: Extract<Stmt, { readonly kind: "if" }>): void {
    const { planner } = this;
    const { at } = s;
    const condition = planner.freshVar("condition", "bool");
    this.run.push({ kind: "let", var: condition, value: s.condition, at });
    const sides = [
      { name: "yes", block: s.then, value: varExpr(condition) },
      {
        name: "no",
        block: s.otherwise,
        value: { kind: "op", op: "not", type: "bool", args: [varExpr(condition)] } as Expr,
      },
    ].filter((x) => x.block.length > 0);
    const masks = sides.map((x) => planner.freshVar(x.name, "bool"));
    const lets = (outer: Var | undefined): Stmt[] =>
      sides.map((x, k) => ({ kind: "let", var: masks[k]!, value: outer ? both(outer, x.value) : x.value, at }));
    if (planner.guard === undefined) {
      this.run.push(...lets(undefined));
      this.flush();
    } else {
      this.flush();
      this.unguarded((outer) => dispatchRun(planner, lets(outer)));
    }
    const outer = planner.guard;
    for (const [k, x] of sides.entries()) {
      planner.guard = planner.word(masks[k]!);
      this.block(x.block);
      this.flush();
    }
    planner.guard = outer;
  }

  /** The host must know whether the call is to be made. */
  private crossing(s: Extract<Stmt, { readonly kind: "host" }>): void {
    const { planner } = this;
    const word = planner.guard;
    if (word === undefined) {
      planHost(planner, s);
      return;
    }
    const name = planner.freshRead("active");
    planner.step({ step: "read", words: [{ word, type: "bool", name }] });
    planner.guard = undefined;
    const yes = planner.collect(() => planHost(planner, s));
    planner.guard = word;
    for (const r of s.results) if ("shape" in r) planner.make(r);
    planner.step({ step: "if", condition: name, yes, no: [] });
  }
}

const both = (outer: Var, e: Expr): Expr => ({ kind: "op", op: "and", type: "bool", args: [varExpr(outer), e] });

const lastPlace = (planner: Planner): Span => {
  const { body } = planner.kernel;
  return body[body.length - 1]?.at ?? { file: "", start: 0, end: 0 };
};
