// PCA: principal component analysis.
import type { RandomSource } from "../../src/random/random_state.js";
import type { ArrayInput } from "../../src/runtime/asarray.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import { Transformer } from "../transformer.js";
import { checkMatrix, checkNewMatrix } from "../validation.js";
import {
  pcaCovariance,
  pcaInverse,
  pcaLogLikelihood,
  pcaMeanLogLikelihood,
  pcaPrecision,
  pcaTransform,
} from "./pca_apply.fold";
import { checkPcaParams, chosenSolver, decomposed } from "./pca_fit.js";

/** The ways of finding components. */
export type PcaSolver = "full" | "covariance_eigh" | "randomized";

export interface PCAParams {
  /**
   * How many components are kept: a number of them, the share of the variance that they must exceed (between 0 and 1), `"mle"` for Minka's estimate, or
   * `null` for all.
   */
  readonly nComponents: number | "mle" | null;
  /** Arrays are values, which `fit` never writes to: `true` and `false` mean the same. */
  readonly copy: boolean;
  /** Divide projections by their standard deviations. */
  readonly whiten: boolean;
  /**
   * `full` has the digits of a singular value decomposition, `covariance_eigh` is faster for many more samples than features, `randomized` where few components
   * of large data are wanted. `auto` chooses as scikit-learn does.
   */
  readonly svdSolver: "auto" | PcaSolver;
  /** For scikit-learn's `arpack`, which is not there. */
  readonly tol: number;
  /** Power iterations of `randomized`; `auto` is 7 for less than a tenth of the components, else 4. */
  readonly iteratedPower: number | "auto";
  /** So many more directions than components are drawn by `randomized`. */
  readonly nOversamples: number;
  /** What keeps power iterations apart: all of these are an orthonormal basis here, which spans what theirs do. */
  readonly powerIterationNormalizer: "auto" | "QR" | "LU" | "none";
  /** For `randomized`. */
  readonly randomState: RandomSource | null;
}

/**
 * Linear dimensionality reduction by the singular value decomposition of the centred data. The largest entry of each component is positive.
 * scikit-learn: `sklearn.decomposition.PCA` (without the solver `arpack`; one sample is refused).
 */
export class PCA extends Transformer<PCAParams> {
  override get name(): string {
    return "PCA";
  }

  constructor(params: Partial<PCAParams> = {}) {
    super(
      {
        nComponents: null,
        copy: true,
        whiten: false,
        svdSolver: "auto",
        tol: 0,
        iteratedPower: "auto",
        nOversamples: 10,
        powerIterationNormalizer: "auto",
        randomState: null,
      },
      params,
    );
  }

  /** Directions of largest variance as rows, `real[k, p]`. */
  get components_(): NDArray {
    return this.attribute("components_");
  }

  /** The variance along each component, `real[k]`. */
  get explainedVariance_(): NDArray {
    return this.attribute("explainedVariance_");
  }

  /** Its share of the variance, `real[k]`. */
  get explainedVarianceRatio_(): NDArray {
    return this.attribute("explainedVarianceRatio_");
  }

  /** Singular values of the centred data, `real[k]`. */
  get singularValues_(): NDArray {
    return this.attribute("singularValues_");
  }

  /** Means of the features, `real[p]`. */
  get mean_(): NDArray {
    return this.attribute("mean_");
  }

  /** The number of components, `k`. */
  get nComponents_(): number {
    return this.attribute("nComponents_");
  }

  /** The number of samples that `fit` saw. */
  get nSamples_(): number {
    return this.attribute("nSamples_");
  }

  /** The mean variance of the components that are not kept; 0 where all are. */
  get noiseVariance_(): number {
    return this.attribute("noiseVariance_");
  }

