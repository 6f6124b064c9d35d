// The harness finds what it is for: a number out of its bound, another error, another shape; and lets pass what agrees.
import { describe, expect, test, vi } from "vitest";
import { type Backend, compare, holdAgainst, tallyReport } from "./harness.js";
import { computeReferences } from "./processes.js";
import type { HostValue, Job, Outcome } from "./variants.js";

vi.mock("../../src/ir/interpret/index.js", () => {
  throw new Error("the interpreter can't be imported here");
});

const array = (...data: number[]): HostValue => ({ shape: [data.length], data: Float64Array.from(data) });
const outcome = (value: HostValue, bounds: HostValue, mayFail = false): Outcome => ({ value, bounds, mayFail });

describe("compare", () => {
  const reference = outcome(array(1, 2, 3), array(0.1, 0, Number.POSITIVE_INFINITY));

  test("numbers within their bounds agree, the undecided are counted", () => {
    expect(compare(reference, { value: array(1.05, 2, 77) })).toEqual({
      compared: 3,
      undecided: 1,
      loose: 1,
      disagreements: [],
    });
  });

  test("a number out of its bound is named with its place", () => {
    expect(compare(reference, { value: array(1.2, 2, 3) }).disagreements).toEqual([
      "result[0] is 1.2, the reference has 1 +- 0.1, 2.00 times the bound",
    ]);
    expect(compare(reference, { value: array(1, Number.NaN, 3) }).disagreements).toHaveLength(1);
  });

  test("another shape, another kind and a missing field are disagreements", () => {
    expect(compare(reference, { value: array(1, 2) }).disagreements).toHaveLength(1);
    expect(compare(reference, { value: 1 }).disagreements).toHaveLength(1);
    const record = outcome({ fields: { a: 1, b: true } }, { fields: { a: 0, b: 0 } });
    expect(compare(record, { value: { fields: { a: 1, b: true } } }).disagreements).toEqual([]);
    expect(compare(record, { value: { fields: { a: 1 } } }).disagreements).toHaveLength(1);
    expect(compare(record, { value: { fields: { a: 1, b: false } } }).disagreements).toHaveLength(1);
  });

  test("errors agree by code and message; numbers that carry bounds may differ", () => {
    const at = { file: "", start: 0, end: 0 };
    const error = (inexact: boolean): Outcome => ({ error: { code: "R01", message: "got 0.5 of x", at, inexact } });
    expect(compare(error(false), { error: { code: "R01", message: "R01: got 0.5 of x" } }).disagreements).toEqual([]);
    expect(compare(error(false), { error: { code: "R01", message: "got 0.25 of x" } }).disagreements).toHaveLength(1);
    expect(compare(error(true), { error: { code: "R01", message: "got 0.25 of x" } }).disagreements).toEqual([]);
    expect(compare(error(true), { error: { code: "R02", message: "got 0.5 of x" } }).disagreements).toHaveLength(1);
    expect(compare(error(false), { value: 1 }).disagreements).toHaveLength(1);
    const failed = { error: { code: "R02", message: "" } };
    expect(compare(outcome(1, 0), failed).disagreements).toHaveLength(1);
    expect(compare(outcome(1, 0, true), failed)).toMatchObject({ undecided: 1, disagreements: [] });
  });
});

describe("references", () => {
  const job: Job = {
    title: "squares",
    files: {
      "main.fold": `import { square } from "./lib"
export fn run(x: real[n]) -> { y: real[n], total: real } {
  require n < 3 else "{n} are too many"
  let y[i] = square(x[i]) / 3
  return { y, total: sum[i](y[i]) }
}`,
      "lib.fold": "fn square(a: real) -> real { return a * a }",
    },
    main: "main.fold",
    fn: "run",
    calls: [[array(1, 2)], [array(1, 2, 3)]],
  };
  const backend = (scale: number): Backend => ({
    name: "by hand",
    variant: { real: "float32", target: "wasm" },
    prepare: async () => async (args) => {
      const [x] = args;
      if (typeof x !== "object" || !("data" in x)) throw new Error("no array");
      if (x.data.length > 2) return { error: { code: "R01", message: "3 are too many" } };
      const y = Float32Array.from(x.data, (v) => ((v * v) / 3) * scale);
      return { value: { fields: { y: { shape: x.shape, data: y }, total: Math.fround((y[0] ?? 0) + (y[1] ?? 0)) } } };
    },
  });

  test("are computed elsewhere, and hold a backend to its bounds", async () => {
    await expect(import("../../src/ir/interpret/index.js")).rejects.toThrow();
    const references = await computeReferences([job], [{ real: "float32", target: "wasm" }]);
    const right = await holdAgainst(backend(1), [job], references);
    expect(tallyReport(right)).toBe(
      "by hand: 1 programs, 2 calls, 4 numbers compared, 0 undecided (0.00 %), 0 with loose bounds (0.00 %), 0 disagreements",
    );
    // Eight roundings' worth: more than the two of the program may be off.
    const wrong = await holdAgainst(backend(1 + 8 * 2 ** -24), [job], references);
    expect(wrong.comparison.disagreements.length).toBeGreaterThan(0);
  });

  test("say why a program does not run", async () => {
    const [reference] = await computeReferences([{ ...job, files: { "main.fold": "fn" } }], []);
    expect(reference).toHaveProperty("problem");
  });
});
