// Host functions in the reference: double precision where the GPU calls, the caller's `real` on the CPU, rounded on the way back.
import { expect, test } from "vitest";
import { exportsOf, loadProgram } from "../../compiler/load.js";
import type { Target } from "./format.js";
import { interpretWithBounds } from "./index.js";

const text = `host fn smallest(x: real) -> real { return x * eps }
host fn third(x: real[n]) -> real[n] {
  let y[i] = x[i] / 3
  return y
}
export fn called(x: real[n]) -> { e: real, y: real[n] } {
  return { e: smallest(x[0]), y: third(x) }
}
export host fn alone(x: real[n]) -> real[n] { return third(x) }
`;

function run(name: string, target: Target) {
  const { program } = loadProgram("t.fold", (f) => (f === "t.fold" ? text : undefined));
  const def = program && exportsOf(program).find((f) => f.name === name);
  if (!program || !def) throw new Error("the program is wrong");
  const args = [{ shape: [1], data: Float64Array.of(1) }];
  const outcome = interpretWithBounds(program, def, args, { real: "float32", target });
  if (!("value" in outcome)) throw new Error(JSON.stringify(outcome));
  return outcome;
}

const fields = (value: unknown) => (value as { fields: Record<string, unknown> }).fields;
const numbers = (value: unknown) => [...(value as { data: Float64Array }).data];

test("eps is that of the type that the function runs in", () => {
  expect(fields(run("called", "wgsl").value)["e"]).toBe(2 ** -52);
  expect(fields(run("called", "wasm").value)["e"]).toBe(2 ** -23);
});

test.each(["called", "alone"])("%s: what comes back to the GPU is rounded to f32 once", (name) => {
  const { value, bounds } = run(name, "wgsl");
  const [y, bound] = [value, bounds].map((v) => numbers(name === "called" ? fields(v)["y"] : v)[0] as number);
  // The true value, double precision's error and one rounding to f32.
  expect(y).toBeCloseTo(1 / 3, 15);
  expect(bound).toBeGreaterThan(2 ** -27);
  expect(bound).toBeLessThan(2 ** -25);
});
