// The table of scalar functions (language, section 6): name, arity, type rule, and what each target promises of it.

/**
 * How a function's types go.
 * - `float`: floating-point arguments of one type, which is the result's (integers are converted to `real`).
 * - `number`: arguments of one numeric type, which is the result's.
 * - `integer`: `i32` or `u32` arguments of one type, which is the result's. `shift`: the second is a count, of either integer type.
 * - `test`: one floating-point argument, gives `bool`.
 * - `uniform`, `normal`: `(u32, u32) -> real`; `randint`: `(u32, u32, i32, i32) -> i32`.
 * - `pow2`: `i32 -> real`; `exponent`: floating point to `i32`.
 */
export type BuiltinRule =
  | "float"
  | "number"
  | "integer"
  | "shift"
  | "test"
  | "uniform"
  | "normal"
  | "randint"
  | "pow2"
  | "exponent";

/**
 * Where a target gets it: `native` (codegen has it), or `fold` (the function of that name in `std/math`, or `std/random`, is inlined).
 */
export interface Builtin {
  readonly name: string;
  readonly arity: number;
  readonly rule: BuiltinRule;
  readonly wasm: "native" | "fold";
  readonly wgsl: "native" | "fold";
  /** Seen only in the standard library: the steps of which elementary functions are made. */
  readonly intrinsic?: true;
}

const make = (
  names: string,
  arity: number,
  rule: BuiltinRule,
  wasm: "native" | "fold",
  wgsl: "native" | "fold",
  intrinsic?: true,
): Builtin[] =>
  names.split(" ").map((name) => ({ name, arity, rule, wasm, wgsl, ...(intrinsic ? { intrinsic } : {}) }));

const all: readonly Builtin[] = [
  ...make("abs sign", 1, "number", "native", "native"),
  ...make("min max", 2, "number", "native", "native"),
  ...make("clamp", 3, "number", "native", "native"),
  ...make("sqrt floor ceil round trunc", 1, "float", "native", "native"),
  ...make("fma", 3, "float", "native", "native"),
  ...make("isnan", 1, "test", "native", "native"),
  ...make("exp log log2", 1, "float", "fold", "native"),
  ...make("expm1 log1p sin cos tan tanh sinh cosh atan asin acos erf lgamma", 1, "float", "fold", "fold"),
  ...make("pow", 2, "float", "fold", "native"),
  ...make("atan2", 2, "float", "fold", "fold"),
  ...make("bitAnd bitOr bitXor", 2, "integer", "native", "native"),
  ...make("bitNot countLeadingZeros", 1, "integer", "native", "native"),
  ...make("shiftLeft shiftRight", 2, "shift", "native", "native"),
  ...make("uniform", 2, "uniform", "fold", "fold"),
  ...make("normal", 2, "normal", "fold", "fold"),
  ...make("randint", 4, "randint", "fold", "fold"),
  ...make("pow2", 1, "pow2", "native", "native", true),
  ...make("exponentOf", 1, "exponent", "native", "native", true),
  ...make("significandOf highPart opaque", 1, "float", "native", "native", true),
];

/** Every scalar function by name. */
export const builtins: ReadonlyMap<string, Builtin> = new Map(all.map((b) => [b.name, b]));
