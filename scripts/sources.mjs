// Where the checkout is, and when its sources changed last: what is built of them is kept until then.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const isSource = (name) => /\.(ts|mjs|fold|json)$/.test(name) && !/\.test\.ts$|\.d\.fold\.ts$/.test(name);

/** The time of the newest source in `places` (files and folders of the checkout). */
export function newest(places) {
  let last = 0;
  const visit = (name) => {
    const stat = fs.statSync(name);
    if (stat.isDirectory()) for (const entry of fs.readdirSync(name)) visit(path.join(name, entry));
    else if (isSource(name)) last = Math.max(last, stat.mtimeMs);
  };
  for (const place of places) visit(path.join(root, place));
  return last;
}

/** All names of files in a folder and its folders. */
export const filesIn = (folder) =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
