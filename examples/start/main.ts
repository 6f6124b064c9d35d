// `npm start`: fits real data on the CPU and on WebGPU, shows that they agree as far as rounding lets them, and draws what was learned.
import fs from "node:fs";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { BifoldError, type Device, device, type FloatDtype } from "bifold";
import { loadDiabetes } from "bifold/datasets";
import type { BoundsOf } from "./bounds.js";
import { type Comparison, compare } from "./compare.js";
import { encoded, measures, moments, penguins, seattle, temperatures } from "./data.js";
import { fitTemperature, groupPenguins, type Place } from "./fit.js";
import { draw } from "./picture.js";
import { type Example, runPipelines } from "./pipelines.js";
import scikitLearn from "./scikit_learn.json" with { type: "json" };
import { grid } from "./surface.js";
import { formatTable } from "./table.js";

const picture = "docs/start.svg";

const hours = seattle();
const birds = penguins();
const [X, y, birdTable] = [encoded(hours), temperatures(hours), measures(birds)];

async function gpuOrWhyNot(): Promise<Device | string> {
  try {
    return await device("webgpu");
  } catch (error) {
    if (error instanceof BifoldError) return error.message;
    throw error;
  }
}

/** The interpreter takes seconds for each: it works beside the fits. */
const bounded = (request: BoundsOf): Promise<ArrayLike<number>> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./bounds.js", import.meta.url), { workerData: request });
    worker.once("message", resolve).once("error", reject);
  });

async function fitOn(where: Place) {
  const target = where.device.kind === "cpu" ? "wasm" : "wgsl";
  const bounds = bounded({
    name: "ridgePredictions",
    args: [X, y, { data: [1], shape: [1] }],
    real: where.dtype,
    target,
  });
  const temperature = await fitTemperature(X, y, where);
  const groups = await groupPenguins(birdTable, where);
  const start = { data: groups.result.centers, shape: [3, birdTable.shape[1]] };
  return {
    where,
    temperature,
    groups,
    predictions: { values: temperature.result.predicted, bounds: await bounds },
    centers: {
      values: groups.result.centers,
      bounds: await bounded({ name: "settledCenters", args: [birdTable, start], real: where.dtype, target }),
    },
  };
}
type Fits = Awaited<ReturnType<typeof fitOn>>;

const ms = (time: number): string => `${time.toFixed(1)} ms`;
const short = (x: number): string => (x === 0 ? "0" : x.toExponential(1));
const verdict = (c: Comparison): readonly string[] => [
  short(c.difference),
  short(c.bound),
  c.within ? "within" : "OUTSIDE",
];

function row(what: string, f: Fits, score: string, fitTime: number, c: Comparison | undefined): readonly string[] {
  return [what, f.where.device.name, f.where.dtype, score, ms(fitTime), ...(c ? verdict(c) : ["", "", "(reference)"])];
}

const cpu = await device("cpu", { threads: availableParallelism() });
const gpu = await gpuOrWhyNot();
const places: Place[] = [
  { device: cpu, dtype: "float64" },
  { device: cpu, dtype: "float32" },
  ...(typeof gpu === "string" ? [] : [{ device: gpu, dtype: "float32" as FloatDtype }]),
];

console.log(
  "SplineTransformer, Nystroem and Ridge by singular values, cross-validated over five folds: the temperature of each hour of a year in Seattle from the hour\n" +
    "and the day, and how diabetes went on for 442 patients from ten measures. Every step runs where the data are.",
);
if (typeof gpu === "string") console.log(`No WebGPU: ${gpu}`);
else if (/swiftshader/i.test(gpu.name))
  console.log("There is no GPU here: WebGPU runs on SwiftShader, a stand-in on the CPU. Its times are no GPU's.");

const patients = await loadDiabetes();
const measured = { data: await patients.data.data(), shape: patients.data.shape };
const examples: readonly Example[] = [
  {
    what: `temperature, ${hours.length} hours`,
    shape: { nKnots: 5, nComponents: 300, alpha: 1e-3 },
    X: moments(hours),
    y: hours.map((h) => h.temperature),
    elsewhere: grid().map((c) => [c.hour, c.day]),
    reference: scikitLearn.temperature,
  },
  {
    what: "diabetes, 442 patients",
    shape: { nKnots: 4, nComponents: 100, alpha: 1 },
    X: measured,
    y: { data: await patients.target.data(), shape: patients.target.shape },
    elsewhere: measured,
    reference: scikitLearn.diabetes,
  },
];
const pipelines = await runPipelines(examples, places, scikitLearn.versions["scikit-learn"]);

console.log("\nTwo more estimators, held to the bounds of their rounding errors:");
const fits: Fits[] = [];
for (const where of places) fits.push(await fitOn(where));
const [reference] = fits as [Fits, ...Fits[]];
const others = fits.map((f) => (f === reference ? undefined : f));
const byTemperature = others.map((f) => f && compare(f.predictions, reference.predictions));
const byCenter = others.map((f) => f && compare(f.centers, reference.centers));

console.log(
  `\n${formatTable(
    [
      ["model", "device", "dtype", "score", "fit time", "difference", "bound", ""],
      ...fits.map((f, k) =>
        row(
          "StandardScaler, Ridge: temperature",
          f,
          `R² ${f.temperature.result.score.toFixed(6)}`,
          f.temperature.fitTime,
          byTemperature[k],
        ),
      ),
      ...fits.map((f, k) =>
        row(
          "StandardScaler, KMeans: penguins",
          f,
          `inertia ${(-f.groups.result.score).toFixed(3)}`,
          f.groups.fitTime,
          byCenter[k],
        ),
      ),
    ],
    3,
  )}`,
);
console.log(
  "\nThe difference is the largest from float64 on the CPU, of predictions in degrees Celsius and of centres in standard deviations; the bound is what\n" +
    "rounding may do to that number in both, by running error analysis in the reference interpreter.",
);

const last = fits.at(-1) ?? reference;
const [learned] = pipelines;
if (learned) fs.writeFileSync(picture, draw(hours, learned, birds, last.groups.result.labels));
console.log(`The picture of it is ${picture}.`);

const all = [...byTemperature, ...byCenter];
if (!all.every((c) => c === undefined || c.within)) process.exitCode = 1;
cpu.stop();
// Dawn keeps its thread: nothing is left to do.
process.exit();
