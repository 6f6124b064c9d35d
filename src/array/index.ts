// bifold/array: the namespace `xp` of where an array lives, and arrays of any dtype moved where they live.
export type { Eigh, LeastSquares, Qr, Svd } from "./factors.js";
export { concatColumns, takeRows } from "./indexing.js";
export { type Namespace, namespace } from "./namespace.js";
export type { MatrixOrder } from "./norms.js";
