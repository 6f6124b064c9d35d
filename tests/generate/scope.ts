// What a generated program knows at one place: the names it may use, and what is noted on the way (features, imports, work).
import type { Feature } from "./features.js";
import type { Random } from "./random.js";

export type Element = "real" | "i32" | "u32" | "bool";

/** `dims` are sizes as they are written; two are equal when their texts are. */
export interface Variable {
  readonly name: string;
  readonly element: Element;
  readonly dims: readonly string[];
  readonly mutable?: boolean;
  /** Bounds the absolute values of a numeric variable. */
  readonly most: number;
  /** Its values are indices into this size. */
  readonly indexOf?: string;
  /** All of its values are at least this, when it is there. */
  readonly least?: number;
}

/** A name that runs over a part of 0..dim. */
export interface Bound {
  readonly name: string;
  readonly dim: string;
  /** Runs over all of 0..dim, so that a bare binder may stand for it; set where it is the whole of a subscript. */
  readonly use: { bare: boolean; other: boolean };
}

export interface Scope {
  readonly variables: readonly Variable[];
  readonly bounds: readonly Bound[];
}

export const withVariables = (s: Scope, ...more: readonly Variable[]): Scope => ({
  ...s,
  variables: [...s.variables, ...more],
});
export const withBounds = (s: Scope, ...more: readonly Bound[]): Scope => ({ ...s, bounds: [...s.bounds, ...more] });

/** Without what a loop changes, so that no error is fed back into itself. */
export const withoutMutable = (s: Scope): Scope => ({ ...s, variables: s.variables.filter((v) => !v.mutable) });

/** One program in the making. */
export interface Draft {
  readonly random: Random;
  readonly features: Set<Feature>;
  /** Names to import, by module. */
  readonly imports: Map<string, Set<string>>;
  /** Functions before the one that is run, and those of `./lib`. */
  readonly functions: Map<string, string>;
  readonly library: Map<string, string>;
  /** Names of sizes that are in scope everywhere. */
  readonly sizes: readonly string[];
  /** The sizes of the loops around the place that is written, and of all places so far: what a run will cost. */
  readonly loops: string[];
  readonly work: (readonly string[])[];
  /** Something fails at run time for sure, or may; at most one thing a program. */
  fails: boolean;
  names: number;
}

export const fresh = (d: Draft, prefix: string): string => {
  const name = `${prefix}${++d.names}`;
  // Types' names are reserved.
  return name === "i32" || name === "u32" ? fresh(d, prefix) : name;
};

export const note = (d: Draft, ...found: readonly Feature[]): void => {
  for (const f of found) d.features.add(f);
};

/** Runs `body` where the loops over `dims` are around it. */
export function inLoops<T>(d: Draft, dims: readonly string[], body: () => T): T {
  d.loops.push(...dims);
  d.work.push([...d.loops]);
  try {
    return body();
  } finally {
    d.loops.length -= dims.length;
  }
}

export const bound = (d: Draft, dim: string, prefix = "i"): Bound => ({
  name: fresh(d, prefix),
  dim,
  use: { bare: false, other: false },
});

/** A binder as it is written: bare where its subscripts in `text` say its range. */
export function binderText(d: Draft, b: Bound, text: string): string {
  if (b.use.bare && new RegExp(`[[,] *${b.name}[\\],]`).test(text) && d.random.chance(0.7)) {
    note(d, "bare binder");
    return b.name;
  }
  note(d, "written range");
  return `${b.name} in 0..${b.dim}`;
}

export function importName(d: Draft, module: string, name: string): void {
  const names = d.imports.get(module) ?? new Set<string>();
  names.add(name);
  d.imports.set(module, names);
}

/** The sizes that some array or binder has here. */
export const dimsIn = (s: Scope): readonly string[] => [...new Set(s.variables.flatMap((v) => v.dims))];
