// Runs Loop IR slowly and strictly, for tests: an access outside its buffer throws, scratch starts as garbage, and turns of a `parallel`
// run backwards, so that what depends on their order shows.
import type { Buffer, LoopBlock, LoopExpr, LoopFunction, LoopStmt } from "./loop.js";
import type { Op, Scalar } from "./nest.js";

/** Memory of one buffer. `length` is what belongs to it; a read (not a write) at 0 is allowed even where that is nothing. */
export interface Memory {
  readonly scalar: Scalar;
  readonly data: number[];
}

export interface Failure {
  readonly check: number;
  readonly point: number;
  readonly values: readonly number[];
}

class Stop extends Error {}

/** A value has one number for each lane. */
type Value = readonly number[];

export function evaluateFunction(
  f: LoopFunction,
  scalars: readonly number[],
  buffers: readonly Memory[],
): Failure | undefined {
  const machine = new Machine();
  f.scalars.forEach((v, i) => {
    machine.vars.set(v.id, [rounded(v.type.scalar, scalars[i] ?? Number.NaN)]);
  });
  f.buffers.forEach((b, i) => {
    const memory = buffers[i];
    if (!memory) throw new Error(`no memory for ${b.name}`);
    machine.memories.set(b.id, memory);
  });
  try {
    machine.block(f.body);
  } catch (e) {
    if (!(e instanceof Stop)) throw e;
  }
  return machine.failure;
}

const garbage = (scalar: Scalar): number => (scalar === "f32" || scalar === "f64" ? Number.NaN : 123456789);

export function rounded(scalar: Scalar, x: number): number {
  switch (scalar) {
    case "f32":
      return Math.fround(x);
    case "f64":
      return x;
    case "i32":
      return x | 0;
    case "u32":
      return x >>> 0;
    case "bool":
      return x ? 1 : 0;
  }
}

class Machine {
  readonly vars = new Map<number, Value>();
  readonly memories = new Map<number, Memory>();
  failure: Failure | undefined;
  private turns = 0;

  block(block: LoopBlock): void {
    for (const s of block) this.stmt(s);
  }

  private one(e: LoopExpr): number {
    const [x] = this.expr(e);
    if (x === undefined) throw new Error("a value without lanes");
    return x;
  }

  private tick(): void {
    if (++this.turns > 50_000_000) throw new Error("too many turns");
  }

  private stmt(s: LoopStmt): void {
    switch (s.kind) {
      case "let":
      case "set":
        this.vars.set(s.var.id, this.expr(s.value));
        return;
      case "store":
      case "scatter":
        this.store(s);
        return;
      case "for": {
        const hi = this.one(s.hi);
        for (let i = this.one(s.lo); i < hi; i += s.step) {
          this.tick();
          this.vars.set(s.var.id, [i]);
          this.block(s.body);
        }
        return;
      }
      case "parallel":
        for (let i = this.one(s.count) - 1; i >= 0; i--) {
          this.tick();
          this.vars.set(s.var.id, [i]);
          this.block(s.body);
        }
        return;
      case "while":
        while (this.one(s.condition)) {
          this.tick();
          this.block(s.body);
        }
        return;
      case "if":
        this.block(this.one(s.condition) ? s.then : s.otherwise);
        return;
      case "alloc": {
        const length = this.one(s.length);
        if (length < 0) throw new Error(`${s.buffer.name} has length ${length}`);
        this.memories.set(s.buffer.id, fresh(s.buffer, length));
        return;
      }
      case "fail":
        this.fail(s);
        return;
      case "stopIfFailed":
        if (this.failure) throw new Stop();
        return;
      case "barrier":
        return;
    }
  }

  private fail(s: Extract<LoopStmt, { readonly kind: "fail" }>): void {
    const conditions = this.expr(s.condition);
    const points = this.expr(s.point);
    const values = s.values.map((v) => this.expr(v));
    conditions.forEach((c, lane) => {
      const point = points[lane] ?? points[0] ?? 0;
      const old = this.failure;
      if (!c || (old && (old.check < s.check || (old.check === s.check && old.point <= point)))) return;
      this.failure = { check: s.check, point, values: values.map((v) => v[lane] ?? v[0] ?? Number.NaN) };
    });
  }

