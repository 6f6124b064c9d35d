// Nest IR: a kernel as a list of indexed equations over flat arrays and scalars. Calls are inlined, records are taken apart, `real` and
// `wide` are concrete. All optimisation happens here, once for both targets: a pass is `(kernel) => kernel`.
import type { Span } from "../compiler/diagnostic.js";
import type { Size } from "../compiler/size.js";

/** `bool` is 0 or 1 and takes 4 bytes in arrays. */
export type Scalar = "f32" | "f64" | "i32" | "u32" | "bool";

/** What `real` and `wide` are for one compilation. */
export interface Precision {
  readonly real: "f32" | "f64";
  readonly wide: "f32" | "f64";
}

/** A scalar with a name: a size, a parameter, a `let`, a `var`, an axis, a loop's index. Identity is `id`, unique in a kernel. It is the symbol of sizes that speak of it. */
export interface Var {
  readonly id: number;
  readonly name: string;
  readonly type: Scalar;
  readonly mutable: boolean;
}

/** An array, contiguous and row-major. `shape`'s symbols are `Var`s of type `i32` (immutable ones) that are in scope where it is declared. */
export interface ArrayVar {
  readonly id: number;
  readonly name: string;
  readonly type: Scalar;
  readonly shape: readonly Size[];
  readonly role: "param" | "local" | "result";
  /** Written by more than one statement. */
  readonly mutable: boolean;
}

export interface Kernel {
  readonly name: string;
  readonly precision: Precision;
  /** Bound from the shapes of parameters, and the `size` parameters: the first scalars of a call. */
  readonly sizes: readonly Var[];
  readonly scalars: readonly Var[];
  readonly params: readonly ArrayVar[];
  /** Leaves of the result, in the order of the fields. An array result may also be a parameter, which is then copied. */
  readonly results: readonly Result[];
  readonly body: Block;
  /** Every place that can fail at run time, in program order: `fail` and checks name them by index. */
  readonly checks: readonly Check[];
}

export type Result =
  | { readonly kind: "array"; readonly path: readonly string[]; readonly array: ArrayVar }
  | { readonly kind: "scalar"; readonly path: readonly string[]; readonly value: Expr };

/** What a failed check says. `values` of the statement or expression that names it fill the parts that are numbers. */
export interface Check {
  readonly kind: "require" | "index" | "slice" | "shape" | "division" | "power" | "conflict" | "size";
  /** Text and indices into the values that the failure carries (at most four). */
  readonly message: readonly (string | number)[];
  readonly at: Span;
}

/** Runs over `lo <= var < hi`. The bounds may use the axes before it. */
export interface Axis {
  readonly var: Var;
  readonly lo: Expr;
  readonly hi: Expr;
}

export type Block = readonly Stmt[];

/** One write of a nest: `array[index] = value`, or `+=`. */
export interface Yield {
  readonly array: ArrayVar;
  readonly index: readonly Expr[];
  readonly value: Expr;
}

/**
 * One indexed equation. For all points of `axes` where `where` holds, at once: run `body` (names made in it are the point's own), then
 * write `yields`. Every read sees what was there before the nest.
 * - `define`: the arrays of `yields` are made here; `index` is the axes in order (then nothing else writes before it), each element once.
 * - `assign`: the arrays exist; two points never write one element (`conflict` checks stand before it where that is not proven).
 * - `add`: all that hits an element is added to it, in an order that is fixed.
 */
export interface Nest {
  readonly mode: "define" | "assign" | "add";
  readonly axes: readonly Axis[];
  readonly where?: Expr;
  readonly body: Block;
  readonly yields: readonly Yield[];
}

