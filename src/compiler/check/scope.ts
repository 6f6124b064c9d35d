// Which names a place in a function can see, and what a check carries along: the scope, the function around it, the diagnostics.
import type { Diagnostic, Span } from "../diagnostic.js";
import type { Size } from "../size.js";
import type { FunctionDeclaration, Module, Name, TypeDeclaration, TypeSyntax } from "../syntax.js";
import type { Expr, FunctionDef, Local, RecordType, Type, ValueType } from "../typed.js";
import { didYouMean, typeElsewhere } from "./suggest.js";
import { isScalarName, scalarOf } from "./types.js";

/** A subscript that is a bare binder and nothing else: the binder runs over `size` there. */
export interface BinderPlace {
  readonly size: Size;
  readonly at: Span;
  /** The array, as text, and its type, for messages. */
  readonly array: string | undefined;
  readonly type: Type;
}

/** What is learnt of a bare binder while its scope is checked. */
export interface BareBinder {
  readonly local: Local;
  readonly places: BinderPlace[];
  /** It stands in a subscript of something that failed: nothing more is said of it. */
  failed: boolean;
}

export type Binding =
  | { readonly kind: "local"; readonly local: Local; readonly bare?: BareBinder; readonly turns?: true }
  /** Its definition failed, and that was reported. */
  | { readonly kind: "failed"; readonly at: Span };

export interface Scope {
  readonly names: Map<string, Binding>;
  readonly parent?: Scope;
}

export interface FunctionInfo {
  readonly syntax: FunctionDeclaration;
  readonly module: ModuleInfo;
  state: "new" | "busy" | "done";
  /** Absent where its signature failed. */
  def?: FunctionDef;
  /** It is a host function, or calls one, directly or not. */
  usesHost: boolean;
}

export interface TypeInfo {
  readonly syntax: TypeDeclaration;
  readonly module: ModuleInfo;
  state: "new" | "busy" | "done";
  sizes: readonly Local[];
  record?: RecordType;
}

export interface ModuleInfo {
  readonly syntax: Module;
  readonly functions: Map<string, FunctionInfo>;
  readonly types: Map<string, TypeInfo>;
  /** Imported names that could not be found, which was reported. */
  readonly failed: Set<string>;
}

/** One run of the checker. */
export interface Session {
  readonly resolve: (from: string, importer: Module) => Module | undefined;
  readonly diagnostics: Diagnostic[];
  readonly modules: Map<Module, ModuleInfo>;
  /** Checked functions, callees before callers. */
  readonly functions: FunctionDef[];
  /** The functions whose bodies are being checked, the outermost first. */
  readonly stack: FunctionInfo[];
  /** Every local by its id; the next id is its length. */
  readonly locals: Local[];
  /** What sizes and immutable integers were defined as, by id, where that is a polynomial. */
  readonly definitions: Map<number, Size>;
  /** Of those that are no polynomial, what they were defined as. */
  readonly formulas: Map<number, Expr>;
  /** What the sizes that calls made are, by id, as texts that are the same for equal ones. */
  readonly callFormulas: Map<number, string>;
  /** Ids of integers whose values come from data. */
  readonly data: Set<number>;
}

/** The function or test that is checked. */
export interface Unit {
  readonly kind: "function" | "test";
  readonly host: boolean;
  usesHost: boolean;
  /** Unknown names that were reported once. */
  readonly reported: Set<string>;
  /** Of a function: its result as it is written, and, once the `return` is checked, what it is. */
  readonly result?: TypeSyntax;
  resultType?: ValueType;
  /** The sizes that have a name at its top level, by what they are. */
  readonly formulas: Map<string, Size>;
  /** Ids of its parameters that are sizes. */
  readonly sizeParams?: ReadonlySet<number>;
}

export interface Context {
  readonly session: Session;
  readonly module: ModuleInfo;
  readonly unit: Unit;
  readonly scope: Scope;
  /** Inside the braces of a `for`, `loop` or `if`. */
  readonly block: boolean;
  readonly loop: boolean;
  /** Inside something that is done for many indices, or handed to a function. */
  readonly region?: "equation" | "each" | "reducer" | "lambda";
}

