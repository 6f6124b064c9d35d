// Statements of several turns at once. A branch that turns take differently becomes a mask: each side runs where any turn takes it, and
// changes only what belongs to those turns. A loop whose bounds differ runs over all that any turn needs.
import type { Buffer, LoopBlock, LoopExpr, LoopStmt, LoopType, LoopVar } from "../loop.js";
import { constant, int, mulInt, operation, read, scalarType } from "../loop-types.js";
import { type Analysis, isLight } from "./analysis.js";
import { Expressions, type Ids, type Place, type Shape } from "./expression.js";
import { readsOf } from "./reads.js";
import { Refusal } from "./refusal.js";

type Masks = readonly LoopExpr[] | undefined;
type Of<K extends LoopStmt["kind"]> = Extract<LoopStmt, { readonly kind: K }>;

const bool = scalarType("bool");

export class Statements {
  readonly expressions: Expressions;
  /** Reads that the conditions of the branches around have made, with their masks. */
  private seen: NonNullable<Place["seen"]> = new Map();

  constructor(
    private readonly shape: Shape,
    private readonly analysis: Analysis,
    ids: Ids,
  ) {
    this.expressions = new Expressions(shape, analysis, ids);
  }

  private get replicas(): readonly number[] {
    return Array.from({ length: this.shape.replicas }, (_, k) => k);
  }
  private wide = (e: LoopExpr, place: Place): LoopExpr[] =>
    this.replicas.map((k) => this.expressions.wide(e, k, place));

  block(block: LoopBlock, masks: Masks): LoopBlock {
    const out: LoopStmt[] = [];
    this.emit(out, block, masks);
    return out;
  }

  emit(out: LoopStmt[], block: LoopBlock, masks: Masks): void {
    for (const s of block) {
      this.expressions.nextStatement();
      const from = out.length;
      this.stmt({ out, masks, seen: this.seen }, s);
      if (s.at) for (let k = from; k < out.length; k++) out[k] = { ...(out[k] as LoopStmt), at: s.at };
    }
    this.expressions.nextStatement();
  }

  private stmt(place: Place, s: LoopStmt): void {
    switch (s.kind) {
      case "let":
        this.define(place, s.var, s.value);
        return;
      case "set":
        this.set(place, s.var, s.value);
        return;
      case "store":
      case "scatter":
        this.store(place, s);
        return;
      case "for":
        this.loop(place, s);
        return;
      case "while":
        this.repeat(place, s);
        return;
      case "if":
        this.branch(place, s);
        return;
      case "alloc":
        this.alloc(place, s);
        return;
      case "fail":
        this.fail(place, s);
        return;
      case "parallel":
      case "call":
      case "stopIfFailed":
      case "barrier":
        throw new Refusal(`${s.kind} in lanes`);
    }
  }

  private define(place: Place, v: LoopVar, value: LoopExpr): void {
    const x = this.expressions;
    const steps = this.shape.lanes > 1 && this.analysis.steps.has(v.id);
    if (steps || !this.analysis.varying.has(v.id)) {
      const own: LoopVar = { ...x.fresh(v.name, v.type, v.mutable), ...(v.nonNegative ? { nonNegative: true } : {}) };
      place.out.push({ kind: "let", var: own, value: x.single(value) });
      x.bindings.set(v.id, { kind: "single", var: own });
      return;
    }
    const values = this.wide(value, place);
    const vars = values.map((e) => x.fresh(v.name, e.type, v.mutable));
    vars.forEach((own, k) => {
      place.out.push({ kind: "let", var: own, value: values[k] as LoopExpr });
    });
    x.bindings.set(v.id, { kind: "wide", vars });
  }

  private set(place: Place, v: LoopVar, value: LoopExpr): void {
    const x = this.expressions;
    const binding = x.bindings.get(v.id);
    if (!binding) throw new Refusal(`${v.name} goes from turn to turn`);
    if (binding.kind === "single") {
      place.out.push({ kind: "set", var: binding.var, value: x.single(value) });
      return;
    }
    const values = this.wide(value, place);
    binding.vars.forEach((own, k) => {
      const next = values[k] as LoopExpr;
      const mask = place.masks?.[k];
      place.out.push({
        kind: "set",
        var: own,
        value: mask ? operation("select", own.type, mask, next, read(own)) : next,
      });
    });
  }

