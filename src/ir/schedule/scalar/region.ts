// A region is a place where Loop IR is emitted: a list of statements that grows, and what the names of the Nest IR are there.

import type { Span } from "../../../compiler/diagnostic.js";
import type { Buffer, LoopBlock, LoopExpr, LoopStmt, LoopVar } from "../../loop.js";
import type { ArrayVar, Expr, Nest, Scalar } from "../../nest.js";
import { isTrivial, read, single, truth } from "./build.js";

/** Where an array lives: element `index` is at `offset` plus the row-major position of `index` in `shape`. */
export interface ArrayPlace {
  readonly buffer: Buffer;
  /** Trivial expressions (constants and immutable variables). */
  readonly shape: readonly LoopExpr[];
  readonly offset?: LoopExpr;
}

/** What a target decides about what the scalar lowering meets. */
export interface Strategy {
  /** A local array inside a nest with a constant number of elements up to this one becomes a `register` buffer. */
  readonly registerElements: number;
  /** Lowers a nest that is not inside another. */
  nest(region: Region, nest: Nest, at: Span): void;
  /** Lowers a reduction outside nests, or leaves it to the scalar lowering. */
  reduce(region: Region, reduce: ReduceExpr): LoopExpr | undefined;
}

export type ReduceExpr = Extract<Expr, { readonly kind: "reduce" }>;

/** What all regions of one kernel share. */
export interface Lowering {
  /** By `Var.id`. A mutable variable is there as a mutable `LoopVar`. */
  readonly scalars: Map<number, LoopExpr>;
  /** By `ArrayVar.id`. */
  readonly arrays: Map<number, ArrayPlace>;
  readonly strategy: Strategy;
  /** Axes, by `Var.id`, whose loops are to be put in lanes. */
  readonly lanes: Set<number>;
  /** Reductions whose values are already there, in the regions where they are asked for. */
  readonly known: Map<ReduceExpr, (at: Region) => LoopExpr>;
  /** The next free id of a variable or buffer. */
  nextId: number;
  /** Where the checks of the functions that the kernel calls begin. */
  readonly checks: ReadonlyMap<string, number>;
  /** A `fail` was emitted since the last `stopIfFailed`. */
  failing: boolean;
}

/**
 * `out` is where statements go. `stops`: a failure stops the kernel after the statement that it is in (statements outside nests); elsewhere
 * what follows a failure goes on harmlessly. `point` is there inside nests and reductions: the linear index that failures carry. `failed`,
 * where there is one, says that the point has failed.
 */
export interface Region {
  readonly lowering: Lowering;
  readonly out: LoopStmt[];
  readonly stops: boolean;
  readonly point?: LoopExpr;
  readonly failed?: LoopVar;
}

export const createLowering = (strategy: Strategy, checks: Lowering["checks"] = new Map()): Lowering => ({
  scalars: new Map(),
  arrays: new Map(),
  strategy,
  lanes: new Set(),
  known: new Map(),
  checks,
  nextId: 1,
  failing: false,
});

export function freshVar(lowering: Lowering, name: string, scalar: Scalar, mutable = false): LoopVar {
  return { id: lowering.nextId++, name, type: single(scalar), mutable };
}

export function freshBuffer(lowering: Lowering, name: string, scalar: Scalar, space: Buffer["space"]): Buffer {
  return { id: lowering.nextId++, name, scalar, space };
}

/** Statements of a nested block: `emit` writes into a region that is like `region` but for its list. */
export function nested(region: Region, emit: (inner: Region) => void): LoopBlock {
  const inner: Region = { ...region, out: [] };
  emit(inner);
  return inner.out;
}

/** A name for a value that is used more than once. */
export function named(region: Region, name: string, value: LoopExpr): LoopExpr {
  if (isTrivial(value)) return value;
  const v: LoopVar = { id: region.lowering.nextId++, name, type: value.type, mutable: false };
  region.out.push({ kind: "let", var: v, value });
  return read(v);
}

/** A variable that is assigned to, with its first value. */
export function variable(region: Region, name: string, initial: LoopExpr): LoopVar {
  const v: LoopVar = { id: region.lowering.nextId++, name, type: initial.type, mutable: true };
  region.out.push({ kind: "let", var: v, value: initial });
  return v;
}

export function assign(region: Region, v: LoopVar, value: LoopExpr): void {
  region.out.push({ kind: "set", var: v, value });
}

/** A loop over `lo <= v < hi` with step 1; the bounds are taken once. */
export function loopOver(
  region: Region,
  v: LoopVar,
  lo: LoopExpr,
  hi: LoopExpr,
  emit: (inner: Region) => void,
  options: { readonly step?: number; readonly vector?: boolean | "padded" } = {},
): void {
  const from = named(region, `${v.name}Lo`, lo);
  const to = named(region, `${v.name}Hi`, hi);
  const body = nested(region, emit);
  region.out.push({
    kind: "for",
    var: v,
    lo: from,
    hi: to,
    step: options.step ?? 1,
    body,
    ...(options.vector ? { vector: options.vector } : {}),
  });
}

export function branch(
  region: Region,
  condition: LoopExpr,
  then: (inner: Region) => void,
  otherwise?: (inner: Region) => void,
): void {
  const yes = nested(region, then);
  const no = otherwise ? nested(region, otherwise) : [];
  if (yes.length > 0 || no.length > 0) region.out.push({ kind: "if", condition, then: yes, otherwise: no });
}

/** Notes a failure where `holds` does not hold. */
export function fail(region: Region, holds: LoopExpr, check: number, values: readonly LoopExpr[], at?: Span): void {
  const broken: LoopExpr = { kind: "op", type: holds.type, op: "not", args: [holds] };
  const { failed } = region;
  const condition: LoopExpr = failed
    ? {
        kind: "op",
        type: holds.type,
        op: "and",
        args: [broken, { kind: "op", type: holds.type, op: "not", args: [read(failed)] }],
      }
    : broken;
  region.out.push({
    kind: "fail",
    condition,
    check,
    point: region.point ?? { kind: "const", type: single("i32"), value: 0 },
    values: values.slice(0, 4),
    ...(at ? { at } : {}),
  });
  if (failed)
    region.out.push({
      kind: "if",
      condition: broken,
      then: [{ kind: "set", var: failed, value: truth(true) }],
      otherwise: [],
    });
  region.lowering.failing = true;
}

/** Where failures stop the kernel: leaves it if something has failed since the last time. */
export function stopIfFailed(region: Region): void {
  if (!region.stops || !region.lowering.failing) return;
  region.out.push({ kind: "stopIfFailed" });
  region.lowering.failing = false;
}

export function placeOf(region: Region, array: ArrayVar): ArrayPlace {
  const place = region.lowering.arrays.get(array.id);
  if (!place) throw new Error(`internal: array ${array.name} is used where it is not defined`);
  return place;
}
