// What a result on one implementation can't show is read off the text of kernels: WGSL lets an implementation reassociate.
import { describe, expect, it } from "vitest";
import { helperTexts } from "../../src/codegen/wgsl/helpers.js";
import { emitWgsl } from "../../src/codegen/wgsl/index.js";
import { optimise, precisions, toNests, toPlan } from "../../src/compile.js";
import { exportsOf, loadProgram } from "../../src/compiler/load.js";

const text = `
export fn waves(x: real[n]) -> real[n] {
  let y[i] = sin(x[i])
  return y
}
`;

function textsOf(source: string): string {
  const { program } = loadProgram("text.fold", (path) => (path === "text.fold" ? source : undefined));
  const [def] = program ? exportsOf(program) : [];
  if (!program || !def) throw new Error("the program is not accepted");
  return emitWgsl(toPlan(optimise(toNests(program, def, "wgsl", precisions.gpu), "wgsl"))).texts.join("\n");
}

describe("what must not be reassociated", () => {
  it("goes through a value that no compiler knows", () => {
    for (const helper of ["opaqueF", "opaqueI", "opaqueU"] as const)
      expect(helperTexts(new Set([helper])).join()).toMatch(/\^ (bitcast<i32>\()?frame\.zero/);
  });

  it("stands between the steps that reduce the argument of sin", () => {
    expect(textsOf(text)).toMatch(/opaqueF\(opaqueF\([^;]*\) - [^;]*\)/);
  });
});
