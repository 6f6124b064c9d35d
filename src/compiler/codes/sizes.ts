// S: sizes, shapes and the ranges of binders.
import { type CodeEntry, entry } from "./entry.js";

export const sizeCodes: Readonly<Record<string, CodeEntry>> = {
  S01: entry(
    "a binder without a range",
    `A binder without a written range takes it from every place where it is the whole of a subscript. Here there is none: \`i + 1\` or
\`2 * i\` is not the binder alone. Write the range.`,
    `
fn squares(n: size) -> i32[n] {
  let s[i] = i * i
  return s
}`,
    `
fn squares(n: size) -> i32[n] {
  let s[i in 0..n] = i * i
  return s
}`,
  ),
  S02: entry(
    "sizes that do not agree",
    `A binder without a written range runs over the size of every array that it is a whole subscript of, and these sizes must be one.
Often a subscript is the wrong binder. Where the sizes are equal but the compiler can't see it, say so by \`as\`; where they are
meant to differ, write the range.`,
    `
fn residual(X: real[n, p], y: real[n], w: real[p]) -> real[n] {
  let r[i] = sum[j](X[i, j] * w[j] - y[j])
  return r
}`,
    `
fn residual(X: real[n, p], y: real[n], w: real[p]) -> real[n] {
  let r[i] = sum[j](X[i, j] * w[j]) - y[i]
  return r
}`,
  ),
  S03: entry(
    "shapes that differ",
    `Whole arrays are combined, assigned, returned and handed on only where their shapes are equal. Sizes are compared as polynomials: \`2 * n\`
is \`n + n\`. There is no broadcasting; write the indices. Where two sizes are always equal and the compiler can't tell,
\`e as real[k]\` says so, and is checked at run time.`,
    `
fn add(x: real[n], y: real[m]) -> real[n] {
  return x + y
}`,
    `
fn add(x: real[n], y: real[m]) -> real[n] {
  return x + (y as real[n])
}`,
  ),
  S04: entry(
    "no size",
    "What stands in the type of a parameter or of the result is a size: a name that a dimension binds, a parameter `k: size`, or a `let m: size` at the top level of the function. A plain `i32` is not seen by the caller.",
    `
fn zeros(k: i32) -> real[k] {
  let z[i in 0..k] = 0.0
  return z
}`,
    `
fn zeros(k: size) -> real[k] {
  let z[i in 0..k] = 0.0
  return z
}`,
  ),
  S05: entry(
    "a size that nothing binds",
    "A size is bound where its name stands alone in a dimension of a parameter (also in a record), or by a parameter `k: size`. From `real[2 * n]` alone, `n` can't be had. The result may also speak of a `let m: size`.",
    `
fn halves(x: real[2 * n]) -> real[n] {
  let y[i in 0..n] = x[2 * i]
  return y
}`,
    `
fn halves(x: real[2 * n], n: size) -> real[n] {
  let y[i in 0..n] = x[2 * i]
  return y
}`,
  ),
  S06: entry(
    "what can't be a size",
    `A size is built from integers and size names by \`+ - * div\`, is never negative and never comes from data: it must be known before the arrays
are there. Who needs as many elements as pass a test counts them first, and hands the number to a function as \`k: size\`. Inside a block a
size may depend on loop variables, binders and immutable \`i32\` values; a longer expression is named first by a \`let\`.`,
    `
fn positive(x: real[n]) -> real {
  let k = count[i](x[i] > 0)
  let first[i in 0..k] = x[i]
  return sum[i](first[i])
}`,
    `
fn leading(x: real[n], k: size) -> real {
  let first[i in 0..k] = x[i]
  return sum[i](first[i])
}`,
  ),
  S07: entry(
    "a size that leaves its block",
    "The rows of an array have one size. Here it depends on a name that is known only inside the equation.",
    `
fn rows(A: real[n, n]) -> real[n, n] {
  let R[i, :] = A[i, 0..i]
  return R
}`,
    `
fn rows(A: real[n, n]) -> real[n, n] {
  let R[i, j] = if j < i then A[i, j] else 0
  return R
}`,
  ),
  S08: entry(
    "a range that does not start at 0",
    "`let A[i in 0..n]` defines every element of a new array, so that its range starts at 0 and uses no other binder. The ranges of an `each` and of a reducer are free.",
    `
fn tail(x: real[n]) -> real[n - 1] {
  let y[i in 1..n] = x[i]
  return y
}`,
    `
fn tail(x: real[n]) -> real[n - 1] {
  let y[i in 0..n - 1] = x[i + 1]
  return y
}`,
  ),
  S09: entry(
    "the wrong number of subscripts",
    "An array takes one subscript for each dimension; `:` takes all of a dimension. In `let A[i, :] = e` the `:`s come last, one for each dimension of `e`.",
    `
fn row(A: real[n, p], i: i32) -> real[p] {
  return A[i]
}`,
    `
fn row(A: real[n, p], i: i32) -> real[p] {
  return A[i, :]
}`,
  ),
  S10: entry(
    "too many binders",
    "`argmin` and `argmax` give the index of the first best, which is one number: they have one binder.",
    `
fn best(A: real[n, p]) -> i32 {
  return argmin[i, j](A[i, j])
}`,
    `
fn best(A: real[n, p]) -> i32 {
  let least[i] = min[j](A[i, j])
  return argmin[i](least[i])
}`,
  ),
  S11: entry(
    "`size` where it can't stand",
    "`size` is the type of a parameter, or of a `let` at the top level of a function. Elsewhere an integer is an `i32`; inside a block an immutable one may stand in sizes.",
    `
fn f(x: real[n]) -> size {
  return n
}`,
    `
fn f(x: real[n]) -> i32 {
  return n
}`,
  ),
  S12: entry(
    "the wrong number of sizes of a type",
    "A declared type is written with all the sizes that it declares.",
    `
type Fit[n, k] = { a: real[n], b: real[k] }
fn f(m: Fit[n]) -> real { return sum[i](m.a[i]) }`,
    `
type Fit[n, k] = { a: real[n], b: real[k] }
fn f(m: Fit[n, k]) -> real { return sum[i](m.a[i]) }`,
  ),
  S13: entry(
    "a subscript outside of the array",
    `Where both the subscript and the size are known, the compiler sees that there is no such element. Subscripts begin at 0, so that the last
of three elements is \`x[2]\`, and none counts from the end. A slice \`x[lo..hi]\` takes the elements from lo to hi - 1.`,
    `
fn last(x: real[3]) -> real {
  return x[3]
}`,
    `
fn last(x: real[3]) -> real {
  return x[2]
}`,
  ),
};
