// Calls: precision, function parameters, host functions, recursion, modules.
import { describe, expect, test } from "vitest";
import type { Expr } from "../typed.js";
import { findFunction } from "./check.js";
import { accepted, complaints, functionOf, messages, typesIn } from "./for-tests.js";

const library = `
fn dot(x: real[n], y: real[n]) -> real { return x @ y }
fn both(f: fn(real) -> real, x: real) -> real { return f(x) + f(2) }
fn apply(f: fn(real[d]) -> real[d], x: real[d]) -> real[d] { return f(x) }
fn cube(x: real) -> real { return x ^ 3 }
`;
const inF = (statements: string) =>
  complaints(
    `${library}fn f(x: real[n], y: real[n], w: wide, s: real, k: i32) -> real {\n${statements}\n  return 0\n}`,
  );
const types = (statements: string) =>
  typesIn(
    functionOf(`${library}fn f(x: real[n], w: wide, s: real, k: i32) -> real {\n${statements}\n  return 0\n}`, "f"),
  );

describe("precision", () => {
  test("one wide argument makes the call wide, and converts the others", () => {
    const def = functionOf(`${library}fn f(x: real[n]) -> wide {\n  let v[i] = wide(x[i])\n  return dot(v, x)\n}`, "f");
    const last = def.body.at(-1);
    if (last?.kind !== "return" || last.value.kind !== "call") throw new Error("no call");
    expect(last.value.instance).toBe("wide");
    expect(last.value.type).toEqual({ kind: "scalar", scalar: "wide" });
    const second = last.value.args[1];
    expect(second?.kind === "value" && second.value.kind).toBe("convert");
  });
  test("also through functions and lambdas", () => {
    expect(
      types(
        "  let a = both(cube, w)\n  let b = both(fn(t) => t * 2, w)\n  let c = both(fn(t) => t * w, s)\n  let d = both(exp, s)",
      ),
    ).toEqual({
      a: "wide",
      b: "wide",
      c: "wide",
      d: "real",
    });
  });
});

describe("function arguments", () => {
  test("a function, a builtin, a lambda, a parameter handed on", () => {
    expect(
      inF(
        "  let a = both(sqrt, 2) + both(cube, 2) + both(fn(z) => z * s + k, 1)\n  let b = apply(fn(z) => 2 * z + y, x)",
      ),
    ).toEqual([]);
    expect(
      complaints(
        `${library}fn on(f: fn(real) -> real, x: real) -> real { return both(f, x) }\nfn g(x: real) -> real { return on(cube, x) }`,
      ),
    ).toEqual([]);
  });
  test("a name stands for the lambda that calls it", () => {
    const def = functionOf(`${library}fn g(x: real) -> real { return both(cube, x) }`, "g");
    const [s] = def.body;
    const call: Expr | undefined = s?.kind === "return" ? s.value : undefined;
    const arg = call?.kind === "call" ? call.args[0] : undefined;
    if (arg?.kind !== "lambda" || arg.body.kind !== "call") throw new Error("no lambda");
    expect(arg.body.def.name).toBe("cube");
    expect(arg.body.args).toMatchObject([{ kind: "value", value: { kind: "local", local: arg.params[0] } }]);
  });
  test("what does not fit", () => {
    expect(inF("  let a = both(s, 1)")).toEqual(["T06 7"]);
    expect(inF("  let a = both(s + 1, 1)")).toEqual(["T08 7"]);
    expect(inF("  let a = both(fn(p, q) => p, 1)")).toEqual(["T08 7"]);
    expect(inF("  let a = both(fn(p) => p > 1, 1)")).toEqual(["T01 7"]);
    expect(inF("  let a = both(dot, 1)")).toEqual(["T07 7"]);
    expect(inF("  let a = apply(fn(z) => z[0..1], x)")).toEqual(["S03 7"]);
    expect(inF("  let a = cube")).toEqual(["T08 7"]);
    expect(inF("  let a = fn(p) => p").length).toBe(1);
  });
});

describe("host functions", () => {
  const host = `host fn eig(A: real[n, n]) -> real[n] {
  let v[i] = A[i, i]
  return twice(v)
}
host fn twice(v: real[n]) -> real[n] { return v * 2 }
fn through(A: real[n, n]) -> real[n] { return eig(A) }
fn hand(f: fn(real[n, n]) -> real[n], A: real[n, n]) -> real[n] { return f(A) }
`;
  const inHost = (statements: string) => complaints(`${host}export fn f(A: real[n, n]) -> real[n] {\n${statements}\n}`);
  test("are called by statements, through others, and by host functions anywhere", () => {
    expect(inHost("  let v = eig(A) + through(A)\n  return v")).toEqual([]);
    expect(complaints(`${host}host fn g(A: real[n, n]) -> real[n] {\n  let v[i] = eig(A)[i]\n  return v\n}`)).toEqual(
      [],
    );
  });
  test("never in an equation, an each, a reducer or a lambda, and in loops with a warning", () => {
    expect(inHost("  let v[i] = eig(A)[i]\n  return v")).toEqual(["U03 9"]);
    expect(inHost("  var v = eig(A)\n  each i: v[i] = through(A)[i]\n  return v")).toEqual(["U03 10"]);
    expect(inHost("  let s = sum[i](eig(A)[i])\n  return eig(A) + s")).toEqual(["U03 9"]);
    expect(inHost("  return hand(fn(B) => eig(B), A)")).toEqual(["U03 9"]);
    expect(inHost("  return hand(eig, A)")).toEqual(["U03 9"]);
    expect(inHost("  var v = eig(A)\n  for k in 0..3 { v = through(A) }\n  return v")).toEqual(["U04 10"]);
  });
});

