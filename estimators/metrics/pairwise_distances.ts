// Distances of all pairs of rows, and of rows side by side.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import { checkParameter } from "../validation.js";
import * as kernels from "./pairwise.fold";
import { checkNotNegative, checkPaired, checkPrecomputed, checkSides, type Sides } from "./pairwise_checks.js";

/** Distances by scikit-learn's names: `l2` is `euclidean`, `l1` and `cityblock` are `manhattan`. */
export const distanceNames = ["cityblock", "cosine", "euclidean", "l1", "l2", "manhattan", "sqeuclidean"] as const;
export type DistanceName = (typeof distanceNames)[number];

type Compute = (s: Sides) => Promise<NDArray>;

const metrics: Readonly<Record<DistanceName, Compute>> = {
  euclidean: ({ X, Y }) => kernels.euclideanDistances(X, Y, false),
  l2: ({ X, Y }) => kernels.euclideanDistances(X, Y, false),
  sqeuclidean: ({ X, Y }) => kernels.euclideanDistances(X, Y, true),
  manhattan: ({ X, Y }) => kernels.manhattanDistances(X, Y),
  l1: ({ X, Y }) => kernels.manhattanDistances(X, Y),
  cityblock: ({ X, Y }) => kernels.manhattanDistances(X, Y),
  cosine: ({ X, Y, same }) => kernels.cosineDistances(X, Y, same),
};

const pairedNames = ["cityblock", "cosine", "euclidean", "l1", "l2", "manhattan"] as const;
export type PairedDistanceName = (typeof pairedNames)[number];

const pairedMetrics: Readonly<Record<PairedDistanceName, (X: NDArray, Y: NDArray) => Promise<NDArray>>> = {
  euclidean: kernels.pairedEuclideanDistances,
  l2: kernels.pairedEuclideanDistances,
  manhattan: kernels.pairedManhattanDistances,
  l1: kernels.pairedManhattanDistances,
  cityblock: kernels.pairedManhattanDistances,
  cosine: kernels.pairedCosineDistances,
};

function checkMetric(metric: unknown, names: readonly string[], what: string): void {
  const found = typeof metric === "function" ? "a function" : metric;
  checkParameter(names.includes(metric as string), what, "metric", `one of ${names.join(", ")}`, found);
}

const distancesOf = (metric: DistanceName, X: ArrayInput, Y: ArrayInput | undefined, what: string): Promise<NDArray> =>
  scope(async (own) => metrics[metric](await checkSides(own, X, Y, what)));

/**
 * Euclidean distances of the rows of `X`, `real[n, p]`, and those of `Y`, `real[m, p]` (of `X` unless said), or their squares: `real[n, m]`, where `X`
 * is. They are computed from differences, in double precision on the CPU: those of near rows, far from the origin too, are as exact as others.
 * scikit-learn: `euclidean_distances` (which takes norms that are known; there is no need of them here).
 * @throws {BifoldError} `shape`, `empty`, `not-finite`, `device`
 */
export const euclideanDistances = (
  X: ArrayInput,
  Y?: ArrayInput,
  { squared = false }: { readonly squared?: boolean } = {},
): Promise<NDArray> => distancesOf(squared ? "sqeuclidean" : "euclidean", X, Y, "euclideanDistances");

/** Sums of the magnitudes of differences; see `euclideanDistances`. scikit-learn: `manhattan_distances`. */
export const manhattanDistances = (X: ArrayInput, Y?: ArrayInput): Promise<NDArray> =>
  distancesOf("manhattan", X, Y, "manhattanDistances");

/**
 * One minus the cosines of the angles between rows, computed from the differences of the directions; 1 for rows of zeros; see `euclideanDistances`.
 * scikit-learn: `cosine_distances`.
 */
export const cosineDistances = (X: ArrayInput, Y?: ArrayInput): Promise<NDArray> =>
  distancesOf("cosine", X, Y, "cosineDistances");

