// What crosses to a host function and back: all elements, and no more, of arrays without any too.
import { expect, it } from "vitest";
import { splines } from "../../estimators/preprocessing/splines.fold";
import { asarray } from "../../src/runtime/asarray.js";

it.each([
  ["no columns", 0],
  ["some columns", 3],
] as const)("%s", async (_, p) => {
  const k = 5;
  const data = Float32Array.from({ length: k * p }, (_, at) => Math.floor(at / p));
  using inner = await asarray({ data, shape: [k, p] }, { device: "webgpu" });
  const { knots, start, startRest, table, tableRest } = await splines(inner, 3, false, false, false);
  const shapes = [knots, start, startRest, table, tableRest].map((a) => a.shape);
  expect(shapes).toEqual([
    [p, 11],
    [p, 7],
    [p, 7],
    [p, 7, 5, 4],
    [p, 7, 5, 4],
  ]);
  const column = Array.from({ length: 11 }, (_, i) => i - 3);
  expect(await knots.toArray()).toEqual(Array.from({ length: p }, () => column));
  expect((await table.data()).length).toBe(p * 7 * 5 * 4);
  for (const a of [knots, start, startRest, table, tableRest]) a.dispose();
});
