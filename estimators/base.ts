// What every estimator shares: parameters by name, fitted attributes with a trailing underscore, and their lifetime.
import type { Device } from "../src/runtime/device.js";
import { BifoldError } from "../src/runtime/errors.js";
import type { NDArray } from "../src/runtime/ndarray.js";
import { arraysIn } from "../src/runtime/scope.js";

export type Attributes = Readonly<Record<string, unknown>>;

/** The class of an estimator, as `clone` needs it. */
type EstimatorClass<P extends object> = new (params?: Partial<P>) => Estimator<P>;

/**
 * Parameters are given to the constructor and never changed by `fit`. Fitted attributes are set all at once when a fit has succeeded: a failed fit
 * leaves the estimator as it was.
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

  getParams(): Readonly<P> {
    return { ...this.params };
  }

  /** Changes parameters for the next `fit`. @throws {BifoldError} `parameter` for a name that the estimator does not have */
  setParams(given: Partial<P>): this {
    for (const name of Object.keys(given))
      if (!(name in this.defaults))
        throw new BifoldError(
          "parameter",
          `${this.name} has no parameter ${name}: it has ${Object.keys(this.defaults).join(", ")}`,
        );
    const kept = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    this.params = { ...this.params, ...kept };
    return this;
  }

  /** An unfitted estimator with the same parameters. */
  clone(): this {
    return new (this.constructor as EstimatorClass<P>)(this.getParams()) as this;
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
    const old = this.attributes;
    this.attributes = undefined;
    for (const a of arraysIn(old)) a.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Takes over what a fit has learned, and frees what an earlier one had. */
  protected learn(attributes: Attributes): void {
    this.dispose();
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
}

/** The floating type of a fitted array. */
export const floatOf = (a: NDArray): "float32" | "float64" => (a.dtype === "float32" ? "float32" : "float64");
