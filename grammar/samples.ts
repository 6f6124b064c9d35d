// For the grammar's tests: a program with every construct, generated programs, and trees without their places.
import fc from "fast-check";

/** Every statement, every expression, every way for a line to go on. In the canonical layout. */
export const everything = `## Everything that the grammar has.
import { cholesky, solve as choleskySolve } from "std/linalg"
import { helper } from "./helper"

# The fields may be any word.
export type Fit[n, k] = { coef: real[n, k], for: i32, nested: { in: bool } }

## Adds one.
## In two lines.
fn plus(x: real) -> real { return x + 1 }

host fn none() -> i32 { return 0x1F }

fn apply(f: fn(real, real[n]) -> real, g: fn() -> i32, x: real[n], n: size) -> { a: real, b: i32 } {
  return { a: f(x[0], x), b: g() }
}

export fn all_of_it(X: real[n, p], y: real[(n + 1) div 2], k: size) -> Fit[n, k] {
  require n > 0 and p > 0 else "X is {n} by {p}: \\"empty\\""
  let m: size = n div 2
  let A[i, j]: real = X[i, j] ^ 2 + -X[i, j] ^ -2
  let B[i, :] = X[i, 0..m]
  let { q, r: other } = factor(A @ B')
  var count: i32 = 0  # a counter
  var Z[i in 0..n, j in 0..p] = 0
  each i, j: Z[i, j] = Z[j, i]
  each i in 0..n, j in 0..i where X[i, j] > 0 and not isnan(X[i, j]): Z[i, j] += 1
  Z[0, 0..m] = [1, .5, 2e-3]
  q.r.s -= [[1, 0], [0, 1]]
  for t in 0..n { count += 1 }

  loop t < 10 * n {
    count += if t % 2 == 0 then 1 else 0
  } until sum[i in 0..n](Z[i, i]) < 1e-3 or count >= 100
  if count == 1 {
    count = 2
  } else if count != 3 {
    # nothing yet
  } else {
    count = argmin[j where X[0, j] > 0](X[0, j])
  }
  let c[i in 0..n] = sum[a in 0..i + 1, b in a..n](X[a, 0] * X[b, 0])
  let d = mapRows(X, fn(row, other) => row @ other, plus)
  let s = (helper(X) as real[k])[0] * wide(min(1, 2)) - max[i](y[i])
  let t = a.in.then' @ f(x)[i, :, j]'
  return { coef: d, for: count, nested }
}

test "it adds" {
  expect plus(1) near 2 within 1e-6
  expect none() == 31 and true or not false
}
`;

const name = fc.constantFrom("a", "b", "x", "n", "i", "long_name_of_a_thing", "coefficients", "min", "count");
const array = fc.constantFrom("a", "X", "long_name_of_a_matrix");
const field = fc.constantFrom("f", "in", "for", "value", "test");
const number = fc.constantFrom("0", "1", "2.5", "1e-3", ".5", "3.", "0xFF", "123456789.123456");
const binary = fc.constantFrom("+", "-", "*", "/", "div", "%", "@", "^", "==", "<", "and", "or");
const reducer = fc.constantFrom("sum", "max", "argmin", "any");

