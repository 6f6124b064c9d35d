// The error bounds hold: operations are done as a target would (in f32 by rounding after each, in f64 against exact rationals) and compared.
import { expect, test } from "vitest";
import { add, compare, divide, extremum, integerPower, multiply, squareRoot } from "./arithmetic.js";
import { entering, type Format, float32, float64, isDecided, lowestBit, type Scalar, scalar } from "./format.js";
import { realFunction } from "./functions.js";
import { realToInteger } from "./integers.js";
import { bestIndex, bestValue, boolReduction, product, sum, type Term } from "./reduce.js";

const f: Format = { ...float32, target: "wasm" };
const gpu: Format = { ...float32, target: "wgsl" };
const wide: Format = { ...float64, target: "wasm" };

/** A small generator of its own (mulberry32), so that failures repeat. */
function random(seed: number): () => number {
  let s = seed;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const terms = (xs: readonly Scalar[]): Term[] => xs.map((value, index) => ({ index, value, counts: scalar(1) }));

test("a chain of operations in f32 stays within its bound, and the bound is of the size of the error", () => {
  const next = random(1);
  let worst = 0;
  for (let k = 0; k < 2000; k++) {
    const [a, b, c] = [next() * 4 - 2, next() * 4 - 2, next() + 0.5].map(Math.fround) as [number, number, number];
    const reference = divide(f, add(f, multiply(f, entering(f, a), entering(f, b)), entering(f, a)), entering(f, c));
    const target = Math.fround(Math.fround(Math.fround(a * b) + a) / c);
    const error = Math.abs(target - reference.value);
    expect(error).toBeLessThanOrEqual(reference.bound);
    if (reference.bound > 0) worst = Math.max(worst, error / reference.bound);
  }
  expect(worst).toBeGreaterThan(0.3);
});

test("exact operations carry no bound, inexact ones do", () => {
  const [half, three] = [scalar(0.5), scalar(3)];
  expect(multiply(f, half, three)).toEqual(scalar(1.5));
  expect(add(f, half, three)).toEqual(scalar(3.5));
  expect(divide(f, three, half)).toEqual(scalar(6));
  expect(squareRoot(f, scalar(6.25))).toEqual(scalar(2.5));
  expect(integerPower(f, three, scalar(5))).toEqual(scalar(243));
  expect(divide(f, half, three).bound).toBeGreaterThan(0);
  expect(divide(gpu, three, half).bound).toBeGreaterThan(0);
  expect(add(f, scalar(2 ** 24), scalar(1)).bound).toBeGreaterThanOrEqual(1);
  expect(add(wide, scalar(2 ** 53), scalar(1)).bound).toBeGreaterThanOrEqual(1);
  expect(entering(f, 0.1).bound).toBe(Math.abs(Math.fround(0.1) - 0.1));
});

test("lowestBit is the last bit that is set", () => {
  for (const x of [1, 0.375, -6, 2 ** -1074, 2 ** -1030, 1 + 2 ** -52, 2 ** 32, 3 * 2 ** 40])
    expect([(x / lowestBit(x)) % 2, Number.isInteger(x / lowestBit(x))]).toEqual([Math.sign(x), true]);
});

test("a sum's bound covers a chain, a tree and the reverse in f32; dyadic sums are exact", () => {
  const next = random(2);
  const xs = Array.from({ length: 500 }, () => Math.fround(next() - 0.5));
  const s = sum(f, terms(xs.map((x) => scalar(x))));
  const chain = (ys: readonly number[]): number => ys.reduce((a, b) => Math.fround(a + b), 0);
  const tree = (ys: readonly number[]): number =>
    ys.length < 2 ? (ys[0] ?? 0) : Math.fround(tree(ys.slice(0, ys.length >> 1)) + tree(ys.slice(ys.length >> 1)));
  for (const got of [chain(xs), chain([...xs].reverse()), tree(xs)])
    expect(Math.abs(got - s.value)).toBeLessThanOrEqual(s.bound);
  expect(sum(f, terms(xs.map((x) => scalar(Math.round(x * 64) / 64)))).bound).toBe(0);
  expect(sum(f, terms([scalar(1), scalar(2 ** -30)])).bound).toBeGreaterThan(2 ** -30);
});

test("a product's bound covers orders that underflow on the way", () => {
  const xs = [1e-30, 1e-30, 1e30, 1e30];
  const p = product(f, terms(xs.map((x) => entering(f, x))));
  const got = xs.reduce((a, b) => Math.fround(a * Math.fround(b)), 1);
  expect(got).toBe(0);
  expect(Math.abs(got - p.value)).toBeLessThanOrEqual(p.bound);
  expect(product(f, terms([scalar(1e30), scalar(1e30), scalar(1e-30)])).bound).toBe(Number.POSITIVE_INFINITY);
});

test("what hangs on overlapping bounds is undecided", () => {
  const near = scalar(1 + 1e-9, 1e-7);
  expect(isDecided(compare("<", scalar(1), near))).toBe(false);
  expect(isDecided(compare("<", scalar(0.9), near))).toBe(true);
  expect(isDecided(compare("==", scalar(1), scalar(1)))).toBe(true);
  expect(isDecided(bestIndex(1, terms([near, scalar(1)])))).toBe(false);
  expect(bestIndex(1, terms([scalar(1), scalar(1), scalar(2)]))).toEqual(scalar(0));
  expect(bestIndex(-1, terms([scalar(1), near, scalar(2)]))).toEqual(scalar(2));
  expect(isDecided(realToInteger("i32", scalar(3 - 1e-9, 1e-7)))).toBe(false);
  expect(realToInteger("i32", scalar(3.5, 1e-7))).toEqual(scalar(3));
  expect(realFunction(f, "floor", [scalar(3 - 1e-9, 1e-7)])).toEqual(scalar(2, 1));
});

test("the least of close values is as good as they are", () => {
  const x = extremum(f, 1, [scalar(1, 1e-6), scalar(1.0000001, 1e-6), scalar(5, 3)]);
  expect(x.value).toBe(1);
  expect(x.bound).toBeLessThan(1.1e-6);
  expect(bestValue(f, -1, [], -f.huge)).toEqual(scalar(-f.huge));
});

test("one decided term may decide any and all", () => {
  const unknown = scalar(0, Number.POSITIVE_INFINITY);
  expect(boolReduction("any", terms([unknown, scalar(1)]))).toEqual(scalar(1));
  expect(boolReduction("all", terms([unknown, scalar(0)]))).toEqual(scalar(0));
  expect(isDecided(boolReduction("count", terms([unknown, scalar(1)])))).toBe(false);
});

test("functions carry their argument's error by their slope", () => {
  const next = random(3);
  for (const name of ["exp", "log", "sqrt", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "asin", "acos", "erf"])
    for (let k = 0; k < 200; k++) {
      const x = 0.1 + 0.8 * next();
      const e = next() * 0.05;
      const y = realFunction(f, name, [scalar(x, e)]);
      for (const end of [x - e, x + e])
        expect(
          Math.abs(realFunction(f, name, [scalar(end)]).value - y.value),
          `${name}(${x} +- ${e})`,
        ).toBeLessThanOrEqual(y.bound);
    }
});

test("near overflow and where WGSL promises nothing, results are undecided", () => {
  expect(isDecided(realFunction(f, "exp", [scalar(88.8)]))).toBe(false);
  expect(isDecided(realFunction(gpu, "sin", [scalar(9000)]))).toBe(false);
  expect(isDecided(realFunction(f, "log", [scalar(0)]))).toBe(false);
  expect(realFunction(f, "exp", [scalar(Number.NEGATIVE_INFINITY)]).value).toBe(0);
});
