// Kernels, distances and what is made of kernels, held against scikit-learn's within what rounding may do. In single precision we are also to be no
// further from the truth than scikit-learn is.
import { describe, expect, it, vi } from "vitest";
import { Nystroem, type NystroemParams } from "../../estimators/kernel_approximation/index.js";
import {
  type DistanceName,
  type KernelName,
  type KernelParams,
  type PairedDistanceName,
  pairedDistances,
  pairwiseDistances,
  pairwiseDistancesArgmin,
  pairwiseKernels,
} from "../../estimators/metrics/index.js";
import { KernelCenterer } from "../../estimators/preprocessing/index.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { placeOn, settings } from "../settings.js";
import { cases, expectNear, flat, largest, norm } from "./fixtures.js";
import { distanceBound, kernelBound, theirDistanceBound } from "./pairwise_bounds.js";

type Matrix = number[][];

interface KernelCase {
  readonly metric: KernelName;
  readonly params: KernelParams;
  readonly X: Matrix;
  readonly Y: Matrix;
  readonly kernel: Matrix;
  readonly singleError: number;
}

interface DistanceCase {
  readonly metric: DistanceName & PairedDistanceName;
  readonly X: Matrix;
  readonly Y: Matrix;
  readonly distances: Matrix;
  readonly same: Matrix;
  readonly truth: Matrix;
  readonly singleError: number;
  readonly argmin: readonly number[];
  readonly argminOfColumns: readonly number[];
  readonly paired: number[];
}

interface NystroemCase {
  readonly params: Partial<NystroemParams>;
  readonly X: Matrix;
  readonly components_: Matrix;
  readonly componentIndices_: number[];
  readonly normalization_: Matrix;
  readonly transform: Matrix;
  /** Of the basis's kernel. */
  readonly singular: number[];
  readonly singleError: number;
}

interface CentererCase {
  readonly K: Matrix;
  readonly other: Matrix;
  readonly KFitRows_: number[];
  readonly KFitAll_: number;
  readonly transform: Matrix;
  readonly transformOther: Matrix;
}

const rowOf = (X: Matrix, i: number): number[] => X[i] ?? [];
const rms = (values: Matrix): number => norm(values) / Math.sqrt(flat(values).length);

/** The root of the mean square of what results are off. */
async function errorOf(found: NDArray, truth: Matrix): Promise<number> {
  const wanted = flat(truth);
  return rms([flat(await found.toArray()).map((x, k) => x - (wanted[k] ?? Number.NaN))]);
}

/** Our errors and scikit-learn's in single precision; those that differ by less than one rounding of the results are alike. */
class Comparison {
  private readonly logarithms: number[] = [];

  note(ours: number, theirs: number): void {
    if (ours > 0 && theirs > 0) this.logarithms.push(Math.log(ours / theirs));
  }

  /** The geometric mean of ours over theirs. */
  get ratio(): number {
    return Math.exp(this.logarithms.reduce((s, x) => s + x, 0) / this.logarithms.length);
  }
}

