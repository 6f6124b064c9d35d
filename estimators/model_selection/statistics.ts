// Means, deviations and ranks of scores over folds: a few numbers of the host.

export const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** The standard deviation of the values themselves, as of a whole population. */
export function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((v) => (v - middle) ** 2)));
}

/** Ranks from 1 for the greatest; equal ones share the best of theirs, NaN comes last. */
export function ranks(values: readonly number[]): number[] {
  const finite = values.filter((v) => !Number.isNaN(v));
  const key = (v: number): number => (Number.isNaN(v) ? Math.min(...finite) - 1 : v);
  if (finite.length === 0) return values.map(() => 1);
  return values.map((v) => 1 + values.filter((other) => key(other) > key(v)).length);
}
