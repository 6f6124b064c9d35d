// FunctionTransformer: any function as a step of a pipeline, such as the one that moves the data to another device.

import { takeRows } from "../../src/array/indexing.js";
import { type ArrayInput, asarray } from "../../src/runtime/asarray.js";
import { isFloat } from "../../src/runtime/dtype.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { describeArray, NDArray } from "../../src/runtime/ndarray.js";
import { type Own, scope } from "../../src/runtime/scope.js";
import { inputNames } from "../feature_names.js";
import { Transformer } from "../transformer.js";
import { checkFeatures, checkMatrix, checkParameter } from "../validation.js";
import { warn } from "../warn.js";
import { countApart } from "./function_transformer.fold";

/** Further arguments of a function, by name. */
export type KwArgs = Readonly<Record<string, unknown>>;

/**
 * What makes an array of an array. It may give its argument back. Anything else that it gives belongs to the caller of `transform`, who will dispose of
 * it; what else it makes it disposes of itself.
 */
export type ArrayFunction = (X: NDArray, kwArgs: KwArgs) => ArrayInput | Promise<ArrayInput>;

/** What names the columns that come out, by those that go in. */
export type NamesOut = (
  transformer: FunctionTransformer,
  inputFeatures: readonly string[] | undefined,
) => readonly string[];

export interface FunctionTransformerParams {
  /** What `transform` does; nothing where it is `null`. */
  readonly func: ArrayFunction | null;
  /** What `inverseTransform` does; nothing where it is `null`. */
  readonly inverseFunc: ArrayFunction | null;
  /** Hold `X` to be a finite matrix before `func` sees it. */
  readonly validate: boolean;
  /** Try in `fit`, on about 100 rows, whether `inverseFunc` undoes `func`, and warn where it does not. */
  readonly checkInverse: boolean;
  /** The names of what comes out: those that go in, or what a function gives; where it is `null` they are not known. */
  readonly featureNamesOut: "one-to-one" | NamesOut | null;
  /** Further arguments of `func`. */
  readonly kwArgs: KwArgs | null;
  /** Further arguments of `inverseFunc`. */
  readonly invKwArgs: KwArgs | null;
}

/** How far a value may be from what it was (relatively, absolutely), as scikit-learn's checks of arrays have it. */
const tolerances = { float64: [1e-7, 1e-9], float32: [1e-4, 1e-9] } as const;

/**
 * Applies a function to the data: `new FunctionTransformer({ func: (Z) => Z.to("webgpu") })` moves a pipeline's data. It learns nothing: `transform`
 * works without `fit`. scikit-learn: `sklearn.preprocessing.FunctionTransformer` (without `accept_sparse`; lists become arrays before `func` sees them).
 */
export class FunctionTransformer extends Transformer<FunctionTransformerParams> {
  override get name(): string {
    return "FunctionTransformer";
  }

  constructor(params: Partial<FunctionTransformerParams> = {}) {
    super(
      {
        func: null,
        inverseFunc: null,
        validate: false,
        checkInverse: true,
        featureNamesOut: null,
        kwArgs: null,
        invKwArgs: null,
      },
      params,
    );
  }

  /**
   * Checks the parameters, with `validate` the data, and with `checkInverse` the functions.
   * @throws {BifoldError} `parameter`; with `validate` also `shape`, `empty`, `not-finite`; and what the functions throw
   */
  async fit(X: ArrayInput, _y?: unknown): Promise<this> {
    const what = "FunctionTransformer.fit";
    const { func, inverseFunc, validate, checkInverse } = this.checked(what);
    const features = await scope(async (own) => {
      const data = await this.taken(own, X, validate, what);
      if (checkInverse && func && inverseFunc) await this.checkRoundTrip(data, func, inverseFunc, what);
      return data.ndim > 1 ? data.shape[1] : undefined;
    });
    this.learn(features === undefined ? {} : { nFeaturesIn_: features });
    return this;
  }

  /** What `func` makes of `X`. @throws {BifoldError} as `fit`, and `features` with `validate`; and what `func` throws */
  async transform(X: ArrayInput): Promise<NDArray> {
    const what = "FunctionTransformer.transform";
    const { func, kwArgs, validate } = this.checked(what);
    return scope(async (own) => {
      const data = await this.taken(own, X, validate, what);
      if (validate && this.features !== undefined) checkFeatures(data, this.features, what);
      return put(own, data, X, func, kwArgs);
    });
  }

