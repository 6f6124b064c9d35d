// Diagnostics as text, drawn against sources of every kind.
import { expect, test } from "vitest";
import type { Diagnostic, SourceFile, Span } from "./diagnostic.js";
import { renderDiagnostics } from "./render.js";

const file = "a.fold";
const sourcesOf = (text: string): ReadonlyMap<string, SourceFile> => new Map([[file, { name: file, text }]]);
const at = (start: number, end: number, name = file): Span => ({ file: name, start, end });
const error = (span: Span, more: Partial<Diagnostic> = {}): Diagnostic => ({
  ...{ code: "S02", severity: "error", message: "wrong", at: span },
  ...more,
});
const draw = (text: string, ...diagnostics: readonly Diagnostic[]): string =>
  renderDiagnostics(diagnostics, sourcesOf(text));
/** The place of the n-th time that a part stands in the text. */
const find = (text: string, part: string, n = 0): Span => {
  let start = -1;
  for (let k = 0; k <= n; k++) start = text.indexOf(part, start + 1);
  return at(start, start + part.length);
};

test("an error with everything", () => {
  const line = "  let r[i] = sum[j](X[i, j] * w[j]) - y[j]";
  const text = `${"\n".repeat(13)}${line}\n`;
  const diagnostic = error(find(text, "j", 3), {
    message: "these sizes do not agree",
    label: "`j` runs over p here,",
    others: [{ at: find(text, "j", 1), text: "and over n here" }],
    notes: ["X is real[n, p]; y is real[n]"],
    help: "did you mean y[i]?",
  });
  expect(draw(text, diagnostic)).toBe(
    [
      "error S02: these sizes do not agree",
      "  --> a.fold:14:41",
      "   |",
      "14 |   let r[i] = sum[j](X[i, j] * w[j]) - y[j]",
      "   |                                         ^ `j` runs over p here,",
      "   |                          - and over n here",
      "   = X is real[n, p]; y is real[n]",
      "   help: did you mean y[i]?",
    ].join("\n"),
  );
});

test("several are sorted by place, whatever their order, with a blank line between", () => {
  const [first, second] = [error(at(0, 1), { code: "T01" }), error(at(2, 3), { code: "L01", severity: "warning" })];
  const drawn = draw("a b", second, first);
  expect(drawn).toBe(draw("a b", first, second));
  expect(drawn).toBe(
    "error T01: wrong\n --> a.fold:1:1\n  |\n1 | a b\n  | ^\n\nwarning L01: wrong\n --> a.fold:1:3\n  |\n1 | a b\n  |   ^",
  );
});

test("files come in the order of the sources", () => {
  const sources = new Map(["z", "a"].map((name) => [name, { name, text: "x" }]));
  const drawn = renderDiagnostics([error(at(0, 1, "a")), error(at(0, 1, "z"))], sources);
  expect([...drawn.matchAll(/--> (\w)/g)].map(([, name]) => name)).toEqual(["z", "a"]);
});

test("labels on other lines and in other files", () => {
  const text = "one\ntwo\nthree\nfour\nfive\nsix";
  const sources = new Map([...sourcesOf(text), ["b.fold", { name: "b.fold", text: "other" }]]);
  const others = [
    { at: find(text, "one"), text: "here" },
    { at: find(text, "six"), text: "and here" },
    { at: at(0, 5, "b.fold"), text: "and there" },
  ];
  expect(renderDiagnostics([error(find(text, "three"), { others })], sources)).toBe(
    [
      ...["error S02: wrong", " --> a.fold:3:1", "  |", "1 | one", "  | --- here", "2 | two", "3 | three", "  | ^^^^^"],
      ...["...", "6 | six", "  | --- and here", " ::: b.fold:1:1", "  |", "1 | other", "  | ----- and there"],
    ].join("\n"),
  );
});

