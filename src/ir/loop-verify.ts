// Checks Loop IR: names are in scope and used as what they are, types agree, and what a target lacks is not there. A pass that makes wrong
// code is found here and not in a number that is off.
import type { Buffer, LoopBlock, LoopExpr, LoopFunction, LoopStmt, LoopVar } from "./loop.js";
import { checkLoopOp, typeName } from "./loop-types.js";
import { childrenOf, exprsOf } from "./loop-walk.js";

class Verifier {
  readonly problems: string[] = [];
  private readonly vars = new Map<number, LoopVar>();
  private readonly buffers = new Map<number, Buffer>();
  private readonly made = new Set<number>();
  /** Those that are in scope, in the order in which they were made. */
  private readonly madeVars: number[] = [];
  private readonly madeBuffers: number[] = [];
  private parallel = false;

  function(f: LoopFunction): void {
    for (const v of f.scalars) {
      if (v.mutable || v.type.lanes !== 1) this.wrong(`scalar ${v.name} must be immutable, with one lane`);
      this.make(v);
    }
    for (const b of f.buffers) this.makeBuffer(b);
    this.block(f.body);
  }

  private wrong(what: string): void {
    this.problems.push(what);
  }
  private need(holds: boolean, what: string): void {
    if (!holds) this.wrong(what);
  }

  private make(v: LoopVar): void {
    if (this.made.has(v.id)) this.wrong(`two variables have the id ${v.id} (${v.name})`);
    this.made.add(v.id);
    this.vars.set(v.id, v);
    this.madeVars.push(v.id);
  }

  private makeBuffer(b: Buffer): void {
    this.need(!this.buffers.has(b.id), `two buffers have the id ${b.id} (${b.name})`);
    this.buffers.set(b.id, b);
    this.madeBuffers.push(b.id);
    const fixed = b.space === "register" || b.space === "shared";
    this.need(!fixed || (b.length ?? 0) > 0, `${b.space} buffer ${b.name} needs a length`);
  }

  /** What a block makes is not seen after it. */
  private block(b: LoopBlock): void {
    const [vars, buffers] = [this.madeVars.length, this.madeBuffers.length];
    for (const s of b) this.stmt(s);
    for (const id of this.madeVars.splice(vars)) this.vars.delete(id);
    for (const id of this.madeBuffers.splice(buffers)) this.buffers.delete(id);
  }

  /** Registers are in scope everywhere, and need no declaration. */
  private buffer(b: Buffer): void {
    const known = this.buffers.get(b.id);
    if (!known && (b.space === "register" || b.space === "shared")) this.makeBuffer(b);
    else this.need(known !== undefined, `buffer ${b.name}.${b.id} is not in scope`);
    if (known)
      this.need(known.scalar === b.scalar && known.space === b.space, `buffer ${b.name}.${b.id} is two different ones`);
  }

  private bind(v: LoopVar, body: LoopBlock): void {
    this.need(v.type.scalar === "i32" && v.type.lanes === 1 && !v.mutable, `the index ${v.name} must be an i32`);
    this.make(v);
    this.block(body);
    this.vars.delete(v.id);
  }

  private single(e: LoopExpr, scalar: string, what: string): void {
    this.need(e.type.lanes === 1 && e.type.scalar === scalar, `${what} must be ${scalar}, not ${typeName(e.type)}`);
  }

  private masked(mask: LoopExpr | undefined, lanes: number, what: string): void {
    if (mask)
      this.need(
        mask.type.scalar === "bool" && mask.type.lanes === lanes,
        `the mask of ${what} is ${typeName(mask.type)}, with ${lanes} lanes`,
      );
  }

