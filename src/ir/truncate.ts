// A kernel that stops early: to measure what each of its statements takes.
import type { Expr, Kernel, Stmt } from "./nest.js";
import { walkExpr } from "./nest-walk.js";

/** The first `count` statements of a kernel. What they do not make is left as it is in arrays, and 0 in scalar results. */
export function truncated(kernel: Kernel, count: number): Kernel {
  const body = kernel.body.slice(0, count);
  const known = new Set([...kernel.sizes, ...kernel.scalars, ...body.flatMap(scalarsOf)].map((v) => v.id));
  const made = (value: Expr): boolean => {
    let all = true;
    walkExpr(value, {
      expr: (e) => {
        if (e.kind === "var" && !known.has(e.var.id)) all = false;
        return true;
      },
    });
    return all;
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
