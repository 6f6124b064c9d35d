// How far each target may be away from the exact value of a function, in units in the last place of the result (1 ulp is at most two unit
// roundoffs) or absolutely. For WASM this is the promise that `stdlib/math.fold` keeps; for WGSL it is the specification's where the
// built-in is used, and `std/math`'s where Fold code stands in its place. A test measures both; the interpreter's bounds rest on them.
import type { Target } from "./format.js";

export interface Accuracy {
  readonly ulps: number;
  /** An absolute error on top. */
  readonly absolute?: number;
  /** Outside of this range of arguments nothing is promised. */
  readonly range?: readonly [number, number];
}

/** On WASM: correctly rounded `+ - * / sqrt fma`; these functions as in `stdlib/math.fold`. */
const wasm: { readonly [name: string]: Accuracy } = {
  exp: { ulps: 2 },
  expm1: { ulps: 2 },
  log: { ulps: 2 },
  log1p: { ulps: 2 },
  tanh: { ulps: 2 },
  sin: { ulps: 2 },
  cos: { ulps: 2 },
  tan: { ulps: 2 },
  normalLog: { ulps: 2 },
  // Of an angle whose own rounding it carries.
  normalCos: { ulps: 4 },
};

/** Of arguments beyond these, `sin cos tan` promise nothing. */
const trigonometric = (single: boolean): readonly [number, number] => (single ? [-8192, 8192] : [-1e6, 1e6]);

/** What dividing (2.5 ulp) and taking roots (as 1 / inverseSqrt: 2 and 2.5 ulp) adds in functions of std/math, of their bounds on WASM. */
const wgslOwn: { readonly [name: string]: Accuracy } = {
  expm1: { ulps: 4 },
  log1p: { ulps: 4 },
  tanh: { ulps: 4 },
  cosh: { ulps: 4 },
  // Part of it may be lost where that is subnormal, as subnormal numbers may be taken for 0.
  erf: { ulps: 4, absolute: 2 ** -125 },
  sinh: { ulps: 6, absolute: 2 ** -125 },
  // The quotient is the argument of a function with a slope near 1, whose result may be in the binade below.
  atan: { ulps: 8 },
  atan2: { ulps: 8, absolute: 2 ** -125 },
  // pi/2 less twice a function of a root.
  asin: { ulps: 12 },
  acos: { ulps: 12 },
  normalLog: { ulps: 4 },
  normalCos: { ulps: 4 },
};

function wgsl(name: string, x: number): Accuracy {
  switch (name) {
    // WGSL, section "Floating point accuracy".
    case "exp":
    case "exp2":
      return { ulps: 3 + 2 * Math.abs(x) };
    case "log":
    case "log2":
      return x >= 0.5 && x <= 2 ? { ulps: 0, absolute: 2 ** -21 } : { ulps: 3 };
    // 1 / inverseSqrt(x): 2 ulp and 2.5 ulp.
    case "sqrt":
      return { ulps: 5 };
    case "divide":
      return { ulps: 2.5 };
    // Fold code in std/math and std/random. Its pi/2 in four parts is so long.
    case "sin":
    case "cos":
      return { ulps: 4, absolute: 2 ** -46, range: trigonometric(true) };
    case "tan":
      return { ulps: 8, absolute: 2 ** -46 * (1 + Math.tan(x) ** 2), range: trigonometric(true) };
    case "lgamma":
      return { ulps: 8, absolute: x > 0 ? 0 : reflected(x, true) };
    default:
      return wgslOwn[name] ?? { ulps: 8 };
  }
}

/** The error of `lgamma` below 0, where it is a difference of terms of about this size. */
const reflected = (x: number, single: boolean): number =>
  4 * (2 + Math.abs(x) * Math.log1p(Math.abs(x))) * (single ? 2 ** -23 : 2 ** -52);

/** What `target` promises of `name` at the argument `x`. */
export function accuracyOf(target: Target, name: string, x: number, single: boolean): Accuracy {
  if (target === "wgsl") return wgsl(name, x);
  const found = wasm[name] ?? { ulps: name === "sqrt" || name === "divide" ? 0.5 : 4 };
  if (name === "sin" || name === "cos" || name === "tan") return { ...found, range: trigonometric(single) };
  if (name !== "lgamma" || x > 0) return found;
  return { ...found, absolute: reflected(x, single) };
}
