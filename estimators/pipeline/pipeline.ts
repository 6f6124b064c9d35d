// Pipeline: transformers one after another, and an estimator at the end.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { scope } from "../../src/runtime/scope.js";
import { type AnyEstimator, Estimator, type EstimatorType } from "../base.js";
import { fitTransform, method } from "../capabilities.js";
import { Composition, nameEach } from "../composition.js";
import { Passage } from "./passage.js";

export type Step = AnyEstimator | "passthrough";
export type Steps = readonly (readonly [name: string, step: Step])[];

export interface PipelineParams {
  /** Names and transformers in the order in which data go through them; the last may be any estimator. `"passthrough"` does nothing. */
  readonly steps: Steps;
  /** Caching of fitted steps is not there: only `null`. */
  readonly memory: null;
}

/** Parameters for the `fit` of steps, as `{ ridge__sampleWeight: w }`. */
export type FitParams = Readonly<Record<string, unknown>>;

type Last = "fit" | "fitTransform" | "fitPredict";

/**
 * Transformers one after another, and an estimator at the end. `fit` fits the steps that it was given, as scikit-learn's does: `model.at(-1).coef_`;
 * where one fails, all stay as they were. What a step makes is freed when the next one has used it. Where a step moves the data to another device, `y`
 * and parameters with a value for each sample follow it once, if they were where X was. scikit-learn: `sklearn.pipeline.Pipeline` (without `memory`,
 * `verbose` and `transform_input`).
 */
export class Pipeline<const S extends Steps = Steps> extends Composition<PipelineParams, "passthrough"> {
  override get name(): string {
    return "Pipeline";
  }

  /** The steps, alone or among the parameters. @throws {BifoldError} `parameter` for steps that are no pairs, or names that are not clear */
  constructor(given: S | (Partial<Omit<PipelineParams, "steps">> & { readonly steps?: S }) = {}) {
    super({ steps: [], memory: null }, isList(given) ? { steps: given } : given);
  }

  protected override get listName(): string {
    return "steps";
  }

  protected override get words(): readonly "passthrough"[] {
    return ["passthrough"];
  }

  protected override merged(
    params: Readonly<PipelineParams>,
    given: Readonly<Record<string, unknown>>,
  ): PipelineParams {
    const merged = super.merged(params, given);
    if (merged.memory !== null)
      throw new BifoldError("parameter", "Pipeline: memory must be null: what steps learn is not cached");
    return merged;
  }

  get steps(): S {
    return this.list as unknown as S;
  }

  get namedSteps(): { readonly [K in S[number] as K[0]]: K[1] } {
    return Object.fromEntries(this.list) as { readonly [K in S[number] as K[0]]: K[1] };
  }

  get length(): number {
    return this.list.length;
  }

  /** The step at a place, from the end where it is negative. @throws {BifoldError} `parameter` where there is none */
  at(index: number): S[number][1] {
    const step = this.list.at(index);
    if (!step)
      throw new BifoldError("parameter", `Pipeline.at: there is no step ${index}: the pipeline has ${this.length}`);
    return step[1];
  }

  /** A pipeline of some of the steps, which are the same estimators: fitted together, disposed of together. */
  slice(start?: number, end?: number): Pipeline {
    return new Pipeline(this.list.slice(start, end));
  }

  override get estimatorType(): EstimatorType | undefined {
    const last = this.list.at(-1)?.[1];
    return last instanceof Estimator ? last.estimatorType : undefined;
  }

  /** Whether the last step that is an estimator is fitted; where there is none, nothing is to learn. */
  override get isFitted(): boolean {
    return this.estimators.at(-1)?.[1].isFitted ?? true;
  }

  override get nFeaturesIn_(): number {
    return this.estimators[0]?.[1].nFeaturesIn_ ?? this.attribute("nFeaturesIn_");
  }

  /**
   * Fits the steps one after another, each on what those before it make of `X`.
   * @throws {BifoldError} `parameter` for steps that can't, or parameters of no step; and what the steps throw
   */
  async fit(X: ArrayInput, y?: unknown, params: FitParams = {}): Promise<this> {
    await this.fitAside(X, y, params, "fit");
    return this;
  }

  /** `fit`, then what the last step makes of the same data. Throws what `fit` throws. */
  async fitTransform(X: ArrayInput, y?: unknown, params: FitParams = {}): Promise<NDArray> {
    return (await this.fitAside(X, y, params, "fitTransform")) as NDArray;
  }

  /** `fit`, then the labels of the same data, of a last step that has `fitPredict`. Throws what `fit` throws. */
  async fitPredict(X: ArrayInput, y?: unknown, params: FitParams = {}): Promise<NDArray> {
    return (await this.fitAside(X, y, params, "fitPredict")) as NDArray;
  }

