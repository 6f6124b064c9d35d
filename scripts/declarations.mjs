// Declarations of the package: those that its entry points reach, with what they need said in them.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { filesIn, root } from "./sources.mjs";

/** Writes `out/name.d.ts` for each entry (name -> source), and the declarations that they speak of under `out/types`. */
export function writeDeclarations(entries, out) {
  const types = path.join(out, "types");
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json", "--outDir", types], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  const tops = Object.entries(entries).map(([name, source]) => {
    const own = path.join(types, source.replace(/\.ts$/, ".d.ts"));
    const from = `"./types/${source.replace(/\.ts$/, ".js")}"`;
    const hasDefault = /^export default /m.test(fs.readFileSync(own, "utf8"));
    const lines = [`export * from ${from};`, ...(hasDefault ? [`export { default } from ${from};`] : [])];
    fs.writeFileSync(path.join(out, `${name}.d.ts`), `${lines.join("\n")}\n`);
    return own;
  });
  const reached = reachable(tops);
  for (const file of filesIn(types)) if (!reached.has(file)) fs.rmSync(file);
  for (const file of reached) sayLibraries(file);
}

/** The declaration files that `files` import, and those that these import. */
function reachable(files) {
  const found = new Set(files);
  for (const file of found) {
    const text = fs.readFileSync(file, "utf8");
    for (const [, name] of text.matchAll(/(?:from |import\()"(\.[^"]*)"/g)) {
      const target = path.resolve(path.dirname(file), name).replace(/\.js$/, ".d.ts");
      if (!fs.existsSync(target))
        throw new Error(`${file} speaks of ${name}, which has no declarations in the package`);
      found.add(target);
    }
  }
  return found;
}

/** `Symbol.dispose` is newer than the library that a project has by default. */
function sayLibraries(file) {
  const text = fs.readFileSync(file, "utf8");
  if (text.includes("Symbol.dispose")) fs.writeFileSync(file, `/// <reference lib="esnext.disposable" />\n${text}`);
}