  /** What `inverseFunc` makes of `X`. Throws what `transform` throws. */
  async inverseTransform(X: ArrayInput): Promise<NDArray> {
    const what = "FunctionTransformer.inverseTransform";
    const { inverseFunc, invKwArgs, validate } = this.checked(what);
    return scope(async (own) => put(own, await this.taken(own, X, validate, what), X, inverseFunc, invKwArgs));
  }

  /** The names of what comes out. @throws {BifoldError} `parameter` where `featureNamesOut` is `null`, `features`, `not-fitted` */
  getFeatureNamesOut(inputFeatures?: readonly string[]): readonly string[] {
    const what = "FunctionTransformer.getFeatureNamesOut";
    const { featureNamesOut } = this.checked(what);
    if (featureNamesOut === null)
      throw new BifoldError(
        "parameter",
        `${what}: featureNamesOut is null: set it to "one-to-one" where func keeps the columns, or to a function that gives the names`,
      );
    const known =
      this.features ?? (featureNamesOut === "one-to-one" ? (inputFeatures?.length ?? this.nFeaturesIn_) : undefined);
    const names = known === undefined ? inputFeatures : inputNames(inputFeatures, known, what);
    return featureNamesOut === "one-to-one" ? (names ?? []) : featureNamesOut(this, names);
  }

  /** The number of columns that `fit` saw, where there was a fit. */
  private get features(): number | undefined {
    return this.isFitted ? this.attribute<number | undefined>("nFeaturesIn_") : undefined;
  }

  private async taken(own: Own, X: ArrayInput, validate: boolean, what: string): Promise<NDArray> {
    if (validate) return checkMatrix(own, X, what);
    return X instanceof NDArray ? X : own(await asarray(X));
  }

  private async checkRoundTrip(X: NDArray, func: ArrayFunction, inverse: ArrayFunction, what: string): Promise<void> {
    const { kwArgs, invKwArgs } = this.getParams();
    const [n = 0] = X.shape;
    if (X.size === 0 || X.ndim === 0 || X.ndim > 2) return;
    await scope(async (own) => {
      const step = Math.max(1, Math.floor(n / 100));
      const rows = Int32Array.from({ length: Math.ceil(n / step) }, (_, i) => i * step);
      const some = own(await takeRows(X, rows));
      const there = own(await put(own, some, some, func, kwArgs));
      const back = own(await put(own, there, there, inverse, invKwArgs));
      const dtype = isFloat(X.dtype) ? X.dtype : (X.device.floats[0] ?? "float32");
      const alike = async (a: NDArray): Promise<NDArray> => {
        const near = a.device === X.device ? a : own(await a.to(X.device));
        const cast = near.dtype === dtype ? near : own(await asarray(near, { dtype }));
        return own(cast.reshape([rows.length, -1]));
      };
      const same = back.size === some.size && back.shape[0] === rows.length;
      const [relative, absolute] = tolerances[dtype];
      const apart = same ? await countApart(await alike(some), await alike(back), relative, absolute) : some.size;
      if (apart > 0)
        warn(
          `${what}: inverseFunc does not undo func: ${same ? `${apart} of ${some.size} entries differ` : `${describeArray(some)} came back as ${describeArray(back)}`}. Where that is meant, set checkInverse: false`,
        );
    });
  }

  private checked(what: string): FunctionTransformerParams {
    const params = this.getParams();
    const { func, inverseFunc, validate, checkInverse, featureNamesOut, kwArgs, invKwArgs } = params;
    const callable = (f: unknown): boolean => f === null || typeof f === "function";
    checkParameter(callable(func), what, "func", "a function or null", func);
    checkParameter(callable(inverseFunc), what, "inverseFunc", "a function or null", inverseFunc);
    checkParameter(typeof validate === "boolean", what, "validate", "true or false", validate);
    checkParameter(typeof checkInverse === "boolean", what, "checkInverse", "true or false", checkInverse);
    const names = featureNamesOut === "one-to-one" || callable(featureNamesOut);
    checkParameter(names, what, "featureNamesOut", '"one-to-one", a function or null', featureNamesOut);
    checkParameter(typeof kwArgs === "object", what, "kwArgs", "a record or null", kwArgs);
    checkParameter(typeof invKwArgs === "object", what, "invKwArgs", "a record or null", invKwArgs);
    return params;
  }
}

/** What a function makes of `X`, to be disposed of on its own: where that is what the caller gave, it is shown by another array. */
async function put(
  own: Own,
  X: NDArray,
  given: ArrayInput,
  func: ArrayFunction | null,
  kwArgs: KwArgs | null,
): Promise<NDArray> {
  const made = func ? await func(X, kwArgs ?? {}) : X;
  const result = made instanceof NDArray ? made : own(await asarray(made));
  return result === given ? result.share() : result;
}
