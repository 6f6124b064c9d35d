// KFold: each sample is in the test part of one split.
import { checkRandomState, type RandomSource } from "../../src/random/random_state.js";
import type { ArrayInput } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { complement, countSamples, type Labels, type Split, type Splitter } from "./split.js";

export interface KFoldParams {
  /** Of at least 2. */
  readonly nSplits: number;
  /** Put the samples in a random order before they are divided. */
  readonly shuffle: boolean;
  /** Only with `shuffle`. */
  readonly randomState: RandomSource;
}

/** The parameters with defaults. @throws {BifoldError} `parameter` */
export function checkFolds(given: Partial<KFoldParams>, what: string): KFoldParams {
  const { nSplits = 5, shuffle = false, randomState } = given;
  if (!Number.isInteger(nSplits) || nSplits < 2)
    throw new BifoldError("parameter", `${what}: nSplits must be a whole number of at least 2, found ${nSplits}`);
  if (!shuffle && randomState !== undefined)
    throw new BifoldError(
      "parameter",
      `${what}: randomState has no effect without shuffle: leave it out, or set shuffle`,
    );
  return { nSplits, shuffle, randomState };
}

/** @throws {BifoldError} `parameter` for fewer samples than folds */
export function checkEnough(nSplits: number, n: number, what: string): void {
  if (nSplits > n)
    throw new BifoldError("parameter", `${what}: there are ${n} samples, fewer than the ${nSplits} splits asked for`);
}

/**
 * Divides samples into `nSplits` runs (of a random order, with `shuffle`); each is the test part of a split once. Indices are scikit-learn's.
 * scikit-learn: `sklearn.model_selection.KFold`.
 */
export class KFold implements Splitter {
  private readonly params: KFoldParams;

  /** @throws {BifoldError} `parameter` */
  constructor(params: Partial<KFoldParams> = {}) {
    this.params = checkFolds(params, "KFold");
  }

  getNSplits(): number {
    return this.params.nSplits;
  }

  /** The splits of the rows of `X`. @throws {BifoldError} `parameter` for fewer samples than splits */
  *split(X: ArrayInput, _y?: Labels): Generator<Split> {
    const { nSplits, shuffle, randomState } = this.params;
    const n = countSamples(X, "KFold.split");
    checkEnough(nSplits, n, "KFold.split");
    const order = shuffle
      ? checkRandomState(randomState).permutation(n)
      : Int32Array.from({ length: n }, (_, row) => row);
    const longer = n % nSplits;
    const least = (n - longer) / nSplits;
    for (let fold = 0, at = 0; fold < nSplits; fold++) {
      const end = at + least + (fold < longer ? 1 : 0);
      const test = order.slice(at, end).sort();
      yield { train: complement(test, n), test };
      at = end;
    }
  }
}
