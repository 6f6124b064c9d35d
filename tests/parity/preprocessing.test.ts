// The transformers of bifold/preprocessing held against scikit-learn's results (fixtures written by preprocessing_fixtures.py), within computed bounds.
import { describe, expect, it } from "vitest";
import {
  Binarizer,
  type BinarizerParams,
  MaxAbsScaler,
  MinMaxScaler,
  type MinMaxScalerParams,
  Normalizer,
  type NormalizerParams,
  PolynomialFeatures,
  type PolynomialFeaturesParams,
  SplineTransformer,
  type SplineTransformerParams,
} from "../../estimators/preprocessing/index.js";
import type { NDArray, Nested } from "../../src/runtime/ndarray.js";
import { placeOn, settings } from "../settings.js";
import { cases, expectNear, flat, largest, shapeOf } from "./fixtures.js";

interface Case<P> {
  readonly X: readonly (readonly number[])[];
  readonly sampleWeight?: readonly number[] | null;
  readonly params: Partial<P>;
  readonly new: readonly (readonly number[])[];
  readonly names: readonly string[];
  readonly transform: Nested;
  /** How far scikit-learn's results in single precision are from those in double precision; `null` where it fails there. */
  readonly apart: number | null;
}

interface SplineCase extends Case<SplineTransformerParams> {
  readonly knots_: readonly (readonly number[])[];
  readonly nFeaturesOut_: number;
}

interface PolynomialCase extends Case<PolynomialFeaturesParams> {
  readonly powers_: readonly (readonly number[])[];
  readonly nOutputFeatures_: number;
}

interface ScalerCase extends Case<MinMaxScalerParams> {
  readonly name: "MinMaxScaler" | "MaxAbsScaler";
  readonly attributes: Readonly<Record<string, number | readonly number[]>>;
  readonly inverse: Nested;
}

interface RowCase extends Case<NormalizerParams & BinarizerParams> {
  readonly name: "Normalizer" | "Binarizer";
}

const titled = <C extends Case<object>>(name: string): readonly (readonly [string, C])[] =>
  cases<C>(name).map((c, at) => [`${at}: ${JSON.stringify(c.params)}`, c]);

/** What rounding may do to a row of spline values, for each feature, in units of roundoff. */
function splineBound(c: SplineCase): (row: number, feature: number) => number {
  const d = c.params.degree ?? 3;
  return (row, feature) => {
    const t = c.knots_[feature] ?? [];
    const inner = t.slice(d, t.length - d);
    const steps = inner.flatMap((x, k) => (k > 0 && x > (inner[k - 1] ?? x) ? [x - (inner[k - 1] ?? x)] : []));
    const least = Math.min(...steps);
    if (steps.length === 0) return 0;
    const x = c.new[row]?.[feature] ?? Number.NaN;
    if (Number.isNaN(x)) return 0;
    const beyond = Math.max((inner[0] ?? x) - x, x - (inner.at(-1) ?? x), 0) / least;
    // Knots and x are rounded, and so is their difference; a spline's slope is at most its degree over the step, and as much more as it grows outside.
    const growth = c.params.extrapolation === "continue" ? (1 + 2 * beyond) ** d : 1 + 2 * d * beyond;
    const turns = c.params.extrapolation === "periodic" ? 1 + beyond : 1;
    return growth * (8 * (d + 2) + (8 * d * turns * Math.max(largest([...t]), Math.abs(x))) / least);
  };
}

