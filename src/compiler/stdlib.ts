// Where the standard library's sources are: the one file of the compiler that touches the file system.
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

let folder: string | undefined;

/** The `stdlib` folder above this file: the same in the checkout and in a build under `dist/`. */
export function stdlibFolder(): string {
  if (folder !== undefined) return folder;
  let at = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = join(at, "stdlib");
    if (existsSync(candidate) && readdirSync(candidate).some((name) => name.endsWith(".fold"))) {
      folder = candidate;
      return candidate;
    }
    const up = dirname(at);
    // Nothing is found: then every import of `std/…` is an error of the program's.
    if (up === at) return join(dirname(fileURLToPath(import.meta.url)), "stdlib");
    at = up;
  }
}

/** The source of `std/linalg` and its kin. */
export function readStdlib(module: string): string | undefined {
  if (!/^std\/[a-z][a-z0-9_-]*$/i.test(module)) return undefined;
  const path = join(stdlibFolder(), `${module.slice("std/".length)}.fold`);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** The modules of the standard library: `std/linalg` and its kin. */
export const stdlibModules = (): readonly string[] =>
  existsSync(stdlibFolder())
    ? readdirSync(stdlibFolder())
        .filter((name) => name.endsWith(".fold"))
        .map((name) => `std/${name.slice(0, -".fold".length)}`)
        .sort()
    : [];

/** `std/math` for the path of its file, so that it is one module however it is asked for. */
export function stdlibModule(path: string): string | undefined {
  if (!path.endsWith(".fold") || !existsSync(path) || !existsSync(stdlibFolder())) return undefined;
  // Links are followed: a checkout may be reached by one.
  const full = realpathSync(resolve(path));
  const inside = `${realpathSync(stdlibFolder())}${sep}`;
  if (!full.startsWith(inside)) return undefined;
  const name = full.slice(inside.length, -".fold".length);
  return name.includes(sep) ? undefined : `std/${name}`;
}