/** Text of an expression, spaced and broken at random, in brackets where its operators could be read otherwise. */
export const expression: fc.Arbitrary<string> = fc.letrec<{ expr: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { maxDepth: 4, depthSize: "xsmall" },
    ...[name, number, fc.constantFrom("true", "false")],
    tie("expr").map((e) => `(${e})`),
    fc.array(tie("expr"), { minLength: 1, maxLength: 4 }).map((list) => `[${list.join(", ")}]`),
    fc.tuple(name, fc.array(tie("expr"), { maxLength: 4 })).map(([f, list]) => `${f}(${list.join(",\n")})`),
    fc.tuple(name, name, tie("expr")).map(([f, x, e]) => `${f}(fn(${x}) => ${e}, ${x})`),
    fc.tuple(array, tie("expr"), tie("expr")).map(([x, lo, hi]) => `${x}[${lo} .. ${hi}, :]`),
    fc.tuple(tie("atom"), field).map(([e, f]) => `(${e}).${f}`),
    tie("atom").map((e) => `(${e})'`),
    fc.tuple(reducer, name, tie("expr"), tie("expr")).map(([r, i, c, e]) => `${r}[${i} where ${c}](${e})`),
    fc.tuple(reducer, name, tie("expr"), tie("expr")).map(([r, i, n, e]) => `${r}[${i} in 0..${n}, j](${e})`),
  ),
  expr: fc.oneof(
    { maxDepth: 4, depthSize: "xsmall" },
    tie("atom"),
    fc.tuple(tie("atom"), binary, tie("atom")).map(([a, op, b]) => `${a}  ${op} ${b}`),
    fc
      .tuple(tie("atom"), fc.array(fc.tuple(fc.constantFrom("+", "*"), tie("atom")), { minLength: 1, maxLength: 6 }))
      .map(([a, more]) => a + more.map(([op, b]) => ` ${op}${b}`).join("")),
    tie("atom").map((e) => `- ${e}`),
    tie("atom").map((e) => `not ${e}`),
    fc.tuple(tie("expr"), tie("expr"), tie("expr")).map(([c, a, b]) => `if ${c} then ${a} else ${b}`),
    tie("atom").map((e) => `${e} as real[n, 2]`),
  ),
})).expr;

const comment = fc.constantFrom("", "", "", " # a comment", "  ## another", "\n# on its own line", "\n\n\n");
const simple = fc.oneof(
  fc.tuple(name, expression).map(([x, e]) => `let ${x} = ${e}`),
  fc.tuple(name, expression).map(([x, e]) => `var ${x}[i in 0..n, :]: i32 =\n${e}`),
  fc.tuple(name, field, expression).map(([x, f, e]) => `${x}.${f}[i, 0..2] += ${e}`),
  fc.tuple(expression, expression).map(([c, e]) => `each i, j in 0..3 where ${c}: a[i, j] = ${e}`),
  expression.map((e) => `require ${e} else "it is {a.b}, \\"so\\""`),
  fc.tuple(expression, expression).map(([a, b]) => `expect ${a} near\n ${b}\n within 1e-3`),
  fc.tuple(field, field, expression).map(([f, g, e]) => `let r = { ${f}: ${e},\n ${g}: 1, value }`),
);
const statements: fc.Arbitrary<string> = fc.letrec<{ lines: string; line: string }>((tie) => ({
  line: fc.oneof(
    { maxDepth: 3 },
    simple,
    fc.tuple(expression, tie("lines")).map(([e, s]) => `for k in 0..${e} {${s}}`),
    fc.tuple(expression, tie("lines")).map(([e, s]) => `loop k < 10 {${s}}\nuntil ${e}`),
    fc.tuple(expression, tie("lines"), tie("lines")).map(([e, s, t]) => `if ${e} {${s}}\nelse {${t}}`),
    fc.tuple(expression, simple, simple).map(([e, s, t]) => `if ${e} { ${s} } else if ${e} { ${t} }`),
  ),
  lines: fc
    .array(fc.tuple(tie("line"), comment), { maxLength: 4 })
    .map((list) => `\n${list.map(([line, after]) => `${line}${after}\n`).join("")}`),
})).lines;

/** Text of a module that can be read, though it means nothing. */
export const program: fc.Arbitrary<string> = fc
  .tuple(statements, expression, comment)
  .map(
    ([body, e, after]) =>
      `## Some words.\nexport fn f(x: real[n], g: fn(i32) -> real) -> real {${body}return ${e}\n}${after}\n`,
  );

/** A tree without its places, for comparison. */
export const bare = (tree: unknown): unknown =>
  JSON.parse(
    JSON.stringify(tree, (key, value) => (key === "at" || key === "opAt" || key === "file" ? undefined : value)),
  );
