// LinearRegression: ordinary least squares.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import { checkMatrix, checkParameter, checkTargets, checkWeights, unitWeights } from "../validation.js";
import { LinearRegressor, linearAttributes } from "./linear_model.js";
import { leastSquares, leastSquaresWeighted, leastSquaresWide } from "./linear_regression.fold";

export interface LinearRegressionParams {
  readonly fitIntercept: boolean;
  /** Singular values at most this times the largest count as zero. */
  readonly tol: number;
  /** Only `false`: coefficients that are forced to be positive are not there. */
  readonly positive: boolean;
}

/**
 * Ordinary least squares; of all solutions the one of smallest norm. scikit-learn: `sklearn.linear_model.LinearRegression`
 * (without `copy_X`: arrays are values; `n_jobs`: the device has its threads).
 */
export class LinearRegression extends LinearRegressor<LinearRegressionParams> {
  override get name(): string {
    return "LinearRegression";
  }

  constructor(params: Partial<LinearRegressionParams> = {}) {
    super({ fitIntercept: true, tol: 1e-6, positive: false }, params);
  }

  /** The rank of the (centred) `X`. */
  get rank_(): number {
    return this.attribute("rank_");
  }

  /** Singular values of the (centred) `X`, descending, `real[min(n, p)]`. */
  get singular_(): NDArray {
    return this.attribute("singular_");
  }

  /**
   * Learns from `X`, `real[n, p]`, and `y`, `real[n]` or `real[n, t]`, with `sampleWeight`, `real[n]`.
   * @throws {BifoldError} `shape`, `empty`, `not-finite`, `device`, `parameter`
   */
  async fit(
    X: ArrayInput,
    y: ArrayInput,
    { sampleWeight }: { readonly sampleWeight?: ArrayInput } = {},
  ): Promise<this> {
    const what = "LinearRegression.fit";
    const { fitIntercept, tol, positive } = this.getParams();
    checkParameter(tol >= 0, what, "tol", "a number that is not negative", tol);
    checkParameter(positive === false, what, "positive", "false (positive coefficients are not supported)", positive);
    const learned = await scope(async (own) => {
      const data = await checkMatrix(own, X, what);
      const { y: targets, flat } = await checkTargets(own, y, data, what);
      const [n = 0, p = 0] = data.shape;
      const weights = sampleWeight === undefined ? undefined : await checkWeights(own, sampleWeight, data, what);
      const fit = own(
        n < p
          ? await leastSquaresWide(data, targets, weights ?? (await unitWeights(own, data)), tol, fitIntercept)
          : weights
            ? await leastSquaresWeighted(data, targets, weights, tol, fitIntercept)
            : await leastSquares(data, targets, tol, fitIntercept),
      );
      const { singular, rank } = fit;
      const shown = { flat, intercept: fitIntercept ? (flat ? "number" : "list") : "zero" } as const;
      return { ...(await linearAttributes(own, fit, shown)), singular_: singular, rank_: rank };
    });
    this.learn(learned);
    return this;
  }
}
