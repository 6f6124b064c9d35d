// Classes that are clusters about the corners of a cube, in features that are mixed, repeated and useless.

import { checkRandomState, type RandomState } from "../../src/random/random_state.js";
import { sampleWithoutReplacement } from "../../src/random/sample_without_replacement.js";
import { asarray } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import { checkParameter } from "../validation.js";
import { deliver, placement } from "./dataset.js";
import { checkCount, integers, type MakeOptions, numbers, order, repeated } from "./made.js";
import { classSamples } from "./samples.fold";

export interface ClassificationOptions extends MakeOptions {
  readonly nInformative?: number;
  /** How many features are combinations of the informative ones. */
  readonly nRedundant?: number;
  /** How many are copies of informative or redundant ones. The others are useless. */
  readonly nRepeated?: number;
  readonly nClasses?: number;
  readonly nClustersPerClass?: number;
  /** The shares of the classes; the last may be left out. All the same unless said. */
  readonly weights?: readonly number[];
  /** The share of samples whose class is drawn anew. */
  readonly flipY?: number;
  /** Half the side of the cube: how far the classes are apart. */
  readonly classSep?: number;
  /** Whether the clusters are at the corners of a cube, or of what is drawn. */
  readonly hypercube?: boolean;
  /** What is added to features: one number, one for each, or `null`, which draws them. */
  readonly shift?: number | readonly number[] | null;
  /** What features are multiplied by: one number, one for each, or `null`, which draws them. */
  readonly scale?: number | readonly number[] | null;
}

const what = "makeClassification";

/** All options, checked. */
function settings(options: ClassificationOptions) {
  const s = {
    nSamples: 100,
    nFeatures: 20,
    nInformative: 2,
    nRedundant: 2,
    nRepeated: 0,
    nClasses: 2,
    nClustersPerClass: 2,
    flipY: 0.01,
    classSep: 1,
    hypercube: true,
    shuffle: true,
    shift: 0 as number | readonly number[] | null,
    scale: 1 as number | readonly number[] | null,
    ...options,
  };
  for (const name of ["nSamples", "nFeatures", "nInformative", "nClasses", "nClustersPerClass"] as const)
    checkCount(s[name], what, name);
  for (const name of ["nRedundant", "nRepeated"] as const) checkCount(s[name], what, name, 0);
  checkParameter(s.flipY >= 0 && s.flipY <= 1, what, "flipY", "a number from 0 to 1", s.flipY);
  checkParameter(s.classSep > 0, what, "classSep", "a positive number", s.classSep);
  const said = s.nInformative + s.nRedundant + s.nRepeated;
  if (said > s.nFeatures)
    throw new BifoldError(
      "parameter",
      `${what}: informative, redundant and repeated features are ${said}, and there are ${s.nFeatures} features`,
    );
  const clusters = s.nClasses * s.nClustersPerClass;
  if (clusters > 2 ** s.nInformative)
    throw new BifoldError(
      "parameter",
      `${what}: ${s.nClasses} classes of ${s.nClustersPerClass} clusters are ${clusters}, more than the ${2 ** s.nInformative} corners of a cube of ${s.nInformative} informative features`,
    );
  return { ...s, useless: s.nFeatures - said, clusters };
}

type Settings = ReturnType<typeof settings>;

/** How many samples each cluster has. */
function sizes({ nSamples, nClasses, nClustersPerClass, clusters, weights }: Settings): number[] {
  if (weights && weights.length !== nClasses && weights.length !== nClasses - 1)
    throw new BifoldError(
      "parameter",
      `${what}: weights has ${weights.length} shares and there are ${nClasses} classes: give one for each, or leave out the last`,
    );
  const last = 1 - (weights ?? []).reduce((a, b) => a + b, 0);
  const shares = weights
    ? weights.length === nClasses
      ? weights
      : [...weights, last]
    : Array.from({ length: nClasses }, () => 1 / nClasses);
  checkParameter(
    shares.every((w) => w >= 0 && w <= 1),
    what,
    "weights",
    "shares from 0 to 1, of sum 1",
    weights,
  );
  const counts = Array.from({ length: clusters }, (_, k) =>
    Number.parseInt(String((nSamples * (shares[k % nClasses] ?? 0)) / nClustersPerClass), 10),
  );
  const missing = nSamples - counts.reduce((a, b) => a + b, 0);
  checkParameter(missing >= 0, what, "weights", "shares from 0 to 1, of sum 1", weights);
  return counts.map(
    (count, k) => count + (missing - (missing % clusters)) / clusters + (k < missing % clusters ? 1 : 0),
  );
}

