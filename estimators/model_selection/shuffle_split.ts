// ShuffleSplit: random splits, each drawn anew.
import { checkRandomState, type RandomSource } from "../../src/random/random_state.js";
import type { ArrayInput } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { partSizes, type Sizes } from "./sizes.js";
import { countSamples, type Labels, type Split, type Splitter } from "./split.js";

export interface ShuffleSplitParams extends Sizes {
  readonly nSplits: number;
  readonly randomState: RandomSource;
}

/** The parameters with defaults. @throws {BifoldError} `parameter` */
export function checkShuffle(given: Partial<ShuffleSplitParams>, what: string): ShuffleSplitParams {
  const { nSplits = 10, testSize, trainSize, randomState } = given;
  if (!Number.isInteger(nSplits) || nSplits < 1)
    throw new BifoldError("parameter", `${what}: nSplits must be a whole number of at least 1, found ${nSplits}`);
  return { nSplits, testSize, trainSize, randomState };
}

/** What goes to the test part unless it is said. */
export const USUAL_TEST_SIZE = 0.1;

/**
 * Draws `nSplits` random parts to test on and to train on. Indices are scikit-learn's. scikit-learn: `sklearn.model_selection.ShuffleSplit`.
 */
export class ShuffleSplit implements Splitter {
  private readonly params: ShuffleSplitParams;

  /** @throws {BifoldError} `parameter` */
  constructor(params: Partial<ShuffleSplitParams> = {}) {
    this.params = checkShuffle(params, "ShuffleSplit");
  }

  getNSplits(): number {
    return this.params.nSplits;
  }

  /** The splits of the rows of `X`. @throws {BifoldError} `parameter` for sizes that these samples do not have */
  *split(X: ArrayInput, _y?: Labels): Generator<Split> {
    const n = countSamples(X, "ShuffleSplit.split");
    const { train, test } = partSizes(n, this.params, USUAL_TEST_SIZE, "ShuffleSplit.split");
    const random = checkRandomState(this.params.randomState);
    for (let k = 0; k < this.params.nSplits; k++) {
      const order = random.permutation(n);
      yield { train: order.slice(test, test + train), test: order.slice(0, test) };
    }
  }
}
