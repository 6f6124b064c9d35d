// Arrays that a kernel makes for itself: in private memory where they are small and of constant length, else each invocation has its part
// of an array of the plan, as large as it may become.
import type { Buffer, LoopBlock, LoopExpr, LoopStmt, LoopVar } from "../loop.js";
import { mapStmt, rewriteExpr } from "../loop-walk.js";
import { add, mul } from "../schedule/scalar/build.js";
import { type Bounds, combineBounds, narrowed } from "./bounds.js";
import { hostMax, hostMul, hostSub } from "./host.js";
import type { KernelBuilder } from "./kernel.js";
import type { Planner } from "./planner.js";
import { walkLoop } from "./prune.js";
import { Unbounded } from "./unbounded.js";

/** Elements that one invocation may keep in private memory. */
const PRIVATE = 1024;

export function placeScratch(kernel: KernelBuilder, planner: Planner, body: LoopBlock): LoopBlock {
  const allocs: Extract<LoopStmt, { readonly kind: "alloc" }>[] = [];
  walkLoop(body, {
    stmt: (s) => {
      if (s.kind === "alloc") allocs.push(s);
    },
  });
  if (allocs.length === 0) return body;
  const bounds = new LoopBounds(kernel, body);
  const places = new Map<Buffer, Placed>();
  let room = PRIVATE;
  for (const { buffer, length } of allocs) {
    const most = bounds.of(length).hi;
    if (most === undefined) throw new Unbounded(buffer.name);
    if (typeof most === "number" && most <= room) {
      room -= most;
      places.set(buffer, { buffer: { ...buffer, space: "register", length: Math.max(1, most) } });
      continue;
    }
    const index = planner.temporary(buffer.name, buffer.scalar, hostMul(hostMax(most, 1), kernel.threads));
    const { buffer: shared, offset } = kernel.bind(buffer.name, buffer.scalar, index);
    const threads = kernel.word("threads", "i32", kernel.threads);
    places.set(buffer, {
      buffer: shared,
      ...(kernel.threads === 1 ? {} : { threads, thread: kernel.thread() }),
      ...(offset ? { offset } : {}),
    });
  }
  return body.flatMap((s) => moved(s, places));
}

/** Element `k` is at `offset + k * threads + thread`: neighbouring invocations lie side by side. */
interface Placed {
  readonly buffer: Buffer;
  readonly offset?: LoopExpr;
  readonly threads?: LoopExpr;
  readonly thread?: LoopExpr;
}

type Places = ReadonlyMap<Buffer, Placed>;

const position = (p: Placed, index: LoopExpr): LoopExpr => {
  const at = p.threads && p.thread ? add(mul(index, p.threads), p.thread) : index;
  return p.offset ? add(p.offset, at) : at;
};

const movedExpr = (e: LoopExpr, places: Places): LoopExpr =>
  rewriteExpr(e, (x) => {
    const p = x.kind === "load" ? places.get(x.buffer) : undefined;
    return p && x.kind === "load" ? { ...x, buffer: p.buffer, index: position(p, x.index) } : x;
  });

function moved(s: LoopStmt, places: Places): LoopStmt[] {
  if (s.kind === "alloc") return [];
  const to = mapStmt(
    s,
    (e) => movedExpr(e, places),
    (b) => b.flatMap((x) => moved(x, places)),
  );
  const p = to.kind === "store" ? places.get(to.buffer) : undefined;
  return [p && to.kind === "store" ? { ...to, buffer: p.buffer, index: position(p, to.index) } : to];
}

/** A failure is not noted again where its point has failed before; what follows stands under the check itself. */
function brokenCheck(condition: LoopExpr): LoopExpr {
  if (condition.kind !== "op" || condition.op !== "and") return condition;
  const [broken, fresh] = condition.args;
  const failed = fresh?.kind === "op" && fresh.op === "not" ? fresh.args[0] : undefined;
  return broken && failed?.kind === "var" && failed.var.mutable && failed.var.name === "failed" ? broken : condition;
}

