// Helper functions and calls of them: scalar ones, ones with statements for each row, ones that take functions, host functions, wide calls.
import { anyElement } from "./elements.js";
import { bool, real } from "./scalars.js";
import { binderText, bound, type Draft, fresh, importName, inLoops, note, type Scope, withBounds } from "./scope.js";
import { type Made, type Maker, made } from "./statements.js";
import { call } from "./text.js";

/** A draft for a function's own body: its own sizes, no loops around it, nothing that fails. */
const inside = (d: Draft, sizes: readonly string[]): Draft => ({
  ...d,
  sizes,
  loops: [],
  work: [],
  names: d.names + 100,
});

const empty: Scope = { variables: [], bounds: [] };

const tanh = (text: string): string => `tanh(${text})`;

function scalarHelper(d: Draft): string {
  const name = fresh(d, "f");
  const body = inside(d, []);
  const scope: Scope = {
    ...empty,
    variables: ["a", "b"].map((x) => ({ name: x, element: "real" as const, dims: [], most: 8 })),
  };
  const first = real({ ...body, sizes: [] }, { ...scope }, 2);
  const lines = [`  let c = ${first.text}`];
  const next = {
    ...scope,
    variables: [...scope.variables, { name: "c", element: "real" as const, dims: [], most: first.most }],
  };
  lines.push(`  return ${call("tanh", [real(body, next, 2)], 1).text}`);
  define(d, name, `fn ${name}(a: real, b: real) -> real {\n${lines.join("\n")}\n}`);
  return name;
}

/** Some go to `./lib`. */
function define(d: Draft, name: string, text: string): void {
  if (d.random.chance(0.3)) {
    d.library.set(name, text);
    importName(d, "./lib", name);
    note(d, "import");
  } else d.functions.set(name, text);
}

const vectorScope = (most: number): Scope => ({
  ...empty,
  variables: [{ name: "x", element: "real", dims: ["q"], most }],
});

/** A sequential run over a vector, with branches. */
function rowHelper(d: Draft): string {
  const name = fresh(d, "f");
  const body = inside(d, ["q"]);
  const b = bound(body, "q", "t");
  const condition = inLoops(body, ["q"], () => bool(body, withBounds(vectorScope(8), b), 1));
  const until = d.random.chance(0.3);
  const loop = until
    ? [
        "  loop u < 6 {",
        "    s = 0.5 * s + 0.125",
        "  } until s < 0.2 or count[j](x[j] > s) > 2",
        "  for k in 0..u { s += 0.25 }",
      ]
    : [];
  define(
    d,
    name,
    [
      `fn ${name}(x: real[q]) -> real {`,
      "  var s = 0",
      "  var best: i32 = -1",
      `  for ${b.name} in 0..q {`,
      `    if ${condition.text} {`,
      `      s += x[${b.name}]`,
      `      best = ${b.name}`,
      `    } else { s = 0.5 * s - 0.125 }`,
      "  }",
      ...loop,
      "  return tanh(0.1 * s) + (if best > 2 then 0.5 else 0)",
      "}",
    ].join("\n"),
  );
  return name;
}

/** From a vector to another of its length, with equations in between. */
function mapHelper(d: Draft): string {
  const name = fresh(d, "f");
  const body = inside(d, ["q"]);
  const b = bound(body, "q");
  const value = inLoops(body, ["q"], () => real(body, withBounds(vectorScope(8), b), 2));
  define(
    d,
    name,
    [
      `fn ${name}(x: real[q]) -> real[q] {`,
      "  let total = sum[j](x[j])",
      `  let y[${binderText(body, b, value.text)}] = ${value.text}`,
      "  let z[j] = 0.5 * tanh(y[j]) + 0.01 * total",
      "  return z",
      "}",
    ].join("\n"),
  );
  return name;
}

export const callScalar: Maker = (d, s) => {
  const vectors = s.variables.filter((v) => v.element === "real" && v.dims.length === 1 && v.most < 8);
  if (vectors.length === 0) return undefined;
  const f = scalarHelper(d);
  const v = d.random.pick(vectors);
  const [name, i] = [fresh(d, "A"), fresh(d, "i")];
  d.work.push(v.dims);
  note(d, "function call", "call for each element");
  return made([`let ${name}[${i}] = ${f}(${v.name}[${i}], ${tanh(anyElement(d, s, "real")?.text ?? "0.5")})`], {
    name,
    element: "real",
    dims: v.dims,
    most: 1,
  });
};

export const callRows: Maker = (d, s) => {
  const matrices = s.variables.filter((v) => v.element === "real" && v.dims.length === 2 && v.most < 50);
  if (matrices.length === 0) return undefined;
  const v = d.random.pick(matrices);
  const [rows = "", columns = ""] = v.dims;
  const [name, i] = [fresh(d, "A"), fresh(d, "i")];
  d.work.push([rows, columns, columns]);
  note(d, "call for each element", "row slice", "function call");
  if (d.random.chance(0.5)) {
    note(d, "call for each element with a loop", "for", "if on data");
    const f = rowHelper(d);
    const byColumn = d.random.chance(0.3);
    const text = byColumn
      ? `let ${name}[${i}] = ${f}(${v.name}[:, ${i}])`
      : `let ${name}[${i}] = ${f}(${v.name}[${i}, :])`;
    return made([text], { name, element: "real", dims: [byColumn ? columns : rows], most: 2 });
  }
  note(d, "let with own axes");
  const f = mapHelper(d);
  return made([`let ${name}[${i}, :] = ${f}(${v.name}[${i}, :])`], { name, element: "real", dims: v.dims, most: 30 });
};

