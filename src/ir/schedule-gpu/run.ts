// Runs of scalar statements: one dispatch of one invocation, in order.
import type { HostExpr } from "../../abi.js";
import type { Span } from "../../compiler/diagnostic.js";
import { effectsOfBlock } from "../effects.js";
import type { Block, Expr, Stmt, Var } from "../nest.js";
import { type Visitor, walkBlock, walkExpr } from "../nest-walk.js";
import { int } from "../schedule/scalar/build.js";
import { lowerStatements } from "../schedule/scalar/statement.js";
import type { Planner } from "./planner.js";
import { usesOf } from "./point.js";

/** Plans the statements as one kernel. What they make that others read is kept in words. */
export function dispatchRun(planner: Planner, block: Block): void {
  const [first] = block;
  if (!first) return;
  const effects = effectsOfBlock(block);
  const uses = usesOf(planner, block);
  const sets = new Set([...effects.writtenVars].filter((id) => uses.vars.has(id) && !effects.madeVars.has(id)));
  const made = [...effects.madeVars].map((id) => planner.variable(id)).filter((v) => planner.readsOutside(v, block));
  // What outlives the run may be read by an earlier statement, in the next turn of a loop.
  const kept = [...made, ...[...sets].map((id) => planner.variable(id))];
  planner.dispatch(
    { name: runName(block), at: first.at, workgroup: 1 },
    1,
    (k) => {
      k.use({ ...uses, sets });
      lowerStatements(k.region, block);
      for (const v of kept) {
        const value = k.region.lowering.scalars.get(v.id);
        if (!value) throw new Error(`internal: ${v.name} was not made`);
        k.region.out.push({ kind: "store", buffer: k.wordBuffer(v), index: int(0), value });
      }
    },
    true,
  );
}

function runName(block: Block): string {
  for (const s of block) {
    if (s.kind === "let" || s.kind === "set") return s.var.name;
    if (s.kind === "store" || s.kind === "list") return s.array.name;
  }
  return "checks";
}

/** Whether one invocation may run it: nothing in it has work for many. */
export function isScalar(planner: Planner, s: Stmt): boolean {
  let scalar = true;
  walkBlock(
    [s],
    workFinder(planner, () => {
      scalar = false;
    }),
  );
  return scalar;
}

export function isScalarExpr(planner: Planner, e: Expr): boolean {
  let scalar = true;
  walkExpr(
    e,
    workFinder(planner, () => {
      scalar = false;
    }),
  );
  return scalar;
}

const workFinder = (planner: Planner, found: () => void): Visitor => ({
  stmt: (s) => {
    if (s.kind === "nest" || s.kind === "host") found();
    return s.kind !== "host";
  },
  expr: (e) => {
    if (e.kind === "reduce" && !isShort(planner, e)) found();
    return true;
  },
});

/** The most values that one invocation reduces where a dispatch of its own would cost more. */
const SHORT = 64;

export function isShort(planner: Planner, e: Extract<Expr, { readonly kind: "reduce" }>): boolean {
  let most = 1;
  for (const a of e.axes) {
    const lo = planner.boundsOf(a.lo).lo;
    const hi = planner.boundsOf(a.hi).hi;
    if (typeof lo !== "number" || typeof hi !== "number") return false;
    most *= Math.max(0, hi - lo);
  }
  return most <= SHORT;
}

/** A device scalar with the value of an expression, for the host to read. */
export function deviceLet(planner: Planner, name: string, value: Expr, at: Span): Var {
  const v = planner.freshVar(name, value.type);
  dispatchRun(planner, [{ kind: "let", var: v, value, at }]);
  return v;
}

/** The value of an expression on the host: worked out there, or by the device and waited for. */
export function readHost(planner: Planner, name: string, value: Expr, at: Span): HostExpr {
  const known = planner.host(value);
  if (known !== undefined) return known;
  const v = value.kind === "var" ? value.var : deviceLet(planner, name, value, at);
  const host = planner.freshRead(`${v.name}.${v.id}`);
  planner.step({ step: "read", words: [{ word: planner.word(v), type: planner.wordType(v), name: host }] });
  return host;
}
