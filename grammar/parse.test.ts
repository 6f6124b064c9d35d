// What texts are read as: expressions written out with all their brackets, statements, declarations, lines and places.
import { describe, expect, test } from "vitest";
import type { Expression, FunctionDeclaration, Module, Statement, Subscript } from "../src/compiler/syntax.js";
import { parseModule } from "./parse.js";
import { bare, everything } from "./samples.js";

const read = (text: string): Module => {
  const { module, diagnostics } = parseModule({ name: "a.fold", text });
  expect(diagnostics).toEqual([]);
  return module;
};
const bodyOf = (text: string): readonly Statement[] =>
  (read(`fn f() -> real {\n${text}\n}`).declarations[0] as FunctionDeclaration).body;
const statement = (text: string): Statement => {
  const body = bodyOf(text);
  expect(body.length).toBe(1);
  return body[0]!;
};

const showSubscript = (s: Subscript): string =>
  s.kind === "all" ? ":" : s.kind === "at" ? show(s.index) : `${show(s.lo)}..${show(s.hi)}`;

/** With brackets around every operation. */
function show(e: Expression): string {
  switch (e.kind) {
    case "number":
      return e.text;
    case "bool":
      return String(e.value);
    case "name":
      return e.name;
    case "list":
      return `[${e.elements.map(show).join(" ")}]`;
    case "unary":
      return `(${e.op} ${show(e.operand)})`;
    case "binary":
      return `(${show(e.left)} ${e.op} ${show(e.right)})`;
    case "transpose":
      return `${show(e.operand)}'`;
    case "subscript":
      return `${show(e.base)}[${e.subscripts.map(showSubscript).join(" ")}]`;
    case "field":
      return `${show(e.base)}.${e.field.text}`;
    case "call":
      return `${e.callee.text}(${e.args.map(show).join(" ")})`;
    case "lambda":
      return `(fn ${e.params.map((p) => p.text).join(" ")} => ${show(e.body)})`;
    case "reduce": {
      const binders = e.binders.map(
        ({ name, range }) => name.text + (range ? ` in ${show(range.lo)}..${show(range.hi)}` : ""),
      );
      return `${e.reducer}[${binders.join(" ")}${e.where ? ` where ${show(e.where)}` : ""}](${show(e.body)})`;
    }
    case "if":
      return `(if ${show(e.condition)} then ${show(e.then)} else ${show(e.otherwise)})`;
    case "as":
      return `(${show(e.value)} as ${JSON.stringify(bare(e.type))})`;
    case "record":
      return `{${e.fields.map((f) => f.name.text + (f.value ? `: ${show(f.value)}` : "")).join(" ")}}`;
  }
}

const value = (text: string): string => {
  const read = statement(`let x = ${text}`);
  return read.kind === "define" ? show(read.value) : "";
};

describe("expressions", () => {
  test.each([
    ["-x ^ 2", "(- (x ^ 2))"],
    ["x ^ -2", "(x ^ (- 2))"],
    ["x ^ y ^ z", "(x ^ (y ^ z))"],
    ["-x ^ -y ^ 2", "(- (x ^ (- (y ^ 2))))"],
    ["a - b - c", "((a - b) - c)"],
    ["a - -b", "(a - (- b))"],
    ["a * b + c / d % e div f @ g", "((a * b) + ((((c / d) % e) div f) @ g))"],
    ["a + b < c * d", "((a + b) < (c * d))"],
    ["(a < b) == c", "((a < b) == c)"],
    ["not a == b and not not c or d", "(((not (a == b)) and (not (not c))) or d)"],
    ["a or b and c", "(a or (b and c))"],
    ["A' @ B'", "(A' @ B')"],
    ["A[i, :]'.f[0]''", "A[i :]'.f[0]''"],
    ["x.in.for[1..n + 1]", "x.in.for[1..(n + 1)]"],
    ["1 + if c then a else b + 2 * 3", "(1 + (if c then a else (b + (2 * 3))))"],
    ["-if c then a else b", "(- (if c then a else b))"],
    ["if a then if b then 1 else 2 else 3", "(if a then (if b then 1 else 2) else 3)"],
    ["if a then 1 else if b then 2 else 3", "(if a then 1 else (if b then 2 else 3))"],
    ["f(fn(x, y) => x + y, g, -1)", "f((fn x y => (x + y)) g (- 1))"],
    ["f()", "f()"],
    ["min(a, min[i](b[i]))", "min(a min[i](b[i]))"],
    ["sum[i, j in 0..i + 1 where i != j](A[i, j])", "sum[i j in 0..(i + 1) where (i != j)](A[i j])"],
    ["[[1, 2], [3, 4,],]", "[[1 2] [3 4]]"],
    ["A[lo..hi, :, k,]", "A[lo..hi : k]"],
    ["0..n", undefined],
    ["0x9E3779B9 + 1.5e-3 + 1. + .5 + 2E+3", "((((0x9E3779B9 + 1.5e-3) + 1.) + .5) + 2E+3)"],
    ["a as real[n] + b", undefined],
    ["(a as real) + b", '((a as {"kind":"named","name":{"text":"real"},"sizes":[]}) + b)'],
  ])("%s", (text, expected) => {
    if (expected !== undefined) expect(value(text)).toBe(expected);
    else
      expect(parseModule({ name: "a.fold", text: `fn f() -> real {\nlet x = ${text}\n}` }).diagnostics).toMatchObject([
        { code: "P04" },
      ]);
  });

  test("numbers say what they are worth, and which are integers", () => {
    const list = statement("let x = [0x1F, 12, 1., .5, 1e3, 007]");
    const elements = list.kind === "define" && list.value.kind === "list" ? list.value.elements : [];
    expect(elements.map((e) => e.kind === "number" && [e.value, e.integer])).toEqual([
      ...[
        [31, true],
        [12, true],
        [1, false],
        [0.5, false],
        [1000, false],
      ],
      [7, true],
    ]);
  });

  test("a range's dots are not a number's", () => {
    expect(value("x[0..n]")).toBe("x[0..n]");
    expect(value("x[1...5]")).toBe("x[1...5]");
    expect(value("x[0 .. 2]")).toBe("x[0..2]");
  });
});

