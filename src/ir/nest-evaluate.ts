// Runs Nest IR as it is written, slowly and obviously: the passes are held against it. Numbers are rounded to their types after every
// operation; sums are plain chains; elementary functions are JavaScript's.
import { evaluateSize, type Size } from "../compiler/size.js";
import { applyOp, converted, rounded } from "./loop-evaluate.js";
import type { ArrayVar, Axis, Block, Expr, Kernel, Nest, Op, Scalar, Stmt, Var } from "./nest.js";

/** The first failed check of a run: `point` counts the points of the nest or reduction that it stands in. */
export class CheckFailure extends Error {
  constructor(
    readonly check: number,
    readonly values: readonly number[],
  ) {
    super(`check ${check} failed with ${values.join(", ")}`);
  }
}

export interface Arguments {
  readonly sizes: readonly number[];
  readonly scalars: readonly number[];
  /** Flat, row-major. */
  readonly arrays: readonly (readonly number[])[];
}

/** The leaves of the result in order, or the failure that a caller would see. */
export type Outcome =
  | { readonly kind: "results"; readonly results: readonly (readonly number[])[] }
  | { readonly kind: "failure"; readonly check: number; readonly values: readonly number[] };

/** `inPlace` runs nests as the passes promise that they may be run: each point writes at once, the last one first. */
export function evaluateKernel(kernel: Kernel, args: Arguments, inPlace = false): Outcome {
  try {
    return { kind: "results", results: new Machine(kernel, inPlace).run(args) };
  } catch (e) {
    if (e instanceof CheckFailure) return { kind: "failure", check: e.check, values: e.values };
    throw e;
  }
}

interface Stored {
  readonly data: number[];
  readonly shape: readonly number[];
}

class Machine {
  private readonly vars = new Map<number, number>();
  private readonly arrays = new Map<number, Stored>();

  constructor(
    private readonly kernel: Kernel,
    private readonly inPlace: boolean,
  ) {}

  run(args: Arguments): readonly (readonly number[])[] {
    const { sizes, scalars, params, results, body } = this.kernel;
    sizes.forEach((v, k) => {
      this.vars.set(v.id, args.sizes[k] ?? 0);
    });
    scalars.forEach((v, k) => {
      this.vars.set(v.id, rounded(v.type, args.scalars[k] ?? 0));
    });
    params.forEach((a, k) => {
      const data = (args.arrays[k] ?? []).map((x) => rounded(a.type, x));
      const made = this.make(a);
      if (data.length !== made.data.length) throw new Error(`${a.name} wants ${made.data.length} elements`);
      data.forEach((x, k) => {
        made.data[k] = x;
      });
    });
    this.block(body);
    return results.map((r) => (r.kind === "scalar" ? [this.expr(r.value)] : [...this.stored(r.array).data]));
  }

  private size = (s: Size): number => evaluateSize(s, (symbol) => this.vars.get(symbol.id) ?? Number.NaN);
  private make(a: ArrayVar): Stored {
    const shape = a.shape.map(this.size);
    if (!shape.every((n) => n >= 0)) throw new Error(`internal: ${a.name} has the shape ${shape.join(", ")}`);
    const made = { data: new Array<number>(shape.reduce((x, y) => x * y, 1)).fill(Number.NaN), shape };
    this.arrays.set(a.id, made);
    return made;
  }
  private stored(a: ArrayVar): Stored {
    const found = this.arrays.get(a.id);
    if (!found) throw new Error(`internal: ${a.name}.${a.id} is read before it is made`);
    return found;
  }
  private value(v: Var): number {
    const found = this.vars.get(v.id);
    if (found === undefined) throw new Error(`internal: ${v.name}.${v.id} is read before it is made`);
    return found;
  }

  // Points, in order. A check that fails at one point is reported only when no earlier check fails at another.

