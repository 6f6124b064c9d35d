// The typed program: what the checker hands on. Names are resolved to `Local`s and `FunctionDef`s, binders have ranges, literals have
// types, conversions are explicit, and every expression carries its type. The interpreter runs it; `src/ir/lower` makes Nest IR of it.
import type { SourceFile, Span } from "./diagnostic.js";
import type { Size } from "./size.js";

/** `size` is an `i32` here: what sets it apart is said by `SizeName`. */
export type ScalarType = "real" | "wide" | "i32" | "u32" | "bool";

export type ValueType = ScalarValueType | ArrayType | RecordType;
export type Type = ValueType | FunctionType;

export interface ScalarValueType {
  readonly kind: "scalar";
  readonly scalar: ScalarType;
}

/** Rank 1 to 4, row-major. The symbols of `shape` are `Local`s that are in scope where the type stands. */
export interface ArrayType {
  readonly kind: "array";
  readonly element: ScalarType;
  readonly shape: readonly Size[];
}

/** Compared by its fields; `name` is for messages and declarations. */
export interface RecordType {
  readonly kind: "record";
  readonly name?: string;
  readonly fields: readonly { readonly name: string; readonly type: ValueType }[];
}

export interface FunctionType {
  readonly kind: "function";
  readonly params: readonly ValueType[];
  readonly result: ValueType;
}

/**
 * Anything with a name inside a function: a parameter, a size, a `let`, a `var`, a binder, a loop's index.
 * Identity is the object (and `id`, unique in a program). It is the symbol of the sizes that speak of it.
 */
export interface Local {
  readonly id: number;
  readonly name: string;
  readonly type: Type;
  readonly mutable: boolean;
  readonly kind: "param" | "size" | "let" | "var" | "binder" | "loop";
  readonly at: Span;
}

/** A size of a function, and what binds it: dimension `dim` of the array at `path` in parameter `param`, or that integer parameter itself. */
export interface SizeName {
  readonly local: Local;
  readonly from:
    | { readonly kind: "dimension"; readonly param: number; readonly path: readonly string[]; readonly dim: number }
    | { readonly kind: "param"; readonly param: number };
}

export interface FunctionDef {
  readonly name: string;
  readonly exported: boolean;
  readonly host: boolean;
  readonly doc: string;
  readonly params: readonly Local[];
  readonly sizes: readonly SizeName[];
  /** Written in terms of `sizes` and of the `size` statements at the top level of the body. */
  readonly result: ValueType;
  readonly body: Block;
  readonly at: Span;
}

/** Stands for the texts of the standard library: what has been made of its functions under one is good for all programs that have it. */
export type LibraryEdition = object;

/** `std/math` and its kin, or a user's file: every function whose source is known, in the order of definition (callees before callers). */
export interface Program {
  /** The file that was asked for; its exports become kernels and its tests are run. */
  readonly file: string;
  readonly functions: readonly FunctionDef[];
  /** Exported record types of `file`, for the typed declarations. */
  readonly types: readonly {
    readonly name: string;
    readonly doc: string;
    readonly sizes: readonly Local[];
    readonly record: RecordType;
  }[];
  /** The texts that it was made of, by file, where they are known: for places in messages and comments. */
  readonly sources?: ReadonlyMap<string, SourceFile>;
  /** The same object in programs whose `std/…` modules have the same texts. */
  readonly library?: LibraryEdition;
  readonly tests: readonly { readonly title: string; readonly body: Block; readonly at: Span }[];
}

export type Block = readonly Stmt[];

/** Runs over `lo <= local < hi`. A bare binder's range is resolved: 0 and a `size` expression. */
export interface Binder {
  readonly local: Local;
  readonly lo: Expr;
  readonly hi: Expr;
}

export type Subscript =
  | { readonly kind: "all" }
  | { readonly kind: "at"; readonly index: Expr }
  | { readonly kind: "range"; readonly lo: Expr; readonly hi: Expr };

/** `type` is the type of what the place holds: a scalar with all subscripts at points, an array for a slice or a whole array. */
export interface Place {
  readonly root: Local;
  readonly path: readonly string[];
  /** One for each dimension, or none at all for the whole. */
  readonly subscripts: readonly Subscript[];
  readonly type: ValueType;
  readonly at: Span;
}

export type AssignOp = "=" | "+=" | "-=";
/** Text, or a scalar whose value is shown. */
export type MessagePart = string | Expr;

