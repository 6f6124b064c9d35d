// Typed TypeScript declarations of a `.fold` file's exports.
import type { AbiType } from "../../abi.js";
import { formatSize } from "../../compiler/size.js";
import type { FunctionDef, Program, ValueType } from "../../compiler/typed.js";
import { abiTypeOf } from "./signature.js";

/** What a caller may pass for a type. */
function inputType(type: AbiType): string {
  switch (type.kind) {
    case "scalar":
      return type.scalar === "bool" ? "boolean" : "number";
    case "array":
      return "ArrayInput";
    case "record":
      return `{ readonly ${type.fields.map((f) => `${f.name}: ${inputType(f.type)}`).join("; readonly ")} }`;
  }
}

/** What a call gives for a type. */
function outputType(type: ValueType): string {
  switch (type.kind) {
    case "scalar":
      return type.scalar === "bool" ? "boolean" : "number";
    case "array":
      return "NDArray";
    case "record":
      return (
        type.name ?? `{ readonly ${type.fields.map((f) => `${f.name}: ${outputType(f.type)}`).join("; readonly ")} }`
      );
  }
}

/** A type as Fold writes it: shapes for the docs. */
function foldType(type: ValueType): string {
  switch (type.kind) {
    case "scalar":
      return type.scalar;
    case "array":
      return `${type.element}[${type.shape.map((s) => formatSize(s)).join(", ")}]`;
    case "record":
      return type.name ?? `{ ${type.fields.map((f) => `${f.name}: ${foldType(f.type)}`).join(", ")} }`;
  }
}

const docComment = (lines: readonly string[]): string =>
  `/**\n${lines.map((l) => ` * ${l.replaceAll("*/", "* /")}`.trimEnd()).join("\n")}\n */\n`;

function functionDeclaration(def: FunctionDef): string {
  const values = def.params.flatMap((p) => (p.type.kind === "function" ? [] : [{ name: p.name, type: p.type }]));
  const doc = docComment([
    ...(def.doc ? def.doc.split("\n") : []),
    ...values.map((p) => `@param ${p.name} ${foldType(p.type)}`),
    `@returns ${foldType(def.result)}`,
    "@throws {BifoldError} when shapes, dtypes or devices do not fit, or a check in the function fails",
  ]);
  const params = values.map((p) => `${p.name}: ${inputType(abiTypeOf(p.type))}`);
  return `${doc}export declare function ${def.name}(${[...params, "options?: CallOptions"].join(", ")}): Promise<${outputType(def.result)}>;\n`;
}

/** The text of the `.d.ts` file. `runtime` is where the module imports the runtime's types from. */
export function emitDeclarations(program: Program, exported: readonly FunctionDef[], runtime: string): string {
  const named = new Map<string, string>();
  const visit = (type: ValueType): void => {
    if (type.kind !== "record") return;
    for (const f of type.fields) visit(f.type);
    if (type.name && !named.has(type.name)) {
      const doc = program.types.find((t) => t.name === type.name)?.doc;
      const fields = type.fields.map(
        (f) => `  /** ${foldType(f.type)} */\n  readonly ${f.name}: ${outputType(f.type)};`,
      );
      named.set(
        type.name,
        `${doc ? docComment(doc.split("\n")) : ""}export interface ${type.name} {\n${fields.join("\n")}\n}\n`,
      );
    }
  };
  for (const t of program.types) visit({ ...t.record, name: t.name });
  for (const def of exported) visit(def.result);
  const head = `// Made by bifold from ${program.file}.\nimport type { ArrayInput, Artifact, CallOptions, NDArray } from ${JSON.stringify(runtime)};\n`;
  return [
    head,
    ...named.values(),
    ...exported.map(functionDeclaration),
    "export declare const artifact: Artifact;\n",
  ].join("\n");
}
