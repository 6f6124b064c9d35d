// Turns the TypeScript of the library into JavaScript under dist/, file by file: fast enough to run whenever a source is newer.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const dist = path.join(root, "dist");
const folders = ["grammar", "src", "estimators"];

/** Every library source: TypeScript without tests and declarations. */
export function sources() {
  return folders.flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true })
      .map((name) => path.join(folder, String(name)))
      .filter(
        (name) =>
          name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.endsWith(".d.ts") && !name.endsWith(".d.fold.ts"),
      ),
  );
}

const output = (name) => path.join(dist, name.replace(/\.ts$/, ".js"));

/** Whether some source has no output, or a newer text than its output. */
export function isStale() {
  return sources().some((name) => {
    const made = fs.statSync(output(name), { throwIfNoEntry: false });
    return !made || made.mtimeMs < fs.statSync(path.join(root, name)).mtimeMs;
  });
}

/** Writes every output that is missing or old. `./x.fold` imports become imports of the built artifact beside it. */
export async function transpile() {
  await Promise.all(
    sources().map(async (name) => {
      const source = path.join(root, name);
      const text = fs.readFileSync(source, "utf8");
      const { code } = await transform(text, { loader: "ts", format: "esm", target: "es2022", sourcefile: name });
      const target = output(name);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      const temporary = `${target}.${process.pid}.tmp`;
      fs.writeFileSync(temporary, code.replace(/(["'])(\.[^"']*\.fold)\1/g, "$1$2.js$1"));
      fs.renameSync(temporary, target);
    }),
  );
  fs.cpSync(path.join(root, "stdlib"), path.join(dist, "stdlib"), { recursive: true });
}
