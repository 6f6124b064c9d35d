// What is measured: tasks as data, how much work each is, and the numbers that it is done on.

export type Dtype = "float32" | "float64";
export type MapName = "exp" | "log" | "tanh";
export type Decomposition = "eigh" | "svd" | "cholesky" | "solve";

export type Task =
  | { readonly kind: "matmul"; readonly dtype: Dtype; readonly n: number; readonly m: number; readonly p: number }
  | { readonly kind: "crossProduct"; readonly dtype: Dtype; readonly n: number; readonly p: number }
  | { readonly kind: "gram"; readonly dtype: Dtype; readonly n: number; readonly p: number }
  | { readonly kind: "map"; readonly f: MapName; readonly dtype: Dtype; readonly n: number }
  | {
      readonly kind: "moments" | "rowArgmin" | "normaliseRows";
      readonly dtype: Dtype;
      readonly n: number;
      readonly p: number;
    }
  | { readonly kind: "nearest"; readonly dtype: Dtype; readonly n: number; readonly p: number; readonly k: number }
  | { readonly kind: "decomposition"; readonly f: Decomposition; readonly dtype: Dtype; readonly n: number }
  | { readonly kind: "call"; readonly dtype: Dtype; readonly n: number };

const square = (dtype: Dtype, n: number): Task => ({ kind: "matmul", dtype, n, m: n, p: n });
const both = (make: (dtype: Dtype) => readonly Task[]): Task[] => [...make("float32"), ...make("float64")];

export const tasks: readonly Task[] = [
  ...both((dtype) => [64, 255, 256, 257, 299, 512, 1001, 1024].map((n) => square(dtype, n))),
  ...both((dtype) => [
    { kind: "crossProduct", dtype, n: 10_000, p: 300 },
    { kind: "gram", dtype, n: 10_000, p: 300 },
    { kind: "gram", dtype, n: 10_000, p: 299 },
  ]),
  ...both((dtype) => (["exp", "log", "tanh"] as const).map((f) => ({ kind: "map", f, dtype, n: 1_000_000 }))),
  ...both((dtype) => [
    { kind: "moments", dtype, n: 100_000, p: 20 },
    { kind: "rowArgmin", dtype, n: 100_000, p: 20 },
    { kind: "normaliseRows", dtype, n: 100_000, p: 20 },
    { kind: "nearest", dtype, n: 100_000, p: 16, k: 8 },
  ]),
  ...both((dtype) =>
    (["eigh", "svd", "cholesky", "solve"] as const).flatMap((f) =>
      [300, 600].map((n): Task => ({ kind: "decomposition", f, dtype, n })),
    ),
  ),
  { kind: "call", dtype: "float32", n: 10 },
];

const short = { float32: "f32", float64: "f64" } as const;

/** `matmul 256 f32`, for tables and for choosing. */
export function nameOf(t: Task): string {
  const d = short[t.dtype];
  switch (t.kind) {
    case "matmul":
      return `matmul ${t.n} ${d}`;
    case "crossProduct":
      return `A'B ${t.n} x ${t.p} ${d}`;
    case "gram":
      return `A'A ${t.n} x ${t.p} ${d}`;
    case "map":
      return `${t.f} of ${t.n} ${d}`;
    case "moments":
      return `mean and variance ${t.n} x ${t.p} ${d}`;
    case "rowArgmin":
      return `argmin of rows ${t.n} x ${t.p} ${d}`;
    case "normaliseRows":
      return `normalise rows ${t.n} x ${t.p} ${d}`;
    case "nearest":
      return `nearest of ${t.k} centres ${t.n} x ${t.p} ${d}`;
    case "decomposition":
      return `${t.f} ${t.n} ${d}`;
    case "call":
      return `a call on ${t.n} elements ${d}`;
  }
}

/** How a time is shown: as a rate of floating-point operations, for each element, or as it is. */
export type Unit =
  | { readonly unit: "GFLOP/s"; readonly flops: number }
  | { readonly unit: "ns each"; readonly elements: number }
  | { readonly unit: "ms" | "us" };

export function unitOf(t: Task): Unit {
  switch (t.kind) {
    case "matmul":
      return { unit: "GFLOP/s", flops: 2 * t.n * t.m * t.p };
    case "crossProduct":
      return { unit: "GFLOP/s", flops: 2 * t.n * t.p * t.p };
    // Counted as full work, though half would do.
    case "gram":
      return { unit: "GFLOP/s", flops: 2 * t.n * t.p * t.p };
    case "map":
      return { unit: "ns each", elements: t.n };
    case "call":
      return { unit: "us" };
    default:
      return { unit: "ms" };
  }
}

/** A time in the task's unit. */
export function inUnit(t: Task, seconds: number): number {
  const u = unitOf(t);
  switch (u.unit) {
    case "GFLOP/s":
      return u.flops / seconds / 1e9;
    case "ns each":
      return (seconds / u.elements) * 1e9;
    case "ms":
      return seconds * 1e3;
    case "us":
      return seconds * 1e6;
  }
}

/** A matrix or a vector of a task. */
export interface Operand {
  readonly data: Float32Array | Float64Array;
  readonly shape: readonly number[];
}

/** Uniform numbers on [-1, 1) from a linear congruential generator (Numerical Recipes), the same in every peer. */
export function uniforms(count: number, dtype: Dtype, seed: number): Float32Array | Float64Array {
  const out = dtype === "float32" ? new Float32Array(count) : new Float64Array(count);
  let state = seed >>> 0;
  for (let k = 0; k < count; k++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    out[k] = state / 2 ** 31 - 1;
  }
  return out;
}

function matrix(n: number, p: number, dtype: Dtype, seed: number): Operand {
  return { data: uniforms(n * p, dtype, seed), shape: [n, p] };
}

/** Symmetric; positive definite where the diagonal is made large. */
function symmetric(n: number, dtype: Dtype, diagonal: number): Operand {
  const { data } = matrix(n, n, dtype, 3);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) data[j * n + i] = data[i * n + j] ?? 0;
    data[i * n + i] = (data[i * n + i] ?? 0) + diagonal;
  }
  return { data, shape: [n, n] };
}

export function operandsOf(t: Task): readonly Operand[] {
  switch (t.kind) {
    case "matmul":
      return [matrix(t.n, t.m, t.dtype, 1), matrix(t.m, t.p, t.dtype, 2)];
    case "crossProduct":
      return [matrix(t.n, t.p, t.dtype, 1), matrix(t.n, t.p, t.dtype, 2)];
    case "map": {
      const data = uniforms(t.n, t.dtype, 1);
      if (t.f === "log") for (let k = 0; k < t.n; k++) data[k] = 1.5 + (data[k] ?? 0);
      return [{ data, shape: [t.n] }];
    }
    case "nearest":
      return [matrix(t.n, t.p, t.dtype, 1), matrix(t.k, t.p, t.dtype, 2)];
    case "decomposition":
      if (t.f === "eigh") return [symmetric(t.n, t.dtype, 0)];
      if (t.f === "cholesky") return [symmetric(t.n, t.dtype, t.n)];
      return t.f === "solve"
        ? [matrix(t.n, t.n, t.dtype, 1), matrix(t.n, 1, t.dtype, 2)]
        : [matrix(t.n, t.n, t.dtype, 1)];
    case "call":
      return [{ data: uniforms(t.n, t.dtype, 1), shape: [t.n] }];
    default:
      return [matrix(t.n, t.p, t.dtype, 1)];
  }
}
