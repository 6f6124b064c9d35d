// What is refused: with which code, where, how often; and that no text whatever makes the parser throw, hang or say nothing.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../src/compiler/diagnostic.js";
import { parseModule } from "./parse.js";
import { everything, program } from "./samples.js";

const diagnose = (text: string): readonly Diagnostic[] => parseModule({ name: "a.fold", text }).diagnostics;
/** Each error as its code and the text that it points at. */
const marks = (text: string): string[] =>
  diagnose(text).map(({ code, at }) => `${code} ${text.slice(at.start, at.end)}`);
const inFunction = (body: string) => `fn f() -> real {\n${body}\n}\n`;

describe("one mistake, one error, at its place", () => {
  test.each([
    ["return 0 < x < 1", ["P06 <"]],
    ["let y = a == b == c", ["P06 =="]],
    ["let in = 3", ["P07 in"]],
    ["within = 3", ["P07 within"]],
    ["let { in } = r", ["P07 in"]],
    ["return { for }", ["P07 for"]],
    ["let x = (a + b\nreturn x", ["P08 ("]],
    ["let x = [1, 2\nlet y = 3", ["P08 ["]],
    ["let x = f(a]", ["P08 ]"]],
    ["let x = A[i)]", ["P08 )"]],
    ["return x)", ["P08 )"]],
    ["for k in 0..n { x = (1 }", ["P08 ("]],
    ["let y = x\n+ z", ["P05 +"]],
    ["let y = A\n'", ["P05 '"]],
    ["let y = a\nand b", ["P05 and"]],
    ["x\n= 3", ["P05 ="]],
    ["if a\n{\n}", ["P05 {"]],
    ["let y = 2x", ["P03 2x"]],
    ["let y = 0x", ["P03 0x"]],
    ["let y = 1_000", ["P03 1_000"]],
    ["let y = 1.2.3", ["P03 1.2.3"]],
    ["let y = 1e999", ["P03 1e999"]],
    ['require a else "b', ['P02 "b']],
    ['require a else "\\t"', ["P02 \\t"]],
    ['require a else "{a + b}, {c}, {d.}, {}"', ["P09 {a + b}", "P09 {d.}", "P09 {}"]],
    ["let y = a && b", ["P01 &&"]],
    ["let y = 'b'", ["P04 '"]],
    ["let y = x[]", ["P04 ]"]],
    ["let y = []", ["P04 ]"]],
    ["return {}", ["P04 }"]],
    ["return", ["P04 "]],
    ["f(x)", ["P04 ("]],
    ["let y = f({ a: 1 })", ["P04 {"]],
    ["let y = fn(x) => x", ["P04 fn"]],
    ["let y = -not x", ["P04 not"]],
    ["A[i].f = 2", ["P04 ."]],
    ["x = 1 y = 2", ["P04 y"]],
    ["let y = if a { b } else { c }", ["P04 {"]],
    ["loop t < 3 { }", ["P04 "]],
    ["let y = sum[i] x[i]", ["P04 x"]],
    ["let y = count[0]", ["P04 0"]],
    ["let y = if a then b", ["P04 "]],
  ])("%s", (body, expected) => {
    expect(marks(inFunction(body))).toEqual(expected);
  });

  test.each([
    ["fn f() -> real {\n  return 1\n\nfn g() -> real {\n  return 2\n}\n", ["P08 {"]],
    ["fn f() -> real {\n  return 1\n", ["P08 {"]],
    ["fn f() -> real {\n  return 1\n}\n}\n", ["P08 }"]],
    ["fn f(x) -> real { return 1 }", ["P04 )"]],
    ["fn f(x: real) { return 1 }", ["P04 {"]],
    ["fn f(in: real) -> real { return 1 }", ["P07 in"]],
    ["type T = real", ["P04 real"]],
    ["type T[] = { a: real }", ["P04 ]"]],
    ["import { a } from std", ["P04 std"]],
    ['fn f() -> real { return 1 }\nimport { a } from "b"', ['P11 import { a } from "b"']],
    ["let x = 3", ["P04 let"]],
    ["fn", ["P04 "]],
  ])("%s", (text, expected) => {
    expect(marks(text)).toEqual(expected);
  });
});

test("what is missing at a line's end is shown on that line", () => {
  for (const body of ["require x > 0", "return", "let y = if a then b", "expect a near b"]) {
    const [error] = diagnose(inFunction(body));
    expect(error?.at.start).toBe(inFunction(body).indexOf(body) + body.length);
    expect(error?.message).toMatch(/found the end of the line$/);
  }
});

test("several errors in one go, and the rest is read", () => {
  const text = `fn f() -> real {
  let a = 1
  let b = = 2
  for k in 0..n {
    x = (
  }
  while c { y + 1 }
  return 0 < a < 1
}
fn g(x) -> real { return 1 }
fn h() -> real {
  return 2 }
`;
  expect(marks(text)).toEqual(["P04 =", "P08 (", "P04 c", "P04 +", "P06 <", "P04 )"]);
  const { declarations } = parseModule({ name: "a.fold", text }).module;
  expect(declarations).toMatchObject([
    { name: { text: "f" }, body: [{ kind: "define" }, { kind: "for" }] },
    { body: [{}] },
  ]);
});

