// Nothing with a row for each sample crosses between devices once X and y are there, but for the indices of folds.
import { expect, test, vi } from "vitest";
import { crossValidate } from "../../estimators/model_selection/index.js";
import { device } from "../../src/runtime/devices.js";
import { Recorder } from "../../src/runtime/webgpu/recorder.js";
import { settings } from "../settings.js";
import { COMPONENTS, FEATURES, seedData, seedPipeline } from "./seed.js";

const ROWS = 3000;
const FOLDS = 5;
const WORD = 4;
/** GPUBufferUsage.UNIFORM. */
const UNIFORM = 0x40;

test("crossValidate of the seed pipeline on WebGPU", async () => {
  const setting = settings.find((s) => s.kind === "webgpu");
  if (!setting) throw new Error("there is no such setting");
  const gpu = await device("webgpu");
  const { X, y } = await seedData(ROWS, setting);
  const uploads: number[] = [];
  const downloads: number[] = [];
  const queue = (Reflect.get(gpu, "life") as { readonly device: GPUDevice }).device.queue;
  const write = vi.spyOn(queue, "writeBuffer");
  const read = vi.spyOn(Recorder.prototype, "read");
  try {
    const { testScore } = await crossValidate(seedPipeline(), X, y, { cv: FOLDS });
    expect(Math.min(...testScore)).toBeGreaterThan(0.9);
    // Uniforms tell kernels their sizes and scalars.
    for (const [buffer, , data, , size] of write.mock.calls)
      if ((buffer.usage & UNIFORM) === 0) uploads.push(size ?? data.byteLength);
    for (const [, bytes] of read.mock.calls) downloads.push(bytes);
  } finally {
    write.mockRestore();
    read.mockRestore();
    X.dispose();
    y.dispose();
  }
  // The smallest thing with a row for each sample is the column of a test part; matrices of components and splines are smaller.
  const column = (ROWS / FOLDS) * WORD;
  expect(COMPONENTS * COMPONENTS * WORD).toBeLessThan(column);
  expect(FEATURES * 7 * COMPONENTS * WORD).toBeLessThan(column);
  expect(Math.max(...downloads)).toBeLessThan(column);
  // Indices of the train and the test part of each fold.
  const large = uploads.filter((bytes) => bytes >= column).sort((a, b) => a - b);
  const test = Array.from({ length: FOLDS }, () => column);
  const train = Array.from({ length: FOLDS }, () => (ROWS - ROWS / FOLDS) * WORD);
  expect(large).toEqual([...test, ...train]);
  const total = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
  console.log(
    `crossValidate of ${ROWS} rows: ${uploads.length} uploads of ${total(uploads)} bytes, ${FOLDS * ROWS * WORD} of them indices; ${downloads.length} downloads of ${total(downloads)} bytes`,
  );
});
