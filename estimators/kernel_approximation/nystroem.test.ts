// Nystroem: what its features are for, its parameters, and what is refused. Parity is held by tests/parity.
import { describe, expect, test, vi } from "vitest";
import { RandomState } from "../../src/random/random_state.js";
import { device } from "../../src/runtime/devices.js";
import { placeOn, settings } from "../../tests/settings.js";
import { linearKernel, pairwiseKernels } from "../metrics/index.js";
import { Nystroem } from "./index.js";

const X = Array.from({ length: 9 }, (_, i) => [i % 3, ((i * 5) % 7) / 2, i / 4]);

describe.each(settings)("$name", (setting) => {
  const place = placeOn(setting);

  test("with all samples for a basis, inner products of features are the kernel", async () => {
    const there = await device(setting.kind);
    const before = there.liveBytes;
    {
      using data = await place(X);
      using model = new Nystroem({ kernel: "laplacian", gamma: 1, nComponents: 9, randomState: 1 });
      using Z = await model.fitTransform(data);
      using found = await linearKernel(Z);
      using wanted = await pairwiseKernels(data, data, { metric: "laplacian", gamma: 1 });
      const got = ((await found.toArray()) as number[][]).flat();
      const kernel = ((await wanted.toArray()) as number[][]).flat();
      // The smallest eigenvalue of this kernel is about 0.27, the largest 3: ten times the unit would do, times the terms of a sum.
      got.forEach((x, k) => {
        expect(Math.abs(x - (kernel[k] ?? 0))).toBeLessThan(10 * 9 * 16 * setting.unit);
      });
      expect(model.getFeatureNamesOut().at(-1)).toBe("nystroem8");
      expect([model.componentIndices_.dtype, model.componentIndices_.device === there]).toEqual(["int32", true]);
    }
    expect(there.liveBytes).toBe(before);
  });

  test("directions in which the kernel is 0 add nothing", async () => {
    // Of rank 3: the other eigenvalues are rounding, whose inverse root would be as large as 1e6.
    using model = new Nystroem({ kernel: "linear", nComponents: 9, randomState: 0 });
    using data = await place(X);
    using Z = await model.fitTransform(data);
    using found = await linearKernel(Z);
    using wanted = await linearKernel(X);
    const kernel = ((await wanted.toArray()) as number[][]).flat();
    const [most, trace] = [Math.max(...kernel), kernel.reduce((s, x, k) => s + (k % 10 === 0 ? x : 0), 0)];
    // Entries of the inverse root, as large as that of the least singular value, are rounded; times the kernel, and the features that they are off from.
    const off = (2 * setting.unit * trace ** 1.5) / Math.sqrt(Math.max(1e-12, 2 * setting.unit * most));
    ((await found.toArray()) as number[][]).flat().forEach((x, k) => {
      expect(Math.abs(x - (kernel[k] ?? 0))).toBeLessThan(off);
    });
  });
});

test("takes parameters of kernels from either place, the own ones first", async () => {
  const fitted = async (params: ConstructorParameters<typeof Nystroem>[0]) => {
    using model = await new Nystroem({ nComponents: 4, randomState: 2, ...params }).fit(X);
    return model.normalization_.toArray();
  };
  const wanted = await fitted({ kernel: "poly", degree: 2, gamma: 0.5 });
  expect(await fitted({ kernel: "poly", degree: 2, kernelParams: { degree: 5, gamma: 0.5 } })).toEqual(wanted);
  // What a kernel does not have is left alone.
  expect(await fitted({ kernel: "cosine", degree: 2 })).toEqual(await fitted({ kernel: "cosine" }));
});

test("a stream of random numbers goes on, a seed begins anew", async () => {
  using model = new Nystroem({ nComponents: 5, randomState: new RandomState(0) });
  const first = await (await model.fit(X)).componentIndices_.toArray();
  expect(await (await model.fit(X)).componentIndices_.toArray()).not.toEqual(first);
  model.setParams({ randomState: 0 });
  expect(await (await model.fit(X)).componentIndices_.toArray()).toEqual(first);
});

test("takes all samples where more are asked for, and says so", async () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  using model = await new Nystroem({ randomState: 0 }).fit(X);
  expect(model.components_.shape).toEqual([9, 3]);
  expect(warned).toHaveBeenCalledWith(expect.stringMatching(/nComponents is 100 and X has 9 samples/));
  warned.mockRestore();
});

test("refuses parameters that make no sense, and stays as it was", async () => {
  using model = await new Nystroem({ nComponents: 2, randomState: 0 }).fit(X);
  const before = await model.normalization_.toArray();
  const cases: readonly (readonly [object, string, RegExp])[] = [
    [{ nComponents: 0 }, "parameter", /nComponents must be an integer of at least 1, found 0/],
    [{ kernel: "gauss" }, "parameter", /kernel must be one of/],
    [{ kernel: () => 1 }, "parameter", /give it as "precomputed"/],
    [{ gamma: -1 }, "parameter", /gamma must be a number that is not negative, found -1/],
    [{ kernel: "poly", degree: 0.5 }, "parameter", /degree must be a number of at least 1/],
    [{ kernel: "precomputed", gamma: 1 }, "parameter", /takes no gamma, coef0 or degree, found gamma/],
    [{ kernel: "precomputed", nComponents: 9 }, "shape", /a column for each of its 9 rows/],
    [{ kernel: "additive_chi2" }, "parameter", /negative entries/],
  ];
  for (const [params, code, message] of cases) {
    const other = model.clone().setParams(params);
    const data = "kernel" in params && params.kernel === "additive_chi2" ? X.map((r) => r.map((x) => x - 9)) : X;
    await expect(other.fit(data)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  }
  await expect(
    model.setParams({ kernel: "precomputed", nComponents: 1 }).fit([
      [1, 0],
      [0, 1],
    ]),
  ).rejects.toMatchObject({ code: "parameter", message: expect.stringMatching(/at least the number of samples, 2/) });
  expect(await model.normalization_.toArray()).toEqual(before);
});
