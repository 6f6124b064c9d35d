// Functions, when they are first called, and tests: the parameters, the sizes that they bind, the body, what an export may not have.
import type { Span } from "../diagnostic.js";
import { symbolOf } from "../size.js";
import type { Name, ParamSyntax, Statement, TestDeclaration, TypeSyntax } from "../syntax.js";
import type { FunctionDef, FunctionType, Local, Program, SizeName, Type, ValueType } from "../typed.js";
import { moduleNamed } from "./modules.js";
import { resolveType, sizeNames } from "./resolve.js";
import { resultType } from "./results.js";
import {
  type Context,
  declare,
  type FunctionInfo,
  type ModuleInfo,
  newLocal,
  report,
  type Session,
  type Unit,
} from "./scope.js";
import { checkBody } from "./statements.js";
import { formatType, scalarOf, scalarsIn } from "./types.js";

/** How many functions may be in each other: each is inlined, and none of the stages runs out of stack. */
const MAX_CALLS = 150;

/** The definition of a function that is called at `at`, checked now if it was not. */
export function demand(ctx: Pick<Context, "session">, info: FunctionInfo, at: Span): FunctionDef | undefined {
  if (info.state === "done") return info.def;
  const { session } = ctx;
  if (info.state === "busy") {
    const cycle = session.stack.slice(session.stack.indexOf(info)).map((f) => `\`${f.syntax.name.text}\``);
    const name = `\`${info.syntax.name.text}\``;
    return report(
      ctx,
      "N08",
      at,
      `${name} calls itself${cycle.length > 1 ? `, through ${cycle.slice(1).join(", ")}` : ""}`,
      {
        others: [{ at: info.syntax.name.at, text: "it is declared here" }],
        help: "there is no recursion: every call is inlined; write a `for` or a `loop`",
      },
    );
  }
  if (session.stack.length >= MAX_CALLS)
    return report(ctx, "T14", at, `calls nest more than ${MAX_CALLS} deep here`, {
      help: "every call is inlined: call fewer functions from within functions",
    });
  info.state = "busy";
  session.stack.push(info);
  const def = checkFunction(session, info);
  session.stack.pop();
  info.state = "done";
  if (def) {
    info.def = def;
    session.functions.push(def);
  }
  return def;
}

/** The function of the standard library that a target without that scalar function inlines. */
export function demandLowering(ctx: Context, name: string, at: Span): void {
  for (const from of ["std/math", "std/random"]) {
    const info = moduleNamed(ctx.session, from, ctx.module)?.functions.get(name);
    if (!info) continue;
    if (info.state === "new") demand(ctx, info, at);
    return;
  }
}

function checkFunction(session: Session, info: FunctionInfo): FunctionDef | undefined {
  const { syntax, module } = info;
  const sizeParams = new Set<number>();
  const unit: Unit = {
    kind: "function",
    host: syntax.host,
    usesHost: syntax.host,
    reported: new Set(),
    formulas: new Map(),
    result: syntax.result,
    sizeParams,
  };
  const ctx: Context = { session, module, unit, scope: { names: new Map() }, block: false, loop: false };
  const params = checkParams(ctx, syntax.params, sizeParams);
  const sizes = params.types.every((p) => p !== undefined) ? bindSizes(ctx, params.types, params.made) : undefined;
  if (sizes)
    checkExport(
      ctx,
      info,
      params.types.filter((p) => p !== undefined),
    );
  const body = checkBody(ctx, syntax.body);
  info.usesHost = unit.usesHost;
  // A `return` in the wrong place was reported as such.
  if (!returns(syntax.body))
    report(ctx, "L05", syntax.name.at, `\`${syntax.name.text}\` returns nothing`, {
      help: "its last statement must be `return …`",
    });
  const result = resultType(ctx);
  if (!sizes || !result) return undefined;
  if (syntax.exported && scalarsIn(result).includes("wide")) refuseWide(ctx, syntax.result.at, "the result");
  return {
    name: syntax.name.text,
    exported: syntax.exported,
    host: syntax.host,
    doc: syntax.doc,
    params: params.types.filter((p) => p !== undefined),
    sizes,
    result,
    body,
    at: syntax.at,
  };
}

const returns = (body: readonly Statement[]): boolean =>
  body.some(
    (s) =>
      s.kind === "return" ||
      ((s.kind === "for" || s.kind === "loop") && returns(s.body)) ||
      (s.kind === "if" && (returns(s.then) || returns(s.otherwise ?? []))),
  );

const isSize = (t: ParamSyntax["type"]): boolean =>
  t.kind === "named" && t.name.text === "size" && t.sizes.length === 0;

