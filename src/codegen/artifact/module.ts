// The files of a built artifact: one ES module with the bindings, one code file a variant that it imports on demand, and the declarations.
import type { Signature } from "../../abi.js";

export interface OutputFile {
  readonly name: string;
  readonly text: string;
}

/** A built variant: its name (`wasm-float64-relaxed`) and the value that its code file exports as `code`. */
export interface BuiltVariant {
  readonly name: string;
  readonly code: unknown;
}

/** `ridge.fold` -> `ridge.fold.js`, `ridge.fold.wasm-float64.js`, … All import nothing but `runtime`. */
export function emitModule(
  file: string,
  signatures: readonly Signature[],
  variants: readonly BuiltVariant[],
  abi: number,
  runtime: string,
): OutputFile[] {
  const base = file.split("/").at(-1) ?? file;
  const codeName = (variant: string): string => `${base}.${variant}.js`;
  const loaders = variants.map(
    (v) => `    ${JSON.stringify(v.name)}: () => import("./${codeName(v.name)}").then((m) => m.code),`,
  );
  const bindings = signatures.map((s) => `export const ${s.name} = bind(artifact, ${JSON.stringify(s.name)});`);
  const main = [
    `// Made by bifold from ${base}.`,
    `import { bind } from ${JSON.stringify(runtime)};`,
    "",
    "export const artifact = {",
    `  abi: ${abi},`,
    `  file: ${JSON.stringify(base)},`,
    `  signatures: ${JSON.stringify(signatures)},`,
    "  code: {",
    ...loaders,
    "  },",
    "};",
    ...bindings,
    "",
  ].join("\n");
  return [
    { name: `${base}.js`, text: main },
    ...variants.map((v) => ({ name: codeName(v.name), text: `export const code = ${JSON.stringify(v.code)};\n` })),
  ];
}
