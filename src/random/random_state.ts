// NumPy's legacy RandomState: the same draws for the same seed, so that results can be held against scikit-learn's.
import { BifoldError } from "../runtime/errors.js";
import { checkProbabilities, differentPlaces, places } from "./choice.js";
import { type IntegerArray, type IntegerDtype, integerArray, integers, upTo } from "./integers.js";
import { MersenneTwister } from "./mt19937.js";
import { type Size, type Sized, sized } from "./size.js";

/** What an estimator takes as `randomState`: a seed, a stream that goes on, or nothing (a fresh seed). */
export type RandomSource = number | RandomState | undefined;

/** What can be shuffled in place. */
export type Shuffled = unknown[] | Int32Array | Uint32Array | Float32Array | Float64Array;

/** Where a stream stands, as NumPy's `get_state` tells it. */
export interface RandomStateState {
  /** The 624 words of the Mersenne Twister. */
  readonly key: Uint32Array;
  /** How many of them are used. */
  readonly pos: number;
  /** The second of a pair of normals, where only the first was drawn. */
  readonly gauss: number | undefined;
}

/**
 * Draws as `numpy.random.RandomState(seed)` makes them: integers, uniforms, permutations and choices bit for bit, normals within 4 ULP (the logarithms
 * of engines differ). `size` is nothing for one draw, a number for a typed array, or a shape for `{ data, shape }`, which `asarray` takes.
 */
export class RandomState {
  private readonly stream: MersenneTwister;
  /** The second of a pair of normals. */
  private spare: number | undefined;

  /** @throws {BifoldError} `parameter` unless `seed` is an integer from 0 to 2^32 - 1, or a list of such that is not empty */
  constructor(seed: number | readonly number[]) {
    const list = typeof seed === "number" ? [seed] : seed;
    const wrong = list.find((s) => !Number.isInteger(s) || s < 0 || s > 0xffffffff);
    if (list.length === 0 || wrong !== undefined)
      throw new BifoldError(
        "parameter",
        `a seed must be an integer from 0 to ${0xffffffff}, or a list of such, found ${wrong ?? "an empty list"}`,
      );
    this.stream = new MersenneTwister(seed);
  }

  /** Uniform on [0, 1), with 53 bits. NumPy: `random_sample`. @throws {BifoldError} `parameter` for a wrong size */
  randomSample<S extends Size | undefined = undefined>(size?: S): Sized<S, number, Float64Array> {
    return this.doubles(size as S, () => this.unit());
  }

  /** Uniform on [low, high). NumPy: `uniform`. @throws {BifoldError} `parameter` for a wrong size, or bounds that are not finite */
  uniform<S extends Size | undefined = undefined>(low = 0, high = 1, size?: S): Sized<S, number, Float64Array> {
    const range = high - low;
    if (!Number.isFinite(range))
      throw new BifoldError("parameter", `uniform needs bounds that are finite, found ${low} and ${high}`);
    return this.doubles(size as S, () => low + range * this.unit());
  }

  /** Of mean 0 and standard deviation 1. NumPy: `standard_normal`. @throws {BifoldError} `parameter` for a wrong size */
  standardNormal<S extends Size | undefined = undefined>(size?: S): Sized<S, number, Float64Array> {
    return this.doubles(size as S, () => this.gauss());
  }

  /** Of mean `loc` and standard deviation `scale`. NumPy: `normal`. @throws {BifoldError} `parameter` for a wrong size, or a negative scale */
  normal<S extends Size | undefined = undefined>(loc = 0, scale = 1, size?: S): Sized<S, number, Float64Array> {
    if (!(scale >= 0)) throw new BifoldError("parameter", `normal needs a scale that is not negative, found ${scale}`);
    return this.doubles(size as S, () => loc + scale * this.gauss());
  }

  /** `standardNormal` of these dimensions. NumPy: `randn`. @throws {BifoldError} `parameter` for a wrong size */
  randn(): number;
  randn(count: number): Float64Array;
  randn(...shape: readonly number[]): Sized<readonly number[], number, Float64Array>;
  randn(...shape: readonly number[]): unknown {
    return this.standardNormal(shape.length > 1 ? shape : shape[0]);
  }

  /**
   * Uniform on the integers `low <= k < high`, or below `low` where `high` is not given. Arrays are of `dtype`, `int32` unless said, which draws what
   * NumPy's default `int64` draws. NumPy: `randint`.
   * @throws {BifoldError} `parameter` where there are none, where the type does not have them, and for a wrong size
   */
  randint<S extends Size | undefined = undefined, D extends IntegerDtype = "int32">(
    low: number,
    high?: number,
    size?: S,
    dtype?: D,
  ): Sized<S, number, IntegerArray<D>> {
    const [from, to] = high === undefined ? [0, low] : [low, high];
    const draw = integers(this.stream, from, to, dtype ?? (size === undefined ? "int64" : "int32"));
    return sized(size as S, draw, (count) => {
      const out = integerArray(dtype ?? ("int32" as D), count);
      for (let k = 0; k < count; k++) out[k] = draw();
      return out;
    });
  }

