// What a condition has read already. Where a side of a branch reads the same element, all turns that came to the condition may read it: the
// place is there, and what the others get is left out later. A vector is loaded then as one, not lane by lane as a mask asks for.
import type { LoopExpr } from "../loop.js";
import { childrenOf } from "../loop-walk.js";

export type Load = Extract<LoopExpr, { readonly kind: "load" | "gather" }>;

/** The reads that computing `e` makes in any case, and so the ones that all turns have made that computed it. */
export function readsOf(e: LoopExpr): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (x: LoopExpr): void => {
    if (x.kind === "if") {
      visit(x.condition);
      return;
    }
    const key = x.kind === "load" || x.kind === "gather" ? keyOfLoad(x) : undefined;
    if (key !== undefined) found.add(key);
    for (const c of childrenOf(x)) visit(c);
  };
  visit(e);
  return found;
}

/** The same for reads of one place; `undefined` where the place may change meanwhile. */
export function keyOfLoad(e: Load): string | undefined {
  const index = keyOfIndex(e.index);
  return e.mask || index === undefined ? undefined : `${e.buffer.id}[${index}]`;
}

function keyOfIndex(e: LoopExpr): string | undefined {
  switch (e.kind) {
    case "const":
      return `${e.value}`;
    case "var":
      return e.var.mutable ? undefined : `v${e.var.id}`;
    case "op": {
      const args = e.args.map(keyOfIndex);
      return args.includes(undefined) ? undefined : `${e.op}(${args.join()})`;
    }
    default:
      return undefined;
  }
}
