// For the tests: programs from texts, and what the checker made of them in a form that reads well.
import { loadProgram } from "../load.js";
import type { Block, FunctionDef, Local, Program } from "../typed.js";
import { findFunction } from "./check.js";
import { formatType } from "./types.js";

/** Every error and warning as `CODE line`, with other files' names before the line; `files` are beside `main.fold`. */
export function complaints(text: string, files: Readonly<Record<string, string>> = {}): readonly string[] {
  const { diagnostics, sources } = loadProgram("main.fold", (path) => (path === "main.fold" ? text : files[path]));
  return diagnostics.map((d) => {
    const line = (sources.get(d.at.file)?.text ?? "").slice(0, d.at.start).split("\n").length;
    return `${d.code} ${d.at.file === "main.fold" ? "" : `${d.at.file}:`}${line}`;
  });
}

/** The messages of all that is wrong, each with its notes and its help. */
export const messages = (text: string): readonly string[] =>
  loadProgram("main.fold", (path) => (path === "main.fold" ? text : undefined)).diagnostics.map((d) =>
    [d.message, ...(d.notes ?? []), d.help ?? ""].join(" | "),
  );

export function accepted(text: string): Program {
  const { program, diagnostics } = loadProgram("main.fold", (path) => (path === "main.fold" ? text : undefined));
  if (!program) throw new Error(diagnostics.map((d) => `${d.code} ${d.message}`).join("\n"));
  return program;
}

export function functionOf(text: string, name: string): FunctionDef {
  const found = findFunction(accepted(text), name);
  if (!found) throw new Error(`no function ${name}`);
  return found;
}

/** The types of the names that a function makes, by name. */
export function typesIn(def: FunctionDef): Readonly<Record<string, string>> {
  const types: Record<string, string> = {};
  const note = (local: Local): void => {
    types[local.name] = formatType(local.type);
  };
  const visit = (block: Block): void => {
    for (const s of block) {
      if (s.kind === "define" || s.kind === "tabulate" || s.kind === "size") note(s.local);
      if (s.kind === "unpack") for (const f of s.fields) note(f.local);
      if (s.kind === "for" || s.kind === "loop") visit(s.body);
      if (s.kind === "if") {
        visit(s.then);
        visit(s.otherwise);
      }
    }
  };
  visit(def.body);
  return types;
}

/** The types of the names that the statements make, in a function with some parameters to use. */
export const typesOf = (statements: string): Readonly<Record<string, string>> =>
  typesIn(
    functionOf(
      `fn f(x: real[n], y: real[n], A: real[n, p], g: i32[n], h: u32[n], k: i32, u: u32, s: real, w: wide, b: bool) -> real {
${statements}
  return 0
}`,
      "f",
    ),
  );
