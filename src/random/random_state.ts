// NumPy's legacy RandomState: the same draws for the same seed, so that results can be held against scikit-learn's.
import { BifoldError } from "../runtime/errors.js";
import { MersenneTwister } from "./mt19937.js";

/** What an estimator takes as `randomState`: a seed, a stream that goes on, or nothing (a fresh seed). */
export type RandomSource = number | RandomState | undefined;

/** Draws as `numpy.random.RandomState(seed)` makes them, bit for bit. */
export class RandomState {
  private readonly stream: MersenneTwister;

  /** @throws {BifoldError} `parameter` unless `seed` is an integer from 0 to 2^32 - 1 */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
      throw new BifoldError("parameter", `a seed must be an integer from 0 to ${0xffffffff}, found ${seed}`);
    this.stream = new MersenneTwister(seed);
  }

  /** `random_sample()`: uniform on [0, 1), 53 bits. */
  uniform(): number {
    const high = this.stream.next() >>> 5;
    const low = this.stream.next() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** `randint(lo, hi)`: uniform on the integers `lo <= k < hi`, by masks and rejection. @throws {BifoldError} `parameter` where there are none */
  randint(lo: number, hi: number): number {
    const range = hi - lo - 1;
    if (!(range >= 0 && range <= 0xffffffff))
      throw new BifoldError("parameter", `randint needs lo < hi and at most 2^32 values, found ${lo} and ${hi}`);
    if (range === 0) return lo;
    const mask = range === 0xffffffff ? range : 2 ** (32 - Math.clz32(range)) - 1;
    for (;;) {
      const value = (this.stream.next() & mask) >>> 0;
      if (value <= range) return lo + value;
    }
  }

  /** `permutation(n)`: the integers below `n` in a random order (Fisher and Yates, from the end). */
  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, k) => k);
    for (let k = n - 1; k > 0; k--) {
      const other = this.randint(0, k + 1);
      const held = order[k] ?? 0;
      order[k] = order[other] ?? 0;
      order[other] = held;
    }
    return order;
  }
}

/** scikit-learn's `check_random_state`: a stream from what a user gave. */
export function checkRandomState(source: RandomSource): RandomState {
  if (source instanceof RandomState) return source;
  return new RandomState(source ?? Math.floor(Math.random() * 2 ** 32));
}
