// Whole numbers that differ, as scikit-learn draws them: `sklearn.utils.random.sample_without_replacement`.
import { BifoldError } from "../runtime/errors.js";
import type { RandomState } from "./random_state.js";

/**
 * `count` different integers below `population`: all of them permuted, or, where few or nearly all of them are asked for, without a list of all.
 * @throws {BifoldError} `parameter` where there are not as many
 */
export function sampleWithoutReplacement(population: number, count: number, random: RandomState): number[] {
  const whole = Number.isSafeInteger(population) && Number.isInteger(count) && count >= 0;
  if (!whole || count > population)
    throw new BifoldError("parameter", `${count} different integers below ${population} are asked for`);
  const ratio = population === 0 ? 1 : count / population;
  if (ratio > 0.01 && ratio < 0.99) return [...random.permutation(population).subarray(0, count)];
  return ratio < 0.2 ? tracked(population, count, random) : reservoir(population, count, random);
}

/** Draws again what was drawn before. */
function tracked(population: number, count: number, random: RandomState): number[] {
  const found = new Set<number>();
  while (found.size < count) found.add(random.randint(population));
  return [...found];
}

/** The first `count`, and each later one in the place of one of them with the chance that is its due. */
function reservoir(population: number, count: number, random: RandomState): number[] {
  const found = Array.from({ length: count }, (_, k) => k);
  for (let next = count; next < population; next++) {
    const at = random.randint(next + 1);
    if (at < count) found[at] = next;
  }
  return found;
}
