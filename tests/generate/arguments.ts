// Parameters that generated programs take, and arguments for them: decimals and dyadic numbers in a small range, indices in range.
import type { HostData, HostValue } from "../../src/ir/interpret/value.js";
import type { Random } from "./random.js";
import type { Element, Variable } from "./scope.js";

export interface Parameter {
  readonly name: string;
  /** As it is written in the program. */
  readonly type: string;
  /** What the program knows of it (a record's fields, one by one). */
  readonly variables: readonly Variable[];
  readonly make: (r: Random, sizes: Sizes) => HostValue;
}

export type Sizes = { readonly [name: string]: number };

const number = (r: Random, element: Element): number => {
  switch (element) {
    case "real":
      return r.chance(0.4) ? r.whole(-32, 33) / 16 : r.whole(-2000, 2001) / 1000;
    case "i32":
      return r.chance(0.05) ? r.pick([-(2 ** 31), 2 ** 31 - 1]) : r.whole(-20, 20);
    case "u32":
      return Math.floor(r.next() * 2 ** 32);
    case "bool":
      return r.whole(0, 2);
  }
};

function makeData(element: Element, length: number): HostData {
  switch (element) {
    case "real":
      return new Float64Array(length);
    case "i32":
      return new Int32Array(length);
    case "u32":
      return new Uint32Array(length);
    case "bool":
      return new Uint8Array(length);
  }
}

const extent = (dim: string, sizes: Sizes): number => sizes[dim] ?? Number(dim);

function arrayOf(r: Random, element: Element, dims: readonly string[], sizes: Sizes, value?: () => number): HostValue {
  const shape = dims.map((dim) => extent(dim, sizes));
  const data = makeData(
    element,
    shape.reduce((a, b) => a * b, 1),
  );
  for (let k = 0; k < data.length; k++) data[k] = value ? value() : number(r, element);
  return { shape, data };
}

const arrayParameter = (name: string, element: Element, ...dims: readonly string[]): Parameter => ({
  name,
  type: `${element}[${dims.join(", ")}]`,
  variables: [{ name, element, dims, most: element === "real" ? 2 : 2 ** 31 }],
  make: (r, sizes) => arrayOf(r, element, dims, sizes),
});

/** Indices into `of`; there are none where `of` is 0, and any is out of range. */
const indexParameter = (name: string, of: string, dim: string): Parameter => ({
  name,
  type: `i32[${dim}]`,
  variables: [{ name, element: "i32", dims: [dim], most: 257, indexOf: of }],
  make: (r, sizes) => arrayOf(r, "i32", [dim], sizes, () => r.whole(0, Math.max(extent(of, sizes), 1))),
});

const scalarParameter = (
  name: string,
  element: Element,
  make: (r: Random) => number | boolean,
  least?: number,
): Parameter => ({
  name,
  type: element,
  variables: [{ name, element, dims: [], most: 8, ...(least === undefined ? {} : { least }) }],
  make,
});

export const parameters: { readonly [name: string]: Parameter } = {
  X: arrayParameter("X", "real", "n", "m"),
  Y: arrayParameter("Y", "real", "n", "m"),
  S: arrayParameter("S", "real", "n", "n"),
  T: arrayParameter("T", "real", "n", "3", "m"),
  x: arrayParameter("x", "real", "n"),
  z: arrayParameter("z", "real", "n"),
  y: arrayParameter("y", "real", "m"),
  w: arrayParameter("w", "u32", "n"),
  c: arrayParameter("c", "i32", "n"),
  ok: arrayParameter("ok", "bool", "n"),
  ok2: arrayParameter("ok2", "bool", "n", "m"),
  g: indexParameter("g", "n", "m"),
  e: indexParameter("e", "n", "n"),
  a: scalarParameter("a", "real", (r) => r.whole(-150, 150) / 100),
  turns: scalarParameter("turns", "i32", (r) => r.whole(0, 7), 0),
  key: scalarParameter("key", "u32", (r) => r.whole(0, 1000)),
  flag: scalarParameter("flag", "bool", (r) => r.chance(0.5)),
  model: {
    name: "model",
    type: "{ w: real[m], b: real }",
    variables: [
      { name: "model.w", element: "real", dims: ["m"], most: 2 },
      { name: "model.b", element: "real", dims: [], most: 2 },
    ],
    make: (r, sizes) => ({
      fields: { w: arrayOf(r, "real", ["m"], sizes), b: number(r, "real") },
    }),
  },
};
