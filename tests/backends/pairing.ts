// Which backends a program runs on. Every program runs in f32 and in f64 on the CPU and on WebGPU, fused and not; relaxed SIMD and two threads
// alternate in type and fusion, so that each combination has a quarter of the programs; on the GPU, small loops stay on the device in one half
// and are stepped through by the host in the other.
import type { BackendSpec } from "./specs.js";

const reals = ["float32", "float64"] as const;
const both = [true, false] as const;

export function cpuSpecs(k: number): readonly BackendSpec[] {
  const plain = both.flatMap((fusion) =>
    reals.map((real): BackendSpec => ({ device: "cpu", real, relaxed: false, threads: 1, fusion })),
  );
  const real = reals[k % 2] ?? "float32";
  const other = reals[(k + 1) % 2] ?? "float64";
  const fusion = k % 4 < 2;
  return [
    ...plain,
    { device: "cpu", real, relaxed: true, threads: 1, fusion },
    { device: "cpu", real: other, relaxed: false, threads: 2, fusion },
  ];
}

export const webgpuSpecs = (k: number): readonly BackendSpec[] =>
  both.map((fusion): BackendSpec => ({ device: "webgpu", fusion, resident: fusion === (k % 2 === 0) }));
