// What the parity tests share: reading fixtures, and holding results against them within computed bounds.
import fs from "node:fs";
import { expect } from "vitest";
import { NDArray, type Nested } from "../../src/runtime/ndarray.js";

/** As JSON has no such numbers, they are written as Python shows them. */
const notFinite: ReadonlyMap<unknown, number> = new Map([
  ["nan", Number.NaN],
  ["inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
]);

/** The cases of `fixtures/<name>.json`, as `make_fixtures.py` writes them. */
export function cases<C>(name: string): readonly C[] {
  const text = fs.readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8");
  const read = JSON.parse(text, (_, v) => notFinite.get(v) ?? v) as { readonly cases: readonly C[] };
  return read.cases;
}

export const flat = (v: Nested): number[] => (Array.isArray(v) ? v.flatMap(flat) : [Number(v)]);

/** The largest magnitude, NaN left out. */
export const largest = (v: Nested): number =>
  flat(v).reduce((m, x) => (Number.isNaN(x) ? m : Math.max(m, Math.abs(x))), 0);

/** The 2-norm of all entries, NaN left out. */
export const norm = (v: Nested): number => Math.sqrt(flat(v).reduce((s, x) => (Number.isNaN(x) ? s : s + x * x), 0));

export const shapeOf = (v: Nested): number[] =>
  Array.isArray(v) ? [v.length, ...(v.length > 0 ? shapeOf(v[0]) : [])] : [];

/** Every entry within its bound of the wanted one, and the same shape. */
export async function expectNear(
  what: string,
  got: NDArray | Nested | null,
  want: Nested | null,
  bound: number | ((k: number) => number),
): Promise<void> {
  if (got === null || want === null) {
    expect([what, got]).toEqual([what, want]);
    return;
  }
  const found = got instanceof NDArray ? await got.toArray() : got;
  expect([what, shapeOf(found)]).toEqual([what, shapeOf(want)]);
  const wanted = flat(want);
  const wrong = flat(found).flatMap((x, k) => {
    const y = wanted[k] ?? 0;
    const within = typeof bound === "number" ? bound : bound(k);
    if (Object.is(x, y) || Math.abs(x - y) <= within) return [];
    return [{ what, at: k, found: x, wanted: y, off: Math.abs(x - y), bound: within }];
  });
  expect(wrong).toEqual([]);
}
