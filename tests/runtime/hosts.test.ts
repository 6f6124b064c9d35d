// Host functions of one name in several modules are several kernels of one artifact; each call reaches its own.
import { expect, it } from "vitest";
import { callKernel, disposeAll } from "../../src/runtime/index.js";
import { arraysIn } from "../../src/runtime/scope.js";
import { cpu, gpu } from "./devices.js";
import { compile } from "./programs.js";

const artifact = compile(
  `
import { second } from "./second"
import { third } from "./third"
host fn scaled(x: real[n]) -> real[n] { return 10 * x }
export fn each3(x: real[n]) -> { a: real[n], b: real[n], c: real[n] } {
  let a = scaled(x)
  let b = second(x)
  let c = third(x)
  return { a, b, c }
}
export fn shifted(x: real[n]) -> real[n] { return second(x) }`,
  {
    "second.fold": `
host fn scaled(x: real[n]) -> real[n] { return 100 * x }
fn second(x: real[n]) -> real[n] { return scaled(x) }`,
    "third.fold": `
host fn scaled(x: real[n]) -> real[n] { return 1000 * x }
host fn shifted(x: real[n]) -> real[n] { return scaled(x) + 1 }
fn third(x: real[n]) -> real[n] { return shifted(x) }`,
  },
);

it.each([
  ["cpu", "float64"],
  ["cpu", "float32"],
  ["webgpu", "float32"],
] as const)("on %s in %s", async (kind, dtype) => {
  const device = kind === "cpu" ? cpu : gpu;
  const results = [];
  for (const fn of ["each3", "shifted"]) {
    const result = await callKernel(artifact, fn, [[1, 2]], { device, dtype });
    for (const a of arraysIn(result)) results.push(await a.toArray());
    disposeAll(result);
  }
  expect(results).toEqual([
    [10, 20],
    [100, 200],
    [1001, 2001],
    [100, 200],
  ]);
});