/** Declares the sizes that the parameters speak of, and the parameters; `made` are the sizes that are no parameters. */
function checkParams(
  ctx: Context,
  params: readonly ParamSyntax[],
  sizeParams: Set<number>,
): { readonly types: readonly (Local | undefined)[]; readonly made: readonly Local[] } {
  const own = new Map<ParamSyntax, Local | undefined>();
  for (const p of params) {
    if (!isSize(p.type)) continue;
    const local = declare(ctx, p.name, scalarOf("i32"), "param");
    if (local) sizeParams.add(local.id);
    own.set(p, local);
  }
  const made: Local[] = [];
  for (const name of params.flatMap((p) => namesOf(p.type))) {
    if (ctx.scope.names.has(name.text)) continue;
    const clash = params.find((p) => p.name.text === name.text);
    if (clash) {
      clashing(ctx, name, clash);
      ctx.scope.names.set(name.text, { kind: "failed", at: name.at });
      continue;
    }
    const local = declare(ctx, name, scalarOf("i32"), "size");
    if (local) made.push(local);
  }
  const types = params.map((p) => {
    if (isSize(p.type)) return own.get(p);
    const type = paramType(ctx, p.type);
    const before = ctx.scope.names.get(p.name.text);
    if (before?.kind === "failed" && namesClash(params, p)) {
      // The clash with a size of that name was reported.
      ctx.scope.names.delete(p.name.text);
      if (type)
        ctx.scope.names.set(p.name.text, { kind: "local", local: newLocal(ctx.session, p.name, type, "param") });
      return undefined;
    }
    return declare(ctx, p.name, type, "param");
  });
  return { types, made };
}

const namesClash = (params: readonly ParamSyntax[], p: ParamSyntax): boolean =>
  params.some((q) => namesOf(q.type).some((n) => n.text === p.name.text));

function clashing(ctx: Context, name: Name, clash: ParamSyntax): void {
  const integer = clash.type.kind === "named" && clash.type.name.text === "i32" && clash.type.sizes.length === 0;
  report(ctx, "S04", name.at, `\`${name.text}\` stands in a type, and is a parameter that is no size`, {
    others: [{ at: clash.name.at, text: "the parameter is declared here" }],
    help: integer ? `declare it as \`${name.text}: size\`` : "give one of them another name",
  });
}

const namesOf = (t: ParamSyntax["type"]): readonly Name[] =>
  t.kind === "function" ? [...t.params, t.result].flatMap((x: TypeSyntax) => sizeNames(x)) : sizeNames(t);

function paramType(ctx: Context, t: ParamSyntax["type"]): Type | undefined {
  if (t.kind !== "function") return resolveType(ctx, t);
  const params = t.params.map((p) => resolveType(ctx, p));
  const result = resolveType(ctx, t.result);
  return result && params.every((p) => p !== undefined)
    ? ({ kind: "function", params, result } satisfies FunctionType)
    : undefined;
}

/** What binds each size: an integer parameter, or the first dimension in which it stands alone. */
function bindSizes(
  ctx: Context,
  params: readonly (Local | undefined)[],
  made: readonly Local[],
): readonly SizeName[] | undefined {
  const sizes: SizeName[] = [];
  const visit = (type: ValueType, param: number, path: readonly string[]): void => {
    if (type.kind === "record") for (const f of type.fields) visit(f.type, param, [...path, f.name]);
    if (type.kind !== "array") return;
    type.shape.forEach((s, dim) => {
      const local = made.find((l) => l.id === symbolOf(s)?.id);
      if (local && !sizes.some((b) => b.local === local))
        sizes.push({ local, from: { kind: "dimension", param, path, dim } });
    });
  };
  params.forEach((p, param) => {
    if (!p || p.type.kind === "function") return;
    if (ctx.unit.sizeParams?.has(p.id)) sizes.push({ local: p, from: { kind: "param", param } });
    else visit(p.type, param, []);
  });
  let all = true;
  for (const local of made) {
    if (sizes.some((b) => b.local === local)) continue;
    all = false;
    report(ctx, "S05", local.at, `nothing says what the size \`${local.name}\` is`, {
      notes: ["a size is bound where it stands alone in a dimension of a parameter that is no function"],
      help: `add a parameter \`${local.name}: size\``,
    });
  }
  return all ? sizes : undefined;
}

/** What can't cross to TypeScript, or to a host function. */
function checkExport(ctx: Context, info: FunctionInfo, params: readonly Local[]): void {
  const { exported, host } = info.syntax;
  if (!exported && !host) return;
  for (const p of params) {
    if (p.type.kind === "function")
      report(
        ctx,
        "U01",
        p.at,
        `\`${p.name}\` is a function, ${formatType(p.type)}, which can't cross to ${exported ? "TypeScript" : "a host function"}`,
        {
          help: exported ? "export a function that calls this one with a function of yours" : "make it a plain `fn`",
        },
      );
    else if (exported && scalarsIn(p.type).includes("wide")) refuseWide(ctx, p.at, `\`${p.name}\``);
  }
}

const refuseWide = (ctx: Context, at: Span, what: string): undefined =>
  report(ctx, "U02", at, `${what} has \`wide\` in its type, and an exported function may not`, {
    help: "write `real`, and convert inside: `wide(x)`, `real(y)`",
  });

export function checkTest(session: Session, module: ModuleInfo, test: TestDeclaration): Program["tests"][number] {
  const unit: Unit = { kind: "test", host: false, usesHost: false, reported: new Set(), formulas: new Map() };
  const ctx: Context = { session, module, unit, scope: { names: new Map() }, block: false, loop: false };
  return { title: test.title, body: checkBody(ctx, test.body), at: test.at };
}
