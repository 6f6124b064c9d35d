// Splits whose parts have the classes in the proportions of the whole: StratifiedKFold and StratifiedShuffleSplit.
import { checkRandomState, type RandomState } from "../../src/random/random_state.js";
import type { ArrayInput } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { warn } from "../warn.js";
import { checkEnough, checkFolds, type KFoldParams } from "./kfold.js";
import { readClasses, rowsByClass } from "./labels.js";
import { checkShuffle, type ShuffleSplitParams, USUAL_TEST_SIZE } from "./shuffle_split.js";
import { partSizes } from "./sizes.js";
import { complement, countSamples, type Labels, type Split, type Splitter } from "./split.js";

/**
 * Divides samples into `nSplits` folds with the classes in the proportions of the whole. Indices are scikit-learn's.
 * scikit-learn: `sklearn.model_selection.StratifiedKFold`.
 */
export class StratifiedKFold implements Splitter {
  private readonly params: KFoldParams;

  /** @throws {BifoldError} `parameter` */
  constructor(params: Partial<KFoldParams> = {}) {
    this.params = checkFolds(params, "StratifiedKFold");
  }

  getNSplits(): number {
    return this.params.nSplits;
  }

  /** The splits of the rows of `X` by the labels `y`. @throws {BifoldError} `parameter` where no class has as many samples as there are splits; `shape` */
  async *split(X: ArrayInput, y?: Labels): AsyncGenerator<Split> {
    const what = "StratifiedKFold.split";
    const { nSplits, shuffle, randomState } = this.params;
    const n = countSamples(X, what);
    checkEnough(nSplits, n, what);
    const rows = rowsByClass(await readClasses(y, n, what));
    const sizes = rows.map((r) => r.length);
    if (sizes.every((size) => size < nSplits))
      throw new BifoldError("parameter", `${what}: no class has as many samples as there are splits, ${nSplits}`);
    const least = Math.min(...sizes);
    if (least < nSplits) warn(`${what}: a class has only ${least} samples, fewer than the ${nSplits} splits`);
    // In the order of their first samples, as scikit-learn takes them.
    rows.sort(([a = 0], [b = 0]) => a - b);
    const random = checkRandomState(randomState);
    const foldOf = new Int32Array(n);
    for (let k = 0, start = 0; k < rows.length; k++) {
      const own = rows[k] ?? [];
      const folds = dealt(start, own.length, nSplits);
      if (shuffle) random.shuffle(folds);
      for (const [place, row] of own.entries()) foldOf[row] = folds[place] ?? 0;
      start += own.length;
    }
    for (let fold = 0; fold < nSplits; fold++) {
      const test = Int32Array.from({ length: n }, (_, row) => row).filter((row) => foldOf[row] === fold);
      yield { train: complement(test, n), test };
    }
  }
}

/** The folds of `count` samples that stand from `start` on when all are dealt out in turn: those of a fold side by side. */
function dealt(start: number, count: number, nSplits: number): Int32Array {
  return Int32Array.from({ length: count }, (_, k) => (start + k) % nSplits).sort();
}

/**
 * Draws `nSplits` random parts to test on and to train on, with the classes in the proportions of the whole. Indices are scikit-learn's.
 * scikit-learn: `sklearn.model_selection.StratifiedShuffleSplit`.
 */
export class StratifiedShuffleSplit implements Splitter {
  private readonly params: ShuffleSplitParams;

  /** @throws {BifoldError} `parameter` */
  constructor(params: Partial<ShuffleSplitParams> = {}) {
    this.params = checkShuffle(params, "StratifiedShuffleSplit");
  }

  getNSplits(): number {
    return this.params.nSplits;
  }

  /** The splits of the rows of `X` by the labels `y`. @throws {BifoldError} `parameter` for sizes that these samples do not have, and a class of one; `shape` */
  async *split(X: ArrayInput, y?: Labels): AsyncGenerator<Split> {
    const what = "StratifiedShuffleSplit.split";
    const n = countSamples(X, what);
    const { train, test } = partSizes(n, this.params, USUAL_TEST_SIZE, what);
    const rows = rowsByClass(await readClasses(y, n, what));
    if (rows.some((r) => r.length < 2))
      throw new BifoldError("parameter", `${what}: a class has a single sample: each needs one for both parts`);
    for (const [name, size] of Object.entries({ trainSize: train, testSize: test }))
      if (size < rows.length)
        throw new BifoldError(
          "parameter",
          `${what}: ${name} is ${size} samples, fewer than the ${rows.length} classes`,
        );
    const random = checkRandomState(this.params.randomState);
    for (let k = 0; k < this.params.nSplits; k++) yield drawn(rows, train, test, random);
  }
}

function drawn(rows: readonly (readonly number[])[], train: number, test: number, random: RandomState): Split {
  const sizes = rows.map((r) => r.length);
  const trains = approximateMode(sizes, train, random);
  const left = sizes.map((size, c) => size - (trains[c] ?? 0));
  const tests = approximateMode(left, test, random);
  const parts: { readonly train: number[]; readonly test: number[] } = { train: [], test: [] };
  for (const [c, own] of rows.entries()) {
    const order = Array.from(random.permutation(own.length), (place) => own[place] ?? 0);
    const first = trains[c] ?? 0;
    parts.train.push(...order.slice(0, first));
    parts.test.push(...order.slice(first, first + (tests[c] ?? 0)));
  }
  return {
    train: random.permutation(Int32Array.from(parts.train)),
    test: random.permutation(Int32Array.from(parts.test)),
  };
}

/**
 * How many of `draws` samples fall to each class: the likeliest numbers, nearly, ties broken at random.
 * scikit-learn: `sklearn.utils.extmath._approximate_mode`.
 */
function approximateMode(sizes: readonly number[], draws: number, random: RandomState): number[] {
  const total = sizes.reduce((a, b) => a + b, 0);
  const exact = sizes.map((size) => (size / total) * draws);
  const counts = exact.map(Math.floor);
  const remainders = exact.map((x, c) => x - (counts[c] ?? 0));
  let missing = draws - counts.reduce((a, b) => a + b, 0);
  for (const value of [...new Set(remainders)].sort((a, b) => b - a)) {
    if (missing <= 0) break;
    const alike = [...remainders.keys()].filter((c) => remainders[c] === value);
    const more = Math.min(alike.length, missing);
    for (const c of random.choice(alike, more, false)) counts[c] = (counts[c] ?? 0) + 1;
    missing -= more;
  }
  return counts;
}
