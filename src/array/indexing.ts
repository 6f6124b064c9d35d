// Rows by their index, and arrays side by side: of any dtype, where they live.
import { type ArrayInput, asarray } from "../runtime/asarray.js";
import { BifoldError } from "../runtime/errors.js";
import { describeArray, type NDArray } from "../runtime/ndarray.js";
import { type Own, scope } from "../runtime/scope.js";
import { concatFour, concatTwo, takeRowWords } from "./indexing.fold";
import { asWords, fromWords, wordsOf } from "./words.js";

/**
 * The rows of `X` (of rank 1 or 2, any dtype) whose indices are in `rows`: an `int32[m]` on X's device, or a list of integers. In that order; a row may
 * be taken more than once. NumPy: `X[rows]`.
 * @throws {BifoldError} `shape` for another rank, `device`, `dtype`; `R02` for an index that is negative or not below the number of rows
 */
export async function takeRows(X: NDArray, rows: ArrayInput): Promise<NDArray> {
  const [n, p] = X.shape;
  if (n === undefined || X.ndim > 2)
    throw new BifoldError("shape", `takeRows: X must have one or two dimensions, found ${describeArray(X)}`);
  return scope(async (own) => {
    const words = own(asWords(X, [n, (p ?? 1) * wordsOf(X.dtype)]));
    const taken = await takeRowWords(words, rows);
    const m = taken.shape[0] ?? 0;
    return fromWords(taken, X.dtype, p === undefined ? [m] : [m, p]);
  });
}

/**
 * Matrices of one dtype on one device, side by side. NumPy: `hstack`.
 * @throws {BifoldError} `empty` for no matrix, `shape` where ranks or numbers of rows differ, `dtype`, `device`
 */
export async function concatColumns(matrices: readonly NDArray[]): Promise<NDArray> {
  const [first] = matrices;
  if (!first) throw new BifoldError("empty", "concatColumns: there is no matrix in the list, and at least 1 is needed");
  const rows = first.shape[0] ?? 0;
  matrices.forEach((a, k) => {
    if (a.ndim !== 2)
      throw new BifoldError("shape", `concatColumns: matrix ${k} must have two dimensions, found ${describeArray(a)}`);
    if (a.shape[0] !== rows)
      throw new BifoldError(
        "shape",
        `concatColumns: matrix 0 is ${describeArray(first)} and matrix ${k} is ${describeArray(a)}: they must have as many rows`,
      );
  });
  return concatRuns("concatColumns", matrices, rows, [rows, matrices.reduce((sum, a) => sum + (a.shape[1] ?? 0), 0)]);
}

/**
 * Arrays of one dtype on one device, each seen as `outer` runs of equal length: the runs of all of them one after another, under `shape`.
 * @throws {BifoldError} `dtype`, `device` where the arrays differ
 */
export async function concatRuns(
  what: string,
  arrays: readonly NDArray[],
  outer: number,
  shape: readonly number[],
): Promise<NDArray> {
  const [first] = arrays;
  if (!first) throw new BifoldError("empty", `${what}: there is no array in the list, and at least 1 is needed`);
  const { dtype } = first;
  arrays.forEach((a, k) => {
    if (a.dtype !== dtype)
      throw new BifoldError(
        "dtype",
        `${what} needs one dtype: array 0 is ${describeArray(first)}, array ${k} is ${describeArray(a)}. Convert one with \`await asarray(a, { dtype: "${dtype}" })\``,
      );
    if (a.device !== first.device)
      throw new BifoldError(
        "device",
        `${what} needs its arrays on one device: array 0 is on ${first.device.name}, array ${k} on ${a.device.name}. Move one with \`await a.to("${first.device.kind}")\``,
      );
  });
  return scope(async (own) => {
    const runs = arrays.map((a) => own(asWords(a, [outer, outer === 0 ? 0 : (a.size / outer) * wordsOf(dtype)])));
    const none = own(await asarray(new Uint32Array(0), { shape: [outer, 0], device: first.device }));
    return fromWords(await joinRuns(own, runs, none), dtype, shape);
  });
}

/** Matrices of words side by side: up to four at once, then what came of these. */
async function joinRuns(own: Own, runs: readonly NDArray[], none: NDArray): Promise<NDArray> {
  const [a = none, b, c, d = none] = runs;
  if (b === undefined) return a.share();
  if (c === undefined) return concatTwo(a, b);
  if (runs.length <= 4) return concatFour(a, b, c, d);
  const joined: NDArray[] = [];
  for (let k = 0; k < runs.length; k += 4) joined.push(own(await joinRuns(own, runs.slice(k, k + 4), none)));
  return joinRuns(own, joined, none);
}
