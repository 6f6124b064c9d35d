// Statements that define things: each makes its lines and gives the names that it adds. What assigns is in `assignments.ts`.
import { array, gram, list } from "./arrays.js";
import { anyElement } from "./elements.js";
import { bool, integer, real, unsigned } from "./scalars.js";
import {
  binderText,
  bound,
  type Draft,
  dimsIn,
  type Element,
  fresh,
  inLoops,
  note,
  type Scope,
  type Variable,
  withBounds,
} from "./scope.js";
import type { Piece } from "./text.js";

/** Lines without indentation, and the names that are known after them. */
export interface Made {
  readonly lines: readonly string[];
  readonly adds: readonly Variable[];
}

export type Maker = (d: Draft, s: Scope) => Made | undefined;

export const made = (lines: readonly string[], ...adds: readonly Variable[]): Made => ({ lines, adds });

const scalarOf = (d: Draft, s: Scope, element: Element, depth: number): Piece => {
  switch (element) {
    case "real":
      return real(d, s, depth);
    case "i32":
      return integer(d, s, depth);
    case "u32":
      return unsigned(d, s, depth);
    case "bool":
      return bool(d, s, depth);
  }
};

export const letScalar: Maker = (d, s) => {
  const element = d.random.pick<Element>(["real", "real", "real", "i32", "u32", "bool"]);
  const typed = d.random.chance(0.4);
  const value = scalarOf(d, s, element, 3);
  const name = fresh(d, "s");
  note(d, typed ? "let with a type" : "let scalar");
  const type = typed || element !== "real" ? `: ${element}` : "";
  return made([`let ${name}${type} = ${value.text}`], { name, element, dims: [], most: value.most });
};

/** `let A[i, j] = e`, with up to three binders. */
const equation =
  (mutable: boolean): Maker =>
  (d, s) => {
    const r = d.random;
    const known = [...new Set([...dimsIn(s), ...d.sizes])];
    const rank = r.pick([1, 1, 1, 2, 2, 3]);
    const dims = Array.from({ length: rank }, () => r.pick(known));
    const element = r.pick<Element>(["real", "real", "real", "real", "i32", "u32", "bool"]);
    const bounds = dims.map((dim) => bound(d, dim));
    const value = inLoops(d, dims, () => scalarOf(d, withBounds(s, ...bounds), element, rank === 3 ? 1 : 3));
    const name = fresh(d, mutable ? "V" : "A");
    if (mutable) note(d, "var array");
    note(d, "let equation");
    if (rank === 3) note(d, "three binders", "rank 3");
    if (rank === 2) note(d, "two binders");
    if (element === "bool") note(d, "bool array");
    const binders = bounds.map((b) => binderText(d, b, value.text)).join(", ");
    const type = element === "real" && r.chance(0.7) ? "" : `: ${element}`;
    return made([`${mutable ? "var" : "let"} ${name}[${binders}]${type} = ${value.text}`], {
      name,
      element,
      dims,
      mutable,
      most: value.most,
    });
  };

export const letEquation = equation(false);
export const varEquation = equation(true);

/** `let A[i, :] = e`. */
export const letOwnAxes: Maker = (d, s) => {
  const matrices = s.variables.filter((v) => v.element === "real" && v.dims.length === 2);
  if (matrices.length === 0) return undefined;
  const of = d.random.pick(matrices);
  const [rows = "", columns = ""] = of.dims;
  const b = bound(d, rows);
  const value = inLoops(d, [rows, columns], () => array(d, withBounds(s, b), [columns], 2));
  if (!value) return undefined;
  const name = fresh(d, "A");
  note(d, "let with own axes");
  return made([`let ${name}[${binderText(d, b, value.text)}, :] = ${value.text}`], {
    name,
    element: "real",
    dims: [rows, columns],
    most: value.most,
  });
};

export const letWhole: Maker = (d, s) => {
  const arrays = s.variables.filter((v) => v.element === "real" && v.dims.length > 0 && v.dims.length < 3);
  if (arrays.length === 0) return undefined;
  const r = d.random;
  const dims =
    r.chance(0.4) && dimsIn(s).length > 0
      ? Array.from({ length: r.whole(1, 3) }, () => r.pick(dimsIn(s)))
      : r.pick(arrays).dims;
  const value = array(d, s, dims, 2);
  if (!value || value.most > 1e5) return undefined;
  const name = fresh(d, "A");
  return made([`let ${name} = ${value.text}`], { name, element: "real", dims, most: value.most });
};

