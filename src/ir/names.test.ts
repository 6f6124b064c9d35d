// Which names of integers become one, which are written where they are used, and which have to stay.
import { describe, expect, it } from "vitest";
import { parseLoopFunction } from "./loop-parse.js";
import { printLoopFunction } from "./loop-print.js";
import { verifyLoopFunction } from "./loop-verify.js";
import { shareNames } from "./names.js";

/** The body after the pass, line by line, names without their numbers. */
function body(text: string): string[] {
  const made = shareNames(
    parseLoopFunction(
      `function "f" { scalar size n.0: i32 scalar k.1: i32 buffer x.0: param f32 buffer y.1: result f32 body { ${text} } }`,
    ),
  );
  expect(verifyLoopFunction(made)).toEqual([]);
  const lines = printLoopFunction(made)
    .split("\n")
    .map((line) => line.trim().replace(/(?<=[a-z])\.\d+/g, ""));
  return lines.slice(lines.indexOf("body {") + 1, -3);
}

describe("a value that has a name", () => {
  it("keeps the one name, in the blocks inside too", () => {
    expect(
      body(`let a.2: i32 = bitAnd(k.1, -4) y.1[a.2] = 1f y.1[a.2 + 1] = 1f
        if k.1 < 9 { let b.3: i32 = bitAnd(k.1, -4) y.1[b.3 + 2] = 2f y.1[b.3 + 3] = 2f }`),
    ).toEqual([
      "let a: i32 = bitAnd(k, -4)",
      "y[a] = 1f",
      "y[a + 1] = 1f",
      "if k < 9 {",
      "y[a + 2] = 2f",
      "y[a + 3] = 2f",
      "}",
    ]);
  });

  it("has it no longer after the block that made the name", () => {
    const text = `if k.1 < 9 { let a.2: i32 = bitAnd(k.1, -4) y.1[a.2] = 1f y.1[a.2 + 1] = 1f }
      let b.3: i32 = bitAnd(k.1, -4) y.1[b.3] = 2f y.1[b.3 + 1] = 2f`;
    expect(body(text).filter((line) => line.startsWith("let"))).toEqual([
      "let a: i32 = bitAnd(k, -4)",
      "let b: i32 = bitAnd(k, -4)",
    ]);
  });

  it("is another where something has set what it is made of", () => {
    const text = `var s.2: i32 = k.1 let a.3: i32 = s.2 + 1 y.1[a.3] = x.0[a.3] s.2 = 5
      let b.4: i32 = s.2 + 1 y.1[b.4] = x.0[b.4]`;
    expect(body(text).filter((line) => line.startsWith("let"))).toEqual(["let a: i32 = s + 1", "let b: i32 = s + 1"]);
  });

  it("is not what a wrapping sum may make of sizes", () => {
    expect(body("for i.2: i32 in 0 .. max(n.0 * n.0, 0) { y.1[i.2] = 0f }")[0]).toBe(
      "for i: i32 in 0 .. max(n * n, 0) {",
    );
  });
});

describe("what can't be negative", () => {
  it.each([
    ["a size", "max(n.0, 0)", "n"],
    ["what is at least 1", "max(max(k.1, 1), 0)", "max(k, 1)"],
    ["some of its bits", "max(bitAnd(n.0, -4), 0)", "bitAnd(n, -4)"],
  ])("needs no max with 0: %s", (_, value, short) => {
    expect(body(`for i.2: i32 in 0 .. ${value} { y.1[i.2] = 0f }`)[0]).toBe(`for i: i32 in 0 .. ${short} {`);
  });

  it("is told from what can", () => {
    expect(body("for i.2: i32 in 0 .. max(k.1, 0) { y.1[i.2] = 0f }")[0]).toBe("for i: i32 in 0 .. max(k, 0) {");
  });
});

describe("a name that is used once", () => {
  it("is written where it is used", () => {
    expect(body("let a.2: i32 = k.1 + 1 let b.3: i32 = a.2 * 2 y.1[b.3] = 0f")).toEqual(["y[(k + 1) * 2] = 0f"]);
  });

  it("stays in front of a loop that would work it out each turn", () => {
    expect(body("let a.2: i32 = k.1 div 3 for i.3: i32 in 0 .. n.0 { y.1[i.3 + a.2] = 0f }")[0]).toBe(
      "let a: i32 = k div 3",
    );
    expect(body("var s.2: i32 = 0 let a.3: i32 = k.1 div 3 while s.2 < a.3 { s.2 = s.2 + 1 y.1[s.2] = 0f }")[1]).toBe(
      "let a: i32 = k div 3",
    );
  });

  it("stays where it reads what may change", () => {
    const text = "var s.2: i32 = k.1 let a.3: i32 = s.2 + 1 s.2 = 7 y.1[a.3] = f32(s.2)";
    expect(body(text)).toContain("let a: i32 = s + 1");
    expect(body("let a.2: i32 = i32(x.0[0]) y.1[0] = 3f y.1[a.2] = 1f")).toContain("let a: i32 = i32(x[0])");
  });

  it("stays where a long chain would become one expression", () => {
    const chain = Array.from(
      { length: 3000 },
      (_, k) => `let a.${k + 10}: i32 = bitXor(${k ? `a.${k + 9}` : "k.1"} * 3, ${k})`,
    );
    expect(body(`${chain.join(" ")} y.1[a.3009] = 0f`).length).toBeGreaterThan(30);
  });

  it("goes where nothing uses it", () => {
    expect(body("let a.2: i32 = k.1 + 1 y.1[0] = 0f")).toEqual(["y[0] = 0f"]);
  });
});
