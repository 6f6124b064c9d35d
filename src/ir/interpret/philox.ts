// Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011): four random words from a counter (i, 0, 0, 0) and a key (key, 0).

const low = (a: number, b: number): number => Math.imul(a, b) >>> 0;
/** The upper 32 bits of the product of two u32. */
export const multiplyHigh = (a: number, b: number): number => Number((BigInt(a) * BigInt(b)) >> 32n);

export function philox(key: number, i: number): readonly [number, number, number, number] {
  let [c0, c1, c2, c3] = [i, 0, 0, 0];
  let [k0, k1] = [key, 0];
  for (let round = 0; round < 10; round++) {
    const [p0, p1] = [low(0xd2511f53, c0), low(0xcd9e8d57, c2)];
    const [h0, h1] = [multiplyHigh(0xd2511f53, c0), multiplyHigh(0xcd9e8d57, c2)];
    [c0, c1, c2, c3] = [(h1 ^ c1 ^ k0) >>> 0, p1, (h0 ^ c3 ^ k1) >>> 0, p0];
    [k0, k1] = [(k0 + 0x9e3779b9) >>> 0, (k1 + 0xbb67ae85) >>> 0];
  }
  return [c0, c1, c2, c3];
}

/** In [0, 1): the upper 24 bits of one word, or the upper 53 of two. */
export const unitInterval = (digits: number, word: number, next: number): number =>
  digits === 24 ? (word >>> 8) * 2 ** -24 : (word * 2 ** 21 + (next >>> 11)) * 2 ** -53;
