// Every estimator, every device, every check.
import { describe, expect, it, test } from "vitest";
import { KMeans } from "../../estimators/cluster/index.js";
import { PCA } from "../../estimators/decomposition/index.js";
import { Nystroem } from "../../estimators/kernel_approximation/index.js";
import { LinearRegression, Ridge } from "../../estimators/linear_model/index.js";
import { GridSearchCV, RandomizedSearchCV } from "../../estimators/model_selection/index.js";
import { makePipeline, makeUnion } from "../../estimators/pipeline/index.js";
import {
  Binarizer,
  FunctionTransformer,
  KernelCenterer,
  MaxAbsScaler,
  MinMaxScaler,
  Normalizer,
  PolynomialFeatures,
  SplineTransformer,
  StandardScaler,
} from "../../estimators/preprocessing/index.js";
import { settings } from "../settings.js";
import { checks } from "./checks.js";
import { classes } from "./classes.js";
import { type Checked, rows, runCheck, type Subject } from "./subject.js";

/** A kernel, positive definite on different samples: of any number of features. */
const kernel: Subject["kernel"] = (x, z) => 8 / (1 + x.reduce((sum, v, j) => sum + Math.abs(v - (z[j] ?? 0)), 0));

const subjects: readonly Subject[] = [
  {
    name: "MinMaxScaler",
    make: () => new MinMaxScaler() as unknown as Checked,
    allowsNaN: true,
    supervised: false,
    oneSample: true,
    attributes: ["dataMin_", "dataMax_", "dataRange_", "scale_", "min_"],
  },
  {
    name: "MaxAbsScaler",
    make: () => new MaxAbsScaler() as unknown as Checked,
    allowsNaN: true,
    oneSample: true,
    attributes: ["maxAbs_", "scale_"],
    supervised: false,
  },
  {
    name: "StandardScaler",
    make: () => new StandardScaler() as unknown as Checked,
    allowsNaN: true,
    oneSample: true,
    attributes: ["mean_", "var_", "scale_"],
    supervised: false,
    weighted: () => new StandardScaler() as unknown as Checked,
  },
  {
    name: "SplineTransformer",
    make: () => new SplineTransformer() as unknown as Checked,
    allowsNaN: false,
    oneSample: false,
    attributes: ["knots_"],
    supervised: false,
    weighted: () => new SplineTransformer({ extrapolation: "linear" }) as unknown as Checked,
  },
  {
    name: "PolynomialFeatures",
    make: () => new PolynomialFeatures() as unknown as Checked,
    allowsNaN: false,
    oneSample: true,
    attributes: ["powers_"],
    supervised: false,
  },
  {
    name: "Normalizer",
    make: () => new Normalizer() as unknown as Checked,
    allowsNaN: false,
    oneSample: true,
    attributes: [],
    supervised: false,
    stateless: true,
  },
  {
    name: "Binarizer",
    make: () => new Binarizer({ threshold: 1 }) as unknown as Checked,
    allowsNaN: false,
    oneSample: true,
    attributes: [],
    supervised: false,
    stateless: true,
  },
  {
    name: "FunctionTransformer",
    make: () => new FunctionTransformer({ validate: true }) as unknown as Checked,
    allowsNaN: false,
    oneSample: true,
    attributes: [],
    supervised: false,
    stateless: true,
  },
  {
    name: "LinearRegression",
    make: () => new LinearRegression() as unknown as Checked,
    allowsNaN: false,
    oneSample: true,
    attributes: ["coef_", "intercept_", "singular_"],
    supervised: true,
    weighted: () => new LinearRegression() as unknown as Checked,
  },
  {
    name: "Ridge",
    make: () => new Ridge() as unknown as Checked,
    allowsNaN: false,
    oneSample: true,
    attributes: ["coef_", "intercept_"],
    supervised: true,
    weighted: () => new Ridge() as unknown as Checked,
  },
  {
    name: "Ridge",
    make: () => new Ridge({ solver: "svd" }) as unknown as Checked,
    allowsNaN: false,
    oneSample: true,
    attributes: ["coef_", "intercept_"],
    supervised: true,
    weighted: () => new Ridge({ solver: "svd" }) as unknown as Checked,
  },
  {
    name: "PCA",
    make: () => new PCA({ nComponents: 1 }) as unknown as Checked,
    allowsNaN: false,
    oneSample: false,
    attributes: ["components_", "explainedVariance_", "explainedVarianceRatio_", "singularValues_", "mean_"],
    supervised: false,
  },
  {
    name: "Nystroem",
    make: () => new Nystroem({ kernel: "poly", degree: 2, nComponents: 3, randomState: 0 }) as unknown as Checked,
    allowsNaN: false,
    oneSample: true,
    attributes: ["components_", "componentIndices_", "normalization_"],
    supervised: false,
  },
  {
    name: "Nystroem",
    make: () => new Nystroem({ kernel: "precomputed", nComponents: 12, randomState: 0 }) as unknown as Checked,
    allowsNaN: false,
    oneSample: true,
    attributes: ["components_", "componentIndices_", "normalization_"],
    supervised: false,
    kernel,
  },
  {
    name: "KernelCenterer",
    make: () => new KernelCenterer() as unknown as Checked,
    allowsNaN: false,
    oneSample: true,
    attributes: ["KFitRows_"],
    supervised: false,
    kernel,
  },
  {
    name: "KMeans",
    make: () => new KMeans({ nClusters: 2, randomState: 0 }) as unknown as Checked,
    allowsNaN: false,
    oneSample: false,
    attributes: ["clusterCenters_", "labels_"],
    supervised: false,
    weighted: () => new KMeans({ nClusters: 2, init: [rows[0] ?? [], rows[7] ?? []] }) as unknown as Checked,
  },
  {
    name: "Pipeline",
    make: () => makePipeline(new StandardScaler(), new KMeans({ nClusters: 2, randomState: 0 })) as unknown as Checked,
    allowsNaN: false,
    oneSample: false,
    attributes: [],
    supervised: false,
  },
  {
    name: "Pipeline",
    make: () => makePipeline(new StandardScaler(), new Ridge()) as unknown as Checked,
    allowsNaN: false,
    oneSample: true,
    attributes: [],
    supervised: true,
    methods: ["predict"],
  },
  {
    name: "Pipeline",
    make: () => makePipeline(new KernelCenterer(), new PCA({ nComponents: 2 })) as unknown as Checked,
    allowsNaN: false,
    oneSample: false,
    attributes: [],
    supervised: false,
    methods: ["transform"],
    kernel,
  },
  {
    name: "GridSearchCV",
    make: () =>
      new GridSearchCV({
        estimator: makePipeline(new StandardScaler(), new Ridge()),
        paramGrid: { ridge__alpha: [0.1, 1] },
        cv: 3,
      }) as unknown as Checked,
    allowsNaN: false,
    oneSample: false,
    attributes: [],
    supervised: true,
    methods: ["predict"],
    firstFit: 8,
    // Weights and repeated rows make other folds: with one candidate, they choose nothing.
    weighted: () =>
      new GridSearchCV({ estimator: new Ridge(), paramGrid: { alpha: [1] }, cv: 3 }) as unknown as Checked,
  },
  {
    name: "RandomizedSearchCV",
    make: () =>
      new RandomizedSearchCV({
        estimator: new Ridge(),
        paramDistributions: { alpha: [0.1, 1, 10] },
        nIter: 2,
        cv: 3,
        randomState: 0,
      }) as unknown as Checked,
    allowsNaN: false,
    oneSample: false,
    attributes: [],
    supervised: true,
    methods: ["predict"],
    firstFit: 8,
  },
  {
    name: "FeatureUnion",
    make: () => makeUnion(new StandardScaler(), "drop", new MinMaxScaler()) as unknown as Checked,
    allowsNaN: true,
    oneSample: true,
    attributes: [],
    supervised: false,
  },
];

for (const setting of settings)
  describe.each(subjects)(`$name on ${setting.name}`, (subject) => {
    it.each(checks)("%s", async (...check) => runCheck(check, subject, setting));
  });

test("no estimator is left out", () => {
  expect([...new Set(subjects.map(({ name }) => name))].sort()).toEqual(classes.map((c) => c.prototype.name));
});
