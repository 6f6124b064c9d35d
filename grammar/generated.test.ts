// What is made from the grammar is current, whole, and speaks of the lexer's words.
import fs from "node:fs";
import { describe, expect, test } from "vitest";
import { generatedFiles } from "./generated.js";
import { grammarRules, lexical, namesIn, type Production } from "./productions.js";
import { keywords, sym } from "./tokens.js";

const written = (name: string): string => fs.readFileSync(new URL(name, import.meta.url), "utf8");

test.each([...generatedFiles()])("%s is what `npm run grammar` writes", (name, text) => {
  expect(written(name)).toBe(text);
});

const literals = (production: Production): readonly string[] => {
  if (production.kind === "literal") return [production.text];
  if (production.kind === "name") return [];
  return "parts" in production ? production.parts.flatMap(literals) : literals(production.part);
};

describe("the rules", () => {
  const rules = grammarRules();

  test("are defined once, and speak of each other and of the kinds of words only", () => {
    const known = [...rules, ...lexical].map(({ name }) => name);
    expect(new Set(known).size).toBe(known.length);
    expect(rules.flatMap(({ definition }) => namesIn(definition)).filter((name) => !known.includes(name))).toEqual([]);
  });

  test("use every keyword and every symbol", () => {
    const used = new Set(rules.flatMap(({ definition }) => literals(definition)));
    expect([...keywords, ...Object.keys(sym), "{", "}"].filter((word) => !used.has(word))).toEqual([]);
  });

  test("are read well in EBNF", () => {
    const lines = written("fold.ebnf").split("\n");
    expect(lines).toContain('block = "{", [ statement, { newline, statement } ], "}" ;');
    expect(lines).toContain('compare = sum, [ ( "==" | "!=" | "<=" | ">=" | "<" | ">" ), sum ] ;');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110);
  });

  test("have a diagram each, which asks nothing of the network", () => {
    const page = written("railroad.html");
    for (const { name } of rules) expect(page).toContain(`<section id="${name}">`);
    expect(page).not.toMatch(/https?:|<script|NaN|undefined/);
  });
});

describe("the editor's grammar", () => {
  const { patterns } = JSON.parse(written("fold.tmLanguage.json")) as {
    readonly patterns: readonly { readonly name?: string; readonly match?: string }[];
  };

  test("knows the lexer's keywords", () => {
    const { match = "" } = patterns.find(({ name }) => name === "keyword.fold") ?? {};
    const [, list = ""] = /\(\?:(.*?)\)/.exec(match) ?? [];
    expect(list.split("|")).toEqual(keywords);
  });

  test("has patterns that are regular expressions, and tell words from parts of words", () => {
    const pattern = (wanted: string) => new RegExp(patterns.find(({ name }) => name === wanted)?.match ?? "(?!)");
    for (const { match } of patterns) if (match !== undefined) expect(() => new RegExp(match)).not.toThrow();
    expect(pattern("keyword.fold").test("let x")).toBe(true);
    expect(pattern("keyword.fold").test("outlet r.in input")).toBe(false);
    expect(pattern("constant.numeric.fold").exec("0..n")?.[0]).toBe("0");
    expect(pattern("support.function.reducer.fold").test("sum(x)")).toBe(false);
  });
});