  private memory(buffer: Buffer): Memory {
    const known = this.memories.get(buffer.id);
    if (known) return known;
    if (buffer.space !== "register") throw new Error(`${buffer.name} is used before it is made`);
    const made = fresh(buffer, buffer.length ?? 0);
    this.memories.set(buffer.id, made);
    return made;
  }

  private store(s: Extract<LoopStmt, { readonly kind: "store" | "scatter" }>): void {
    const { data } = this.memory(s.buffer);
    const index = this.expr(s.index);
    const value = this.expr(s.value);
    const mask = s.mask ? this.expr(s.mask) : undefined;
    value.forEach((v, lane) => {
      if (mask && !mask[lane]) return;
      const at = s.kind === "scatter" ? (index[lane] ?? -1) : (index[0] ?? -1) + lane;
      if (!(at >= 0 && at < data.length)) throw new Error(`store to ${s.buffer.name}[${at}] of ${data.length}`);
      data[at] = rounded(s.buffer.scalar, v);
    });
  }

  private fetch(buffer: Buffer, at: number): number {
    const { data } = this.memory(buffer);
    if (at === 0 && data.length === 0) return garbage(buffer.scalar);
    const x = data[at];
    if (x === undefined) throw new Error(`load from ${buffer.name}[${at}] of ${data.length}`);
    return x;
  }

  private expr(e: LoopExpr): Value {
    const { scalar, lanes } = e.type;
    switch (e.kind) {
      case "const":
        return Array.from({ length: lanes }, () => rounded(scalar, e.value));
      case "var": {
        const value = this.vars.get(e.var.id);
        if (!value) throw new Error(`${e.var.name} is used before it is made`);
        return value;
      }
      case "load": {
        const at = this.one(e.index);
        const mask = e.mask ? this.expr(e.mask) : undefined;
        return Array.from({ length: lanes }, (_, lane) =>
          mask && !mask[lane] ? garbage(scalar) : this.fetch(e.buffer, at + lane),
        );
      }
      case "gather": {
        const mask = e.mask ? this.expr(e.mask) : undefined;
        return this.expr(e.index).map((at, lane) => (mask && !mask[lane] ? garbage(scalar) : this.fetch(e.buffer, at)));
      }
      case "op": {
        const args = e.args.map((a) => this.expr(a));
        const from = e.args[0]?.type.scalar ?? scalar;
        return Array.from({ length: lanes }, (_, lane) =>
          rounded(
            scalar,
            applyOp(
              e.op,
              from,
              args.map((a) => a[lane] ?? a[0] ?? Number.NaN),
            ),
          ),
        );
      }
      case "convert": {
        const from = e.value.type.scalar;
        return this.expr(e.value).map((x) => converted(from, scalar, x));
      }
      case "splat": {
        const x = this.one(e.value);
        return Array.from({ length: lanes }, () => x);
      }
      case "ramp":
        return Array.from({ length: lanes }, (_, lane) => lane);
      case "extract":
        return [this.expr(e.value)[e.lane] ?? Number.NaN];
      case "rotate": {
        const value = this.expr(e.value);
        return value.map((_, k) => value[(k + e.by) % lanes] ?? Number.NaN);
      }
      case "if":
        return this.expr(this.one(e.condition) ? e.then : e.otherwise);
      case "anyLane":
        return [this.expr(e.value).some((x) => x) ? 1 : 0];
      case "builtin":
        throw new Error(`${e.name} has no value here`);
    }
  }
}

const fresh = (buffer: Buffer, length: number): Memory => ({
  scalar: buffer.scalar,
  data: Array.from({ length }, () => garbage(buffer.scalar)),
});