describe("modules", () => {
  test("a function that is declared later, and the order of the program", () => {
    const program = accepted("fn f(x: real) -> real { return g(x) }\nfn g(x: real) -> real { return x }");
    expect(program.functions.map((f) => f.name)).toEqual(["g", "f"]);
    expect(findFunction(program, "f")?.name).toBe("f");
  });
  test("recursion, through others too", () => {
    expect(complaints("fn f(x: real) -> real { return g(x) }\nfn g(x: real) -> real { return f(x) }")).toEqual([
      "N08 2",
    ]);
    expect(complaints("type A = { b: B }\ntype B = { a: A }\nfn f(x: A) -> real { return 0 }")).toEqual(["N08 2"]);
  });
  test("imports from a file beside it", () => {
    const files = {
      "other.fold":
        "fn g(x: real) -> real { return h(x) }\nfn h(x: real) -> real { return x }\ntype T[n] = { v: real[n] }",
    };
    expect(
      complaints('import { g as gee, T } from "./other"\nfn f(t: T[n]) -> real { return gee(t.v[0]) }', files),
    ).toEqual([]);
    expect(complaints('import { gg } from "./other"\nfn f(x: real) -> real { return gg(x) }', files)).toEqual([
      "N06 1",
    ]);
    expect(complaints('import { g } from "./other"\nfn g(x: real) -> real { return x }', files)).toEqual(["N04 1"]);
    expect(complaints('import { g } from "./nowhere"\nfn f(x: real) -> real { return g(x) }', files)).toEqual([
      "N05 1",
    ]);
  });
  test("an error in an imported file is reported there", () => {
    const files = { "other.fold": "fn g(x: real) -> real {\n  return y\n}" };
    expect(complaints('import { g } from "./other"\nfn f(x: real) -> real { return g(x) }', files)).toEqual([
      "N01 other.fold:2",
    ]);
  });
  test("a cycle", () => {
    const files = {
      "a.fold": 'import { b } from "./b"\nfn a(x: real) -> real { return b(x) }',
      "b.fold": 'import { a } from "./a"\nfn b(x: real) -> real { return x }',
    };
    expect(complaints('import { a } from "./a"\nfn f(x: real) -> real { return a(x) }', files)).toEqual([
      "N07 b.fold:1",
    ]);
  });
  test("a user's function hides a scalar function; intrinsics are not seen", () => {
    expect(
      complaints("fn exp(x: real, y: real) -> real { return x + y }\nfn f(x: real) -> real { return exp(x, 1) }"),
    ).toEqual([]);
    expect(complaints("fn f(x: real) -> real { return pow2(1) }")).toEqual(["N01 1"]);
  });
  test("what a target inlines for a scalar function stands before its caller", () => {
    const program = accepted("fn f(x: real) -> real { return exp(x) }");
    const names = program.functions.map((f) => `${f.at.file} ${f.name}`);
    expect(names.indexOf("std/math exp")).toBeGreaterThanOrEqual(0);
    expect(names.at(-1)).toBe("main.fold f");
    expect(findFunction(program, "exp", "std/math")?.name).toBe("exp");
  });
});

describe("what people from elsewhere write", () => {
  test("the names of types", () => {
    const meant = (type: string) => messages(`fn f(x: ${type}) -> real { return 0 }`).map((m) => m.split(" | ").at(-1));
    expect(meant("float")).toEqual(["floating-point numbers are of type `real`"]);
    expect(meant("f32[n]")).toEqual(["floating-point numbers are of type `real`"]);
    expect(meant("int")).toEqual(["integers are of type `i32`"]);
    expect(meant("usize")).toEqual(["unsigned integers are of type `u32`"]);
    expect(meant("Boolean")).toEqual(["truth values are of type `bool`"]);
    expect(meant("constructor")).toEqual(["declare it: `type Name = { … }`"]);
  });
  test("the names of modules", () => {
    const meant = (module: string) =>
      messages(`import { a } from "${module}"\nfn f(x: real) -> real { return x }`).map((m) => m.split(" | ").at(-1));
    expect(meant("std/linear")).toEqual(['did you mean "std/linalg"?']);
    expect(meant("std/maths")).toEqual(['did you mean "std/math"?']);
    expect(meant("std/quaternions")).toEqual([expect.stringContaining("a module is")]);
    expect(meant("./maths")).toEqual([expect.stringContaining("a module is")]);
  });
});
