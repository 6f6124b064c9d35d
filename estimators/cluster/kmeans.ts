// KMeans: Lloyd's algorithm from k-means++ starts.
import { checkRandomState, type RandomSource, type RandomState } from "../../src/random/random_state.js";
import { type ArrayInput, asarray } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { describeArray, type NDArray } from "../../src/runtime/ndarray.js";
import { disposeAll, type Own, scope } from "../../src/runtime/scope.js";
import { Estimator, type EstimatorType } from "../base.js";
import { countNotFinite, countWeights } from "../checks/finite.fold";
import {
  checkMatrix,
  checkNewMatrix,
  checkParameter,
  checkWeights,
  like,
  sameDevice,
  unitWeights,
} from "../validation.js";
import {
  chooseRows,
  distances,
  inertiaOf,
  lloyd,
  meanVariance,
  nearest,
  plusPlus,
  sameClustering,
  takeRows,
} from "./kmeans.fold";

export interface KMeansParams {
  readonly nClusters: number;
  /** How the centres start: by k-means++, at random samples, or where given, `real[k, p]`. */
  readonly init: "k-means++" | "random" | ArrayInput;
  /** How many starts are tried; the best is kept. `auto` is 1 for k-means++ and given centres, 10 for random ones. */
  readonly nInit: "auto" | number;
  readonly maxIter: number;
  /** How far the centres may still move (the sum of squares, relative to the mean variance of the features) when the iteration ends. */
  readonly tol: number;
  readonly randomState: RandomSource;
  /** Only `lloyd`: what Elkan's algorithm saves in distances it costs in memory and branches. */
  readonly algorithm: "lloyd";
}

type Clustering = Awaited<ReturnType<typeof lloyd>>;

/**
 * Clusters by the nearest of `nClusters` centres, which minimise the sum of squared distances. scikit-learn: `sklearn.cluster.KMeans`
 * (without `copy_x`: arrays are values; without `verbose`).
 */
export class KMeans extends Estimator<KMeansParams> {
  override get name(): string {
    return "KMeans";
  }

  override get estimatorType(): EstimatorType {
    return "clusterer";
  }

  constructor(params: Partial<KMeansParams> = {}) {
    super(
      {
        nClusters: 8,
        init: "k-means++",
        nInit: "auto",
        maxIter: 300,
        tol: 1e-4,
        randomState: undefined,
        algorithm: "lloyd",
      },
      params,
    );
  }

  /** The centres, `real[k, p]`. */
  get clusterCenters_(): NDArray {
    return this.attribute("clusterCenters_");
  }

  /** The cluster of each sample of the fit, `i32[n]`. */
  get labels_(): NDArray {
    return this.attribute("labels_");
  }

  /** The (weighted) sum of squared distances of the samples to their centres. */
  get inertia_(): number {
    return this.attribute("inertia_");
  }

  /** Turns of Lloyd's iteration. */
  get nIter_(): number {
    return this.attribute("nIter_");
  }

  /**
   * Learns from `X`, `real[n, p]`, with `sampleWeight`, `real[n]`.
   * @throws {BifoldError} `shape`, `empty`, `not-finite`, `device`, `parameter`
   */
  async fit(X: ArrayInput, _y?: unknown, { sampleWeight }: { readonly sampleWeight?: ArrayInput } = {}): Promise<this> {
    const what = "KMeans.fit";
    const { nClusters, maxIter, tol, randomState, algorithm } = this.getParams();
    checkParameter(
      Number.isInteger(nClusters) && nClusters >= 1,
      what,
      "nClusters",
      "a whole number of at least 1",
      nClusters,
    );
    checkParameter(Number.isInteger(maxIter) && maxIter >= 1, what, "maxIter", "a whole number of at least 1", maxIter);
    checkParameter(tol >= 0, what, "tol", "a number that is not negative", tol);
    checkParameter(algorithm === "lloyd", what, "algorithm", '"lloyd"', algorithm);
    const learned = await scope(async (own) => {
      const data = await checkMatrix(own, X, what);
      const n = data.shape[0] ?? 0;
      if (n < nClusters)
        throw new BifoldError("empty", `${what}: X has ${n} samples, fewer than the ${nClusters} clusters asked for`);
      const weights =
        sampleWeight === undefined ? await unitWeights(own, data) : await checkWeights(own, sampleWeight, data, what);
      const tolerance = tol * (await meanVariance(data));
      const random = checkRandomState(randomState);
      let best: Clustering | undefined;
      for (let start = 0; start < this.starts(what); start++) {
        const fit = own(
          await lloyd(data, weights, await this.seed(own, data, weights, random, what), maxIter, tolerance),
        );
        if (best && (best.inertia <= fit.inertia || (await sameClustering(fit.labels, best.labels, nClusters))))
          disposeAll(fit);
        else {
          if (best) disposeAll(best);
          best = fit;
        }
      }
      if (!best) throw new Error("internal: no start was tried");
      const { centers, labels, inertia, turns } = best;
      return {
        clusterCenters_: centers,
        labels_: labels,
        inertia_: inertia,
        nIter_: turns,
        nFeaturesIn_: centers.shape[1],
      };
    });
    this.learn(learned);
    return this;
  }

