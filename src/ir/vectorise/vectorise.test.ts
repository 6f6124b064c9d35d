// What stands in the innermost loop of each class of nest, and what is left as it is.
import { describe, expect, it } from "vitest";
import type { LoopBlock, LoopStmt } from "../loop.js";
import { parseLoopFunction } from "../loop-parse.js";
import { verifyLoopFunction } from "../loop-verify.js";
import { blocksOf, walkBlock } from "../loop-walk.js";
import { scheduleKernel } from "../schedule/index.js";
import type { SiteClass } from "../schedule/schedule.js";
import { kernelOf } from "../schedule/testing/run.js";
import { vectorise } from "./index.js";

/** Loops with no loop inside. */
function innermost(block: LoopBlock): LoopStmt[] {
  return block.flatMap((s) => {
    const inner = blocksOf(s).flatMap(innermost);
    return inner.length > 0 ? inner : s.kind === "for" ? [s] : [];
  });
}

/** Widths of the operations on floating-point vectors in a loop. */
function widths(s: LoopStmt): ReadonlySet<number> {
  const found = new Set<number>();
  walkBlock(
    [s],
    () => undefined,
    (e) => {
      if (e.kind === "op" && e.type.lanes > 1 && (e.type.scalar === "f32" || e.type.scalar === "f64"))
        found.add(e.type.lanes);
    },
  );
  return found;
}

const sites: readonly (readonly [SiteClass, string])[] = [
  ["map", "define i in 0..n, j in 0..p: result y: R[n, p] = X[i, j] * 2F + 1F"],
  ["rowReduction", "define i in 0..n: result y: R[n] = sum[j in 0..p](X[i, j] * X[i, j])"],
  ["columnReduction", "define j in 0..p: result y: R[p] = sum[i in 0..n](X[i, j] * X[i, j])"],
  ["contraction", "define i in 0..p, j in 0..p: result y: R[p, p] = sum[l in 0..n](X[l, i] * X[l, j])"],
  ["scatter", "define j in 0..p: result var y: R[p] = 0F add i in 0..n, j in 0..p: y[j] = X[i, j] * 2F"],
  ["scan", "define i in 0..n, j in 0..p: result y: R[n, p] = sum[l in 0..i + 1](X[l, j])"],
];

describe("the innermost loops", () => {
  it.each(sites)("of a %s have vector operations", (cls, body) => {
    for (const [real, lanes, suffix] of [
      ["f32", 4, "f"],
      ["f64", 2, "d"],
    ] as const) {
      const text = `size n size p param X: R[n, p] body { ${body} } result "y" = array y`;
      const kernel = kernelOf(text.replace(/\bR\[/g, `${real}[`).replace(/(\d)F\b/g, `$1${suffix}`), real);
      const { function: f, schedule, notes } = scheduleKernel(kernel);
      expect(schedule.at(-1)?.class).toBe(cls);
      expect(notes).toEqual([]);
      expect(innermost(f.body).some((s) => widths(s).has(lanes))).toBe(true);
    }
  });

  it("of a reduction outside nests have several accumulators", () => {
    const kernel = kernelOf(`size n param x: f32[n] body { } result "s" = sum[i in 0..n](x[i])`);
    const sets = innermost(scheduleKernel(kernel).function.body).map(
      (s) => blocksOf(s)[0]?.filter((x) => x.kind === "set" && x.var.type.lanes === 4).length,
    );
    expect(Math.max(...sets.map((k) => k ?? 0))).toBe(4);
  });
});

describe("loops that have no form in lanes", () => {
  it.each([
    [
      "a value that goes from turn to turn",
      "var s.1: f32 = 0f for i.2: i32 in 0 .. n.0 vector { s.1 = s.1 * 0.5f + x.0[i.2] y.1[i.2] = s.1 }",
    ],
    ["turns that write one element", "for i.2: i32 in 0 .. n.0 vector { y.1[0] = x.0[i.2] }"],
    ["a fork", "for i.2: i32 in 0 .. n.0 vector { parallel j.3: i32 in 4 { y.1[j.3] = x.0[i.2] } }"],
  ])("%s: stay, and say why", (_, body) => {
    const f = parseLoopFunction(
      `function "f" { scalar size n.0: i32 buffer x.0: param f32 buffer y.1: result f32 body { ${body} } }`,
    );
    const made = vectorise(f);
    expect(verifyLoopFunction(made.function)).toEqual([]);
    expect(made.notes).toHaveLength(1);
    let vectors = 0;
    walkBlock(
      made.function.body,
      () => undefined,
      (e) => {
        if (e.type.lanes > 1) vectors++;
      },
    );
    expect(vectors).toBe(0);
  });
});

describe("reads of one side of a branch", () => {
  /** How many vector loads are held to some turns. */
  const maskedLoads = (body: string): number => {
    const f = parseLoopFunction(
      `function "f" { scalar size n.0: i32 buffer x.0: param f32 buffer y.1: result f32 body { ${body} } }`,
    );
    const made = vectorise(f);
    expect(verifyLoopFunction(made.function)).toEqual([]);
    expect(made.notes).toEqual([]);
    let masked = 0;
    walkBlock(
      made.function.body,
      () => undefined,
      (e) => {
        if ((e.kind === "load" || e.kind === "gather") && e.type.lanes > 1 && e.mask) masked++;
      },
    );
    return masked;
  };
  it.each([
    ["what the condition read", "y.1[i.2] = if(x.0[i.2] > 0f, x.0[i.2] * 2f, 0f)", 0],
    ["what the condition around it read", "y.1[i.2] = if(x.0[i.2] > 0f, if(i.2 > 4, x.0[i.2], 1f), 0f)", 0],
    ["another element", "y.1[i.2] = if(x.0[i.2] > 0f, x.0[i.2 + 1], 0f)", 1],
    ["what only some turns read", "y.1[i.2] = if(if(i.2 > 4, x.0[i.2], 1f) > 0f, x.0[i.2], 0f)", 2],
    ["what a branch's condition read", "if x.0[i.2] > 0f { y.1[i.2] = x.0[i.2] * 2f }", 0],
    ["what a branch's condition did not read", "if i.2 > 4 { y.1[i.2] = x.0[i.2] * 2f }", 1],
    ["what a branch before it read", "if x.0[i.2] > 0f { y.1[i.2] = 1f } if i.2 > 4 { y.1[i.2] = x.0[i.2] }", 1],
    [
      "what the condition read at another place",
      "var s.3: i32 = i.2 if x.0[s.3] > 0f { s.3 = s.3 + 1 y.1[i.2] = x.0[s.3] }",
      1,
    ],
  ])("%s", (_, statement, count) =>
    expect(maskedLoads(`for i.2: i32 in 0 .. n.0 vector { ${statement} }`)).toBe(count),
  );
});
