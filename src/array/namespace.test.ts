// The namespace on every device: the same members, and what they give for small arrays.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { placeOn, settings } from "../../tests/settings.js";
import { device } from "../runtime/devices.js";
import type { NDArray } from "../runtime/ndarray.js";
import { disposeAll } from "../runtime/scope.js";
import { type Namespace, namespace } from "./namespace.js";

const members = (xp: object): string[] =>
  Object.entries(xp)
    .flatMap(([name, value]) => (name === "linalg" ? Object.keys(value as object).map((n) => `linalg.${n}`) : [name]))
    .sort();

test("both devices have the same members", async () => {
  const names = members(namespace(await device("cpu")));
  expect(members(namespace(await device("webgpu")))).toEqual(names);
  expect(names).toContain("linalg.matrixRank");
  expect(names.length).toBeGreaterThan(70);
});

describe.each(settings)("$name", (setting) => {
  const place = placeOn(setting);
  let xp: Namespace;
  let before = 0;
  const made: NDArray[] = [];
  const keep = (a: NDArray): NDArray => {
    made.push(a);
    return a;
  };
  const gives = async (found: Promise<NDArray>, wanted: unknown): Promise<void> => {
    expect(await keep(await found).toArray()).toEqual(wanted);
  };
  beforeEach(async () => {
    xp = namespace(await device(setting.kind));
    before = xp.device.liveBytes;
  });
  afterEach(() => {
    disposeAll(made.splice(0));
    expect(xp.device.liveBytes).toBe(before);
  });

  test("makes and moves elements", async () => {
    const a = keep(
      await place([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    );
    await gives(xp.zeros([2, 2]), [
      [0, 0],
      [0, 0],
    ]);
    await gives(xp.full([2], true), [true, true]);
    await gives(xp.arange(1, 8, 3), [1, 4, 7]);
    await gives(xp.eye(2, 3), [
      [1, 0, 0],
      [0, 1, 0],
    ]);
    await gives(xp.matrixTranspose(a), [
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    const cube = keep(a.reshape([1, 2, 3]));
    await gives(xp.permuteDims(cube, [2, 0, 1]), [[[1, 4]], [[2, 5]], [[3, 6]]]);
    await gives(xp.concat([a, a], { axis: 1 }), [
      [1, 2, 3, 1, 2, 3],
      [4, 5, 6, 4, 5, 6],
    ]);
    await gives(xp.stack([a, a], { axis: 1 }), [
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
      [
        [4, 5, 6],
        [4, 5, 6],
      ],
    ]);
    await gives(xp.take(a, [2, 0], { axis: 1 }), [
      [3, 1],
      [6, 4],
    ]);
    await gives(xp.flip(a), [
      [6, 5, 4],
      [3, 2, 1],
    ]);
    await gives(xp.tile(a, [2, 1]), [
      [1, 2, 3],
      [4, 5, 6],
      [1, 2, 3],
      [4, 5, 6],
    ]);
    await gives(xp.repeat(a, 2, { axis: 1 }), [
      [1, 1, 2, 2, 3, 3],
      [4, 4, 5, 5, 6, 6],
    ]);
    await gives(xp.broadcastTo(keep(await place([[1], [2]])), [2, 3]), [
      [1, 1, 1],
      [2, 2, 2],
    ]);
    await gives(xp.squeeze(cube, 0), [
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const chosen = keep(await xp.less(a, 3));
    await gives(xp.where(chosen, a, keep(await place(9))), [
      [1, 2, 9],
      [9, 9, 9],
    ]);
    await expect(xp.permuteDims(a, [0, 0])).rejects.toMatchObject({ code: "parameter" });
    await expect(xp.broadcastTo(a, [4])).rejects.toMatchObject({ code: "shape" });
  });

  test("computes with elements, shapes stretched", async () => {
    const a = keep(
      await place([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    );
    const row = keep(await place([1, 0, -1]));
    await gives(xp.add(a, row), [
      [2, 2, 2],
      [5, 5, 5],
    ]);
    await gives(xp.multiply(a, 2), [
      [2, 4, 6],
      [8, 10, 12],
    ]);
    await gives(xp.subtract(row, 1), [0, -1, -2]);
    await gives(xp.divide(a, 2), [
      [0.5, 1, 1.5],
      [2, 2.5, 3],
    ]);
    await gives(xp.abs(row), [1, 0, 1]);
    await gives(xp.sqrt(keep(await place([4, 9]))), [2, 3]);
    await gives(xp.exp(keep(await place([0]))), [1]);
    await gives(xp.clip(a, 2, 5), [
      [2, 2, 3],
      [4, 5, 5],
    ]);
    await gives(xp.equal(a, 5), [
      [false, false, false],
      [false, true, false],
    ]);
    await gives(xp.isnan(keep(await place([1, Number.NaN]))), [false, true]);
    const cubes = (await keep(await xp.pow(keep(await place([-2, 3])), 3)).toArray()) as number[];
    for (const [k, wanted] of [-8, 27].entries())
      expect(Math.abs((cubes[k] ?? 0) - wanted)).toBeLessThanOrEqual(64 * setting.unit * 27);
    const integers = keep(await xp.asarray(new Int32Array([1, -2])));
    await gives(xp.add(integers, integers), [2, -4]);
    await gives(xp.less(integers, 0), [false, true]);
    await expect(xp.add(a, integers)).rejects.toMatchObject({ code: "dtype" });
    await expect(xp.add(a, keep(await place([1, 2])))).rejects.toMatchObject({ code: "shape" });
    await expect(xp.exp(integers)).rejects.toMatchObject({ code: "dtype" });
  });

  test("reduces along an axis, or all", async () => {
    const a = keep(
      await place([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    );
    await gives(xp.sum(a), 21);
    await gives(xp.sum(a, { axis: 0 }), [5, 7, 9]);
    await gives(xp.mean(a, { axis: 1, keepdims: true }), [[2], [5]]);
    await gives(xp.max(a, { axis: -1 }), [3, 6]);
    await gives(xp.min(a), 1);
    await gives(xp.argmax(a, { axis: 0 }), [1, 1, 1]);
    await gives(xp.prod(a, { axis: 0 }), [4, 10, 18]);
    await gives(xp.cumulativeSum(a, { axis: 1 }), [
      [1, 3, 6],
      [4, 9, 15],
    ]);
    await gives(xp.diff(a), [
      [1, 1],
      [1, 1],
    ]);
    await gives(xp.any(keep(await xp.equal(a, 5)), { axis: 1 }), [false, true]);
    await gives(xp.all(keep(await xp.less(a, 7))), true);
    await gives(xp.sum(keep(await xp.asarray(new Int32Array([3, -5])))), -2);
    const sorted = keep(await place([1, 2, 2, 4]));
    const values = keep(await place([0, 2, 5]));
    await gives(xp.searchsorted(sorted, values), [0, 1, 4]);
    await gives(xp.searchsorted(sorted, values, { side: "right" }), [0, 3, 4]);
    await expect(xp.max(keep(await xp.zeros([0])))).rejects.toMatchObject({ code: "empty" });
    await expect(xp.sum(a, { axis: 2 })).rejects.toMatchObject({ code: "parameter" });
  });
});
