// NDArray and scopes, on both devices: what comes in comes out, views share, and all bytes are given back.
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { Device } from "../../src/runtime/device.js";
import { asarray, BifoldError, disposeAll, NDArray, scope } from "../../src/runtime/index.js";
import { cpu, gpu } from "./devices.js";

/** Runs `body` and finds the device as full as it was. */
async function keepsNothing(device: Device, body: () => Promise<void>): Promise<void> {
  const before = device.liveBytes;
  await body();
  expect(device.liveBytes).toBe(before);
}

const inputs = [
  ["a number", 3, "float64", [], 3],
  ["a list", [1, 2.5], "float64", [2], [1, 2.5]],
  ["an empty list", [], "float64", [0], []],
  ["empty rows", [[], []], "float64", [2, 0], [[], []]],
  ["booleans", [[true], [false]], "bool", [2, 1], [[true], [false]]],
  ["booleans among numbers", [true, 2], "float64", [2], [1, 2]],
  ["rank five", [[[[[7]]]]], "float64", [1, 1, 1, 1, 1], [[[[[7]]]]]],
  ["a Float32Array", new Float32Array([1, 0.1]), "float32", [2], [1, Math.fround(0.1)]],
  ["an Int32Array", new Int32Array([-1, 2 ** 31 - 1]), "int32", [2], [-1, 2 ** 31 - 1]],
  ["an Int16Array", new Int16Array([-5]), "int32", [1], [-5]],
  ["an Int8Array", new Int8Array([-128]), "int32", [1], [-128]],
  ["a Uint16Array", new Uint16Array([65535]), "int32", [1], [65535]],
  ["a Uint32Array", new Uint32Array([2 ** 32 - 1]), "uint32", [1], [2 ** 32 - 1]],
  ["bytes", new Uint8Array([0, 1, 7]), "bool", [3], [false, true, true]],
  [
    "data and shape",
    { data: [1, 2, 3, 4], shape: [2, 2] },
    "float64",
    [2, 2],
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ["typed data and shape", { data: new Int32Array([1, 2]), shape: [2, 1] }, "int32", [2, 1], [[1], [2]]],
] as const;

const refused = [
  ["ragged lists", () => asarray([[1, 2], [3]]), "shape"],
  ["lists of two ranks", () => asarray([1, [2]]), "shape"],
  ["text in a list", () => asarray([["a"]] as never), "dtype"],
  ["a hole in a list", () => asarray([1, undefined] as never), "dtype"],
  ["text", () => asarray("12" as never), "dtype"],
  ["nothing", () => asarray(undefined as never), "dtype"],
  ["null", () => asarray(null as never), "dtype"],
  ["a record", () => asarray({ a: 1 } as never), "dtype"],
  ["a shape that is no list", () => asarray({ data: [1], shape: 1 } as never), "dtype"],
  ["data that are none", () => asarray({ data: null, shape: [1] } as never), "dtype"],
  ["64-bit integers", () => asarray(new BigInt64Array(2) as never), "dtype"],
  ["a DataView", () => asarray(new DataView(new ArrayBuffer(8)) as never), "dtype"],
  ["too few data", () => asarray(new Float64Array(3), { shape: [2, 2] }), "shape"],
  ["a negative size", () => asarray(new Float64Array(2), { shape: [-1, -2] }), "shape"],
  ["a broken size", () => asarray(new Float64Array(2), { shape: [0.5, 4] }), "shape"],
  ["strides that leave the data", () => asarray({ data: [1, 2], shape: [2], strides: [2] }), "shape"],
  ["an unknown device", () => asarray([1], { device: "tpu" as "cpu" }), "parameter"],
] as const;

describe("asarray", () => {
  it.each(inputs)("takes %s", async (_, input, dtype, shape, elements) => {
    for (const device of [cpu, gpu])
      await keepsNothing(device, async () => {
        using a = await asarray(input as Parameters<typeof asarray>[0], { device });
        expect(a.dtype).toBe(device === gpu && dtype === "float64" ? "float32" : dtype);
        expect([a.shape, a.ndim, a.size, a.device]).toEqual([
          shape,
          shape.length,
          shape.reduce((n: number, d) => n * d, 1),
          device,
        ]);
        expect(await a.toArray()).toEqual(elements);
      });
  });

  it.each(refused)("refuses %s", async (_, make, code) => {
    const before = cpu.liveBytes;
    await expect(make()).rejects.toSatisfy((e) => e instanceof BifoldError && e.code === code && e.message.length > 20);
    expect(cpu.liveBytes).toBe(before);
  });

  it("has no float64 on a GPU, and says so", async () => {
    await keepsNothing(gpu, async () => {
      await expect(asarray([1], { device: gpu, dtype: "float64" })).rejects.toMatchObject({ code: "dtype" });
      using on = await asarray([1], { device: cpu });
      await expect(asarray(on, { device: gpu, dtype: "float64" })).rejects.toMatchObject({ code: "dtype" });
    });
  });

  it("gives an array that fits back, and converts, moves and reshapes others without leaving anything", async () => {
    for (const device of [cpu, gpu])
      await keepsNothing(device, async () => {
        using a = await asarray([1, 0, 3], { device: cpu, dtype: "float32" });
        expect(await asarray(a)).toBe(a);
        expect(await asarray(a, { dtype: "float32", device: cpu })).toBe(a);
        for (const dtype of ["float32", "int32", "uint32", "bool"] as const) {
          using b = await asarray(a, { dtype, device, shape: [3, 1] });
          expect([b.dtype, b.device, b.shape]).toEqual([dtype, device, [3, 1]]);
          expect(await b.toArray()).toEqual(dtype === "bool" ? [[true], [false], [true]] : [[1], [0], [3]]);
        }
        await expect(asarray(a, { device, shape: [2] })).rejects.toMatchObject({ code: "shape" });
        await expect(asarray(a, { device, shape: [7], dtype: "int32" })).rejects.toMatchObject({ code: "shape" });
      });
  });
});

describe("NDArray", () => {
  it("reshapes and shares without a copy; the last to go frees", async () => {
    for (const device of [cpu, gpu])
      await keepsNothing(device, async () => {
        const a = await asarray([1, 2, 3, 4, 5, 6], { device });
        const held = device.liveBytes;
        const b = a.reshape([-1, 2]);
        const c = b.share();
        expect(device.liveBytes).toBe(held);
        expect([b.shape, b.strides, c.shape]).toEqual([
          [3, 2],
          [2, 1],
          [3, 2],
        ]);
        a.dispose();
        b.dispose();
        b.dispose();
        expect([a.disposed, c.disposed, device.liveBytes]).toEqual([true, false, held]);
        expect(await c.toArray()).toEqual([
          [1, 2],
          [3, 4],
          [5, 6],
        ]);
        c.dispose();
      });
  });

  it("refuses a shape that its elements do not fill", async () => {
    using a = await asarray([1, 2, 3, 4], { device: cpu });
    for (const shape of [[3], [-1, 3], [-1, -1, -1], [2, 2, 0], [-2, -2], [0.5, 8]])
      expect(() => a.reshape(shape)).toThrow(expect.objectContaining({ code: "shape" }));
    using none = await asarray([], { device: cpu });
    expect(() => none.reshape([-1, 0])).toThrow(expect.objectContaining({ code: "shape" }));
  });

  it("gives copies of its data", async () => {
    for (const device of [cpu, gpu]) {
      const source = new Float32Array([1, 2, 3]);
      using a = await asarray(source, { device });
      source[0] = 100;
      const first = await a.data();
      first[1] = 200;
      expect(await a.data()).toEqual(new Float32Array([1, 2, 3]));
    }
  });

  it("moves between devices, and stays where it is", async () => {
    await keepsNothing(cpu, async () =>
      keepsNothing(gpu, async () => {
        using a = await asarray([[0.1, 2]], { device: cpu });
        expect(await a.to(cpu)).toBe(a);
        using b = await a.to(gpu);
        using c = await b.to(cpu);
        expect([b.dtype, c.dtype, c.shape]).toEqual(["float32", "float32", [1, 2]]);
        expect(await c.toArray()).toEqual([[Math.fround(0.1), 2]]);
        using flags = await asarray([true, false], { device: cpu });
        using there = await flags.to(gpu);
        expect(await there.data()).toEqual(new Uint8Array([1, 0]));
      }),
    );
  });

  it("says that it was disposed of, whatever is asked of it", async () => {
    for (const device of [cpu, gpu]) {
      const a = await asarray([1], { device });
      a.dispose();
      const gone = { code: "disposed", message: expect.stringContaining("[1]") };
      await expect(a.data()).rejects.toMatchObject(gone);
      await expect(a.toArray()).rejects.toMatchObject(gone);
      await expect(a.to(cpu)).rejects.toMatchObject(gone);
      expect(() => a.reshape([1])).toThrow(expect.objectContaining({ code: "disposed" }));
      expect(() => a.share()).toThrow(expect.objectContaining({ code: "disposed" }));
    }
  });

  it("shows what it is", async () => {
    const a = await asarray(new Float32Array(6), { shape: [2, 3], device: cpu });
    expect([String(a), inspect(a)]).toEqual(["float32[2, 3] on cpu", "NDArray float32[2, 3] on cpu"]);
    a.dispose();
    expect(inspect([a])).toBe("[ NDArray float32[2, 3] (disposed of) ]");
  });
});

describe("scopes", () => {
  it("free what was made and is not returned, records and lists opened", async () => {
    await keepsNothing(cpu, async () => {
      const kept = await scope(async (own) => {
        const made = own(await Promise.all([1, 2, 3].map((x) => asarray([x], { device: cpu }))));
        const record = own({
          a: await asarray([4], { device: cpu }),
          inner: { b: await asarray([5], { device: cpu }) },
        });
        return { first: made[0]!, deep: [record.inner] };
      });
      expect(await kept.first.toArray()).toEqual([1]);
      expect(await kept.deep[0]!.b.toArray()).toEqual([5]);
      disposeAll(kept);
    });
  });

  it("free everything when they fail", async () => {
    await keepsNothing(gpu, async () => {
      const failing = scope(async (own) => {
        own(await asarray([1], { device: gpu }));
        throw new BifoldError("shape", "no");
      });
      await expect(failing).rejects.toMatchObject({ code: "shape" });
    });
  });

  it("leave what they do not own", async () => {
    await keepsNothing(cpu, async () => {
      using a = await asarray([1], { device: cpu });
      await scope(async () => a.share().dispose());
      expect(a).toBeInstanceOf(NDArray);
      expect(await a.toArray()).toEqual([1]);
    });
  });
});
