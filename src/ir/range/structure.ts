// Expressions compared by what they are made of, so that a fact about `g[i]` is found again where `g[i]` stands next.
import { sizeKey } from "../../compiler/size.js";
import type { Expr } from "../nest.js";

export interface Structure {
  /** The same for expressions that have the same value wherever both stand. */
  readonly key: string;
  /** Reads a mutable name or array, so the value holds for the moment only. */
  readonly transient: boolean;
}

const known = new WeakMap<Expr, Structure>();
let fresh = 0;

export function structureOf(e: Expr): Structure {
  let s = known.get(e);
  if (!s) {
    s = make(e);
    known.set(e, s);
  }
  return s;
}

function make(e: Expr): Structure {
  const node = (head: string, ...parts: readonly Expr[]): Structure => {
    const inner = parts.map(structureOf);
    return {
      key: `${head}${e.type}(${inner.map((p) => p.key).join(",")})`,
      transient: inner.some((p) => p.transient),
    };
  };
  switch (e.kind) {
    case "const":
      return { key: `${e.type}:${Object.is(e.value, -0) ? "-0" : e.value}`, transient: false };
    case "var":
      return { key: `v${e.var.id}`, transient: e.var.mutable };
    case "load": {
      const s = node(`a${e.array.id}[${e.array.shape.map(sizeKey).join(";")}]`, ...e.index);
      return { key: s.key, transient: s.transient || e.array.mutable };
    }
    case "op":
      return node(e.op, ...e.args);
    case "convert":
      return node(`as.${e.value.type}.`, e.value);
    case "if":
      return node("if", e.condition, e.then, e.otherwise);
    // Names made inside are each one's own: no two are told to be the same.
    case "block":
    case "reduce":
      fresh += 1;
      return { key: `#${fresh}`, transient: true };
  }
}