  private store(place: Place, s: Of<"store" | "scatter">): void {
    const x = this.expressions;
    const { lanes } = this.shape;
    const own = x.privates.get(s.buffer.id);
    if (lanes === 1) {
      if (!own && !this.analysis.isVarying(s.index)) throw new Refusal(`turns write one element of ${s.buffer.name}`);
      const indices = this.wide(s.index, place);
      const values = this.wide(s.value, place);
      const masks = s.mask && this.wide(s.mask, place);
      for (const k of this.replicas)
        place.out.push({
          ...s,
          buffer: own?.[k] ?? s.buffer,
          index: indices[k] as LoopExpr,
          value: values[k] as LoopExpr,
          ...(masks ? { mask: masks[k] as LoopExpr } : {}),
        });
      return;
    }
    if (s.kind === "scatter" || s.mask) throw new Refusal("a vector store in lanes");
    const step = this.analysis.stepOf(s.index);
    if (!own && step === 0) throw new Refusal(`turns write one element of ${s.buffer.name}`);
    const values = this.wide(s.value, place);
    for (const k of this.replicas) {
      const mask = place.masks?.[k];
      const go = (c: LoopExpr): LoopExpr => x.wide(c, k, place);
      const index = own ? x.privateIndex(s.index, go) : step === 1 ? x.firstOf(s.index, k, 1) : go(s.index);
      place.out.push({
        kind: index.type.lanes === 1 ? "store" : "scatter",
        buffer: own?.[k] ?? s.buffer,
        index,
        value: values[k] as LoopExpr,
        ...(mask ? { mask } : {}),
      });
    }
  }

  private alloc(place: Place, s: Of<"alloc">): void {
    if (this.analysis.isVarying(s.length)) throw new Refusal(`the length of ${s.buffer.name} differs`);
    const length = this.expressions.name(
      place.out,
      `${s.buffer.name}Length`,
      mulInt(this.expressions.single(s.length), int(this.shape.lanes)),
    );
    const own = this.makePrivate(s.buffer);
    for (const buffer of own) place.out.push({ kind: "alloc", buffer, length });
  }

  /** A turn's own array, for as many turns as there are. */
  makePrivate(b: Buffer): readonly Buffer[] {
    const { privates, ids } = this.expressions;
    const own = this.replicas.map(
      (): Buffer => ({
        ...b,
        id: ids.buffer(),
        ...(b.length === undefined ? {} : { length: b.length * this.shape.lanes }),
      }),
    );
    privates.set(b.id, own);
    return own;
  }

  private loop(place: Place, s: Of<"for">): void {
    const x = this.expressions;
    const v = x.fresh(s.var.name, s.var.type);
    const { vector: _, ...rest } = s;
    const ranged = this.analysis.isVarying(s.lo) || this.analysis.isVarying(s.hi);
    if (!ranged) {
      const [lo, hi] = [x.single(s.lo), x.single(s.hi)];
      x.bindings.set(s.var.id, { kind: "single", var: v });
      place.out.push({ ...rest, var: v, lo, hi, body: this.block(s.body, place.masks) });
      return;
    }
    if (this.shape.lanes === 1) throw new Refusal("turns have loops of different lengths");
    if (s.step !== 1) throw new Refusal("a step");
    const los = this.wide(s.lo, place).map((e) => x.name(place.out, "lo", e));
    const his = this.wide(s.hi, place).map((e) => x.name(place.out, "hi", e));
    const outer = (of: readonly LoopExpr[], op: "min" | "max", none: number): LoopExpr =>
      x.name(
        place.out,
        op === "min" ? "first" : "last",
        of
          .map((e, k) => {
            const mask = place.masks?.[k];
            return mask ? operation("select", e.type, mask, e, constant(e.type, none)) : e;
          })
          .map((e) => overLanes(op, x.name(place.out, "bounds", e)))
          .reduce((a, b) => operation(op, a.type, a, b)),
      );
    const lo = this.analysis.isVarying(s.lo) ? outer(los, "min", 2 ** 31 - 1) : x.single(s.lo);
    const hi = this.analysis.isVarying(s.hi) ? outer(his, "max", -(2 ** 31)) : x.single(s.hi);
    x.bindings.set(s.var.id, { kind: "single", var: v });
    const body: LoopStmt[] = [];
    const bothDiffer = this.analysis.isVarying(s.lo) && this.analysis.isVarying(s.hi);
    const masks = this.replicas.map((k) => {
      const [from, to] = [los[k] as LoopExpr, his[k] as LoopExpr];
      const type: LoopType = { scalar: "bool", lanes: this.shape.lanes };
      const at: LoopExpr = { kind: "splat", type: from.type, value: read(v) };
      const inside = [
        ...(this.analysis.isVarying(s.lo) ? [operation("ge", type, at, from)] : []),
        ...(this.analysis.isVarying(s.hi) ? [operation("lt", type, at, to)] : []),
        ...(place.masks ? [place.masks[k] as LoopExpr] : []),
      ];
      return x.name(
        body,
        "inside",
        inside.reduce((a, b) => operation("and", type, a, b)),
      );
    });
    // Between the ranges of two turns there may be indices that neither comes to.
    if (bothDiffer) body.push({ kind: "if", condition: anyOf(masks), then: this.block(s.body, masks), otherwise: [] });
    else this.emit(body, s.body, masks);
    place.out.push({ ...rest, var: v, lo, hi, body });
  }