export function report(
  ctx: { readonly session: Session },
  code: string,
  at: Span,
  message: string,
  more: Partial<Omit<Diagnostic, "code" | "at" | "message">> = {},
): undefined {
  ctx.session.diagnostics.push({ code, severity: "error", message, at, ...more });
  return undefined;
}

export const childScope = (parent: Scope): Scope => ({ names: new Map(), parent });
export const nested = (ctx: Context): Context => ({ ...ctx, scope: childScope(ctx.scope) });

export function lookup(scope: Scope, name: string): Binding | undefined {
  for (let s: Scope | undefined = scope; s; s = s.parent) {
    const found = s.names.get(name);
    if (found) return found;
  }
  return undefined;
}

export function namesInScope(scope: Scope): readonly string[] {
  const names: string[] = [];
  for (let s: Scope | undefined = scope; s; s = s.parent) names.push(...s.names.keys());
  return names;
}

export function newLocal(
  session: Session,
  name: Name,
  type: Type,
  kind: Local["kind"],
  mutable = kind === "var",
): Local {
  const local: Local = { id: session.locals.length, name: name.text, type, mutable, kind, at: name.at };
  session.locals.push(local);
  return local;
}

const reducers = new Set(["sum", "prod", "min", "max", "argmin", "argmax", "any", "all", "count"]);

/** Reducers' and scalar types' names can't be given to anything else. */
export const isReserved = (name: string): boolean => reducers.has(name) || isScalarName(name) || name === "size";

/** Whether `name` may be declared here; says so where it may not. `over`: it may take the name of an earlier loop's count. */
export function mayDeclare(ctx: Context, name: Name, over: "anything" | "turns" = "anything"): boolean {
  if (isReserved(name.text)) {
    ctx.unit.reported.add(name.text);
    const what = reducers.has(name.text) ? "a reducer" : "a type";
    report(ctx, "N03", name.at, `\`${name.text}\` is the name of ${what}, which is reserved`, {
      help: `call it something else, such as \`${name.text}Of\``,
    });
    return false;
  }
  const old = lookup(ctx.scope, name.text);
  if (!old || (over === "turns" && old.kind === "local" && old.turns)) return true;
  report(ctx, "N02", name.at, `\`${name.text}\` is already a name here`, {
    label: "a second one",
    others: [{ at: old.kind === "local" ? old.local.at : old.at, text: "the first one" }],
    help: "give one of them another name: a local can't hide a local, a size or a parameter",
  });
  return false;
}

/** Adds a name, whose permission was asked for with `mayDeclare`. */
export const bind = (ctx: Context, name: string, binding: Binding): void => {
  ctx.scope.names.set(name, binding);
};

/** Declares a local of a known type, or a failed name where `type` is unknown. */
export function declare(
  ctx: Context,
  name: Name,
  type: Type | undefined,
  kind: Local["kind"],
  over: "anything" | "turns" = "anything",
): Local | undefined {
  const allowed = mayDeclare(ctx, name, over);
  if (!type) {
    if (allowed) bind(ctx, name.text, { kind: "failed", at: name.at });
    return undefined;
  }
  const local = newLocal(ctx.session, name, type, kind);
  if (allowed) bind(ctx, name.text, { kind: "local", local });
  return local;
}

/** A local of type `i32`: a size, a binder, a loop's index. */
export const declareIndex = (ctx: Context, name: Name, kind: "size" | "binder" | "loop"): Local =>
  declare(ctx, name, scalarOf("i32"), kind) ?? newLocal(ctx.session, name, scalarOf("i32"), kind);

/** Reports an unknown name, once in a function. */
export function unknownName(ctx: Context, name: Name, what: string, known: Iterable<string>): undefined {
  if (ctx.unit.reported.has(name.text) || ctx.module.failed.has(name.text)) return undefined;
  ctx.unit.reported.add(name.text);
  const help = reducers.has(name.text)
    ? `a reducer has binders: \`${name.text}[i](x[i])\``
    : ((what === "type" ? typeElsewhere(name.text) : undefined) ?? didYouMean(name.text, known));
  return report(ctx, "N01", name.at, `there is no ${what} \`${name.text}\` here`, {
    help:
      help ??
      (what === "type"
        ? "declare it: `type Name = { … }`"
        : what === "function"
          ? "declare or import it"
          : "define it before by a `let`, or add it as a parameter"),
  });
}
