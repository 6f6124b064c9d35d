// What rounding may do to kernels and distances: from the unit roundoff, the number of terms of a sum, and what the function around the sum does to an error in it.
import type { DistanceName, KernelName, KernelParams } from "../../estimators/metrics/index.js";

type Row = readonly number[];

const sum = (x: Row, y: Row, term: (a: number, b: number) => number): number =>
  x.reduce((s, a, k) => s + term(a, y[k] ?? 0), 0);
const lengthOf = (x: Row): number => Math.sqrt(sum(x, x, (a, b) => a * b));

/** The unit roundoff of what scikit-learn computed with. */
const DOUBLE = 2 ** -53;

/** How far two kernels of two rows may be apart, one computed in arithmetic of this unit roundoff, the other by scikit-learn in double precision. */
export function kernelBound(name: KernelName, params: KernelParams, x: Row, y: Row, unit: number): number {
  const p = x.length;
  const { gamma = name === "chi2" ? 1 : 1 / p, coef0 = 1, degree = 3 } = params;
  const either = unit + DOUBLE;
  const product = sum(x, y, (a, b) => a * b);
  const magnitudes = sum(x, y, (a, b) => Math.abs(a * b));
  const inner = gamma * product + coef0;
  const offInner = either * (gamma * (p + 2) * magnitudes + 3 * (Math.abs(gamma * product) + Math.abs(coef0)));
  // WGSL's exp is within 3 + 2 |x| ULP, of which each is two units.
  const decay = (distance: number, roundings: number, off = 0): number => {
    const exponent = gamma * distance;
    return Math.exp(-exponent) * (either * (exponent * (roundings + 4) + 6) + gamma * off);
  };
  switch (name) {
    case "linear":
      return either * (p + 1) * magnitudes;
    case "poly":
    case "polynomial": {
      const [base, off] = [Math.abs(inner), offInner];
      const grown = (base + off) ** degree;
      // WGSL's pow is exp2(y log2(x)).
      const power = degree + 6 + (Number.isInteger(degree) ? 0 : 16 * degree * Math.abs(Math.log2(base + off)));
      return grown - base ** degree + either * power * grown;
    }
    case "sigmoid":
      return offInner + 8 * either;
    case "cosine":
      return (either * (2 * p + 16) * magnitudes) / (lengthOf(x) * lengthOf(y));
    case "rbf":
      // scikit-learn's squared distance is a difference of sums of squares.
      return decay(
        sum(x, y, (a, b) => (a - b) ** 2),
        p + 4,
        DOUBLE * (2 * p + 8) * (lengthOf(x) ** 2 + lengthOf(y) ** 2),
      );
    case "laplacian":
      return decay(
        sum(x, y, (a, b) => Math.abs(a - b)),
        p + 3,
      );
    case "additive_chi2":
    case "chi2": {
      const chi = sum(x, y, (a, b) => (a + b > 0 ? (a - b) ** 2 / (a + b) : 0));
      return name === "chi2" ? decay(chi, p + 10) : either * (p + 10) * chi;
    }
  }
}

/** How far a distance of two rows of `p` entries that is computed from differences may be from the truth. */
export function distanceBound(name: DistanceName, p: number, truth: number, unit: number): number {
  switch (name) {
    case "cosine": {
      // Directions are off by so much; what they are off by goes into the difference, whose square is taken.
      const off = 2 * unit * (p / 2 + 12);
      const apart = Math.sqrt(2 * truth);
      return apart * off + off ** 2 / 2 + unit * (p + 4) * truth;
    }
    case "sqeuclidean":
      return unit * (p + 4) * truth;
    case "euclidean":
    case "l2":
      // WGSL's root is within 5 ULP.
      return unit * (p / 2 + 12) * truth;
    case "manhattan":
    case "l1":
    case "cityblock":
      return unit * (p + 3) * truth;
  }
}

/** How far scikit-learn's may be, which takes differences of products in double precision. */
export function theirDistanceBound(name: DistanceName, x: Row, y: Row, truth: number): number {
  const p = x.length;
  if (name === "cosine") return DOUBLE * (2 * p + 16);
  if (name !== "euclidean") return distanceBound(name, p, truth, DOUBLE);
  const squares = DOUBLE * (2 * p + 8) * (lengthOf(x) ** 2 + lengthOf(y) ** 2);
  return Math.min(Math.sqrt(squares), truth > 0 ? squares / truth : Number.POSITIVE_INFINITY);
}
