import { expect, it } from "vitest";
import { parseKernel } from "../nest-parse.js";
import { printKernel } from "../nest-print.js";
import { dropDeadCode } from "./dead-code.js";

/** The lines of the body after the pass. */
function kept(body: string, result = "0f"): string[] {
  const text = `kernel "f" real f32 wide f64 {
    size n
    param x: f32[n]
    check index "out of range"
    body { ${body} }
    result "" = ${result}
  }`;
  const lines = printKernel(dropDeadCode(parseKernel(text)), { plain: true }).split("\n");
  return lines.slice(lines.indexOf("  body {") + 1, lines.indexOf("  }")).map((l) => l.trim());
}

it("drops what feeds only itself", () => {
  expect(kept("var s: f32 = 0f for i in 0..n { s = s + x[i] }")).toEqual([]);
  expect(kept("declare var t: f32[n] for i in 1..n { t[i] = t[i - 1] }")).toEqual([]);
});

it("keeps what a result reads, through loops and what bounds them", () => {
  const body = "let m: i32 = n - 1 var s: f32 = 0f for i in 0..m { s = s + x[i] }";
  expect(kept(body, "s")).toHaveLength(5);
});

it("keeps what may fail, and what it reads", () => {
  expect(kept("let i: i32 = n - 1 let t: f32 = x[i ?0]")).toEqual(["let i: i32 = n - 1", "let t: f32 = x[i ?0]"]);
  expect(kept("let i: i32 = n - 1 if i < 3 { require i < 0 else ?0(i) }")).toHaveLength(4);
  expect(kept("define i in 0..n: t: f32[n] = x[i + 1 ?0]")).toHaveLength(1);
});

it("drops the yields of a nest one by one, and the names that only they read", () => {
  const body = `define i in 0..n { let a: f32 = sqrt(x[i]) yield t: f32[n] = a yield u: f32[n] = x[i] }`;
  expect(kept(body, "u[0]")).toEqual(["define i in 0..n: u: f32[n] = x[i]"]);
});

it("keeps the names of shapes", () => {
  const body = "let m: i32 = n div 2 declare var t: f32[m] t[0] = 1f";
  expect(kept(body, "t[0]")).toHaveLength(3);
});

it("looks into the blocks of expressions", () => {
  const body = "let y: f32 = do { let a: f32 = x[0] let b: f32 = exp(a) give a }";
  expect(kept(body, "y")).toEqual(["let y: f32 = do {", "let a: f32 = x[0]", "give a", "}"]);
});
