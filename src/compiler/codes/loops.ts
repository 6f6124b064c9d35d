// L: assignment, `each`, and where a function returns.
import { type CodeEntry, entry } from "./entry.js";

export const loopCodes: Readonly<Record<string, CodeEntry>> = {
  L01: entry(
    "assignment to what does not change",
    "Only a `var` is assigned to. A `let` names a value for good; parameters, sizes, binders and the indices of loops keep theirs.",
    `
fn f(x: real[n]) -> real[n] {
  x[0] = 1
  return x
}`,
    `
fn f(x: real[n]) -> real[n] {
  var y = x
  y[0] = 1
  return y
}`,
  ),
  L02: entry(
    "one element written many times",
    "An `each` assigns for all its indices at once, so that every binder stands in the place: else one element would get many values. Add them up by `+=`, or reduce over the binder on the right.",
    `
fn f(X: real[n, p]) -> real[n] {
  var s[i in 0..n] = 0.0
  each i, j: s[i] = X[i, j]
  return s
}`,
    `
fn f(X: real[n, p]) -> real[n] {
  var s[i in 0..n] = 0.0
  each i, j: s[i] += X[i, j]
  return s
}`,
  ),
  L03: entry(
    "a `return` that is not the last statement",
    "A function ends in its one `return`. Choose the value before, by `if … then … else …` or by a `var` that the branches set. A test returns nothing.",
    `
fn f(x: real) -> real {
  if x > 0 {
    return x
  }
  return -x
}`,
    `
fn f(x: real) -> real {
  return if x > 0 then x else -x
}`,
  ),
  L04: entry(
    "an `each` that assigns one value",
    "A place without subscripts is one value, and can't be assigned for many indices at once; it may be added to, by `+=` or `-=`.",
    `
fn f(x: real[n]) -> real {
  var s = 0
  each i: s = x[i]
  return s
}`,
    `
fn f(x: real[n]) -> real {
  var s = 0
  each i: s += x[i]
  return s
}`,
  ),
  L05: entry(
    "a function that returns nothing",
    "The last statement of every function is `return`.",
    `
fn f(x: real) -> real {
  let y = x + 1
}`,
    `
fn f(x: real) -> real {
  let y = x + 1
  return y
}`,
  ),
};
