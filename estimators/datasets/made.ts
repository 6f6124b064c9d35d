// What the makers of data sets share: lists of integers on the CPU, orders of samples, and results where they are asked for.

import type { RandomSource, RandomState } from "../../src/random/random_state.js";
import { asarray } from "../../src/runtime/asarray.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import type { Own } from "../../src/runtime/scope.js";
import { checkParameter } from "../validation.js";
import type { Placement } from "./dataset.js";

/** What every maker takes. The numbers are made on the CPU in double precision, and are the same wherever they go, to the digits of `dtype`. */
export interface MakeOptions extends Placement {
  readonly nSamples?: number;
  readonly nFeatures?: number;
  /** Whether samples (and features) come in a random order: they do unless said. */
  readonly shuffle?: boolean;
  readonly randomState?: RandomSource;
}

/** @throws {BifoldError} `parameter` unless it is a whole number from `least` on */
export const checkCount = (value: number, what: string, name: string, least = 1): void =>
  checkParameter(Number.isInteger(value) && value >= least, what, name, `a whole number of at least ${least}`, value);

export const numbers = async (own: Own, values: readonly number[]): Promise<NDArray> =>
  own(await asarray([...values], { dtype: "float64" }));

export const integers = async (own: Own, values: Iterable<number>): Promise<NDArray> =>
  own(await asarray(Int32Array.from(values)));

/** An order of `n` things: shuffled, or as they are. */
export const order = (n: number, shuffle: boolean, random: RandomState): Int32Array => {
  const places = Int32Array.from({ length: n }, (_, k) => k);
  if (shuffle) random.shuffle(places);
  return places;
};

/** `k` repeated `counts[k]` times, for each `k` in turn. */
export const repeated = (counts: readonly number[]): number[] =>
  counts.flatMap((count, k) => Array.from({ length: count }, () => k));

/** `total` in `parts` whole parts, the first ones larger by one where it has to be. */
export const shared = (total: number, parts: number): number[] =>
  Array.from({ length: parts }, (_, k) => (total - (total % parts)) / parts + (k < total % parts ? 1 : 0));
