// Run-time errors as a person reads them: rendered like those of the compiler, at the place in the source that they carry.
import fs from "node:fs";
import type { Diagnostic, SourceFile, Span } from "../compiler/diagnostic.js";
import { renderDiagnostics } from "../compiler/render.js";
import type { Program } from "../compiler/typed.js";
import type { BifoldError } from "../runtime/errors.js";
import { colourful } from "./source.js";

/** An error of a kernel ends with the place of the check that failed, or of what its target can't do. */
const placed = /^(?<code>[RU]\d\d): (?<message>.*)\n {2}--> (?<file>[^\n]*):(?<line>\d+):(?<column>\d+)$/s;

/** The diagnostic that a kernel's error is, where it carries its place in a source. */
function diagnosticOf(error: BifoldError, sources: ReadonlyMap<string, SourceFile>): Diagnostic | undefined {
  const groups = placed.exec(error.message)?.groups;
  const text = sources.get(groups?.["file"] ?? "")?.text;
  if (!groups || text === undefined) return undefined;
  const { code = "", message = "", file = "", line, column } = groups;
  return { code, severity: "error", message, at: wordAt(text, file, Number(line), Number(column)) };
}

/** The text on the disk that an error speaks of. */
function sourceNamed(error: BifoldError): ReadonlyMap<string, SourceFile> {
  const name = placed.exec(error.message)?.groups?.["file"] ?? "";
  return new Map(fs.existsSync(name) ? [[name, { name, text: fs.readFileSync(name, "utf8") }]] : []);
}

/** The word, or the character, that stands at a place. */
function wordAt(text: string, file: string, line: number, column: number): Span {
  let start = 0;
  for (let k = 1; k < line; k++) start = text.indexOf("\n", start) + 1;
  start += column - 1;
  const word = /^\w+/.exec(text.slice(start))?.[0] ?? "";
  return { file, start, end: start + Math.max(1, word.length) };
}

export const render = (diagnostics: readonly Diagnostic[], program: Program): string =>
  renderDiagnostics(diagnostics, program.sources ?? new Map(), { color: colourful() });

/** What to print of an error that nobody foresaw. */
export const internalError = (error: Error): string =>
  `error: ${error.message.startsWith("internal: ") ? "" : "internal: "}${error.message}\nThis is a defect of bifold: please report it with the file and the command.`;

/** What to print of an error that is Bifold's own. */
export function describeError(error: BifoldError, program?: Program): string {
  const sources = program?.sources ?? sourceNamed(error);
  const diagnostic = diagnosticOf(error, sources);
  if (diagnostic) return renderDiagnostics([diagnostic], sources, { color: colourful() });
  // A message that begins with a code says it itself; `parameter` is for programs.
  const code = /^R\d\d: /.test(error.message) ? " " : error.code === "parameter" ? ": " : ` ${error.code}: `;
  return `error${code}${error.message}`;
}