export type Stmt = { readonly at: Span } /** `let x = e`, `var x = e`. */ & (
  | { readonly kind: "define"; readonly local: Local; readonly value: Expr }
  /** `let A[i, j, :] = e`: binders first, then `value`'s own axes (a scalar `value` has none). */
  | { readonly kind: "tabulate"; readonly local: Local; readonly binders: readonly Binder[]; readonly value: Expr }
  /** `let m: size = e`: `local` may be a symbol of sizes from here on. `definition` is `e` as a polynomial, where it is one. */
  | { readonly kind: "size"; readonly local: Local; readonly value: Expr; readonly definition?: Size }
  | {
      readonly kind: "unpack";
      readonly fields: readonly { readonly field: string; readonly local: Local }[];
      readonly value: Expr;
    }
  | { readonly kind: "assign"; readonly place: Place; readonly op: AssignOp; readonly value: Expr }
  | {
      readonly kind: "each";
      readonly binders: readonly Binder[];
      readonly where?: Expr;
      readonly place: Place;
      readonly op: AssignOp;
      readonly value: Expr;
    }
  | { readonly kind: "for"; readonly local: Local; readonly lo: Expr; readonly hi: Expr; readonly body: Block }
  /** `turn` is seen in `body` and `until`; after the loop `turns` holds the number of turns taken (a later loop makes a new one). */
  | {
      readonly kind: "loop";
      readonly turn: Local;
      readonly turns: Local;
      readonly max: Expr;
      readonly body: Block;
      readonly until: Expr;
    }
  | { readonly kind: "if"; readonly condition: Expr; readonly then: Block; readonly otherwise: Block }
  | { readonly kind: "require"; readonly condition: Expr; readonly message: readonly MessagePart[] }
  | { readonly kind: "expect"; readonly value: Expr; readonly near?: { readonly to: Expr; readonly within: Expr } }
  | { readonly kind: "return"; readonly value: Expr }
);

/** What is passed for a parameter: a value, or for a function parameter a function of one of four kinds. */
export type Argument =
  | { readonly kind: "value"; readonly value: Expr }
  | { readonly kind: "lambda"; readonly params: readonly Local[]; readonly body: Expr; readonly at: Span }
  | { readonly kind: "function"; readonly def: FunctionDef; readonly callSizes: CallSizes; readonly at: Span }
  | { readonly kind: "builtin"; readonly name: string; readonly at: Span }
  /** A function parameter of the enclosing function, handed on. */
  | { readonly kind: "param"; readonly local: Local; readonly at: Span };

/**
 * Sizes that a call makes and the caller can't write as a polynomial of its own: the callee's local size `callee` is known to the
 * caller as `here`, which has its value from the call on.
 */
export type CallSizes = readonly { readonly callee: Local; readonly here: Local }[];

export type UnaryOp = "-" | "not";
/** `@` and `'` have nodes of their own. `/` is real; `div` and `%` are for integers and floor; `^` has an integer or a real exponent by its right type. */
export type BinaryOp = "or" | "and" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "div" | "%" | "^";
export type ReducerName = "sum" | "prod" | "min" | "max" | "argmin" | "argmax" | "any" | "all" | "count";

/**
 * Operators, builtins and conversions work element by element where `type` is an array: then each operand is an array of just that
 * shape, or a scalar. Operands of arithmetic and comparison have one scalar type (the checker has put in `convert`s), but for `^`
 * whose exponent may be an integer.
 */
export type Expr = { readonly type: ValueType; readonly at: Span } & (
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "constant"; readonly name: "pi" | "eps" | "tiny" | "huge" }
  | { readonly kind: "local"; readonly local: Local }
  /** A size as a value, an `i32`: the ranges of bare binders. */
  | { readonly kind: "size"; readonly size: Size }
  | { readonly kind: "list"; readonly elements: readonly Expr[] }
  | { readonly kind: "unary"; readonly op: UnaryOp; readonly operand: Expr }
  | { readonly kind: "binary"; readonly op: BinaryOp; readonly left: Expr; readonly right: Expr }
  /** A scalar function of section 6, by its name in `builtins.ts`; also `uniform`, `normal`, `randint`. */
  | { readonly kind: "builtin"; readonly name: string; readonly args: readonly Expr[] }
  /** To `type`'s scalar: `real(e)`, `wide(e)`, `i32(e)`, `u32(e)`, written or implied. */
  | { readonly kind: "convert"; readonly value: Expr }
  | { readonly kind: "matmul"; readonly left: Expr; readonly right: Expr }
  | { readonly kind: "transpose"; readonly operand: Expr }
  | { readonly kind: "subscript"; readonly base: Expr; readonly subscripts: readonly Subscript[] }
  | { readonly kind: "field"; readonly base: Expr; readonly field: string }
  /**
   * `instance` is "wide" where the callee's `real` stands for `wide`. `args` stand in the order of `def.params`; their types are the
   * parameters' under that instance.
   */
  | {
      readonly kind: "call";
      readonly def: FunctionDef;
      readonly instance: "real" | "wide";
      readonly args: readonly Argument[];
      readonly callSizes: CallSizes;
    }
  /** A call of a function parameter. */
  | { readonly kind: "apply"; readonly callee: Local; readonly args: readonly Expr[]; readonly callSizes: CallSizes }
  | {
      readonly kind: "reduce";
      readonly reducer: ReducerName;
      readonly binders: readonly Binder[];
      readonly where?: Expr;
      readonly body: Expr;
    }
  | { readonly kind: "if"; readonly condition: Expr; readonly then: Expr; readonly otherwise: Expr }
  /** `e as real[k]`: the shape of `value` is checked at run time to be `type`'s. */
  | { readonly kind: "as"; readonly value: Expr }
  | { readonly kind: "record"; readonly fields: readonly { readonly name: string; readonly value: Expr }[] }
);
