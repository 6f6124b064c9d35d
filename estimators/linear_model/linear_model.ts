// What linear regressors share: their attributes, prediction and score.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { type Own, scope } from "../../src/runtime/scope.js";
import { type Attributes, Estimator, type EstimatorType } from "../base.js";
import { filled } from "../checks/finite.fold";
import { transposed } from "../checks/layout.fold";
import { r2Score } from "../metrics/regression.js";
import { checkNewMatrix, like } from "../validation.js";
import { linearPredict } from "./linear_model.fold";

/** How a fit is shown: `flat` coefficients and predictions have no axis of targets. */
interface Shown {
  readonly flat: boolean;
  readonly intercept: "zero" | "number" | "list";
}

/** `coef`, `real[p, t]`, and `intercept`, `real[t]`, of a fit: kept so, and shown as scikit-learn shows them. */
export async function linearAttributes(
  own: Own,
  { coef, intercept }: { readonly coef: NDArray; readonly intercept: NDArray },
  shown: Shown,
): Promise<Attributes> {
  const rows = own(await transposed(coef));
  const zero = shown.intercept === "zero" ? own(await filled(1, 0, like(intercept))) : undefined;
  return {
    coef_: shown.flat ? rows.reshape([rows.size]) : rows,
    intercept_: zero ? zero.reshape([]) : shown.intercept === "number" ? intercept.reshape([]) : intercept.share(),
    nFeaturesIn_: coef.shape[0],
    columns: coef,
    offsets: intercept,
    flat: shown.flat,
  };
}

/** `y = X coef + intercept`. */
export abstract class LinearRegressor<P extends object> extends Estimator<P> {
  override get estimatorType(): EstimatorType {
    return "regressor";
  }

  /** `real[p]` for a single target, else `real[t, p]`. */
  get coef_(): NDArray {
    return this.attribute("coef_");
  }

  /** `real[t]`; of no dimension for a target that came with one dimension, and for the 0 of a fit without an intercept. */
  get intercept_(): NDArray {
    return this.attribute("intercept_");
  }

  /**
   * Predictions for `X`, `real[n, p]`: `real[n]`, or `real[n, t]` for several targets.
   * @throws {BifoldError} `not-fitted`, `features`, `device`, `shape`, `empty`, `not-finite`
   */
  async predict(X: ArrayInput): Promise<NDArray> {
    const what = `${this.name}.predict`;
    this.home(what);
    return scope(async (own) => {
      const columns = this.attribute<NDArray>("columns");
      const data = await checkNewMatrix(own, X, what, this.nFeaturesIn_, columns);
      const out = await linearPredict(data, columns, this.attribute("offsets"));
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
