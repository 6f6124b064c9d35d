// The plugin for Vite and Rollup (and so vitest): `import { ridgeFit } from "./ridge.fold"` compiles on the fly, with types beside the source.
import path from "node:path";
import { ABI_VERSION } from "../abi.js";
import { signatureOf } from "../codegen/artifact/signature.js";
import { compileVariant, variantNames } from "../compile.js";
import { exportsOf } from "../compiler/load.js";
import { renderDiagnostics } from "../compiler/render.js";
import type { Program } from "../compiler/typed.js";
import { Programs } from "./programs.js";
import { writeTypes } from "./types.js";

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
  configResolved(config: { readonly root: string }): void;
  resolveId(source: string, importer: string | undefined): string | undefined;
  load(this: PluginContext, id: string): string | undefined;
}

const split = (id: string): { file: string; variant: string | undefined } => {
  const [file = "", query = ""] = id.split("?");
  return { file, variant: new URLSearchParams(query).get("variant") ?? undefined };
};

/** Compiles `.fold` imports. Every variant is a module of its own, compiled when it is first loaded; errors show in Vite's overlay. */
export default function fold(options: FoldPluginOptions = {}): FoldPlugin {
  const runtime = options.runtime ?? "bifold/runtime";
  const programs = new Programs();
  let root = process.cwd();
  return {
    name: "bifold",
    enforce: "pre",
    configResolved(config) {
      root = config.root;
    },
    resolveId(source, importer) {
      // Rollup knows no files with a query.
      if (importer === undefined || !/^\.{1,2}\/.*\.fold(\?variant=.*)?$/.test(source)) return undefined;
      return path.resolve(path.dirname(split(importer).file), source);
    },
    load(id) {
      const { file, variant } = split(id);
      if (!file.endsWith(".fold")) return undefined;
      const program = open(this, programs, file, root);
      if (variant !== undefined) return `export const code = ${JSON.stringify(compileVariant(program, variant))};`;
      if (options.types !== false) writeTypes(file, program, runtime);
      return moduleText(program, path.basename(file), runtime);
    },
  };
}

/** The module that an import of the file gives: a binding for each export, and a loader for each variant. */
function moduleText(program: Program, name: string, runtime: string): string {
  const exported = exportsOf(program);
  const loaders = variantNames.map(
    (v) => `${JSON.stringify(v)}: () => import(${JSON.stringify(`./${name}?variant=${v}`)}).then((m) => m.code)`,
  );
  return [
    `import { bind } from ${JSON.stringify(runtime)};`,
    `export const artifact = { abi: ${ABI_VERSION}, file: ${JSON.stringify(name)}, signatures: ${JSON.stringify(exported.map(signatureOf))}, code: { ${loaders.join(", ")} } };`,
    ...exported.map((def) => `export const ${def.name} = bind(artifact, ${JSON.stringify(def.name)});`),
  ].join("\n");
}

function open(context: PluginContext, programs: Programs, file: string, root: string): Program {
  const { program, diagnostics, sources, texts } = programs.open(file, root);
  for (const name of texts.keys()) context.addWatchFile(name);
  if (program) return program;
  const first = diagnostics.find((d) => d.severity === "error");
  const text = first ? (sources.get(first.at.file)?.text ?? "") : "";
  const before = text.slice(0, first?.at.start ?? 0).split("\n");
  return context.error({
    message: renderDiagnostics(diagnostics, sources),
    id: file,
    ...(first
      ? { loc: { file: path.resolve(root, first.at.file), line: before.length, column: before.at(-1)?.length ?? 0 } }
      : {}),
  });
}