/** A function that takes a function, called with a lambda, a name or a builtin. */
export const higherOrder: Maker = (d, s) => {
  const vectors = s.variables.filter((v) => v.element === "real" && v.dims.length === 1 && v.most < 50);
  if (vectors.length === 0) return undefined;
  const r = d.random;
  const v = r.pick(vectors);
  const f = fresh(d, "f");
  define(
    d,
    f,
    [
      `fn ${f}(x: real[q], g: fn(real, real) -> real) -> real[q] {`,
      "  let first[i] = g(x[i], 0.5)",
      "  let z[i] = g(first[i], x[i])",
      "  return z",
      "}",
    ].join("\n"),
  );
  const name = fresh(d, "A");
  d.work.push(v.dims);
  note(d, "function parameter", "function call");
  const kind = r.whole(0, 3);
  const argument = ((): string => {
    if (kind === 0) {
      note(d, "function by name");
      return scalarHelper(d);
    }
    if (kind === 1) {
      note(d, "builtin as a function");
      return r.pick(["min", "max", "atan2"]);
    }
    note(d, "lambda with captures");
    const [a, b] = [fresh(d, "a"), fresh(d, "b")];
    const variables = s.variables.filter((x) => x.dims.length === 0 && x.element === "real");
    const value = real(
      d,
      {
        variables: [...variables, ...[a, b].map((x) => ({ name: x, element: "real" as const, dims: [], most: 8 }))],
        bounds: [],
      },
      2,
    );
    return `fn(${a}, ${b}) => ${tanh(value.text)}`;
  })();
  return made([`let ${name} = ${f}(${v.name}, ${argument})`], { name, element: "real", dims: v.dims, most: 50 });
};

/** Forward substitution in a host function: small, sequential. */
export const hostCall: Maker = (d, s) => {
  const vectors = s.variables.filter((v) => v.element === "real" && v.dims.length === 1 && v.most < 50);
  if (vectors.length === 0) return undefined;
  const v = d.random.pick(vectors);
  const w = d.random.pick(vectors.filter((x) => x.dims[0] === v.dims[0]));
  const f = fresh(d, "f");
  note(d, "host function", "function call");
  d.functions.set(
    f,
    [
      `host fn ${f}(x: real[q], z: real[q], a: real) -> { y: real[q], last: real } {`,
      "  var y = x",
      "  var last: wide = 0",
      "  for i in 0..q {",
      "    if i > 0 { y[i] = 0.5 * y[i - 1] + a * x[i] }",
      "    last = 0.25 * last + wide(y[i] - 0.5 * z[i])",
      "  }",
      "  return { y, last: real(last) }",
      "}",
    ].join("\n"),
  );
  const [record, y, last] = [fresh(d, "r"), fresh(d, "A"), fresh(d, "s")];
  note(d, "unpack");
  return made(
    [`let ${record} = ${f}(${v.name}, ${w.name}, 0.75)`, `let { y: ${y}, last: ${last} } = ${record}`],
    { name: y, element: "real", dims: v.dims, most: 100 },
    { name: last, element: "real", dims: [], most: 200 },
  );
};

/** `real` standing for `wide`, and a wide accumulator. */
export const wideCall: Maker = (d, s) => {
  const vectors = s.variables.filter((v) => v.element === "real" && v.dims.length === 1 && v.most < 50);
  if (vectors.length === 0) return undefined;
  const v = d.random.pick(vectors);
  const name = fresh(d, "s");
  if (d.random.chance(0.5)) {
    note(d, "wide accumulator", "sum");
    const k = fresh(d, "k");
    return made([`let ${name} = real(sum[${k}](wide(${v.name}[${k}]) * wide(${v.name}[${k}])))`], {
      name,
      element: "real",
      dims: [],
      most: v.most ** 2 * 257,
    });
  }
  note(d, "wide call", "function call");
  return made([`let ${name} = real(${rowHelper(d)}(wide(${v.name})))`], { name, element: "real", dims: [], most: 2 });
};

/** A record handed to a function. */
export const recordCall: Maker = (d, s) => {
  const record = s.variables.find((v) => v.name === "model.w");
  const dim = record?.dims[0];
  const matrices = s.variables.filter((v) => v.element === "real" && v.dims.length === 2 && v.dims[1] === dim);
  if (!dim || matrices.length === 0) return undefined;
  const v = d.random.pick(matrices);
  const f = "score";
  d.functions.set(
    f,
    "type Model[q] = { w: real[q], b: real }\n\nfn score(m: Model[q], x: real[q]) -> real { return m.w @ x + m.b }",
  );
  const [name, i] = [fresh(d, "A"), fresh(d, "i")];
  note(d, "record parameter", "dot product", "call for each element");
  d.work.push(v.dims);
  return made([`let ${name}[${i}] = score(model, ${v.name}[${i}, :])`], {
    name,
    element: "real",
    dims: [v.dims[0] ?? ""],
    most: v.most * 257,
  });
};

export const standardLibrary: Maker = (d, s) => {
  const a = anyElement(d, { ...s, bounds: [] }, "real");
  if (!a || a.most > 40) return undefined;
  importName(d, "std/math", "hypot");
  note(d, "standard library", "import");
  const name = fresh(d, "s");
  return made([`let ${name} = hypot(${a.text}, 0.75)`], { name, element: "real", dims: [], most: a.most + 1 });
};

export type { Made };
