// FeatureUnion: several transformers on the same data, their results side by side.
import { concatColumns } from "../../src/array/index.js";
import { type ArrayInput, asarray } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { NDArray } from "../../src/runtime/ndarray.js";
import { type Own, scope } from "../../src/runtime/scope.js";
import { type AnyEstimator, type Attributes, Estimator, type EstimatorType } from "../base.js";
import { fitTransform, method } from "../capabilities.js";
import { Composition, type Named, nameEach } from "../composition.js";
import { inputNames } from "../feature_names.js";
import { timesWeight } from "./feature_union.fold";

/** A transformer, `"passthrough"` for the data as they are, `"drop"` for nothing. */
export type UnionPart = AnyEstimator | "passthrough" | "drop";

export interface FeatureUnionParams {
  readonly transformerList: readonly (readonly [name: string, part: UnionPart])[];
  /** What the result of a transformer is multiplied by, by its name; 1 unless said. */
  readonly transformerWeights: Readonly<Record<string, number>> | null;
}

/**
 * Puts the results of several transformers side by side. `fit` fits the transformers that it was given; where one fails, all stay as they were.
 * scikit-learn: `sklearn.pipeline.FeatureUnion` (without `n_jobs`, `verbose` and `verbose_feature_names_out`).
 */
export class FeatureUnion extends Composition<FeatureUnionParams, "passthrough" | "drop"> {
  override get name(): string {
    return "FeatureUnion";
  }

  /** The list, alone or among the parameters. @throws {BifoldError} `parameter` for a list that is no pairs, or names that are not clear */
  constructor(given: FeatureUnionParams["transformerList"] | Partial<FeatureUnionParams> = {}) {
    super({ transformerList: [], transformerWeights: null }, isList(given) ? { transformerList: given } : given);
  }

  protected override get listName(): string {
    return "transformerList";
  }

  protected override get words(): readonly ("passthrough" | "drop")[] {
    return ["passthrough", "drop"];
  }

  get transformerList(): FeatureUnionParams["transformerList"] {
    return this.list;
  }

  get namedTransformers(): Readonly<Record<string, UnionPart>> {
    return Object.fromEntries(this.list);
  }

  override get estimatorType(): EstimatorType {
    return "transformer";
  }

  /** Fits every transformer on `X`. @throws {BifoldError} `parameter`; and what the transformers throw */
  async fit(X: ArrayInput, y?: unknown, params: Readonly<Record<string, unknown>> = {}): Promise<this> {
    const what = "FeatureUnion.fit";
    await this.aside(what, async (twin) => {
      const options = twin.byStep(params, what);
      for (const [name, e] of twin.estimators) await method(e, "fit", what)(X, y, options.get(name) ?? {});
      twin.learn(await seen(X));
    });
    return this;
  }

  /** `fit`, then `transform` of the same data. Throws what they throw. */
  async fitTransform(X: ArrayInput, y?: unknown, params: Readonly<Record<string, unknown>> = {}): Promise<NDArray> {
    const what = "FeatureUnion.fitTransform";
    return this.aside(what, async (twin) => {
      const options = twin.byStep(params, what);
      const made = await twin.joined(X, (e, name) => fitTransform(e, X, y, options.get(name) ?? {}, what));
      twin.learn(await seen(X));
      return made;
    });
  }

  /** The results for `X`, `real[n, p]`, side by side. @throws {BifoldError} `dtype`, `device`, `shape` where they do not fit together; and what the transformers throw */
  async transform(X: ArrayInput): Promise<NDArray> {
    this.checkParts("FeatureUnion.transform");
    return this.joined(X, (e) => method(e, "transform", "FeatureUnion.transform")(X));
  }

  /** Names of what comes out, `transformer__name`. @throws {BifoldError} `parameter` for a transformer that knows no names; `not-fitted` */
  getFeatureNamesOut(inputFeatures?: readonly string[]): readonly string[] {
    const what = "FeatureUnion.getFeatureNamesOut";
    return this.list.flatMap(([name, part]) => {
      if (part === "drop") return [];
      const names =
        part === "passthrough"
          ? inputNames(inputFeatures, this.nFeaturesIn_, what)
          : method(part, "getFeatureNamesOut", what)(inputFeatures);
      return names.map((n) => `${name}__${n}`);
    });
  }

  /** Runs `body` with a twin, and takes over what it learned when all is done. */
  private async aside<T>(what: string, body: (twin: this) => Promise<T>): Promise<T> {
    this.checkParts(what);
    const twin = this.twin();
    try {
      const made = await body(twin);
      this.adopt(twin);
      return made;
    } finally {
      twin.dispose();
    }
  }

  private checkParts(what: string): void {
    const { transformerWeights } = this.getParams({ deep: false });
    const parts: readonly Named<"passthrough" | "drop">[] = this.list;
    if (!parts.some(([, part]) => part !== "drop"))
      throw new BifoldError("parameter", `${what}: there is no transformer in transformerList`);
    for (const [name, e] of this.estimators) method(e, "transform", `${what}: ${name}`);
    for (const [name, weight] of Object.entries(transformerWeights ?? {}))
      if (!parts.some(([other]) => other === name) || typeof weight !== "number")
        throw new BifoldError(
          "parameter",
          `${what}: transformerWeights must be numbers under names of transformers, found ${name}: ${String(weight)}`,
        );
  }

  private async joined(X: ArrayInput, apply: (e: AnyEstimator, name: string) => Promise<NDArray>): Promise<NDArray> {
    return scope(async (own) => {
      const made: NDArray[] = [];
      for (const [name, part] of this.list) {
        if (part === "drop") continue;
        const result = part instanceof Estimator ? own(await apply(part, name)) : await given(own, X);
        made.push(await this.weighted(own, name, result));
      }
      const [only] = made;
      return made.length === 1 && only ? only.share() : concatColumns(made);
    });
  }

  private async weighted(own: Own, name: string, result: NDArray): Promise<NDArray> {
    const weight = this.getParams({ deep: false }).transformerWeights?.[name];
    return weight === undefined ? result : own(await timesWeight(result, weight));
  }
}

const isList = (given: object): given is FeatureUnionParams["transformerList"] => Array.isArray(given);

/** What the union itself learns. */
const seen = (X: ArrayInput): Promise<Attributes> =>
  scope(async (own) => ({ nFeaturesIn_: (await given(own, X)).shape[1] }));

/** The data as an array. */
const given = async (own: Own, X: ArrayInput): Promise<NDArray> => (X instanceof NDArray ? X : own(await asarray(X)));

/** A union whose transformers are named by their classes, in small letters. scikit-learn: `make_union`. */
export const makeUnion = (...parts: readonly UnionPart[]): FeatureUnion => new FeatureUnion(nameEach(parts));