export function converted(from: Scalar, to: Scalar, x: number): number {
  const float = from === "f32" || from === "f64";
  if (!float || to === "f32" || to === "f64") return rounded(to, x);
  if (to === "bool") return x !== 0 ? 1 : 0;
  if (Number.isNaN(x)) return 0;
  const [lo, hi] = to === "i32" ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
  return Math.min(Math.max(Math.trunc(x), lo), hi);
}

/** Operations on the fields of a double; those of a single are the same numbers where it is normal. */
function bits(op: "exponentOf" | "significandOf" | "highPart", type: Scalar, x: number): number {
  const view = new DataView(new ArrayBuffer(8));
  if (op === "highPart" && type === "f32") {
    view.setFloat32(0, x);
    view.setInt32(0, view.getInt32(0) & ~0xfff);
    return view.getFloat32(0);
  }
  view.setFloat64(0, x);
  const high = view.getInt32(0);
  switch (op) {
    case "exponentOf":
      return ((high >>> 20) & 0x7ff) - 1023;
    case "significandOf":
      view.setInt32(0, (high & 0xfffff) | 0x3ff00000);
      return view.getFloat64(0);
    case "highPart":
      view.setInt32(4, view.getInt32(4) & -0x8000000);
      return view.getFloat64(0);
  }
}

export function applyOp(op: Op, type: Scalar, args: readonly number[]): number {
  const [a = Number.NaN, b = Number.NaN, c = Number.NaN] = args;
  const whole = type === "i32" || type === "u32";
  switch (op) {
    case "neg":
      return -a;
    case "add":
      return a + b;
    case "sub":
      return a - b;
    case "mul":
      return whole ? Math.imul(a, b) : a * b;
    case "div":
      return a / b;
    case "idiv":
      return b === 0 ? 0 : Math.floor(a / b);
    case "imod":
      return b === 0 ? 0 : a - b * Math.floor(a / b);
    case "min":
      return Math.min(a, b);
    case "max":
      return Math.max(a, b);
    case "abs":
      return Math.abs(a);
    case "sign":
      return Math.sign(a);
    case "fma":
      return a * b + c;
    case "eq":
      return a === b ? 1 : 0;
    case "ne":
      return a !== b ? 1 : 0;
    case "lt":
      return a < b ? 1 : 0;
    case "le":
      return a <= b ? 1 : 0;
    case "gt":
      return a > b ? 1 : 0;
    case "ge":
      return a >= b ? 1 : 0;
    case "and":
      return a && b ? 1 : 0;
    case "or":
      return a || b ? 1 : 0;
    case "not":
      return a ? 0 : 1;
    case "select":
      return a ? b : c;
    case "sqrt":
      return Math.sqrt(a);
    case "floor":
      return Math.floor(a);
    case "ceil":
      return Math.ceil(a);
    case "trunc":
      return Math.trunc(a);
    case "isnan":
      return Number.isNaN(a) ? 1 : 0;
    case "exp":
      return Math.exp(a);
    case "log":
      return Math.log(a);
    case "bitAnd":
      return a & b;
    case "bitOr":
      return a | b;
    case "bitXor":
      return a ^ b;
    case "bitNot":
      return ~a;
    case "shiftLeft":
      return a << b;
    case "shiftRight":
      return type === "u32" ? a >>> b : a >> b;
    case "opaque":
      return a;
    case "round":
      return Math.abs(a - Math.trunc(a)) === 0.5 ? 2 * Math.round(a / 2) : Math.round(a);
    case "expm1":
    case "log1p":
    case "log2":
    case "pow":
    case "sin":
    case "cos":
    case "tan":
    case "sinh":
    case "cosh":
    case "tanh":
    case "asin":
    case "acos":
    case "atan":
    case "atan2":
      return (Math[op] as (...xs: readonly number[]) => number)(...args);
    case "countLeadingZeros":
      return Math.clz32(a);
    case "pow2":
      return 2 ** a;
    case "exponentOf":
    case "significandOf":
    case "highPart":
      return bits(op, type, a);
    default:
      throw new Error(`the evaluator has no ${op}`);
  }
}
