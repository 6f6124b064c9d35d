// Blocks that do the same have one key, whatever their names; all others have another.
import { describe, expect, it } from "vitest";
import { blockKey } from "./loop-key.js";
import { parseLoopFunction } from "./loop-parse.js";

function keyOf(body: string): string {
  const f = parseLoopFunction(
    `function "f" { scalar size n.0: i32 scalar k.1: i32 buffer x.0: param f32 buffer y.1: result f32 body { ${body} } }`,
  );
  return blockKey(f.body, { vars: f.scalars, buffers: f.buffers });
}

const plain = "for i.2: i32 in 0 .. n.0 { let a.3: f32 = x.0[i.2 + k.1] y.1[i.2] = a.3 * 2f }";

describe("the key of a block", () => {
  it("does not hang on names", () => {
    expect(keyOf("for row.8: i32 in 0 .. n.0 { let value.9: f32 = x.0[row.8 + k.1] y.1[row.8] = value.9 * 2f }")).toBe(
      keyOf(plain),
    );
  });

  it.each([
    ["a constant", "for i.2: i32 in 0 .. n.0 { let a.3: f32 = x.0[i.2 + k.1] y.1[i.2] = a.3 * 3f }"],
    ["the sign of zero", "for i.2: i32 in 0 .. n.0 { let a.3: f32 = x.0[i.2 + k.1] y.1[i.2] = a.3 * -0f }"],
    ["an operation", "for i.2: i32 in 0 .. n.0 { let a.3: f32 = x.0[i.2 - k.1] y.1[i.2] = a.3 * 2f }"],
    ["which variable", "for i.2: i32 in 0 .. k.1 { let a.3: f32 = x.0[i.2 + n.0] y.1[i.2] = a.3 * 2f }"],
    ["which buffer", "for i.2: i32 in 0 .. n.0 { let a.3: f32 = y.1[i.2 + k.1] y.1[i.2] = a.3 * 2f }"],
    ["the step", "for i.2: i32 in 0 .. n.0 step 2 { let a.3: f32 = x.0[i.2 + k.1] y.1[i.2] = a.3 * 2f }"],
    ["whether it changes", "for i.2: i32 in 0 .. n.0 { var a.3: f32 = x.0[i.2 + k.1] y.1[i.2] = a.3 * 2f }"],
    ["where a block ends", "for i.2: i32 in 0 .. n.0 { let a.3: f32 = x.0[i.2 + k.1] } y.1[0] = 2f"],
  ])("tells %s", (_, body) => {
    expect(keyOf(body)).not.toBe(keyOf(plain));
  });

  it("tells the numbers of checks, and lanes", () => {
    expect(keyOf("fail 0 at 0 when n.0 < k.1 with [k.1]")).not.toBe(keyOf("fail 1 at 0 when n.0 < k.1 with [k.1]"));
    expect(keyOf("y.1[0] = x.0[0; 4 mask splat4(n.0 < 3)]")).not.toBe(keyOf("y.1[0] = x.0[0; 4] mask splat4(n.0 < 3)"));
    expect(keyOf("y.1[0] = x.0[0; 4]")).not.toBe(keyOf("y.1[0] = x.0[0]"));
    expect(keyOf("let v.2: f32x4 = x.0[0; 4] y.1[0] = extract(v.2, 0)")).not.toBe(
      keyOf("let v.2: f32x4 = x.0[0; 4] y.1[0] = extract(v.2, 1)"),
    );
  });
});
