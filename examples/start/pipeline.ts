// The pipeline of the headline: spline features, a kernel map, Ridge by singular values; cross-validated, and by step. The same lines on every device.
import { type ArrayInput, asarray, disposeAll, type NDArray } from "bifold";
import { Nystroem } from "bifold/kernel_approximation";
import { Ridge } from "bifold/linear_model";
import { crossValidate, KFold, type Progress } from "bifold/model_selection";
import { makePipeline } from "bifold/pipeline";
import { SplineTransformer } from "bifold/preprocessing";
import type { Place } from "./fit.js";

export interface Shape {
  readonly nKnots: number;
  readonly nComponents: number;
  readonly alpha: number;
}

const steps = ({ nKnots, nComponents, alpha }: Shape) =>
  [
    new SplineTransformer({ nKnots }),
    new Nystroem({ kernel: "poly", degree: 2, nComponents, randomState: 0 }),
    new Ridge({ solver: "svd", alpha }),
  ] as const;

export interface Validated {
  readonly testScore: readonly number[];
  /** Seconds of all folds. */
  readonly fitTime: number;
  readonly scoreTime: number;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** R² on each of five folds. */
export async function validate(
  shape: Shape,
  X: ArrayInput,
  y: ArrayInput,
  where: Place,
  onProgress: (p: Progress) => void,
): Promise<Validated> {
  const [rows, targets] = [await asarray(X, where), await asarray(y, where)];
  const cv = new KFold({ nSplits: 5, shuffle: true, randomState: 0 });
  const { testScore, fitTime, scoreTime } = await crossValidate(makePipeline(...steps(shape)), rows, targets, {
    cv,
    onProgress,
  });
  disposeAll([rows, targets]);
  return { testScore, fitTime: sum(fitTime), scoreTime: sum(scoreTime) };
}

export interface ByStep {
  /** Seconds of each step, fitted on all rows; what a step gives is there when the next begins. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Predictions for the rows that were fitted, and for others. */
  readonly fitted: ArrayLike<number>;
  readonly elsewhere: ArrayLike<number>;
}

export async function fitByStep(
  shape: Shape,
  X: ArrayInput,
  y: ArrayInput,
  elsewhere: ArrayInput,
  where: Place,
): Promise<ByStep> {
  const [rows, targets, others] = [await asarray(X, where), await asarray(y, where), await asarray(elsewhere, where)];
  const seconds: Record<string, number> = {};
  const timed = async (name: string, step: () => Promise<NDArray>): Promise<NDArray> => {
    const start = performance.now();
    const result = await step();
    // On a GPU a result is there when it can be read.
    if (where.device.kind !== "cpu") await result.data();
    seconds[name] = (performance.now() - start) / 1000;
    return result;
  };
  const [spline, nystroem, ridge] = steps(shape);
  const Z = await timed("SplineTransformer", async () => spline.fitTransform(rows));
  const K = await timed("Nystroem", async () => nystroem.fitTransform(Z));
  await timed("Ridge", async () => (await ridge.fit(K, targets)).coef_);
  const predict = async (at: NDArray): Promise<NDArray> =>
    ridge.predict(await nystroem.transform(await spline.transform(at)));
  const fitted = await timed("predict", () => predict(rows));
  const values = { seconds, fitted: await fitted.data(), elsewhere: await (await predict(others)).data() };
  disposeAll([rows, targets, others, Z, K, fitted]);
  return values;
}
