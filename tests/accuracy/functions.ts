// The scalar functions whose accuracy is measured: how Fold writes each, what is promised of it, where, and a reference good enough for f32.

export interface Measured {
  readonly name: string;
  /** In Fold, of `x` (and `y`). */
  readonly text: string;
  readonly arity: 1 | 2;
  /** What is promised on WASM, in units in the last place. */
  readonly ulps: number;
  /** Where the first argument must lie for that. */
  readonly within?: (x: number, single: boolean) => boolean;
  /** The value in f64: of `Math`, where it has it; else the f64 build, which is held against the fixtures, is the reference of f32. */
  readonly reference?: (x: number, y: number) => number;
}

const turns = (x: number, single: boolean): boolean => Math.abs(x) <= (single ? 8192 : 1e6);

const function1 = (name: string, ulps: number, more: Partial<Measured> = {}): Measured => ({
  name,
  text: `${name}(x[i])`,
  arity: 1,
  ulps,
  ...more,
});
const function2 = (name: string, more: Partial<Measured> = {}): Measured => ({
  name,
  text: `${name}(x[i], y[i])`,
  arity: 2,
  ulps: 4,
  ...more,
});

/** `x` to the power `y` as the language has it: JavaScript gives NaN for 1 to an infinite power. */
const power = (x: number, y: number): number => (x === 1 ? 1 : x ** y);

/** The angle. A zero has no sign in Fold: adding 0 takes it off. */
const angle = (y: number, x: number): number => Math.atan2(y + 0, x + 0);

export const measuredFunctions: readonly Measured[] = [
  function1("exp", 2, { reference: Math.exp }),
  function1("expm1", 2, { reference: Math.expm1 }),
  function1("log", 2, { reference: Math.log }),
  function1("log1p", 2, { reference: Math.log1p }),
  function1("tanh", 2, { reference: Math.tanh }),
  function1("sin", 2, { reference: Math.sin, within: turns }),
  function1("cos", 2, { reference: Math.cos, within: turns }),
  function1("tan", 2, { reference: Math.tan, within: turns }),
  function1("log2", 4, { reference: Math.log2 }),
  function1("sinh", 4, { reference: Math.sinh }),
  function1("cosh", 4, { reference: Math.cosh }),
  function1("atan", 4, { reference: Math.atan }),
  function1("asin", 4, { reference: Math.asin }),
  function1("acos", 4, { reference: Math.acos }),
  function1("erf", 4),
  function1("lgamma", 4, { within: (x) => x > 0 || Number.isNaN(x) }),
  function1("cbrt", 4, { reference: Math.cbrt }),
  function1("erfinv", 4, { within: (x) => Math.abs(x) < 1 || Number.isNaN(x) }),
  function1("digamma", 4, { within: (x) => x > 0 || Number.isNaN(x) }),
  function2("pow", { reference: power, within: (x) => x >= 0 || Number.isNaN(x) }),
  function2("atan2", { reference: angle }),
  function2("hypot", { reference: Math.hypot }),
];

/** A program that exports each of them, over arrays. */
export const program = `import { hypot, cbrt, erfinv, digamma } from "std/math"
${measuredFunctions
  .map(
    ({ name, text, arity }) => `export fn ${name}Of(x: real[n]${arity === 2 ? ", y: real[n]" : ""}) -> real[n] {
  let r[i] = ${text}
  return r
}`,
  )
  .join("\n")}
`;
