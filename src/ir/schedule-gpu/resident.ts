// Loops that stay on the device: where all that a loop does is small, one workgroup runs the whole of it. Scalars are each invocation's own
// and the same in all; points of nests and values of reductions are shared out; a barrier stands wherever one invocation may touch what
// another has touched before it.
import type { HostExpr, PlanStep } from "../../abi.js";
import { type Effects, effectsOf, effectsOfBlock, effectsOfStmt } from "../effects.js";
import type { LoopExpr } from "../loop.js";
import type { ArrayVar, Block, Stmt } from "../nest.js";
import { declareArray } from "../schedule/scalar/array.js";
import { add, and, compare, int, not, read } from "../schedule/scalar/build.js";
import { lowerExpr, lowerNamed } from "../schedule/scalar/expression.js";
import { lowerPoint } from "../schedule/scalar/nest.js";
import {
  assign,
  branch,
  freshVar,
  loopOver,
  named,
  nested,
  type ReduceExpr,
  type Region,
  stopIfFailed,
  variable,
} from "../schedule/scalar/region.js";
import { lowerStatement } from "../schedule/scalar/statement.js";
import { atPoint, planGrid } from "./grid.js";
import { hostTest } from "./host.js";
import { builtin, type KernelBuilder } from "./kernel.js";
import type { Planner } from "./planner.js";
import { usesOf } from "./point.js";
import { reduceTogether, Shares } from "./rows.js";
import { isShort } from "./run.js";
import { survey } from "./survey.js";

const WORKGROUP = 128;
/** Points of one nest, or values of one reduction, and both together: beyond, many workgroups are faster. */
const MOST_POINTS = 4096;
const MOST_WORK = 4 * MOST_POINTS;
/** Systems stop what takes long: more turns are stepped through, and the loops in them may be resident. */
const MOST_TURNS = 4096;

export type Loop = Extract<Stmt, { readonly kind: "for" | "loop" }>;

/** The steps, and when they are the better ones; `undefined` where one workgroup can't run the loop. */
export function planResident(
  planner: Planner,
  s: Loop,
): { readonly condition: HostExpr; readonly steps: readonly PlanStep[] } | undefined {
  const size = survey(planner, [s]);
  if (!size) return undefined;
  const small = hostTest("and", hostTest("le", size.points, MOST_POINTS), hostTest("le", size.work, MOST_WORK));
  const condition = hostTest("and", small, hostTest("le", size.turns, MOST_TURNS));
  return { condition, steps: planner.collect(() => dispatchResident(planner, s, size.arrays)) };
}

function dispatchResident(planner: Planner, s: Loop, arrays: readonly ArrayVar[]): void {
  const own = arrays.map((array) => ({ array, index: planner.make(array) }));
  const effects = effectsOfBlock([s]);
  const uses = usesOf(planner, [s]);
  const sets = new Set([...effects.writtenVars].filter((id) => uses.vars.has(id) && !effects.madeVars.has(id)));
  const made = [...effects.madeVars].map((id) => planner.variable(id)).filter((v) => planner.readsOutside(v, [s]));
  const shares = new Shares(WORKGROUP);
  const name = s.kind === "for" ? s.var.name : s.turn.name;
  planner.dispatch(
    {
      name: `${name}Loop`,
      at: s.at,
      note: "one workgroup",
      workgroup: WORKGROUP,
      reduce: (k, region, e) => reduction(planner, k, region, e, shares),
    },
    1,
    (k) => {
      k.use({ ...uses, sets });
      for (const { array, index } of own)
        k.region.lowering.arrays.set(array.id, { ...k.bind(array.name, array.type, index), shape: [] });
      const walker = new Resident(planner, k);
      walker.block(k.region, [s]);
      const kept = [...made, ...[...sets].map((id) => planner.variable(id))];
      // Their words were read by all at the beginning.
      if (kept.length > 0) k.region.out.push({ kind: "barrier", memory: "storage" });
      branch(k.region, first(), (one) => {
        for (const v of kept) {
          const value = k.region.lowering.scalars.get(v.id);
          if (!value) throw new Error(`internal: ${v.name} was not made`);
          one.out.push({ kind: "store", buffer: k.wordBuffer(v), index: int(0), value });
        }
      });
    },
    true,
  );
}

const first = (): LoopExpr => compare("eq", builtin("invocation"), int(0));

/** A reduction outside nests, by all invocations; each gets its value. */
function reduction(
  planner: Planner,
  k: KernelBuilder,
  region: Region,
  e: ReduceExpr,
  shares: Shares,
): LoopExpr | undefined {
  if (isShort(planner, e)) return undefined;
  const grid = planGrid(planner, e.axes);
  if (!grid) throw new Error("internal: a reduction without bounds in a resident loop");
  return reduceTogether(k, region, e, grid, WORKGROUP, shares);
}

/** Emits statements for a whole workgroup, with the barriers that they need. */
class Resident {
  /** Arrays that were read, and written, since all invocations met. */
  private reads = new Set<number>();
  private writes = new Set<number>();

  constructor(
    private readonly planner: Planner,
    private readonly k: KernelBuilder,
  ) {}

