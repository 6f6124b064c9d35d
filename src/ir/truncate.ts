// A kernel that stops early: to measure what each of its statements takes.

import { effectsOf, effectsOfBlock } from "./effects.js";
import type { Expr, Kernel, Stmt } from "./nest.js";

/** The first `count` statements of a kernel. What they do not make is left as it is in arrays, and 0 in scalar results. */
export function truncated(kernel: Kernel, count: number): Kernel {
  const body = kernel.body.slice(0, count);
  const known = new Set([...kernel.sizes, ...kernel.scalars, ...body.flatMap(scalarsOf)].map((v) => v.id));
  const arrays = new Set([...kernel.params.map((p) => p.id), ...effectsOfBlock(body).madeArrays]);
  const made = (value: Expr): boolean => {
    const { readVars, readArrays } = effectsOf(value);
    return [...readVars].every((id) => known.has(id)) && [...readArrays].every((id) => arrays.has(id));
  };
  const results = kernel.results.map((r) =>
    r.kind === "array" || made(r.value)
      ? r
      : { ...r, value: { kind: "const", type: r.value.type, value: 0 } satisfies Expr },
  );
  return { ...kernel, body, results };
}

/** The scalars that a statement names for those after it. */
function scalarsOf(s: Stmt) {
  switch (s.kind) {
    case "let":
      return [s.var];
    case "loop":
      return [s.turns];
    case "host":
      return s.results.flatMap((r) => ("shape" in r ? [] : [r]));
    default:
      return [];
  }
}
