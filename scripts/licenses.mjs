// The licenses of the packages whose code is bundled into the tools: their notices must go where their code goes.
import fs from "node:fs";
import path from "node:path";
import { root } from "./sources.mjs";

/** The folder of the package that a file of node_modules belongs to. */
const packageOf = (name) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1];

/** Writes the notices of all packages that a bundle (esbuild's metafile) has code of. */
export function writeLicenses(metafile, target) {
  const used = Object.values(metafile.outputs).flatMap((output) =>
    Object.entries(output.inputs).flatMap(([name, { bytesInOutput }]) => (bytesInOutput > 0 ? [packageOf(name)] : [])),
  );
  const texts = [...new Set(used)]
    .filter((folder) => folder !== undefined)
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(fs.readFileSync(path.join(root, folder, "package.json"), "utf8"));
      const file = fs.readdirSync(path.join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
      const notice = file ? fs.readFileSync(path.join(root, folder, file), "utf8").trim() : "";
      return `${name} ${version} (${license})\n\n${notice}\n`;
    });
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, texts.join(`\n${"-".repeat(80)}\n\n`));
}
