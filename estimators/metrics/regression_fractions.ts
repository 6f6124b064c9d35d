// Metrics of regression that say which part of the spread of the truth is explained, computed where the predictions live.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { type Own, scope } from "../../src/runtime/scope.js";
import { weightedAverage } from "./regression.fold";
import { determination, determinationWeighted, explainedVariance } from "./regression_fractions.fold";
import {
  average,
  checkAverage,
  type MetricOptions,
  type MultiOutput,
  type OutputMetric,
  type Sides,
  sides,
  weightsOf,
} from "./regression_inputs.js";

export interface FractionOptions {
  /** What a constant output scores: 1 where it is predicted exactly and 0 where it is not (unless said), or NaN and minus infinity. */
  readonly forceFinite?: boolean;
}

/** The score of each output and its spread, by which `variance_weighted` weighs them. */
type Fractions = Awaited<ReturnType<typeof determination>>;

function fractionMetric(
  what: string,
  least: number,
  fractions: (own: Own, given: Sides, perfect: number, worst: number) => Promise<Fractions>,
): OutputMetric<FractionOptions, "variance_weighted"> {
  const metric = async (
    yTrue: ArrayInput,
    yPred: ArrayInput,
    options: FractionOptions & MetricOptions<MultiOutput | "variance_weighted"> = {},
  ): Promise<number | NDArray> => {
    const { multioutput = "uniform_average", sampleWeight, forceFinite = true } = options;
    return scope(async (own) => {
      const given = await sides(own, yTrue, yPred, sampleWeight, what);
      checkAverage(multioutput, given, what, ["uniform_average", "variance_weighted", "raw_values"]);
      if (given.samples < least) return Number.NaN;
      const [perfect, worst] = forceFinite ? [1, 0] : [Number.NaN, Number.NEGATIVE_INFINITY];
      const { score, spread } = own(await fractions(own, given, perfect, worst));
      if (multioutput === "raw_values") return score;
      if (multioutput === "variance_weighted") return weightedAverage(score, spread);
      return average(own, score, multioutput);
    });
  };
  // Which of the two comes back follows `multioutput`, as the overloads say.
  return metric as OutputMetric<FractionOptions, "variance_weighted">;
}

/**
 * The coefficient of determination. Of fewer than two samples it is NaN. scikit-learn: `r2_score`.
 * @throws {BifoldError} `shape`, `empty`, `not-finite`, `parameter`
 */
export const r2Score: OutputMetric<FractionOptions, "variance_weighted"> = fractionMetric(
  "r2Score",
  2,
  async (_own, { truth, predicted, weights }, perfect, worst) =>
    weights
      ? determinationWeighted(truth, predicted, weights, perfect, worst)
      : determination(truth, predicted, perfect, worst),
);

/**
 * The part of the variance that is explained: as `r2Score`, but an error that is the same everywhere does not count. scikit-learn:
 * `explained_variance_score`. Throws what `r2Score` throws.
 */
export const explainedVarianceScore: OutputMetric<FractionOptions, "variance_weighted"> = fractionMetric(
  "explainedVarianceScore",
  1,
  async (own, given, perfect, worst) =>
    explainedVariance(given.truth, given.predicted, await weightsOf(own, given), perfect, worst),
);
