// N: names that are unknown, taken, reserved, or that go in a circle.
import { type CodeEntry, entry } from "./entry.js";

export const nameCodes: Readonly<Record<string, CodeEntry>> = {
  N01: entry(
    "unknown name",
    `Nothing of that name can be seen here. A name made inside the braces of a block is not seen after it, and a reducer's binder
only in its parentheses. A \`let\` is seen from the next statement on.`,
    `
fn total(x: real[n]) -> real {
  return sum[i](y[i])
}`,
    `
fn total(x: real[n]) -> real {
  return sum[i](x[i])
}`,
  ),
  N02: entry(
    "a name that is taken",
    `A local may not share a name with an enclosing local, size or parameter: one name means one thing in a place. It may hide a
function of the module, or a constant such as \`eps\`. A later \`loop\` may take the name of an earlier one's turns.`,
    `
fn total(x: real[n]) -> real {
  let n = 2.0
  return n * sum[i](x[i])
}`,
    `
fn total(x: real[n]) -> real {
  let weight = 2.0
  return weight * sum[i](x[i])
}`,
  ),
  N03: entry(
    "a reserved name",
    "The names of reducers (`sum prod min max argmin argmax any all count`) and of types (`real wide i32 u32 bool size`) mean the same everywhere. A field of a record may be called so.",
    `
fn total(x: real[n]) -> real {
  let sum = sum[i](x[i])
  return sum
}`,
    `
fn total(x: real[n]) -> real {
  let s = sum[i](x[i])
  return s
}`,
  ),
  N04: entry(
    "declared twice",
    "A module has one declaration of a name, imports included; a record has one field of a name.",
    `
fn f(x: real) -> real { return x }
fn f(x: i32) -> i32 { return x }`,
    `
fn f(x: real) -> real { return x }
fn g(x: i32) -> i32 { return x }`,
  ),
  N05: entry(
    "no such module",
    'A module is one of the standard library, `"std/linalg"` and its kin, or a file beside this one, `"./name"` for `name.fold`.',
    `
import { cholesky } from "linalg/nowhere"
fn f(x: real) -> real { return x }`,
    `
fn f(x: real) -> real { return x }`,
  ),
  N06: entry(
    "not in that module",
    "The module was found, and has no function or type of that name at its top level.",
    `
import { choleskey } from "std/linalg"
fn f(A: real[n, n]) -> real[n, n] { return choleskey(A) }`,
    `
import { cholesky } from "std/linalg"
fn f(A: real[n, n]) -> real[n, n] { return cholesky(A) }`,
  ),
  N07: entry(
    "modules that import each other",
    "A module can't import itself, directly or through others: there would be no order to check them in. Put what both need into a third one. (The example stands for a file `main.fold` that imports itself.)",
    `
import { g } from "./main"
fn f(x: real) -> real { return g(x) }`,
    `
fn g(x: real) -> real { return x }
fn f(x: real) -> real { return g(x) }`,
  ),
  N08: entry(
    "a definition in terms of itself",
    "Every call is inlined, so that a function can't call itself, directly or through others. Write a `for`, or a `loop` that ends when a condition holds. In the same way a type can't contain itself.",
    `
fn factorial(n: i32) -> i32 {
  return if n <= 1 then 1 else n * factorial(n - 1)
}`,
    `
fn factorial(n: i32) -> i32 {
  return prod[k in 1..n + 1](k)
}`,
  ),
  N09: entry(
    "no such field",
    "The record has no field of that name. Records are compared by their fields; the message lists those that it has.",
    `
fn f(r: { mean: real, scale: real }) -> real { return r.average }`,
    `
fn f(r: { mean: real, scale: real }) -> real { return r.mean }`,
  ),
};
