// Checks in the order in which the kernel comes to them; those that nothing speaks of any more are left out.
import type { Check, Expr, Kernel } from "../nest.js";
import { rewriteKernel } from "../nest-walk.js";

export function renumberChecks(kernel: Kernel): Kernel {
  const checks: Check[] = [];
  const numbers = new Map<number, number>();
  const numberOf = (old: number): number => {
    const known = numbers.get(old);
    if (known !== undefined) return known;
    const check = kernel.checks[old];
    if (!check) throw new Error(`internal: there is no check ${old}`);
    const n = checks.push(check) - 1;
    numbers.set(old, n);
    return n;
  };
  const renumbered = rewriteKernel(kernel, {
    expr: (e): Expr => {
      if (e.kind !== "load" || !e.checks) return e;
      return { ...e, checks: e.checks.map((c) => (c === null ? null : numberOf(c))) };
    },
    stmt: (s) => [s.kind === "require" ? { ...s, check: numberOf(s.check) } : s],
  });
  return { ...renumbered, checks };
}
