// ParameterSampler: some combinations of values of parameters, drawn.
import { checkRandomState, type RandomSource, type RandomState } from "../../src/random/random_state.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { isRecord } from "../parameters.js";
import { warn } from "../warn.js";
import { type Distribution, isDistribution } from "./distributions.js";
import { type Candidate, type Grid, ParameterGrid } from "./parameter_grid.js";

type Choices = Readonly<Record<string, readonly unknown[] | Distribution>>;

/** A list or a distribution for each parameter; of several such records one is drawn first. */
export type Distributions = Choices | readonly Choices[];

/**
 * `nIter` combinations: different ones of a grid where all parameters have lists, else drawn one by one. Draws are scikit-learn's.
 * scikit-learn: `sklearn.model_selection.ParameterSampler`.
 */
export class ParameterSampler implements Iterable<Candidate> {
  private readonly choices: readonly Choices[];

  /** @throws {BifoldError} `parameter` where a parameter has neither a list that is not empty nor a distribution */
  constructor(
    distributions: Distributions,
    private readonly nIter: number,
    private readonly options: { readonly randomState?: RandomSource } = {},
  ) {
    if (!Number.isInteger(nIter) || nIter < 1)
      throw new BifoldError(
        "parameter",
        `ParameterSampler: nIter must be a whole number of at least 1, found ${nIter}`,
      );
    this.choices = isChoices(distributions) ? [distributions] : distributions;
    // Lists are checked as those of a grid are.
    for (const record of this.choices)
      if (isRecord(record)) new ParameterGrid(lists(record));
      else throw new BifoldError("parameter", "ParameterSampler: expected records of lists and distributions by name");
  }

  /** The number of combinations that are drawn. */
  get length(): number {
    const grid = this.grid();
    return grid ? Math.min(this.nIter, grid.length) : this.nIter;
  }

  *[Symbol.iterator](): Iterator<Candidate> {
    const random = checkRandomState(this.options.randomState);
    const grid = this.grid();
    if (!grid) {
      for (let k = 0; k < this.nIter; k++) yield this.draw(random);
      return;
    }
    if (grid.length < this.nIter)
      warn(
        `ParameterSampler: there are only ${grid.length} combinations, fewer than nIter, ${this.nIter}: all are taken`,
      );
    for (const k of withoutReplacement(grid.length, this.length, random)) yield grid.at(k);
  }

  /** The grid of all combinations, where there is no distribution. */
  private grid(): ParameterGrid | undefined {
    const any = this.choices.some((record) => Object.values(record).some(isDistribution));
    return any ? undefined : new ParameterGrid(this.choices as Grid);
  }

  private draw(random: RandomState): Candidate {
    const record = random.choice(this.choices);
    const names = Object.keys(record).sort();
    return Object.fromEntries(
      names.map((name) => {
        const from = record[name];
        if (isDistribution(from)) return [name, from.rvs(random)];
        return [name, from?.[random.randint(0, from.length)]];
      }),
    );
  }
}

const isChoices = (distributions: Distributions): distributions is Choices => !Array.isArray(distributions);

const lists = (record: Choices): Readonly<Record<string, readonly unknown[]>> =>
  Object.fromEntries(
    Object.entries(record).flatMap(([name, from]) => (isDistribution(from) ? [] : [[name, from] as const])),
  );

/** `count` different numbers below `n`. scikit-learn: `sklearn.utils.random.sample_without_replacement` (`auto`). */
function withoutReplacement(n: number, count: number, random: RandomState): Iterable<number> {
  const share = count / n;
  if (share > 0.01 && share < 0.99) return random.permutation(n).subarray(0, count);
  if (share < 0.2) {
    const chosen = new Set<number>();
    while (chosen.size < count) chosen.add(random.randint(0, n));
    return chosen;
  }
  const reservoir = Int32Array.from({ length: count }, (_, k) => k);
  for (let k = count; k < n; k++) {
    const at = random.randint(0, k + 1);
    if (at < count) reservoir[at] = k;
  }
  return reservoir;
}