export type Stmt = { readonly at: Span } & (
  | { readonly kind: "let"; readonly var: Var; readonly value: Expr }
  /** `var` is mutable, and was made by a `let`. */
  | { readonly kind: "set"; readonly var: Var; readonly value: Expr }
  /** Makes an array without defining its elements; every element is written before it is read. */
  | { readonly kind: "declare"; readonly array: ArrayVar }
  /** An array of given elements, in row-major order. */
  | { readonly kind: "list"; readonly array: ArrayVar; readonly elements: readonly Expr[] }
  | { readonly kind: "nest"; readonly nest: Nest }
  /** One element: `array[index] = value`. */
  | { readonly kind: "store"; readonly array: ArrayVar; readonly index: readonly Expr[]; readonly value: Expr }
  /** In order. `lo` and `hi` are taken once. */
  | { readonly kind: "for"; readonly var: Var; readonly lo: Expr; readonly hi: Expr; readonly body: Block }
  /** At most `max` turns (taken once); after each, stops when `until` holds. `turns` (mutable) is 0 before and counts the turns taken; `turn` is the index. */
  | {
      readonly kind: "loop";
      readonly turn: Var;
      readonly turns: Var;
      readonly max: Expr;
      readonly body: Block;
      readonly until: Expr;
    }
  | { readonly kind: "if"; readonly condition: Expr; readonly then: Block; readonly otherwise: Block }
  /** The run-time error `check` when `condition` does not hold. */
  | { readonly kind: "require"; readonly condition: Expr; readonly check: number; readonly values: readonly Expr[] }
  /** The arrays cross to the CPU, `kernel` runs there in f64, the answers come back. Only in compilations for the GPU; elsewhere the body is inlined. */
  | {
      readonly kind: "host";
      readonly kernel: Kernel;
      readonly sizes: readonly Expr[];
      readonly scalars: readonly Expr[];
      readonly arrays: readonly ArrayVar[];
      readonly results: readonly (ArrayVar | Var)[];
    }
);

/**
 * Operations on scalars; operands have one type but where said. Comparisons give `bool`.
 * `idiv` and `imod` floor; their divisor is not 0 (a `division` check stands before), and INT_MIN div -1 wraps.
 * `pow2(k: i32)` is 2^k for k in the range of normal numbers; `exponentOf(x)` the unbiased exponent field, an i32; `significandOf(x)` x with
 * exponent field 0 and no sign, in [1, 2); `highPart(x)` x with the lower half of its significand cleared; `opaque(x)` is x, and no
 * compiler may reason through it. `select(c, a, b)` computes both. `and`, `or` are eager: what may fail stands in an `if`.
 */
export type Op =
  | "neg"
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "idiv"
  | "imod"
  | "min"
  | "max"
  | "abs"
  | "sign"
  | "fma"
  | "eq"
  | "ne"
  | "lt"
  | "le"
  | "gt"
  | "ge"
  | "and"
  | "or"
  | "not"
  | "select"
  | "sqrt"
  | "floor"
  | "ceil"
  | "round"
  | "trunc"
  | "isnan"
  | "exp"
  | "expm1"
  | "log"
  | "log1p"
  | "log2"
  | "pow"
  | "sin"
  | "cos"
  | "tan"
  | "tanh"
  | "sinh"
  | "cosh"
  | "asin"
  | "acos"
  | "atan"
  | "atan2"
  | "erf"
  | "lgamma"
  | "bitAnd"
  | "bitOr"
  | "bitXor"
  | "bitNot"
  | "shiftLeft"
  | "shiftRight"
  | "countLeadingZeros"
  | "pow2"
  | "exponentOf"
  | "significandOf"
  | "highPart"
  | "opaque";

export type Reducer = "sum" | "prod" | "min" | "max" | "argmin" | "argmax" | "any" | "all" | "count";

export type Expr = { readonly type: Scalar } & (
  | { readonly kind: "const"; readonly value: number }
  | { readonly kind: "var"; readonly var: Var }
  /** `check` is there where the subscripts are not proven in range; it carries the index and the size that it fell out of. One check a dimension, or null. */
  | {
      readonly kind: "load";
      readonly array: ArrayVar;
      readonly index: readonly Expr[];
      readonly checks?: readonly (number | null)[];
    }
  | { readonly kind: "op"; readonly op: Op; readonly args: readonly Expr[] }
  /** To `type`: truncating and saturating from floating point to integers, NaN to 0; bits kept between `i32` and `u32`; of a `bool` 1 and 0. */
  | { readonly kind: "convert"; readonly value: Expr }
  /** Only the side taken is computed, or nothing of the other is seen. */
  | { readonly kind: "if"; readonly condition: Expr; readonly then: Expr; readonly otherwise: Expr }
  /** Statements, then a value; names made in it are its own. */
  | { readonly kind: "block"; readonly body: Block; readonly value: Expr }
  /** `argmin` and `argmax` have one axis and give its value, an i32; `type` is the result's. */
  | {
      readonly kind: "reduce";
      readonly reducer: Reducer;
      readonly axes: readonly Axis[];
      readonly where?: Expr;
      readonly value: Expr;
    }
);
