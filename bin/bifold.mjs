#!/usr/bin/env node
// The command line's entry. In a checkout it brings its bundle up to date first; in an installed package the bundle is in dist/.
import fs from "node:fs";
import module from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import v8 from "node:v8";

// Most functions of the compiler run too few times for code that is optimised, and enough for code that is not interpreted.
v8.setFlagsFromString("--always-sparkplug");
// Node 22 and later keep compiled code between runs.
module.enableCompileCache?.();
const inCheckout = fs.existsSync(fileURLToPath(new URL("../src/cli/main.ts", import.meta.url)));
const bundle = inCheckout
  ? pathToFileURL(await (await import("../scripts/cli.mjs")).currentCli()).href
  : new URL("../dist/cli/main.js", import.meta.url).href;
const { main } = await import(bundle);
// Whoever reads may stop early, as `head` does.
process.stdout.on("error", (error) => process.exit(error.code === "EPIPE" ? 0 : 1));
process.exitCode = await main(process.argv.slice(2));
