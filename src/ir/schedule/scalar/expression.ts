// Expressions at one point. Statements that an expression needs (loops of reductions, checks, branches) are emitted before it; what is
// returned is pure and may be used once, or as often as it is trivial.
import type { LoopExpr } from "../../loop.js";
import type { Expr, Scalar } from "../../nest.js";
import { constant, convert, load, operation, read, select, single, truth } from "./build.js";
import { clampIndex, linearIndex } from "./index.js";
import { lowerReduce } from "./reduce.js";
import { assign, branch, fail, named, nested, placeOf, type Region, variable } from "./region.js";
import { lowerStatements } from "./statement.js";

export function lowerExpr(region: Region, e: Expr): LoopExpr {
  switch (e.kind) {
    case "const":
      return constant(e.type, e.value);
    case "var": {
      const value = region.lowering.scalars.get(e.var.id);
      if (!value) throw new Error(`internal: ${e.var.name} is used where it is not defined`);
      return value;
    }
    case "load":
      return lowerLoad(region, e);
    case "op":
      return operation(e.op, single(e.type), ...e.args.map((a) => lowerExpr(region, a)));
    case "convert":
      return convert(e.type, lowerExpr(region, e.value));
    case "if":
      return lowerIf(region, e);
    case "block":
      return lowerBlockValue(region, e);
    case "reduce":
      return (
        region.lowering.known.get(e)?.(region) ??
        (region.point === undefined ? region.lowering.strategy.reduce(region, e) : undefined) ??
        lowerReduce(region, e)
      );
  }
}

/** An expression's value under a name, so that it can be used twice. */
export const lowerNamed = (region: Region, name: string, e: Expr): LoopExpr =>
  named(region, name, lowerExpr(region, e));

/** Subscripts as they are, but where a check guards one: then it is checked and clamped. */
export function lowerIndices(region: Region, e: Extract<Expr, { readonly kind: "load" }>): readonly LoopExpr[] {
  const place = placeOf(region, e.array);
  return e.index.map((k, dim) => {
    const check = e.checks?.[dim] ?? null;
    if (check === null) return lowerExpr(region, k);
    const extent = place.shape[dim];
    if (!extent) throw new Error(`internal: ${e.array.name} has no dimension ${dim}`);
    const index = lowerNamed(region, `${e.array.name}At`, k);
    fail(region, inRange(index, extent), check, [index, extent]);
    return named(region, `${e.array.name}In`, clampIndex(index, extent));
  });
}

/** One comparison: a negative index is large as an unsigned number. */
const inRange = (index: LoopExpr, extent: LoopExpr): LoopExpr =>
  operation("lt", single("bool"), convert("u32", index), convert("u32", extent));

function lowerLoad(region: Region, e: Extract<Expr, { readonly kind: "load" }>): LoopExpr {
  const place = placeOf(region, e.array);
  return load(place.buffer, linearIndex(place, lowerIndices(region, e)));
}

function lowerIf(region: Region, e: Extract<Expr, { readonly kind: "if" }>): LoopExpr {
  const condition = lowerExpr(region, e.condition);
  let then: LoopExpr | undefined;
  let otherwise: LoopExpr | undefined;
  const yes = nested(region, (inner) => {
    then = lowerExpr(inner, e.then);
  });
  const no = nested(region, (inner) => {
    otherwise = lowerExpr(inner, e.otherwise);
  });
  if (!then || !otherwise) throw new Error("internal: a branch without a value");
  if (yes.length === 0 && no.length === 0) {
    if (isCheap(then) && isCheap(otherwise)) return select(condition, then, otherwise);
    return { kind: "if", type: single(e.type), condition, then, otherwise };
  }
  const result = variable(region, "chosen", zeroOf(e.type));
  region.out.push({
    kind: "if",
    condition,
    then: [...yes, { kind: "set", var: result, value: then }],
    otherwise: [...no, { kind: "set", var: result, value: otherwise }],
  });
  return read(result);
}

/** Safe to compute, and not worth a branch. */
function isCheap(e: LoopExpr): boolean {
  if (e.kind === "const" || e.kind === "var") return true;
  if (e.kind === "convert") return isCheap(e.value);
  return e.kind === "op" && cheapOps.has(e.op) && e.args.every(isCheap);
}
export const cheapOps: ReadonlySet<string> = new Set([
  "neg",
  "add",
  "sub",
  "mul",
  "min",
  "max",
  "abs",
  "eq",
  "ne",
  "lt",
  "le",
  "gt",
  "ge",
  "and",
  "or",
  "not",
]);

function lowerBlockValue(region: Region, e: Extract<Expr, { readonly kind: "block" }>): LoopExpr {
  if (!e.body.some((s) => s.kind === "require")) {
    let value: LoopExpr | undefined;
    lowerStatements({ ...region, stops: false }, e.body, (inner) => {
      value = lowerExpr(inner, e.value);
    });
    if (!value) throw new Error("internal: a block without a value");
    return value;
  }
  // What comes after a `require` is emitted under its condition, so the value crosses in a variable.
  const result = variable(region, "value", zeroOf(e.type));
  lowerStatements({ ...region, stops: false }, e.body, (inner) => assign(inner, result, lowerExpr(inner, e.value)));
  return read(result);
}

export const zeroOf = (type: Scalar): LoopExpr => (type === "bool" ? truth(false) : constant(type, 0));

/** Runs `emit` only where `condition` holds, if there is one. */
export function guarded(region: Region, condition: Expr | undefined, emit: (inner: Region) => void): void {
  if (condition === undefined) emit(region);
  else branch(region, lowerExpr(region, condition), emit);
}
