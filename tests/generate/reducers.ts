// Reducers over the sizes of arrays in scope, with ranges bare, written or triangular, and `where`.
import { anyElement } from "./elements.js";
import { bool, integer, real } from "./scalars.js";
import { type Bound, binderText, bound, type Draft, dimsIn, inLoops, note, type Scope, withBounds } from "./scope.js";
import { atom, call, infix, type Piece } from "./text.js";

/** Deeper loops are left to the statements that mean them. */
const MOST_LOOPS = 3;

/** A reducer that gives a real, an i32 or a bool; undefined where no array can be reduced here. */
export function reducer(d: Draft, s: Scope, depth: number, type: "real" | "i32" | "bool" = "real"): Piece | undefined {
  const r = d.random;
  if (d.loops.length >= MOST_LOOPS) return undefined;
  const dims = dimsIn(s);
  if (dims.length === 0) return undefined;
  const b = bound(d, r.pick(dims), "k");
  const second = type === "real" && r.chance(0.15) && d.loops.length < 2 ? bound(d, r.pick(dims), "k") : undefined;
  const inner = withBounds(s, b, ...(second ? [second] : []));
  return inLoops(d, second ? [b.dim, second.dim] : [b.dim], () => {
    const range = second ? undefined : triangular(d, s, b);
    const body = bodyOf(d, inner, b, depth, type);
    if (!body) return undefined;
    const where = r.chance(0.2) ? ` where ${condition(d, inner, b).text}` : "";
    if (where) note(d, "reducer where");
    if (second) note(d, "two binders");
    const binders =
      range ?? [b, ...(second ? [second] : [])].map((x) => binderText(d, x, `${body.text}${where}`)).join(", ");
    const count = b.dim.length > 0 ? 257 : 1;
    return finish(d, type, `[${binders}${where}]`, body, second ? count * count : count, where !== "");
  });
}

/** A range that ends at a binder around it. */
function triangular(d: Draft, s: Scope, b: Bound): string | undefined {
  const outer = s.bounds.filter((x) => x.dim === b.dim);
  if (outer.length === 0 || !d.random.chance(0.3)) return undefined;
  note(d, "triangular range");
  const o = d.random.pick(outer);
  o.use.other = true;
  return `${b.name} in ${d.random.pick([`0..${o.name}`, `0..${o.name} + 1`, `${o.name}..${b.dim}`, `${o.name} + 1..${b.dim}`])}`;
}

/** Something that uses the binder, so that the reducer is about an array. */
function bodyOf(d: Draft, s: Scope, b: Bound, depth: number, type: "real" | "i32" | "bool"): Piece | undefined {
  const r = d.random;
  const element = anyElement(d, s, "real", b);
  if (type === "bool") return element ? infix(element, r.pick(["<", ">"]), atom("0.25"), 1) : undefined;
  if (type === "i32" && r.chance(0.5)) return anyElement(d, s, "i32", b) ?? element;
  if (!element) return undefined;
  if (r.chance(0.3)) return element;
  const more = real(d, s, Math.min(depth, 1));
  return r.chance(0.6)
    ? infix(element, "*", more, element.most * more.most)
    : infix(element, r.pick(["+", "-"]), more, element.most + more.most);
}

function condition(d: Draft, s: Scope, b: Bound): Piece {
  b.use.other = true;
  return d.random.chance(0.5) ? infix(atom(b.name), "!=", integer(d, s, 0), 1) : bool(d, s, 0);
}

function finish(
  d: Draft,
  type: "real" | "i32" | "bool",
  binders: string,
  body: Piece,
  count: number,
  masked: boolean,
): Piece {
  const r = d.random;
  const reduce = (name: string, b: string, most: number): Piece => atom(`${name}${binders}(${b})`, most);
  if (type === "bool") {
    const name = r.pick(["any", "all"] as const);
    note(d, name);
    return reduce(name, body.text, 1);
  }
  if (type === "i32") {
    const single = !binders.includes(",");
    const name = r.pick(single ? (["argmin", "argmax", "count", "sum"] as const) : (["count"] as const));
    note(d, name);
    if (name === "count") return reduce(name, infix(body, ">", atom("0"), 1).text, count);
    if (name === "sum") return reduce(name, call("i32", [body], 40).text, 40 * count);
    return reduce(name, body.text, count);
  }
  const name = r.pick(["sum", "sum", "sum", "prod", "min", "max"] as const);
  note(d, name);
  switch (name) {
    case "sum":
      return reduce(name, body.text, body.most * count);
    case "prod":
      return reduce(name, `1 + 0.01 * tanh(${body.text})`, 13);
    default: {
      // Of nothing it is huge: another operand keeps it tame.
      const best = reduce(name, body.text, body.most);
      return call(name, [atom(masked ? "1" : "2"), best], body.most + 2);
    }
  }
}