  private stmt(s: LoopStmt): void {
    for (const e of exprsOf(s)) this.expr(e);
    switch (s.kind) {
      case "let":
        this.need(typeName(s.var.type) === typeName(s.value.type), `${s.var.name} has another type than its value`);
        this.make(s.var);
        return;
      case "set": {
        const known = this.vars.get(s.var.id);
        this.need(known?.mutable === true, `${s.var.name}.${s.var.id} can't be set here`);
        this.need(typeName(s.var.type) === typeName(s.value.type), `${s.var.name} is set to another type`);
        return;
      }
      case "store":
      case "scatter":
        this.buffer(s.buffer);
        this.need(s.buffer.space !== "param", `${s.buffer.name} is a parameter and can't be written`);
        this.need(s.buffer.scalar === s.value.type.scalar, `${s.buffer.name} holds ${s.buffer.scalar}`);
        if (s.kind === "store") this.single(s.index, "i32", `the index of ${s.buffer.name}`);
        else this.need(s.index.type.lanes === s.value.type.lanes, `a scatter to ${s.buffer.name} of two widths`);
        this.masked(s.mask, s.value.type.lanes, s.buffer.name);
        return;
      case "for":
        this.single(s.lo, "i32", `the lower bound of ${s.var.name}`);
        this.single(s.hi, "i32", `the upper bound of ${s.var.name}`);
        this.need(Number.isInteger(s.step) && s.step > 0, `the step of ${s.var.name} is ${s.step}`);
        this.bind(s.var, s.body);
        return;
      case "parallel": {
        this.single(s.count, "i32", `the count of ${s.var.name}`);
        const outer = this.parallel;
        this.parallel = true;
        const settable = [...this.vars].filter(([, v]) => v.mutable);
        // What another turn could see is not set in a turn.
        for (const [id, v] of settable) this.vars.set(id, { ...v, mutable: false });
        this.bind(s.var, s.body);
        for (const [id, v] of settable) this.vars.set(id, v);
        this.parallel = outer;
        return;
      }
      case "while":
        this.single(s.condition, "bool", "the condition of a while");
        this.block(s.body);
        return;
      case "if":
        this.single(s.condition, "bool", "the condition of an if");
        this.block(s.then);
        this.block(s.otherwise);
        return;
      case "alloc":
        this.single(s.length, "i32", `the length of ${s.buffer.name}`);
        this.need(s.buffer.space === "scratch", `${s.buffer.name} is allocated in the space ${s.buffer.space}`);
        this.makeBuffer(s.buffer);
        return;
      case "fail":
        this.single(s.condition, "bool", "the condition of a failure");
        this.single(s.point, "i32", "the point of a failure");
        this.need(s.values.length <= 4, `check ${s.check} carries ${s.values.length} values`);
        for (const v of s.values) this.need(v.type.lanes === 1, "a failure carries values of one lane");
        return;
      case "call":
        this.need(!this.parallel, `${s.function} is called in a parallel body`);
        for (const v of s.scalars) this.need(v.type.lanes === 1, `${s.function} is given a vector`);
        for (const h of [...s.given, ...s.made]) {
          this.buffer(h.buffer);
          this.single(h.offset, "i32", `where ${h.buffer.name} begins`);
          this.need(h.buffer.space !== "register", `${h.buffer.name} is in registers, and ${s.function} is given it`);
        }
        for (const h of s.made) this.need(h.buffer.space !== "param", `${s.function} writes ${h.buffer.name}`);
        return;
      case "stopIfFailed":
        this.need(!this.parallel, "stopIfFailed in a parallel body");
        return;
      case "barrier":
        return;
    }
  }

  private expr(e: LoopExpr): void {
    for (const c of childrenOf(e)) this.expr(c);
    const { lanes, scalar } = e.type;
    this.need(lanes < 4 || scalar !== "f64", "f64 has at most two lanes");
    switch (e.kind) {
      case "const":
      case "builtin":
        return;
      case "var": {
        const known = this.vars.get(e.var.id);
        this.need(known !== undefined, `${e.var.name}.${e.var.id} is not in scope`);
        this.need(typeName(known?.type ?? e.type) === typeName(e.type), `${e.var.name} is read as another type`);
        return;
      }
      case "load":
      case "gather":
        this.buffer(e.buffer);
        this.need(e.buffer.scalar === scalar, `${e.buffer.name} holds ${e.buffer.scalar}, not ${scalar}`);
        if (e.kind === "load") this.single(e.index, "i32", `the index of ${e.buffer.name}`);
        else this.need(e.index.type.scalar === "i32" && e.index.type.lanes === lanes, `gather from ${e.buffer.name}`);
        this.masked(e.mask, lanes, e.buffer.name);
        return;
      case "op": {
        const what = checkLoopOp(e.op, e.args, e.type);
        if (what !== undefined) this.wrong(what);
        return;
      }
      case "convert":
        this.need(e.value.type.lanes === lanes, "a conversion can't change the number of lanes");
        return;
      case "splat":
        this.need(e.value.type.lanes === 1 && e.value.type.scalar === scalar && lanes > 1, "splat takes one lane");
        return;
      case "ramp":
        this.need(scalar === "i32" && lanes > 1, "ramp is an i32 vector");
        return;
      case "extract":
        this.need(lanes === 1 && e.lane < e.value.type.lanes && e.value.type.scalar === scalar, "extract of no lane");
        return;
      case "rotate":
        this.need(lanes > 1 && e.by > 0 && e.by < lanes, "a vector is rotated by some of its lanes");
        this.need(e.value.type.scalar === scalar && e.value.type.lanes === lanes, "rotating keeps the type");
        return;
      case "if":
        this.single(e.condition, "bool", "the condition of an if expression");
        this.need(
          typeName(e.then.type) === typeName(e.type) && typeName(e.otherwise.type) === typeName(e.type),
          "the sides of an if expression have different types",
        );
        return;
      case "anyLane":
        this.need(e.value.type.scalar === "bool" && e.value.type.lanes > 1, "anyLane takes a bool vector");
        return;
    }
  }
}

/** What is wrong with a function; nothing when all is well. */
export function verifyLoopFunction(f: LoopFunction): readonly string[] {
  const v = new Verifier();
  v.function(f);
  return v.problems;
}

/** @throws {Error} when a pass or a schedule has made wrong Loop IR */
export function assertLoopFunction(f: LoopFunction, after: string): LoopFunction {
  const problems = verifyLoopFunction(f);
  if (problems.length > 0) throw new Error(`internal: ${f.name} after ${after}: ${problems.join("; ")}`);
  return f;
}
