// Vectorise: puts the turns of loops that ask for it in lanes.
//
// Needs: loops marked `vector`, whose turns may run in any order but for what they collect. Removes: the mark. Adds: vectors, masks, lanes
// put together, and the loop itself for the turns that fill no vector. A loop that has no form in lanes stays as it is, and the loops in it
// get their turn: always right, never an error.
import type { Buffer, LoopBlock, LoopExpr, LoopFunction, LoopStmt, LoopVar } from "../loop.js";
import { addInt, constant, int, integerOf, mulInt, operation, read, scalarType, subInt } from "../loop-types.js";
import { blocksOf, freshIds, mapStmt, rewriteExprs, walkBlock } from "../loop-walk.js";
import { type Accumulator, collect, identitiesOf } from "./accumulator.js";
import { Analysis, countNodes, type ForLoop, hasLoops } from "./analysis.js";
import type { Ids, Shape } from "./expression.js";
import { Refusal } from "./refusal.js";
import { hasHiddenOrder, Statements } from "./statement.js";

export interface Vectorised {
  readonly function: LoopFunction;
  /** Loops that were to be in lanes and are not, and why. */
  readonly notes: readonly string[];
}

export function vectorise(f: LoopFunction): Vectorised {
  const pass = new Vectoriser(f);
  return { function: { ...f, body: pass.block(f.body) }, notes: pass.notes };
}

/** For each accumulator and each of its variables the vectors that stand for it. */
type Lanes = readonly (readonly (readonly LoopVar[])[])[];

class Vectoriser {
  readonly notes: string[] = [];
  private readonly ids: Ids;
  /** How often the function speaks of a register buffer. */
  private readonly mentions: ReadonlyMap<number, number>;

  constructor(f: LoopFunction) {
    this.ids = freshIds(f);
    this.mentions = registersIn(f.body);
  }

  block(block: LoopBlock): LoopBlock {
    return block.flatMap((s): LoopBlock => {
      if (s.kind === "for" && s.vector) {
        const made = this.attempt(s);
        if (made) return made;
      }
      return [this.inner(s)];
    });
  }

  /** A statement whose own loop stays, if it is one. */
  private inner(s: LoopStmt): LoopStmt {
    if (blocksOf(s).length === 0) return s;
    const plain: LoopStmt = s.kind === "for" ? withoutMark(s) : s;
    return mapStmt(
      plain,
      (e) => e,
      (b) => this.block(b),
    );
  }

  private attempt(loop: ForLoop): LoopBlock | undefined {
    try {
      return this.lanes(loop);
    } catch (e) {
      if (!(e instanceof Refusal)) throw e;
      this.notes.push(`${loop.var.name}: not in lanes: ${e.message}`);
      return undefined;
    }
  }

  private lanes(loop: ForLoop): LoopBlock {
    if (loop.step !== 1) throw new Refusal("a step");
    const inside = registersIn(loop.body);
    const analysis = new Analysis(loop, (b) => inside.get(b.id) !== this.mentions.get(b.id));
    if (hasHiddenOrder(analysis)) throw new Refusal("of two turns that fail the first could not be told");
    const lanes = analysis.isWide() ? 2 : 4;
    const turns = constantTurns(loop);
    const replicas = wholeIn(analysis, lanes, turns) ?? fitting(replicasFor(analysis), lanes, turns);
    const out: LoopStmt[] = [];
    const let_ = (name: string, value: LoopExpr, nonNegative: boolean): LoopExpr => {
      if (value.kind === "const" || (value.kind === "var" && !value.var.mutable)) return value;
      const v: LoopVar = {
        id: this.ids.variable(),
        name,
        type: value.type,
        mutable: false,
        ...(nonNegative ? { nonNegative: true } : {}),
      };
      out.push({ kind: "let", var: v, value });
      return read(v);
    };
    const isSize = (e: LoopExpr): boolean =>
      (e.kind === "var" && e.var.nonNegative === true) || (e.kind === "const" && e.value >= 0);
    const { name } = loop.var;
    const lo = let_(`${name}Lo`, loop.lo, false);
    const hi = let_(`${name}Hi`, loop.hi, false);
    const counted = subInt(hi, lo);
    const count = let_(
      `${name}Count`,
      isSize(counted) ? counted : operation("max", counted.type, counted, int(0)),
      true,
    );
    /** Where the turns end that fill vectors of so many. */
    const full = (turns: number): LoopExpr =>
      let_(`${name}Full`, addInt(lo, operation("bitAnd", scalarType("i32"), count, int(-turns))), isSize(lo));

    const wide = analysis.accumulators.map((a) =>
      identitiesOf(a).map((value, k) => {
        const of = a.vars[k] as LoopVar;
        return Array.from({ length: replicas }, (): LoopVar => {
          const type = { scalar: of.type.scalar, lanes } as const;
          const v: LoopVar = { id: this.ids.variable(), name: of.name, type, mutable: true };
          out.push({ kind: "let", var: v, value: constant(type, value) });
          return v;
        });
      }),
    );
    if (turns !== undefined && turns === lanes * replicas) {
      out.push(...this.all(loop, analysis, { lanes, replicas }, lo, wide));
      for (const [k, a] of analysis.accumulators.entries()) out.push(...collect(a, wide[k] ?? [], this.ids.variable));
      return out;
    }
    if (loop.vector === "padded" && analysis.accumulators.length === 0) {
      const upTo = operation("bitAnd", scalarType("i32"), addInt(count, int(lanes - 1)), int(-lanes));
      const end = let_(`${name}Padded`, addInt(lo, upTo), isSize(lo));
      out.push(this.widened(loop, analysis, { lanes, replicas: 1 }, lo, end, wide));
      return out;
    }
    const end = full(lanes * replicas);
    out.push(this.widened(loop, analysis, { lanes, replicas }, lo, end, wide));
    const isFilled = operation("lt", scalarType("bool"), lo, end);
    const last = replicas > 1 ? full(lanes) : end;
    if (replicas > 1) {
      const one = wide.map((vars) => vars.map((v) => v.slice(0, 1)));
      out.push(this.widened(loop, analysis, { lanes, replicas: 1 }, end, last, one));
    }
    analysis.accumulators.forEach((a: Accumulator, k) => {
      out.push(...collect(a, wide[k] ?? [], this.ids.variable, isFilled));
    });
    out.push({ ...withoutMark(loop), lo: last, hi, body: plainLoops(loop.body) });
    return out;
  }

