// The syntax tree: what the parser makes of a text, before any name or type is known. Every node carries its span.
import type { Span } from "./diagnostic.js";

export interface Name {
  readonly text: string;
  readonly at: Span;
}

export interface Module {
  readonly file: string;
  readonly imports: readonly Import[];
  readonly declarations: readonly Declaration[];
  readonly at: Span;
}

export interface Import {
  /** `a as b` is `{ name: a, alias: b }`. */
  readonly names: readonly { readonly name: Name; readonly alias?: Name }[];
  /** `std/linalg` or `./file`. */
  readonly from: { readonly text: string; readonly at: Span };
  readonly at: Span;
}

export type Declaration = TypeDeclaration | FunctionDeclaration | TestDeclaration;

export interface TypeDeclaration {
  readonly kind: "type";
  readonly exported: boolean;
  readonly name: Name;
  readonly sizes: readonly Name[];
  readonly record: RecordTypeSyntax;
  /** The `##` lines above it, without the marks, joined by newlines. */
  readonly doc: string;
  readonly at: Span;
}

export interface FunctionDeclaration {
  readonly kind: "function";
  readonly exported: boolean;
  readonly host: boolean;
  readonly name: Name;
  readonly params: readonly ParamSyntax[];
  readonly result: TypeSyntax;
  readonly body: readonly Statement[];
  readonly doc: string;
  readonly at: Span;
}

export interface TestDeclaration {
  readonly kind: "test";
  readonly title: string;
  readonly body: readonly Statement[];
  readonly at: Span;
}

export interface ParamSyntax {
  readonly name: Name;
  readonly type: TypeSyntax | FunctionTypeSyntax;
}

/** `real`, `real[n, p]`, `LinearFit[p, t]`, `{ a: real }`. */
export type TypeSyntax =
  | { readonly kind: "named"; readonly name: Name; readonly sizes: readonly Expression[]; readonly at: Span }
  | RecordTypeSyntax;

export interface RecordTypeSyntax {
  readonly kind: "record";
  readonly fields: readonly { readonly name: Name; readonly type: TypeSyntax }[];
  readonly at: Span;
}

export interface FunctionTypeSyntax {
  readonly kind: "function";
  readonly params: readonly TypeSyntax[];
  readonly result: TypeSyntax;
  readonly at: Span;
}

/** `i`, or `i in lo..hi`. */
export interface BinderSyntax {
  readonly name: Name;
  readonly range?: { readonly lo: Expression; readonly hi: Expression };
  readonly at: Span;
}

/** `a`, `a.f`, `a.f[i, lo..hi, :]` on the left of an assignment. */
export interface PlaceSyntax {
  readonly name: Name;
  readonly path: readonly Name[];
  /** Absent where the place has no brackets. */
  readonly subscripts?: readonly Subscript[];
  readonly at: Span;
}

export type Subscript =
  | { readonly kind: "all"; readonly at: Span }
  | { readonly kind: "at"; readonly index: Expression; readonly at: Span }
  | { readonly kind: "range"; readonly lo: Expression; readonly hi: Expression; readonly at: Span };

export type AssignOp = "=" | "+=" | "-=";

/** A message's literal parts and the names shown in it: `"alpha is {fit.alpha}"`. */
export type MessagePart = { readonly text: string } | { readonly path: readonly Name[] };

export type Statement = { readonly at: Span } & (
  | {
      readonly kind: "define";
      readonly mutable: boolean;
      readonly name: Name;
      /** Absent where the name has no brackets; a `null` stands for `:`. */
      readonly binders?: readonly (BinderSyntax | null)[];
      readonly type?: TypeSyntax;
      readonly value: Expression;
    }
  | {
      readonly kind: "unpack";
      readonly mutable: boolean;
      readonly fields: readonly { readonly field: Name; readonly alias?: Name }[];
      readonly value: Expression;
    }
  | {
      readonly kind: "each";
      readonly binders: readonly BinderSyntax[];
      readonly where?: Expression;
      readonly place: PlaceSyntax;
      readonly op: AssignOp;
      readonly value: Expression;
    }
  | { readonly kind: "assign"; readonly place: PlaceSyntax; readonly op: AssignOp; readonly value: Expression }
  | {
      readonly kind: "for";
      readonly name: Name;
      readonly lo: Expression;
      readonly hi: Expression;
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: "loop";
      readonly name: Name;
      readonly max: Expression;
      readonly body: readonly Statement[];
      readonly until: Expression;
    }
  /** `else if` is an `otherwise` with one `if` statement in it. */
  | {
      readonly kind: "if";
      readonly condition: Expression;
      readonly then: readonly Statement[];
      readonly otherwise?: readonly Statement[];
    }
  | { readonly kind: "require"; readonly condition: Expression; readonly message: readonly MessagePart[] }
  | {
      readonly kind: "expect";
      readonly value: Expression;
      readonly near?: { readonly to: Expression; readonly within: Expression };
    }
  | { readonly kind: "return"; readonly value: Expression }
);

export type UnaryOp = "-" | "not";
export type BinaryOp =
  | "or"
  | "and"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "+"
  | "-"
  | "*"
  | "/"
  | "div"
  | "%"
  | "@"
  | "^";
export type ReducerName = "sum" | "prod" | "min" | "max" | "argmin" | "argmax" | "any" | "all" | "count";

export type Expression = {
  readonly at: Span;
} /** `integer` tells `1` from `1.0`; `text` is what was written (hexadecimal stays so). */ & (
  | { readonly kind: "number"; readonly value: number; readonly integer: boolean; readonly text: string }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "list"; readonly elements: readonly Expression[] }
  | { readonly kind: "unary"; readonly op: UnaryOp; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly op: BinaryOp;
      /** The operator's own span. */
      readonly opAt: Span;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "transpose"; readonly operand: Expression }
  | { readonly kind: "subscript"; readonly base: Expression; readonly subscripts: readonly Subscript[] }
  | { readonly kind: "field"; readonly base: Expression; readonly field: Name }
  | { readonly kind: "call"; readonly callee: Name; readonly args: readonly Expression[] }
  | { readonly kind: "lambda"; readonly params: readonly Name[]; readonly body: Expression }
  | {
      readonly kind: "reduce";
      readonly reducer: ReducerName;
      readonly binders: readonly BinderSyntax[];
      readonly where?: Expression;
      readonly body: Expression;
    }
  | { readonly kind: "if"; readonly condition: Expression; readonly then: Expression; readonly otherwise: Expression }
  | { readonly kind: "as"; readonly value: Expression; readonly type: TypeSyntax }
  /** Only as the value of `define`, `unpack`, `return`. */
  | {
      readonly kind: "record";
      readonly fields: readonly { readonly name: Name; readonly value?: Expression }[];
    }
);
