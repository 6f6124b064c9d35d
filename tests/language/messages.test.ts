// What a message shows of a value, on the interpreter and on the CPU: decimal integers, `true` and `false`, six digits of a real.
import { expect, test } from "vitest";
import { artifactOf } from "../../src/compile.js";
import { loadProgram } from "../../src/compiler/load.js";
import { runTest } from "../../src/ir/interpret/index.js";
import { callKernel } from "../../src/runtime/call.js";
import { device } from "../../src/runtime/devices.js";

const text = `
export fn f(x: real, b: bool, u: u32) -> real {
  require x < 0 else "x={x} b={b} u={u}"
  return x
}
test "fails" { expect f(0.1, false, 4000000000) == 0 }
`;
const { program } = loadProgram("messages.fold", (path) => (path === "messages.fold" ? text : undefined));
if (!program) throw new Error("the program is not accepted");
const artifact = artifactOf(program);
const message = "x=0.1 b=false u=4000000000";

test("on the interpreter", () => {
  const [failing] = program.tests;
  expect(failing && runTest(failing, { real: "float64" }).error?.message).toContain(message);
});

test.each(["float32", "float64"] as const)("on the CPU in %s", async (dtype) => {
  const cpu = await device("cpu");
  await expect(callKernel(artifact, "f", [0.1, false, 4000000000], { device: cpu, dtype })).rejects.toThrow(message);
});
