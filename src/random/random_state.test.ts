// What RandomState refuses, and what its draws come in. That they are NumPy's is held in tests/parity/random.test.ts.
import { describe, expect, test } from "vitest";
import { BifoldError } from "../runtime/errors.js";
import { checkRandomState, RandomState } from "./random_state.js";

const refused = (body: (r: RandomState) => unknown): string => {
  try {
    body(new RandomState(0));
  } catch (error) {
    if (error instanceof BifoldError && error.code === "parameter") return error.message;
    throw error;
  }
  return "not refused";
};

describe("RandomState refuses", () => {
  test.each([
    [() => new RandomState(-1), "found -1"],
    [() => new RandomState(1.5), "found 1.5"],
    [() => new RandomState(2 ** 32), "found 4294967296"],
    [() => new RandomState([]), "an empty list"],
    [() => new RandomState([1, Number.NaN]), "found NaN"],
    [(r: RandomState) => r.randint(3, 3), "low < high"],
    [(r: RandomState) => r.randint(0), "low < high"],
    [(r: RandomState) => r.randint(0, 2.5), "whole numbers"],
    [(r: RandomState) => r.randint(0, 2 ** 40, 3), 'give the dtype "int64"'],
    [(r: RandomState) => r.randint(-1, 5, 3, "uint8"), "uint8 has the integers from 0 to 255"],
    [(r: RandomState) => r.randint(-(2 ** 53) + 1, 2 ** 53 - 1), "at most 2^53 values"],
    [(r: RandomState) => r.randomSample(-1), "a size must be"],
    [(r: RandomState) => r.normal(0, 1, [2, 0.5]), "a size must be"],
    [(r: RandomState) => r.normal(0, -1), "a scale that is not negative"],
    [(r: RandomState) => r.uniform(0, Number.POSITIVE_INFINITY), "finite"],
    [(r: RandomState) => r.permutation(-2), "a count must be"],
    [(r: RandomState) => r.choice([]), "nothing to choose from"],
    [(r: RandomState) => r.choice(3, 4, false), "only 3"],
    [(r: RandomState) => r.choice(3, 1, true, [0.5, 0.5]), "2 probabilities"],
    [(r: RandomState) => r.choice(2, 1, true, [1.5, -0.5]), "not negative"],
    [(r: RandomState) => r.choice(2, 1, true, [0.5, 0.4]), "sum to 1"],
    [(r: RandomState) => r.choice(3, 2, false, [1, 0, 0]), "only 1 have a positive"],
  ])("%s", (body, message) => {
    expect(refused(body)).toContain(message);
  });
});

describe("RandomState", () => {
  test("gives a number, a typed array, or an array with its shape", () => {
    const r = new RandomState(0);
    expect(typeof r.uniform()).toBe("number");
    expect(r.normal(0, 1, 3)).toBeInstanceOf(Float64Array);
    expect(r.randint(0, 9, [2, 2]).shape).toEqual([2, 2]);
    expect(r.randint(0, 9, 2)).toBeInstanceOf(Int32Array);
    expect(r.randint(0, 2 ** 40, 2, "int64")).toBeInstanceOf(Float64Array);
    expect(r.choice(["a", "b"], 5).every((x) => x === "a" || x === "b")).toBe(true);
  });

  test("leaves what it permutes as it was, and the kind of an array", () => {
    const values = Float32Array.of(1, 2, 3, 4, 5);
    const order = new RandomState(1).permutation(values);
    expect([...values]).toEqual([1, 2, 3, 4, 5]);
    expect(order).toBeInstanceOf(Float32Array);
    expect([...order].sort()).toEqual([1, 2, 3, 4, 5]);
  });

  test("is taken over as it is, so that a stream goes on", () => {
    const stream = new RandomState(3);
    expect(checkRandomState(stream)).toBe(stream);
    expect(checkRandomState(3).uniform()).toBe(stream.uniform());
    expect(checkRandomState(undefined).uniform()).not.toBe(checkRandomState(undefined).uniform());
  });

  test("stands where another stands, half a pair of normals included", () => {
    const stream = new RandomState(3);
    stream.normal();
    stream.uniform();
    const copy = stream.copy();
    const draws = (r: RandomState) => [r.normal(), ...r.normal(0, 1, 700), r.randint(0, 9)];
    expect(draws(copy)).toEqual(draws(stream));
    const state = stream.getState();
    for (const odd of [{ key: state.key.slice(1) }, { pos: 625 }, { pos: 0.5 }, { gauss: Number.NaN }])
      expect(refused((r) => r.setState({ ...state, ...odd }))).toContain("624 words");
  });
});
