// What comes in front of a loop that asks for lanes, and what has to stay in it.
import { describe, expect, it } from "vitest";
import { parseLoopFunction } from "../loop-parse.js";
import { printLoopFunction } from "../loop-print.js";
import { verifyLoopFunction } from "../loop-verify.js";
import { lift } from "./lift.js";

/** The body after the pass, line by line, names without their numbers. */
function liftedBody(body: string): string[] {
  const made = lift(
    parseLoopFunction(
      `function "f" { scalar size n.0: i32 scalar size k.1: i32 buffer x.0: param f32 buffer y.1: result f32 body { ${body} } }`,
    ),
  );
  expect(verifyLoopFunction(made)).toEqual([]);
  const lines = printLoopFunction(made)
    .split("\n")
    .map((line) => line.trim().replace(/(?<=[a-z])\.\d+/g, ""));
  return lines.slice(lines.indexOf("body {") + 1, -3);
}

describe("in front of the loop", () => {
  it("comes what is the same in every turn, with the loops in it, where there is a turn", () => {
    expect(
      liftedBody(
        "for i.2: i32 in 0 .. n.0 vector { var s.3: i32 = 0 for a.4: i32 in 0 .. k.1 { s.3 = s.3 + i32(x.0[a.4] <= 1f) } let m.5: i32 = s.3 y.1[i.2] = x.0[i.2] + f32(m.5) }",
      ),
    ).toEqual([
      "if 0 < n {",
      "var s: i32 = 0",
      "for a: i32 in 0 .. k {",
      "s = s + i32(x[a] <= 1f)",
      "}",
      "let m: i32 = s",
      "for i: i32 in 0 .. n vector {",
      "y[i] = x[i] + f32(m)",
      "}",
      "}",
    ]);
  });

  it("needs no condition where nothing is read, or the loop has turns", () => {
    expect(liftedBody("for i.2: i32 in 0 .. n.0 vector { let m.3: i32 = k.1 * 2 y.1[i.2] = f32(m.3) }")).toEqual([
      "let m: i32 = k * 2",
      "for i: i32 in 0 .. n vector {",
      "y[i] = f32(m)",
      "}",
    ]);
    expect(liftedBody("for i.2: i32 in 0 .. 8 vector { let m.3: f32 = x.0[k.1] y.1[i.2] = m.3 }")[0]).toBe(
      "let m: f32 = x[k]",
    );
  });
});

describe("in the loop", () => {
  it.each([
    ["what differs from turn to turn", "let m.3: f32 = x.0[i.2] y.1[i.2] = m.3"],
    ["what reads memory that the loop writes", "let m.3: f32 = y.1[0] y.1[i.2 + 1] = m.3"],
    [
      "a variable that is read before it is set again",
      "var s.3: f32 = 0f y.1[i.2] = s.3 s.3 = 1f y.1[i.2 + n.0] = s.3",
    ],
    ["a variable that a turn sets by what differs", "var s.3: f32 = 0f if i.2 < k.1 { s.3 = 1f } y.1[i.2] = s.3"],
    ["a check", "fail 0 at i.2 when k.1 < 0 with [k.1] y.1[i.2] = 0f"],
  ])("stays %s", (_, body) => {
    const loop = `for i.2: i32 in 0 .. n.0 vector { ${body} }`;
    const [first, last] = [liftedBody(loop)[0], liftedBody(loop).at(-1)];
    expect([first, last]).toEqual(["for i: i32 in 0 .. n vector {", "}"]);
  });
});
