// LinearRegression: ordinary least squares.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import { firstOf, transposed } from "../checks/layout.fold";
import { checkMatrix, checkParameter, checkTargets, checkWeights } from "../validation.js";
import { LinearRegressor } from "./linear_model.js";
import { leastSquares, leastSquaresWeighted } from "./linear_regression.fold";

export interface LinearRegressionParams {
  readonly fitIntercept: boolean;
  /** Only `false`: coefficients that are forced to be positive are not there. */
  readonly positive: boolean;
}

/** The distance from 1 to the next number. */
const unitRoundoff = (dtype: string): number => (dtype === "float32" ? 2 ** -23 : 2 ** -52);

/**
 * Ordinary least squares; of all solutions the one of smallest norm. scikit-learn: `sklearn.linear_model.LinearRegression`.
 */
export class LinearRegression extends LinearRegressor<LinearRegressionParams> {
  constructor(params: Partial<LinearRegressionParams> = {}) {
    super({ fitIntercept: true, positive: false }, params);
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
    const { fitIntercept, positive } = this.getParams();
    checkParameter(positive === false, what, "positive", "false (positive coefficients are not supported)", positive);
    const learned = await scope(async (own) => {
      const data = await checkMatrix(own, X, what);
      const { y: targets, flat } = await checkTargets(own, y, data, what);
      const [n = 0, p = 0] = data.shape;
      const cutoff = Math.max(n, p) * unitRoundoff(data.dtype);
      const fit =
        sampleWeight === undefined
          ? await leastSquares(data, targets, cutoff, fitIntercept)
          : await leastSquaresWeighted(
              data,
              targets,
              await checkWeights(own, sampleWeight, data, what),
              cutoff,
              fitIntercept,
            );
      own([fit.coef, fit.intercept, fit.singular]);
      const rows = own(await transposed(fit.coef));
      return {
        coef_: flat ? rows.reshape([rows.size]) : rows,
        columns: fit.coef,
        intercept_: fit.intercept,
        singular_: await firstOf(fit.singular, Math.min(n, p)),
        rank_: fit.rank,
        flat,
        nFeaturesIn_: p,
      };
    });
    this.learn(learned);
    return this;
  }
}
