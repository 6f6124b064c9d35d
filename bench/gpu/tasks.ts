// What is measured on a GPU: the tasks of `npm run bench`, at sizes that fill one, and the least that each must move.
import type { Task } from "../suite/tasks.js";

const dtype = "float32";

export const gpuTasks: readonly Task[] = [
  ...[256, 512, 1001, 1024, 2048, 4096].map((n): Task => ({ kind: "matmul", dtype, n, m: n, p: n })),
  { kind: "matmul", dtype, n: 10_000, m: 70, p: 300 },
  ...[10_000, 100_000].flatMap((n): Task[] => [
    { kind: "crossProduct", dtype, n, p: 300 },
    { kind: "gram", dtype, n, p: 300 },
  ]),
  ...(["exp", "log", "tanh"] as const).map((f): Task => ({ kind: "map", f, dtype, n: 16_000_000 })),
  { kind: "moments", dtype, n: 1_000_000, p: 20 },
  { kind: "rowArgmin", dtype, n: 1_000_000, p: 20 },
  { kind: "normaliseRows", dtype, n: 1_000_000, p: 20 },
  { kind: "nearest", dtype, n: 1_000_000, p: 16, k: 8 },
  { kind: "decomposition", f: "cholesky", dtype, n: 300 },
  { kind: "decomposition", f: "solve", dtype, n: 300 },
  { kind: "decomposition", f: "eigh", dtype, n: 300 },
  { kind: "call", dtype, n: 10 },
];

/** `matmul 10000 x 70 x 300`: on a GPU products are not all square. */
export const shapeOf = (t: Task): string => (t.kind === "matmul" ? `${t.n} x ${t.m} x ${t.p}` : "");

/** What bounds a task: its arithmetic, or the bytes of its operands (each read once) and results (each written once). */
export type Bound =
  | { readonly by: "arithmetic"; readonly flops: number }
  | { readonly by: "memory"; readonly bytes: number }
  | { readonly by: "latency" };

export function boundOf(t: Task): Bound {
  switch (t.kind) {
    case "matmul":
      return { by: "arithmetic", flops: 2 * t.n * t.m * t.p };
    case "crossProduct":
    case "gram":
      return { by: "arithmetic", flops: 2 * t.n * t.p * t.p };
    case "map":
      return { by: "memory", bytes: 8 * t.n };
    case "moments":
      return { by: "memory", bytes: 4 * t.n * t.p };
    case "rowArgmin":
    case "nearest":
      return { by: "memory", bytes: 4 * t.n * (t.p + 1) };
    case "normaliseRows":
      return { by: "memory", bytes: 8 * t.n * t.p };
    case "decomposition":
    case "call":
      return { by: "latency" };
  }
}
