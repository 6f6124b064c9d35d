// SplineTransformer: each feature becomes a basis of B-splines.
import { type ArrayInput, asarray } from "../../src/runtime/asarray.js";
import { device } from "../../src/runtime/devices.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { NDArray } from "../../src/runtime/ndarray.js";
import { type Own, scope } from "../../src/runtime/scope.js";
import { inputNames } from "../feature_names.js";
import { Transformer } from "../transformer.js";
import { checkMatrix, checkNewMatrix, checkParameter, checkWeights, like } from "../validation.js";
import { columnEnds, columnEndsWeighted, columnQuantiles, columnQuantilesWeighted } from "./order_statistics.fold";
import { countOutside, splineTransform, splineTransformSparse } from "./spline_transformer.fold";
import { countUnsorted, knotsBetween, knotsUniform, splines } from "./splines.fold";

const extrapolations = ["error", "constant", "linear", "continue", "periodic"] as const;

/** From so many knots on it is quicker not to compute the splines that are 0. */
const MANY_KNOTS = 32;

export interface SplineTransformerParams {
  /** How many knots a feature has, where `knots` does not give them; at least 2. */
  readonly nKnots: number;
  /** The degree of the splines; 3 is cubic. */
  readonly degree: number;
  /** Knots in equal steps from the least to the largest value of a feature, at its quantiles, or given: `[nKnots, p]`, ascending. */
  readonly knots: "uniform" | "quantile" | ArrayInput;
  /**
   * What the splines are outside the first and the last knot: an error; the values there; lines; the same polynomials; or those of the period that the
   * knots span.
   */
  readonly extrapolation: (typeof extrapolations)[number];
  /** Keep the last spline of each feature: the splines of a feature add up to 1, which is an intercept. */
  readonly includeBias: boolean;
  /** The order of the result in memory: rows, always. */
  readonly order: "C";
  /** NaN is an error, or all splines are 0 there. */
  readonly handleMissing: "error" | "zeros";
}

/** What `transform` uses: as the parameters were when it was fitted. */
interface Applied {
  readonly k: number;
  readonly degree: number;
  /** How many splines of each feature `transform` gives. */
  readonly kept: number;
  readonly extrapolation: SplineTransformerParams["extrapolation"];
  readonly allowNaN: boolean;
  readonly start: NDArray;
  readonly startRest: NDArray;
  readonly table: NDArray;
  readonly tableRest: NDArray;
}

/**
 * B-spline bases: `nKnots + degree - 1` functions of each feature (`nKnots - 1` periodic ones), not negative, with the sum 1. `transform` is one kernel
 * where `X` is; in single precision on the CPU it computes in double precision, as scikit-learn does.
 * Eilers and Marx (1996), "Flexible smoothing with B-splines and penalties".
 * scikit-learn: `sklearn.preprocessing.SplineTransformer` (without `sparse_output`; `order` is "C"; `bsplines_` is `knots_`). Two things that scikit-learn
 * 1.9 gets wrong are as its page says: with degree 0 and `extrapolation: "constant"` the splines go on as constants (it throws), and with a degree below 2
 * and "linear" every feature is treated as the first is (it takes a larger degree from feature to feature).
 */
export class SplineTransformer extends Transformer<SplineTransformerParams, { readonly sampleWeight?: ArrayInput }> {
  override get name(): string {
    return "SplineTransformer";
  }

  constructor(params: Partial<SplineTransformerParams> = {}) {
    super(
      {
        nKnots: 5,
        degree: 3,
        knots: "uniform",
        extrapolation: "constant",
        includeBias: true,
        order: "C",
        handleMissing: "error",
      },
      params,
    );
  }

  /** All knots of each feature, `real[p, m]`, ascending, `degree` of them before and after the inner ones: `bsplines_[j].t` of scikit-learn. */
  get knots_(): NDArray {
    return this.attribute("knots_");
  }

  /** How many columns `transform` gives. */
  get nFeaturesOut_(): number {
    return this.attribute("nFeaturesOut_");
  }

  /**
   * Places the knots by `X`, `real[n, p]`, n >= 2. With `sampleWeight`, `real[n]`, quantiles are weighted, and rows of weight 0 are left out.
   * @throws {BifoldError} `shape`, `empty`, `not-finite`, `device`, `parameter`, `unsupported` (order "F")
   */
  async fit(X: ArrayInput, _y?: unknown, { sampleWeight }: { readonly sampleWeight?: ArrayInput } = {}): Promise<this> {
    const what = "SplineTransformer.fit";
    const params = this.checked(what);
    const { degree, extrapolation, includeBias } = params;
    const allowNaN = params.handleMissing === "zeros";
    const learned = await scope(async (own) => {
      const data = await checkMatrix(own, X, what, { allowNaN, minSamples: 2 });
      const weights = sampleWeight === undefined ? undefined : await checkWeights(own, sampleWeight, data, what);
      const inner = await innerKnots(own, data, weights, params, what);
      const [k = 0, p = 0] = inner.shape;
      const periodic = extrapolation === "periodic";
      checkParameter(!periodic || degree < k, what, "degree", `less than the ${k} knots of periodic splines`, degree);
      const kept = (periodic ? k - 1 : k + degree - 1) - (includeBias ? 0 : 1);
      const made = own(await splines(inner, degree, periodic, goesThrough(extrapolation), extrapolation === "linear"));
      const there = async (a: NDArray): Promise<NDArray> => {
        const cast = own(await asarray(a, { dtype: like(data).dtype }));
        return own(await cast.to(data.device));
      };
      return {
        knots_: await there(made.knots),
        nFeaturesIn_: p,
        nFeaturesOut_: p * kept,
        applied: {
          k,
          degree,
          kept,
          extrapolation,
          allowNaN,
          start: await there(made.start),
          startRest: await there(made.startRest),
          table: await there(made.table),
          tableRest: await there(made.tableRest),
        } satisfies Applied,
      };
    });
    this.learn(learned);
    return this;
  }

