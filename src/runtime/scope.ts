// Scopes: what a call makes and does not return is freed when it ends, failures included.
import { NDArray } from "./ndarray.js";

/** Frees every array in `value` (an array, a list or a record of them, nested). */
export function disposeAll(value: unknown): void {
  for (const a of arraysIn(value)) a.dispose();
}

/** Every NDArray in a value, records and lists opened. */
export function arraysIn(value: unknown): NDArray[] {
  if (value instanceof NDArray) return [value];
  if (Array.isArray(value)) return value.flatMap(arraysIn);
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return Object.values(value).flatMap(arraysIn);
  return [];
}

/** Marks what a scope owns, and gives it back. */
export type Own = <T>(value: T) => T;

/**
 * Runs `body`; every array that it marked with `own` and that is not in what it returns is disposed of when it ends, however it ends.
 */
export async function scope<T>(body: (own: Own) => Promise<T>): Promise<T> {
  const owned = new Set<NDArray>();
  const own: Own = (value) => {
    for (const a of arraysIn(value)) owned.add(a);
    return value;
  };
  try {
    const result = await body(own);
    for (const a of arraysIn(result)) owned.delete(a);
    return result;
  } finally {
    for (const a of owned) a.dispose();
  }
}
