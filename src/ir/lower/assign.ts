// Assignments: to a name, an element or a slice, and by `each` for all indices at once.
import type { AssignOp, Place, Stmt } from "../../compiler/typed.js";
import type { Axis, Expr, Scalar, Var } from "../nest.js";
import { isFloat } from "../nest-types.js";
import { refuseConflicts } from "./conflicts.js";
import { lower } from "./expression.js";
import type { Frame } from "./frame.js";
import { type ArrayDraft, constant, innerOut, type Out, op, varOf, within } from "./kernel-builder.js";
import { hitsOnce } from "./once.js";
import { type Bound, bindAxes } from "./reduce.js";
import { refuseOutside, type Selection, select } from "./subscript.js";
import {
  type ArrayValue,
  asArray,
  axesOver,
  copyOf,
  indexOf,
  load,
  mapLeaves,
  pushNest,
  scalar,
  storedValue,
  type Value,
} from "./value.js";

type Assign = Extract<Stmt, { kind: "assign" }>;
type Each = Extract<Stmt, { kind: "each" }>;

/** What the name and the path of a place stand for. */
function heldBy(frame: Frame, place: Place): Value {
  let v = frame.get(place.root);
  for (const field of place.path) {
    const part = v.kind === "record" ? v.fields.get(field) : undefined;
    if (!part) throw new Error(`internal: no field ${field}`);
    v = part;
  }
  return v;
}
export const placeName = (place: Place): string => [place.root.name, ...place.path].join(".");

function arrayOf(v: ArrayValue): ArrayDraft {
  if (!v.stored?.mutable) throw new Error("internal: an array that is assigned to is no variable");
  return v.stored;
}
function variableOf(e: Expr): Var {
  if (e.kind !== "var" || !e.var.mutable) throw new Error("internal: a scalar that is assigned to is no variable");
  return e.var;
}

const combine = (o: AssignOp, old: Expr, by: Expr): Expr => (o === "=" ? by : op(o === "+=" ? "add" : "sub", old, by));

export function lowerAssign(frame: Frame, s: Assign, out: Out): void {
  const held = heldBy(frame, s.place);
  if (held.kind === "array" && s.place.subscripts.length > 0) {
    assignPart(frame, s, held, out);
    return;
  }
  assignWhole(frame, held, lower(frame, s.value, out), s, out);
}

/** `x = e`, `A = e`, `r = e`: all of a record's parts are computed before the first is written. */
function assignWhole(frame: Frame, held: Value, value: Value, s: Assign, out: Out): void {
  if (held.kind === "record" && value.kind === "record") {
    const ready = mapLeaves(value, (leaf) =>
      leaf.kind === "scalar"
        ? scalar(varOf(frame.kernel.define(leaf.expr, "next", s.at, out)))
        : storedValue(copyOf(leaf, "next", false, frame.kernel, out, s.at)),
    );
    if (ready.kind !== "record") throw new Error("internal: a record is one");
    for (const [name, part] of held.fields) {
      const next = ready.fields.get(name);
      if (!next) throw new Error(`internal: no field ${name}`);
      assignWhole(frame, part, next, s, out);
    }
    return;
  }
  if (held.kind === "scalar" && value.kind === "scalar") {
    const v = variableOf(held.expr);
    frame.kernel.set(v, combine(s.op, varOf(v), value.expr), s.at, out);
    return;
  }
  if (held.kind !== "array") throw new Error("internal: a place and its value are of different kinds");
  const array = arrayOf(held);
  write(frame, array, array.shape, (part) => part, onceIfScalar(frame, value, s, out), s, out);
}

const onceIfScalar = (frame: Frame, v: Value, s: Assign, out: Out): Value =>
  v.kind === "scalar" ? scalar(frame.kernel.once(v.expr, "value", s.at, out)) : v;

/** One nest over a part of an array. */
function write(
  frame: Frame,
  array: ArrayDraft,
  shape: Selection["shape"],
  indexIn: Selection["index"],
  value: Value,
  s: Assign,
  out: Out,
): void {
  const inner = innerOut(out);
  const axes = axesOver(shape, frame.kernel, inner);
  const part = indexOf(axes);
  const index = indexIn(part);
  const element = value.kind === "scalar" ? value.expr : asArray(value).at(part, inner);
  const yields = [{ array, index, value: combine(s.op, load(array, index), element) }];
  pushNest("assign", axes, inner, yields, out, s.at);
}