describe.each(settings)("$name", (setting) => {
  const { kind, dtype, unit } = setting;
  const place = placeOn(setting);
  /** In single precision on the CPU: no further from double precision than scikit-learn is, but for `slack`, which ties of rounding may take. */
  const notFurther = async (found: NDArray, c: Case<object>, slack: number): Promise<void> => {
    if (kind !== "cpu" || dtype !== "float32" || c.apart === null) return;
    const wanted = flat(c.transform);
    const off = flat(await found.toArray()).map((z, k) => Math.abs(z - (wanted[k] ?? Number.NaN)));
    expect(largest(off)).toBeLessThanOrEqual(c.apart + slack);
  };
  const weightsOf = async (c: Case<object>) => (c.sampleWeight ? { sampleWeight: await place(c.sampleWeight) } : {});

  describe("SplineTransformer", () => {
    it.each(titled<SplineCase>("spline_transformer"))("%s", async (_, c) => {
      const model = await new SplineTransformer(c.params).fit(await place(c.X), undefined, await weightsOf(c));
      expect(model.nFeaturesOut_).toBe(c.nFeaturesOut_);
      expect(model.getFeatureNamesOut(["a", "b"])).toEqual(c.names);
      const span = largest(c.knots_ as Nested);
      await expectNear("knots_", model.knots_, c.knots_ as Nested, 8 * unit * span);
      const found = await model.transform(await place(c.new));
      const bound = splineBound(c);
      const width = shapeOf(c.transform)[1] ?? 1;
      await expectNear("transform", found, c.transform, (at) => {
        const [row, column] = [Math.floor(at / width), at % width];
        const off = unit * bound(row, Math.floor((column * c.knots_.length) / width));
        return dtype === "float64" ? Math.min(off, 1e-9 * largest(c.transform)) : off;
      });
      await notFurther(found, c, 2 ** -44 * largest(c.transform));
    });
  });

  describe("PolynomialFeatures", () => {
    it.each(titled<PolynomialCase>("polynomial_features"))("%s", async (_, c) => {
      const model = await new PolynomialFeatures(c.params).fit(await place(c.X));
      expect(model.nOutputFeatures_).toBe(c.nOutputFeatures_);
      expect(await model.powers_.toArray()).toEqual(c.powers_);
      expect(model.getFeatureNamesOut()).toEqual(c.names);
      const found = await model.transform(await place(c.new));
      // Each factor but the first is one rounding, here and there.
      const wanted = flat(c.transform);
      const degree = largest(c.powers_.map((row) => row.reduce((sum, k) => sum + k, 0)));
      const off = (k: number) => 2 * degree * unit * Math.abs(wanted[k] ?? 0);
      await expectNear("transform", found, c.transform, off);
      // Of products in another order each may round to another neighbour: as many as there are roundings.
      await notFurther(found, c, degree > 2 ? degree * unit * largest(c.transform) : 2 ** -52 * largest(c.transform));
    });
  });

  it.each(titled<ScalerCase>("column_scalers"))("scaler %s", async (_, c) => {
    const model =
      c.name === "MinMaxScaler" ? new MinMaxScaler(c.params) : new MaxAbsScaler({ clip: c.params.clip ?? false });
    await model.fit(await place(c.X));
    expect(model.getFeatureNamesOut()).toEqual(c.names);
    const [low, high] = c.params.featureRange ?? [0, 1];
    const size = (name: string, j: number): number => Math.abs((c.attributes[name] as readonly number[])[j] ?? 0);
    // A range is a difference of rounded numbers, which are exact here; the scale by it, and what is added, round once more each.
    const scaled = (j: number): number =>
      c.name === "MinMaxScaler"
        ? Math.abs(low) +
          size("dataMin_", j) * size("scale_", j) +
          (size("dataMax_", j) + size("dataMin_", j)) * size("scale_", j)
        : 0;
    for (const [name, wanted] of Object.entries(c.attributes)) {
      const found = Reflect.get(model, name) as NDArray | number;
      await expectNear(
        name,
        found,
        wanted as Nested,
        (k) => 8 * unit * (size(name, k) + (name === "min_" ? scaled(k) : 0)),
      );
    }
    const p = c.names.length;
    const data = await place(c.new);
    const found = await model.transform(data);
    const entry = (k: number): number => Math.abs(flat(c.new as Nested)[k] ?? 0);
    await expectNear(
      "transform",
      found,
      c.transform,
      (k) => 8 * unit * (entry(k) * size("scale_", k % p) + scaled(k % p) + 1),
    );
    await expectNear(
      "inverse",
      await model.inverseTransform(data),
      c.inverse,
      (k) =>
        (8 * unit * (entry(k) + scaled(k % p) + Math.abs(high))) / Math.min(1, size("scale_", k % p)) +
        8 * unit * Math.abs(flat(c.inverse)[k] ?? 0),
    );
    await notFurther(found, c, 2 ** -52 * largest(c.transform));
  });

  it.each(titled<RowCase>("row_transformers"))("rows %s", async (_, c) => {
    const model = c.name === "Normalizer" ? new Normalizer(c.params) : new Binarizer(c.params);
    await model.fit(await place(c.X));
    expect(model.getFeatureNamesOut()).toEqual(c.names);
    const found = await model.transform(await place(c.new));
    // A norm is a sum of few terms, a root and a quotient.
    await expectNear("transform", found, c.transform, c.name === "Normalizer" ? (c.names.length + 8) * unit : 0);
    await notFurther(found, c, 2 ** -52);
  });
});
