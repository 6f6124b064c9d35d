// Draws by probabilities, as NumPy's legacy `choice` makes them: places of uniform draws in the cumulated probabilities.
import { BifoldError } from "../runtime/errors.js";

/** @throws {BifoldError} `parameter` unless `p` has `n` probabilities that sum to 1, to half of a double's digits */
export function checkProbabilities(p: readonly number[], n: number): void {
  if (p.length !== n)
    throw new BifoldError("parameter", `choice: there are ${n} to choose from and ${p.length} probabilities`);
  if (!p.every((x) => x >= 0))
    throw new BifoldError("parameter", "choice: probabilities must be numbers that are not negative");
  const total = compensated(p);
  if (!(Math.abs(total - 1) <= Math.sqrt(Number.EPSILON)))
    throw new BifoldError("parameter", `choice: probabilities must sum to 1, found ${total}`);
}

/** Kahan (1965): so that a long list of probabilities is not refused for its rounding. */
function compensated(values: readonly number[]): number {
  let sum = values[0] ?? 0;
  let lost = 0;
  for (const x of values.slice(1)) {
    const y = x - lost;
    const next = sum + y;
    lost = next - sum - y;
    sum = next;
  }
  return sum;
}

/** For each uniform draw, the first place whose cumulated probability is greater. */
export function places(p: readonly number[], uniforms: ArrayLike<number>): number[] {
  const sums: number[] = [];
  let sum = 0;
  for (const x of p) {
    sum += x;
    sums.push(sum);
  }
  const cumulated = sums.map((s) => s / sum);
  return Array.from(uniforms, (u) => {
    let low = 0;
    let high = cumulated.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (u < (cumulated[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}

/**
 * `count` different places: in rounds, each without what was found, until there are enough.
 * @throws {BifoldError} `parameter` where fewer have a positive probability
 */
export function differentPlaces(p: readonly number[], count: number, uniforms: (n: number) => ArrayLike<number>) {
  const positive = p.filter((x) => x > 0).length;
  if (positive < count)
    throw new BifoldError(
      "parameter",
      `choice: ${count} different ones are asked for, and only ${positive} have a positive probability`,
    );
  const found = new Set<number>();
  const left = [...p];
  while (found.size < count) {
    const draws = uniforms(count - found.size);
    for (const at of found) left[at] = 0;
    for (const at of places(left, draws)) found.add(at);
  }
  return [...found];
}
