// Variables that outlive a loop's turns and only collect: sums, products, extrema, places of extrema. Each lane gets one of its own, and
// what the lanes have is put together after the loop.
import type { LoopBlock, LoopExpr, LoopStmt, LoopType, LoopVar } from "../loop.js";
import { operation, read, scalarType } from "../loop-types.js";
import { varsMade, walkBlock, walkExpr } from "../loop-walk.js";
import type { Op, Scalar } from "../nest.js";
import { Refusal } from "./refusal.js";

export type Accumulator =
  | { readonly kind: "fold"; readonly vars: readonly [LoopVar]; readonly op: Op }
  /** The value and the place of the best so far, of equal ones the first; the place is -1 before there is one. */
  | {
      readonly kind: "arg";
      readonly vars: readonly [best: LoopVar, place: LoopVar];
      readonly better: "lt" | "gt";
    };

const folds: ReadonlyMap<Op, Op> = new Map([
  ["add", "add"],
  ["sub", "add"],
  ["mul", "mul"],
  ["min", "min"],
  ["max", "max"],
  ["and", "and"],
  ["or", "or"],
]);

/** @throws {Refusal} where a variable is more than an accumulator */
export function accumulatorsOf(body: LoopBlock): readonly Accumulator[] {
  const made = varsMade(body);
  const sets = new Map<number, Extract<LoopStmt, { readonly kind: "set" }>[]>();
  const reads = new Map<number, number>();
  const args = new Map<number, Accumulator>();
  walkBlock(
    body,
    (s) => {
      if (s.kind === "set" && !made.has(s.var.id)) sets.set(s.var.id, [...(sets.get(s.var.id) ?? []), s]);
      const arg = argOf(s);
      if (arg && !made.has(arg.vars[0].id)) for (const v of arg.vars) args.set(v.id, arg);
    },
    (e) => {
      if (e.kind === "var" && e.var.mutable) reads.set(e.var.id, (reads.get(e.var.id) ?? 0) + 1);
    },
  );
  const found = new Set<Accumulator>();
  for (const [id, all] of sets) {
    const arg = args.get(id);
    if (arg) {
      // Set once, and read once: by the comparison.
      if (!arg.vars.every((v) => sets.get(v.id)?.length === 1 && reads.get(v.id) === 1))
        throw new Refusal(`${arg.vars[0].name} is used otherwise`);
      found.add(arg);
      continue;
    }
    const ops = new Set(all.map((s) => foldOf(s.var, s.value)));
    const [op] = ops;
    const [first] = all;
    if (ops.size !== 1 || !op || !first || reads.get(id) !== all.length)
      throw new Refusal(`${first?.var.name} goes from turn to turn`);
    found.add({ kind: "fold", vars: [first.var], op });
  }
  return [...found];
}

function foldOf(v: LoopVar, value: LoopExpr): Op | undefined {
  if (value.kind !== "op") return undefined;
  const [a, b] = value.args;
  const isOwn = (e: LoopExpr | undefined): boolean => e?.kind === "var" && e.var.id === v.id;
  if (!isOwn(a) && (value.op === "sub" || !isOwn(b))) return undefined;
  return folds.get(value.op);
}

/** `if value < best or place < 0 { best = value; place = index }`, as schedule/scalar/reduce.ts makes it. */
export function argOf(s: LoopStmt): Extract<Accumulator, { readonly kind: "arg" }> | undefined {
  if (s.kind !== "if" || s.otherwise.length > 0 || s.condition.kind !== "op" || s.condition.op !== "or")
    return undefined;
  const [better, none] = s.condition.args;
  const [setBest, setPlace, ...more] = s.then;
  if (more.length > 0 || setBest?.kind !== "set" || setPlace?.kind !== "set") return undefined;
  if (better?.kind !== "op" || (better.op !== "lt" && better.op !== "gt") || none?.kind !== "op" || none.op !== "lt")
    return undefined;
  const [value, best] = better.args;
  const [place, zero] = none.args;
  const fits =
    best?.kind === "var" &&
    best.var.id === setBest.var.id &&
    place?.kind === "var" &&
    place.var.id === setPlace.var.id &&
    zero?.kind === "const" &&
    zero.value === 0 &&
    value !== undefined &&
    isSame(value, setBest.value) &&
    !mentions(setPlace.value, [setBest.var.id, setPlace.var.id]);
  return fits ? { kind: "arg", vars: [setBest.var, setPlace.var], better: better.op } : undefined;
}

const isSame = (a: LoopExpr, b: LoopExpr): boolean =>
  a === b || (a.kind === "var" && b.kind === "var" && a.var.id === b.var.id);

function mentions(e: LoopExpr, ids: readonly number[]): boolean {
  let found = false;
  walkExpr(e, (x) => {
    if (x.kind === "var" && ids.includes(x.var.id)) found = true;
  });
  return found;
}

/** What each lane of an accumulator's variables starts from. */
export function identitiesOf(a: Accumulator): readonly number[] {
  const [first] = a.vars;
  if (a.kind === "arg") return [a.better === "lt" ? top(first.type.scalar) : bottom(first.type.scalar), -1];
  switch (a.op) {
    case "mul":
    case "and":
      return [1];
    case "min":
      return [top(first.type.scalar)];
    case "max":
      return [bottom(first.type.scalar)];
    default:
      return [0];
  }
}

const isFloat = (s: Scalar): boolean => s === "f32" || s === "f64";
const top = (s: Scalar): number =>
  isFloat(s) ? Number.POSITIVE_INFINITY : s === "i32" ? 2 ** 31 - 1 : s === "u32" ? 2 ** 32 - 1 : 1;