export const letGram: Maker = (d, s) => {
  const matrices = s.variables.filter((v) => v.element === "real" && v.dims.length === 2 && v.most < 100);
  if (matrices.length === 0) return undefined;
  const { piece, dims } = gram(d, d.random.pick(matrices));
  const name = fresh(d, "A");
  return made([`let ${name} = ${piece.text}`], { name, element: "real", dims, most: piece.most });
};

export const letComparison: Maker = (d, s) => {
  const arrays = s.variables.filter((v) => v.element === "real" && v.dims.length > 0);
  if (arrays.length === 0) return undefined;
  const v = d.random.pick(arrays);
  const name = fresh(d, "A");
  note(d, "whole array comparison", "bool array");
  const text = d.random.chance(0.5) ? `${v.name} > 0.3` : `not (${v.name} <= -0.3) and ${v.name} < 1`;
  return made([`let ${name} = ${text}`], { name, element: "bool", dims: v.dims, most: 1 });
};

export const letList: Maker = (d, s) => {
  const length = d.random.whole(2, 5);
  const name = fresh(d, "A");
  return made([`let ${name} = ${list(d, s, length).text}`], {
    name,
    element: "real",
    dims: [String(length)],
    most: 40,
  });
};

/** Prefix and suffix reducers, which the compiler makes scans of. */
export const letScan: Maker = (d, s) => {
  const vectors = s.variables.filter((v) => v.element === "real" && v.dims.length === 1);
  if (vectors.length === 0) return undefined;
  const r = d.random;
  const v = r.pick(vectors);
  const dim = v.dims[0] ?? "";
  const [name, i, k] = [fresh(d, "A"), fresh(d, "i"), fresh(d, "k")];
  d.work.push([...d.loops, dim, dim]);
  const reducer = r.pick(["sum", "sum", "sum", "max", "min", "prod"]);
  const suffix = r.chance(0.4);
  const range = suffix ? `${i}..${dim}` : r.chance(0.5) ? `0..${i} + 1` : `0..${i}`;
  note(d, suffix ? "suffix sum" : "prefix sum");
  if (reducer !== "sum") note(d, "prefix reducer");
  const body = { sum: `${v.name}[${k}]`, prod: `1 + 0.01 * tanh(${v.name}[${k}])`, max: "", min: "" }[reducer] ?? "";
  const scan = `${reducer}[${k} in ${range}](${body || `${v.name}[${k}]`})`;
  const value = body ? scan : reducer === "max" ? `max(-9, ${scan})` : `min(9, ${scan})`;
  const most = reducer === "sum" ? v.most * 257 : Math.max(v.most, 14);
  return made([`let ${name}[${i} in 0..${dim}] = ${value}`], { name, element: "real", dims: [dim], most });
};

/** A matrix product written with indices, with work before and after the sum. */
export const letContraction: Maker = (d, s) => {
  const matrices = s.variables.filter((v) => v.element === "real" && v.dims.length === 2 && v.most < 1e3);
  if (matrices.length < 1) return undefined;
  const r = d.random;
  const [A, B] = [r.pick(matrices), r.pick(matrices)];
  const shared = A.dims.filter((x) => B.dims.includes(x));
  if (shared.length === 0) return undefined;
  const inner = r.pick(shared);
  const at = (v: Variable, free: string, k: string): { text: string; dim: string } => {
    const first = v.dims[0] === inner;
    return { text: `${v.name}[${first ? `${k}, ${free}` : `${free}, ${k}`}]`, dim: v.dims[first ? 1 : 0] ?? "" };
  };
  const [name, i, j, k] = [fresh(d, "A"), fresh(d, "i"), fresh(d, "j"), fresh(d, "k")];
  const [a, b] = [at(A, i, k), at(B, j, k)];
  d.work.push([a.dim, b.dim, inner]);
  const mean = s.variables.find((v) => v.element === "real" && v.dims.length === 1 && v.dims[0] === inner);
  const left = mean ? `(${a.text} - ${mean.name}[${k}])` : `${a.text} * 0.5`;
  const after = r.pick([` * 0.125 + (if ${i} == ${j} then 1 else 0)`, " - 0.25", ""]);
  note(d, "contraction with prologue and epilogue", "sum");
  const sum = `sum[${k}](${left} * ${b.text})${after}`;
  const value = r.chance(0.3) ? `tanh(${sum})` : sum;
  const most = value === sum ? (A.most + (mean?.most ?? 0)) * B.most * 257 : 1;
  return made([`let ${name}[${i}, ${j}] = ${value}`], { name, element: "real", dims: [a.dim, b.dim], most });
};

