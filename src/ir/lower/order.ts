// Operands in the order of the source: what may fail comes before the statements of what follows it, so that the first failure is the one told.
import type { Span } from "../../compiler/diagnostic.js";
import { exprMayFail } from "../may-fail.js";
import { type KernelBuilder, type Out, varOf } from "./kernel-builder.js";
import { scalar, type Value } from "./value.js";

/** Where operands are computed: their statements go to the end of `out`. */
export interface Operands {
  readonly kernel: KernelBuilder;
  readonly at: Span;
  readonly out: Out;
}

/** The values of `items`, one after the other. A scalar that may fail is named where a later operand needs statements. */
export function inOrder<T>(items: readonly T[], value: (item: T) => Value, p: Operands): Value[] {
  const values: Value[] = [];
  for (const item of items) {
    const before = p.out.statements.length;
    const next = value(item);
    if (p.out.statements.length > before) bindBefore(before, values, p);
    values.push(next);
  }
  return values;
}

/** Names what may fail among `values`, ahead of the statements from `before` on. */
export function bindBefore(before: number, values: Value[], { kernel, at, out }: Operands): void {
  const later = out.statements.splice(before);
  values.forEach((v, k) => {
    if (v.kind === "scalar" && exprMayFail(v.expr)) values[k] = scalar(varOf(kernel.define(v.expr, "first", at, out)));
  });
  out.statements.push(...later);
}
