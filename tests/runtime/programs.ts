// Kernels for the tests of the runtime, compiled in memory.
import { artifactOf } from "../../src/compile.js";
import { loadProgram } from "../../src/compiler/load.js";
import type { Program } from "../../src/compiler/typed.js";
import type { Artifact } from "../../src/runtime/device.js";

type Files = Readonly<Record<string, string>>;

/** The program of a text; `files` are beside it. */
export function load(text: string, files: Files = {}): Program {
  const { program, diagnostics } = loadProgram("test.fold", (path) => (path === "test.fold" ? text : files[path]));
  if (!program) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join("; "));
  return program;
}

/** The artifact of a text. However many devices ask, each build is made once. */
export function compile(text: string, files: Files = {}): Artifact {
  const artifact = artifactOf(load(text, files));
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
