// RandomState held against NumPy's: the same numbers for the same seed, call by call.
import { describe, expect, it } from "vitest";
import { RandomState } from "../../estimators/random/index.js";
import type { Drawn } from "../../src/random/size.js";
import type { Nested } from "../../src/runtime/ndarray.js";
import { cases, flat, shapeOf } from "./fixtures.js";

interface Call {
  readonly method:
    | "randomSample"
    | "uniform"
    | "normal"
    | "standardNormal"
    | "randn"
    | "randint"
    | "permutation"
    | "shuffle"
    | "choice";
  readonly args: readonly (number | readonly number[] | string | boolean)[];
  readonly gives: Nested;
}

interface Stream {
  readonly seed: number | readonly number[];
  readonly calls: readonly Call[];
  readonly long?: {
    readonly permutation: readonly number[];
    readonly normals: readonly number[];
    readonly next: number;
  };
}

/** The distance to the next double. */
const ulp = (x: number): number => {
  const bits = new Float64Array([Math.abs(x)]);
  new BigUint64Array(bits.buffer)[0]! += 1n;
  return bits[0]! - Math.abs(x);
};

/** The numbers of what a call gave, and their shape. */
function read(result: unknown): { readonly values: number[]; readonly shape: readonly number[] } {
  if (typeof result === "number") return { values: [result], shape: [] };
  const { data, shape } =
    typeof result === "object" && result !== null && "shape" in result
      ? (result as Drawn<ArrayLike<number>>)
      : { data: result as ArrayLike<number>, shape: [(result as ArrayLike<number>).length] };
  return { values: Array.from(data), shape };
}

function make(stream: RandomState, { method, args }: Call): unknown {
  if (method === "shuffle") {
    const values = [...(args[0] as readonly number[])];
    stream.shuffle(values);
    return values;
  }
  const draw = stream[method] as (...args: unknown[]) => unknown;
  return draw.apply(stream, [...args]);
}

describe("RandomState draws what NumPy's draws", () => {
  const streams = cases<Stream>("random_state");
  it.each(streams.filter((s) => s.calls.length > 0))("from the seed $seed", ({ seed, calls }) => {
    const stream = new RandomState(seed);
    for (const call of calls) {
      const { values, shape } = read(make(stream, call));
      const wanted = flat(call.gives);
      const what = `${call.method}(${JSON.stringify(call.args)})`;
      expect([what, shape]).toEqual([what, shapeOf(call.gives)]);
      if (!/normal|randn/i.test(call.method)) expect([what, values]).toEqual([what, wanted]);
      else {
        const [loc, scale] = call.method === "normal" ? [Number(call.args[0] ?? 0), Number(call.args[1] ?? 1)] : [0, 1];
        // Four ULP of the standard normal, and the roundings of the product and of the sum.
        for (const [k, x] of wanted.entries()) {
          const standard =
            4 * ulp((x - loc) / scale) * scale +
            (loc === 0 && scale === 1 ? 0 : 2 * ulp(Math.max(Math.abs(x), Math.abs(loc))));
          expect([what, k, Math.abs((values[k] ?? Number.NaN) - x) <= standard]).toEqual([what, k, true]);
        }
      }
    }
  });

  it("over a long stream", () => {
    const [{ seed, long } = { seed: 0, long: undefined }] = streams.filter((s) => s.long);
    const stream = new RandomState(seed);
    const order = stream.permutation(70000);
    let sum = 0;
    for (let k = 0; k < 10000; k++) sum += ((order[7 * k] ?? 0) * k) % 10007;
    expect([order[0], order[69999], sum]).toEqual(long?.permutation);
    const normals = stream.standardNormal(20000).filter((_, k) => k % 400 === 0);
    expect(long?.normals.filter((x, k) => !(Math.abs((normals[k] ?? Number.NaN) - x) <= 4 * ulp(x)))).toEqual([]);
    expect(stream.randomSample()).toBe(long?.next);
  });
});
