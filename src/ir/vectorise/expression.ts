// Expressions of several turns at once: `replicas` vectors of `lanes` turns each. With one lane the turns stand side by side as scalars,
// which is how a loop is unrolled into the loops inside it.
import type { Buffer, LoopExpr, LoopStmt, LoopType, LoopVar } from "../loop.js";
import { addInt, constant, int, mulInt, operation, read, scalarType } from "../loop-types.js";
import { mapChildren } from "../loop-walk.js";
import { type Analysis, containsLoad } from "./analysis.js";
import { keyOfLoad, type Load, readsOf } from "./reads.js";
import { Refusal } from "./refusal.js";

export interface Shape {
  readonly lanes: 1 | 2 | 4;
  readonly replicas: number;
}

export interface Ids {
  readonly variable: () => number;
  readonly buffer: () => number;
}

/** What a name of the loop is: one variable for all turns (of a number that grows by steps, the first turn's), or one for each vector. */
export type Binding =
  | { readonly kind: "single"; readonly var: LoopVar }
  | { readonly kind: "wide"; readonly vars: readonly LoopVar[] };

/** Where an expression stands. */
export interface Place {
  /** Statements that it needs go here. */
  readonly out: LoopStmt[];
  /** The turns that come here, one mask a vector; all where there is none. */
  readonly masks?: readonly LoopExpr[] | undefined;
  /** Reads that conditions around it have made, with the turns that made them: one mask a vector. */
  readonly seen?: ReadonlyMap<string, readonly LoopExpr[] | undefined> | undefined;
}

/** Inside an expression: which turns compute a part of it. */
interface Inside {
  readonly mask?: LoopExpr | undefined;
  /** A part that only some turns compute: the ones of this mask. */
  readonly guard?: LoopExpr | undefined;
  /** Nothing may be computed ahead: the part may not be wanted at all. */
  readonly lazy: boolean;
  /** Reads that conditions around it have made, with the mask of the turns that made them. */
  readonly seen: ReadonlyMap<string, LoopExpr | undefined>;
}

const nothingSeen: Inside["seen"] = new Map();

/** The turns that a read is held to. */
function maskOf(e: Load, { mask, seen }: Inside): LoopExpr | undefined {
  const key = mask && seen.size > 0 ? keyOfLoad(e) : undefined;
  return key !== undefined && seen.has(key) ? seen.get(key) : mask;
}

export class Expressions {
  readonly bindings = new Map<number, Binding>();
  readonly privates = new Map<number, readonly Buffer[]>();
  private shared = new Map<LoopExpr, LoopExpr>();

  constructor(
    readonly shape: Shape,
    readonly analysis: Analysis,
    readonly ids: Ids,
  ) {}

  typeOf(t: LoopType): LoopType {
    if (this.shape.lanes === 1) return t;
    if (t.lanes !== 1) throw new Refusal("a vector in lanes");
    return { scalar: t.scalar, lanes: this.shape.lanes };
  }
  zero = (t: LoopType): LoopExpr => constant(t, 0);

  fresh(name: string, type: LoopType, mutable = false): LoopVar {
    return { id: this.ids.variable(), name, type, mutable };
  }

  /** To be called before each statement: what was named for one is not known to hold for the next. */
  nextStatement(): void {
    this.shared = new Map();
  }

  /** The value that all turns share, or the first turn's. */
  single(e: LoopExpr): LoopExpr {
    if (e.kind === "var") {
      const b = this.bindings.get(e.var.id);
      if (!b) return e;
      if (b.kind === "wide") throw new Error(`internal: ${e.var.name} has a value for each turn`);
      return read(b.var);
    }
    return mapChildren(e, (c) => this.single(c));
  }

  /** The values of vector `k`. */
  wide(e: LoopExpr, k: number, place: Place): LoopExpr {
    const seen = place.seen?.size ? new Map([...place.seen].map(([key, masks]) => [key, masks?.[k]])) : nothingSeen;
    return this.at(e, k, place, { mask: place.masks?.[k], lazy: false, seen });
  }

  private at(e: LoopExpr, k: number, place: Place, inside: Inside): LoopExpr {
    const { analysis } = this;
    if (!analysis.isVarying(e)) return this.same(e, place, inside);
    if (this.shape.lanes > 1) {
      const step = analysis.stepOf(e);
      if (step !== undefined) return this.steps(this.firstOf(e, k, step), step);
    }
    const go = (c: LoopExpr): LoopExpr => this.at(c, k, place, inside);
    switch (e.kind) {
      case "var": {
        const b = this.bindings.get(e.var.id);
        const v = b?.kind === "wide" ? b.vars[k] : undefined;
        if (!v) throw new Error(`internal: ${e.var.name} has no vector ${k}`);
        return read(v);
      }
      case "load":
      case "gather":
        return this.load(e, k, go, maskOf(e, inside));
      case "op":
        return { ...e, type: this.typeOf(e.type), args: e.args.map(go) };
      case "convert":
        return { ...e, type: this.typeOf(e.type), value: go(e.value) };
      case "if":
        return this.choice(e, k, place, inside);
      case "const":
      case "splat":
      case "ramp":
      case "extract":
      case "rotate":
      case "anyLane":
      case "builtin":
        if (this.shape.lanes > 1) throw new Refusal(`${e.kind} in lanes`);
        return mapChildren(e, go);
    }
  }

