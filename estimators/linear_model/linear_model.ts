// What linear regressors share: their attributes, prediction and score.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import { Estimator } from "../base.js";
import { r2Score } from "../metrics/regression.js";
import { checkNewMatrix } from "../validation.js";
import { linearPredict } from "./ridge.fold";

/** `y = X coef + intercept`. The arrays are kept with one row a target's feature, and shown as scikit-learn shows them. */
export abstract class LinearRegressor<P extends object> extends Estimator<P> {
  /** `real[p]` for one target that came with one dimension, else `real[t, p]`. */
  get coef_(): NDArray {
    return this.attribute("coef_");
  }

  /** `real[1]` for one target that came with one dimension, else `real[t]`; zeros without an intercept. */
  get intercept_(): NDArray {
    return this.attribute("intercept_");
  }

  /**
   * Predictions for `X`, `real[n, p]`: `real[n]`, or `real[n, t]` where `y` had two dimensions.
   * @throws {BifoldError} `not-fitted`, `features`, `device`, `shape`, `empty`, `not-finite`
   */
  async predict(X: ArrayInput): Promise<NDArray> {
    const what = `${this.name}.predict`;
    this.home(what);
    return scope(async (own) => {
      const columns = this.attribute<NDArray>("columns");
      const data = await checkNewMatrix(own, X, what, this.nFeaturesIn_, columns);
      const out = await linearPredict(data, columns, this.intercept_);
      return this.attribute<boolean>("flat") ? own(out).reshape([out.size]) : out;
    });
  }

  /** The coefficient of determination of `predict(X)`. Throws what `predict` and `r2Score` throw. */
  async score(
    X: ArrayInput,
    y: ArrayInput,
    { sampleWeight }: { readonly sampleWeight?: ArrayInput } = {},
  ): Promise<number> {
    return scope(async (own) =>
      r2Score(y, own(await this.predict(X)), sampleWeight === undefined ? {} : { sampleWeight }),
    );
  }
}
