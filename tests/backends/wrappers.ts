// Programs that export what the standard library only lets import: each function of a module, and each scalar function of the language,
// behind an exported function of its own.
import { builtins } from "../../src/compiler/builtins.js";
import { loadProgram } from "../../src/compiler/load.js";
import { formatSize } from "../../src/compiler/size.js";
import type { FunctionDef, ScalarType, Type, ValueType } from "../../src/compiler/typed.js";

export interface Wrapper {
  /** What is wrapped, as reports name it. */
  readonly of: string;
  readonly text: string;
}

const scalarText = (s: ScalarType): string => (s === "wide" ? "real" : s);

function typeText(t: ValueType): string {
  switch (t.kind) {
    case "scalar":
      return scalarText(t.scalar);
    case "array":
      return `${scalarText(t.element)}[${t.shape.map((s) => formatSize(s)).join(", ")}]`;
    case "record":
      return `{ ${t.fields.map((f) => `${f.name}: ${typeText(f.type)}`).join(", ")} }`;
  }
}

const isScalar = (t: Type): t is Extract<Type, { kind: "scalar" }> => t.kind === "scalar";

/** For each point of arrays, where the function is one of scalars; field by field, where it gives several. */
function elementwise(call: string, types: readonly ScalarType[], result: ValueType): string {
  const params = types.map((t, k) => `a${k}: ${scalarText(t)}`);
  const names = types.map((_, k) => `a${k}`).join(", ");
  const outs = result.kind === "record" ? result.fields : [{ name: "", type: result }];
  const helpers = outs.map((o, k) =>
    result.kind === "record"
      ? `fn part${k}(${params.join(", ")}) -> ${typeText(o.type)} {\n  let r = ${call}(${names})\n  return r.${o.name}\n}`
      : `fn part${k}(${params.join(", ")}) -> ${typeText(o.type)} { return ${call}(${names}) }`,
  );
  const at = types.map((_, k) => `x${k}[i]`).join(", ");
  return [
    ...helpers,
    `export fn run(${types.map((t, k) => `x${k}: ${scalarText(t)}[n]`).join(", ")}) -> { ${outs.map((o, k) => `o${k}: ${typeText(o.type)}[n]`).join(", ")} } {`,
    ...outs.map((o, k) => `  let o${k}[i]: ${typeText(o.type)} = part${k}(${at})`),
    `  return { ${outs.map((_, k) => `o${k}`).join(", ")} }`,
    "}",
    "",
  ].join("\n");
}

function wrapperOf(module: string, def: FunctionDef): Wrapper | undefined {
  const head = `import { ${def.name} as target } from "${module}"\n`;
  const of = `${def.name} of ${module}`;
  const types = def.params.map((p) => p.type);
  if (types.length > 0 && types.every(isScalar))
    return {
      of,
      text:
        head +
        elementwise(
          "target",
          types.map((t) => t.scalar),
          def.result,
        ),
    };
  const isSize = (name: string): boolean => def.sizes.some((s) => s.from.kind === "param" && s.local.name === name);
  const params = def.params.flatMap((p) =>
    p.type.kind === "function" ? [] : [`${p.name}: ${isSize(p.name) ? "size" : typeText(p.type)}`],
  );
  // A function that takes functions is covered by those that call it.
  if (params.length < types.length) return undefined;
  const names = def.params.map((p) => p.name).join(", ");
  return {
    of,
    text: `${head}export fn run(${params.join(", ")}) -> ${typeText(def.result)} {\n  return target(${names})\n}\n`,
  };
}

/** The functions of a module of the standard library. */
export function libraryWrappers(module: string): readonly Wrapper[] {
  const { program, diagnostics } = loadProgram(module, () => undefined);
  if (!program) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join("; "));
  return program.functions.filter((f) => f.at.file === module).flatMap((f) => wrapperOf(module, f) ?? []);
}

/** The scalar functions of the language, on each type that they take. */
export function builtinWrappers(): readonly Wrapper[] {
  return [...builtins.values()]
    .filter((b) => !b.intrinsic)
    .flatMap((b) => signaturesOf(b.name, b.rule, b.arity))
    .map(({ name, params, result }) => ({
      of: `${name} on ${params[0]}`,
      text: elementwise(name, params, { kind: "scalar", scalar: result }),
    }));
}

interface BuiltinSignature {
  readonly name: string;
  readonly params: readonly ScalarType[];
  readonly result: ScalarType;
}

type Rule = typeof builtins extends ReadonlyMap<string, infer B extends { readonly rule: unknown }> ? B["rule"] : never;

function signaturesOf(name: string, rule: Rule, arity: number): readonly BuiltinSignature[] {
  const on = (...types: readonly ScalarType[]): BuiltinSignature[] =>
    types.map((t) => ({ name, params: Array.from({ length: arity }, () => t), result: t }));
  switch (rule) {
    case "float":
      return on("real");
    case "number":
      return on("real", "i32", "u32");
    case "integer":
      return on("i32", "u32");
    case "shift":
      return on("i32", "u32");
    case "test":
      return [{ name, params: ["real"], result: "bool" }];
    case "uniform":
    case "normal":
      return [{ name, params: ["u32", "u32"], result: "real" }];
    case "randint":
      return [{ name, params: ["u32", "u32", "i32", "i32"], result: "i32" }];
    case "pow2":
    case "exponent":
      return [];
  }
}
