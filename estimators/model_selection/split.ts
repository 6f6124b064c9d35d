// What splits are: two lists of rows each; and what makes them.

import type { ArrayInput } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { NDArray } from "../../src/runtime/ndarray.js";

/** Indices of rows to fit on, and of rows to score on. */
export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** Labels of samples: what an array is, or words. */
export type Labels = ArrayInput | readonly string[];

export interface Splitter {
  /** How many splits there are. */
  getNSplits(): number;
  /** The splits of the rows of `X`, by the labels `y` where they matter. `for await` takes either kind. */
  split(X: ArrayInput, y?: Labels): Iterable<Split> | AsyncIterable<Split>;
}

/** The number of rows. @throws {BifoldError} `shape` for what has none */
export function countSamples(X: Labels, what: string): number {
  // What callers in JavaScript give may be anything.
  const given = X as Labels | null;
  if (typeof given === "object" && given !== null) {
    const n = "shape" in given ? given.shape[0] : given.length;
    if (n !== undefined) return n;
  }
  const found = typeof X === "number" || X instanceof NDArray ? "a single number" : (JSON.stringify(X) ?? "nothing");
  throw new BifoldError("shape", `${what}: expected an array with a row for each sample, found ${found}`);
}

/** The rows below `n` that are not among `test`, in order. */
export function complement(test: Int32Array, n: number): Int32Array {
  const taken = new Uint8Array(n);
  for (const row of test) taken[row] = 1;
  return Int32Array.from({ length: n }, (_, row) => row).filter((row) => !taken[row]);
}