/** `count` different corners of a cube of that many dimensions, as lists of 0 and 1. */
function corners(count: number, dimensions: number, random: RandomState): number[][] {
  if (dimensions > 30) {
    const front = random.randint(0, 2, count * (dimensions - 30));
    const back = corners(count, 30, random);
    return back.map((corner, k) => [...front.subarray(k * (dimensions - 30), (k + 1) * (dimensions - 30)), ...corner]);
  }
  return sampleWithoutReplacement(2 ** dimensions, count, random).map((number) =>
    Array.from({ length: dimensions }, (_, d) => (number >>> (dimensions - 1 - d)) & 1),
  );
}

/** One number for each feature. */
function forEach(given: number | readonly number[], p: number, name: string): readonly number[] {
  const list = typeof given === "number" ? Array.from({ length: p }, () => given) : given;
  if (list.length !== p)
    throw new BifoldError("shape", `${what}: ${name} has ${list.length} numbers and there are ${p} features`);
  return list;
}

/**
 * Samples `X`, `real[n, p]`, and their classes `y`, `i32[n]`: normal clusters about corners of a cube, mixed, with redundant, repeated and useless
 * features. The numbers are those that scikit-learn's make for the same `randomState`, within rounding. scikit-learn: `make_classification` (without
 * `return_X_y=False`). @throws {BifoldError} `parameter`, `shape`, `dtype`, `device`
 */
export async function makeClassification(
  options: ClassificationOptions = {},
): Promise<readonly [X: NDArray, y: NDArray]> {
  const s = settings(options);
  const { nSamples: n, nFeatures: p, nInformative: q, nRedundant: r, clusters, useless, classSep } = s;
  const counts = sizes(s);
  const where = await placement(options);
  const random = checkRandomState(options.randomState);
  return scope(async (own) => {
    const array = async (data: ArrayLike<number>, ...shape: number[]): Promise<NDArray> =>
      own(await asarray({ data, shape }, { dtype: "float64" }));
    const spread = (count: number): number[] => Array.from(random.uniform(0, 1, count), (u) => 2 * u - 1);

    let centroids = corners(clusters, q, random).map((corner) => corner.map((bit) => bit * (2 * classSep) - classSep));
    if (!s.hypercube) {
      const stretch = random.uniform(0, 1, clusters);
      const squeeze = random.uniform(0, 1, q);
      centroids = centroids.map((c, k) => c.map((x, l) => x * (stretch[k] ?? 0) * (squeeze[l] ?? 0)));
    }
    const draws = await array(random.standardNormal(n * q), n, q);
    const mixing = await array(spread(clusters * q * q), clusters, q, q);
    const combining = await array(spread(q * r), q, r);
    // Copies of features that come before them, rounded to the nearest.
    const copies = Array.from(random.uniform(0, 1, s.nRepeated), (u) =>
      Number.parseInt(String((q + r - 1) * u + 0.5), 10),
    );
    const noise = await array(random.standardNormal(n * useless), n, useless);

    const cluster = repeated(counts);
    const classes = cluster.map((k) => k % s.nClasses);
    const flips = random.uniform(0, 1, n);
    const flipped = classes.flatMap((_, i) => ((flips[i] ?? 0) < s.flipY ? [i] : []));
    const anew = random.randint(0, s.nClasses, flipped.length);
    for (const [k, i] of flipped.entries()) classes[i] = anew[k] ?? 0;

    const shift = s.shift === null ? spread(p).map((x) => x * classSep) : forEach(s.shift, p, "shift");
    const scale =
      s.scale === null ? Array.from(random.uniform(0, 1, p), (u) => 1 + 100 * u) : forEach(s.scale, p, "scale");
    const rows = order(n, s.shuffle, random);
    const columns = order(p, s.shuffle, random);
    const source = [...successive(0, q + r), ...copies, ...successive(q + r, useless)];
    const X = own(
      await classSamples(
        draws,
        mixing,
        await array(centroids.flat(), clusters, q),
        combining,
        noise,
        await integers(own, cluster),
        await integers(own, source),
        await numbers(own, shift),
        await numbers(own, scale),
        await integers(own, rows),
        await integers(own, columns),
      ),
    );
    const y = await integers(
      own,
      rows.map((i) => classes[i] ?? 0),
    );
    return [await deliver(own, X, where), own(await y.to(where.device))];
  });
}

const successive = (first: number, count: number): number[] => Array.from({ length: count }, (_, k) => first + k);
