// Philox against the known answers that its authors publish (Random123's kat_vectors), and `normal` against exact values.
import { expect, test } from "vitest";
import { artifactOf } from "../../src/compile.js";
import { loadProgram } from "../../src/compiler/load.js";
import { philox, unitInterval } from "../../src/ir/interpret/philox.js";
import { type CallOptions, callKernel, type KernelArgument } from "../../src/runtime/call.js";
import { CpuDevice } from "../../src/runtime/cpu/index.js";
import type { Device, FloatDtype, TypedArray } from "../../src/runtime/index.js";
import { NDArray } from "../../src/runtime/ndarray.js";
import { WebGpuDevice } from "../../src/runtime/webgpu/index.js";
import { readFixture } from "./points.js";
import { fixtures } from "./processes.js";
import { ulpsOfDouble, ulpsOfSingle } from "./ulp.js";

const text = `import { philoxOf } from "std/random"
export fn words(c: u32[m, 6]) -> u32[m, 4] {
  var r[i in 0..m, j in 0..4]: u32 = 0
  for i in 0..m {
    let w = philoxOf(c[i, 0], c[i, 1], c[i, 2], c[i, 3], c[i, 4], c[i, 5])
    r[i, 0] = w.w0
    r[i, 1] = w.w1
    r[i, 2] = w.w2
    r[i, 3] = w.w3
  }
  return r
}
export fn normals(key: u32[n], i: u32[n]) -> real[n] {
  let r[k] = normal(key[k], i[k])
  return r
}
`;
const { program, diagnostics } = loadProgram("random.fold", (f) => (f === "random.fold" ? text : undefined));
if (!program) throw new Error(diagnostics.map((d) => d.message).join("\n"));
const artifact = artifactOf(program);
const cpu = await CpuDevice.create({ threads: 1 });
const gpu = await WebGpuDevice.create({ defaultLimits: true });

async function call(name: string, args: readonly KernelArgument[], options: CallOptions): Promise<TypedArray> {
  const result = await callKernel(artifact, name, args, options);
  if (!(result instanceof NDArray)) throw new Error(`${name} gives no array`);
  try {
    return await result.data();
  } finally {
    result.dispose();
  }
}

const all = 0xffffffff;
/** Counter and key, and the four words. */
const known = [
  { given: [0, 0, 0, 0, 0, 0], words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
  { given: [all, all, all, all, all, all], words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd] },
  {
    given: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0],
    words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
];

const devices: readonly { readonly name: string; readonly device: Device; readonly dtype: FloatDtype }[] = [
  { name: "CPU, f32", device: cpu, dtype: "float32" },
  { name: "CPU, f64", device: cpu, dtype: "float64" },
  { name: "WebGPU", device: gpu, dtype: "float32" },
];

test.each(devices)("Philox gives the known answers: $name", async ({ device, dtype }) => {
  const given = { data: Uint32Array.from(known.flatMap((k) => k.given)), shape: [known.length, 6] };
  expect([...(await call("words", [given], { device, dtype }))]).toEqual(known.flatMap((k) => k.words));
});

const { x: keys, y: counters, nearest, rest } = readFixture(fixtures, "normal", 2);
const points: readonly KernelArgument[] = [Uint32Array.from(keys), Uint32Array.from(counters ?? [])];

test("normal is within 4 ULP in double precision", async () => {
  const found = await call("normals", points, { device: cpu, dtype: "float64" });
  const errors = Array.from(found, (v, k) => ulpsOfDouble(v, nearest[k]!, rest[k]!));
  expect(errors.length).toBeGreaterThan(500);
  expect(Math.max(...errors)).toBeLessThanOrEqual(4);
});

/** In f64, of 24 bits each: the angle less its quarters of a turn, so that it is as good near a zero of the cosine. */
function singleNormal(key: number, i: number): number {
  const [w0, w1] = philox(key, i);
  const turn = unitInterval(24, w1, 0);
  const quarters = Math.round(4 * turn);
  const angle = 2 * Math.PI * (turn - quarters / 4);
  const cosine = quarters % 2 === 0 ? Math.cos(angle) : -Math.sin(angle);
  return Math.sqrt(-2 * Math.log1p(-unitInterval(24, w0, 0))) * (quarters === 2 || quarters === 3 ? -cosine : cosine);
}

test.each([
  { name: "CPU", device: cpu as Device, most: 4 },
  // With roots of 5 ulp.
  { name: "WebGPU", device: gpu as Device, most: 12 },
])("normal is within $most ULP in single precision: $name", async ({ device, most }) => {
  const found = await call("normals", points, { device, dtype: "float32" });
  const errors = Array.from(found, (v, k) => ulpsOfSingle(v, singleNormal(keys[k]!, counters![k]!)));
  expect(Math.max(...errors)).toBeLessThanOrEqual(most);
});
