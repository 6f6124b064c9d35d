// Statements that change things: assignments, `each`, loops and branches. In loops a value is fed back only with factors that add up to
// at most 1, so that no error grows by more than one term a turn.
import { array } from "./arrays.js";
import { elementOf, subscript } from "./elements.js";
import { bool, integer, real } from "./scalars.js";
import {
  binderText,
  bound,
  type Draft,
  fresh,
  inLoops,
  note,
  type Scope,
  type Variable,
  withBounds,
  withoutMutable,
} from "./scope.js";
import { type Made, type Maker, made } from "./statements.js";
import { atom, call, infix, type Piece } from "./text.js";

const mutableReals = (s: Scope, rank?: number): readonly Variable[] =>
  s.variables.filter((v) => v.mutable && v.element === "real" && (rank === undefined || v.dims.length === rank));

export const varScalar: Maker = (d, s) => {
  const name = fresh(d, "v");
  note(d, "var scalar");
  if (d.random.chance(0.3)) {
    const value = integer(d, s, 1);
    return made([`var ${name}: i32 = ${value.text}`], {
      name,
      element: "i32",
      dims: [],
      mutable: true,
      most: value.most,
    });
  }
  const value = real(d, s, 2);
  return made([`var ${name} = ${value.text}`], {
    name,
    element: "real",
    dims: [],
    mutable: true,
    most: value.most + 40,
  });
};

export const varCopy: Maker = (d, s) => {
  const arrays = s.variables.filter((v) => v.element === "real" && v.dims.length > 0);
  if (arrays.length === 0) return undefined;
  const v = d.random.pick(arrays);
  const name = fresh(d, "V");
  note(d, "var array");
  return made([`var ${name} = ${v.name}`], { ...v, name, mutable: true, most: v.most + 40 });
};

/** What is put in: outside loops anything, inside only what does not change there. */
const input = (d: Draft, s: Scope, depth: number): Piece => {
  const value = real(d, d.loops.length > 0 ? withoutMutable(s) : s, depth);
  return value.most > 8 ? call("tanh", [value], 1) : value;
};

const fed = (d: Draft, own: string, value: Piece): string =>
  d.random.chance(0.5) ? `0.5 * ${own} + ${infix(atom("0.25"), "*", value, value.most).text}` : value.text;

export const assignName: Maker = (d, s) => {
  const r = d.random;
  const v = pickFrom(d, mutableReals(s));
  if (!v) return undefined;
  const op = r.pick(["=", "+=", "-="]);
  note(d, op === "=" ? "assign name" : op === "+=" ? "assign +=" : "assign -=");
  if (v.dims.length === 0) {
    const value = input(d, s, 2);
    return made([`${v.name} ${op} ${op === "=" ? fed(d, v.name, value) : value.text}`]);
  }
  const scope = d.loops.length > 0 ? withoutMutable(s) : s;
  const value = array(d, { ...scope, bounds: [] }, v.dims, 1);
  if (!value || value.most > 1e4) return undefined;
  return made([`${v.name} ${op} ${op === "=" ? `0.5 * ${v.name} + ` : ""}(${value.text})`]);
};

const pickFrom = <T>(d: Draft, from: readonly T[]): T | undefined =>
  from.length > 0 ? d.random.pick(from) : undefined;

export const assignInteger: Maker = (d, s) => {
  const v = pickFrom(
    d,
    s.variables.filter((x) => x.mutable && x.element === "i32" && x.dims.length === 0),
  );
  if (!v) return undefined;
  const op = d.random.pick(["=", "+=", "-="]);
  note(d, op === "=" ? "assign name" : op === "+=" ? "assign +=" : "assign -=", "integer arithmetic");
  return made([`${v.name} ${op} ${integer(d, s, 1).text}`]);
};

/** An element at a subscript that is in range here; without binders, one of constant sizes or of the loops around. */
export const assignElement: Maker = (d, s) => {
  for (const v of d.random.shuffle(mutableReals(s).filter((x) => x.dims.length > 0))) {
    const place = elementOf(d, s, v);
    if (!place) continue;
    const op = d.random.pick(["=", "=", "+=", "-="]);
    const value = input(d, s, 2);
    note(d, "assign element");
    return made([`${place.text} ${op} ${op === "=" ? fed(d, place.text, value) : value.text}`]);
  }
  return undefined;
};

