// Arrays seen as the 32-bit words that their elements are made of: what only moves elements needs no kernel for each dtype.
import type { Dtype } from "../abi.js";
import { itemBytes } from "../runtime/dtype.js";
import { NDArray } from "../runtime/ndarray.js";

/** How many words an element has. */
export const wordsOf = (dtype: Dtype): number => itemBytes(dtype) / 4;

/** The same bytes as words in this shape, without a copy; to be disposed of on its own. */
export const asWords = (a: NDArray, shape: readonly number[]): NDArray => reinterpret(a, "uint32", shape);

/** The same bytes as elements of another type. Takes over `words`. */
export function fromWords(words: NDArray, dtype: Dtype, shape: readonly number[]): NDArray {
  const array = reinterpret(words, dtype, shape);
  words.dispose();
  return array;
}

function reinterpret(a: NDArray, dtype: Dtype, shape: readonly number[]): NDArray {
  const { storage } = a;
  storage.retain();
  return new NDArray(storage, dtype, shape);
}
