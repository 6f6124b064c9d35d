// Our side of `npm run bench:pipeline`: the pipeline on one device, with the data of the other side.
import { asarray, type Device, type DeviceKind, device, disposeAll, type FloatDtype, type NDArray } from "bifold";
import { crossValidate } from "bifold/model_selection";
import { makePipeline } from "bifold/pipeline";
import { peakBytes } from "../machine.js";
import { answerRequests } from "../peers/answer.js";
import type { CrossValidated, Memory, Prepare, Steps } from "./protocol.js";
import { type Data, seedData, steps } from "./seed.js";

const [kind = "cpu", threads = "1"] = process.argv.slice(2);

const home = (): Promise<Device> => device(kind as DeviceKind, { threads: Number(threads) });

let held: Data | undefined;
function data(): Data {
  if (!held) throw new Error("prepare comes first");
  return held;
}

let marker: NDArray | undefined;
/** Waits until the device has done all that it was given: a GPU keeps the order, so what is read back last comes after all before it. */
async function done(): Promise<void> {
  const where = await home();
  if (where.kind === "cpu") return;
  marker ??= await asarray({ data: new Float32Array([1]), shape: [1] }, { device: where });
  await marker.data();
}

async function prepare({ rows, features, dtype }: Prepare): Promise<object> {
  disposeAll(held);
  held = await seedData(rows, features, { device: await home(), dtype: dtype as FloatDtype });
  return {};
}

async function crossValidated(): Promise<CrossValidated> {
  const { X, y } = data();
  const start = performance.now();
  const result = await crossValidate(makePipeline(...steps()), X, y, { cv: 5 });
  const seconds = (performance.now() - start) / 1000;
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  return { seconds, fit: sum(result.fitTime), score: sum(result.scoreTime), scores: [...result.testScore] };
}

async function byStep(): Promise<Steps> {
  const { X, y } = data();
  const [spline, nystroem, ridge] = steps();
  const times: Record<string, number> = {};
  const timed = async <T>(name: string, f: () => Promise<T>): Promise<T> => {
    await done();
    const start = performance.now();
    const value = await f();
    await done();
    times[name] = (performance.now() - start) / 1000;
    return value;
  };
  await timed("spline fit", () => spline.fit(X));
  const Z = await timed("spline transform", () => spline.transform(X));
  await timed("nystroem fit", () => nystroem.fit(Z));
  const K = await timed("nystroem transform", () => nystroem.transform(Z));
  await timed("ridge fit", () => ridge.fit(K, y));
  const p = await timed("ridge predict", () => ridge.predict(K));
  disposeAll([Z, K, p]);
  for (const step of [spline, nystroem, ridge]) step.dispose();
  return { steps: times };
}

const memory = async (): Promise<Memory> => ({ peakBytes: peakBytes() });

await answerRequests({
  prepare,
  crossValidate: crossValidated,
  steps: byStep,
  memory,
  device: async () => ({ name: (await home()).name }),
});
process.exit(0);
