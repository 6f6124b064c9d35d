// Holds what two backends give against each other: as far apart as their rounding bounds together allow, and no farther.

export interface Comparison {
  /** The largest difference of any number. */
  readonly difference: number;
  /** The bound of that number. */
  readonly bound: number;
  /** Whether every number lies within its own bound. */
  readonly within: boolean;
}

export interface Bounded {
  readonly values: ArrayLike<number>;
  /** How far each may be from the exact one. */
  readonly bounds: ArrayLike<number>;
}

export function compare(a: Bounded, b: Bounded): Comparison {
  const numbers = Array.from(a.values, (value, k) => ({
    difference: Math.abs(value - (b.values[k] ?? Number.NaN)),
    bound: (a.bounds[k] ?? 0) + (b.bounds[k] ?? 0),
  }));
  // Not `difference > bound`: NaN must not pass.
  const within = numbers.every((n) => n.difference <= n.bound);
  const largest = numbers.reduce((worst, n) => (n.difference > worst.difference ? n : worst));
  return { ...largest, within };
}
