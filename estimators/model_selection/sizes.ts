// How many samples go to each part of a random split.
import { BifoldError } from "../../src/runtime/errors.js";

export interface Sizes {
  /** Of the test part: between 0 and 1 a share of the samples, else their number. */
  readonly testSize?: number | undefined;
  /** Of the train part, likewise; the rest unless said. */
  readonly trainSize?: number | undefined;
}

/** The numbers of samples of both parts. scikit-learn: `_validate_shuffle_split`. @throws {BifoldError} `parameter` */
export function partSizes(n: number, sizes: Sizes, usual: number, what: string): { train: number; test: number } {
  const { trainSize } = sizes;
  const testSize = sizes.testSize ?? (trainSize === undefined ? usual : undefined);
  const isShare = (size: number | undefined): size is number => size !== undefined && size > 0 && size < 1;
  for (const [name, size] of [
    ["testSize", testSize],
    ["trainSize", trainSize],
  ] as const)
    if (size !== undefined && !isShare(size) && !(Number.isInteger(size) && size >= 1 && size < n))
      throw new BifoldError(
        "parameter",
        `${what}: ${name} must be between 0 and 1 (a share), or a whole number of at least 1 and below the ${n} samples, found ${size}`,
      );
  if (isShare(testSize) && isShare(trainSize) && testSize + trainSize > 1)
    throw new BifoldError("parameter", `${what}: testSize and trainSize sum to ${testSize + trainSize}, more than all`);
  const counted = {
    test: isShare(testSize) ? Math.ceil(testSize * n) : testSize,
    train: isShare(trainSize) ? Math.floor(trainSize * n) : trainSize,
  };
  const test = counted.test ?? n - (counted.train ?? 0);
  const train = counted.train ?? n - test;
  if (train + test > n)
    throw new BifoldError(
      "parameter",
      `${what}: testSize and trainSize ask for ${test} and ${train} samples, and there are ${n}: reduce one of them`,
    );
  if (train === 0)
    throw new BifoldError("parameter", `${what}: of ${n} samples none are left to train on: reduce testSize`);
  return { train, test };
}
