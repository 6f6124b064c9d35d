// The checker: from syntax trees to a typed program, or to all that is wrong with them.
import type { Diagnostic } from "../diagnostic.js";
import type { Module } from "../syntax.js";
import type { FunctionDef, Program } from "../typed.js";
import { checkTest, demand } from "./functions.js";
import { openModule } from "./modules.js";
import { resolveDeclaredType } from "./resolve.js";
import { type ModuleInfo, report, type Session } from "./scope.js";
import { scalarsIn } from "./types.js";

/**
 * Checks a module and what it imports. `resolve` gives the module that an import names. A program comes out where no error was found;
 * warnings may stand beside it.
 */
export function checkProgram(
  entry: Module,
  resolve: (from: string, importer: Module) => Module | undefined,
): { readonly program?: Program; readonly diagnostics: readonly Diagnostic[] } {
  const session: Session = {
    resolve,
    diagnostics: [],
    modules: new Map(),
    functions: [],
    stack: [],
    locals: [],
    definitions: new Map(),
    formulas: new Map(),
    callFormulas: new Map(),
    data: new Set(),
  };
  const main = openModule(session, entry);
  // Of the standard library only what is called is checked: it has tests of its own.
  for (const module of [...session.modules.values()])
    if (module === main || !module.syntax.file.startsWith("std/")) checkModule(session, module);
  const types = exportedTypes(session, main);
  const tests = entry.declarations.flatMap((d) => (d.kind === "test" ? [checkTest(session, main, d)] : []));
  const diagnostics = inOrder(session.diagnostics);
  if (diagnostics.some((d) => d.severity === "error")) return { diagnostics };
  return { program: { file: entry.file, functions: session.functions, types, tests }, diagnostics };
}

/** A function by its name and the module that it is declared in, the program's own where none is said. */
export const findFunction = (program: Program, name: string, file = program.file): FunctionDef | undefined =>
  program.functions.find((f) => f.name === name && f.at.file === file);

function checkModule(session: Session, module: ModuleInfo): void {
  for (const d of module.syntax.declarations) {
    if (d.kind === "type") {
      const info = module.types.get(d.name.text);
      if (info?.syntax === d) resolveDeclaredType({ session }, info, d.name);
    }
    if (d.kind !== "function") continue;
    const info = module.functions.get(d.name.text);
    if (info?.syntax === d) demand({ session }, info, d.name.at);
  }
}

function exportedTypes(session: Session, main: ModuleInfo): Program["types"] {
  return [...main.types.values()].flatMap((info) => {
    const { record, syntax, sizes } = info;
    if (!record || !syntax.exported || info.module !== main) return [];
    if (scalarsIn(record).includes("wide"))
      report(
        { session },
        "U02",
        syntax.name.at,
        `\`${syntax.name.text}\` has \`wide\` in it, and an exported type may not`,
        {
          help: "write `real`, or do not export it",
        },
      );
    return [{ name: syntax.name.text, doc: syntax.doc, sizes, record }];
  });
}

/** By file and place, each once. */
function inOrder(all: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return [...all]
    .sort((a, b) => (a.at.file === b.at.file ? a.at.start - b.at.start : a.at.file < b.at.file ? -1 : 1))
    .filter((d) => {
      const key = `${d.code} ${d.at.file} ${d.at.start} ${d.at.end} ${d.message}`;
      return !seen.has(key) && seen.add(key);
    });
}
