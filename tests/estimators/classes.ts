// Every estimator of the library, found by looking: what tests go through so that none is left out.
import fs from "node:fs";
import path from "node:path";
import { Estimator, type EstimatorClass } from "../../estimators/base/index.js";

const folder = path.resolve("estimators");
const families = fs.readdirSync(folder).filter((name) => fs.existsSync(path.join(folder, name, "index.ts")));
const modules = await Promise.all(families.map((name) => import(`../../estimators/${name}/index.ts`)));

/** The classes, by name. */
export const classes: readonly EstimatorClass[] = modules
  .flatMap((family): unknown[] => Object.values(family))
  .filter((value): value is EstimatorClass => typeof value === "function" && value.prototype instanceof Estimator)
  .sort((a, b) => (a.prototype.name < b.prototype.name ? -1 : 1));
