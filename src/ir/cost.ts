// How dear an expression is at one point, in classes that decide whether it may be computed again.
import type { Expr, Op } from "./nest.js";
import { walkExpr } from "./nest-walk.js";

export interface Cost {
  /** Additions, multiplications, comparisons and the like. */
  readonly cheap: number;
  /** Divisions, roots and elementary functions, and statements that loop. */
  readonly dear: number;
  readonly reductions: number;
  readonly loads: number;
}

const dearOps: ReadonlySet<Op> = new Set<Op>([
  ...(["div", "idiv", "imod", "sqrt", "exp", "expm1", "log", "log1p", "log2", "pow", "sin", "cos", "tan"] as const),
  ...(["tanh", "sinh", "cosh", "asin", "acos", "atan", "atan2", "erf", "lgamma"] as const),
]);

const counted = new WeakMap<Expr, Cost>();

export function costOf(e: Expr): Cost {
  const known = counted.get(e);
  if (known) return known;
  let cheap = 0;
  let dear = 0;
  let reductions = 0;
  let loads = 0;
  walkExpr(e, {
    expr: (x) => {
      if (x.kind === "load") {
        loads++;
        // Subscripts are integers that schedules strength-reduce; loads in them are gathers and count.
        for (const i of x.index) {
          const c = costOf(i);
          loads += c.loads;
          reductions += c.reductions;
          dear += c.dear;
        }
        return false;
      }
      if (x.kind === "reduce") reductions++;
      if (x.kind === "if") cheap++;
      if (x.kind === "op") {
        if (dearOps.has(x.op)) dear++;
        else cheap++;
      }
      return true;
    },
    stmt: (s) => {
      if (s.kind !== "let" && s.kind !== "set" && s.kind !== "if") dear++;
      return true;
    },
  });
  const cost = { cheap, dear, reductions, loads };
  counted.set(e, cost);
  return cost;
}

/** A value that is only fetched: a view, a copy, a transpose, a slice, a constant. */
export const isFree = (e: Expr): boolean => {
  const c = costOf(e);
  return c.cheap === 0 && c.dear === 0 && c.reductions === 0 && c.loads <= 1;
};
