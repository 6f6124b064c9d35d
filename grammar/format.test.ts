// The canonical layout: what stays, what is broken where, and that nothing but the layout changes.
import fs from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatSource } from "./format.js";
import { parseModule } from "./parse.js";
import { bare, everything, program } from "./samples.js";
import { scan } from "./tokens.js";

const format = (text: string): string => {
  const { text: formatted, diagnostics } = formatSource({ name: "a.fold", text });
  expect(diagnostics).toEqual([]);
  return formatted;
};
const inFunction = (body: string) => `fn f() -> real {\n${body}\n}\n`;
const body = (text: string) => format(inFunction(text)).split("\n").slice(1, -2).join("\n");

test("the sample with every construct is in the canonical layout already", () => {
  expect(format(everything)).toBe(everything);
});

describe("spaces", () => {
  test.each([
    ["let  x=-a  -b*(-c)", "  let x = -a - b * (-c)"],
    ["let x = A [ i , : ] ' @ f( x , -1 )", "  let x = A[i, :]' @ f(x, -1)"],
    ["let x = r . in [0 .. n]", "  let x = r.in[0..n]"],
    ["let x = r.in-1", "  let x = r.in - 1"],
    ["let x = [-1,- 2]", "  let x = [-1, -2]"],
    ["let x = sum [i in 0 .. n] (x[i])", "  let x = sum[i in 0..n](x[i])"],
    ["let x = if -a<b then -1 else not c", "  let x = if -a < b then -1 else not c"],
    ["each i,j :A[i,j]+=x^-2", "  each i, j: A[i, j] += x ^ -2"],
    ["let x = g(fn (a,b)=>a)", "  let x = g(fn(a, b) => a)"],
    ["let {a,b:c}={a :1,b}", "  let { a, b: c } = { a: 1, b }"],
    ["for k in 0..n{x=1}", "  for k in 0..n { x = 1 }"],
    ["let x: real [ n ] = y as real [ n ]", "  let x: real[n] = y as real[n]"],
    ["let x = [1,\n2,\n]", "  let x = [1, 2]"],
    ["let s = -x ^ 2 - -y", "  let s = -x ^ 2 - -y"],
    ["if   a {\n}", "  if a {}"],
  ])("%s", (text, expected) => {
    expect(body(text)).toBe(expected);
  });
});

describe("lines", () => {
  test("a block on one line stays so while it fits; another is opened", () => {
    expect(body("if a { x = 1 } else { x = 2 }")).toBe("  if a { x = 1 } else { x = 2 }");
    expect(body("if a { x = 1\n} else { x = 2 }")).toBe("  if a {\n    x = 1\n  } else {\n    x = 2\n  }");
    const long = "a".repeat(90);
    expect(body(`if a { ${long} = 1 }`)).toBe(`  if a {\n    ${long} = 1\n  }`);
  });

  test("one blank line stays between statements, none at a block's ends", () => {
    expect(body("\n\na = 1\n\n\n\nb = 2\nc = 3\n\n")).toBe("  a = 1\n\n  b = 2\n  c = 3");
  });

  test("a long value goes below its name, and is broken behind its loosest operators", () => {
    const [a, b, c] = ["a", "b", "c"].map((letter) => letter.repeat(40));
    expect(body(`let x = ${a} * ${b}+${c}`)).toBe(`  let x =\n    ${a} * ${b} +\n    ${c}`);
    expect(body(`let x = ${a} and ${b} or ${c}`)).toBe(`  let x =\n    ${a} and ${b} or\n    ${c}`);
    expect(body(`let x = if ${a} then ${b} else ${c}`)).toBe(`  let x =\n    if ${a} then ${b}\n    else ${c}`);
  });

  test("a long call, list or parameter list has one item a line and a comma at the end; numbers stand in rows", () => {
    const [a, b, c] = ["a", "b", "c"].map((letter) => letter.repeat(40));
    expect(body(`let x = f(${a}, ${b}, ${c})`)).toBe(`  let x = f(\n    ${a},\n    ${b},\n    ${c},\n  )`);
    expect(body(`let x = sum[i](${a} * ${b} * ${c})`)).toBe(`  let x = sum[i](\n    ${a} * ${b} *\n    ${c}\n  )`);
    const numbers = Array.from({ length: 40 }, (_, k) => `${k}`);
    expect(body(`let x = [${numbers.join(",")}]`)).toBe(
      `  let x = [\n    ${numbers.slice(0, 26).join(", ")},\n    ${numbers.slice(26).join(", ")},\n  ]`,
    );
    expect(format(`fn f(${a}: real, ${b}: real, ${c}: i32) -> real { return 1 }`)).toBe(
      `fn f(\n  ${a}: real,\n  ${b}: real,\n  ${c}: i32,\n) -> real {\n  return 1\n}\n`,
    );
  });

  test("a message, a tolerance and a condition go on the next line", () => {
    const [a, b] = ["a", "b"].map((letter) => letter.repeat(60));
    expect(body(`require ${a} else "${b}"`)).toBe(`  require ${a}\n    else "${b}"`);
    expect(body(`expect ${a} near ${b} within 1`)).toBe(`  expect ${a}\n    near ${b}\n    within 1`);
  });
});