  /**
   * The splines of each feature, `real[n, nFeaturesOut_]`: those of the first feature, then those of the second, …
   * @throws {BifoldError} `not-fitted`, `features`, `device`, `shape`, `empty`, `not-finite`; `parameter` for values outside the knots with
   * `extrapolation: "error"`
   */
  async transform(X: ArrayInput): Promise<NDArray> {
    const what = "SplineTransformer.transform";
    this.home(what);
    return scope(async (own) => {
      const { k, degree, kept, extrapolation, allowNaN, start, startRest, table, tableRest } =
        this.attribute<Applied>("applied");
      const data = await checkNewMatrix(own, X, what, this.nFeaturesIn_, start, { allowNaN });
      if (extrapolation === "error") {
        const outside = await countOutside(data, start, startRest, k);
        if (outside > 0)
          throw new BifoldError(
            "parameter",
            `${what}: X has ${outside} ${outside === 1 ? "entry" : "entries"} of ${data.size} beyond the first or the last knot, and extrapolation is "error": take another, or leave those rows out`,
          );
      }
      const periodic = extrapolation === "periodic";
      const through = goesThrough(extrapolation);
      const kernel = k > MANY_KNOTS ? splineTransformSparse : splineTransform;
      const made = own(await kernel(data, start, startRest, table, tableRest, k, degree, kept, periodic, through));
      return made.reshape([data.shape[0] ?? 0, this.nFeaturesOut_]);
    });
  }

  /** `x0_sp_0`, `x0_sp_1`, … @throws {BifoldError} `not-fitted`, `features` */
  getFeatureNamesOut(inputFeatures?: readonly string[]): readonly string[] {
    const names = inputNames(inputFeatures, this.nFeaturesIn_, "SplineTransformer.getFeatureNamesOut");
    const { kept } = this.attribute<Applied>("applied");
    return names.flatMap((name) => Array.from({ length: kept }, (_, r) => `${name}_sp_${r}`));
  }

  private checked(what: string): SplineTransformerParams {
    const params = this.getParams();
    const { nKnots, degree, knots, extrapolation, includeBias, order, handleMissing } = params;
    const given = typeof knots !== "string";
    checkParameter(
      given || (Number.isInteger(nKnots) && nKnots >= 2),
      what,
      "nKnots",
      "an integer of at least 2",
      nKnots,
    );
    checkParameter(Number.isInteger(degree) && degree >= 0, what, "degree", "an integer of at least 0", degree);
    const known = given || knots === "uniform" || knots === "quantile";
    checkParameter(known, what, "knots", '"uniform", "quantile" or an array [nKnots, features]', knots);
    const modes = extrapolations.map((e) => `"${e}"`).join(", ");
    checkParameter(extrapolations.includes(extrapolation), what, "extrapolation", `one of ${modes}`, extrapolation);
    checkParameter(typeof includeBias === "boolean", what, "includeBias", "true or false", includeBias);
    const missing = handleMissing === "error" || handleMissing === "zeros";
    checkParameter(missing, what, "handleMissing", '"error" or "zeros"', handleMissing);
    if (order !== "C")
      throw new BifoldError(
        "unsupported",
        `${what}: order must be "C", found ${JSON.stringify(order)}: arrays are row-major here`,
      );
    return params;
  }
}

/** Whether the splines go on as they are outside the inner knots; with "error" and "periodic" nothing lies there. */
const goesThrough = (extrapolation: SplineTransformerParams["extrapolation"]): boolean =>
  extrapolation === "error" || extrapolation === "continue" || extrapolation === "periodic";

/**
 * The inner knots, `float64[k, p]` on the CPU: what they lie between is found where the data live, and crosses. They are few numbers, and single precision
 * would not do for what is computed from their differences.
 */
async function innerKnots(
  own: Own,
  X: NDArray,
  weights: NDArray | undefined,
  { knots, nKnots }: SplineTransformerParams,
  what: string,
): Promise<NDArray> {
  const cpu = X.device.kind === "cpu" ? X.device : await device("cpu");
  const exact = async (a: NDArray): Promise<NDArray> => {
    const here = own(await a.to(cpu));
    return own(await asarray(here, { dtype: "float64" }));
  };
  if (knots === "uniform") {
    const { least, most } = own(await (weights ? columnEndsWeighted(X, weights) : columnEnds(X)));
    return own(await knotsUniform(await exact(least), await exact(most), nKnots));
  }
  if (knots === "quantile") {
    const { lower, upper, part } = own(
      await (weights ? columnQuantilesWeighted(X, weights, nKnots) : columnQuantiles(X, nKnots)),
    );
    const parts = own(await part.to(cpu));
    return own(await knotsBetween(await exact(lower), await exact(upper), parts));
  }
  const here = knots instanceof NDArray && knots.device !== cpu ? own(await knots.to(cpu)) : knots;
  const inner = await checkMatrix(own, here, what, { name: "knots", minSamples: 2 }, cpu, "float64");
  const [, p] = X.shape;
  checkParameter(inner.shape[1] === p, what, "knots", `an array of ${p} columns, one for each feature`, inner);
  const unsorted = await countUnsorted(inner);
  checkParameter(unsorted === 0, what, "knots", "ascending in each column, without duplicates", inner);
  return inner;
}
