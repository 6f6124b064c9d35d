// Texts that are the same for expressions that compute the same from the same names: bound names count by their place, not by their id.
import { sizeKey } from "../compiler/size.js";
import type { Axis, Expr, Nest } from "./nest.js";
import { polynomialOf } from "./polynomial.js";

type Bound = ReadonlyMap<number, string>;

/** `undefined` where the expression has statements other than `let`, which are compared with nothing. */
export const exprKey = (e: Expr): string | undefined => key(e, new Map());

/** The key of the space of a nest, and the names under which its body and yields speak of the axes. */
export function spaceKey(axes: readonly Axis[], where?: Expr): string | undefined {
  return bind(axes, where, new Map())?.text;
}

/** The key of what a yield of the nest computes, together with the space. */
export function yieldKey(nest: Nest, value: Expr): string | undefined {
  const space = bind(nest.axes, nest.where, new Map());
  const whole: Expr = nest.body.length ? { kind: "block", body: nest.body, value, type: value.type } : value;
  const inner = space && key(whole, space.bound);
  return space && inner && `${space.text}=>${inner}`;
}

const all = (parts: readonly (string | undefined)[]): string | undefined =>
  parts.some((p) => p === undefined) ? undefined : parts.join(",");

function bind(
  axes: readonly Axis[],
  where: Expr | undefined,
  outer: Bound,
): { readonly text: string; readonly bound: Bound } | undefined {
  const bound = new Map(outer);
  const texts: (string | undefined)[] = [];
  for (const a of axes) {
    texts.push(key(a.lo, bound), key(a.hi, bound));
    bound.set(a.var.id, `#${bound.size}`);
  }
  if (where) texts.push(key(where, bound));
  const text = all(texts);
  return text === undefined ? undefined : { text: `[${text}${where ? "?" : ""}]`, bound };
}

function key(e: Expr, bound: Bound): string | undefined {
  const p = e.kind === "op" ? polynomialOf(e) : undefined;
  if (p && bound.size === 0) return `p${sizeKey(p)}`;
  switch (e.kind) {
    case "const":
      return `${Object.is(e.value, -0) ? "-0" : e.value}:${e.type}`;
    case "var":
      return bound.get(e.var.id) ?? `v${e.var.id}`;
    case "load": {
      const index = all(e.index.map((i) => key(i, bound)));
      return index && `a${e.array.id}[${index}]${e.checks ? `?${e.checks.join("?")}` : ""}`;
    }
    case "op": {
      const args = all(e.args.map((a) => key(a, bound)));
      return args && `${e.op}:${e.type}(${args})`;
    }
    case "convert": {
      const value = key(e.value, bound);
      return value && `${e.type}(${value})`;
    }
    case "if": {
      const parts = all([e.condition, e.then, e.otherwise].map((x) => key(x, bound)));
      return parts && `if(${parts})`;
    }
    case "block": {
      const inner = new Map(bound);
      const lets: (string | undefined)[] = [];
      for (const s of e.body) {
        if (s.kind !== "let" || s.var.mutable) return undefined;
        lets.push(key(s.value, inner));
        inner.set(s.var.id, `#${inner.size}`);
      }
      const parts = all([...lets, key(e.value, inner)]);
      return parts && `do(${parts})`;
    }
    case "reduce": {
      const space = bind(e.axes, e.where, bound);
      const value = space && key(e.value, space.bound);
      return space && value && `${e.reducer}:${e.type}${space.text}(${value})`;
    }
  }
}
