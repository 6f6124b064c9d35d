// `bifold build`: an ES module with typed declarations of each file, and a code file for each variant.
import fs from "node:fs";
import path from "node:path";
import { ABI_VERSION } from "../abi.js";
import { emitDeclarations } from "../codegen/artifact/declarations.js";
import { emitModule } from "../codegen/artifact/module.js";
import { signatureOf } from "../codegen/artifact/signature.js";
import { compileVariant, variantNames } from "../compile.js";
import { exportsOf } from "../compiler/load.js";
import { openProgram } from "./source.js";

export interface BuildOptions {
  readonly out: string;
  readonly runtime: string;
}

export async function build(files: readonly string[], options: BuildOptions): Promise<number> {
  fs.mkdirSync(options.out, { recursive: true });
  for (const file of files) {
    const start = performance.now();
    const program = openProgram(file);
    const exported = exportsOf(program);
    const variants = variantNames.map((name) => ({ name, code: compileVariant(program, name, { small: true }) }));
    const outputs = [
      ...emitModule(file, exported.map(signatureOf), variants, ABI_VERSION, options.runtime),
      { name: `${path.basename(file)}.d.ts`, text: emitDeclarations(program, exported, options.runtime) },
    ];
    for (const o of outputs) fs.writeFileSync(path.join(options.out, o.name), o.text);
    const bytes = outputs.reduce((n, o) => n + o.text.length, 0);
    process.stderr.write(
      `${file}: ${exported.length} functions, ${variants.length} variants, ${Math.ceil(bytes / 1024)} KB in ${Math.round(performance.now() - start)} ms\n`,
    );
  }
  return 0;
}
