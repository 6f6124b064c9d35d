// Elements of arrays that can be named at a place: each subscript is in range by its making (a binder of that size, one turned about or
// moved round, an index array, a number below a constant size).
import { type Bound, type Draft, type Element, note, type Scope, type Variable } from "./scope.js";
import { atom, type Piece } from "./text.js";

const isNumber = (dim: string): boolean => /^[1-9]\d*$/.test(dim);

/** A subscript for `dim`, with the binders that it uses; `must` asks for that binder. */
export function subscript(d: Draft, s: Scope, dim: string, must?: Bound, depth = 0): string | undefined {
  const r = d.random;
  const bounds = must && must.dim === dim ? [must] : s.bounds.filter((b) => b.dim === dim);
  const gathers = depth > 0 ? [] : s.variables.filter((v) => v.indexOf === dim && v.dims.length === 1);
  const ways: (() => string | undefined)[] = [];
  for (const b of bounds)
    ways.push(
      ...Array.from({ length: 5 }, () => () => {
        b.use.bare = true;
        return b.name;
      }),
    );
  if (bounds.length > 0) {
    ways.push(() => {
      note(d, "shifted subscript", "size as a value");
      return `${dim} - 1 - ${r.pick(bounds).name}`;
    });
    if (!must)
      ways.push(() => {
        note(d, "shifted subscript", "integer division");
        return `(${r.pick(bounds).name} + 1) % ${dim}`;
      });
  }
  for (const g of must ? [] : gathers)
    ways.push(() => {
      const inner = subscript(d, s, g.dims[0] ?? "", undefined, depth + 1);
      if (inner === undefined) return undefined;
      note(d, "gather");
      return `${g.name}[${inner}]`;
    });
  if (isNumber(dim)) ways.push(() => String(r.whole(0, Number(dim))));
  return ways.length > 0 ? r.pick(ways)() : undefined;
}

/** An element of one array with all its subscripts, where there is one; with `must`, one of its subscripts is that binder. */
export function elementOf(d: Draft, s: Scope, v: Variable, must?: Bound): Piece | undefined {
  const uses = must ? v.dims.flatMap((dim, k) => (dim === must.dim ? [k] : [])) : [];
  if (must && uses.length === 0) return undefined;
  const own = must ? d.random.pick(uses) : -1;
  const parts: string[] = [];
  for (const [k, dim] of v.dims.entries()) {
    const part = subscript(d, s, dim, k === own ? must : undefined);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  if (v.dims.length === 3) note(d, "rank 3");
  return atom(`${v.name}[${parts.join(", ")}]`, v.most);
}

/** Some variable or element of a type that can be named here. */
export function anyElement(d: Draft, s: Scope, element: Element, must?: Bound): Piece | undefined {
  const candidates = s.variables.filter((v) => v.element === element && (must ? v.dims.includes(must.dim) : true));
  for (const v of d.random.shuffle(candidates)) {
    if (v.dims.length === 0) return atom(v.name, v.most);
    const piece = elementOf(d, s, v, must);
    if (piece) return piece;
  }
  return undefined;
}
