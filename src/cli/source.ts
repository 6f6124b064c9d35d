// Opening a `.fold` file for a command: its diagnostics go to standard error, and a command goes on only where there is a program.
import fs from "node:fs";
import path from "node:path";
import { exportsOf, loadProgram } from "../compiler/load.js";
import { renderDiagnostics } from "../compiler/render.js";
import type { FunctionDef, Program } from "../compiler/typed.js";
import { BifoldError } from "../runtime/errors.js";

/** Whether output may be coloured: a terminal, and nobody has asked for none. */
export const colourful = (stream: { readonly isTTY?: boolean } = process.stderr): boolean =>
  Boolean(stream.isTTY) && !process.env["NO_COLOR"];

/** `text` on standard output in the colour of a terminal's `code`. */
export const paint = (code: string, text: string): string =>
  colourful(process.stdout) ? `\u001b[${code}m${text}\u001b[0m` : text;

/** A command's failure that is already said: nothing more is to be printed. */
export class Reported extends Error {}

/** Reads a text, or gives nothing where there is no such file. */
const readText = (file: string): string | undefined =>
  fs.statSync(file, { throwIfNoEntry: false })?.isFile() ? fs.readFileSync(file, "utf8") : undefined;

/** @throws {BifoldError} `parameter` where there is no such file */
export function readFile(file: string): string {
  const text = readText(file);
  if (text === undefined) throw new BifoldError("parameter", `there is no file ${file}`);
  return text;
}

/**
 * The program in `file`. Prints what is wrong with it.
 * @throws {Reported} where it has errors
 */
export function openProgram(file: string): Program {
  const name = path.normalize(file);
  readFile(name);
  const { program, diagnostics, sources } = loadProgram(name, readText);
  if (diagnostics.length > 0)
    process.stderr.write(`${renderDiagnostics(diagnostics, sources, { color: colourful() })}\n`);
  if (!program) throw new Reported();
  return program;
}

/** @throws {BifoldError} `parameter` where the file exports no such function */
export function exportNamed(program: Program, name: string): FunctionDef {
  const exported = exportsOf(program);
  const def = exported.find((f) => f.name === name);
  if (def) return def;
  const list = exported.map((f) => f.name).join(", ");
  throw new BifoldError(
    "parameter",
    `${program.file} exports no function ${name}${list ? `: it exports ${list}` : ""}`,
  );
}
