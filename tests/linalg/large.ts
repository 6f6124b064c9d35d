// Matrices of any size that are hard in their own ways, made quickly: normals once for each size, products by the namespace.
import { namespace } from "../../src/array/index.js";
import { RandomState } from "../../src/random/random_state.js";
import { asarray } from "../../src/runtime/asarray.js";
import { device } from "../../src/runtime/devices.js";
import { scope } from "../../src/runtime/scope.js";

export interface Made {
  readonly data: Float64Array;
  readonly shape: readonly [number, number];
}

const matrix = (m: number, n: number, entry: (i: number, j: number) => number): Made => ({
  data: Float64Array.from({ length: m * n }, (_, k) => entry(Math.floor(k / n), k % n)),
  shape: [m, n],
});

const drawn = new Map<string, Float64Array>();
function normals(m: number, n: number): Float64Array {
  const key = `${m} ${n}`;
  const known = drawn.get(key) ?? Float64Array.from(new RandomState(m + 7 * n).standardNormal(m * n));
  drawn.set(key, known);
  return known;
}

/** `B B'` of normals `B` with so many columns. */
const outer = async (n: number, columns: number): Promise<Made> =>
  scope(async (own) => {
    const xp = namespace(await device("cpu"));
    const B = own(await asarray({ data: normals(n, columns), shape: [n, columns] }));
    const product = own(await xp.matmul(B, own(await xp.matrixTranspose(B))));
    return { data: Float64Array.from(await product.data()), shape: [n, n] };
  });

const sums = (n: number, scale: (i: number, j: number) => number): Made => {
  const B = normals(n, n);
  return matrix(n, n, (i, j) => ((B[i * n + j] ?? 0) + (B[j * n + i] ?? 0)) * scale(i, j));
};

const norms = new WeakMap<Made, number>();

/** The 2-norm of a matrix. */
export async function normOf(made: Made): Promise<number> {
  const known = norms.get(made);
  if (known !== undefined) return known;
  const norm = await scope(async (own) => {
    const { linalg } = namespace(await device("cpu"));
    return Number(await own(await linalg.matrixNorm(own(await asarray(made)), { ord: 2 })).toArray());
  });
  norms.set(made, norm);
  return norm;
}

/** The same matrix each time, and its norm. */
function once<K extends readonly number[]>(make: (...size: K) => Made | Promise<Made>): (...size: K) => Promise<Made> {
  const known = new Map<string, Promise<Made>>();
  return (...size) => {
    const key = size.join();
    const made = known.get(key) ?? Promise.resolve(make(...size));
    known.set(key, made);
    return made;
  };
}

const each = <K extends readonly number[]>(makers: Readonly<Record<string, (...size: K) => Made | Promise<Made>>>) =>
  Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, once(make)]));

/** By name, symmetric matrices of a size. */
export const square = each<[n: number]>({
  random: (n) => sums(n, () => 1),
  "graded down": (n) => sums(n, (i, j) => 10 ** (-8 * ((i + j) / n))),
  "graded up": (n) => sums(n, (i, j) => 10 ** (-8 * (2 - (i + j) / n))),
  "I + 11'": (n) => matrix(n, n, (i, j) => (i === j ? 2 : 1)),
  "of rank n/3": (n) => outer(n, Math.ceil(n / 3)),
  Hilbert: (n) => matrix(n, n, (i, j) => 1 / (i + j + 1)),
});

/** By name, matrices of a shape. */
export const rectangular = each<[m: number, n: number]>({
  random: (m, n) => ({ data: normals(m, n), shape: [m, n] }),
  "graded rows": (m, n) => {
    const B = normals(m, n);
    return matrix(m, n, (i, j) => (B[i * n + j] ?? 0) * 10 ** ((-12 * i) / m));
  },
  "graded columns": (m, n) => {
    const B = normals(m, n);
    return matrix(m, n, (i, j) => (B[i * n + j] ?? 0) * 10 ** (-12 * (1 - j / n)));
  },
  "with equal rows": (m, n) => {
    const B = normals(m, n);
    return matrix(m, n, (i, j) => B[(i % 3) * n + j] ?? 0);
  },
  Hilbert: (m, n) => matrix(m, n, (i, j) => 1 / (i + j + 1)),
});

/** By name, positive definite matrices of a size, in single precision too. */
export const definite = each<[n: number]>({
  random: async (n) => {
    const { data } = await outer(n, n);
    return matrix(n, n, (i, j) => (data[i * n + j] ?? 0) / n + (i === j ? 1 : 0));
  },
  graded: (n) => matrix(n, n, (i, j) => (i === j ? 2 : 1) * 10 ** ((-16 * (i + j)) / n)),
  "I + 11'": (n) => matrix(n, n, (i, j) => (i === j ? 2 : 1)),
  "near rank n/3": async (n) => {
    const { data } = await outer(n, Math.ceil(n / 3));
    return matrix(n, n, (i, j) => (data[i * n + j] ?? 0) / n + (i === j ? 1e-3 : 0));
  },
  "near Hilbert": (n) => matrix(n, n, (i, j) => 1 / (i + j + 1) + (i === j ? 1e-4 : 0)),
});
