// Every run-time error's own examples, run by the interpreter: the wrong program fails with that code, the right one passes.
import { describe, expect, test } from "vitest";
import { runtimeCodes } from "../../src/compiler/codes/runtime.js";
import { loadProgram } from "../../src/compiler/load.js";
import { runTest } from "../../src/ir/interpret/index.js";

const examplesOf = (text: string): readonly string[] =>
  /Wrong:\n\n([\s\S]*?)\n\nRight:\n\n([\s\S]*)/.exec(text)?.slice(1) ?? [];

const outcome = (text: string) => {
  const { program, diagnostics } = loadProgram("a.fold", (path) => (path === "a.fold" ? text : undefined));
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return program!.tests.map((test) => runTest(test, { real: "float64" }));
};

/** Of these the program is right, and its caller or its machine is not. */
const outside = ["R09", "R10"];

describe.each(Object.entries(runtimeCodes))("%s", (code, { text }) => {
  const [wrong = "", right = ""] = examplesOf(text);
  if (!outside.includes(code))
    test("its wrong program fails with it", () => {
      expect(outcome(wrong).map(({ error }) => error?.code)).toEqual([code]);
    });
  test("its right program passes", () => {
    const outcomes = outcome(right);
    expect(outcomes.length).toBe(outside.includes(code) ? 0 : 1);
    expect(outcomes.filter(({ passed }) => !passed)).toEqual([]);
  });
});