const bottom = (s: Scalar): number => (isFloat(s) ? Number.NEGATIVE_INFINITY : s === "i32" ? -(2 ** 31) : 0);

/**
 * The statements that put what lanes have into the variables themselves. `wide` has the vectors of each variable, of which all but the first
 * have something in them only where `isFilled`.
 */
export function collect(
  a: Accumulator,
  wide: readonly (readonly LoopVar[])[],
  fresh: () => number,
  isFilled?: LoopExpr,
): LoopBlock {
  if (a.kind === "arg") return collectArg(a, wide, fresh, isFilled);
  const [v] = a.vars;
  const [vectors = []] = wide;
  const halves = vectors.map(read);
  // In pairs, so that no value goes through more operations than it must.
  let level: LoopExpr[] = halves;
  while (level.length > 1)
    level = level.flatMap((x, k) =>
      k % 2 === 1 ? [] : [level[k + 1] ? operation(a.op, x.type, x, level[k + 1] as LoopExpr) : x],
    );
  const [all] = level;
  if (!all) throw new Error("internal: an accumulator without lanes");
  const out: LoopStmt[] = [];
  const whole: LoopVar = { id: fresh(), name: `${v.name}Lanes`, type: all.type, mutable: false };
  out.push({ kind: "let", var: whole, value: all });
  const own = read(v);
  const value = overLanes(a.op, read(whole));
  out.push({ kind: "set", var: v, value: operation(a.op, v.type, own, value) });
  return out;
}

function overLanes(op: Op, vector: LoopExpr): LoopExpr {
  const type = scalarType(vector.type.scalar);
  if (op === "or") return { kind: "anyLane", type, value: vector };
  if (op === "and")
    return operation("not", type, { kind: "anyLane", type, value: operation("not", vector.type, vector) });
  const lane = (k: number): LoopExpr => ({ kind: "extract", type, value: vector, lane: k });
  const pair = (x: LoopExpr, y: LoopExpr): LoopExpr => operation(op, type, x, y);
  return vector.type.lanes === 2 ? pair(lane(0), lane(1)) : pair(pair(lane(0), lane(1)), pair(lane(2), lane(3)));
}

function collectArg(
  a: Extract<Accumulator, { readonly kind: "arg" }>,
  wide: readonly (readonly LoopVar[])[],
  fresh: () => number,
  isFilled: LoopExpr | undefined,
): LoopBlock {
  const [best, place] = a.vars;
  const [[firstBest, ...bests] = [], [firstPlace, ...places] = []] = wide;
  if (!firstBest || !firstPlace) throw new Error("internal: an accumulator without lanes");
  const out: LoopStmt[] = [];
  const name = (what: string, value: LoopExpr, into = out): LoopExpr => {
    const v: LoopVar = { id: fresh(), name: what, type: value.type, mutable: false };
    into.push({ kind: "let", var: v, value });
    return read(v);
  };
  const merge = (value: LoopExpr, at: LoopExpr, into = out): void => {
    const wins = name("wins", replaces(a.better, value, at, firstBest, firstPlace), into);
    for (const [to, from] of [
      [firstBest, value],
      [firstPlace, at],
    ] as const)
      into.push({ kind: "set", var: to, value: operation("select", to.type, wins, from, read(to)) });
  };
  // All vectors into the first, lane by lane.
  const others: LoopStmt[] = [];
  bests.forEach((value, k) => {
    const at = places[k];
    if (!at) throw new Error("internal: a value without a place");
    merge(read(value), read(at), others);
  });
  if (isFilled && others.length > 0) out.push({ kind: "if", condition: isFilled, then: others, otherwise: [] });
  else out.push(...others);
  // Its lanes in halves, so that there is no branch to guess: which lane wins is anyone's guess.
  for (let by = firstBest.type.lanes / 2; by >= 1; by /= 2)
    merge(
      name("other", { kind: "rotate", type: firstBest.type, value: read(firstBest), by }),
      name("otherPlace", { kind: "rotate", type: firstPlace.type, value: read(firstPlace), by }),
    );
  const laneOf = (what: LoopVar, v: LoopVar): LoopExpr =>
    name(`${what.name}Lane`, { kind: "extract", type: scalarType(v.type.scalar), value: read(v), lane: 0 });
  const [value, index] = [laneOf(best, firstBest), laneOf(place, firstPlace)];
  out.push({
    kind: "if",
    condition: replaces(a.better, value, index, best, place),
    then: [
      { kind: "set", var: best, value },
      { kind: "set", var: place, value: index },
    ],
    otherwise: [],
  });
  return out;
}

/** Whether a value and its place stand before the best so far: there is one, and it is better, or as good and earlier, or the first. */
function replaces(better: "lt" | "gt", value: LoopExpr, index: LoopExpr, best: LoopVar, place: LoopVar): LoopExpr {
  const bool: LoopType = { ...value.type, scalar: "bool" };
  const zero: LoopExpr = { kind: "const", type: place.type, value: 0 };
  const op = (o: Op, ...args: readonly LoopExpr[]): LoopExpr => operation(o, bool, ...args);
  const isBetter = op(better, value, read(best));
  const isEarlier = op("and", op("eq", value, read(best)), op("lt", index, read(place)));
  const isFirst = op("lt", read(place), zero);
  return op("and", op("ge", index, zero), op("or", op("or", isBetter, isEarlier), isFirst));
}