describe("comments", () => {
  test("at a line's end, on their own lines, at the ends of blocks and files", () => {
    const text = `# first\n\n## doc\nfn f() -> real {  # behind the brace\n  # above\n  a = 1  # behind\n  # last\n}  # end\n# end of file\n`;
    expect(format(text)).toBe(text);
  });

  test("inside a statement they break its lines, and commas stand before them", () => {
    expect(body("let x = f(a # one\n, b # two\n)")).toBe("  let x = f(\n    a,  # one\n    b,  # two\n  )");
    expect(body("let x = [\n# first\n1,\n# second\n2]")).toBe(
      "  let x = [\n    # first\n    1,\n    # second\n    2,\n  ]",
    );
    expect(body("let x = a + # why\n b")).toBe("  let x =\n    a +  # why\n    b");
  });

  test("between a brace and what goes on", () => {
    const text = "  if a {\n    x = 1\n  }  # one\n  # two\n  else {\n    x = 2\n  }";
    expect(body(text)).toBe(text);
  });
});

test("a text that can't be read is left alone", () => {
  const text = "fn f( -> real {\n";
  const formatted = formatSource({ name: "a.fold", text });
  expect(formatted.text).toBe(text);
  expect(formatted.diagnostics.length).toBeGreaterThan(0);
});

const comments = (text: string) => (scan(text).groups["comments"] ?? []).map(({ image }) => image.trimEnd());

const root = new URL("../", import.meta.url);
const files = ["stdlib", "estimators", "tests"].flatMap((folder) =>
  fs.readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
);

test("the project's own files keep tree and comments, and formatting twice changes nothing", () => {
  const programs = files
    .filter((name) => name.endsWith(".fold"))
    .map((name) => fs.readFileSync(new URL(name, root), "utf8"));
  const readable = programs.filter((text) => parseModule({ name: "a.fold", text }).diagnostics.length === 0);
  expect(readable.length).toBeGreaterThan(0);
  for (const text of readable) {
    const formatted = format(text);
    const tree = (text: string) => bare(parseModule({ name: "a.fold", text }).module.declarations);
    expect(tree(formatted)).toEqual(tree(text));
    expect(comments(formatted)).toEqual(comments(text));
    expect(format(formatted)).toBe(formatted);
  }
});

test("generated programs keep tree and comments, and formatting twice changes nothing", () => {
  const read = (text: string) => parseModule({ name: "a.fold", text });
  fc.assert(
    fc.property(program, (text) => {
      expect(read(text).diagnostics).toEqual([]);
      const formatted = format(text);
      expect(bare(read(formatted).module.declarations)).toEqual(bare(read(text).module.declarations));
      expect(comments(formatted)).toEqual(comments(text));
      expect(format(formatted)).toBe(formatted);
    }),
    { numRuns: 60 },
  );
});
