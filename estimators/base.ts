// What every estimator shares: parameters by name, fitted attributes with a trailing underscore, their lifetime, and saving them.
import type { Device } from "../src/runtime/device.js";
import { BifoldError } from "../src/runtime/errors.js";
import type { NDArray } from "../src/runtime/ndarray.js";
import { arraysIn } from "../src/runtime/scope.js";
import { byPart, isCopyable, mapped, type NestedParams } from "./parameters.js";
import type { FromJSONOptions } from "./saved/load.js";
import type { SavedModel, ToJSONOptions } from "./saved/save.js";

export type Attributes = Readonly<Record<string, unknown>>;

export type { NestedParams } from "./parameters.js";

/** An estimator, whatever its parameters. */
export type AnyEstimator = Estimator<object>;

/** The class of an estimator, which is made from its parameters alone. */
export type EstimatorClass<E extends AnyEstimator = AnyEstimator> = (new (
  params?: never,
) => E) & {
  readonly prototype: E;
};

/** What an estimator is made for, as scikit-learn's `estimator_type` says it. */
export type EstimatorType = "classifier" | "regressor" | "clusterer" | "transformer";

/** What an estimator consists of, as saving takes it and loading gives it back. */
export interface EstimatorState {
  readonly params: Readonly<Record<string, unknown>>;
  readonly attributes: Attributes | undefined;
}

/**
 * Parameters are given to the constructor and never changed by `fit`. Fitted attributes are set all at once when a fit has succeeded: a failed fit
 * leaves the estimator as it was. What was learned is in the attributes and nowhere else: pipelines hand them over, and saving writes them.
 */
export abstract class Estimator<P extends object> {
  private params: Readonly<P>;
  private attributes: Attributes | undefined;

  /** @throws {BifoldError} `parameter` for a name that the estimator does not have */
  protected constructor(
    private readonly defaults: Readonly<P>,
    given: Partial<P> = {},
  ) {
    this.params = { ...defaults };
    this.setParams(given);
  }

  /** scikit-learn's name of the class, which minifiers change. */
  abstract get name(): string;

  get estimatorType(): EstimatorType | undefined {
    return undefined;
  }

  /** The parameters; with those of the estimators inside, as `name__parameter`, unless `deep` is false. */
  getParams({ deep = true }: { readonly deep?: boolean } = {}): Readonly<P> & NestedParams {
    const all: Record<string, unknown> = { ...this.params };
    if (deep)
      for (const [name, part] of Object.entries(this.partsOf(this.params))) {
        all[name] = part;
        if (part instanceof Estimator)
          for (const [inner, value] of Object.entries(part.getParams())) all[`${name}__${inner}`] = value;
      }
    return all as Readonly<P> & NestedParams;
  }

  /**
   * Changes parameters for the next `fit`, those of the estimators inside by names as `ridge__alpha`. `undefined` changes nothing.
   * @throws {BifoldError} `parameter` for a name that the estimator does not have; then nothing was changed
   */
  setParams(given: Partial<P> | (Partial<P> & NestedParams)): this {
    this.checkNames(given);
    this.assign(given);
    return this;
  }

  /** An unfitted estimator with the same parameters: estimators among them are cloned, a random stream is copied where it stands. */
  clone(): this {
    return this.remake((v) => (v instanceof Estimator ? v.clone() : isCopyable(v) ? v.copy() : v));
  }

  get isFitted(): boolean {
    return this.attributes !== undefined;
  }

  /** The number of columns that `fit` saw. */
  get nFeaturesIn_(): number {
    return this.attribute<number>("nFeaturesIn_");
  }