  /** `X` through all steps. Throws what they throw. */
  async transform(X: ArrayInput): Promise<NDArray> {
    return scope(async (own) => (await this.passed(new Passage(own, X), this.list, "Pipeline.transform")).result());
  }

  /** Back through all steps, from the last. @throws {BifoldError} `parameter` for a step without `inverseTransform`; and what they throw */
  async inverseTransform(X: ArrayInput): Promise<NDArray> {
    const what = "Pipeline.inverseTransform";
    const back = this.estimators.map(([, step]) => method(step, "inverseTransform", what)).reverse();
    return scope(async (own) => {
      const passage = new Passage(own, X);
      for (const step of back) await passage.through(step);
      return passage.result();
    });
  }

  /** The last step's prediction for what the others make of `X`. Throws what they throw. */
  async predict(X: ArrayInput): Promise<NDArray> {
    const predict = method(this.final("Pipeline.predict"), "predict", "Pipeline.predict");
    return scope(async (own) => predict((await this.before(new Passage(own, X), "Pipeline.predict")).data));
  }

  /** The last step's score of what the others make of `X`. Throws what they throw. */
  async score(X: ArrayInput, y?: unknown, options: { readonly sampleWeight?: ArrayInput } = {}): Promise<number> {
    const score = method(this.final("Pipeline.score"), "score", "Pipeline.score");
    return scope(async (own) => {
      const passage = await this.before(new Passage(own, X), "Pipeline.score");
      return score(passage.data, await passage.beside(y), await passage.allBeside({ ...options }));
    });
  }

  /** The names of what comes out, by asking each step in turn. @throws {BifoldError} `parameter` for a step that knows no names */
  getFeatureNamesOut(inputFeatures?: readonly string[]): readonly string[] {
    let names = inputFeatures;
    for (const [, step] of this.estimators)
      names = method(step, "getFeatureNamesOut", "Pipeline.getFeatureNamesOut")(names);
    if (!names)
      throw new BifoldError("parameter", "Pipeline.getFeatureNamesOut: no step makes names, and none were given");
    return names;
  }

  /** Fits twins of the steps, and takes over what they learned when all have. */
  private async fitAside(X: ArrayInput, y: unknown, params: FitParams, last: Last): Promise<NDArray | undefined> {
    this.check(`Pipeline.${last}`);
    const twin = this.twin();
    try {
      const made = await twin.run(X, y, params, last);
      this.adopt(twin);
      return made;
    } finally {
      twin.dispose();
    }
  }

  private async run(X: ArrayInput, y: unknown, params: FitParams, last: Last): Promise<NDArray | undefined> {
    const what = `Pipeline.${last}`;
    const options = this.byStep(params, what);
    return scope(async (own) => {
      const passage = new Passage(own, X);
      for (const [k, [name, step]] of this.list.entries()) {
        if (!(step instanceof Estimator)) continue;
        const target = await passage.beside(y);
        const given = await passage.allBeside(options.get(name) ?? {});
        if (k < this.length - 1 || last === "fitTransform")
          await passage.through((data) => fitTransform(step, data, target, given, what));
        else {
          const made = await method(step, last, what)(passage.data, target, given);
          return last === "fitPredict" ? (made as NDArray) : undefined;
        }
      }
      return last === "fitTransform" ? passage.result() : undefined;
    });
  }

  /** Refuses steps that can't do what they are there for, before any is fitted. */
  private check(what: string): void {
    if (this.length === 0) throw new BifoldError("parameter", `${what}: the pipeline has no steps`);
    for (const [name, step] of this.list.slice(0, -1))
      if (step instanceof Estimator) method(step, "transform", `${what}: step ${name}, which is not the last,`);
    if (what === "Pipeline.fitPredict") method(this.final(what), "fitPredict", what);
  }

  private final(what: string): AnyEstimator {
    const last = this.list.at(-1)?.[1];
    if (last instanceof Estimator) return last;
    throw new BifoldError("parameter", `${what}: the last step is ${last ?? "missing"}, which can't do that`);
  }

  private before(passage: Passage, what: string): Promise<Passage> {
    return this.passed(passage, this.list.slice(0, -1), what);
  }

  private async passed(passage: Passage, steps: Steps, what: string): Promise<Passage> {
    for (const [, step] of steps) if (step instanceof Estimator) await passage.through(method(step, "transform", what));
    return passage;
  }
}

const isList = <S extends Steps>(given: S | object): given is S => Array.isArray(given);

/** A pipeline whose steps are named by their classes, in small letters. scikit-learn: `make_pipeline`. */
export const makePipeline = <const E extends readonly Step[]>(
  ...steps: E
): Pipeline<{ [K in keyof E]: readonly [string, E[K]] }> =>
  new Pipeline(nameEach(steps)) as unknown as Pipeline<{ [K in keyof E]: readonly [string, E[K]] }>;