  private points(axes: readonly Axis[], where: Expr | undefined, point: () => void, backwards = false): void {
    let first: CheckFailure | undefined;
    const go = (d: number): void => {
      const axis = axes[d];
      if (!axis) {
        try {
          if (!where || this.expr(where)) point();
        } catch (e) {
          if (!(e instanceof CheckFailure)) throw e;
          if (!first || e.check < first.check || (backwards && e.check === first.check)) first = e;
        }
        return;
      }
      const lo = this.expr(axis.lo);
      const hi = this.expr(axis.hi);
      for (let k = lo; k < hi; k++) {
        this.vars.set(axis.var.id, backwards ? hi - 1 - (k - lo) : k);
        go(d + 1);
      }
    };
    go(0);
    if (first) throw first;
  }

  private linear(a: ArrayVar, index: readonly number[]): number {
    const { shape } = this.stored(a);
    let at = 0;
    index.forEach((i, d) => {
      const n = shape[d] ?? 0;
      if (!(i >= 0 && i < n))
        throw new Error(`internal: ${a.name} is read or written at ${index.join(", ")} of ${shape.join(", ")}`);
      at = at * n + i;
    });
    return at;
  }

  private nest(n: Nest): void {
    interface Write {
      readonly to: Stored;
      readonly at: number;
      readonly value: number;
    }
    const writes: Write[] = [];
    const write = ({ to, at, value }: Write): void => {
      to.data[at] = n.mode === "add" ? operation("add", typeOf(n), [to.data[at] ?? 0, value]) : value;
    };
    const made =
      n.mode === "define" ? n.yields.map((y) => ({ array: y.array, shape: y.array.shape.map(this.size) })) : [];
    const stored = new Map<number, Stored>(
      made.map(({ array, shape }) => {
        if (!shape.every((k) => k >= 0)) throw new Error(`internal: ${array.name} has a negative size`);
        return [array.id, { data: new Array<number>(shape.reduce((x, y) => x * y, 1)).fill(Number.NaN), shape }];
      }),
    );
    const written = new Map<number, Set<number>>();
    const point = (): void => {
      this.block(n.body);
      const own: typeof writes = [];
      for (const y of n.yields) {
        const index = y.index.map((e) => this.expr(e));
        const value = this.expr(y.value);
        const made = stored.get(y.array.id);
        if (made) {
          const at = index.reduce((sum, i, d) => sum * (made.shape[d] ?? 0) + i, 0);
          own.push({ to: made, at, value });
          continue;
        }
        const at = this.linear(y.array, index);
        const seen = written.get(y.array.id) ?? new Set<number>();
        if (n.mode === "assign" && seen.has(at))
          throw new Error(`internal: two points write ${y.array.name}[${index.join(", ")}]`);
        written.set(y.array.id, seen.add(at));
        own.push({ to: this.stored(y.array), at, value });
      }
      if (this.inPlace) own.forEach(write);
      else writes.push(...own);
    };
    this.points(n.axes, n.where, point, this.inPlace);
    writes.forEach(write);
    for (const [id, s] of stored) this.arrays.set(id, s);
  }

  // Statements.

  private block(b: Block): void {
    for (const s of b) this.stmt(s);
  }

  private stmt(s: Stmt): void {
    switch (s.kind) {
      case "let":
      case "set":
        this.vars.set(s.var.id, this.expr(s.value));
        return;
      case "declare":
        this.make(s.array);
        return;
      case "list": {
        const elements = s.elements.map((e) => this.expr(e));
        this.make(s.array).data.splice(0, elements.length, ...elements);
        return;
      }
      case "nest":
        this.nest(s.nest);
        return;
      case "store": {
        const at = this.linear(
          s.array,
          s.index.map((e) => this.expr(e)),
        );
        this.stored(s.array).data[at] = this.expr(s.value);
        return;
      }
      case "for": {
        const lo = this.expr(s.lo);
        const hi = this.expr(s.hi);
        for (let i = lo; i < hi; i++) {
          this.vars.set(s.var.id, i);
          this.block(s.body);
        }
        return;
      }
      case "loop": {
        const max = this.expr(s.max);
        this.vars.set(s.turns.id, 0);
        for (let t = 0; t < max; t++) {
          this.vars.set(s.turn.id, t);
          this.block(s.body);
          this.vars.set(s.turns.id, t + 1);
          if (this.expr(s.until)) break;
        }
        return;
      }
      case "if":
        this.block(this.expr(s.condition) ? s.then : s.otherwise);
        return;
      case "require":
        if (!this.expr(s.condition))
          throw new CheckFailure(
            s.check,
            s.values.map((e) => this.expr(e)),
          );
        return;
      case "host":
        this.host(s);
    }
  }

