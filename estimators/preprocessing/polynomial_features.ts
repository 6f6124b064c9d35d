// PolynomialFeatures: products of features.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import { asarray } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import { inputNames } from "../feature_names.js";
import { Transformer } from "../transformer.js";
import { checkMatrix, checkNewMatrix, checkParameter } from "../validation.js";
import { countMonomials, type MonomialRules, monomials } from "./monomials.js";
import { columnProducts, countFactors } from "./polynomial_features.fold";

export interface PolynomialFeaturesParams {
  /** The largest degree of a product, or the least and the largest. */
  readonly degree: number | readonly [number, number];
  /** Only products of different features. */
  readonly interactionOnly: boolean;
  /** A column of ones, whatever the degrees are. */
  readonly includeBias: boolean;
  /** The order of the result in memory: rows, always. */
  readonly order: "C";
}

/** Columns are counted in 32 bits. */
const MOST = 2 ** 31 - 1;

/**
 * All products of at most `degree` features: 1, a, b, a^2, a b, b^2 for two of them.
 * scikit-learn: `sklearn.preprocessing.PolynomialFeatures` (without sparse matrices; `order` is "C").
 */
export class PolynomialFeatures extends Transformer<PolynomialFeaturesParams> {
  override get name(): string {
    return "PolynomialFeatures";
  }

  constructor(params: Partial<PolynomialFeaturesParams> = {}) {
    super({ degree: 2, interactionOnly: false, includeBias: true, order: "C" }, params);
  }

  /** The exponent of each feature in each product, `i32[nOutputFeatures_, p]`. */
  get powers_(): NDArray {
    return this.attribute("powers_");
  }

  /** How many products there are. */
  get nOutputFeatures_(): number {
    return this.attribute("nOutputFeatures_");
  }

  /** Lists the products of the features of `X`, `real[n, p]`. @throws {BifoldError} `shape`, `empty`, `not-finite`, `parameter`, `unsupported` (order "F") */
  async fit(X: ArrayInput, _y?: unknown): Promise<this> {
    const what = "PolynomialFeatures.fit";
    const degrees = this.checked(what);
    const { interactionOnly, includeBias } = this.getParams();
    const learned = await scope(async (own) => {
      const data = await checkMatrix(own, X, what);
      const [, features = 0] = data.shape;
      const rules: MonomialRules = { features, degrees, interactionOnly, bias: includeBias };
      const count = countMonomials(rules);
      if (count * Math.max(degrees[1], features) > MOST)
        throw new BifoldError(
          "parameter",
          `${what}: ${features} features have ${count} products of degree ${degrees[0]} to ${degrees[1]}, which are too many: take a lower degree, fewer features, or interactionOnly`,
        );
      const table = new Int32Array(count * degrees[1]).fill(features);
      let row = 0;
      for (const factors of monomials(rules)) table.set(factors, row++ * degrees[1]);
      const factors = own(await asarray(table, { shape: [count, degrees[1]], device: data.device }));
      return {
        powers_: own(await countFactors(factors, features)),
        nOutputFeatures_: count,
        nFeaturesIn_: features,
        applied: { factors, rules },
      };
    });
    this.learn(learned);
    return this;
  }

  /** The products, `real[n, nOutputFeatures_]`. @throws {BifoldError} `not-fitted`, `features`, `device`, `shape`, `empty`, `not-finite` */
  async transform(X: ArrayInput): Promise<NDArray> {
    const what = "PolynomialFeatures.transform";
    this.home(what);
    return scope(async (own) => {
      const { factors } = this.attribute<{ readonly factors: NDArray }>("applied");
      return columnProducts(await checkNewMatrix(own, X, what, this.nFeaturesIn_, factors), factors);
    });
  }

  /** `1`, `x0`, `x0^2`, `x0 x1`, … @throws {BifoldError} `not-fitted`, `features` */
  getFeatureNamesOut(inputFeatures?: readonly string[]): readonly string[] {
    const names = inputNames(inputFeatures, this.nFeaturesIn_, "PolynomialFeatures.getFeatureNamesOut");
    const { rules } = this.attribute<{ readonly rules: MonomialRules }>("applied");
    return Array.from(monomials(rules), (factors) => {
      const different = [...new Set(factors)];
      const parts = different.map((j) => {
        const power = factors.filter((other) => other === j).length;
        return power === 1 ? names[j] : `${names[j]}^${power}`;
      });
      return parts.join(" ") || "1";
    });
  }

  /** The least and the largest degree. */
  private checked(what: string): readonly [number, number] {
    const { degree, interactionOnly, includeBias, order } = this.getParams();
    const [low, high] = typeof degree === "number" ? [0, degree] : degree;
    const pair = typeof degree === "number" || degree.length === 2;
    const whole = Number.isInteger(low) && Number.isInteger(high) && low >= 0 && low <= high;
    checkParameter(pair && whole, what, "degree", "an integer of at least 0, or two of them, the lower first", degree);
    checkParameter(typeof interactionOnly === "boolean", what, "interactionOnly", "true or false", interactionOnly);
    checkParameter(typeof includeBias === "boolean", what, "includeBias", "true or false", includeBias);
    checkParameter(high > 0 || includeBias, what, "degree", "above 0 where includeBias is false", degree);
    if (order !== "C")
      throw new BifoldError(
        "unsupported",
        `${what}: order must be "C", found ${JSON.stringify(order)}: arrays are row-major here`,
      );
    return [low, high];
  }
}
