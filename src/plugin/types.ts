// The declarations that stand beside a `.fold` file, so that TypeScript (with `allowArbitraryExtensions`) knows what it exports.
import fs from "node:fs";
import { emitDeclarations } from "../codegen/artifact/declarations.js";
import { exportsOf } from "../compiler/load.js";
import type { Program } from "../compiler/typed.js";

/** Writes `ridge.d.fold.ts` for `ridge.fold`. A file that says the same already is left alone, so that watchers stay quiet. */
export function writeTypes(file: string, program: Program, runtime: string): void {
  const target = file.replace(/\.fold$/, ".d.fold.ts");
  const text = emitDeclarations(program, exportsOf(program), runtime);
  if (fs.existsSync(target) && fs.readFileSync(target, "utf8") === text) return;
  fs.writeFileSync(target, text);
}
