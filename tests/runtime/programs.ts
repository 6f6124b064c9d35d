// Kernels for the tests of the runtime, compiled in memory.
import { artifactOf } from "../../src/compile.js";
import { loadProgram } from "../../src/compiler/load.js";
import type { Artifact } from "../../src/runtime/device.js";

/** The artifact of a text. However many devices ask, each build is made once. */
export function compile(text: string): Artifact {
  const { program, diagnostics } = loadProgram("test.fold", (path) => (path === "test.fold" ? text : undefined));
  if (!program) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join("; "));
  const artifact = artifactOf(program);
  const once = (build: () => Promise<unknown>): (() => Promise<unknown>) => {
    let made: Promise<unknown> | undefined;
    return () => {
      made ??= build();
      return made;
    };
  };
  return {
    ...artifact,
    code: Object.fromEntries(Object.entries(artifact.code).map(([name, build]) => [name, once(build)])),
  };
}
