// Walking the steps of a plan: their own expressions, the names that they set, the steps in them.
import type { HostExpr, PlanStep } from "../../abi.js";

/** The step with `f` of each of its own expressions; what stands in the steps in it, in arrays and in frames is left as it is. */
export function mapStepExprs(s: PlanStep, f: (e: HostExpr) => HostExpr): PlanStep {
  switch (s.step) {
    case "let":
      return { ...s, value: f(s.value) };
    case "copy":
      return { ...s, fromStart: f(s.fromStart), toStart: f(s.toStart), count: f(s.count) };
    case "dispatch":
      return { ...s, groups: f(s.groups) };
    case "for":
      return { ...s, lo: f(s.lo), hi: f(s.hi) };
    case "loop":
      return { ...s, max: f(s.max) };
    case "if":
      return { ...s, condition: f(s.condition) };
    case "require":
      return { ...s, condition: f(s.condition), values: s.values.map((v) => ({ ...v, value: f(v.value) })) };
    case "host":
      return {
        ...s,
        sizes: s.sizes.map(f),
        scalars: s.scalars.map((v) => ({ ...v, value: f(v.value) })),
        arrays: s.arrays.map((a) => ({ ...a, shape: a.shape.map(f) })),
        results: s.results.map((r) => ("word" in r ? r : { ...r, shape: r.shape.map(f) })),
      };
    case "make":
    case "drop":
    case "read":
      return s;
  }
}

/** Host variables that the step sets: for the steps in it if there are any, else for those after it. */
export function namesOfStep(s: PlanStep): readonly string[] {
  switch (s.step) {
    case "let":
    case "for":
      return [s.name];
    case "loop":
      return [s.turn];
    case "read":
      return s.words.map((w) => w.name);
    default:
      return [];
  }
}

export function nestedSteps(s: PlanStep): readonly (readonly PlanStep[])[] {
  if (s.step === "for" || s.step === "loop") return [s.body];
  return s.step === "if" ? [s.yes, s.no] : [];
}

export function withNested(s: PlanStep, f: (steps: readonly PlanStep[]) => readonly PlanStep[]): PlanStep {
  if (s.step === "for" || s.step === "loop") return { ...s, body: f(s.body) };
  return s.step === "if" ? { ...s, yes: f(s.yes), no: f(s.no) } : s;
}
