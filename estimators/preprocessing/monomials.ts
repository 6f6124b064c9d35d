// The products of features that a polynomial consists of, in scikit-learn's order: by degree, then as words over the features.

export interface MonomialRules {
  readonly features: number;
  /** The least and the largest degree; what degree 0 gives is told by `bias` alone. */
  readonly degrees: readonly [number, number];
  /** No feature twice in a product. */
  readonly interactionOnly: boolean;
  /** The empty product. */
  readonly bias: boolean;
}

/** How many there are. */
export function countMonomials({ features, degrees: [low, high], interactionOnly, bias }: MonomialRules): number {
  let count = bias ? 1 : 0;
  for (let d = Math.max(1, low); d <= high; d++)
    count += interactionOnly ? binomial(features, d) : binomial(features + d - 1, d);
  return count;
}

/** Each as the list of its factors, ascending. */
export function* monomials({
  features,
  degrees: [low, high],
  interactionOnly,
  bias,
}: MonomialRules): Generator<readonly number[]> {
  if (bias) yield [];
  for (let d = Math.max(1, low); d <= high; d++) {
    const step = interactionOnly ? 1 : 0;
    const word = Array.from({ length: d }, (_, at) => at * step);
    // The largest feature at each place.
    const last = word.map((_, at) => features - 1 - (d - 1 - at) * step);
    if ((last[0] ?? 0) < 0) return;
    for (;;) {
      yield word;
      let at = d - 1;
      while (at >= 0 && word[at] === last[at]) at--;
      if (at < 0) break;
      const next = (word[at] ?? 0) + 1;
      for (let k = at; k < d; k++) word[k] = next + (k - at) * step;
    }
  }
}

function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return Math.max(0, Math.round(value));
}