test("a span over several lines shows its first and its last", () => {
  const text = "  let x = f(\n    a,\n    b,\n    c\n  )\n";
  expect(draw(text, error(at(10, text.length - 1), { label: "all this" }))).toBe(
    [
      ...["error S02: wrong", " --> a.fold:1:11", "  |", "1 |   let x = f(", "  |           ^^", "..."],
      ...["5 |   )", "  |   ^ all this"],
    ].join("\n"),
  );
});

test("columns count characters, and carets stand under what is seen", () => {
  const drawn = (text: string, part: string) =>
    draw(text, error(find(text, part)))
      .split("\n")
      .slice(1);
  expect(drawn("\tlet x = bad", "bad")).toEqual([
    " --> a.fold:1:10",
    "  |",
    "1 |     let x = bad",
    "  |             ^^^",
  ]);
  expect(drawn("# äöü bad", "bad")).toEqual([" --> a.fold:1:7", "  |", "1 | # äöü bad", "  |       ^^^"]);
  // Two columns each, one character each; the last one is made of two.
  expect(drawn("# 行列 👩‍👩‍👧 bad", "bad")[3]).toBe(`  | ${" ".repeat(2 + 4 + 1 + 2 + 1)}^^^`);
  expect(drawn("# e\u0301 bad", "bad")[3]).toBe("  |     ^^^");
  expect(drawn("# 😀 bad", "bad")[0]).toBe(" --> a.fold:1:5");
});

test("what a terminal would act on is not shown as it is", () => {
  const drawn = draw("a\u001b[31mb\u0007", error(at(0, 1)));
  expect(drawn).toContain("a\uFFFD[31mb\uFFFD");
  expect(drawn).not.toContain("\u001b");
});

test("empty files, ends of lines, the end of a file", () => {
  expect(draw("", error(at(0, 0)))).toBe("error S02: wrong\n --> a.fold:1:1\n  |\n1 |\n  | ^");
  expect(draw("ab\r\ncd", error(at(2, 2)))).toBe("error S02: wrong\n --> a.fold:1:3\n  |\n1 | ab\n  |   ^");
  expect(draw("ab\n", error(at(3, 3)))).toBe("error S02: wrong\n --> a.fold:2:1\n  |\n2 |\n  | ^");
  expect(draw("ab", error(at(2, 2)))).toBe("error S02: wrong\n --> a.fold:1:3\n  |\n1 | ab\n  |   ^");
  expect(draw("ab", error(at(7, 9)))).toMatch(/1 \| ab\n {2}\| {3}\^$/);
});

test("a source that is not at hand is named", () => {
  const drawn = renderDiagnostics([error(at(3, 4, "gone.fold"), { label: "this", help: "look" })], new Map());
  expect(drawn).toBe("error S02: wrong\n --> gone.fold\n  = this\n  help: look");
});

test("texts of several lines stay in their columns", () => {
  const drawn = draw("x", error(at(0, 1), { message: "a\nb", label: "c\nd", notes: ["e\nf"], help: "g\nh" }));
  expect(drawn).toBe("error S02: a\n  b\n --> a.fold:1:1\n  |\n1 | x\n  | ^ c d\n  = e\n    f\n  help: g\n        h");
});

test("of a long line the part around the error is shown", () => {
  const text = `let x = [${"1, ".repeat(1000)}bad, ${"2, ".repeat(1000)}]`;
  const lines = draw(text, error(find(text, "bad"))).split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(200);
  const column = lines[4]!.indexOf("^");
  expect(lines[3]!.slice(column, column + 3)).toBe("bad");
});

test("colours change nothing but the colours", () => {
  const diagnostic = error(at(0, 3), {
    label: "here",
    notes: ["a note"],
    help: "try",
    others: [{ at: at(4, 5), text: "b" }],
  });
  const colored = renderDiagnostics([diagnostic], sourcesOf("abc d"), { color: true });
  expect(colored).toContain("\u001b[1;31merror S02\u001b[0m");
  const escapes = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, "g");
  expect(colored.replace(escapes, "")).toBe(draw("abc d", diagnostic));
});
