// Every parse error's own examples, and that the parser's codes are those that are explained.
import fs from "node:fs";
import { describe, expect, test } from "vitest";
import { parseModule } from "../../../grammar/parse.js";
import { codes, explain } from "./index.js";
import { parseCodes } from "./parse.js";
import { runtimeCodes } from "./runtime.js";

/** The programs of a code's text. */
function examplesOf(text: string): readonly [wrong: string, right: string] {
  const [, wrong = "", right = ""] = /Wrong:\n\n([\s\S]*?)\n\nRight:\n\n([\s\S]*)/.exec(text) ?? [];
  return [wrong, right];
}
const codesOf = (text: string) => parseModule({ name: "a.fold", text }).diagnostics.map(({ code }) => code);
/** Too long to be shown. */
const generated: Readonly<Record<string, string>> = {
  P10: `fn long(x: real) -> real { return ${"x + ".repeat(600)}x }`,
};

describe.each(Object.entries(parseCodes))("%s", (code, { text }) => {
  const [wrong, right] = examplesOf(text);
  test("its wrong program has it alone, its right one has no error", () => {
    expect(codesOf(generated[code] ?? wrong)).toEqual([code]);
    expect(right.length).toBeGreaterThan(0);
    expect(codesOf(right)).toEqual([]);
  });
});

test.each(Object.entries(runtimeCodes))(
  "%s: its programs can be read, since they fail only when they run",
  (_, { text }) => {
    for (const program of examplesOf(text)) {
      expect(program.length).toBeGreaterThan(0);
      expect(codesOf(program)).toEqual([]);
    }
  },
);

test("the parser's codes are those that are explained", () => {
  const folder = new URL("../../../grammar/", import.meta.url);
  const sources = fs.readdirSync(folder).filter((name) => /(?<!\.test)\.ts$/.test(name));
  const used = sources.flatMap((name) => fs.readFileSync(new URL(name, folder), "utf8").match(/"P\d\d"/g) ?? []);
  expect([...new Set(used.map((code) => code.slice(1, -1)))].sort()).toEqual(Object.keys(parseCodes));
});

test("codes are a family's letter and two digits, and every family has some", () => {
  expect(Object.keys(codes).every((code) => /^[PNSTLUR]\d\d$/.test(code))).toBe(true);
  expect(new Set(Object.keys(codes).map((code) => code[0]))).toEqual(new Set("PNSTLUR"));
});

test("a code that doesn't exist has no explanation", () => {
  expect(explain("P06")?.title).toBe("a chain of comparisons");
  for (const code of ["P99", "", "toString", "p06"]) expect(explain(code)).toBeUndefined();
});