export const letDot: Maker = (d, s) => {
  const vectors = s.variables.filter((v) => v.element === "real" && v.dims.length === 1 && v.most < 1e3);
  if (vectors.length === 0) return undefined;
  const a = d.random.pick(vectors);
  const b = d.random.pick(vectors.filter((v) => v.dims[0] === a.dims[0]));
  const name = fresh(d, "s");
  note(d, "dot product");
  return made([`let ${name} = ${a.name} @ ${b.name}`], {
    name,
    element: "real",
    dims: [],
    most: a.most * b.most * 257,
  });
};

export const letRandom: Maker = (d, s) => {
  const r = d.random;
  const dims = [...new Set([...dimsIn(s), ...d.sizes])];
  const dim = r.pick(dims);
  const key = anyElement(
    { ...d, random: r },
    { variables: s.variables.filter((v) => v.dims.length === 0), bounds: [] },
    "u32",
  );
  const keyText = key?.text ?? String(r.whole(0, 1000));
  const [name, i] = [fresh(d, "A"), fresh(d, "i")];
  const kind = r.pick(["uniform", "normal", "randint"] as const);
  note(d, kind);
  const value = kind === "randint" ? `randint(${keyText}, u32(${i}), -3, 9)` : `${kind}(${keyText}, u32(${i}))`;
  const element = kind === "randint" ? "i32" : "real";
  return made([`let ${name}[${i} in 0..${dim}] = ${value}`], { name, element, dims: [dim], most: 9 });
};

/** A new size, an array of it, and one cut out of another. */
export const localSize: Maker = (d, s) => {
  const r = d.random;
  const vectors = s.variables.filter(
    (v) => v.element === "real" && v.dims.length === 1 && d.sizes.includes(v.dims[0] ?? ""),
  );
  if (vectors.length === 0) return undefined;
  const v = r.pick(vectors);
  const dim = v.dims[0] ?? "";
  const [h, A, B, i] = [fresh(d, "h"), fresh(d, "A"), fresh(d, "A"), fresh(d, "i")];
  note(d, "local size", "slice");
  const lines = [`let ${h}: size = (${dim} + 1) div 2`, `let ${A} = ${v.name}[0..${h}]`];
  lines.push(`let ${B}[${i} in 0..${h}] = ${A}[${i}] - ${v.name}[${dim} - ${h}..${dim}][${i}]`);
  return made(
    lines,
    { name: A, element: "real", dims: [h], most: v.most },
    { name: B, element: "real", dims: [h], most: 2 * v.most },
  );
};

/** A cast that holds, although the sizes are not equal as polynomials. */
export const castShape: Maker = (d, s) => {
  const vectors = s.variables.filter(
    (v) => v.element === "real" && v.dims.length === 1 && d.sizes.includes(v.dims[0] ?? ""),
  );
  if (vectors.length === 0) return undefined;
  const v = d.random.pick(vectors);
  const dim = v.dims[0] ?? "";
  const name = fresh(d, "A");
  note(d, "as", "slice");
  return made([`let ${name} = ${v.name}[0..(${dim} + 1) div 2] as real[${dim} - ${dim} div 2]`], {
    name,
    element: "real",
    dims: [`${dim} - ${dim} div 2`],
    most: v.most,
  });
};

/** More arrays in one equation than a kernel has bindings on the GPU; each is changed on the way, so that none is read in another's place. */
export const manyArrays: Maker = (d, s) => {
  const dim = d.random.pick(d.sizes);
  const from = s.variables.filter((v) => v.element === "real" && v.dims.length === 1 && v.dims[0] === dim);
  if (from.length === 0) return undefined;
  const parts = Array.from({ length: 9 }, () => ({ name: fresh(d, "P"), source: d.random.pick(from) }));
  const [name, i] = [fresh(d, "A"), fresh(d, "i")];
  note(d, "many arrays", "assign slice", "var array");
  return made(
    [
      ...parts.flatMap((p, k) => [
        `var ${p.name} = ${p.source.name}`,
        `${p.name}[0..${dim} div ${k + 2}] = 0.${k + 1}`,
      ]),
      `let ${name}[${i}] = ${parts.map((p) => `${p.name}[${i}]`).join(" + ")}`,
    ],
    { name, element: "real", dims: [dim], most: parts.reduce((sum, p) => sum + Math.max(p.source.most, 1), 0) },
  );
};