  /** Frees the fitted arrays; the estimator is then unfitted. */
  dispose(): void {
    this.forget();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /**
   * The estimator with all that it learned, as what `JSON.stringify` takes (and not the other way round: this is a promise). `fromJSON` makes it again.
   * @throws {BifoldError} `unsupported` for a parameter that is a function without a name in `functions`, or a random stream
   */
  async toJSON(options: ToJSONOptions = {}): Promise<SavedModel> {
    const { saveEstimator } = await import("./saved/save.js");
    return saveEstimator(this, options);
  }

  /**
   * The estimator that `toJSON` saved, from its object or text: `await Ridge.fromJSON(text)`. One that holds others needs their classes:
   * `Pipeline.fromJSON(text, { classes: [StandardScaler, Ridge] })`, so that no bundle carries classes that it does not use.
   * @throws {BifoldError} `malformed` for what is no such text, was changed, is of another version or of another class; `unsupported` for a device that
   * is not there
   */
  static async fromJSON<E extends AnyEstimator>(
    this: EstimatorClass<E>,
    saved: unknown,
    { classes = [], ...options }: FromJSONOptions & { readonly classes?: readonly EstimatorClass[] } = {},
  ): Promise<E> {
    const { loadEstimator } = await import("./saved/load.js");
    // biome-ignore lint/complexity/noThisInStatic: the class that it was called on, not this one
    return (await loadEstimator(saved, [this, ...classes], options, this)) as E;
  }

  /** For saving. */
  static stateOf(estimator: AnyEstimator): EstimatorState {
    return { params: { ...estimator.params }, attributes: estimator.attributes };
  }

  /** For loading: the estimator that was in this state. @throws {BifoldError} `parameter` */
  static restore(Class: EstimatorClass, { params, attributes }: EstimatorState): AnyEstimator {
    const made = new Class(params as never);
    made.attributes = attributes;
    return made;
  }

  /** An unfitted twin with the very same parameters, to be fitted aside: estimators among them have twins too, streams are shared. */
  protected twin(): this {
    return this.remake((v) => (v instanceof Estimator ? v.twin() : v));
  }

  /** Takes over what a twin has learned. */
  protected adopt(twin: this): void {
    const theirs = twin.partsOf(twin.params);
    for (const [name, part] of Object.entries(this.partsOf(this.params))) {
      const other = theirs[name];
      if (part instanceof Estimator && other instanceof Estimator) part.adopt(other);
    }
    if (!twin.attributes) return;
    this.learn(twin.attributes);
    twin.attributes = undefined;
  }

  /** Resolves when what was fitted is computed: work that a GPU was given may be under way. */
  async settled(): Promise<void> {
    const parts = Object.values(this.partsOf(this.params)).filter((part) => part instanceof Estimator);
    for (const part of parts) await part.settled();
    const [smallest] = arraysIn(this.attributes).sort((a, b) => a.storage.bytes - b.storage.bytes);
    // A queue is done in order: where its last small answer can be read, everything before it is there.
    if (smallest && smallest.device.kind !== "cpu") await smallest.device.download(smallest.storage);
  }

  /** The parts that parameters reach into, by name: the parameters that are estimators, unless a class says otherwise. */
  protected partsOf(params: Readonly<P>): Readonly<Record<string, unknown>> {
    return Object.fromEntries(Object.entries(params).filter(([, value]) => value instanceof Estimator));
  }

  /** `params` with what is given (of names without `__`) in place. @throws {BifoldError} `parameter` */
  protected merged(params: Readonly<P>, given: Readonly<Record<string, unknown>>): Readonly<P> {
    for (const name of Object.keys(given))
      if (!Object.hasOwn(this.defaults, name))
        throw new BifoldError(
          "parameter",
          `${this.name} has no parameter ${name}: it has ${Object.keys(this.getParams()).join(", ") || "none"}`,
        );
    const kept = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return { ...params, ...kept };
  }

  /** Takes over what a fit has learned, and frees what an earlier one had. */
  protected learn(attributes: Attributes): void {
    this.forget();
    this.attributes = attributes;
  }

  /** @throws {BifoldError} `not-fitted` */
  protected attribute<T>(name: string): T {
    if (!this.attributes)
      throw new BifoldError(
        "not-fitted",
        `this ${this.name} is not fitted yet: call \`await model.fit(…)\` before using ${name}`,
      );
    return this.attributes[name] as T;
  }

  /** Where the fitted arrays live. @throws {BifoldError} `not-fitted` */
  protected home(method: string): Device {
    if (!this.attributes)
      throw new BifoldError(
        "not-fitted",
        `this ${this.name} is not fitted yet: call \`await model.fit(…)\` before ${method}`,
      );
    const [array] = arraysIn(this.attributes);
    if (!array) throw new Error(`internal: ${this.name} has no fitted array`);
    return array.device;
  }

  private forget(): void {
    const old = this.attributes;
    this.attributes = undefined;
    for (const a of arraysIn(old)) a.dispose();
    for (const e of Object.values(old ?? {})) if (e instanceof Estimator) e.dispose();
  }

  private remake(map: (value: unknown) => unknown): this {
    const params = Object.fromEntries(Object.entries(this.params).map(([name, value]) => [name, mapped(value, map)]));
    return new (this.constructor as new (params: object) => this)(params);
  }

  private checkNames(given: Readonly<Record<string, unknown>>): void {
    const { own, nested } = byPart(given);
    const parts = this.partsOf(this.merged(this.params, own));
    for (const [name, inner] of nested) {
      const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
      if (!(part instanceof Estimator))
        throw new BifoldError(
          "parameter",
          `${this.name} has no estimator ${name} that ${Object.keys(inner).map((p) => `${name}__${p}`)} could belong to: it has ${Object.keys(parts).join(", ") || "none"}`,
        );
      part.checkNames(inner);
    }
  }

  private assign(given: Readonly<Record<string, unknown>>): void {
    const { own, nested } = byPart(given);
    this.params = this.merged(this.params, own);
    const parts = this.partsOf(this.params);
    for (const [name, inner] of nested) (parts[name] as AnyEstimator).assign(inner);
  }
}

/** scikit-learn's `clone`: an unfitted estimator with the same parameters. */
export const clone = <E extends AnyEstimator>(estimator: E): E => estimator.clone();

/** The floating type of a fitted array. */
export const floatOf = (a: NDArray): "float32" | "float64" => (a.dtype === "float32" ? "float32" : "float64");