describe.each(settings)("$name", (setting) => {
  const { unit, kind, dtype } = setting;
  const place = placeOn(setting);
  // WGSL has no double precision to sum in, and a coarser exp.
  const compares = kind === "cpu" && dtype === "float32";

  it("kernels", async () => {
    const compared = new Comparison();
    for (const c of cases<KernelCase>("pairwise_kernels")) {
      const K = await pairwiseKernels(await place(c.X), await place(c.Y), { metric: c.metric, ...c.params });
      const m = c.Y.length;
      await expectNear(`${c.metric} ${JSON.stringify(c.params)}`, K, c.kernel, (k) =>
        kernelBound(c.metric, c.params, rowOf(c.X, Math.floor(k / m)), rowOf(c.Y, k % m), unit),
      );
      if (!compares) continue;
      const ours = await errorOf(K, c.kernel);
      expect([c.metric, ours <= c.singleError + unit * rms(c.kernel)]).toEqual([c.metric, true]);
      compared.note(ours, c.singleError);
    }
    if (compares) expect(compared.ratio).toBeLessThanOrEqual(1);
  });

  it("distances", async () => {
    const compared = new Comparison();
    for (const c of cases<DistanceCase>("pairwise_distances")) {
      const { metric } = c;
      const [X, Y] = [await place(c.X), await place(c.Y)];
      const D = await pairwiseDistances(X, Y, { metric });
      const [m, p] = [c.Y.length, rowOf(c.X, 0).length];
      const truth = flat(c.truth);
      const rows = (k: number): [number[], number[]] => [rowOf(c.X, Math.floor(k / m)), rowOf(c.Y, k % m)];
      const off = (k: number): number => distanceBound(metric, p, truth[k] ?? 0, unit);
      await expectNear(metric, D, c.truth, (k) => off(k) + 2 ** -53 * (truth[k] ?? 0));
      await expectNear(metric, D, c.distances, (k) => off(k) + theirDistanceBound(metric, ...rows(k), truth[k] ?? 0));
      const own = (await (await pairwiseDistances(X, undefined, { metric })).toArray()) as Matrix;
      own.forEach((row, i) => {
        expect(row[i]).toBe(0);
      });
      const rowsOfX = (k: number): [number[], number[]] => [
        rowOf(c.X, Math.floor(k / own.length)),
        rowOf(c.X, k % own.length),
      ];
      const same = flat(c.same);
      await expectNear(`${metric} of X`, await pairwiseDistances(X, X, { metric }), c.same, (k) => {
        const [x, y] = rowsOfX(k);
        return distanceBound(metric, p, same[k] ?? 0, unit) + theirDistanceBound(metric, x, y, same[k] ?? 0);
      });
      const nearest = async (axis: 0 | 1) => (await pairwiseDistancesArgmin(X, Y, { metric, axis })).toArray();
      // Where cosines are all but 1, scikit-learn's distances are rounding.
      if (metric !== "cosine" || largest(c.truth) > 1e-3)
        expect([await nearest(1), await nearest(0)]).toEqual([c.argmin, c.argminOfColumns]);
      const k = c.paired.length;
      const paired = await pairedDistances(await place(c.X.slice(0, k)), await place(c.Y.slice(0, k)), { metric });
      await expectNear(`paired ${metric}`, paired, c.paired, (i) => {
        const [x, y, d] = [rowOf(c.X, i), rowOf(c.Y, i), c.truth[i]?.[i] ?? 0];
        return distanceBound(metric, p, d, unit) + theirDistanceBound(metric, x, y, d);
      });
      if (!compares) continue;
      const ours = await errorOf(D, c.truth);
      expect([metric, ours <= c.singleError + unit * rms(c.truth)]).toEqual([metric, true]);
      compared.note(ours, c.singleError);
    }
    if (compares) expect(compared.ratio).toBeLessThanOrEqual(1);
  });

  it("Nystroem", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    const compared = new Comparison();
    let telling = 0;
    const list = cases<NystroemCase>("nystroem");
    for (const c of list) {
      const what = JSON.stringify(c.params);
      const X = await place(c.X);
      const model = await new Nystroem(c.params).fit(X);
      expect(await model.componentIndices_.toArray()).toEqual(c.componentIndices_);
      expect(await model.components_.toArray()).toEqual(c.components_);
      const found = await model.transform(X);
      const [first = 0, last = 0] = [c.singular[0], c.singular.at(-1)];
      // A kernel of less than full rank has directions that are rounding, in scikit-learn's results as in ours: they are large in single precision.
      const whole = last > c.singular.length * unit * first;
      const { degree } = c.params;
      // Off by so much, relative to its norm, is the kernel; its inverse root is as sensitive as the smallest singular value makes it.
      const kernel = (unit + 2 ** -53) * (c.X.length + (c.X[0]?.length ?? 0) + 16) * (degree ?? 1);
      const root = 1 / Math.sqrt(Math.max(last, 1e-12));
      const bound = kernel * norm(c.transform) * root * Math.sqrt(first) * (1 + first / Math.max(last, 1e-12));
      if (whole) {
        if (bound < largest(c.transform)) telling++;
        const normalization = (kernel * first * root) / Math.max(last, 1e-12);
        await expectNear(`${what} normalization_`, model.normalization_, c.normalization_, normalization);
        await expectNear(
          what,
          found,
          c.transform,
          dtype === "float64" ? Math.min(bound, 1e-9 * largest(c.transform)) : bound,
        );
      } else if (dtype === "float64") await expectNear(what, found, c.transform, kernel * first * root);
      if (!compares) continue;
      const ours = await errorOf(found, c.transform);
      if (!whole) expect(ours).toBeLessThanOrEqual(c.singleError);
      compared.note(ours, c.singleError);
    }
    // Once: for the case of more components than samples.
    expect(warned).toHaveBeenCalledTimes(1);
    warned.mockRestore();
    expect(telling).toBeGreaterThan(list.length / 2);
    if (compares) expect(compared.ratio).toBeLessThanOrEqual(1);
  });

  it("KernelCenterer", async () => {
    for (const c of cases<CentererCase>("kernel_centerer")) {
      const K = await place(c.K);
      const model = await new KernelCenterer().fit(K);
      const n = c.K.length;
      // Entries are rounded when they are placed; a mean takes at most n roundings more, and there are three.
      const mean = (n + 2) * unit * largest(c.K);
      await expectNear("KFitRows_", model.KFitRows_, c.KFitRows_, mean);
      await expectNear("KFitAll_", model.KFitAll_, c.KFitAll_, 2 * mean);
      await expectNear("transform", await model.transform(K), c.transform, 6 * mean);
      await expectNear("others", await model.transform(await place(c.other)), c.transformOther, 6 * mean);
    }
  });
});
