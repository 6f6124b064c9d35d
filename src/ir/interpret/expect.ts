// `expect` in a test: each is reported, and the test goes on.
import type { Stmt } from "../../compiler/typed.js";
import { type Data, elementAt } from "./data.js";
import { evaluate, evaluateScalar } from "./expression.js";
import { Failure, type Frame } from "./frame.js";
import { asScalar } from "./operators.js";

export function expectation(frame: Frame, s: Extract<Stmt, { kind: "expect" }>): void {
  const value = evaluate(frame, s.value);
  const problem = s.near
    ? farApart(value, evaluate(frame, s.near.to), evaluateScalar(frame, s.near.within).value, s.at)
    : falseAt(value);
  frame.run.expectations.push({ at: s.at, passed: problem === undefined, ...(problem ? { problem } : {}) });
}

const countIn = (v: Data): number => (v.kind === "array" ? v.data.length : 1);
const at = (v: Data, k: number): number => (v.kind === "array" ? elementAt(v, k).value : asScalar(v).value);

function place(v: Data, k: number): string {
  if (v.kind !== "array") return "";
  let rest = k;
  const index = [...v.shape].reverse().map((n) => {
    const i = rest % n;
    rest = Math.floor(rest / n);
    return i;
  });
  return ` at [${index.reverse().join(", ")}]`;
}

function falseAt(v: Data): string | undefined {
  for (let k = 0; k < countIn(v); k++) if (at(v, k) === 0) return `does not hold${place(v, k)}`;
  return undefined;
}

/** `near` is `abs(a - b) <= tol` for every element; the worst is shown. */
function farApart(a: Data, b: Data, tolerance: number, where: Failure["at"]): string | undefined {
  if (a.kind === "array" && b.kind === "array")
    a.shape.forEach((n, dim) => {
      const m = b.shape[dim];
      if (n !== m) throw new Failure("R04", `the size of axis ${dim} is ${n}, and ${m} was expected`, where);
    });
  const array = a.kind === "array" ? a : b;
  let worst = -1;
  let most = 0;
  for (let k = 0; k < countIn(array); k++) {
    const gap = at(a, k) === at(b, k) ? 0 : Math.abs(at(a, k) - at(b, k));
    if (gap <= tolerance || gap <= most) continue;
    worst = k;
    if (Number.isNaN(gap)) break;
    most = gap;
  }
  if (worst < 0) return undefined;
  return `${at(a, worst)} is not within ${tolerance} of ${at(b, worst)}${place(array, worst)}`;
}
