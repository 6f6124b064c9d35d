// Arrays of any dtype under other shapes, in other orders, over again: elements are moved, not changed.
import { type ArrayInput, asarray } from "../runtime/asarray.js";
import { BifoldError } from "../runtime/errors.js";
import { describeArray, type NDArray } from "../runtime/ndarray.js";
import { scope } from "../runtime/scope.js";
import { around, axisOf, product } from "./axes.js";
import { concatRuns, takeRows } from "./indexing.js";
import { chooseWords, repeatWords, steps, swapWords, takeWords } from "./moving.fold";
import { asWords, fromWords, wordsOf } from "./words.js";

/** `x` under another shape; one size may be -1. */
export const reshape = async (x: NDArray, shape: readonly number[]): Promise<NDArray> => x.reshape(shape);

/** With an axis of size 1 at `axis`. */
export async function expandDims(x: NDArray, { axis = 0 }: { readonly axis?: number } = {}): Promise<NDArray> {
  const at = axisOf("expandDims", axis, x.ndim + 1);
  return x.reshape([...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}

/** Without the axis, which must be of size 1. */
export async function squeeze(x: NDArray, axis: number): Promise<NDArray> {
  const at = axisOf("squeeze", axis, x.ndim);
  if (x.shape[at] !== 1)
    throw new BifoldError("shape", `squeeze: axis ${axis} of ${describeArray(x)} is not of size 1`);
  return x.reshape(x.shape.filter((_, k) => k !== at));
}

/** Two neighbouring groups of axes in each other's place; `sizes` are those before, of the two, and after. */
async function swap(x: NDArray, sizes: readonly [number, number, number, number], shape: readonly number[]) {
  const [outer, n, m, inner] = sizes;
  return scope(async (own) => {
    const words = own(asWords(x, [outer, n, m, inner * wordsOf(x.dtype)]));
    return fromWords(await swapWords(words), x.dtype, shape);
  });
}

/** The axes in another order. NumPy: `transpose`. @throws {BifoldError} `parameter` unless `axes` has each axis once */
export async function permuteDims(x: NDArray, axes: readonly number[]): Promise<NDArray> {
  const wanted = axes.map((a) => axisOf("permuteDims", a, x.ndim));
  if (wanted.length !== x.ndim || new Set(wanted).size !== x.ndim)
    throw new BifoldError("parameter", `permuteDims: axes [${axes.join(", ")}] are not those of ${describeArray(x)}`);
  return scope(async (own) => {
    let now = x.share();
    let order = x.shape.map((_, k) => k);
    for (const [at, axis] of wanted.entries()) {
      const from = order.indexOf(axis);
      if (from === at) continue;
      const next = [...order.slice(0, at), axis, ...order.slice(at).filter((k) => k !== axis)];
      const { shape } = now;
      const sizes = [
        product(shape.slice(0, at)),
        product(shape.slice(at, from)),
        shape[from] ?? 1,
        product(shape.slice(from + 1)),
      ] as const;
      own(now);
      now = await swap(
        now,
        sizes,
        next.map((k) => x.shape[k] ?? 1),
      );
      order = next;
    }
    return now;
  });
}

/** A matrix with rows and columns exchanged. @throws {BifoldError} `shape` unless it is a matrix */
export async function matrixTranspose(x: NDArray): Promise<NDArray> {
  const [n, m] = x.shape;
  if (n === undefined || m === undefined || x.ndim !== 2)
    throw new BifoldError("shape", `matrixTranspose takes one matrix, found ${describeArray(x)}`);
  return swap(x, [1, n, m, 1], [m, n]);
}

/** Arrays of one dtype one after another along an axis. @throws {BifoldError} `empty`, `shape`, `dtype`, `device` */
export async function concat(
  arrays: readonly NDArray[],
  { axis = 0 }: { readonly axis?: number } = {},
): Promise<NDArray> {
  const [first] = arrays;
  if (!first) throw new BifoldError("empty", "concat: there is no array in the list, and at least 1 is needed");
  const at = axisOf("concat", axis, first.ndim);
  for (const a of arrays)
    if (a.ndim !== first.ndim || a.shape.some((d, k) => k !== at && d !== first.shape[k]))
      throw new BifoldError(
        "shape",
        `concat: ${describeArray(first)} and ${describeArray(a)} differ besides axis ${axis}`,
      );
  const joined = arrays.reduce((sum, a) => sum + (a.shape[at] ?? 0), 0);
  const shape = first.shape.map((d, k) => (k === at ? joined : d));
  return concatRuns("concat", arrays, product(shape.slice(0, at)), shape);
}

/** Arrays of one shape and dtype along a new axis. @throws {BifoldError} `empty`, `shape`, `dtype`, `device` */
export async function stack(
  arrays: readonly NDArray[],
  { axis = 0 }: { readonly axis?: number } = {},
): Promise<NDArray> {
  return scope(async (own) => {
    const at = axisOf("stack", axis, (arrays[0]?.ndim ?? 0) + 1);
    const apart = await Promise.all(arrays.map(async (a) => own(await expandDims(a, { axis: at }))));
    return concat(apart, { axis: at });
  });
}

/** The elements at `indices` of an axis. @throws {BifoldError} `R02` for an index out of range */
export async function take(
  x: NDArray,
  indices: ArrayInput,
  { axis = 0 }: { readonly axis?: number } = {},
): Promise<NDArray> {
  const at = axisOf("take", axis, x.ndim);
  const [outer, n, inner] = around(x.shape, at);
  return scope(async (own) => {
    if (outer === 1) {
      const rows = own(x.reshape([n, inner]));
      const taken = own(await takeRows(rows, indices));
      return taken.reshape(x.shape.map((d, k) => (k === at ? (taken.shape[0] ?? 0) : d)));
    }
    const words = own(asWords(x, [outer, n, inner * wordsOf(x.dtype)]));
    const taken = await takeWords(words, indices);
    const m = taken.shape[1] ?? 0;
    return fromWords(
      taken,
      x.dtype,
      x.shape.map((d, k) => (k === at ? m : d)),
    );
  });
}

/** The elements `start`, `start + step`, … (`count` of them) of an axis. */
export async function slice(x: NDArray, axis: number, start: number, count: number, step = 1): Promise<NDArray> {
  return scope(async (own) => take(x, own(await steps(count, start, step, { device: x.device })), { axis }));
}

/** The elements of an axis in reverse; of all axes, unless one is named. */
export async function flip(x: NDArray, { axis }: { readonly axis?: number } = {}): Promise<NDArray> {
  return scope(async (own) => {
    let now = x.share();
    for (const k of axis === undefined ? x.shape.keys() : [axisOf("flip", axis, x.ndim)]) {
      const n = x.shape[k] ?? 0;
      own(now);
      now = await slice(now, k, n - 1, n, -1);
    }
    return now;
  });
}

/** Runs of `run` elements, each `times` times. */
async function again(x: NDArray, run: number, times: number, shape: readonly number[]): Promise<NDArray> {
  return scope(async (own) => {
    const words = own(asWords(x, [run === 0 ? 0 : x.size / run, run * wordsOf(x.dtype)]));
    return fromWords(await repeatWords(words, times), x.dtype, shape);
  });
}

/** Each element of an axis `times` times. */
export async function repeat(
  x: NDArray,
  times: number,
  { axis = 0 }: { readonly axis?: number } = {},
): Promise<NDArray> {
  const at = axisOf("repeat", axis, x.ndim);
  const [, , inner] = around(x.shape, at);
  return again(
    x,
    inner,
    times,
    x.shape.map((d, k) => (k === at ? d * times : d)),
  );
}

/** `x` again and again along each axis. NumPy: `tile`. */
export async function tile(x: NDArray, repetitions: readonly number[]): Promise<NDArray> {
  const rank = Math.max(x.ndim, repetitions.length);
  const padded = [...Array<number>(rank - x.ndim).fill(1), ...x.shape];
  const times = [...Array<number>(rank - repetitions.length).fill(1), ...repetitions];
  return scope(async (own) => {
    let now = x.reshape(padded);
    for (const [k, t] of times.entries()) {
      if (t === 1) continue;
      own(now);
      const shape = now.shape.map((d, j) => (j === k ? d * t : d));
      now = await again(now, product(now.shape.slice(k)), t, shape);
    }
    return now;
  });
}

/** The shape that arrays of these shapes share, sizes of 1 stretched. @throws {BifoldError} `shape` where they don't fit */
export function broadcastShapes(what: string, shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((s) => s.length));
  return Array.from({ length: rank }, (_, k) => {
    const sizes = shapes.map((s) => s[s.length - rank + k] ?? 1);
    const size = sizes.find((d) => d !== 1) ?? 1;
    if (sizes.some((d) => d !== 1 && d !== size))
      throw new BifoldError(
        "shape",
        `${what}: shapes ${shapes.map((s) => `[${s.join(", ")}]`).join(" and ")} do not fit together`,
      );
    return size;
  });
}

/** `x` with its axes of size 1 stretched to `shape`. @throws {BifoldError} `shape` where that can't be */
export async function broadcastTo(x: NDArray, shape: readonly number[]): Promise<NDArray> {
  const found = broadcastShapes("broadcastTo", [x.shape, shape]);
  if (found.length !== shape.length || found.some((d, k) => d !== shape[k]))
    throw new BifoldError("shape", `broadcastTo: ${describeArray(x)} does not stretch to [${shape.join(", ")}]`);
  const padded = [...Array<number>(shape.length - x.ndim).fill(1), ...x.shape];
  return tile(
    x,
    shape.map((d, k) => (padded[k] === d ? 1 : d)),
  );
}

/**
 * Elements of `x1` where `condition` (a `bool` array) holds, elsewhere those of `x2`; shapes are stretched to fit.
 * @throws {BifoldError} `shape`, `dtype`, `device`
 */
export async function where(condition: NDArray, x1: NDArray, x2: NDArray): Promise<NDArray> {
  if (x1.dtype !== x2.dtype)
    throw new BifoldError("dtype", `where needs one dtype: found ${describeArray(x1)} and ${describeArray(x2)}`);
  const shape = broadcastShapes("where", [condition.shape, x1.shape, x2.shape]);
  return scope(async (own) => {
    const flat = own(own(await broadcastTo(condition, shape)).reshape([-1]));
    const words = [flat.size, wordsOf(x1.dtype)];
    const [a, b] = [own(await broadcastTo(x1, shape)), own(await broadcastTo(x2, shape))];
    const chosen = await chooseWords(flat, own(asWords(a, words)), own(asWords(b, words)));
    return fromWords(chosen, x1.dtype, shape);
  });
}

/** An array of one number, in a shape. */
export async function full(
  shape: readonly number[],
  value: number | boolean,
  options: Parameters<typeof asarray>[1] = {},
): Promise<NDArray> {
  return scope(async (own) => broadcastTo(own(await asarray(value, options)), shape));
}
