// Rows by index and columns side by side: every dtype, both devices, refusals, and nothing left behind.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Dtype } from "../abi.js";
import { asarray } from "../runtime/asarray.js";
import type { Device, DeviceKind } from "../runtime/device.js";
import { device } from "../runtime/devices.js";
import type { NDArray } from "../runtime/ndarray.js";
import { disposeAll } from "../runtime/scope.js";
import { concatColumns, takeRows } from "./indexing.js";

const places: readonly (readonly [DeviceKind, Dtype])[] = [
  ["cpu", "float64"],
  ...(["cpu", "webgpu"] as const).flatMap((kind) =>
    (["float32", "int32", "uint32", "bool"] as const).map((dtype): [DeviceKind, Dtype] => [kind, dtype]),
  ),
];

describe.each(places)("%s %s", (kind, dtype) => {
  let there: Device;
  let before = 0;
  const made: NDArray[] = [];
  const keep = (a: NDArray): NDArray => {
    made.push(a);
    return a;
  };
  /** `rows x columns`, elements that tell where they were. */
  const matrix = async (rows: number, columns: number, from = 0): Promise<NDArray> => {
    const values = Array.from({ length: rows * columns }, (_, k) =>
      dtype === "bool" ? ((k * 7 + from) % 3) % 2 : from + k,
    );
    return keep(await asarray({ data: values, shape: [rows, columns] }, { dtype, device: there }));
  };
  beforeEach(async () => {
    there = await device(kind);
    before = there.liveBytes;
  });
  afterEach(() => {
    disposeAll(made.splice(0));
    expect(there.liveBytes).toBe(before);
  });

  test("takes rows in any order, again and again", async () => {
    const X = await matrix(5, 3);
    const all = (await X.toArray()) as number[][];
    const rows = [4, 0, 0, 3, 2, 1, 4];
    const taken = keep(await takeRows(X, rows));
    expect(taken.dtype).toBe(dtype);
    expect(taken.device).toBe(there);
    expect(await taken.toArray()).toEqual(rows.map((r) => all[r]));
    const index = keep(await asarray(Int32Array.from(rows), { device: there }));
    expect(await keep(await takeRows(X, index)).toArray()).toEqual(rows.map((r) => all[r]));
  });

  test("takes elements of a vector", async () => {
    const x = keep((await matrix(6, 1)).reshape([6]));
    const all = (await x.toArray()) as number[];
    expect(await keep(await takeRows(x, [5, 1])).toArray()).toEqual([all[5], all[1]]);
    expect(keep(await takeRows(x, [])).shape).toEqual([0]);
  });

  test("puts any number of matrices side by side, empty ones too", async () => {
    for (const widths of [[2], [1, 3], [1, 0, 2], [2, 1, 1, 4], [1, 2, 3, 1, 0, 2], Array(17).fill(1) as number[]]) {
      const parts = await Promise.all(widths.map((w, k) => matrix(3, w, k)));
      const lists = (await Promise.all(parts.map((a) => a.toArray()))) as number[][][];
      const joined = keep(await concatColumns(parts));
      expect(joined.dtype).toBe(dtype);
      expect(await joined.toArray()).toEqual([0, 1, 2].map((i) => lists.flatMap((part) => part[i] ?? [])));
    }
    expect(keep(await concatColumns([await matrix(0, 2), await matrix(0, 3)])).shape).toEqual([0, 5]);
  });

  test("refuses what it can't do, and says why", async () => {
    const X = await matrix(3, 2);
    for (const rows of [[0, 3], [-1]])
      await expect(takeRows(X, rows).then((a) => keep(a).data())).rejects.toMatchObject({ code: "R02" });
    await expect(takeRows(keep(X.reshape([3, 2, 1])), [0])).rejects.toMatchObject({ code: "shape" });
    await expect(concatColumns([])).rejects.toMatchObject({ code: "empty" });
    await expect(concatColumns([X, await matrix(2, 2)])).rejects.toThrow(/must have as many rows/);
    await expect(concatColumns([X, keep(X.reshape([6]))])).rejects.toThrow(/matrix 1 must have two dimensions/);
    const other = keep(
      await asarray([[1], [2], [3]], { dtype: dtype === "int32" ? "uint32" : "int32", device: there }),
    );
    await expect(concatColumns([X, other])).rejects.toMatchObject({ code: "dtype" });
  });
});

test("NaN keeps its bits, and devices do not mix", async () => {
  const payload = new Float64Array(new BigUint64Array([0x7ff8dead_beef1234n, 0xfff00000_00000001n]).buffer);
  using x = await asarray(payload);
  using taken = await takeRows(x, [1, 0]);
  const bits = new BigUint64Array((await taken.data()).buffer as ArrayBuffer);
  expect([...bits]).toEqual([0xfff00000_00000001n, 0x7ff8dead_beef1234n]);
  using here = await asarray([[1], [2]], { dtype: "float32" });
  using there = await here.to("webgpu");
  await expect(concatColumns([here, there])).rejects.toMatchObject({ code: "device" });
  using rows = await asarray(new Int32Array([0]));
  await expect(takeRows(there, rows)).rejects.toMatchObject({ code: "device" });
});