function assignPart(frame: Frame, s: Assign, held: ArrayValue, out: Out): void {
  const { kernel } = frame;
  const array = arrayOf(held);
  const name = placeName(s.place);
  const selection = select(frame, s.place.subscripts, array.shape, name, s.place.at, out);
  const points = selection.points.map((p, dim) => {
    const sub = s.place.subscripts[dim];
    const at = sub?.kind === "at" ? sub.index.at : s.place.at;
    // It is computed before the value is, which is seen to by a name where it may change.
    return p && kernel.once(refuseOutside(frame, p, array.shape, dim, name, at, out), "at", at, out);
  });
  if (selection.shape.length > 0) {
    const value = onceIfScalar(frame, lower(frame, s.value, out), s, out);
    const index = (part: readonly Expr[]): readonly Expr[] => selection.index(part).map((i, dim) => points[dim] ?? i);
    write(frame, array, selection.shape, index, value, s, out);
    return;
  }
  const value = lower(frame, s.value, out);
  if (value.kind !== "scalar") throw new Error("internal: an element is a scalar");
  const index = points as readonly Expr[];
  const stored = combine(s.op, load(array, index), value.expr);
  out.statements.push({ kind: "store", array, index, value: stored, at: s.at });
  out.facts.forgetTransient();
}

// `each`.

export function lowerEach(frame: Frame, s: Each, out: Out): void {
  const held = heldBy(frame, s.place);
  if (s.place.subscripts.length > 0) {
    eachPart(frame, s, asArray(held), out);
    return;
  }
  if (held.kind === "scalar") {
    const v = variableOf(held.expr);
    const bound = bindAxes(frame, s.binders, s.where, out);
    const value = lower(bound.frame, s.value, bound.inner);
    if (value.kind !== "scalar") throw new Error("internal: what is added to a scalar is one");
    const total = reduced(bound, within(bound.inner, value.expr));
    frame.kernel.set(v, combine(s.op, varOf(v), total), s.at, out);
    return;
  }
  const array = arrayOf(asArray(held));
  const point = innerOut(out);
  const axes = axesOver(array.shape, frame.kernel, point);
  const index = indexOf(axes);
  const bound = bindAxes(frame, s.binders, s.where, point);
  const value = lower(bound.frame, s.value, bound.inner);
  const element = value.kind === "scalar" ? value.expr : asArray(value).at(index, bound.inner);
  const total = reduced(bound, within(bound.inner, element));
  const yields = [{ array, index, value: combine(s.op, load(array, index), total) }];
  pushNest("assign", axes, point, yields, out, s.at);
}

const reduced = (bound: Bound, value: Expr): Expr => ({
  kind: "reduce",
  reducer: "sum",
  axes: bound.axes,
  ...(bound.where ? { where: bound.where } : {}),
  value,
  type: value.type,
});

function eachPart(frame: Frame, s: Each, held: ArrayValue, out: Out): void {
  const array = arrayOf(held);
  const placed = place(frame, s, array, out);
  const { bound, index, part, rest } = placed;
  const axes: readonly Axis[] = [...bound.axes, ...rest];
  const once = hitsOnce(index, axes, bound.inner.facts);
  if (s.op === "=" && !once)
    refuseConflicts(frame, s, array, placeName(s.place), () => place(frame, s, array, out), out);
  const value = lower(bound.frame, s.value, bound.inner);
  const element = value.kind === "scalar" ? value.expr : asArray(value).at(part, bound.inner);
  const mode = s.op === "=" || once ? "assign" : "add";
  const written =
    mode === "assign"
      ? combine(s.op, load(array, index), element)
      : s.op === "-="
        ? negated(element, array.type)
        : element;
  pushNest(mode, axes, bound.inner, [{ array, index, value: written }], out, s.at, bound.where);
}

const negated = (e: Expr, type: Scalar): Expr =>
  isFloat(type) || type === "i32" ? op("neg", e) : op("sub", constant(0, type), e);

export interface Placed {
  readonly bound: Bound;
  readonly index: readonly Expr[];
  /** The axes of a slice in the place, and the indices in it. */
  readonly rest: readonly Axis[];
  readonly part: readonly Expr[];
}

/** The binders of an `each` and the element that it writes for them, which is in range. */
function place(frame: Frame, s: Each, array: ArrayDraft, out: Out): Placed {
  const { kernel } = frame;
  const name = placeName(s.place);
  const bound = bindAxes(frame, s.binders, s.where, out);
  const selection = select(bound.frame, s.place.subscripts, array.shape, name, s.place.at, bound.inner);
  const rest = axesOver(selection.shape, kernel, bound.inner, ["k", "l", "m"]);
  const part = indexOf(rest);
  const index = selection.index(part).map((i, dim) => {
    const sub = s.place.subscripts[dim];
    if (sub?.kind !== "at") return i;
    const inside = refuseOutside(bound.frame, i, array.shape, dim, name, sub.index.at, bound.inner);
    return kernel.once(inside, "at", sub.index.at, bound.inner);
  });
  return { bound, index, rest, part };
}
