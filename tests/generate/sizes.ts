// Sizes for generated programs: over the seeds, every pair of the lengths at which loops, lanes and tiles have their edges.
import type { Sizes } from "./arguments.js";

export const lengths = [0, 1, 3, 4, 5, 17, 33, 63, 64, 65, 257] as const;

const PAIRS = lengths.length ** 2;
/** Coprime to the number of pairs, so that consecutive seeds walk through all of them. */
const STRIDE = 48;

/** Three pairs for each program; where one is too much work, a length falls back to a smaller. */
export function sizePairs(seed: number, cost: (s: Sizes) => number, most: number): readonly Sizes[] {
  const pairs = [0, 1, 2].map((k) => pairAt((seed * 3 + k) * STRIDE, cost, most));
  return pairs.filter((p, k) => pairs.findIndex((q) => q.n === p.n && q.m === p.m) === k);
}

function pairAt(index: number, cost: (s: Sizes) => number, most: number): Sizes {
  const k = ((index % PAIRS) + PAIRS) % PAIRS;
  let [i, j] = [Math.floor(k / lengths.length), k % lengths.length];
  const pair = (): Sizes => ({ n: lengths[i] ?? 1, m: lengths[j] ?? 1 });
  while (cost(pair()) > most && (i > 0 || j > 0)) {
    if (i >= j) i--;
    else j--;
  }
  return pair();
}
