// A small seeded source of random choices (mulberry32): a seed gives the same programs everywhere.

export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number in lo..hi, hi left out. */
  whole(lo: number, hi: number): number;
  chance(p: number): boolean;
  pick<T>(from: readonly T[]): T;
  shuffle<T>(of: readonly T[]): T[];
}

export function makeRandom(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (lo: number, hi: number): number => lo + Math.floor(next() * (hi - lo));
  return {
    next,
    whole,
    chance: (p) => next() < p,
    pick: (from) => {
      const item = from[whole(0, from.length)];
      if (item === undefined) throw new Error("nothing to pick from");
      return item;
    },
    shuffle: (of) => {
      const items = [...of];
      for (let k = items.length - 1; k > 0; k--) {
        const j = whole(0, k + 1);
        [items[k], items[j]] = [items[j] as (typeof items)[0], items[k] as (typeof items)[0]];
      }
      return items;
    },
  };
}
