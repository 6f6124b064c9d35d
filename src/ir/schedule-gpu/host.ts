// Scalars that the host can work out while it runs the plan: what depends on sizes, scalar arguments and the host's own loops alone.
import type { HostExpr } from "../../abi.js";
import type { Expr, Op } from "../nest.js";
import { wordOf } from "../plan.js";

/** Operations that the host has (src/runtime/webgpu/host.ts). */
export const hostOps: ReadonlySet<Op> = new Set<Op>([
  ...(["neg", "add", "sub", "mul", "div", "idiv", "imod", "min", "max", "abs", "sign", "fma"] as const),
  ...(["bitAnd", "bitOr", "bitXor", "bitNot", "shiftLeft", "shiftRight", "countLeadingZeros"] as const),
  ...(["eq", "ne", "lt", "le", "gt", "ge", "and", "or", "not", "select", "isnan"] as const),
  ...(["sqrt", "floor", "ceil", "round", "trunc", "exp", "log", "log2", "sin", "cos", "tan", "pow"] as const),
]);

/** `names` gives the host's name of a variable, if the host knows it. */
export function hostExpr(e: Expr, names: (id: number) => string | undefined): HostExpr | undefined {
  switch (e.kind) {
    case "const":
      return Number.isFinite(e.value) ? e.value : undefined;
    case "var":
      return names(e.var.id);
    case "op": {
      if (!hostOps.has(e.op)) return undefined;
      const args = hostExprs(e.args, names);
      return args && [e.op, wordOf(e.type), ...args];
    }
    case "convert": {
      const value = hostExpr(e.value, names);
      return value === undefined ? undefined : [`convert:${e.value.type}`, wordOf(e.type), value];
    }
    case "if": {
      const parts = hostExprs([e.condition, e.then, e.otherwise], names);
      return parts && ["select", wordOf(e.type), ...parts];
    }
    case "load":
    case "block":
    case "reduce":
      return undefined;
  }
}

function hostExprs(list: readonly Expr[], names: (id: number) => string | undefined): HostExpr[] | undefined {
  const all: HostExpr[] = [];
  for (const e of list) {
    const h = hostExpr(e, names);
    if (h === undefined) return undefined;
    all.push(h);
  }
  return all;
}

// Counts: integers that do not wrap. Constants are folded.

const integer =
  (op: string, fold: (a: number, b: number) => number, neutral?: number) =>
  (a: HostExpr, b: HostExpr): HostExpr => {
    if (typeof a === "number" && typeof b === "number") return fold(a, b);
    if (neutral !== undefined && b === neutral) return a;
    if (neutral !== undefined && a === neutral && op !== "sub" && op !== "idiv") return b;
    return [op, "int", a, b];
  };

export const hostAdd = integer("add", (a, b) => a + b, 0);
export const hostSub = integer("sub", (a, b) => a - b, 0);
export const hostMul = integer("mul", (a, b) => a * b, 1);
export const hostDiv = integer("idiv", (a, b) => Math.floor(a / b), 1);
export const hostMin = integer("min", Math.min);
export const hostMax = integer("max", Math.max);
export const hostTest = (op: "lt" | "le" | "gt" | "ge" | "eq" | "and" | "or", a: HostExpr, b: HostExpr): HostExpr => [
  op,
  "bool",
  a,
  b,
];
/** `a / b`, rounded up, for `b > 0`. */
export const hostCeil = (a: HostExpr, b: number): HostExpr => (b === 1 ? a : hostDiv(hostAdd(a, b - 1), b));
/** `a / b`, rounded up, for `b > 0` that the host knows only when it runs. */
export const hostCeilBy = (a: HostExpr, b: HostExpr): HostExpr =>
  typeof b === "number" ? hostCeil(a, b) : hostDiv(hostAdd(a, hostSub(b, 1)), b);