describe("statements", () => {
  test.each([
    ["let A[i, j in 0..n, :]: i32 = 1", { kind: "define", mutable: false, binders: [{}, { range: {} }, null] }],
    ["var x = { a, for: 1 }", { kind: "define", mutable: true, value: { kind: "record" } }],
    ["let { q, in: r } = f(x)", { kind: "unpack", fields: [{ field: { text: "q" } }, { alias: { text: "r" } }] }],
    ["each i, j where i < j: A[i, j] -= 1", { kind: "each", op: "-=", where: { kind: "binary" } }],
    ["r.a.in[i, 0..2] += 1", { kind: "assign", op: "+=", place: { path: [{ text: "a" }, { text: "in" }] } }],
    ["for k in 1..n { x = 1 }", { kind: "for", lo: { text: "1" }, hi: { name: "n" }, body: [{ kind: "assign" }] }],
    ["loop t < 2 * n { x = 1 } until x < 1", { kind: "loop", max: { op: "*" }, until: { op: "<" } }],
    ["if a { } else if b { } else { x = 1 }", { kind: "if", otherwise: [{ kind: "if", otherwise: [{}] }] }],
    ["expect a", { kind: "expect", value: { name: "a" } }],
    ["expect a near b within 1", { near: { to: { name: "b" }, within: { text: "1" } } }],
    ["return { a, b: 1, }", { kind: "return", value: { fields: [{ name: { text: "a" } }, { value: { text: "1" } }] } }],
  ])("%s", (text, expected) => {
    expect(statement(text)).toMatchObject(expected);
  });

  test("a message shows names and fields", () => {
    const require = statement('require a else "x is {x}, not {r.in.b}: \\"\\\\\\n\\"}"');
    expect(require).toMatchObject({
      message: [
        ...[{ text: "x is " }, { path: [{ text: "x" }] }, { text: ", not " }],
        ...[{ path: [{ text: "r" }, { text: "in" }, { text: "b" }] }, { text: ': "\\\n"}' }],
      ],
    });
  });

  test("what is absent is no property", () => {
    expect(Object.keys(statement("let x = 1")).sort()).toEqual(["at", "kind", "mutable", "name", "value"]);
    expect(Object.keys(statement("if a {}")).sort()).toEqual(["at", "condition", "kind", "then"]);
    const assign = statement("x = 1");
    expect(assign.kind === "assign" && "subscripts" in assign.place).toBe(false);
  });
});

describe("declarations", () => {
  test("imports, types, functions and tests", () => {
    const module = read(everything);
    expect(module.imports).toMatchObject([
      { names: [{ name: { text: "cholesky" } }, { alias: { text: "choleskySolve" } }], from: { text: "std/linalg" } },
      { from: { text: "./helper" } },
    ]);
    expect(module.declarations.map((d) => (d.kind === "test" ? d.title : d.name.text))).toEqual([
      ...["Fit", "plus", "none", "apply", "all_of_it", "it adds"],
    ]);
    expect(module.declarations[0]).toMatchObject({ exported: true, sizes: [{ text: "n" }, { text: "k" }] });
    expect(module.declarations[2]).toMatchObject({ exported: false, host: true, params: [] });
    expect(module.declarations[3]).toMatchObject({
      params: [{ type: { kind: "function", params: [{}, {}] } }, { type: { params: [] } }, {}, { name: { text: "n" } }],
      result: { kind: "record" },
    });
  });

  test("`##` lines directly above are the documentation, other comments are not", () => {
    const docs = (text: string) => read(text).declarations.map((d) => (d.kind === "test" ? "" : d.doc));
    const f = "fn f() -> real { return 1 }";
    expect(docs(`## One.\n##Two.\n##   Three.\n${f}`)).toEqual(["One.\nTwo.\n  Three."]);
    expect(docs(`## Not this.\n\n${f}`)).toEqual([""]);
    expect(docs(`## Not this.\n# nor this\n${f}`)).toEqual([""]);
    expect(docs(`${f} ## nor this\nexport ${f}`)).toEqual(["", ""]);
    expect(docs(`# nor this\n## This.\r\n${f}`)).toEqual(["This."]);
  });
});