  /**
   * Learns from `X`, `real[n, p]`, with `n` of 2 at least.
   * @throws {BifoldError} `shape`, `empty`, `not-finite`, `device`, `parameter`
   */
  async fit(X: ArrayInput, _y?: unknown): Promise<this> {
    const what = "PCA.fit";
    const params = this.getParams();
    checkPcaParams(params, what);
    const learned = await scope(async (own) => {
      const data = await checkMatrix(own, X, what, { minSamples: 2 });
      const [n = 0, p = 0] = data.shape;
      const { mean, kept } = await decomposed(own, data, params, chosenSolver(params, n, p), what);
      const { components, variance, ratio, singular, noise } = kept;
      return {
        components_: components,
        explainedVariance_: variance,
        explainedVarianceRatio_: ratio,
        singularValues_: singular,
        mean_: mean,
        nComponents_: components.shape[0],
        nSamples_: n,
        noiseVariance_: noise,
        nFeaturesIn_: p,
        whiten: params.whiten,
      };
    });
    this.learn(learned);
    return this;
  }

  /**
   * Coordinates of the rows of `X`, `real[n, p]`, along the components: `real[n, k]`.
   * @throws {BifoldError} `not-fitted`, `features`, `device`, `shape`, `empty`, `not-finite`
   */
  async transform(X: ArrayInput): Promise<NDArray> {
    const { mean_, components_, explainedVariance_ } = this.model("transform");
    return scope(async (own) => {
      const data = await checkNewMatrix(own, X, "PCA.transform", this.nFeaturesIn_, components_);
      return pcaTransform(data, mean_, components_, explainedVariance_, this.attribute("whiten"));
    });
  }

  /**
   * Rows from their coordinates, `real[n, k]`: `real[n, p]`.
   * @throws {BifoldError} `not-fitted`, `features`, `device`, `shape`, `empty`, `not-finite`
   */
  async inverseTransform(Z: ArrayInput): Promise<NDArray> {
    const { mean_, components_, explainedVariance_ } = this.model("inverseTransform");
    return scope(async (own) => {
      const data = await checkNewMatrix(own, Z, "PCA.inverseTransform", this.nComponents_, components_);
      return pcaInverse(data, mean_, components_, explainedVariance_, this.attribute("whiten"));
    });
  }

  /**
   * The covariance of the model, `real[p, p]`: the components' variances, and the noise in all other directions. It does not depend on `whiten`
   * (scikit-learn's does, which is no covariance of the data then). @throws {BifoldError} `not-fitted`
   */
  async getCovariance(): Promise<NDArray> {
    const { components_, explainedVariance_, noiseVariance_ } = this.model("getCovariance");
    return pcaCovariance(components_, explainedVariance_, noiseVariance_);
  }

  /** Its inverse, `real[p, p]`. @throws {BifoldError} `not-fitted`; `R01` where there is none */
  async getPrecision(): Promise<NDArray> {
    const { components_, explainedVariance_, noiseVariance_ } = this.model("getPrecision");
    return pcaPrecision(components_, explainedVariance_, noiseVariance_);
  }

  /**
   * The logarithm of the model's density at each row of `X`, `real[n, p]`: `real[n]`.
   * @throws {BifoldError} `not-fitted`, `features`, `device`, `shape`, `empty`, `not-finite`; `R01` where the model's covariance has no inverse
   */
  async scoreSamples(X: ArrayInput): Promise<NDArray> {
    return this.likelihood(X, "scoreSamples", pcaLogLikelihood);
  }

  /** The mean of `scoreSamples(X)`. Throws what that throws. */
  async score(X: ArrayInput, _y?: unknown): Promise<number> {
    return this.likelihood(X, "score", pcaMeanLogLikelihood);
  }

  /** `pca0`, `pca1`, … @throws {BifoldError} `not-fitted` */
  getFeatureNamesOut(): string[] {
    return Array.from({ length: this.nComponents_ }, (_, c) => `pca${c}`);
  }

  private async likelihood<R>(
    X: ArrayInput,
    method: string,
    kernel: (X: NDArray, mean: NDArray, components: NDArray, variance: NDArray, noise: number) => Promise<R>,
  ): Promise<R> {
    const { mean_, components_, explainedVariance_, noiseVariance_ } = this.model(method);
    return scope(async (own) => {
      const data = await checkNewMatrix(own, X, `PCA.${method}`, this.nFeaturesIn_, components_);
      return kernel(data, mean_, components_, explainedVariance_, noiseVariance_);
    });
  }

  /** @throws {BifoldError} `not-fitted` */
  private model(method: string): Pick<this, "mean_" | "components_" | "explainedVariance_" | "noiseVariance_"> {
    this.home(`PCA.${method}`);
    return this;
  }
}