  block(region: Region, block: Block): void {
    for (const s of block) this.statement(region, s);
  }

  /** All invocations meet, if they have touched anything since they last met. */
  meet(region: Region): void {
    if (this.reads.size + this.writes.size === 0) return;
    region.out.push({ kind: "barrier", memory: "storage" });
    this.reads = new Set();
    this.writes = new Set();
  }

  /** Before something that reads and writes these arrays. */
  private touch(region: Region, e: Effects): void {
    const written = [...e.writtenArrays, ...e.madeArrays];
    const clash =
      [...e.readArrays].some((id) => this.writes.has(id)) ||
      written.some((id) => this.writes.has(id) || this.reads.has(id));
    if (clash) this.meet(region);
    for (const id of e.readArrays) this.reads.add(id);
    for (const id of written) this.writes.add(id);
  }

  private statement(region: Region, s: Stmt): void {
    switch (s.kind) {
      case "for":
        this.forLoop(region, s);
        return;
      case "loop":
        this.loop(region, s);
        return;
      case "if":
        this.branches(region, s);
        return;
      case "nest":
        this.touch(region, effectsOfStmt(s));
        this.nest(region, s);
        return;
      case "store":
      case "list":
        this.touch(region, effectsOfStmt(s));
        this.once(region, s);
        return;
      default:
        this.touch(region, effectsOfStmt(s));
        lowerStatement(region, s);
    }
  }

  /** Values are worked out by all, who may have to work together for them; one invocation writes. */
  private once(region: Region, s: Extract<Stmt, { readonly kind: "store" | "list" }>): void {
    const all = nested(region, (inner) => lowerStatement(inner, s));
    const e = effectsOfStmt(s);
    const buffer = region.lowering.arrays.get(s.array.id)?.buffer;
    // Who is late must not read what is written here.
    let clash = [...e.writtenArrays].some((id) => e.readArrays.has(id));
    for (const x of all) {
      if (x.kind !== "store" || x.buffer !== buffer) {
        region.out.push(x);
        continue;
      }
      if (clash) region.out.push({ kind: "barrier", memory: "storage" });
      clash = false;
      region.out.push({ kind: "if", condition: first(), then: [x], otherwise: [] });
    }
  }

  private nest(region: Region, s: Extract<Stmt, { readonly kind: "nest" }>): void {
    const { nest } = s;
    if (nest.mode === "define") for (const y of nest.yields) declareArray(region, y.array);
    const grid = planGrid(this.planner, nest.axes);
    if (!grid) throw new Error("internal: a nest without bounds in a resident loop");
    const point = freshVar(region.lowering, "point", "i32");
    const points = this.k.word("points", "i32", grid.points);
    loopOver(
      region,
      point,
      builtin("invocation"),
      points,
      (turn) => atPoint(this.k, turn, grid, read(point), (at) => lowerPoint(at, nest)),
      { step: WORKGROUP },
    );
    stopIfFailed(region);
  }

  private forLoop(region: Region, s: Extract<Stmt, { readonly kind: "for" }>): void {
    this.touch(region, effectsOf(s.lo));
    this.touch(region, effectsOf(s.hi));
    const lo = lowerNamed(region, `${s.var.name}Lo`, s.lo);
    const hi = lowerNamed(region, `${s.var.name}Hi`, s.hi);
    stopIfFailed(region);
    this.meet(region);
    const v = freshVar(region.lowering, s.var.name, "i32");
    region.lowering.scalars.set(s.var.id, read(v));
    loopOver(region, v, lo, hi, (inner) => {
      this.block(inner, s.body);
      this.meet(inner);
    });
  }

  private loop(region: Region, s: Extract<Stmt, { readonly kind: "loop" }>): void {
    const { lowering } = region;
    this.touch(region, effectsOf(s.max));
    const max = lowerNamed(region, `${s.turn.name}Max`, s.max);
    stopIfFailed(region);
    this.meet(region);
    const turns = variable(region, s.turns.name, int(0));
    lowering.scalars.set(s.turns.id, read(turns));
    const more = variable(region, "more", compare("lt", int(0), max));
    const body = nested(region, (inner) => {
      const t = freshVar(lowering, s.turn.name, "i32");
      inner.out.push({ kind: "let", var: t, value: read(turns) });
      lowering.scalars.set(s.turn.id, read(t));
      assign(inner, turns, add(read(t), int(1)));
      this.block(inner, s.body);
      this.touch(inner, effectsOf(s.until));
      const until = lowerExpr(inner, s.until);
      stopIfFailed(inner);
      assign(inner, more, and(compare("lt", read(turns), max), not(until)));
      this.meet(inner);
    });
    region.out.push({ kind: "while", condition: read(more), body });
  }

  private branches(region: Region, s: Extract<Stmt, { readonly kind: "if" }>): void {
    this.touch(region, effectsOf(s.condition));
    const condition = named(region, "condition", lowerExpr(region, s.condition));
    stopIfFailed(region);
    this.meet(region);
    const side = (block: Block) => (inner: Region) => {
      this.block(inner, block);
      this.meet(inner);
    };
    branch(region, condition, side(s.then), side(s.otherwise));
  }
}
