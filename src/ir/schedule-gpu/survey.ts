// How much work there is in statements for one workgroup at a time, and whether one can do it at all.
import type { HostExpr } from "../../abi.js";
import type { ArrayVar, Block, Expr, Stmt } from "../nest.js";
import { type Visitor, walkBlock, walkExpr } from "../nest-walk.js";
import { planGrid } from "./grid.js";
import { hostMax, hostMin, hostMul, hostSub } from "./host.js";
import type { Planner } from "./planner.js";
import { hitsOwnElement } from "./scatter.js";
import { Unbounded } from "./unbounded.js";

export interface Survey {
  /** The most points of a nest, or values of a reduction outside nests. */
  readonly points: HostExpr;
  /** The most points of a nest times the values that each reduces. */
  readonly work: HostExpr;
  /** The most turns of a loop times those of the loops around it. */
  readonly turns: HostExpr;
  /** Arrays that the statements make. */
  readonly arrays: readonly ArrayVar[];
}

class TooMuch extends Error {}

/** Counts go no further: the host's integers have 32 bits. */
const CAP = 2 ** 15;
const capped = (e: HostExpr): HostExpr => hostMin(e, CAP);
const product = (a: HostExpr, b: HostExpr): HostExpr => capped(hostMul(capped(a), capped(b)));

export function survey(planner: Planner, block: Block): Survey | undefined {
  const s = new Surveyor(planner);
  try {
    s.block(block);
    return { points: s.points, work: s.work, turns: s.turns, arrays: s.arrays };
  } catch (error) {
    if (error instanceof TooMuch || error instanceof Unbounded) return undefined;
    throw error;
  }
}

class Surveyor {
  points: HostExpr = 1;
  work: HostExpr = 1;
  turns: HostExpr = 1;
  /** Turns of the loops around a statement. */
  private around: HostExpr = 1;
  readonly arrays: ArrayVar[] = [];

  constructor(private readonly planner: Planner) {}

  block(block: Block): void {
    for (const s of block) this.statement(s);
  }

  private statement(s: Stmt): void {
    const { planner } = this;
    switch (s.kind) {
      case "let":
        this.values(s.value);
        if (!s.var.mutable) planner.know(s.var, planner.boundsOf(s.value));
        return;
      case "set":
        this.values(s.value);
        return;
      case "declare":
        this.make(s.array);
        return;
      case "list":
        this.make(s.array);
        for (const e of s.elements) this.values(e);
        return;
      case "store":
        for (const e of [...s.index, s.value]) this.values(e);
        return;
      case "require":
        for (const e of [s.condition, ...s.values]) this.values(e);
        planner.assume(s.condition);
        return;
      case "if":
        this.values(s.condition);
        this.block(s.then);
        this.block(s.otherwise);
        return;
      case "for": {
        this.values(s.lo);
        this.values(s.hi);
        const { lo } = planner.boundsOf(s.lo);
        const { hi } = planner.boundsOf(s.hi);
        planner.know(s.var, {
          ...(lo === undefined ? {} : { lo }),
          ...(hi === undefined ? {} : { hi: hostSub(hi, 1) }),
        });
        if (lo === undefined || hi === undefined) throw new TooMuch();
        this.times(hostSub(hi, lo), () => this.block(s.body));
        return;
      }
      case "loop": {
        this.values(s.max);
        const { hi } = planner.boundsOf(s.max);
        planner.know(s.turn, { lo: 0, ...(hi === undefined ? {} : { hi: hostMax(0, hostSub(hi, 1)) }) });
        planner.know(s.turns, { lo: 0, ...(hi === undefined ? {} : { hi: hostMax(0, hi) }) });
        if (hi === undefined) throw new TooMuch();
        this.times(hi, () => {
          this.block(s.body);
          this.values(s.until);
        });
        return;
      }
      case "nest":
        this.nest(s);
        return;
      case "host":
        throw new TooMuch();
    }
  }

  private times(count: HostExpr, body: () => void): void {
    const outer = this.around;
    this.around = product(outer, hostMax(count, 0));
    this.turns = hostMax(this.turns, this.around);
    body();
    this.around = outer;
  }

  private make(array: ArrayVar): void {
    this.planner.mostElements(array.name, array.shape);
    this.arrays.push(array);
  }

  private nest({ nest }: Extract<Stmt, { readonly kind: "nest" }>): void {
    if (nest.mode === "define") for (const y of nest.yields) this.make(y.array);
    if (nest.mode === "add" && !hitsOwnElement(nest)) throw new TooMuch();
    const grid = planGrid(this.planner, nest.axes);
    if (!grid) throw new TooMuch();
    this.points = hostMax(this.points, grid.points);
    let most: HostExpr = 1;
    const visitor: Visitor = {
      stmt: (s) => {
        if (s.kind === "for" || s.kind === "loop" || s.kind === "nest" || s.kind === "declare" || s.kind === "list")
          throw new TooMuch();
        return true;
      },
      expr: (e) => {
        if (e.kind !== "reduce") return true;
        most = hostMax(most, this.reduced(e));
        return false;
      },
    };
    walkBlock(nest.body, visitor);
    for (const y of nest.yields) for (const e of [...y.index, y.value]) walkExpr(e, visitor);
    if (nest.where) walkExpr(nest.where, visitor);
    this.work = hostMax(this.work, product(grid.points, most));
  }

  /** Values that a reduction takes, with those of the reductions in it. */
  private reduced(e: Extract<Expr, { readonly kind: "reduce" }>): HostExpr {
    const grid = planGrid(this.planner, e.axes);
    if (!grid) throw new TooMuch();
    let most: HostExpr = 1;
    for (const part of [e.value, ...(e.where ? [e.where] : [])])
      walkExpr(part, {
        stmt: (s) => {
          if (s.kind !== "let" && s.kind !== "set" && s.kind !== "if" && s.kind !== "require") throw new TooMuch();
          return true;
        },
        expr: (x) => {
          if (x.kind !== "reduce") return true;
          most = hostMax(most, this.reduced(x));
          return false;
        },
      });
    return product(grid.points, most);
  }

  /** Reductions outside nests. */
  private values(e: Expr): void {
    walkExpr(e, {
      stmt: (s) => {
        if (s.kind !== "let" && s.kind !== "set" && s.kind !== "if" && s.kind !== "require") throw new TooMuch();
        return true;
      },
      expr: (x) => {
        if (x.kind !== "reduce") return true;
        const grid = planGrid(this.planner, x.axes);
        if (!grid) throw new TooMuch();
        this.points = hostMax(this.points, grid.points);
        this.work = hostMax(this.work, this.reduced(x));
        return false;
      },
    });
  }
}
