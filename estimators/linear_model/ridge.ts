// Ridge: least squares with a penalty on the squares of the coefficients.
import { type ArrayInput, asarray } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { type Own, scope } from "../../src/runtime/scope.js";
import { checkMatrix, checkParameter, checkTargets, checkWeights, like, unitWeights } from "../validation.js";
import { LinearRegressor, linearAttributes } from "./linear_model.js";
import { ridgeFit, ridgeFitWeighted, ridgeFitWide } from "./ridge.fold";

export interface RidgeParams {
  /** The penalty, not negative: one number, or one for each target. */
  readonly alpha: number | readonly number[];
  readonly fitIntercept: boolean;
  /** `auto` is `cholesky`. */
  readonly solver: "auto" | "cholesky";
}

/**
 * Linear least squares with l2 regularization: minimises `|y - X w - b|^2 + alpha |w|^2`.
 * scikit-learn: `sklearn.linear_model.Ridge`.
 */
export class Ridge extends LinearRegressor<RidgeParams> {
  override get name(): string {
    return "Ridge";
  }

  constructor(params: Partial<RidgeParams> = {}) {
    super({ alpha: 1, fitIntercept: true, solver: "auto" }, params);
  }

  /** The solver that `fit` used. */
  get solver_(): string {
    return this.attribute("solver_");
  }

  /**
   * Learns from `X`, `real[n, p]`, and `y`, `real[n]` or `real[n, t]`, with `sampleWeight`, `real[n]`.
   * @throws {BifoldError} `shape`, `empty`, `not-finite`, `device`, `parameter`; `R01` where the system is singular
   */
  async fit(
    X: ArrayInput,
    y: ArrayInput,
    { sampleWeight }: { readonly sampleWeight?: ArrayInput } = {},
  ): Promise<this> {
    const what = "Ridge.fit";
    const { alpha, fitIntercept, solver } = this.getParams();
    checkParameter(solver === "auto" || solver === "cholesky", what, "solver", '"auto" or "cholesky"', solver);
    const learned = await scope(async (own) => {
      const data = await checkMatrix(own, X, what);
      const { y: targets, flat } = await checkTargets(own, y, data, what);
      const penalties = await this.penalties(own, alpha, targets, what);
      const weights = sampleWeight === undefined ? undefined : await checkWeights(own, sampleWeight, data, what);
      const [n = 0, p = 0] = data.shape;
      const fit = own(
        n < p
          ? await ridgeFitWide(data, targets, weights ?? (await unitWeights(own, data)), penalties, fitIntercept)
          : weights
            ? await ridgeFitWeighted(data, targets, weights, penalties, fitIntercept)
            : await ridgeFit(data, targets, penalties, fitIntercept),
      );
      // A single target is shown flat, whatever its dimensions were: scikit-learn's Ridge does that, its LinearRegression does not.
      const shown = {
        flat: targets.shape[1] === 1,
        intercept: fitIntercept ? (flat ? "number" : "list") : "zero",
      } as const;
      return { ...(await linearAttributes(own, fit, shown)), solver_: "cholesky" };
    });
    this.learn(learned);
    return this;
  }

  private async penalties(
    own: Own,
    alpha: number | readonly number[],
    targets: NDArray,
    what: string,
  ): Promise<NDArray> {
    const t = targets.shape[1] ?? 0;
    const list = typeof alpha === "number" ? Array.from({ length: t }, () => alpha) : alpha;
    checkParameter(
      list.every((a) => typeof a === "number" && a >= 0),
      what,
      "alpha",
      "a number that is not negative, or a list of such",
      alpha,
    );
    if (list.length !== t)
      throw new BifoldError(
        "shape",
        `${what}: alpha has ${list.length} penalties and y has ${t} targets: give one number, or one for each target`,
      );
    return own(await asarray([...list], like(targets)));
  }
}
