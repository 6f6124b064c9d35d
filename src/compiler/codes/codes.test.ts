// Every code's own examples: the wrong program has that code and nothing else, the right one is accepted.
import { describe, expect, test } from "vitest";
import { limitsOf } from "../../ir/schedule-gpu/limits.js";
import { loadProgram } from "../load.js";
import type { CodeEntry } from "./entry.js";
import { loopCodes } from "./loops.js";
import { nameCodes } from "./names.js";
import { sizeCodes } from "./sizes.js";
import { typeCodes } from "./types.js";
import { useCodes } from "./use.js";

const codes: Readonly<Record<string, CodeEntry>> = {
  ...nameCodes,
  ...sizeCodes,
  ...typeCodes,
  ...loopCodes,
  ...useCodes,
};

const chain = (length: number): string =>
  Array.from({ length }, (_, k) => `fn f${k}(x: real) -> real { return f${k + 1}(x) }\n`).join("") +
  `fn f${length}(x: real) -> real { return x }`;

/** Of the codes whose programs are too long to show. */
const generated: Readonly<Record<string, readonly [string, string]>> = { T14: [chain(200), chain(20)] };

function examples(code: string, text: string): readonly [string, string] {
  const made = generated[code];
  if (made) return made;
  const [, wrong = "", right = ""] = /Wrong:\n\n([\s\S]*?)\n\nRight:\n\n([\s\S]*)/.exec(text) ?? [];
  return [wrong, right];
}

/** What the front end says, and where it says nothing, what WebGPU can't do. */
const check = (text: string) => {
  const { program, diagnostics } = loadProgram("main.fold", (path) => (path === "main.fold" ? text : undefined));
  return program ? [...diagnostics, ...limitsOf(program)] : diagnostics;
};

describe.each(Object.entries(codes))("%s", (code, entry) => {
  const [wrong, right] = examples(code, entry.text);
  test("its wrong program has it alone", () => {
    expect([...new Set(check(wrong).map((d) => d.code))]).toEqual([code]);
  });
  test("its right program is accepted", () => {
    expect(check(right)).toEqual([]);
  });
  test("it says what to try", () => {
    expect(check(wrong).every((d) => d.help !== undefined && d.help !== "")).toBe(true);
  });
});
