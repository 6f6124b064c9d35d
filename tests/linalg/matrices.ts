// Matrices that are hard on eigenvalue and singular value algorithms, each for its own reason.
import { RandomState } from "../../src/random/random_state.js";

export type Rows = readonly (readonly number[])[];
type Entry = (i: number, j: number) => number;

export const matrix = (m: number, n: number, entry: Entry): Rows =>
  Array.from({ length: m }, (_, i) => Array.from({ length: n }, (_, j) => entry(i, j)));

const normals = (m: number, n: number, seed: number): Rows => {
  const values = new RandomState(seed).standardNormal(m * n);
  return matrix(m, n, (i, j) => values[i * n + j] ?? 0);
};
const at = (A: Rows, i: number, j: number): number => A[i]?.[j] ?? 0;

/** `B B'` for a `B` with so many columns: symmetric, and of that rank. */
function outer(B: Rows, rank: number): Rows {
  return matrix(B.length, B.length, (i, j) => {
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += at(B, i, k) * at(B, j, k);
    return sum;
  });
}

/** By name, symmetric matrices of a size. */
export const symmetric: Readonly<Record<string, (n: number) => Rows>> = {
  random: (n) => {
    const B = normals(n, n, n);
    return matrix(n, n, (i, j) => at(B, i, j) + at(B, j, i));
  },
  "graded down": (n) => {
    const B = normals(n, n, n);
    return matrix(n, n, (i, j) => (at(B, i, j) + at(B, j, i)) * 10 ** (-8 * ((i + j) / n)));
  },
  "graded up": (n) => {
    const B = normals(n, n, n);
    return matrix(n, n, (i, j) => (at(B, i, j) + at(B, j, i)) * 10 ** (-8 * (2 - (i + j) / n)));
  },
  "I + 11'": (n) => matrix(n, n, (i, j) => (i === j ? 2 : 1)),
  "of rank n/3": (n) => outer(normals(n, n, n), Math.floor(n / 3)),
  Hilbert: (n) => matrix(n, n, (i, j) => 1 / (i + j + 1)),
  zero: (n) => matrix(n, n, () => 0),
  "block of two": (n) => matrix(n, n, (i, j) => (i + j === n - 1 ? 1 : 0)),
  Wilkinson: (n) => matrix(n, n, (i, j) => (i === j ? Math.abs(i - (n - 1) / 2) : Math.abs(i - j) === 1 ? 1 : 0)),
  "nearly tridiagonal": (n) => matrix(n, n, (i, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 1e-14)),
  huge: (n) => matrix(n, n, (i, j) => 1e36 * Math.cos(i * j)),
  tiny: (n) => matrix(n, n, (i, j) => 1e-36 * Math.cos(i * j)),
};

/** By name, matrices of a shape. */
export const general: Readonly<Record<string, (m: number, n: number) => Rows>> = {
  random: (m, n) => normals(m, n, m + 7 * n),
  "graded rows": (m, n) => {
    const B = normals(m, n, n);
    return matrix(m, n, (i, j) => at(B, i, j) * 10 ** ((-12 * i) / m));
  },
  "graded columns": (m, n) => {
    const B = normals(m, n, n);
    return matrix(m, n, (i, j) => at(B, i, j) * 10 ** (-12 * (1 - j / n)));
  },
  "of ones": (m, n) => matrix(m, n, () => 1),
  "with zero columns": (m, n) => {
    const B = normals(m, n, n);
    return matrix(m, n, (i, j) => (j % 3 === 1 ? 0 : at(B, i, j)));
  },
  "with equal rows": (m, n) => {
    const B = normals(m, n, n);
    return matrix(m, n, (i, j) => at(B, i % 3, j));
  },
  Hilbert: (m, n) => matrix(m, n, (i, j) => 1 / (i + j + 1)),
  zero: (m, n) => matrix(m, n, () => 0),
  identity: (m, n) => matrix(m, n, (i, j) => (i === j ? 1 : 0)),
  "upper bidiagonal": (m, n) => matrix(m, n, (i, j) => (i === j || i + 1 === j ? 1 : 0)),
  huge: (m, n) => matrix(m, n, (i, j) => 1e36 * Math.cos(i * j)),
  tiny: (m, n) => matrix(m, n, (i, j) => 1e-36 * Math.cos(i * j)),
};
