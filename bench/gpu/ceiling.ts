// What the GPU can do at most: multiply-adds in registers, and a copy of a large buffer, in WGSL by hand. And what a command costs that
// does nothing.
import { acquire } from "../../src/runtime/webgpu/adapter.js";
import { callsFor, sample } from "../suite/timing.js";

export interface Ceiling {
  /** Floating-point operations a second, of multiply-adds in f32. */
  readonly flops: number;
  /** Bytes a second, those read and those written. */
  readonly bytes: number;
  /** Seconds from handing over a command that does nothing to knowing that it is done. */
  readonly latency: number;
}

const THREADS = 2 ** 18;
/** Independent sums of four numbers, in each thread; and steps of each in one turn, so that turning costs little. */
const CHAINS = 8;
const STEPS = 8;

const chains = (f: (k: number) => string): string => Array.from({ length: CHAINS }, (_, k) => f(k)).join("\n");

/** The multiplier is read, so that nobody computes this while compiling; the sums are written, so that nobody leaves them out. */
const multiplyAdds = `
@group(0) @binding(0) var<storage, read> input: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> output: array<vec4f>;
@compute @workgroup_size(256) fn main(@builtin(global_invocation_id) id: vec3u) {
  let factor = input[0];
  let other = input[1];
  let turns = bitcast<u32>(input[2].x);
  ${chains((k) => `var s${k} = vec4f(f32(id.x) + ${k}.0);`)}
  for (var t = 0u; t < turns; t++) {
    ${Array.from({ length: STEPS }, () => chains((k) => `s${k} = fma(s${k}, factor, other);`)).join("\n")}
  }
  output[id.x] = ${Array.from({ length: CHAINS }, (_, k) => `s${k}`).join(" + ")};
}`;

const copy = `
@group(0) @binding(0) var<storage, read> input: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> output: array<vec4f>;
@compute @workgroup_size(256) fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var k = id.x; k < arrayLength(&input); k += groups.x * 256u) { output[k] = input[k]; }
}`;

const STORAGE = 0x80;
const COPY_DST = 0x8;

/** @param copied bytes of the buffer that is copied: more than the caches hold */
export async function measureCeiling(copied: number, sampleSeconds: number): Promise<Ceiling> {
  const { device } = await acquire();
  const settle = async (): Promise<void> => {
    await device.queue.onSubmittedWorkDone();
  };
  const buffer = (size: number): GPUBuffer => device.createBuffer({ size, usage: STORAGE | COPY_DST });
  const prepare = (code: string, input: GPUBuffer, output: GPUBuffer, groups: number): (() => void) => {
    const pipeline = device.createComputePipeline({
      layout: "auto",
      compute: { module: device.createShaderModule({ code }), entryPoint: "main" },
    });
    const entries = [input, output].map((b, binding) => ({ binding, resource: { buffer: b } }));
    const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    return () => {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(groups);
      pass.end();
      device.queue.submit([encoder.finish()]);
    };
  };
  const fastest = async (run: () => void): Promise<number> => {
    const calls = await callsFor(run, sampleSeconds, settle);
    const times: number[] = [];
    for (let round = 0; round < 5; round++) times.push(await sample(run, calls, settle));
    return Math.min(...times);
  };
  const words = buffer(48);
  const setTurns = (turns: number): void => {
    const data = new ArrayBuffer(48);
    new Float32Array(data).set([0.5, 0.25, 0.125, 0.75, 0.1, 0.2, 0.3, 0.4]);
    new Uint32Array(data)[8] = turns;
    device.queue.writeBuffer(words, 0, data);
  };
  const multiply = prepare(multiplyAdds, words, buffer(16 * THREADS), THREADS / 256);
  // As many turns as make one dispatch longer than what it costs to start it.
  let turns = 2;
  for (;;) {
    setTurns(turns);
    await sample(multiply, 1, settle);
    if ((await sample(multiply, 1, settle)) > 0.01 || turns >= 2 ** 20) break;
    turns *= 2;
  }
  const flops = (2 * 4 * CHAINS * STEPS * THREADS * turns) / (await fastest(multiply));
  setTurns(0);
  await sample(multiply, 1, settle);
  const waits: number[] = [];
  for (let k = 0; k < 50; k++) waits.push(await sample(multiply, 1, settle));
  const moved = await fastest(prepare(copy, buffer(copied), buffer(copied), Math.min(65535, copied / 16 / 256)));
  device.destroy();
  return { flops, bytes: (2 * copied) / moved, latency: waits.sort((a, b) => a - b)[25] ?? Number.NaN };
}