  /** The first turn of vector `k`. */
  firstOf(e: LoopExpr, k: number, step: number): LoopExpr {
    return addInt(this.single(e), int(step * k * this.shape.lanes));
  }

  /** `first`, and so much more in each lane. */
  private steps(first: LoopExpr, step: number): LoopExpr {
    const type: LoopType = { scalar: "i32", lanes: this.shape.lanes };
    const ramp: LoopExpr = { kind: "ramp", type };
    const grown = step === 1 ? ramp : operation("mul", type, ramp, constant(type, step));
    return operation("add", type, { kind: "splat", type, value: first }, grown);
  }

  /** A value that all turns share, in all lanes. */
  private same(e: LoopExpr, place: Place, { guard, lazy }: Inside): LoopExpr {
    const { lanes, replicas } = this.shape;
    const type = this.typeOf(e.type);
    if (e.kind === "const") return constant(type, e.value);
    const known = this.shared.get(e);
    if (known) return known;
    const loads = containsLoad(e);
    const value = this.single(e);
    const spread = (x: LoopExpr): LoopExpr => (lanes === 1 ? x : { kind: "splat", type, value: x });
    if (guard && loads)
      return spread({
        kind: "if",
        type: e.type,
        condition: { kind: "anyLane", type: scalarType("bool"), value: guard },
        then: value,
        otherwise: this.zero(e.type),
      });
    if (replicas === 1 || (lazy && loads) || (e.kind === "var" && lanes === 1)) return spread(value);
    const v = this.fresh(e.kind === "var" ? e.var.name : "shared", type);
    place.out.push({ kind: "let", var: v, value: spread(value) });
    this.shared.set(e, read(v));
    return read(v);
  }

  private load(e: Load, k: number, go: (c: LoopExpr) => LoopExpr, mask: LoopExpr | undefined): LoopExpr {
    const { lanes } = this.shape;
    const own = this.privates.get(e.buffer.id)?.[k];
    if (lanes === 1) return { ...mapChildren(e, go), ...(own ? { buffer: own } : {}) } as LoopExpr;
    if (e.mask || e.kind === "gather" || e.type.lanes > 1) throw new Refusal("a vector load in lanes");
    const type = this.typeOf(e.type);
    const masked = mask ? { mask } : {};
    if (own) {
      const index = this.privateIndex(e.index, go);
      return { kind: index.type.lanes === 1 ? "load" : "gather", type, buffer: own, index, ...masked };
    }
    if (this.analysis.stepOf(e.index) === 1)
      return { kind: "load", type, buffer: e.buffer, index: this.firstOf(e.index, k, 1), ...masked };
    return { kind: "gather", type, buffer: e.buffer, index: go(e.index), ...masked };
  }

  /** Element `i` of a turn's own array has the lanes `i * lanes` and following. */
  privateIndex(index: LoopExpr, go: (c: LoopExpr) => LoopExpr): LoopExpr {
    const { lanes } = this.shape;
    if (!this.analysis.isVarying(index)) return mulInt(this.single(index), int(lanes));
    const type: LoopType = { scalar: "i32", lanes };
    return operation("add", type, operation("mul", type, go(index), constant(type, lanes)), { kind: "ramp", type });
  }

  /** Where all turns take one side, only that is computed; else both are, with what either reads held to its own turns. */
  private choice(e: Extract<LoopExpr, { readonly kind: "if" }>, k: number, place: Place, inside: Inside): LoopExpr {
    const type = this.typeOf(e.type);
    const sides = (then: Inside, otherwise: Inside): { readonly then: LoopExpr; readonly otherwise: LoopExpr } => ({
      then: this.at(e.then, k, place, then),
      otherwise: this.at(e.otherwise, k, place, otherwise),
    });
    const lazy = { ...inside, lazy: true };
    if (!this.analysis.isVarying(e.condition))
      return { kind: "if", type, condition: this.single(e.condition), ...sides(lazy, lazy) };
    const condition = this.at(e.condition, k, place, inside);
    if (this.shape.lanes === 1) return { kind: "if", type, condition, ...sides(lazy, lazy) };
    const named = inside.lazy ? condition : this.name(place.out, "chosen", condition);
    const { mask } = inside;
    const seen = new Map(inside.seen);
    for (const key of readsOf(e.condition)) if (!seen.has(key)) seen.set(key, mask);
    const under = (m: LoopExpr): Inside => ({
      mask: mask ? operation("and", m.type, mask, m) : m,
      guard: mask ? operation("and", m.type, mask, m) : m,
      lazy: inside.lazy,
      seen,
    });
    const { then, otherwise } = sides(under(named), under(operation("not", named.type, named)));
    return operation("select", type, named, then, otherwise);
  }

  name(out: LoopStmt[], name: string, value: LoopExpr): LoopExpr {
    if (value.kind === "const" || (value.kind === "var" && !value.var.mutable)) return value;
    const v = this.fresh(name, value.type);
    out.push({ kind: "let", var: v, value });
    return read(v);
  }
}