/**
 * The distance `metric` (`euclidean` unless said) of the rows of `X` and those of `Y`, `real[n, m]`. Of `precomputed` distances what comes back is `X`
 * itself. scikit-learn: `pairwise_distances` (without SciPy's other metrics and functions of two rows).
 * @throws {BifoldError} `shape`, `empty`, `not-finite`, `device`, `parameter`
 */
export const pairwiseDistances = (
  X: ArrayInput,
  Y?: ArrayInput,
  { metric = "euclidean" }: { readonly metric?: DistanceName | "precomputed" } = {},
): Promise<NDArray> => {
  const what = "pairwiseDistances";
  return scope(async (own) => {
    checkMetric(metric, [...distanceNames, "precomputed"], what);
    if (metric !== "precomputed") return metrics[metric](await checkSides(own, X, Y, what));
    const D = await checkPrecomputed(own, X, Y, what);
    await checkNotNegative(D, what, "X");
    return D;
  });
};

/**
 * The row of `Y` that is nearest to each row of `X`, `int32[n]`, the first of several; with `axis` 0, the row of `X` nearest to each of `Y`. The
 * distances are there all at once, `real[n, m]`. scikit-learn: `pairwise_distances_argmin`.
 * @throws {BifoldError} `shape`, `empty`, `not-finite`, `device`, `parameter`
 */
export const pairwiseDistancesArgmin = (
  X: ArrayInput,
  Y: ArrayInput,
  { axis = 1, metric = "euclidean" }: { readonly axis?: 0 | 1; readonly metric?: DistanceName } = {},
): Promise<NDArray> => {
  const what = "pairwiseDistancesArgmin";
  return scope(async (own) => {
    checkMetric(metric, distanceNames, what);
    checkParameter(axis === 0 || axis === 1, what, "axis", "0 or 1", axis);
    // Roots are nearest where squares are, and may be equal where those differ.
    const ordered = metric === "euclidean" || metric === "l2" ? "sqeuclidean" : metric;
    const D = own(await metrics[ordered](await checkSides(own, X, Y, what)));
    return axis === 1 ? kernels.leastOfRows(D) : kernels.leastOfColumns(D);
  });
};

const pairedOf = (metric: PairedDistanceName, X: ArrayInput, Y: ArrayInput, what: string): Promise<NDArray> =>
  scope(async (own) => {
    checkMetric(metric, Object.keys(pairedMetrics), what);
    const sides = await checkPaired(own, X, Y, what);
    return pairedMetrics[metric](sides.X, sides.Y);
  });

/**
 * The Euclidean distance of each row of `X`, `real[n, p]`, and that of `Y`, `real[n, p]`: `real[n]`. scikit-learn: `paired_euclidean_distances`.
 * @throws {BifoldError} `shape`, `empty`, `not-finite`, `device`
 */
export const pairedEuclideanDistances = (X: ArrayInput, Y: ArrayInput): Promise<NDArray> =>
  pairedOf("euclidean", X, Y, "pairedEuclideanDistances");

/** Sums of the magnitudes of differences; see `pairedEuclideanDistances`. scikit-learn: `paired_manhattan_distances`. */
export const pairedManhattanDistances = (X: ArrayInput, Y: ArrayInput): Promise<NDArray> =>
  pairedOf("manhattan", X, Y, "pairedManhattanDistances");

/** Half the squared distances of rows made as long as 1, but for rows of zeros; see `pairedEuclideanDistances`. scikit-learn: `paired_cosine_distances`. */
export const pairedCosineDistances = (X: ArrayInput, Y: ArrayInput): Promise<NDArray> =>
  pairedOf("cosine", X, Y, "pairedCosineDistances");

/** The distance `metric` (`euclidean` unless said); see `pairedEuclideanDistances`. scikit-learn: `paired_distances`. @throws {BifoldError} and `parameter` */
export const pairedDistances = (
  X: ArrayInput,
  Y: ArrayInput,
  { metric = "euclidean" }: { readonly metric?: PairedDistanceName } = {},
): Promise<NDArray> => pairedOf(metric, X, Y, "pairedDistances");