  private host(s: Stmt & { readonly kind: "host" }): void {
    const results = new Machine(s.kernel, this.inPlace).run({
      sizes: s.sizes.map((e) => this.expr(e)),
      scalars: s.scalars.map((e) => this.expr(e)),
      arrays: s.arrays.map((a) => this.stored(a).data),
    });
    s.results.forEach((r, k) => {
      const values = (results[k] ?? []).map((x) => rounded(r.type, x));
      if ("shape" in r) this.make(r).data.splice(0, values.length, ...values);
      else this.vars.set(r.id, values[0] ?? Number.NaN);
    });
  }

  // Expressions.

  private expr(e: Expr): number {
    switch (e.kind) {
      case "const":
        return e.value;
      case "var":
        return this.value(e.var);
      case "load": {
        const { shape, data } = this.stored(e.array);
        const index = e.index.map((i, d) => {
          const at = this.expr(i);
          const check = e.checks?.[d];
          const n = shape[d] ?? 0;
          if (check !== undefined && check !== null && !(at >= 0 && at < n)) throw new CheckFailure(check, [at, n]);
          return at;
        });
        return data[this.linear(e.array, index)] ?? Number.NaN;
      }
      case "op":
        return operation(
          e.op,
          e.type,
          e.args.map((a) => this.expr(a)),
        );
      case "convert":
        return converted(e.value.type, e.type, this.expr(e.value));
      case "if":
        return this.expr(e.condition) ? this.expr(e.then) : this.expr(e.otherwise);
      case "block":
        this.block(e.body);
        return this.expr(e.value);
      case "reduce":
        return this.reduce(e);
    }
  }

  private reduce(e: Expr & { readonly kind: "reduce" }): number {
    const values: number[] = [];
    const last: number[] = [];
    const axis = e.axes[0]?.var;
    this.points(e.axes, e.where, () => {
      values.push(this.expr(e.value));
      if (axis) last.push(this.value(axis));
    });
    const [low, high] = limits(e.value.type);
    switch (e.reducer) {
      case "sum":
        return values.reduce((a, b) => operation("add", e.type, [a, b]), 0);
      case "prod":
        return values.reduce((a, b) => operation("mul", e.type, [a, b]), 1);
      case "min":
        return values.reduce((a, b) => Math.min(a, b), high);
      case "max":
        return values.reduce((a, b) => Math.max(a, b), low);
      case "any":
        return values.some((v) => v) ? 1 : 0;
      case "all":
        return values.every((v) => v) ? 1 : 0;
      case "count":
        return values.filter((v) => v).length;
      case "argmin":
      case "argmax": {
        let best = -1;
        values.forEach((v, k) => {
          const than = values[best];
          if (than === undefined || (e.reducer === "argmin" ? v < than : v > than)) best = k;
        });
        return last[best] ?? -1;
      }
    }
  }
}

const typeOf = (n: Nest): Scalar => n.yields[0]?.array.type ?? "f64";

/** The least and the greatest value: what `max` and `min` of nothing are. */
function limits(type: Scalar): readonly [number, number] {
  if (type === "i32") return [-(2 ** 31), 2 ** 31 - 1];
  if (type === "u32") return [0, 2 ** 32 - 1];
  const huge = type === "f32" ? 3.4028234663852886e38 : Number.MAX_VALUE;
  return [-huge, huge];
}

/** Functions that only programs as they come from lowering have. */
const functions: Readonly<Partial<Record<Op, (a: number, b: number) => number>>> = {
  expm1: Math.expm1,
  log1p: Math.log1p,
  log2: Math.log2,
  pow: Math.pow,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  tanh: Math.tanh,
  sinh: Math.sinh,
  cosh: Math.cosh,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  atan2: Math.atan2,
  pow2: (k) => 2 ** k,
  countLeadingZeros: Math.clz32,
};

const operation = (op: Op, type: Scalar, args: readonly number[]): number =>
  rounded(type, functions[op]?.(args[0] ?? Number.NaN, args[1] ?? Number.NaN) ?? applyOp(op, type, args));
