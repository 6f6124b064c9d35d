// The plugin for Vite and Rollup (and so vitest): `import { ridgeFit } from "./ridge.fold"` compiles on the fly, with types beside the source.
import fs from "node:fs";
import path from "node:path";
import { ABI_VERSION } from "../abi.js";
import { emitDeclarations } from "../codegen/artifact/declarations.js";
import { signatureOf } from "../codegen/artifact/signature.js";
import { compileVariant, variantNames } from "../compile.js";
import { exportsOf, loadProgram } from "../compiler/load.js";
import { renderDiagnostics } from "../compiler/render.js";
import type { Program } from "../compiler/typed.js";

export interface FoldPluginOptions {
  /** What compiled modules import the runtime from. */
  readonly runtime?: string;
  /** Write `name.d.fold.ts` beside `name.fold`, so that TypeScript (with `allowArbitraryExtensions`) knows the exports. True unless said. */
  readonly types?: boolean;
}

/** As much of Rollup's plugin interface as this uses; Vite's is an extension of it. */
interface PluginContext {
  addWatchFile(file: string): void;
  error(problem: {
    readonly message: string;
    readonly id: string;
    readonly loc?: { readonly file: string; readonly line: number; readonly column: number };
  }): never;
}

export interface FoldPlugin {
  readonly name: string;
  readonly enforce: "pre";
  load(this: PluginContext, id: string): string | undefined;
}

const split = (id: string): { file: string; variant: string | undefined } => {
  const [file = "", query = ""] = id.split("?");
  return { file, variant: new URLSearchParams(query).get("variant") ?? undefined };
};

/** Compiles `.fold` imports. Every variant is a module of its own, compiled when it is first loaded; errors show in Vite's overlay. */
export default function fold(options: FoldPluginOptions = {}): FoldPlugin {
  const runtime = options.runtime ?? "bifold/runtime";
  return {
    name: "bifold",
    enforce: "pre",
    load(id) {
      const { file, variant } = split(id);
      if (!file.endsWith(".fold")) return undefined;
      const program = open(this, file);
      if (variant !== undefined) return `export const code = ${JSON.stringify(compileVariant(program, variant))};`;
      const exported = exportsOf(program);
      if (options.types !== false)
        writeIfChanged(file.replace(/\.fold$/, ".d.fold.ts"), emitDeclarations(program, exported, runtime));
      const code = variantNames.map(
        (v) => `${JSON.stringify(v)}: () => import(${JSON.stringify(`${file}?variant=${v}`)}).then((m) => m.code)`,
      );
      return [
        `import { bind } from ${JSON.stringify(runtime)};`,
        `export const artifact = { abi: ${ABI_VERSION}, file: ${JSON.stringify(path.basename(file))}, signatures: ${JSON.stringify(exported.map(signatureOf))}, code: { ${code.join(", ")} } };`,
        ...exported.map((def) => `export const ${def.name} = bind(artifact, ${JSON.stringify(def.name)});`),
      ].join("\n");
    },
  };
}

function open(context: PluginContext, file: string): Program {
  const { program, diagnostics, sources } = loadProgram(file, (name) => {
    if (!fs.existsSync(name)) return undefined;
    context.addWatchFile(name);
    return fs.readFileSync(name, "utf8");
  });
  if (program) return program;
  const [first] = diagnostics;
  const text = first ? (sources.get(first.at.file)?.text ?? "") : "";
  const before = text.slice(0, first?.at.start ?? 0).split("\n");
  return context.error({
    message: renderDiagnostics(diagnostics, sources),
    id: file,
    ...(first ? { loc: { file: first.at.file, line: before.length, column: before.at(-1)?.length ?? 0 } } : {}),
  });
}

/** Leaves the file's time alone when there is nothing new, so that watchers stay quiet. */
function writeIfChanged(file: string, text: string): void {
  if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === text) return;
  fs.writeFileSync(file, text);
}
