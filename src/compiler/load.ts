// From a file's name to a typed program: the file, what it imports, and all that is wrong with them.
import { type Parsed, parseModule } from "../../grammar/parse.js";
import { checkProgram } from "./check/check.js";
import type { Diagnostic, SourceFile } from "./diagnostic.js";
import { readStdlib, stdlibModule } from "./stdlib.js";
import type { Module } from "./syntax.js";
import type { FunctionDef, LibraryEdition, Program } from "./typed.js";

export interface Loaded {
  /** Absent where there are errors. */
  readonly program?: Program;
  readonly diagnostics: readonly Diagnostic[];
  /** Every text that was read, by the name under which diagnostics speak of it. */
  readonly sources: ReadonlyMap<string, SourceFile>;
}

const library = new Map<string, { readonly text: string; readonly parsed: Parsed }>();
let edition: LibraryEdition = {};

/** The standard library is parsed once in a process: nearly every program imports of it. */
function parseLibrary(source: SourceFile): Parsed {
  const old = library.get(source.name);
  if (old?.text === source.text) return old.parsed;
  if (old) edition = {};
  const parsed = parseModule(source);
  library.set(source.name, { text: source.text, parsed });
  return parsed;
}

/** Parses and checks `file` and what it imports. `read` gives the text of a path; `std/…` comes from the standard library. */
export function loadProgram(file: string, read: (path: string) => string | undefined): Loaded {
  const sources = new Map<string, SourceFile>();
  const modules = new Map<string, Module | undefined>();
  const problems: Diagnostic[] = [];

  const load = (name: string): Module | undefined => {
    if (modules.has(name)) return modules.get(name);
    const text = name.startsWith("std/") ? readStdlib(name) : read(name);
    if (text === undefined) {
      modules.set(name, undefined);
      return undefined;
    }
    const source = { name, text };
    sources.set(name, source);
    const parsed = name.startsWith("std/") ? parseLibrary(source) : parseModule(source);
    modules.set(name, parsed.module);
    problems.push(...parsed.diagnostics);
    // Here, so that a file that can't be parsed is known before anything is checked.
    for (const i of parsed.module.imports) load(nameOfImport(i.from.text, name));
    return parsed.module;
  };

  const entry = load(stdlibModule(file) ?? file);
  if (!entry) {
    const at = { file, start: 0, end: 0 };
    const missing: Diagnostic = {
      code: "N05",
      severity: "error",
      message: `there is no file ${file}`,
      at,
      help: "check its path",
    };
    return { diagnostics: [missing], sources: new Map([[file, { name: file, text: "" }]]) };
  }
  // A broken text lacks declarations: checking it would complain of what is missing.
  if (problems.some((d) => d.severity === "error")) return { diagnostics: problems, sources };
  const checked = checkProgram(entry, (from, importer) => load(nameOfImport(from, importer.file)));
  const { program } = checked;
  // The standard library's files are also read while the checker asks for them.
  const diagnostics = [...problems, ...checked.diagnostics];
  const sound = program && !diagnostics.some((d) => d.severity === "error");
  return { ...(sound ? { program: { ...program, sources, library: edition } } : {}), diagnostics, sources };
}

/** The functions of the file itself that are exported: its kernels. */
export const exportsOf = (program: Program): readonly FunctionDef[] =>
  program.functions.filter((f) => f.exported && f.at.file === program.file);

/** The name of the module that `from` means in the module `importer`. */
function nameOfImport(from: string, importer: string): string {
  if (from.startsWith("std/")) return from;
  if (importer.startsWith("std/")) return `std/${from.replace(/^\.\//, "").replace(/\.fold$/, "")}`;
  const path = from.endsWith(".fold") ? from : `${from}.fold`;
  const joined = joinPath(importer, path);
  return stdlibModule(joined) ?? joined;
}

/** `path` beside the file `beside`, with `.` and `..` taken out. */
function joinPath(beside: string, path: string): string {
  const parts = [...beside.split(/[\\/]/).slice(0, -1), ...path.split("/")];
  const kept: string[] = [];
  for (const p of parts) {
    if (p === "." || (p === "" && kept.length > 0)) continue;
    const last = kept.at(-1);
    if (p === ".." && last !== undefined && last !== ".." && last !== "") kept.pop();
    else kept.push(p);
  }
  return kept.join("/");
}
