// ParameterGrid: every combination of values of parameters.
import { BifoldError } from "../../src/runtime/errors.js";
import { isRecord } from "../parameters.js";

/** Values to try for each parameter; several such grids are tried one after another. */
export type Grid =
  | Readonly<Record<string, readonly unknown[]>>
  | readonly Readonly<Record<string, readonly unknown[]>>[];

export type Candidate = Readonly<Record<string, unknown>>;

/**
 * All combinations of the values of parameters, the last name (in alphabetical order) changing fastest. scikit-learn:
 * `sklearn.model_selection.ParameterGrid`.
 */
export class ParameterGrid implements Iterable<Candidate> {
  /** Of each grid the parameters, sorted by name. */
  private readonly grids: readonly (readonly (readonly [string, readonly unknown[]])[])[];

  /** @throws {BifoldError} `parameter` where a grid is no record of lists that are not empty */
  constructor(grid: Grid) {
    const list: readonly unknown[] = Array.isArray(grid) ? grid : [grid];
    this.grids = list.map((one) => {
      if (!isRecord(one)) throw refuse("a grid that is no record");
      return Object.entries(one)
        .map(([name, values]) => [name, checkValues(name, values)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1));
    });
  }

  /** The number of combinations. */
  get length(): number {
    return this.grids.reduce((sum, grid) => sum + sizeOf(grid), 0);
  }

  /** The combination at a place of the iteration. @throws {BifoldError} `parameter` where there is none */
  at(index: number): Candidate {
    let left = index;
    for (const grid of this.grids) {
      const size = sizeOf(grid);
      if (left < size && left >= 0) return combination(grid, left);
      left -= size;
    }
    throw new BifoldError("parameter", `ParameterGrid.at: there are ${this.length} combinations, found ${index}`);
  }

  *[Symbol.iterator](): Iterator<Candidate> {
    for (let k = 0; k < this.length; k++) yield this.at(k);
  }
}

const sizeOf = (grid: readonly (readonly [string, readonly unknown[]])[]): number =>
  grid.reduce((n, [, values]) => n * values.length, 1);

function combination(grid: readonly (readonly [string, readonly unknown[]])[], index: number): Candidate {
  let left = index;
  const chosen: [string, unknown][] = [];
  for (const [name, values] of grid.toReversed()) {
    const at = left % values.length;
    chosen.push([name, values[at]]);
    left = (left - at) / values.length;
  }
  return Object.fromEntries(chosen.reverse());
}

function checkValues(name: string, values: unknown): readonly unknown[] {
  if (!Array.isArray(values) || values.length === 0)
    throw refuse(`${name}: ${Array.isArray(values) ? "an empty list" : `a value that is ${typeof values}`}`);
  return values;
}

const refuse = (found: string): BifoldError =>
  new BifoldError(
    "parameter",
    `a grid of parameters must be lists of values by name (a single value in a list too), found ${found}`,
  );
