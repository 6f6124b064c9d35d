// `npm run types`: declarations beside every `.fold` file of the folders that are given, so that a fresh checkout can be type-checked.
import fs from "node:fs";
import path from "node:path";
import { renderDiagnostics } from "../compiler/render.js";
import { Programs } from "./programs.js";
import { writeTypes } from "./types.js";

const root = process.cwd();
const programs = new Programs();
for (const folder of process.argv.slice(2))
  for (const name of fs.readdirSync(folder, { recursive: true })) {
    const file = path.resolve(folder, String(name));
    if (!file.endsWith(".fold")) continue;
    const { program, diagnostics, sources } = programs.open(file, root);
    if (program) writeTypes(file, program, "bifold/runtime");
    else {
      process.stderr.write(renderDiagnostics(diagnostics, sources));
      process.exitCode = 1;
    }
  }
