// The kernels that the tests of the runtime call, compiled in memory, and the devices that they run on.
import { artifactOf } from "../../src/compile.js";
import { loadProgram } from "../../src/compiler/load.js";
import type { Artifact } from "../../src/runtime/device.js";

/** The artifact of a text. */
export function compile(text: string): Artifact {
  const { program, diagnostics } = loadProgram("test.fold", (path) => (path === "test.fold" ? text : undefined));
  if (!program) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join("; "));
  return artifactOf(program);
}