  /** The nearest centre of each row of `X`, `i32[n]`. @throws {BifoldError} `not-fitted`, `features`, `device`, `shape`, `empty`, `not-finite` */
  async predict(X: ArrayInput): Promise<NDArray> {
    return this.withData(X, "KMeans.predict", (data) => nearest(data, this.clusterCenters_));
  }

  /** `fit`, then the label of each sample, to be disposed of on its own. */
  async fitPredict(X: ArrayInput, y?: unknown, options: { readonly sampleWeight?: ArrayInput } = {}): Promise<NDArray> {
    return (await this.fit(X, y, options)).labels_.share();
  }

  /** The distance of each row of `X` to each centre, `real[n, k]`. Throws what `predict` throws. */
  async transform(X: ArrayInput): Promise<NDArray> {
    return this.withData(X, "KMeans.transform", (data) => distances(data, this.clusterCenters_));
  }

  /** `fit`, then `transform` of the same data. */
  async fitTransform(
    X: ArrayInput,
    y?: unknown,
    options: { readonly sampleWeight?: ArrayInput } = {},
  ): Promise<NDArray> {
    return (await this.fit(X, y, options)).transform(X);
  }

  /** The negative of the (weighted) sum of squared distances of `X` to the nearest centres. Throws what `predict` throws. */
  async score(
    X: ArrayInput,
    _y?: unknown,
    { sampleWeight }: { readonly sampleWeight?: ArrayInput } = {},
  ): Promise<number> {
    const what = "KMeans.score";
    return this.withData(X, what, async (data, own) => {
      const weights =
        sampleWeight === undefined ? await unitWeights(own, data) : await checkWeights(own, sampleWeight, data, what);
      return -(await inertiaOf(data, weights, this.clusterCenters_));
    });
  }

  private async withData<T>(X: ArrayInput, what: string, body: (data: NDArray, own: Own) => Promise<T>): Promise<T> {
    this.home(what);
    return scope(async (own) => body(await checkNewMatrix(own, X, what, this.nFeaturesIn_, this.clusterCenters_), own));
  }

  private starts(what: string): number {
    const { init, nInit } = this.getParams();
    checkParameter(
      nInit === "auto" || (Number.isInteger(nInit) && nInit >= 1),
      what,
      "nInit",
      '"auto" or a whole number of at least 1',
      nInit,
    );
    if (typeof init !== "string") return 1;
    return nInit === "auto" ? (init === "random" ? 10 : 1) : nInit;
  }

  private async seed(own: Own, data: NDArray, weights: NDArray, random: RandomState, what: string): Promise<NDArray> {
    const { init, nClusters } = this.getParams();
    if (init === "k-means++") {
      const trials = 2 + Math.floor(Math.log(nClusters));
      const first = random.uniform();
      const draws = await this.draws(own, data, random, (nClusters - 1) * trials, [nClusters - 1, trials]);
      return own(await plusPlus(data, weights, first, draws));
    }
    if (init === "random") return this.randomRows(own, data, weights, random, what);
    checkParameter(typeof init !== "string", what, "init", '"k-means++", "random" or an array of centres', init);
    const given = init as ArrayInput;
    sameDevice(given, data, what, "init");
    const centers = await asarray(given, like(data));
    if (centers !== given) own(centers);
    if (centers.ndim !== 2 || centers.shape[0] !== nClusters || centers.shape[1] !== data.shape[1])
      throw new BifoldError(
        "shape",
        `${what}: init must be [${nClusters}, ${data.shape[1]}] (clusters, features), found ${describeArray(centers)}`,
      );
    const bad = await countNotFinite(centers);
    if (bad > 0) throw new BifoldError("not-finite", `${what}: init has ${bad} NaN or infinite entries`);
    return centers;
  }

  /** `nClusters` different rows, drawn by their weights as `numpy.random.RandomState.choice` draws them: in rounds, until enough differ. */
  private async randomRows(
    own: Own,
    data: NDArray,
    weights: NDArray,
    random: RandomState,
    what: string,
  ): Promise<NDArray> {
    const { nClusters } = this.getParams();
    const { positive } = await countWeights(weights);
    if (positive < nClusters)
      throw new BifoldError(
        "parameter",
        `${what}: init "random" draws ${nClusters} samples, and only ${positive} have a positive sampleWeight`,
      );
    let rows = own(await asarray(new Int32Array(nClusters), { device: data.device }));
    for (let found = 0; found < nClusters; ) {
      const draws = await this.draws(own, data, random, nClusters - found, [nClusters]);
      const choice = own(await chooseRows(weights, rows, found, draws));
      ({ rows, found } = choice);
    }
    return own(await takeRows(data, rows));
  }

  /** `count` uniform draws, as an array of that shape: zeros fill what is left. */
  private async draws(
    own: Own,
    data: NDArray,
    random: RandomState,
    count: number,
    shape: readonly number[],
  ): Promise<NDArray> {
    const length = shape.reduce((n, d) => n * d, 1);
    const values = Float64Array.from({ length }, (_, k) => (k < count ? random.uniform() : 0));
    return own(await asarray(values, { ...like(data), shape }));
  }
}
