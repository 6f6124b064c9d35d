// `bifold fmt`: files in the canonical layout, in place; with `--check` it only says which are not.
import fs from "node:fs";
import { formatSource } from "../../grammar/format.js";
import { renderDiagnostics } from "../compiler/render.js";
import { colourful, readFile } from "./source.js";

export function fmt(files: readonly string[], onlyCheck: boolean): number {
  let failed = 0;
  for (const name of files) {
    const source = { name, text: readFile(name) };
    const { text, diagnostics } = formatSource(source);
    if (diagnostics.length > 0) {
      process.stderr.write(`${renderDiagnostics(diagnostics, new Map([[name, source]]), { color: colourful() })}\n`);
      failed++;
    } else if (text !== source.text) {
      if (onlyCheck) failed++;
      else fs.writeFileSync(name, text);
      process.stdout.write(`${onlyCheck ? "would format" : "formatted"} ${name}\n`);
    }
  }
  return failed === 0 ? 0 : 1;
}
