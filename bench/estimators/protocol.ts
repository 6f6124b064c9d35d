// What `npm run bench:estimators` measures, and what it asks of each side.

export interface EstimatorTask {
  readonly estimator: "StandardScaler" | "Ridge" | "PCA" | "KMeans";
  readonly rows: number;
  readonly features: number;
  readonly dtype: string;
}

const sizes: readonly (readonly [number, number])[] = [
  [100_000, 16],
  [10_000, 300],
];

export const estimatorTasks: readonly EstimatorTask[] = (["StandardScaler", "Ridge", "PCA", "KMeans"] as const).flatMap(
  (estimator) =>
    sizes.flatMap(([rows, features]) => ["float64", "float32"].map((dtype) => ({ estimator, rows, features, dtype }))),
);

/** What is fitted, for the table. */
export const descriptions: Readonly<Record<EstimatorTask["estimator"], string>> = {
  StandardScaler: "`StandardScaler`, fit and transform",
  Ridge: "`Ridge(solver: cholesky)`, fit",
  PCA: "`PCA(nComponents: 10)`, fit",
  KMeans: "`KMeans(nClusters: 8)`, 20 iterations from given centres",
};

/** Seconds of one fit, and a number that both sides should agree on. */
export interface Fitted {
  readonly seconds: number;
  readonly check: number;
}
