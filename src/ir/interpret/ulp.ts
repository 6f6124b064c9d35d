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
  normalCos: { ulps: 2 },
};

/** Of arguments beyond these, `sin cos tan` promise nothing. */
const trigonometric = (single: boolean): readonly [number, number] => (single ? [-8192, 8192] : [-1e6, 1e6]);

function wgsl(name: string, x: number): Accuracy {
  switch (name) {
    // WGSL, section "Floating point accuracy".
    case "exp":
    case "exp2":
      return { ulps: 3 + 2 * Math.abs(x) };
    case "log":
    case "log2":
      return x >= 0.5 && x <= 2 ? { ulps: 0, absolute: 2 ** -21 } : { ulps: 3 };
    case "sin":
    case "cos":
      return { ulps: 0, absolute: 2 ** -11, range: [-Math.PI, Math.PI] };
    // sin(x) / cos(x), as the specification has it; where the cosine may be nothing, nothing is promised.
    case "tan": {
      const c = Math.abs(Math.cos(x));
      const off = 2 ** -11;
      const most = c > off ? (off * (c + Math.abs(Math.sin(x)))) / (c * (c - off)) : Number.POSITIVE_INFINITY;
      return { ulps: 2.5, absolute: most, range: [-Math.PI, Math.PI] };
    }
    // 1 / inverseSqrt(x): 2 ulp and 2.5 ulp.
    case "sqrt":
      return { ulps: 5 };
    case "divide":
      return { ulps: 2.5 };
    // Fold code in std/math and std/random, of additions, products and the built-ins above.
    case "lgamma":
      return { ulps: 16, absolute: 2 ** -20 };
    case "normalLog":
      return { ulps: 16 };
    // The built-in, in half turns either way.
    case "normalCos":
      return { ulps: 0, absolute: 2 ** -11 };
    default:
      return { ulps: 8 };
  }
}

/** What `target` promises of `name` at the argument `x`. */
export function accuracyOf(target: Target, name: string, x: number, single: boolean): Accuracy {
  if (target === "wgsl") return wgsl(name, x);
  const found = wasm[name] ?? { ulps: name === "sqrt" || name === "divide" ? 0.5 : 4 };
  if (name === "sin" || name === "cos" || name === "tan") return { ...found, range: trigonometric(single) };
  if (name !== "lgamma" || x > 0) return found;
  // Reflection: a difference of terms of about this size.
  const terms = 2 + Math.abs(x) * Math.log1p(Math.abs(x));
  return { ...found, absolute: 4 * terms * (single ? 2 ** -23 : 2 ** -52) };
}
