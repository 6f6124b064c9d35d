// Functions of elements, one array or two whose shapes are stretched to fit. Floating types; where it says so, integers and booleans too.
import { asarray } from "../runtime/asarray.js";
import { isFloat } from "../runtime/dtype.js";
import { BifoldError } from "../runtime/errors.js";
import { describeArray, NDArray } from "../runtime/ndarray.js";
import { type Own, scope } from "../runtime/scope.js";
import { checkFloat } from "./axes.js";
import * as kernels from "./elementwise.fold";
import { broadcastShapes, broadcastTo } from "./moving.js";
import { asWords, fromWords } from "./words.js";

type Unary = (x: NDArray) => Promise<NDArray>;
/** One of the two may be a number, which takes the other's type. */
type Binary = (x1: NDArray, x2: NDArray | number | boolean) => Promise<NDArray>;

const flatly = (own: Own, x: NDArray): NDArray => own(x.reshape([x.size]));

const unary =
  (name: string, kernel: Unary): Unary =>
  (x) =>
    scope(async (own) => {
      if (name === "logicalNot") checkBool(name, x);
      else checkFloat(name, x);
      return own(await kernel(flatly(own, x))).reshape(x.shape);
    });

function checkBool(name: string, x: NDArray): void {
  if (x.dtype !== "bool")
    throw new BifoldError(
      "dtype",
      `${name} takes bool arrays, found ${describeArray(x)}: compare it with something first`,
    );
}

interface Kinds {
  readonly real?: (x: NDArray, y: NDArray) => Promise<NDArray>;
  /** Of words: what integers of either sign have in common. */
  readonly words?: (x: NDArray, y: NDArray) => Promise<NDArray>;
  readonly int32?: (x: NDArray, y: NDArray) => Promise<NDArray>;
  readonly bool?: (x: NDArray, y: NDArray) => Promise<NDArray>;
}

/** Two flat arrays of one dtype, by the kernel for it. */
async function pairwise(own: Own, name: string, kinds: Kinds, x: NDArray, y: NDArray): Promise<NDArray> {
  const { dtype } = x;
  if (isFloat(dtype) && kinds.real) return kinds.real(x, y);
  if (dtype === "int32" && kinds.int32) return kinds.int32(x, y);
  if (dtype === "bool" && kinds.bool) return kinds.bool(x, y);
  if (!isFloat(dtype) && kinds.words && (dtype !== "bool" || name === "equal")) {
    const out = await kinds.words(own(asWords(x, [x.size])), own(asWords(y, [y.size])));
    return out.dtype === "bool" ? out : fromWords(out, dtype, out.shape);
  }
  const found = `${name} does not take ${dtype} arrays`;
  throw new BifoldError("dtype", `${found}. Convert them with \`await asarray(x, { dtype: "float32" })\``);
}

const binary =
  (name: string, kinds: Kinds): Binary =>
  (x1, x2) =>
    scope(async (own) => {
      const y = x2 instanceof NDArray ? x2 : own(await asarray(x2, { dtype: x1.dtype, device: x1.device }));
      if (y.dtype !== x1.dtype)
        throw new BifoldError("dtype", `${name} needs one dtype: found ${describeArray(x1)} and ${describeArray(y)}`);
      const shape = broadcastShapes(name, [x1.shape, y.shape]);
      const [a, b] = [own(await broadcastTo(x1, shape)), own(await broadcastTo(y, shape))];
      return own(await pairwise(own, name, kinds, flatly(own, a), flatly(own, b))).reshape(shape);
    });

export const abs = unary("abs", kernels.absOf);
export const exp = unary("exp", kernels.expOf);
export const expm1 = unary("expm1", kernels.expm1Of);
export const floor = unary("floor", kernels.floorOf);
export const isnan = unary("isnan", kernels.isnanOf);
export const log = unary("log", kernels.logOf);
export const log1p = unary("log1p", kernels.log1pOf);
export const logicalNot = unary("logicalNot", kernels.notOf);
/** Half to even. */
export const round = unary("round", kernels.roundOf);
export const sign = unary("sign", kernels.signOf);
export const sqrt = unary("sqrt", kernels.sqrtOf);
export const tanh = unary("tanh", kernels.tanhOf);

export const add = binary("add", { real: kernels.add, words: kernels.addWords });
export const subtract = binary("subtract", { real: kernels.subtract, words: kernels.subtractWords });
export const multiply = binary("multiply", { real: kernels.multiply, words: kernels.multiplyWords });
export const divide = binary("divide", { real: kernels.divide });
export const pow = binary("pow", { real: kernels.power });
export const maximum = binary("maximum", { real: kernels.maximum });
export const minimum = binary("minimum", { real: kernels.minimum });
export const equal = binary("equal", { real: kernels.equal, words: kernels.equalWords });
export const less = binary("less", { real: kernels.less, int32: kernels.lessInts });
export const lessEqual = binary("lessEqual", { real: kernels.lessEqual });
export const logicalAnd = binary("logicalAnd", { bool: kernels.andOf });
export const logicalOr = binary("logicalOr", { bool: kernels.orOf });

/** Elements no smaller than `min` and no larger than `max`; NaN stays. */
export async function clip(x: NDArray, min: NDArray | number, max: NDArray | number): Promise<NDArray> {
  return scope(async (own) => minimum(own(await maximum(x, min)), max));
}
