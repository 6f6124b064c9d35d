// The seed pipeline and its data, as `bench:pipeline` and `bench:memory` run them; sklearn_peer.py has the same for scikit-learn.
import { asarray, type Device, type FloatDtype, type NDArray } from "bifold";
import { Nystroem } from "bifold/kernel_approximation";
import { Ridge } from "bifold/linear_model";
import { SplineTransformer } from "bifold/preprocessing";
import { RandomState } from "bifold/random";

export const steps = (nComponents = 300) =>
  [
    new SplineTransformer({ nKnots: 5 }),
    new Nystroem({ kernel: "poly", degree: 2, nComponents, randomState: 0 }),
    new Ridge({ solver: "svd", alpha: 1e-3 }),
  ] as const;

export interface Data {
  /** (rows, features) */
  readonly X: NDArray;
  /** (rows): a smooth function of the first four features, and noise. */
  readonly y: NDArray;
}

export async function seedData(
  rows: number,
  features: number,
  where: { readonly device: Device; readonly dtype: FloatDtype },
): Promise<Data> {
  const random = new RandomState(0);
  const X = random.uniform(-2, 2, [rows, features]).data;
  const noise = random.uniform(-0.5, 0.5, rows);
  const y = Float64Array.from({ length: rows }, (_, i) => {
    const [a = 0, b = 0, c = 0, d = 0] = X.subarray(i * features, i * features + 4);
    return Math.sin(2 * a) + b * c + Math.abs(d) + (noise[i] ?? 0);
  });
  return {
    X: await asarray({ data: X, shape: [rows, features] }, where),
    y: await asarray({ data: y, shape: [rows] }, where),
  };
}
