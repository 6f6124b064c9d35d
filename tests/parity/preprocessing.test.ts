// The transformers of bifold/preprocessing held against scikit-learn's results (fixtures written by preprocessing_fixtures.py), within computed bounds.
import { describe, expect, it } from "vitest";
import { SplineTransformer, type SplineTransformerParams } from "../../estimators/preprocessing/index.js";
import type { Nested } from "../../src/runtime/ndarray.js";
import { placeOn, settings } from "../settings.js";
import { cases, expectNear, flat, largest, shapeOf } from "./fixtures.js";

interface Case<P> {
  readonly X: readonly (readonly number[])[];
  readonly sampleWeight?: readonly number[] | null;
  readonly params: Partial<P>;
  readonly new: readonly (readonly number[])[];
  readonly transform: Nested;
  /** How far scikit-learn's results in single precision are from those in double precision; `null` where it fails there. */
  readonly apart: number | null;
}

interface SplineCase extends Case<SplineTransformerParams> {
  readonly knots_: readonly (readonly number[])[];
  readonly nFeaturesOut_: number;
  readonly names: readonly string[];
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
      if (kind !== "cpu" || dtype !== "float32" || c.apart === null) return;
      const wanted = flat(c.transform);
      const worst = Math.max(...flat(await found.toArray()).map((z, k) => Math.abs(z - (wanted[k] ?? Number.NaN))));
      // Both compute in double precision and round: what double precision rounds may tip a last digit.
      expect(worst).toBeLessThanOrEqual(c.apart + largest(c.transform) * 2 ** -44);
    });
  });
});