  private widened(
    loop: ForLoop,
    analysis: Analysis,
    shape: Shape,
    lo: LoopExpr,
    hi: LoopExpr,
    accumulators: Lanes,
  ): LoopStmt {
    const { v, body } = this.turns(loop, analysis, shape, accumulators);
    return { ...withoutMark(loop), var: v, lo, hi, step: shape.lanes * shape.replicas, body };
  }

  /** A loop whose turns fill one set of vectors is no loop. */
  private all(loop: ForLoop, analysis: Analysis, shape: Shape, lo: LoopExpr, accumulators: Lanes): LoopBlock {
    const { v, body } = this.turns(loop, analysis, shape, accumulators);
    if (integerOf(lo) === undefined) return [{ kind: "let", var: v, value: lo }, ...body];
    return rewriteExprs(body, (e) => (e.kind === "var" && e.var.id === v.id ? lo : folded(e)));
  }

  private turns(loop: ForLoop, analysis: Analysis, shape: Shape, accumulators: Lanes) {
    const to = new Statements(shape, analysis, this.ids);
    const { bindings } = to.expressions;
    analysis.accumulators.forEach((a, k) => {
      a.vars.forEach((v, n) => {
        bindings.set(v.id, { kind: "wide", vars: accumulators[k]?.[n] ?? [] });
      });
    });
    for (const b of analysis.privates.values()) if (b.space === "register") to.makePrivate(b);
    const v: LoopVar = { ...loop.var, id: this.ids.variable() };
    bindings.set(loop.var.id, { kind: "single", var: v });
    return { v, body: to.block(loop.body, undefined) };
  }
}

/** Integers that have become constant. */
function folded(e: LoopExpr): LoopExpr {
  if (e.kind !== "op" || e.type.scalar !== "i32" || e.type.lanes !== 1) return e;
  const [a, b] = e.args;
  if (!a || !b) return e;
  if (e.op === "add") return addInt(a, b);
  if (e.op === "sub") return subInt(a, b);
  return e.op === "mul" ? mulInt(a, b) : e;
}

function constantTurns(loop: ForLoop): number | undefined {
  const [lo, hi] = [integerOf(loop.lo), integerOf(loop.hi)];
  return lo === undefined || hi === undefined ? undefined : hi - lo;
}

function withoutMark(s: ForLoop): ForLoop {
  const { vector: _, ...plain } = s;
  return plain;
}

/** The last turns are few: the loops in them are not worth vectors. */
const plainLoops = (b: LoopBlock): LoopBlock =>
  b.map((s) => mapStmt(s.kind === "for" ? withoutMark(s) : s, (e) => e, plainLoops));

function registersIn(block: LoopBlock): Map<number, number> {
  const counts = new Map<number, number>();
  const note = (b: Buffer): void => {
    if (b.space === "register") counts.set(b.id, (counts.get(b.id) ?? 0) + 1);
  };
  walkBlock(
    block,
    (s) => {
      if (s.kind === "store" || s.kind === "scatter") note(s.buffer);
    },
    (e) => {
      if (e.kind === "load" || e.kind === "gather") note(e.buffer);
    },
  );
  return counts;
}

/** A short loop of constant length is written out, however many vectors it fills. */
function wholeIn(analysis: Analysis, lanes: number, turns: number | undefined): number | undefined {
  if (turns === undefined || turns <= 0 || turns % lanes !== 0 || hasLoops(analysis.loop.body)) return undefined;
  const vectors = turns / lanes;
  return vectors <= 8 && vectors * countNodes(analysis.loop.body) <= 250 ? vectors : undefined;
}

/** V8 keeps 16 vectors in registers. */
const ACCUMULATORS = 4;

/** As many of the `wanted` as the turns fill: where some turns are left over, a power of two, since the end is found by masking bits. */
function fitting(wanted: number, lanes: number, turns: number | undefined): number {
  const filled = turns === undefined ? wanted : Math.floor(turns / lanes);
  if (filled <= wanted && turns === filled * lanes) return Math.max(1, filled);
  return 2 ** Math.floor(Math.log2(Math.max(1, Math.min(wanted, filled))));
}

/**
 * How many vectors go side by side: as many as hide the time that one operation waits for the one before, or as a line of the cache holds
 * where a loop inside walks down a column. Long bodies hide it by themselves.
 */
function replicasFor(analysis: Analysis): number {
  const { body } = analysis.loop;
  const size = countNodes(body);
  if (hasLoops(body)) return size <= 150 && analysis.privates.size === 0 ? ACCUMULATORS : 1;
  if (analysis.accumulators.length > 0)
    return analysis.accumulators.length <= 2 && size <= 60 ? ACCUMULATORS : size <= 200 ? 2 : 1;
  // Short bodies wait for memory, not for each other.
  return size >= 60 && size <= 250 ? 2 : 1;
}