/** `A[lo..hi] = v`, with ends that are in range: the loop's index, or a part of the size. */
export const assignSlice: Maker = (d, s) => {
  const r = d.random;
  const v = pickFrom(d, mutableReals(s, 1));
  const dim = v?.dims[0];
  if (!v || dim === undefined || /^\d/.test(dim)) return undefined;
  const inside = s.bounds.filter((b) => b.dim === dim);
  const [lo, hi] =
    inside.length > 0
      ? r.pick([
          ["0", r.pick(inside).name],
          [r.pick(inside).name, dim],
        ])
      : r.pick([
          ["0", `${dim} div 2`],
          [`${dim} div 2`, dim],
          ["0", dim],
        ]);
  const range = `${lo}..${hi}`;
  if (r.chance(0.4)) {
    note(d, "assign slice with a scalar");
    return made([`${v.name}[${range}] = ${input(d, s, 1).text}`]);
  }
  const others = s.variables.filter((x) => x.element === "real" && x.dims.length === 1 && x.dims[0] === dim);
  const from = r.pick(others);
  note(d, "assign slice", "slice");
  const factor = from.mutable ? " * 0.5" : " + 0.25";
  return made([`${v.name}[${range}] = ${from.name}[${range}]${factor}`]);
};

export const each: Maker = (d, s) => {
  const r = d.random;
  const v = pickFrom(
    d,
    mutableReals(s).filter((x) => x.dims.length > 0 && x.dims.length < 3),
  );
  if (!v) return undefined;
  const bounds = v.dims.map((dim) => bound(d, dim));
  const whole = v.dims.map((_, k) => bounds[k]?.name ?? "").join(", ");
  return inLoops(d, v.dims, () => {
    const inner = withBounds(s, ...bounds);
    const value = input(d, inner, 2);
    const where = r.chance(0.35) ? ` where ${bool(d, inner, 1).text}` : "";
    for (const b of bounds) b.use.bare = true;
    const op = r.pick(["=", "=", "+=", "-="]);
    note(d, where ? "each where" : "each");
    if (bounds.length === 2) note(d, "two binders");
    const own =
      elementElsewhere(
        d,
        s,
        v,
        bounds.map((b) => b.name),
      ) ?? `${v.name}[${whole}]`;
    const result = op === "=" ? `0.5 * ${own} + ${infix(atom("0.25"), "*", value, 1).text}` : value.text;
    const binders = bounds.map((b) => binderText(d, b, `[${whole}]`)).join(", ");
    return made([`each ${binders}${where}: ${v.name}[${whole}] ${op} ${result}`]);
  });
};

/** The element from the other end, or the neighbour: it must be the one from before the statement. */
function elementElsewhere(d: Draft, _: Scope, v: Variable, names: readonly string[]): string | undefined {
  if (!d.random.chance(0.4)) return undefined;
  note(d, "each reads elsewhere", "shifted subscript");
  const turn = v.dims.map((dim, k) =>
    k === 0 ? d.random.pick([`${dim} - 1 - ${names[k]}`, `(${names[k]} + 1) % ${dim}`]) : names[k],
  );
  return `${v.name}[${turn.join(", ")}]`;
}

/** `each i: A[i, :] = row`. */
export const eachSlice: Maker = (d, s) => {
  const v = pickFrom(d, mutableReals(s, 2));
  if (!v) return undefined;
  const [rows = "", columns = ""] = v.dims;
  const b = bound(d, rows);
  b.use.bare = true;
  const value = inLoops(d, [rows, columns], () => array(d, withBounds(withoutMutable(s), b), [columns], 1));
  if (!value || value.most > 1e3) return undefined;
  note(d, "each with a slice");
  return made([`each ${binderText(d, b, `[${b.name}]`)}: ${v.name}[${b.name}, :] = ${value.text}`]);
};

