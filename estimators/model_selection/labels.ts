// Labels of samples as numbers of classes. Splitting goes by them, so they are read once: n numbers, none of X.
import { asarray } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { describeArray, NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import { countSamples, type Labels } from "./split.js";

export interface Classes {
  /** The class of each sample, a number from 0; classes are numbered in the order of their labels. */
  readonly of: Int32Array;
  readonly count: number;
}

/**
 * The classes of `y`, which has a label for each of `n` samples: whole numbers, booleans or words.
 * @throws {BifoldError} `shape`; `parameter` where there is no label or one that is no class
 */
export async function readClasses(y: Labels | undefined, n: number, what: string): Promise<Classes> {
  if (y === undefined) throw new BifoldError("parameter", `${what}: y is needed, the labels of the samples`);
  const labels = await readLabels(y, what);
  if (labels.length !== n)
    throw new BifoldError("shape", `${what}: X has ${n} samples and y has ${countSamples(y, what)}`);
  const odd = labels.find((label) => typeof label === "number" && !Number.isInteger(label));
  if (odd !== undefined)
    throw new BifoldError("parameter", `${what}: y must be labels of classes, whole numbers or words, found ${odd}`);
  const sorted = [...new Set(labels)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const numbers = new Map(sorted.map((label, k) => [label, k]));
  return { of: Int32Array.from(labels, (label) => numbers.get(label) ?? 0), count: sorted.length };
}

async function readLabels(y: Labels, what: string): Promise<readonly (number | string)[]> {
  if (isWords(y)) return y;
  return scope(async (own) => {
    const array = y instanceof NDArray ? y : own(await asarray(y));
    if (array.ndim !== 1 && !(array.ndim === 2 && array.shape[1] === 1))
      throw new BifoldError("shape", `${what}: y must have one dimension, found ${describeArray(array)}`);
    return Array.from(await array.data());
  });
}

const isWords = (y: Labels): y is readonly string[] =>
  Array.isArray(y) && y.every((label) => typeof label === "string");

/** The rows of each class, in order. */
export function rowsByClass({ of, count }: Classes): number[][] {
  const rows: number[][] = Array.from({ length: count }, () => []);
  for (const [row, k] of of.entries()) rows[k]?.push(row);
  return rows;
}
