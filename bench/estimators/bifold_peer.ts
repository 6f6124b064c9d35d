// Our side of `npm run bench:estimators`: one fit of an estimator on the CPU, with the data of the other side.
import { asarray, device, disposeAll, type FloatDtype, type NDArray } from "bifold";
import { KMeans } from "bifold/cluster";
import { PCA } from "bifold/decomposition";
import { Ridge } from "bifold/linear_model";
import { StandardScaler } from "bifold/preprocessing";
import { RandomState } from "bifold/random";
import { answerRequests } from "../peers/answer.js";
import type { EstimatorTask, Fitted } from "./protocol.js";

const [threads = "1"] = process.argv.slice(2);
const cpu = await device("cpu", { threads: Number(threads) });

interface Data {
  readonly X: NDArray;
  readonly y: NDArray;
  /** Where k-means begins. */
  readonly centers: NDArray;
}
let held: Data | undefined;

async function prepare({ rows, features, dtype }: EstimatorTask): Promise<object> {
  disposeAll(held);
  const random = new RandomState(0);
  const centers = random.uniform(-2, 2, [8, features]).data;
  const X = random.uniform(-1, 1, [rows, features]).data;
  for (let k = 0; k < X.length; k++) {
    const [i, j] = [Math.floor(k / features), k % features];
    X[k] = (X[k] ?? 0) + (centers[(i % 8) * features + j] ?? 0);
  }
  const y = Float64Array.from(
    { length: rows },
    (_, i) => (X[i * features] ?? 0) - 2 * (X[i * features + 1] ?? 0) + (X[i * features + 2] ?? 0) ** 2,
  );
  // Eight rows of one group: the centres have far to go.
  const start = Float64Array.from({ length: 8 * features }, (_, k) => {
    const [c, j] = [Math.floor(k / features), k % features];
    return X[8 * c * features + j] ?? 0;
  });
  const where = { device: cpu, dtype: dtype as FloatDtype };
  held = {
    X: await asarray({ data: X, shape: [rows, features] }, where),
    y: await asarray({ data: y, shape: [rows] }, where),
    centers: await asarray({ data: start, shape: [8, features] }, where),
  };
  return {};
}

const first = async (array: NDArray): Promise<number> => Number((await array.data())[0]);

/** Fits once: how long it took, and a number of what came of it, read after the clock has stopped. */
async function fit({ estimator }: EstimatorTask): Promise<Fitted> {
  if (!held) throw new Error("prepare comes first");
  const { X, y, centers } = held;
  const timed = async <T>(work: () => Promise<T>, check: (made: T) => number | Promise<number>): Promise<Fitted> => {
    const start = performance.now();
    const made = await work();
    const seconds = (performance.now() - start) / 1000;
    const number = await check(made);
    return { seconds, check: number };
  };
  switch (estimator) {
    case "StandardScaler": {
      const model = new StandardScaler();
      const fitted = await timed(
        () => model.fitTransform(X),
        async (Z) => {
          const z = await first(Z);
          Z.dispose();
          return z;
        },
      );
      model.dispose();
      return fitted;
    }
    case "Ridge": {
      const model = new Ridge({ solver: "cholesky" });
      const fitted = await timed(
        () => model.fit(X, y),
        () => first(model.coef_),
      );
      model.dispose();
      return fitted;
    }
    case "PCA": {
      const model = new PCA({ nComponents: 10, randomState: 0 });
      const fitted = await timed(
        () => model.fit(X),
        () => first(model.explainedVariance_),
      );
      model.dispose();
      return fitted;
    }
    case "KMeans": {
      const model = new KMeans({ nClusters: 8, init: centers, nInit: 1, maxIter: 20, tol: 0 });
      const fitted = await timed(
        () => model.fit(X),
        () => model.inertia_,
      );
      model.dispose();
      return fitted;
    }
  }
}

await answerRequests({ prepare, fit });
process.exit(0);
