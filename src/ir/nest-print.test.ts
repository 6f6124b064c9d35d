import { describe, expect, it } from "vitest";
import { parseKernel } from "./nest-parse.js";
import { printKernel } from "./nest-print.js";
import { verifyKernel } from "./nest-verify.js";

/** A kernel with every statement and every kind of expression. */
const everything = `kernel "all" real f32 wide f64 {
  size n
  size p
  scalar alpha: f32
  param x: f32[n, p]
  param g: i32[n]
  check index "index " {0} " is out of range: x has " {1} " rows"
  check require "alpha is \\"bad\\""
  body {
    require alpha >= 0f and not n == 0 else ?1(alpha, n)
    define i in 0..n, j in 0..p: y: f32[n, p] = -x[g[i] ?0, j] * 2f + -(3f) - -1.5e-9f
    let s: f64 = sum:f64[i in 0..n, j in 0..i where j != i](y[i, j])
    var m: f32 = inf_f32
    declare var t: f32[2 * n + 1, ((n) div (2))]
    list k: i32[3] = [1, -2, n % 3]
    t[0, 0] = pow2:f32(k[1]) / (m - (alpha - 1f))
    assign i in 1..n where i > 1 or i < 0: t[i, 0] = if x[i, 0] < 0f then 0f else do {
      var r: f32 = sqrt(x[i, 0])
      for q in 0..3 {
        r = fma(r, r, 1f)
      }
      give r
    }
    add i in 0..n: t[g[i], 0] = 1f
    define i in 0..n {
      let a: f32 = x[i, 0]
      yield result u: f32[n] = a
      yield v: bool[n] = a < 0f
    }
    loop step, turns < 10 {
      m = min(m, f32(step))
    } until m < 0f
    if any[i in 0..n](v[i]) {
      m = m * -0f
    } else {
      m = nan_f32
    }
    for i in 0..argmin[i in 0..n](u[i]) {
      m = select(i == 0, 1f, m)
    }
    host (n, p; m; y) -> (w: f32[n], e: f32) {
      kernel "inner" real f64 wide f64 {
        size n
        size p
        scalar a: f64
        param y: f64[n, p]
        body {
          define i in 0..n: result w: f64[n] = y[i, 0] * a
        }
        result "w" = array w
        result "e" = 1d
      }
    }
  }
  result "u" = array u
  result "stats.s" = f32(s) + e
}
`;

describe("the text of Nest IR", () => {
  it("comes back plain from plain text", () => {
    expect(verifyKernel(parseKernel(everything))).toEqual([]);
    expect(printKernel(parseKernel(everything), { plain: true })).toBe(everything);
  });

  it("carries ids and spans there and back", () => {
    const text = printKernel(parseKernel(everything)).replaceAll("@0:0:0", "@0:4:9");
    expect(text).toContain("alpha.2 >= 0f");
    const kernel = parseKernel(text);
    expect(printKernel(kernel)).toBe(text);
    expect(kernel.body[0]?.at).toEqual({ file: "", start: 4, end: 9 });
    expect(parseKernel(printKernel(kernel))).toEqual(kernel);
  });

  it("tells apart names that meet in one scope", () => {
    const text = `kernel "f" real f32 wide f32 {
  size n.0
  body {
    let n.7: f32 = f32(n.0)
  }
  result "" = n.7
}
`;
    expect(printKernel(parseKernel(text), { plain: true })).toContain("let n.7: f32 = f32(n)");
  });

  it("says where the text is wrong", () => {
    expect(() => parseKernel('kernel "f" real f32 wide f32 {\n body {\n let x: f32 = y\n }\n}')).toThrow(
      "line 3: expected a scalar in scope, found y",
    );
  });
});