/** Bounds of integer expressions in a kernel, in words of its frame. */
class LoopBounds {
  private readonly lets = new Map<number, LoopExpr>();
  private readonly loops = new Map<number, { readonly lo: LoopExpr; readonly hi: LoopExpr }>();
  /** All that a variable is ever set to. */
  private readonly sets = new Map<number, LoopExpr[]>();
  private readonly open = new Set<number>();
  /** What checks say that a variable is at most, and at least. */
  private readonly most = new Map<number, LoopExpr[]>();
  private readonly least = new Map<number, LoopExpr[]>();

  constructor(
    private readonly kernel: KernelBuilder,
    body: LoopBlock,
  ) {
    walkLoop(body, {
      stmt: (s) => {
        if (s.kind === "let" && !s.var.mutable) this.lets.set(s.var.id, s.value);
        else if (s.kind === "let" || s.kind === "set")
          this.sets.set(s.var.id, [...(this.sets.get(s.var.id) ?? []), s.value]);
        else if (s.kind === "for") this.loops.set(s.var.id, { lo: s.lo, hi: s.hi });
        else if (s.kind === "fail") this.checked(brokenCheck(s.condition), false);
      },
    });
  }

  /** Where a check fails, nothing that depends on it is computed: what it asks for holds. */
  private checked(e: LoopExpr, holds: boolean): void {
    if (e.kind === "var") {
      const value = this.lets.get(e.var.id);
      if (value) this.checked(value, holds);
      return;
    }
    if (e.kind !== "op") return;
    const [a, b] = e.op === "ge" ? [...e.args].reverse() : e.args;
    if (e.op === "not" && a) this.checked(a, !holds);
    else if (e.op === "and" && holds) for (const x of e.args) this.checked(x, true);
    else if ((e.op === "le" || e.op === "ge") && holds && a && b) {
      if (a.kind === "var" && !a.var.mutable) this.most.set(a.var.id, [...(this.most.get(a.var.id) ?? []), b]);
      if (b.kind === "var" && !b.var.mutable) this.least.set(b.var.id, [...(this.least.get(b.var.id) ?? []), a]);
    }
  }

  of(e: LoopExpr): Bounds {
    switch (e.kind) {
      case "const":
        return { lo: e.value, hi: e.value };
      case "var":
        return this.variable(e.var);
      case "op":
        return combineBounds(
          e.op,
          (e.op === "select" ? e.args.slice(1) : e.args).map((a) => this.of(a)),
        );
      case "if":
        return combineBounds("select", [this.of(e.then), this.of(e.otherwise)]);
      case "convert":
        return e.value.type.scalar === "u32" || e.value.type.scalar === "i32" ? this.of(e.value) : {};
      default:
        return {};
    }
  }

  private variable(v: LoopVar): Bounds {
    const handedIn = this.kernel.knownBounds(v);
    if (handedIn) return handedIn;
    if (this.open.has(v.id)) return {};
    this.open.add(v.id);
    let found = this.defined(v);
    for (const e of this.most.get(v.id) ?? []) {
      const { hi } = this.of(e);
      if (hi !== undefined) found = narrowed(found, { hi });
    }
    for (const e of this.least.get(v.id) ?? []) {
      const { lo } = this.of(e);
      if (lo !== undefined) found = narrowed(found, { lo });
    }
    this.open.delete(v.id);
    return found;
  }

  private defined(v: LoopVar): Bounds {
    const value = this.lets.get(v.id);
    if (value) return this.of(value);
    const loop = this.loops.get(v.id);
    if (loop) {
      const { lo } = this.of(loop.lo);
      const { hi } = this.of(loop.hi);
      return { ...(lo === undefined ? {} : { lo }), ...(hi === undefined ? {} : { hi: hostSub(hi, 1) }) };
    }
    return combineBounds(
      "select",
      (this.sets.get(v.id) ?? []).map((e) => this.of(e)),
    );
  }
}
