// The Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), seeded as NumPy's legacy RandomState seeds it.

const N = 624;
const M = 397;

/** A stream of 32-bit words. */
export class MersenneTwister {
  private readonly state = new Uint32Array(N);
  private at = N;

  /** `seed` is one number from 0 to 2^32 - 1, or a list of such that is not empty. */
  constructor(seed: number | readonly number[]) {
    this.seed(typeof seed === "number" ? seed : 19650218);
    if (typeof seed !== "number") this.mix(seed);
  }

  /** The next word, from 0 to 2^32 - 1. */
  next(): number {
    if (this.at === N) this.refill();
    let y = this.state[this.at++] ?? 0;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** Where the stream stands: its 624 words, and how many of them are used. */
  get position(): { readonly key: Uint32Array; readonly pos: number } {
    return { key: this.state.slice(), pos: this.at };
  }

  set position({ key, pos }: { readonly key: ArrayLike<number>; readonly pos: number }) {
    this.state.set(key);
    this.at = pos;
  }

  /** `init_genrand` of the authors. */
  private seed(seed: number): void {
    let word = seed >>> 0;
    for (let k = 0; k < N; k++) {
      this.state[k] = word;
      word = (Math.imul(1812433253, word ^ (word >>> 30)) + k + 1) >>> 0;
    }
  }

  /** `init_by_array` of the authors. */
  private mix(key: readonly number[]): void {
    const s = this.state;
    let at = 1;
    const step = (factor: number, add: number): void => {
      const before = s[at - 1] ?? 0;
      s[at] = ((s[at] ?? 0) ^ Math.imul(before ^ (before >>> 30), factor)) + add;
      if (++at < N) return;
      s[0] = s[N - 1] ?? 0;
      at = 1;
    };
    for (let k = 0; k < Math.max(N, key.length); k++) step(1664525, (key[k % key.length] ?? 0) + (k % key.length));
    for (let k = 0; k < N - 1; k++) step(1566083941, -at);
    s[0] = 0x80000000;
  }

  private refill(): void {
    const s = this.state;
    for (let k = 0; k < N; k++) {
      const y = ((s[k] ?? 0) & 0x80000000) | ((s[(k + 1) % N] ?? 0) & 0x7fffffff);
      s[k] = (s[(k + M) % N] ?? 0) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.at = 0;
  }
}
