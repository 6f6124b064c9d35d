// Runs after `npm ci` in a checkout: links `bifold` beside the other commands, as npm does in every package but this one, and bundles it.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { currentCli } from "./cli.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const link = path.join(root, "node_modules", ".bin", "bifold");

// Without the development dependencies there is nothing to make it with; `npx` finds the command on Windows without a link.
if (fs.existsSync(path.join(root, "node_modules", "esbuild"))) {
  if (process.platform !== "win32") {
    fs.rmSync(link, { force: true });
    fs.symlinkSync(path.join("..", "..", "bin", "bifold.mjs"), link);
  }
  await currentCli();
}
