// When the local of a name may hold another.
import { describe, expect, it } from "vitest";
import type { LoopBlock, LoopStmt } from "../../ir/loop.js";
import { parseLoopFunction } from "../../ir/loop-parse.js";
import { type Life, lifeIn } from "./life.js";

/** The statements at the top, and of each name that they make the number of the last one that needs it. */
function lastNeeds(body: string): ReadonlyMap<string, number> {
  const f = parseLoopFunction(
    `function "f" { scalar size n.0: i32 buffer x.0: param f32 buffer y.1: result f32 body { ${body} } }`,
  );
  return needsIn(f.body, lifeIn(f.body));
}

function needsIn(block: LoopBlock, life: Life): ReadonlyMap<string, number> {
  const names = block.flatMap((s, at) => (s.kind === "let" || s.kind === "alloc" ? [{ s, at }] : []));
  const over = (s: (typeof names)[number]["s"], from: number): number =>
    block.findIndex((after, at) => at >= from && life.isOver(s, after));
  return new Map(names.map(({ s, at }) => [s.kind === "let" ? s.var.name : s.buffer.name, over(s, at)]));
}

describe("a name", () => {
  it("is needed up to the statement that uses it last", () => {
    const needs = lastNeeds("let a.1: i32 = n.0 + 1 let b.2: i32 = a.1 * 2 y.1[b.2] = x.0[a.1] y.1[b.2 + 1] = 0f");
    expect(needs).toEqual(
      new Map([
        ["a", 2],
        ["b", 3],
      ]),
    );
  });

  it("is needed to the end of a loop or a branch that uses it", () => {
    const needs = lastNeeds(`let a.1: i32 = n.0 + 1 let b.2: i32 = n.0 * 2
      for i.3: i32 in 0 .. n.0 { y.1[i.3] = x.0[a.1] y.1[i.3 + 1] = 0f }
      if n.0 < 3 { y.1[b.2] = 0f y.1[0] = 1f }
      y.1[2] = 0f`);
    expect(needs).toEqual(
      new Map([
        ["a", 2],
        ["b", 3],
      ]),
    );
  });

  it("is needed where it is set, and not where nothing uses it", () => {
    const needs = lastNeeds("var a.1: i32 = 0 let b.2: i32 = n.0 y.1[0] = 0f a.1 = 2 y.1[1] = 0f");
    expect(needs).toEqual(
      new Map([
        ["a", 3],
        ["b", 1],
      ]),
    );
  });

  it("of an array is needed as long as it is read or written", () => {
    expect(lastNeeds("alloc t.2: scratch f32 length n.0 t.2[0] = 1f y.1[0] = t.2[0] y.1[1] = 0f").get("t")).toBe(2);
  });

  it("is never over after a statement that stands in two places", () => {
    const f = parseLoopFunction(
      'function "f" { buffer y.0: result f32 body { let a.1: i32 = 1 y.0[0] = 0f y.0[a.1] = 1f } }',
    );
    const [made, twice, last] = f.body as readonly [LoopStmt & { kind: "let" }, LoopStmt, LoopStmt];
    const life = lifeIn([made, twice, last, twice]);
    expect(life.isOver(made, twice)).toBe(false);
    expect(life.isOver(made, last)).toBe(true);
  });
});