  private repeat(place: Place, s: Of<"while">): void {
    const x = this.expressions;
    if (!this.analysis.isVarying(s.condition)) {
      place.out.push({ ...s, condition: x.single(s.condition), body: this.block(s.body, place.masks) });
      return;
    }
    if (this.shape.lanes === 1) throw new Refusal("turns have loops of different lengths");
    const before = place.out.length;
    const conditions = this.wide(s.condition, place);
    if (place.out.length > before) throw new Refusal("a condition that needs statements");
    const on = conditions.map((c, k) => {
      const mask = place.masks?.[k];
      return mask ? operation("and", c.type, mask, c) : c;
    });
    const body: LoopStmt[] = [];
    const masks = on.map((c) => x.name(body, "goesOn", c));
    this.emit(body, s.body, masks);
    place.out.push({ ...s, condition: anyOf(on), body });
  }

  private branch(place: Place, s: Of<"if">): void {
    const x = this.expressions;
    if (!this.analysis.isVarying(s.condition)) {
      const condition = x.single(s.condition);
      const then = this.block(s.then, place.masks);
      place.out.push({ ...s, condition, then, otherwise: this.block(s.otherwise, place.masks) });
      return;
    }
    if (this.shape.lanes === 1) throw new Refusal("turns take different branches");
    const conditions = this.wide(s.condition, place).map((c) => x.name(place.out, "taken", c));
    const under = (block: LoopBlock, taken: readonly LoopExpr[]): void => {
      if (block.length === 0) return;
      const masks = taken.map((c, k) => {
        const mask = place.masks?.[k];
        return mask ? x.name(place.out, "both", operation("and", c.type, mask, c)) : c;
      });
      if (isLight(block)) {
        this.emit(place.out, block, masks);
        return;
      }
      const then = this.block(block, masks);
      place.out.push({ kind: "if", condition: anyOf(masks), then, otherwise: [] });
    };
    const { seen } = this;
    const reads = [...readsOf(s.condition)].filter((key) => !seen.has(key));
    this.seen = new Map([...seen, ...reads.map((key) => [key, place.masks] as const)]);
    under(s.then, conditions);
    const others =
      s.otherwise.length > 0
        ? conditions.map((c) => x.name(place.out, "others", operation("not", c.type, c)))
        : conditions;
    under(s.otherwise, others);
    this.seen = seen;
  }

  /** Lane after lane, and only where one fails. */
  private fail(place: Place, s: Of<"fail">): void {
    if (this.shape.lanes === 1) throw new Refusal("a check");
    const x = this.expressions;
    for (const k of this.replicas) {
      const mask = place.masks?.[k];
      const broken = x.wide(s.condition, k, place);
      const condition = x.name(place.out, "broken", mask ? operation("and", broken.type, mask, broken) : broken);
      const out: LoopStmt[] = [];
      const inner: Place = { out, masks: this.replicas.map(() => condition) };
      x.nextStatement();
      const wide = [s.point, ...s.values].map((e) =>
        this.analysis.isVarying(e) ? x.name(out, "said", x.wide(e, k, inner)) : x.single(e),
      );
      for (let lane = 0; lane < this.shape.lanes; lane++) {
        const [point = int(0), ...values] = wide.map((e) => extract(e, lane));
        out.push({ ...s, condition: extract(condition, lane), point, values });
      }
      place.out.push({ kind: "if", condition: anyOf([condition]), then: out, otherwise: [] });
      x.nextStatement();
    }
  }
}

const extract = (e: LoopExpr, lane: number): LoopExpr =>
  e.type.lanes === 1 ? e : { kind: "extract", type: scalarType(e.type.scalar), value: e, lane };

const anyOf = (masks: readonly LoopExpr[]): LoopExpr => ({
  kind: "anyLane",
  type: bool,
  value: masks.reduce((a, b) => operation("or", a.type, a, b)),
});

function overLanes(op: "min" | "max", e: LoopExpr): LoopExpr {
  const lanes = Array.from({ length: e.type.lanes }, (_, k) => extract(e, k));
  return lanes.reduce((a, b) => operation(op, a.type, a, b));
}

/** Whether a check stands where its point can't tell which turn failed first. */
export function hasHiddenOrder(analysis: Analysis): boolean {
  const look = (block: LoopBlock, deep: boolean): boolean =>
    block.some((s) => {
      if (s.kind === "fail") return deep && !analysis.isVarying(s.point);
      if (s.kind === "for" || s.kind === "while") return look(s.body, true);
      return s.kind === "if" && (look(s.then, deep) || look(s.otherwise, deep));
    });
  return look(analysis.loop.body, false);
}
