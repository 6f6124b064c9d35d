// trainTestSplit: one random split of arrays.
import type { RandomSource } from "../../src/random/random_state.js";
import { type ArrayInput, asarray } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import { isRecord } from "../parameters.js";
import { rowsOf } from "./rows.js";
import { ShuffleSplit } from "./shuffle_split.js";
import { partSizes, type Sizes } from "./sizes.js";
import { countSamples, type Labels, type Split } from "./split.js";
import { StratifiedShuffleSplit } from "./stratified.js";

export interface TrainTestOptions extends Sizes {
  readonly randomState?: RandomSource;
  /** Without it the first samples are to train on, the last to test on. */
  readonly shuffle?: boolean;
  /** Labels whose proportions both parts keep. */
  readonly stratify?: Labels;
}

type Parts<A extends readonly unknown[]> = A extends readonly [unknown, ...infer R]
  ? [train: NDArray, test: NDArray, ...Parts<R>]
  : [];

/**
 * Divides the rows of arrays into two random parts: `const [XTrain, XTest, yTrain, yTest] = await trainTestSplit(X, y, { testSize: 0.25 })`. A quarter
 * is for the test unless said. Arrays stay on their devices (lists go to the CPU); indices are scikit-learn's. scikit-learn: `train_test_split`.
 * @throws {BifoldError} `parameter` for sizes that these samples do not have; `shape` where the arrays have different numbers of rows
 */
export function trainTestSplit(X: ArrayInput, options?: TrainTestOptions): Promise<Parts<[1]>>;
export function trainTestSplit(X: ArrayInput, y: ArrayInput, options?: TrainTestOptions): Promise<Parts<[1, 1]>>;
export function trainTestSplit(
  X: ArrayInput,
  y: ArrayInput,
  w: ArrayInput,
  options?: TrainTestOptions,
): Promise<Parts<[1, 1, 1]>>;
export async function trainTestSplit(...given: readonly unknown[]): Promise<NDArray[]> {
  const what = "trainTestSplit";
  const last = given.at(-1);
  const hasOptions = last === undefined || (isRecord(last) && !("data" in last));
  const options = (hasOptions ? (last ?? {}) : {}) as TrainTestOptions;
  const arrays = (hasOptions ? given.slice(0, -1) : given) as readonly ArrayInput[];
  const [first] = arrays;
  if (first === undefined) throw new BifoldError("parameter", `${what}: there is no array to split`);
  const n = countSamples(first, what);
  arrays.forEach((a, k) => {
    if (countSamples(a, what) !== n)
      throw new BifoldError("shape", `${what}: array 0 has ${n} samples, array ${k} has ${countSamples(a, what)}`);
  });
  const { train, test } = await splitOf(first, n, options, what);
  return scope(async (own) => {
    const parts: NDArray[] = [];
    for (const a of arrays) {
      const X = a instanceof NDArray ? a : own(await asarray(a));
      for (const rows of [train, test]) parts.push((await rowsOf(own, { X, y: undefined, params: {} }, rows)).X);
    }
    return parts;
  });
}

async function splitOf(X: ArrayInput, n: number, options: TrainTestOptions, what: string): Promise<Split> {
  const { shuffle = true, stratify, randomState } = options;
  const { train, test } = partSizes(n, options, 0.25, what);
  if (!shuffle) {
    if (stratify !== undefined)
      throw new BifoldError("parameter", `${what}: stratify needs shuffle: leave shuffle: false out`);
    const rows = Int32Array.from({ length: train + test }, (_, row) => row);
    return { train: rows.slice(0, train), test: rows.slice(train) };
  }
  const sizes = { nSplits: 1, testSize: test, trainSize: train, randomState };
  const splitter = stratify === undefined ? new ShuffleSplit(sizes) : new StratifiedShuffleSplit(sizes);
  for await (const split of splitter.split(X, stratify)) return split;
  throw new Error("internal: no split was drawn");
}
