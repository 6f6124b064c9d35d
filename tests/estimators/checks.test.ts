// Every estimator, every device, every check.
import { describe, it } from "vitest";
import { KMeans } from "../../estimators/cluster/index.js";
import { LinearRegression, Ridge } from "../../estimators/linear_model/index.js";
import { MaxAbsScaler, MinMaxScaler, StandardScaler } from "../../estimators/preprocessing/index.js";
import { device } from "../../src/runtime/devices.js";
import { type Checked, checks, type Subject } from "./checks.js";

const subjects: readonly Subject[] = [
  {
    name: "MinMaxScaler",
    make: () => new MinMaxScaler() as unknown as Checked,
    allowsNaN: true,
    oneSample: true,
    attributes: ["dataMin_", "dataMax_", "dataRange_", "scale_", "min_"],
  },
  {
    name: "MaxAbsScaler",
    make: () => new MaxAbsScaler() as unknown as Checked,
    allowsNaN: true,
    oneSample: true,
    attributes: ["maxAbs_", "scale_"],
  },
  {
    name: "StandardScaler",
    make: () => new StandardScaler() as unknown as Checked,
    allowsNaN: true,
    oneSample: true,
    attributes: ["mean_", "var_", "scale_"],
  },
  {
    name: "LinearRegression",
    make: () => new LinearRegression() as unknown as Checked,
    allowsNaN: false,
    oneSample: true,
    attributes: ["coef_", "intercept_", "singular_"],
  },
  {
    name: "Ridge",
    make: () => new Ridge() as unknown as Checked,
    allowsNaN: false,
    oneSample: true,
    attributes: ["coef_", "intercept_"],
  },
  {
    name: "KMeans",
    make: () => new KMeans({ nClusters: 2, randomState: 0 }) as unknown as Checked,
    allowsNaN: false,
    oneSample: false,
    attributes: ["clusterCenters_", "labels_"],
  },
];

for (const kind of ["cpu", "webgpu"] as const)
  describe.each(subjects)(`$name on ${kind}`, (subject) => {
    it.each(checks)("%s", async (_, check) => check(subject, await device(kind)));
  });
