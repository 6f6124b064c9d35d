// Arrays come in from lists and typed arrays, keep their shape and type, and give their memory back.
import { beforeAll, describe, expect, it } from "vitest";
import { asarray } from "./asarray.js";
import type { CpuDevice } from "./cpu/index.js";
import { device } from "./devices.js";

let cpu: CpuDevice;
beforeAll(async () => {
  cpu = await device("cpu");
});

describe("asarray", () => {
  it("reads nested lists", async () => {
    const a = await asarray([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([a.dtype, a.shape, a.strides, await a.toArray()]).toEqual([
      "float64",
      [2, 3],
      [3, 1],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ]);
    a.dispose();
  });

  it("keeps the type of a typed array and takes a shape", async () => {
    const a = await asarray(new Float32Array([1, 2, 3, 4]), { shape: [2, 2] });
    expect([a.dtype, await a.toArray()]).toEqual([
      "float32",
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    a.dispose();
  });

  it.each([
    [
      "a transpose",
      { data: [1, 2, 3, 4, 5, 6], shape: [3, 2], strides: [1, 3] },
      [
        [1, 4],
        [2, 5],
        [3, 6],
      ],
    ],
    ["every other one, by its other name", { data: new Float32Array([1, 2, 3, 4]), shape: [2], stride: [2] }, [1, 3]],
    ["a reversed one", { data: [1, 2, 3], shape: [3], strides: [-1], offset: 2 }, [3, 2, 1]],
    ["a part", { data: [1, 2, 3], shape: [2], offset: 1 }, [2, 3]],
    [
      "a repeated row",
      { data: [1, 2], shape: [2, 2], strides: [0, 1] },
      [
        [1, 2],
        [1, 2],
      ],
    ],
  ])("reads %s of another library", async (_, foreign, elements) => {
    using a = await asarray(foreign);
    expect(await a.toArray()).toEqual(elements);
  });

  it("refuses strides that leave the data", async () => {
    await expect(asarray({ data: [1, 2, 3], shape: [2, 2], strides: [2, 1] })).rejects.toMatchObject({
      code: "shape",
      message: expect.stringMatching(/strides \[2, 1\].*3 elements/),
    });
  });

  it("gives booleans back as bytes", async () => {
    const a = await asarray([true, false, true]);
    expect([a.dtype, await a.data()]).toEqual(["bool", new Uint8Array([1, 0, 1])]);
    a.dispose();
  });

  it("says where a list is ragged", async () => {
    await expect(asarray([[1, 2], [3]])).rejects.toMatchObject({
      code: "shape",
      message: expect.stringMatching(/ragged.*1 parts/),
    });
  });

  it("refuses a shape that the data do not fill", async () => {
    await expect(asarray(new Float64Array(5), { shape: [2, 3] })).rejects.toMatchObject({ code: "shape" });
  });

  it("frees what is disposed of, and says so on later use", async () => {
    const before = cpu.liveBytes;
    const a = await asarray(new Float64Array(1000));
    const b = a.reshape([10, 100]);
    expect(cpu.liveBytes).toBeGreaterThanOrEqual(before + 8000);
    a.dispose();
    a.dispose();
    expect((await b.data()).length).toBe(1000);
    b.dispose();
    expect(cpu.liveBytes).toBe(before);
    await expect(b.data()).rejects.toMatchObject({ code: "disposed" });
  });
});