describe("lines", () => {
  test.each([
    ["behind an operator", "let x = a +\n b and\n c == not\n d"],
    ["behind = : .. , in", "var x\n= 1"],
  ])("a line does not go on by itself: %s", (_, text) => {
    expect(parseModule({ name: "a.fold", text: `fn f() -> real {\n${text}\n}` }).diagnostics.length).toBeGreaterThan(0);
  });

  test.each([
    ["or and div as", "let x = a or\nb and\nc ==\nd div\ne as\nreal"],
    ["arithmetic", "let x = a +\nb -\nc *\nd /\ne %\nf @\ng ^\n2"],
    ["= : .. ,", "let A[\ni] :\nreal\n[n] =\n1".replace("real\n[n]", "real[\nn]")],
    ["+= and each", "each i,\nj in\n0 ..\nn:\nx[i] +=\n1"],
    ["if then else", "let x = if\na then\nb else\nc"],
    ["lines with then and else", "let x = if a\nthen b\nelse c"],
    ["near within", "expect a near\nb within\n1"],
    ["lines with near and within", "expect a\nnear b\nwithin 1"],
    ["require", 'require a\nelse\n"m"'],
    ["blocks", "if a {\n}\nelse {\n}"],
    ["until", "loop t < 3 {\n}\nuntil a"],
    ["for", "for k in\n0 ..\nn {\n}"],
    ["brackets", "let x = f(\na\n, b\n)[\ni\n, :\n] + (\na\n+ b\n) + g(fn(x)\n=>\nx)"],
    ["records", "let {\na,\nb:\nc\n} = {\na\n,\nb:\nc\n}"],
    ["comments between", "let x = a + # one\n\n# two\n b"],
  ])("a line goes on: %s", (_, text) => {
    statement(text);
  });

  test("a statement ends at its line, and at a closing brace", () => {
    expect(bodyOf("x = a\ny = b'\nz = c").length).toBe(3);
    expect(bodyOf("for k in 0..n { x = 1 } y = 2").length).toBe(2);
    expect(bodyOf("if a { x = 1 } if b { y = 2 } else { z = 3 } z = 3").length).toBe(3);
    expect(read("fn f() -> real { return 1 } fn g() -> real { return 2 }").declarations.length).toBe(2);
  });

  test("the lines of import, type and function heads go on", () => {
    read('import {\na,\nb as\nc,\n} from "x"');
    read("type T[\nn\n] = {\na: real,\nb: {\nc: i32\n}\n}");
    read("fn f(\nx: real,\ng: fn(\nreal\n) ->\nreal,\n) ->\n{\na: real\n} {\nreturn {\na: 1\n}\n}");
  });

  test("line ends of every system, a mark of byte order, nothing at all", () => {
    const plain = bare(read("fn f() -> real {\n  return 1\n}\n"));
    expect(bare(read("\uFEFFfn f() -> real {\r\n\treturn 1\r\n}\r\n"))).toEqual(plain);
    expect(bare(read("fn f() -> real {\r  return 1\r}"))).toEqual(plain);
    expect(read("").declarations).toEqual([]);
    expect(read("\n# only a comment").declarations).toEqual([]);
  });
});

test("every node has its place", () => {
  const text = "fn f() -> real {\n  let x = (a + b[i, :])' * sum[k in 0..n](c.d)\n  r.x[0] += 1\n}";
  const seen: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if (Object.hasOwn(node, "at")) {
      const { start, end } = (node as { at: object }).at as { start: number; end: number };
      seen.push(text.slice(start, end));
    }
    for (const [key, child] of Object.entries(node)) if (key !== "at") visit(child);
  };
  visit((read(text).declarations[0] as FunctionDeclaration).body);
  expect(seen).toEqual([
    ...["let x = (a + b[i, :])' * sum[k in 0..n](c.d)", "x", "(a + b[i, :])' * sum[k in 0..n](c.d)"],
    ...["(a + b[i, :])'", "(a + b[i, :])", "a", "b[i, :]", "b", "i", "i", ":"],
    ...["sum[k in 0..n](c.d)", "k in 0..n", "k", "0", "n", "c.d", "c", "d"],
    ...["r.x[0] += 1", "r.x[0]", "r", "x", "0", "0", "1"],
  ]);
});