/** `each j: A[g[j]] += e`, by an index array; outside of loops, into an array made for it where there is no other. */
export const scatter: Maker = (d, s) => {
  const r = d.random;
  const indices = s.variables.filter((x) => x.indexOf !== undefined && x.dims.length === 1);
  for (const g of r.shuffle(indices)) {
    const found = pickFrom(
      d,
      mutableReals(s, 1).filter((v) => v.dims[0] === g.indexOf),
    );
    if (!found && d.loops.length > 0) continue;
    const target = found?.name ?? fresh(d, "V");
    const b = bound(d, g.dims[0] ?? "");
    b.use.bare = true;
    return inLoops(d, [b.dim], () => {
      const value = input(d, withBounds(s, b), 2);
      const where = r.chance(0.3) ? ` where ${bool(d, withBounds(s, b), 0).text}` : "";
      const op = r.pick(["+=", "+=", "-="]);
      note(d, op === "+=" ? "scatter +=" : "scatter -=", "gather");
      if (where) note(d, "each where");
      const binder = binderText(d, b, `[${b.name}]`);
      const line = `each ${binder}${where}: ${target}[${g.name}[${b.name}]] ${op} ${value.text}`;
      if (found) return made([line]);
      const dim = g.indexOf ?? "";
      const i = fresh(d, "i");
      const adds: Variable = { name: target, element: "real", dims: [dim], mutable: true, most: value.most * 257 + 1 };
      return made([`var ${target}[${i} in 0..${dim}] = ${r.pick(["0", "0.25", `real(${i})`])}`, line], adds);
    });
  }
  return undefined;
};

/** Lines of statements that change names from outside, with the names of the block itself. */
function block(d: Draft, s: Scope, count: number): readonly string[] | undefined {
  const makers: readonly Maker[] = [
    assignName,
    assignElement,
    assignElement,
    assignSlice,
    each,
    scatter,
    assignInteger,
    assignField,
  ];
  const lines: string[] = [];
  let scope = s;
  for (let k = 0; k < count; k++) {
    if (d.random.chance(0.3)) {
      const name = fresh(d, "s");
      const value = real(d, withoutMutable(scope), 1);
      lines.push(`let ${name} = ${value.text}`);
      scope = { ...scope, variables: [...scope.variables, { name, element: "real", dims: [], most: value.most }] };
      continue;
    }
    const statement = d.random.pick(makers)(d, scope);
    if (statement) lines.push(...statement.lines);
  }
  return lines.length > 0 ? lines : undefined;
}

export const indented = (lines: readonly string[]): string[] => lines.map((l) => `  ${l}`);

export const forLoop: Maker = (d, s) => {
  const r = d.random;
  const dims = [...new Set(s.variables.filter((v) => v.mutable).flatMap((v) => v.dims))];
  const trips = s.variables.filter((v) => v.element === "i32" && v.dims.length === 0 && !v.mutable && v.least === 0);
  const onData = trips.length > 0 && r.chance(0.4);
  if (!onData && dims.length === 0) return undefined;
  const dim = onData ? "7" : r.pick(dims);
  const k = bound(d, onData ? `(${r.pick(trips).name})` : dim, "t");
  const body = inLoops(d, [dim], () => block(d, withBounds(s, k), r.whole(1, 4)));
  if (!body) return undefined;
  note(d, onData ? "for on data" : "for");
  const outer = s.bounds.filter((b) => b.dim === dim);
  const triangular = !onData && outer.length > 0 && r.chance(0.5);
  if (triangular) note(d, "for triangular");
  const range = triangular ? `${r.pick(outer).name}..${dim}` : `0..${k.dim}`;
  return made([`for ${k.name} in ${range} {`, ...indented(body), "}"]);
};

/** A loop in a loop, the inner from where the outer stands. */
export const forTriangle: Maker = (d, s) => {
  const dims = [...new Set(s.variables.filter((v) => v.mutable).flatMap((v) => v.dims))];
  if (dims.length === 0) return undefined;
  const dim = d.random.pick(dims);
  const [a, b] = [bound(d, dim, "t"), bound(d, dim, "t")];
  const body = inLoops(d, [dim, dim], () => block(d, withBounds(s, a, b), d.random.whole(1, 3)));
  if (!body) return undefined;
  note(d, "for", "for triangular");
  const range = d.random.pick([`${a.name}..${dim}`, `0..${a.name}`, `${a.name} + 1..${dim}`]);
  return made([
    `for ${a.name} in 0..${dim} {`,
    `  for ${b.name} in ${range} {`,
    ...indented(indented(body)),
    "  }",
    "}",
  ]);
};

