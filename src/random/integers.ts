// Uniform integers as NumPy's legacy `randint` draws them: words under a mask, those above the range thrown away (`_masked=True`). Types of 8 and 16
// bits take several draws of each word.
import { BifoldError } from "../runtime/errors.js";
import type { MersenneTwister } from "./mt19937.js";

/** The types of integers: the typed array they come in, the first and the last of them, and how many bits of a word each draw takes. */
const types = {
  int64: { array: Float64Array, from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER, bits: 32 },
  int32: { array: Int32Array, from: -(2 ** 31), to: 2 ** 31 - 1, bits: 32 },
  uint32: { array: Uint32Array, from: 0, to: 2 ** 32 - 1, bits: 32 },
  int16: { array: Int16Array, from: -(2 ** 15), to: 2 ** 15 - 1, bits: 16 },
  uint16: { array: Uint16Array, from: 0, to: 2 ** 16 - 1, bits: 16 },
  int8: { array: Int8Array, from: -128, to: 127, bits: 8 },
  uint8: { array: Uint8Array, from: 0, to: 255, bits: 8 },
  bool: { array: Uint8Array, from: 0, to: 1, bits: 1 },
} as const;

export type IntegerDtype = keyof typeof types;

/** The typed array of a type; of `int64`, which JavaScript has no numbers for, the integers of a double. */
export type IntegerArray<D extends IntegerDtype> = InstanceType<(typeof types)[D]["array"]>;

/** An array for `count` integers. */
export const integerArray = <D extends IntegerDtype>(dtype: D, count: number): IntegerArray<D> =>
  new types[dtype].array(count) as IntegerArray<D>;

/**
 * A source of integers `low <= k < high`, to be made anew for each call, as it keeps what is left of a word.
 * @throws {BifoldError} `parameter` where there are none, or where the type does not have them
 */
export function integers(stream: MersenneTwister, low: number, high: number, dtype: IntegerDtype): () => number {
  const { from, to, bits } = types[dtype];
  if (!Number.isInteger(low) || !Number.isInteger(high) || !(low < high))
    throw new BifoldError("parameter", `randint needs whole numbers low < high, found ${low} and ${high}`);
  if (low < from || high - 1 > to)
    throw new BifoldError(
      "parameter",
      `randint: ${dtype} has the integers from ${from} to ${to}, and those from ${low} to ${high - 1} are asked for${dtype === "int32" ? ': give the dtype "int64"' : ""}`,
    );
  const range = high - 1 - low;
  if (range > Number.MAX_SAFE_INTEGER)
    throw new BifoldError("parameter", `randint: at most 2^53 values, found ${low} and ${high}`);
  if (range === 0) return () => low;
  const draw = range > 0xffffffff ? wide(stream, range) : narrow(stream, range, bits);
  return () => low + draw();
}

/** All bits from the highest of `range` (below 2^32) on. */
const maskOf = (range: number): number => 2 ** (32 - Math.clz32(range)) - 1;

/** A uniform integer from 0 to `last`, which is from 1 to 2^32 - 1. NumPy: `random_interval`. */
export function upTo(stream: MersenneTwister, last: number): number {
  const mask = maskOf(last);
  for (;;) {
    const value = (stream.next() & mask) >>> 0;
    if (value <= last) return value;
  }
}

function narrow(stream: MersenneTwister, range: number, bits: number): () => number {
  const mask = maskOf(range);
  let word = 0;
  let left = 0;
  return () => {
    for (;;) {
      if (left === 0) {
        word = stream.next();
        left = 32 / bits;
      } else word >>>= bits;
      left--;
      const value = (word & mask) >>> 0;
      if (value <= range) return value;
    }
  };
}

/** Two words a draw, the higher first. */
function wide(stream: MersenneTwister, range: number): () => number {
  const mask = maskOf(Math.floor(range / 2 ** 32));
  return () => {
    for (;;) {
      const high = (stream.next() & mask) >>> 0;
      const value = high * 2 ** 32 + stream.next();
      if (value <= range) return value;
    }
  };
}
