// The small data sets that come with scikit-learn. Their modules are imported when they are asked for; LICENSES.md says where they are from.
import type { NDArray } from "../../src/runtime/ndarray.js";
import { checkParameter } from "../validation.js";
import { type Dataset, type Loader, type LoadOptions, loader } from "./dataset.js";
import { unitColumns } from "./samples.fold";

export interface DigitsOptions extends LoadOptions {
  /** How many of the digits, from 0 on: 10 unless said. */
  readonly nClass?: number;
}

export interface Digits extends Dataset {
  /** The data as pictures, `real[n, 8, 8]`. */
  readonly images: NDArray;
}

export interface DiabetesOptions extends LoadOptions {
  /** Whether features are centred, and scaled so that their squares sum to 1 (unless said), or as they were measured. */
  readonly scaled?: boolean;
}

/**
 * Three kinds of iris by the sizes of their leaves: 150 samples, 4 features, 3 classes. scikit-learn: `load_iris`.
 * @throws {BifoldError} `dtype` for a type that the device does not have, `device`, `unsupported`
 */
export const loadIris: Loader<LoadOptions, Dataset> = loader(() => import("./data/iris.js"), { classes: true });

/** Three growers of wine by its chemistry: 178 samples, 13 features, 3 classes. scikit-learn: `load_wine`. Throws what `loadIris` throws. */
export const loadWine: Loader<LoadOptions, Dataset> = loader(() => import("./data/wine.js"), { classes: true });

/**
 * Malignant and benign tumours by the shapes of their cells' nuclei: 569 samples, 30 features, 2 classes. scikit-learn: `load_breast_cancer`.
 * Throws what `loadIris` throws.
 */
export const loadBreastCancer: Loader<LoadOptions, Dataset> = loader(() => import("./data/breast_cancer.js"), {
  classes: true,
});

/**
 * Handwritten digits, of 8 x 8 pixels from 0 to 16: 1797 samples, 64 features, 10 classes. scikit-learn: `load_digits`.
 * @throws {BifoldError} `parameter`, and what `loadIris` throws
 */
export const loadDigits: Loader<DigitsOptions, Digits> = loader(() => import("./data/digits.js"), {
  classes: true,
  keep: (table, { nClass = 10 }) => {
    checkParameter(
      Number.isInteger(nClass) && nClass >= 1 && nClass <= 10,
      "loadDigits",
      "nClass",
      "a whole number from 1 to 10",
      nClass,
    );
    return { ...table, rows: table.rows.filter((row) => (row.at(-1) ?? 0) < nClass) };
  },
  more: (set) => ({ ...set, images: set.data.reshape([-1, 8, 8]) }),
});

/**
 * The progress of diabetes after a year, by age, sex, body mass, blood pressure and six blood values: 442 samples, 10 features, a number to predict.
 * scikit-learn: `load_diabetes`. Throws what `loadIris` throws.
 */
export const loadDiabetes: Loader<DiabetesOptions, Dataset> = loader(() => import("./data/diabetes.js"), {
  classes: false,
  finish: async (own, data, { scaled = true }) => (scaled ? own(await unitColumns(data)) : data),
});
