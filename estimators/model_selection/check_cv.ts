// From what a user gives as `cv` to a splitter.
import { BifoldError } from "../../src/runtime/errors.js";
import { KFold } from "./kfold.js";
import type { Split, Splitter } from "./split.js";
import { StratifiedKFold } from "./stratified.js";

/** A split that a user made: two lists of rows, as a pair or by name. */
export type GivenSplit =
  | { readonly train: ArrayLike<number>; readonly test: ArrayLike<number> }
  | readonly [train: ArrayLike<number>, test: ArrayLike<number>];

/** A number of folds, a splitter, or splits. */
export type CV = number | Splitter | Iterable<GivenSplit>;

/**
 * The splitter that `cv` asks for; 5 folds unless said, stratified for a classifier. scikit-learn: `check_cv`.
 * @throws {BifoldError} `parameter`
 */
export function checkCv(cv: CV = 5, { classifier = false }: { readonly classifier?: boolean } = {}): Splitter {
  if (typeof cv === "number") return new (classifier ? StratifiedKFold : KFold)({ nSplits: cv });
  if ("split" in cv && typeof cv.split === "function") return cv;
  if (!(Symbol.iterator in cv)) throw refuse("neither of them");
  const splits = Array.from(cv, given);
  if (splits.length === 0) throw refuse("no splits");
  return { getNSplits: () => splits.length, split: () => splits };
}

function given(split: GivenSplit): Split {
  const { train, test } = "train" in split ? split : { train: split[0], test: split[1] };
  const rows = (list: ArrayLike<number> | undefined): Int32Array => {
    if (list === undefined || Array.from(list).some((row) => !Number.isInteger(row)))
      throw refuse("a split that is not two lists of whole numbers");
    return Int32Array.from(list);
  };
  return { train: rows(train), test: rows(test) };
}

const refuse = (found: string): BifoldError =>
  new BifoldError(
    "parameter",
    `cv must be a number of folds, a splitter or a list of splits { train, test }, found ${found}`,
  );