  /** Puts a list or a typed array in a random order (Fisher and Yates, from the end). NumPy: `shuffle`. */
  shuffle(values: Shuffled): void {
    for (let k = values.length - 1; k > 0; k--) {
      const other = upTo(this.stream, k);
      const held = values[k];
      values[k] = values[other];
      values[other] = held;
    }
  }

  /** The integers below `n`, or a copy of a list or a typed array, in a random order. NumPy: `permutation`. @throws {BifoldError} `parameter` for a wrong `n` */
  permutation(n: number): Int32Array;
  permutation<A extends Exclude<Shuffled, unknown[]>>(values: A): A;
  permutation<T>(values: readonly T[]): T[];
  permutation(given: number | Shuffled | readonly unknown[]): Shuffled {
    const copy: Shuffled =
      typeof given === "number"
        ? Int32Array.from({ length: checkCount(given) }, (_, k) => k)
        : (given.slice() as Shuffled);
    this.shuffle(copy);
    return copy;
  }

  /**
   * Drawn from the integers below `from`, or from a list: with or without `replace`, by probabilities `p` or evenly. NumPy: `choice`.
   * @throws {BifoldError} `parameter` where there is nothing to draw, or not enough of it, and for probabilities that are none
   */
  choice<S extends Size | undefined = undefined>(
    from: number,
    size?: S,
    replace?: boolean,
    p?: readonly number[],
  ): Sized<S, number, Int32Array>;
  choice<T, S extends Size | undefined = undefined>(
    from: readonly T[],
    size?: S,
    replace?: boolean,
    p?: readonly number[],
  ): Sized<S, T, T[]>;
  choice(from: number | readonly unknown[], size?: Size, replace = true, p?: readonly number[]): unknown {
    const n = typeof from === "number" ? checkCount(from) : from.length;
    if (n === 0) throw new BifoldError("parameter", "choice: there is nothing to choose from");
    if (p) checkProbabilities(p, n);
    const draw = (count: number): ArrayLike<number> => this.chosen(n, count, replace, p);
    const pick = (at: number): unknown => (typeof from === "number" ? at : from[at]);
    return sized(
      size,
      () => pick(draw(1)[0] ?? 0),
      (count) => (typeof from === "number" ? Int32Array.from(draw(count)) : Array.from(draw(count), pick)),
    );
  }

  /** Where the stream stands. NumPy: `get_state`. */
  getState(): RandomStateState {
    return { ...this.stream.position, gauss: this.spare };
  }

  /** Goes on from where another stream stood. NumPy: `set_state`. @throws {BifoldError} `parameter` for what is no such state */
  setState({ key, pos, gauss }: RandomStateState): void {
    const words = key instanceof Uint32Array && key.length === 624;
    if (!words || !Number.isInteger(pos) || pos < 0 || pos > 624 || !(gauss === undefined || Number.isFinite(gauss)))
      throw new BifoldError(
        "parameter",
        "a state of a RandomState must have 624 words (a Uint32Array), a position from 0 to 624, and a finite gauss or none",
      );
    this.stream.position = { key, pos };
    this.spare = gauss;
  }

  /** A stream of its own that stands where this one does. */
  copy(): RandomState {
    const other = new RandomState(0);
    other.setState(this.getState());
    return other;
  }

  private chosen(n: number, count: number, replace: boolean, p: readonly number[] | undefined): ArrayLike<number> {
    if (replace) return p ? places(p, this.randomSample(count)) : this.randint(0, n, count);
    if (count > n)
      throw new BifoldError("parameter", `choice: ${count} different ones are asked for, and there are only ${n}`);
    return p ? differentPlaces(p, count, (k) => this.randomSample(k)) : this.permutation(n).subarray(0, count);
  }

  private doubles<S extends Size | undefined>(size: S, draw: () => number): Sized<S, number, Float64Array> {
    return sized(size, draw, (count) => {
      const out = new Float64Array(count);
      for (let k = 0; k < count; k++) out[k] = draw();
      return out;
    });
  }

  private unit(): number {
    const high = this.stream.next() >>> 5;
    const low = this.stream.next() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** The polar method (Marsaglia and Bray 1964): two at a time, the second first. */
  private gauss(): number {
    const { spare } = this;
    this.spare = undefined;
    if (spare !== undefined) return spare;
    for (;;) {
      const x = 2 * this.unit() - 1;
      const y = 2 * this.unit() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.spare = factor * x;
      return factor * y;
    }
  }
}

function checkCount(n: number): number {
  if (!Number.isInteger(n) || n < 0 || n > 2 ** 31)
    throw new BifoldError("parameter", `a count must be a whole number from 0 to 2^31, found ${n}`);
  return n;
}

/** scikit-learn's `check_random_state`: a stream from what a user gave. */
export function checkRandomState(source: RandomSource): RandomState {
  if (source instanceof RandomState) return source;
  return new RandomState(source ?? Math.floor(Math.random() * 2 ** 32));
}
