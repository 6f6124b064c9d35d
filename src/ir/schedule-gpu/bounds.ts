// Host-known bounds of integer expressions: how large a grid or an array may become whose exact size is known to the device alone.
import type { HostExpr } from "../../abi.js";
import type { Axis, Expr, Op } from "../nest.js";
import { hostAdd, hostDiv, hostExpr, hostMax, hostMin, hostMul, hostSub } from "./host.js";

/** `lo <= value <= hi`, where known. */
export interface Bounds {
  readonly lo?: HostExpr;
  readonly hi?: HostExpr;
}

export interface BoundsScope {
  /** The host's name of a variable. */
  name(id: number): string | undefined;
  /** Bounds of a variable that the host does not know. */
  bounds(id: number): Bounds | undefined;
}

const exactly = (e: HostExpr): Bounds => ({ lo: e, hi: e });
const make = (lo: HostExpr | undefined, hi: HostExpr | undefined): Bounds => ({
  ...(lo === undefined ? {} : { lo }),
  ...(hi === undefined ? {} : { hi }),
});
const both = (
  f: (a: HostExpr, b: HostExpr) => HostExpr,
  a: HostExpr | undefined,
  b: HostExpr | undefined,
): HostExpr | undefined => (a === undefined || b === undefined ? undefined : f(a, b));
/** What is known of either is known of the one that is smaller, or larger. */
const either = (
  f: (a: HostExpr, b: HostExpr) => HostExpr,
  a: HostExpr | undefined,
  b: HostExpr | undefined,
): HostExpr | undefined => (a === undefined ? b : b === undefined ? a : f(a, b));

export function boundsOf(e: Expr, scope: BoundsScope): Bounds {
  const exact = hostExpr(e, (id) => scope.name(id));
  if (exact !== undefined) return exactly(exact);
  switch (e.kind) {
    case "var":
      return scope.bounds(e.var.id) ?? {};
    case "op":
      return combineBounds(
        e.op,
        (e.op === "select" ? e.args.slice(1) : e.args).map((x) => boundsOf(x, scope)),
      );
    case "if":
      return union(boundsOf(e.then, scope), boundsOf(e.otherwise, scope));
    case "reduce":
      return reduceBounds(e, scope);
    case "convert":
      return e.value.type === "bool" ? { lo: 0, hi: 1 } : {};
    default:
      return {};
  }
}

const union = (a: Bounds, b: Bounds): Bounds => make(both(hostMin, a.lo, b.lo), both(hostMax, a.hi, b.hi));

/** The values that an axis takes. */
export function axisBounds(axis: Axis, scope: BoundsScope): Bounds {
  const { lo } = boundsOf(axis.lo, scope);
  const { hi } = boundsOf(axis.hi, scope);
  return make(lo, hi === undefined ? undefined : hostSub(hi, 1));
}

/** Bounds of an operation's result from those of its operands (of a `select`, of its sides). */
export function combineBounds(op: Op, operands: readonly Bounds[]): Bounds {
  const [a = {}, b = {}] = operands;
  switch (op) {
    case "add":
      return make(both(hostAdd, a.lo, b.lo), both(hostAdd, a.hi, b.hi));
    case "sub":
      return make(both(hostSub, a.lo, b.hi), both(hostSub, a.hi, b.lo));
    case "neg":
      return make(both(hostSub, 0, a.hi), both(hostSub, 0, a.lo));
    case "min":
      return make(both(hostMin, a.lo, b.lo), either(hostMin, a.hi, b.hi));
    case "max":
      return make(either(hostMax, a.lo, b.lo), both(hostMax, a.hi, b.hi));
    case "select":
      return operands.length === 0 ? {} : operands.reduce(union);
    case "mul":
      return product(a, b);
    case "idiv": {
      // What is not negative does not grow when it is divided by something positive.
      if (a.lo === 0 && typeof b.lo === "number" && b.lo >= 1 && b.lo !== b.hi) return a;
      const by = b.lo;
      if (typeof by !== "number" || by !== b.hi || by <= 0) return {};
      return make(
        a.lo === undefined ? undefined : hostDiv(a.lo, by),
        a.hi === undefined ? undefined : hostDiv(a.hi, by),
      );
    }
    case "imod":
      return b.hi === undefined ? {} : make(0, hostSub(hostMax(b.hi, 1), 1));
    default:
      return {};
  }
}

function product(a: Bounds, b: Bounds): Bounds {
  if (a.lo === undefined || a.hi === undefined || b.lo === undefined || b.hi === undefined) return {};
  if (a.lo === a.hi && b.lo === b.hi) return exactly(hostMul(a.lo, b.lo));
  const { lo, hi } = b;
  const all = [a.lo, a.hi].flatMap((x) => [hostMul(x, lo), hostMul(x, hi)]);
  return make(all.reduce(hostMin), all.reduce(hostMax));
}

function reduceBounds(e: Extract<Expr, { readonly kind: "reduce" }>, scope: BoundsScope): Bounds {
  const inner: Map<number, Bounds> = new Map();
  const within: BoundsScope = { name: (id) => scope.name(id), bounds: (id) => inner.get(id) ?? scope.bounds(id) };
  for (const axis of e.axes) inner.set(axis.var.id, axisBounds(axis, within));
  switch (e.reducer) {
    case "argmin":
    case "argmax": {
      const [axis] = e.axes;
      const hi = axis && inner.get(axis.var.id)?.hi;
      return make(-1, hi === undefined ? undefined : hostMax(hi, -1));
    }
    case "count": {
      let most: HostExpr | undefined = 1;
      for (const axis of e.axes) {
        const b = inner.get(axis.var.id);
        most = both(
          hostMul,
          most,
          both((hi, lo) => hostMax(0, hostAdd(hostSub(hi, lo), 1)), b?.hi, b?.lo),
        );
      }
      return make(0, most);
    }
    case "min":
    case "max": {
      const value = boundsOf(e.value, within);
      return e.reducer === "min" ? make(value.lo, undefined) : make(undefined, value.hi);
    }
    default:
      return {};
  }
}

/** What is known by either. */
export const narrowed = (a: Bounds | undefined, b: Bounds): Bounds =>
  make(either(hostMax, a?.lo, b.lo), either(hostMin, a?.hi, b.hi));

/** Bounds of variables that follow from a condition that holds. */
export function boundsFrom(
  condition: Expr,
  scope: BoundsScope,
): readonly { readonly id: number; readonly bounds: Bounds }[] {
  if (condition.kind !== "op") return [];
  const [a, b] = condition.args;
  if (!a || !b || a.type === "f32") return [];
  switch (condition.op) {
    case "and":
      return [...boundsFrom(a, scope), ...boundsFrom(b, scope)];
    case "le":
      return atMost(a, b, scope);
    case "ge":
      return atMost(b, a, scope);
    default:
      return [];
  }
}

function atMost(a: Expr, b: Expr, scope: BoundsScope): readonly { readonly id: number; readonly bounds: Bounds }[] {
  const { lo } = boundsOf(a, scope);
  const { hi } = boundsOf(b, scope);
  const immutable = (e: Expr): e is Extract<Expr, { readonly kind: "var" }> => e.kind === "var" && !e.var.mutable;
  return [
    ...(immutable(a) && hi !== undefined ? [{ id: a.var.id, bounds: make(undefined, hi) }] : []),
    ...(immutable(b) && lo !== undefined ? [{ id: b.var.id, bounds: make(lo, undefined) }] : []),
  ];
}
