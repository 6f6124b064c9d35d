// Assignments: one place in order, or many at once (`each`).
import type { AssignOp, ScalarType, Stmt } from "../../compiler/typed.js";
import { type IntegerType, whole, wrap } from "./arithmetic.js";
import {
  type ArrayValue,
  type Data,
  elementAt,
  isFloating,
  joinScalars,
  makeArray,
  poison,
  setElement,
} from "./data.js";
import { evaluate } from "./expression.js";
import { isDecided, type Scalar, scalar } from "./format.js";
import { Failure, type Frame } from "./frame.js";
import { asScalar, binary, elementwise, scalarTypeOf } from "./operators.js";
import { held, heldArray, placeName, replace, selectPlace } from "./places.js";
import { forEachPoint } from "./points.js";
import { integerReduction, sum, type Term } from "./reduce.js";
import { attempt } from "./worlds.js";

/** `place = value`, `+=`, `-=`. The value is computed wholly before the first write. */
export function assign(frame: Frame, s: Extract<Stmt, { kind: "assign" }>): void {
  const { place, op } = s;
  const selection = place.subscripts.length > 0 ? selectPlace(frame, place) : undefined;
  const value = evaluate(frame, s.value);
  if (!selection) {
    if (op === "=") replace(frame, place, value);
    else {
      const type = scalarTypeOf(place.type);
      const combine = binary(frame, op === "+=" ? "+" : "-", type, type, s.at);
      replace(frame, place, elementwise(type, [held(frame, place), value], combine as (...xs: Scalar[]) => Scalar));
    }
    return;
  }
  const array = heldArray(frame, place);
  if (value.kind === "array")
    value.shape.forEach((n, dim) => {
      const m = selection.shape[dim];
      if (n !== m)
        throw new Failure("R04", `the size of axis ${dim} is ${n}, and ${m} was expected`, s.at, [s.at.end, dim]);
    });
  if (!selection.decided) {
    replace(frame, { ...place, subscripts: [] }, poison(array));
    return;
  }
  const combine = op === "=" ? undefined : binary(frame, op === "+=" ? "+" : "-", array.element, array.element, s.at);
  selection.offsets.forEach((o, k) => {
    const x = part(value, k);
    setElement(array, o, combine ? combine(elementAt(array, o), x) : x);
  });
}

const part = (value: Data, k: number): Scalar => (value.kind === "array" ? elementAt(value, k) : asScalar(value));

/** The writes of all points, before any is made. */
interface Writes {
  readonly terms: Map<number, Term[]>;
  /** Where the writes go hangs on undecided values. */
  scattered: boolean;
}

/** `each i, j where c: place op value`: every value reads what was there before. */
export function assignEach(frame: Frame, s: Extract<Stmt, { kind: "each" }>): void {
  const { place, op } = s;
  const writes: Writes = { terms: new Map(), scattered: false };
  const complete = forEachPoint(frame, s.binders, s.where, (counts) => {
    if (counts.value === 0 && isDecided(counts)) return;
    const write = (): void => collect(frame, s, counts, writes);
    if (isDecided(counts)) write();
    else attempt(frame, write);
  });
  const before = held(frame, place);
  const element = before.kind === "array" ? before.element : scalarTypeOf(place.type);
  const target: ArrayValue = before.kind === "array" ? before : cell(element, asScalar(before));
  if (op === "=") checkConflicts(frame, s, writes);
  for (const [o, terms] of writes.terms) setElement(target, o, settle(frame, op, element, elementAt(target, o), terms));
  const known = complete && !writes.scattered;
  const whole = { ...place, subscripts: [] };
  if (before.kind !== "array") replace(frame, whole, elementAt(target, 0));
  if (!known) replace(frame, whole, poison(held(frame, place)));
}

function cell(element: ScalarType, x: Scalar): ArrayValue {
  const one = makeArray(element, [1]);
  setElement(one, 0, x);
  return one;
}

function collect(frame: Frame, s: Extract<Stmt, { kind: "each" }>, counts: Scalar, writes: Writes): void {
  const selection = s.place.subscripts.length > 0 ? selectPlace(frame, s.place) : { offsets: [0], decided: true };
  const value = evaluate(frame, s.value);
  if (!selection.decided) writes.scattered = true;
  selection.offsets.forEach((o, k) => {
    const terms = writes.terms.get(o);
    const term = { index: k, value: part(value, k), counts };
    if (terms) terms.push(term);
    else writes.terms.set(o, [term]);
  });
}

function checkConflicts(frame: Frame, s: Extract<Stmt, { kind: "each" }>, writes: Writes): void {
  for (const terms of writes.terms.values()) {
    if (terms.filter((t) => t.counts.value !== 0 && isDecided(t.counts)).length > 1 && !writes.scattered)
      throw new Failure("R07", `two writes hit one element of ${placeName(s.place)}`, s.at);
    if (terms.length > 1) frame.run.mayFail = true;
  }
  if (writes.scattered) frame.run.mayFail = true;
}

/** What one element holds after all that hit it. A sum over the hits may be as bad as a chain. */
function settle(frame: Frame, op: AssignOp, element: ScalarType, before: Scalar, terms: readonly Term[]): Scalar {
  if (op === "=") {
    let after = before;
    for (const t of terms) {
      const [is, was] = t.counts.value !== 0 ? [t.value, after] : [after, t.value];
      after = isDecided(t.counts) ? t.value : joinScalars(isFloating(element), is, was);
    }
    return after;
  }
  const sign = op === "+=" ? 1 : -1;
  const hits = terms.map((t) => ({ ...t, value: scalar(sign * t.value.value, t.value.bound) }));
  const all = [{ index: 0, value: before, counts: scalar(1) }, ...hits];
  if (isFloating(element)) return sum(frame.format(element), all, hits.length);
  const type = element as IntegerType;
  const wrapped = all.map((t) => ({ ...t, value: whole(wrap(type, t.value.value), t.value) }));
  return integerReduction("sum", type, wrapped);
}