export const loopUntil: Maker = (d, s) => {
  const scalars = mutableReals(s, 0);
  const v = pickFrom(d, scalars);
  if (!v) return undefined;
  const t = fresh(d, "t");
  const body = inLoops(d, ["9"], () => block(d, s, d.random.whole(0, 3))) ?? [];
  note(d, "loop until");
  const until = d.random.pick([`abs(${v.name}) < 0.11`, `${v.name} < 0.37 or ${t} >= 5`, `${t} == 3`]);
  const turns = fresh(d, "s");
  return made(
    [
      `loop ${t} < ${d.random.whole(0, 9)} {`,
      ...indented([...body, `${v.name} = 0.5 * ${v.name} + 0.03`]),
      `} until ${until}`,
      `let ${turns}: i32 = ${t}`,
    ],
    { name: turns, element: "i32", dims: [], most: 9 },
  );
};

export const branch: Maker = (d, s) => {
  const r = d.random;
  const then = block(d, s, r.whole(1, 3));
  if (!then) return undefined;
  const onData = r.chance(0.7);
  const condition = onData ? bool(d, s, 1).text : `${r.pick(d.sizes)} % 2 == 0`;
  note(d, "if statement");
  if (onData) note(d, "if on data");
  const lines = [`if ${condition} {`, ...indented(then)];
  const otherwise = r.chance(0.6) ? block(d, s, r.whole(1, 3)) : undefined;
  if (otherwise) {
    note(d, "if else");
    lines.push(r.chance(0.3) ? `} else if ${bool(d, s, 0).text} {` : "} else {", ...indented(otherwise));
  }
  return made([...lines, "}"]);
};

/** A `var` record with a field that is assigned to. */
export const varRecord: Maker = (d, s) => {
  const vectors = s.variables.filter((v) => v.element === "real" && v.dims.length > 0);
  const v = pickFrom(d, vectors);
  if (!v) return undefined;
  const name = fresh(d, "r");
  const scalar = real(d, s, 1);
  note(d, "var record", "let record");
  return made(
    [`var ${name} = { data: ${v.name}, level: ${scalar.text} }`],
    { name: `${name}.data`, element: "real", dims: v.dims, mutable: true, most: v.most + 40 },
    { name: `${name}.level`, element: "real", dims: [], mutable: true, most: scalar.most + 40 },
  );
};

export const assignField: Maker = (d, s) => {
  const v = pickFrom(
    d,
    mutableReals(s).filter((x) => x.name.includes(".")),
  );
  if (!v) return undefined;
  note(d, "assign field");
  if (v.dims.length === 0) return made([`${v.name} = ${fed(d, v.name, input(d, s, 1))}`]);
  const at = v.dims.map((dim) => subscript(d, s, dim));
  if (at.some((x) => x === undefined)) return made([`${v.name} = 0.5 * ${v.name}`]);
  return made([`${v.name}[${at.join(", ")}] = ${input(d, s, 1).text}`]);
};

/** A record taken apart. */
export const unpack: Maker = (d, s) => {
  const v = pickFrom(
    d,
    s.variables.filter((x) => x.element === "real" && x.dims.length > 0 && !x.name.includes(".")),
  );
  if (!v) return undefined;
  const [record, part, other] = [fresh(d, "r"), fresh(d, "A"), fresh(d, "s")];
  note(d, "let record", "unpack");
  return made(
    [
      `let ${record} = { part: ${v.name}, level: ${real(d, s, 1).text} }`,
      `let { part: ${part}, level: ${other} } = ${record}`,
    ],
    { ...v, name: part, mutable: false },
    { name: other, element: "real", dims: [], most: 60 },
  );
};

export type { Made };