test("of very many errors the first are shown, and the number of the others", () => {
  const diagnostics = diagnose("$ ".repeat(1000));
  expect(diagnostics.length).toBe(100);
  expect(diagnostics.at(-1)?.notes).toEqual(["900 more errors are not shown"]);
  expect(diagnose("$ ".repeat(99)).every(({ notes }) => notes === undefined)).toBe(true);
});

test("a message says what was expected and what was found, and what to try", () => {
  const [error] = diagnose(inFunction("let x = f(a b)"));
  expect(error).toMatchObject({ code: "P04", message: "expected `)`, found `b`", help: "write `)` here" });
});

describe("depth", () => {
  const times = (n: number, text: string) => text.repeat(n);
  const n = 10_000;
  test.each([
    ["parentheses", `let x = ${times(n, "(")}x${times(n, ")")}`],
    ["open parentheses", `let x = ${times(n, "(")}`],
    ["lists", `let x = ${times(n, "[")}`],
    ["signs", `let x = ${times(n, "- ")}x`],
    ["powers", `let x = ${times(n, "x ^ ")}x`],
    ["choices", `let x = ${times(n, "if a then b else ")}x`],
    ["nots", `let x = ${times(n, "not ")}x`],
    ["long sums", `let x = ${times(n, "x + ")}x`],
    ["transposes", `let x = x${times(n, "'")}`],
    ["blocks", `${times(n, "if a {\n")}${times(n, "}\n")}`],
    ["else ifs", `if a { }${times(n, " else if a { }")}`],
    ["reducers", `let x = ${times(n, "sum[i in 0..")}`],
    ["types", `let x: ${times(n, "{ a: ")}real${times(n, "}")} = 1`],
  ])("%s", (_, body) => {
    expect(diagnose(inFunction(body)).map(({ code }) => code)).toContain("P10");
  });

  test("what people write is not too deep", () => {
    expect(diagnose(inFunction(`let x = ${times(60, "(")}x${times(60, ")")}`))).toEqual([]);
    expect(diagnose(inFunction(`let x = ${times(400, "x + ")}x`))).toEqual([]);
    expect(diagnose(inFunction(`let x = [${times(20_000, "1, ")}]`))).toEqual([]);
  });
});

describe("any text at all", () => {
  /** Nothing is thrown, every place is in the text, and what is not read is reported. */
  const holds = (text: string): void => {
    const { module, diagnostics } = parseModule({ name: "a.fold", text });
    for (const { at, others = [] } of diagnostics)
      for (const { start, end } of [at, ...others.map((other) => other.at)]) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(text.length);
      }
    expect(diagnostics.every(({ code, message, help }) => /^P\d\d$/.test(code) && message && help)).toBe(true);
    const words = text.replace(/#.*/g, "").trim();
    if (diagnostics.length === 0 && words !== "")
      expect(module.declarations.length + module.imports.length).toBeGreaterThan(0);
  };

  test("characters", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), holds), { numRuns: 300 });
  });

  test("words in any order", () => {
    const words = [...everything.matchAll(/"[^"\n]*"|[A-Za-z_0-9.]+|\n|[^\s\w]/g)].map(([word]) => word);
    const texts = fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((list) => list.join(" "));
    fc.assert(fc.property(texts, holds), { numRuns: 500 });
    fc.assert(
      fc.property(texts, (text) => holds(inFunction(text))),
      { numRuns: 500 },
    );
  });

  test("programs with a piece taken out, doubled or moved", () => {
    const cut = fc.tuple(fc.oneof(fc.constant(everything), program), fc.nat(), fc.nat({ max: 30 }), fc.nat());
    const mutated = cut.map(([text, at, length, to]) => {
      const start = at % (text.length + 1);
      const [piece, rest] = [text.slice(start, start + length), text.slice(0, start) + text.slice(start + length)];
      const target = to % (rest.length + 1);
      return to % 3 === 0 ? rest : rest.slice(0, target) + piece + rest.slice(target);
    });
    fc.assert(fc.property(mutated, holds), { numRuns: 150 });
  });
});

test("a block that is not closed is found by how the lines are set in", () => {
  const text = `export fn f(x: real[n]) -> real {
  var s = 0.0
  for i in 0..n {
    if x[i] > 0 {
      s += x[i]
  }
  return s
}

export fn g(x: real) -> real { return x }
`;
  const [error, ...more] = diagnose(text);
  expect(more).toEqual([]);
  expect(error).toMatchObject({ code: "P08", at: { start: text.indexOf("{\n      s +=") } });
  expect(error?.others?.map((o) => o.at.start)).toEqual([text.indexOf("}\n  return s")]);
  expect(diagnose(text.replace("    if", "if").replace("  for", "for"))[0]?.at.start).toBe(text.indexOf("{"));
});

test("a keyword that was taken as a name is complained of once, not where it is used", () => {
  const text = `
fn f(in: real[n], x: real) -> real {
  let for = x
  let y[i] = in[i] * for
  return for + sum[i](in[i]) + y[0]
}
fn g(x: real) -> real {
  return x x
}`;
  expect(diagnose(text).map(({ code, at }) => `${code} ${text.slice(at.start, at.end)}`)).toEqual([
    "P07 in",
    "P07 for",
    "P04 x",
  ]);
});

test("a call of what a subscript gives is told which words take brackets", () => {
  const [error] = diagnose(inFunction("return sun[i](x[i])"));
  expect(error?.help).toContain("reducers are `sum prod min max");
});
