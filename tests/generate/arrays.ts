// Whole-array expressions of a given element type and shape.
import { anyElement, subscript } from "./elements.js";
import { type Draft, note, type Scope, type Variable } from "./scope.js";
import { atom, call, infix, level, negated, type Piece } from "./text.js";

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((x, k) => x === b[k]);

/** A name, a part of a larger array, a transpose, a product, or arithmetic on such; undefined where there is nothing of this shape. */
export function array(d: Draft, s: Scope, dims: readonly string[], depth: number): Piece | undefined {
  const r = d.random;
  const leaf = (): Piece | undefined => {
    const ways = r.shuffle([named, part, transposed, product]);
    for (const way of ways) {
      const found = way(d, s, dims);
      if (found) return found;
    }
    return undefined;
  };
  const a = leaf();
  if (!a || depth <= 0) return a;
  switch (r.whole(0, 5)) {
    case 0: {
      note(d, "whole array arithmetic");
      const b = array(d, s, dims, depth - 1) ?? a;
      return infix(a, r.pick(["+", "-", "*"]), b, Math.max(a.most + b.most, a.most * b.most));
    }
    case 1:
      note(d, "whole array arithmetic");
      return infix(a, r.pick(["*", "+", "-", "/"]), atom(r.pick(["2", "0.5", "1.25"])), 2 * a.most);
    case 2: {
      note(d, "whole array function");
      const name = r.pick(["tanh", "abs", "floor", "sin"]);
      // WGSL promises `sin` on one turn only.
      return name === "sin"
        ? call("sin", [call("tanh", [a], 1)], 1)
        : call(name, [a], name === "tanh" ? 1 : a.most + 1);
    }
    case 3:
      note(d, "whole array arithmetic");
      return negated(a);
    default:
      return a;
  }
}

function named(d: Draft, s: Scope, dims: readonly string[]): Piece | undefined {
  const found = s.variables.filter((v) => v.element === "real" && same(v.dims, dims));
  if (found.length === 0) return undefined;
  const v = d.random.pick(found);
  return atom(v.name, v.most);
}

/** `X[i, :]`, `X[:, j]`: the dimensions of an array that are left when some have a subscript. */
function part(d: Draft, s: Scope, dims: readonly string[]): Piece | undefined {
  const larger = s.variables.filter((v) => v.element === "real" && v.dims.length > dims.length);
  for (const v of d.random.shuffle(larger)) {
    const text = partOf(d, s, v, dims);
    if (text) {
      note(d, "row slice");
      return atom(text, v.most);
    }
  }
  return undefined;
}

function partOf(d: Draft, s: Scope, v: Variable, dims: readonly string[]): string | undefined {
  const parts: string[] = [];
  let next = 0;
  for (const [k, dim] of v.dims.entries()) {
    const left = v.dims.length - k;
    const wanted = dims.length - next;
    if (wanted > 0 && dim === dims[next] && (left === wanted || d.random.chance(0.5))) {
      parts.push(":");
      next++;
      continue;
    }
    const at = subscript(d, s, dim);
    if (at === undefined) return undefined;
    parts.push(at);
  }
  return next === dims.length ? `${v.name}[${parts.join(", ")}]` : undefined;
}

function transposed(d: Draft, s: Scope, dims: readonly string[]): Piece | undefined {
  if (dims.length !== 2) return undefined;
  const found = named(d, s, [...dims].reverse());
  if (!found) return undefined;
  note(d, "transpose");
  return { text: `${found.text}'`, level: level.postfix, most: found.most };
}

/** `A @ B` over some inner size that two arrays share. */
function product(d: Draft, s: Scope, dims: readonly string[]): Piece | undefined {
  if (d.loops.length > 0) return undefined;
  const [rows, columns] = dims;
  const inner = [...new Set(s.variables.flatMap((v) => (v.dims.length === 2 ? v.dims : [])))];
  for (const k of d.random.shuffle(inner)) {
    if (rows === undefined) return undefined;
    const left = oriented(d, s, [rows, k]);
    const right = columns === undefined ? named(d, s, [k]) : oriented(d, s, [k, columns]);
    if (!left || !right || dims.length > 2) continue;
    note(d, columns === undefined ? "matrix times vector" : "matmul");
    if (left.text === `${right.text}'`) note(d, "normal equations");
    d.work.push([rows, k, columns ?? "1"]);
    return infix(left, "@", right, left.most * right.most * 257);
  }
  return undefined;
}

const oriented = (d: Draft, s: Scope, dims: readonly string[]): Piece | undefined =>
  d.random.chance(0.5) ? (named(d, s, dims) ?? transposed(d, s, dims)) : (transposed(d, s, dims) ?? named(d, s, dims));

/** `X' @ X`, the normal equations' matrix, and `X @ X'`. */
export function gram(d: Draft, v: Variable): { readonly piece: Piece; readonly dims: readonly string[] } {
  const [rows = "", columns = ""] = v.dims;
  note(d, "normal equations", "matmul", "transpose");
  const inner = d.random.chance(0.6);
  d.work.push(inner ? [rows, columns, columns] : [rows, rows, columns]);
  const piece = atom(inner ? `${v.name}' @ ${v.name}` : `${v.name} @ ${v.name}'`, v.most ** 2 * 257);
  return { piece, dims: inner ? [columns, columns] : [rows, rows] };
}

/** A list of constant length; its elements may be anything that has a value here. */
export function list(d: Draft, s: Scope, length: number): Piece {
  note(d, "list literal");
  const items = Array.from({ length }, () =>
    d.random.chance(0.5) ? String(d.random.whole(-20, 20) / 8) : (anyElement(d, s, "real")?.text ?? "0.5"),
  );
  return atom(`[${items.join(", ")}]`, 40);
}
