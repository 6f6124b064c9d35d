// What a user writes: the same lines on every device, in every precision.
import { type ArrayInput, asarray, type Device, type FloatDtype, type NDArray } from "bifold";
import { KMeans } from "bifold/cluster";
import { Ridge } from "bifold/linear_model";
import { StandardScaler } from "bifold/preprocessing";
import type { Table } from "./data.js";

export interface Fitted<T> {
  readonly result: T;
  /** Milliseconds of one fit, once kernels are loaded: the middle one of several. */
  readonly fitTime: number;
}

export interface Place {
  readonly device: Device;
  readonly dtype: FloatDtype;
}

const repeats = 5;

async function timed<T>(compute: () => Promise<T>): Promise<Fitted<T>> {
  let result = await compute();
  const times: number[] = [];
  for (let k = 0; k < repeats; k++) {
    const start = performance.now();
    result = await compute();
    times.push(performance.now() - start);
  }
  return { result, fitTime: times.sort((a, b) => a - b)[repeats >> 1] ?? Number.NaN };
}

const place = (table: Table, where: Place): Promise<NDArray> => asarray(table as ArrayInput, where);

/** Temperature from the encodings, by a scaler and Ridge: R^2 and a prediction for each hour. */
export async function fitTemperature(encodings: Table, temperatures: Table, where: Place) {
  const X = await place(encodings, where);
  const y = await place(temperatures, where);
  const fit = async () => {
    const scaler = await new StandardScaler().fit(X);
    const Z = await scaler.transform(X);
    const model = await new Ridge({ alpha: 1 }).fit(Z, y);
    return { Z, model };
  };
  const { result, fitTime } = await timed(fit);
  const score = await result.model.score(result.Z, y);
  return { fitTime, result: { score, predicted: await (await result.model.predict(result.Z)).data() } };
}

/** Groups of penguins by their measures: the inertia, the centres and a label for each penguin. */
export async function groupPenguins(measures: Table, where: Place) {
  const X = await place(measures, where);
  const fit = async () => {
    const Z = await new StandardScaler().fitTransform(X);
    return new KMeans({ nClusters: 3, randomState: 0 }).fit(Z);
  };
  const { result, fitTime } = await timed(fit);
  return {
    fitTime,
    result: {
      score: await result.score(await new StandardScaler().fitTransform(X)),
      centers: await result.clusterCenters_.data(),
      labels: await result.labels_.data(),
    },
  };
}
