// What metrics of regression share: truth, predictions and weights side by side, and outputs averaged to one number.
import { type ArrayInput, asarray } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import { NDArray } from "../../src/runtime/ndarray.js";
import { type Own, scope } from "../../src/runtime/scope.js";
import { filled } from "../checks/finite.fold";
import { transposed } from "../checks/layout.fold";
import { checkMatrix, checkParameter, checkTargets, checkWeights, like } from "../validation.js";
import { countAtMost, countBelow, uniformAverage, weightedAverage } from "./regression.fold";

/** How several outputs become one number: their mean, a mean with weights, or no number but all values. */
export type MultiOutput = "uniform_average" | "raw_values" | readonly number[];

export interface MetricOptions<M> {
  readonly sampleWeight?: ArrayInput;
  readonly multioutput?: M;
}

/** A metric with options `O` of its own; `W` is a further way to average. With `raw_values` an array `real[t]` comes back, one value for each output. */
export interface OutputMetric<O = object, W = never> {
  (
    yTrue: ArrayInput,
    yPred: ArrayInput,
    options: O & MetricOptions<"raw_values"> & { readonly multioutput: "raw_values" },
  ): Promise<NDArray>;
  (
    yTrue: ArrayInput,
    yPred: ArrayInput,
    options?: O & MetricOptions<"uniform_average" | W | readonly number[]>,
  ): Promise<number>;
}

/** Where the predictions live: truth and predictions, `real[t, n]` with a row for each output, and the weights that were given, `real[n]`. */
export interface Sides {
  readonly truth: NDArray;
  readonly predicted: NDArray;
  readonly weights: NDArray | undefined;
  readonly samples: number;
}

/** Everything follows the predictions: what lives elsewhere is brought there. */
export async function beside(own: Own, input: ArrayInput, predicted: NDArray): Promise<ArrayInput> {
  if (!(input instanceof NDArray) || input.device === predicted.device) return input;
  return own(await input.to(predicted.device));
}

/** @throws {BifoldError} `shape`, `empty`, `not-finite`, `parameter` (weights) */
export async function sides(
  own: Own,
  yTrue: ArrayInput,
  yPred: ArrayInput,
  sampleWeight: ArrayInput | undefined,
  what: string,
): Promise<Sides> {
  // A list goes where the truth is.
  const given = await asarray(
    yPred,
    yTrue instanceof NDArray && !(yPred instanceof NDArray) ? { device: yTrue.device } : {},
  );
  if (given !== yPred) own(given);
  const matrix = given.ndim === 1 ? own(given.reshape([given.size, 1])) : given;
  const predicted = await checkMatrix(own, matrix, what, { name: "yPred" });
  const near = await beside(own, yTrue, predicted);
  const { y: truth } = await checkTargets(own, near, predicted, what, { y: "yTrue", X: "yPred" });
  if (truth.shape[1] !== predicted.shape[1])
    throw new BifoldError("shape", `${what}: yTrue has ${truth.shape[1]} outputs and yPred has ${predicted.shape[1]}`);
  const weights =
    sampleWeight === undefined
      ? undefined
      : await checkWeights(own, await beside(own, sampleWeight, predicted), predicted, what);
  const samples = predicted.shape[0] ?? 0;
  return { truth: await rows(own, truth), predicted: await rows(own, predicted), weights, samples };
}

/** The columns of a matrix as rows. */
const rows = async (own: Own, columns: NDArray): Promise<NDArray> =>
  own(columns.shape[1] === 1 ? columns.reshape([1, columns.size]) : await transposed(columns));

/** The weights that were given, or ones. */
export const weightsOf = async (own: Own, { predicted, weights, samples }: Sides): Promise<NDArray> =>
  weights ?? own(await filled(samples, 1, like(predicted)));

/** Truth and predictions of a metric that takes one output, `real[n]`. @throws {BifoldError} `shape` for several */
export function oneOutput(
  own: Own,
  { truth, predicted }: Sides,
  what: string,
): readonly [truth: NDArray, predicted: NDArray] {
  const outputs = predicted.shape[0] ?? 0;
  if (outputs !== 1) throw new BifoldError("shape", `${what}: takes one output, and yTrue and yPred have ${outputs}`);
  return [own(truth.reshape([truth.size])), own(predicted.reshape([predicted.size]))];
}

/** Where entries may be: above a bound, or at it too. */
export interface Domain {
  readonly bound: number;
  readonly closed: boolean;
}

/** @throws {BifoldError} `parameter` where entries of a side are outside of its domain */
export async function checkDomain(side: NDArray, name: string, { bound, closed }: Domain, what: string): Promise<void> {
  const bad = closed ? await countBelow(side, bound) : await countAtMost(side, bound);
  if (bad > 0)
    throw new BifoldError(
      "parameter",
      `${what}: ${name} must be ${closed ? "at least" : "greater than"} ${bound}, and ${bad} of its ${side.size} entries ${bad === 1 ? "is" : "are"} not`,
    );
}

/** @throws {BifoldError} `parameter`, `shape` for what is no average of these outputs: another name, or weights that do not fit them */
export function checkAverage(
  multioutput: string | readonly number[],
  { predicted }: Sides,
  what: string,
  names: readonly string[] = ["uniform_average", "raw_values"],
): void {
  const outputs = predicted.shape[0] ?? 0;
  const listed = Array.isArray(multioutput);
  const known = listed || names.some((name) => name === multioutput);
  checkParameter(known, what, "multioutput", `one of ${names.join(", ")}, or a list of weights`, multioutput);
  if (!listed) return;
  if (outputs === 1)
    throw new BifoldError("parameter", `${what}: multioutput has weights, and there is only one output to average`);
  if (multioutput.length !== outputs)
    throw new BifoldError(
      "shape",
      `${what}: multioutput has ${multioutput.length} weights and there are ${outputs} outputs`,
    );
  const total = multioutput.reduce((sum, w) => sum + w, 0);
  if (!Number.isFinite(total) || total === 0)
    throw new BifoldError(
      "parameter",
      `${what}: the weights of multioutput must sum to a finite number other than 0, found ${total}`,
    );
}

/** A number of the outputs' values. */
export async function average(
  own: Own,
  values: NDArray,
  multioutput: "uniform_average" | readonly number[],
): Promise<number> {
  if (multioutput === "uniform_average") return uniformAverage(values);
  return weightedAverage(values, own(await asarray([...multioutput], like(values))));
}

/** The value of each output; `options` are the metric's own. */
type Errors<O> = (own: Own, given: Sides, options: O) => Promise<NDArray>;

/** The metric that averages what `errors` gives for each output. */
export function outputMetric<O extends object>(what: string, errors: Errors<O>): OutputMetric<O> {
  const metric = async (
    yTrue: ArrayInput,
    yPred: ArrayInput,
    options: O & MetricOptions<MultiOutput> = {} as O,
  ): Promise<number | NDArray> => {
    const { multioutput = "uniform_average", sampleWeight } = options;
    return scope(async (own) => {
      const given = await sides(own, yTrue, yPred, sampleWeight, what);
      checkAverage(multioutput, given, what);
      const values = own(await errors(own, given, options));
      return multioutput === "raw_values" ? values : average(own, values, multioutput);
    });
  };
  // Which of the two comes back follows `multioutput`, as the overloads say.
  return metric as OutputMetric<O>;
}
