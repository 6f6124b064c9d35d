// Loop IR's text: printing and parsing are inverse, and the verifier finds what is wrong.
import { describe, expect, test } from "vitest";
import { parseLoopFunction } from "./loop-parse.js";
import { printLoopFunction } from "./loop-print.js";
import { verifyLoopFunction } from "./loop-verify.js";

const everything = `function "everything" {
  file "a \\"b\\".fold"
  scalar size n.0: i32
  scalar alpha.1: f32
  scalar flag.2: bool
  buffer x.0: param f32
  buffer y.1: result f32
  buffer w.2: result f64
  local r.3: register f32[8]
  body {
    let a.3: f32x4 = splat4(alpha.1) @0:3:9
    var b.4: i32 = (n.0 - 1) * 2 - (3 - n.0 div 4) % 5
    b.4 = select(not(flag.2) and n.0 < 3 or flag.2, -7, if(flag.2, 1, b.4))
    for i.5: i32 in 0 .. n.0 step 4 vector @0:10:20 {
      let v.6: f32x4 = x.0[i.5; 4]
      let m.7: boolx4 = v.6 > splat4(const 0f)
      y.1[i.5] = v.6 * a.3 mask m.7
      scatter y.1[ramp4() + splat4(i.5)] = gather(x.0, ramp4() mask m.7) mask m.7
      r.3[i.5 % 8] = extract(v.6, 3)
      if anyLane(m.7) {
        fail 2 at i.5 when flag.2 with [i.5, f32(b.4), nan_f32, -inf_f64]
        fail 3 at 0 when -0f < 1.5e-7f with [-0f, 3.5d, 7u]
      } else {
        stopIfFailed
      }
    }
    while b.4 > 0 {
      b.4 = b.4 - 1
    }
    parallel j.8: i32 in n.0 @0:30:31 {
      alloc s.4: scratch f64 length n.0 * 2
      for k.9: i32 in 0 .. n.0 scalar {
        s.4[k.9] = pow2_f64(k.9) + f64(x.0[k.9; 1])
      }
      w.2[j.8] = s.4[j.8]
      barrier storage
    }
  }
}
`;

describe("the text of Loop IR", () => {
  test("printing what was parsed gives the text back", () => {
    // `; 1` is read as the plain load that it is.
    expect(printLoopFunction(parseLoopFunction(everything))).toBe(everything.replace("x.0[k.9; 1]", "x.0[k.9]"));
  });

  test("parsing what was printed gives the function back", () => {
    const f = parseLoopFunction(everything);
    expect(parseLoopFunction(printLoopFunction(f))).toEqual(f);
  });

  test("operators keep their grouping", () => {
    for (const e of ["a - (b - c)", "a - b - c", "(a + b) * c", "a + b * c", "a * (b div c)", "a div b * c"]) {
      const text = `function "f" { scalar a: i32 scalar b: i32 scalar c: i32 body { let x: i32 = ${e} } }`;
      expect(printLoopFunction(parseLoopFunction(text), { plain: true })).toContain(`let x: i32 = ${e}\n`);
    }
  });

  test("plain text has no ids, but where names are ambiguous", () => {
    const text = `function "f" { buffer y: result i32 body {
      for i: i32 in 0 .. 3 { y[i] = i } for i: i32 in 0 .. 4 { y[i] = 1 } } }`;
    const plain = printLoopFunction(parseLoopFunction(text), { plain: true });
    expect(plain).toContain("y[i] = i\n");
    expect(plain).toMatch(/for (i\.\d+): i32 in 0 \.\. 4 {\n {6}y\[\1\] = 1/);
  });
});

describe("the verifier", () => {
  const problemsOf = (head: string, body: string) =>
    verifyLoopFunction(parseLoopFunction(`function "f" { ${head} body { ${body} } }`)).join("; ");

  test("passes what is right", () => {
    expect(verifyLoopFunction(parseLoopFunction(everything))).toEqual([]);
  });

  test.each([
    ["scalar a: f32", "let b: i32 = a", "another type than its value"],
    ["scalar a: i32", "a = 3", "can't be set"],
    ["buffer x: param f32", "x[0] = 1f", "can't be written"],
    ["buffer x: result f32", "x[0] = 1d", "holds f32"],
    ["buffer x: result f32", "x[1f] = 1f", "must be i32"],
    ["", "parallel i: i32 in 3 { stopIfFailed }", "stopIfFailed in a parallel body"],
    ["", "var s: i32 = 0 parallel i: i32 in 3 { s = i }", "can't be set here"],
    ["scalar a: i32", "while a + 1 == 2 and a < 3 { } if a { }", "must be bool"],
    ["", "let v: f64x4 = splat4(const 0d)", "f64 has at most two lanes"],
    ["scalar a: i32 scalar b: f32", "let c: bool = a < b", "operands of types i32 and f32"],
    ["scalar a: f32", "let c: f32x4 = splat4(a) + splat4(splat4(a))", "splat takes one lane"],
  ])("%s { %s }", (head, body, problem) => {
    expect(problemsOf(head, body)).toContain(problem);
  });

  test("a name is not seen after its block", () => {
    const f = parseLoopFunction(`function "f" { body { for i: i32 in 0 .. 3 { let a: i32 = i } let b: i32 = a } }`);
    expect(verifyLoopFunction(f).join()).toContain("not in scope");
  });
});
