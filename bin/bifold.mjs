#!/usr/bin/env node
// The command line's entry. In a checkout it brings dist/ up to date first; in an installed package dist/ is all there is.
import fs from "node:fs";
import { fileURLToPath } from "node:url";

const inCheckout = fs.existsSync(fileURLToPath(new URL("../src/cli/main.ts", import.meta.url)));
if (inCheckout) {
  const { isStale, transpile } = await import("../scripts/transpile.mjs");
  if (isStale()) await transpile();
}
const { main } = await import("../dist/src/cli/main.js");
process.exitCode = await main(process.argv.slice(2));
