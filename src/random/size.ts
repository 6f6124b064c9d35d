// How many draws are made, and what they come back in: a number, a typed array, or one with its shape.
import { BifoldError } from "../runtime/errors.js";

/** A number of draws, or the shape of an array of them. */
export type Size = number | readonly number[];

/** Draws in row-major order, with their shape: `asarray` takes it. */
export interface Drawn<A> {
  readonly data: A;
  readonly shape: readonly number[];
}

/** What comes back for a size: one draw for none, an array for a number, an array with its shape for a shape. */
export type Sized<S extends Size | undefined, One, Many> = S extends number
  ? Many
  : S extends readonly number[]
    ? Drawn<Many>
    : One;

/**
 * The draws that `size` asks for; `many` makes a flat array of as many.
 * @throws {BifoldError} `parameter` where a size is not a whole number from 0 on
 */
export function sized<S extends Size | undefined, One, Many>(
  size: S,
  one: () => One,
  many: (count: number) => Many,
): Sized<S, One, Many> {
  // The type follows `size`, which the compiler can't see through its checks.
  if (size === undefined) return one() as Sized<S, One, Many>;
  const shape: readonly number[] = typeof size === "number" ? [size] : size;
  for (const d of shape)
    if (!Number.isInteger(d) || d < 0)
      throw new BifoldError("parameter", `a size must be a whole number from 0 on, found ${d}`);
  const data = many(shape.reduce((n, d) => n * d, 1));
  return (typeof size === "number" ? data : { data, shape }) as Sized<S, One, Many>;
}
