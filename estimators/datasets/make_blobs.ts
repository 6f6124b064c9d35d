// Normal clouds about centres, for clustering.

import { checkRandomState } from "../../src/random/random_state.js";
import { type ArrayInput, asarray } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import { checkMatrix, checkParameter } from "../validation.js";
import { deliver, placement } from "./dataset.js";
import { checkCount, integers, type MakeOptions, numbers, order, repeated, shared } from "./made.js";
import { blobSamples } from "./samples.fold";

export interface BlobsOptions extends Omit<MakeOptions, "nSamples"> {
  /** How many samples, shared evenly among the centres (100 unless said), or how many about each. */
  readonly nSamples?: number | readonly number[];
  /** How many centres (3 unless said), or where they are, `real[k, p]`. */
  readonly centers?: number | ArrayInput;
  /** The standard deviation about each centre: one number (1 unless said), or one for each. */
  readonly clusterStd?: number | readonly number[];
  /** Where centres are drawn. */
  readonly centerBox?: readonly [low: number, high: number];
}

/**
 * Samples `X`, `real[n, p]`, normal about centres, the number `y` of the centre of each, `i32[n]`, and with `returnCenters` the centres, `real[k, p]`.
 * The numbers are those that scikit-learn's make for the same `randomState`, within some ULP. scikit-learn: `make_blobs`.
 * @throws {BifoldError} `parameter`, `shape`, `dtype`, `device`
 */
export function makeBlobs(
  options: BlobsOptions & { readonly returnCenters: true },
): Promise<readonly [X: NDArray, y: NDArray, centers: NDArray]>;
export function makeBlobs(
  options?: BlobsOptions & { readonly returnCenters?: false },
): Promise<readonly [X: NDArray, y: NDArray]>;
export async function makeBlobs(
  options: BlobsOptions & { readonly returnCenters?: boolean } = {},
): Promise<readonly NDArray[]> {
  const what = "makeBlobs";
  const { nSamples = 100, centers, clusterStd = 1, centerBox: [low, high] = [-10, 10], shuffle = true } = options;
  const { nFeatures = 2, randomState, returnCenters = false } = options;
  const where = await placement(options);
  const random = checkRandomState(randomState);
  checkCount(nFeatures, what, "nFeatures");
  return scope(async (own) => {
    const drawn = centers === undefined || typeof centers === "number";
    const wanted = typeof nSamples === "number" ? (drawn ? (centers ?? 3) : undefined) : nSamples.length;
    if (wanted !== undefined) checkCount(wanted, what, typeof nSamples === "number" ? "centers" : "nSamples");
    if (typeof centers === "number" && typeof nSamples !== "number")
      throw new BifoldError(
        "parameter",
        `${what}: nSamples says how many are about each of its ${wanted} centres, and centers is the number ${centers}: leave it out, or say where they are`,
      );
    const middle = drawn
      ? own(await asarray(random.uniform(low, high, [wanted ?? 0, nFeatures]), { dtype: "float64" }))
      : await checkMatrix(own, own(await cpuDoubles(centers)), what, { name: "centers" });
    const [k = 0, p = 0] = middle.shape;
    if (typeof nSamples !== "number" && nSamples.length !== k)
      throw new BifoldError("shape", `${what}: nSamples has ${nSamples.length} numbers and there are ${k} centers`);
    const stds = typeof clusterStd === "number" ? Array.from({ length: k }, () => clusterStd) : clusterStd;
    if (stds.length !== k)
      throw new BifoldError("shape", `${what}: clusterStd has ${stds.length} numbers and there are ${k} centers`);
    checkParameter(
      stds.every((s) => s >= 0),
      what,
      "clusterStd",
      "not negative",
      clusterStd,
    );
    const counts = typeof nSamples === "number" ? shared(nSamples, k) : nSamples;
    for (const count of counts) checkCount(count, what, "nSamples", 0);
    const labels = repeated(counts);
    checkCount(labels.length, what, "nSamples");
    const draws = own(await asarray(random.standardNormal([labels.length, p])));
    const rows = await integers(own, order(labels.length, shuffle, random));
    const { X, y } = own(await blobSamples(draws, middle, await numbers(own, stds), await integers(own, labels), rows));
    const placed = [await deliver(own, X, where), own(await y.to(where.device))];
    return returnCenters ? [...placed, await deliver(own, middle, where)] : placed;
  });
}

/** An array of its own, in double precision on the CPU. */
async function cpuDoubles(input: ArrayInput): Promise<NDArray> {
  const made = await asarray(input, { device: "cpu", dtype: "float64" });
  return made === input ? made.share() : made;
}
