// Kernels and distances of pairs: what they are of lists, where results live, and what is refused. Values are held by tests/parity.
import { describe, expect, test } from "vitest";
import { device } from "../../src/runtime/devices.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { placeOn, settings } from "../../tests/settings.js";
import * as metrics from "./index.js";

const X = [
  [0, 1],
  [1, 1],
  [3, 0],
];
const Y = [
  [0, 0],
  [2, 1],
];

describe.each(settings)("$name", (setting) => {
  const place = placeOn(setting);

  test("everything follows X, and lists of Y go where it is", async () => {
    const there = await device(setting.kind);
    using data = await place(X);
    const before = there.liveBytes;
    const results: NDArray[] = [
      await metrics.linearKernel(data, Y),
      await metrics.rbfKernel(data),
      await metrics.euclideanDistances(data, Y, { squared: true }),
      await metrics.pairwiseDistances(data, Y, { metric: "l1" }),
      await metrics.pairedDistances(data, X, { metric: "cosine" }),
    ];
    for (const a of results) expect([a.device === there, a.dtype]).toEqual([true, setting.dtype]);
    expect(await results[0]?.toArray()).toEqual([
      [0, 1],
      [0, 3],
      [0, 6],
    ]);
    expect(results[1]?.shape).toEqual([3, 3]);
    expect(await results[2]?.toArray()).toEqual([
      [1, 4],
      [2, 1],
      [9, 2],
    ]);
    expect(await results[3]?.toArray()).toEqual([
      [1, 2],
      [2, 1],
      [3, 2],
    ]);
    expect(await results[4]?.toArray()).toEqual([0, 0, 0]);
    for (const a of results) a.dispose();
    expect(there.liveBytes).toBe(before);
  });

  test("near rows far from the origin keep their distance", async () => {
    const far = X.map((row) => row.map((x) => x / 1024 + 4096));
    using there = await place(far);
    using D = await metrics.euclideanDistances(there);
    const got = (await D.toArray()) as number[][];
    expect(got[0]?.[1]).toBe(1 / 1024);
    expect(got.map((row, i) => row[i])).toEqual([0, 0, 0]);
  });

  test("the first of the nearest, by rows and by columns", async () => {
    using points = await place([[0], [4], [2]]);
    const nearest = async (options: Parameters<typeof metrics.pairwiseDistancesArgmin>[2]) => {
      using found = await metrics.pairwiseDistancesArgmin(points, [[0], [4]], options);
      return found.toArray();
    };
    expect(await nearest({})).toEqual([0, 1, 0]);
    expect(await nearest({ axis: 0, metric: "manhattan" })).toEqual([0, 1]);
  });
});

test("what is precomputed comes back, if it fits", async () => {
  using K = await placeOn(settings[0]!)([
    [1, 0],
    [0, 1],
  ]);
  expect(await metrics.pairwiseKernels(K, undefined, { metric: "precomputed" })).toBe(K);
  expect(await metrics.pairwiseDistances(K, Y, { metric: "precomputed" })).toBe(K);
  await expect(metrics.pairwiseKernels(K, X, { metric: "precomputed" })).rejects.toMatchObject({
    code: "shape",
    message: expect.stringMatching(/3 rows of Y/),
  });
  await expect(metrics.pairwiseDistances([[-1]], undefined, { metric: "precomputed" })).rejects.toMatchObject({
    code: "parameter",
    message: expect.stringMatching(/1 negative entry/),
  });
});

test("refuses what does not fit, in words", async () => {
  const refused = async (made: Promise<unknown>, code: string, message: RegExp): Promise<void> => {
    await expect(made).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  };
  await refused(metrics.linearKernel(X, [[1, 2, 3]]), "shape", /X has 2 features and Y has 3/);
  await refused(metrics.pairedDistances(X, Y), "shape", /X has 3 rows and Y has 2/);
  await refused(metrics.rbfKernel(X, [[Number.NaN, 1]]), "not-finite", /Y has 1 NaN/);
  await refused(metrics.chi2Kernel(X, [[-1, 0]]), "parameter", /Y has 1 negative entry of 2/);
  await refused(metrics.chi2Kernel(X, X, { gamma: 0 }), "parameter", /gamma must be a positive number, found 0/);
  await refused(metrics.rbfKernel(X, X, { gamma: -1 }), "parameter", /gamma must be a number that is not negative/);
  await refused(metrics.polynomialKernel(X, X, { degree: 0 }), "parameter", /degree must be a number of at least 1/);
  await refused(metrics.sigmoidKernel(X, X, { coef0: Number.NaN }), "parameter", /coef0 must be a number/);
  await refused(
    metrics.pairwiseKernels(X, Y, { metric: "gauss" as "rbf" }),
    "parameter",
    /metric must be one of .*rbf/,
  );
  await refused(
    metrics.pairwiseKernels(X, Y, { metric: (() => 1) as unknown as "rbf" }),
    "parameter",
    /give it as "precomputed".*a function/,
  );
  await refused(metrics.pairwiseDistances(X, Y, { metric: "haversine" as "l1" }), "parameter", /metric must be one of/);
  await refused(metrics.pairwiseDistancesArgmin(X, Y, { axis: 2 as 0 }), "parameter", /axis must be 0 or 1, found 2/);
  using here = await placeOn(settings[0]!)(X);
  using away = await placeOn(settings[2]!)(Y);
  await refused(metrics.linearKernel(here, away), "device", /\.to\("cpu"\)/);
});
