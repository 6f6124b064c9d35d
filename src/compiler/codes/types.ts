// T: values of the wrong type.
import { type CodeEntry, entry } from "./entry.js";

export const typeCodes: Readonly<Record<string, CodeEntry>> = {
  T01: entry(
    "types that differ",
    "A value of another type was expected. Integers become reals, and reals `wide`, by themselves; the way back is written: `i32(e)`, `real(e)`. An element is a scalar: an array needs a subscript for each dimension.",
    `
fn f(x: real) -> i32 {
  return x
}`,
    `
fn f(x: real) -> i32 {
  return i32(x)
}`,
  ),
  T02: entry(
    "`i32` with `u32`",
    "The two do not mix, since one of them would change its meaning. Convert one: the bits are kept.",
    `
fn f(a: i32, b: u32) -> i32 {
  return a + b
}`,
    `
fn f(a: i32, b: u32) -> i32 {
  return a + i32(b)
}`,
  ),
  T03: entry(
    "a real as an index",
    "Subscripts, the bounds of ranges and sizes are `i32`. A literal that meets nothing is a `real`: `var k = 0` is one, an integer is `var k: i32 = 0`. `/` gives a `real`, too; integers are divided by `div`.",
    `
fn middle(x: real[n]) -> real {
  return x[n / 2]
}`,
    `
fn middle(x: real[n]) -> real {
  return x[n div 2]
}`,
  ),
  T04: entry(
    "a condition that is no bool",
    "A condition is one `bool`. Numbers are compared first; of an array say which elements must hold, by `all[i](…)` or `any[i](…)`.",
    `
fn f(k: i32) -> real {
  return if k then 1 else 2
}`,
    `
fn f(k: i32) -> real {
  return if k != 0 then 1 else 2
}`,
  ),
  T05: entry(
    "an operation that does not fit its values",
    "Each operator and function is for some types: arithmetic for numbers, `and or not` for bools, `div` and `%` for integers, `@` for matrices and vectors, `'` for matrices.",
    `
fn f(x: real) -> real {
  return x % 2
}`,
    `
fn f(x: real) -> real {
  return x - 2 * floor(x / 2)
}`,
  ),
  T06: entry(
    "used as what it is not",
    "Only an array has subscripts, only a record has fields, only a function is called.",
    `
fn f(x: real[n]) -> real {
  return x(0)
}`,
    `
fn f(x: real[n]) -> real {
  return x[0]
}`,
  ),
  T07: entry(
    "the wrong number of arguments",
    "A function takes an argument for each of its parameters; there are no defaults.",
    `
fn f(x: real, y: real) -> real { return x + y }
fn g(x: real) -> real { return f(x) }`,
    `
fn f(x: real, y: real) -> real { return x + y }
fn g(x: real) -> real { return f(x, 0) }`,
  ),
  T08: entry(
    "functions and values mixed up",
    "A function is no value: it is called, or handed on where a parameter is a function. There, the argument is the name of a function, or `fn(x) => …` with as many values as the parameter says.",
    `
fn twice(f: fn(real) -> real, x: real) -> real { return f(f(x)) }
fn g(x: real) -> real { return twice(x + 1, x) }`,
    `
fn twice(f: fn(real) -> real, x: real) -> real { return f(f(x)) }
fn g(x: real) -> real { return twice(fn(z) => z + 1, x) }`,
  ),
  T09: entry(
    "a literal that does not fit",
    "An integer literal takes the type of what it meets, and must lie in it: an `i32` goes from -2147483648 to 2147483647, a `u32` from 0 to 4294967295.",
    `
fn f(x: i32) -> i32 {
  return x * 2654435769
}`,
    `
fn f(x: u32) -> u32 {
  return x * 2654435769
}`,
  ),
  T10: entry(
    "a record where none can be made",
    "A record is made after `return`, or directly after the `=` of a `let` or `var` without brackets. There are no arrays of records: make an array for each field.",
    `
fn f(x: real[n]) -> real {
  let r[i in 0..n] = { a: x[i], b: 1 }
  return r.a[0]
}`,
    `
fn f(x: real[n]) -> real {
  let a[i] = x[i]
  let r = { a, b: 1 }
  return r.a[0]
}`,
  ),
  T11: entry(
    "`as` with another type",
    "`e as real[k]` says that the sizes of `e` are those, which is checked at run time. It changes neither the rank nor the scalar type; a conversion does: `i32(e)`.",
    `
fn f(x: real[n]) -> real[n] {
  return x as real[n, 1]
}`,
    `
fn f(x: real[n], m: size) -> real[m] {
  return x as real[m]
}`,
  ),
  T12: entry(
    "too many dimensions",
    "An array has one to four dimensions.",
    `
fn f(x: real[a, b, c, d, e]) -> real { return x[0, 0, 0, 0, 0] }`,
    `
fn f(x: real[a, b, c, d * e], d: size, e: size) -> real { return x[0, 0, 0, 0] }`,
  ),
  T13: entry(
    "a list of unlike elements",
    "The elements of a list are scalars that meet in one type, or arrays of one shape; there is at least one.",
    `
fn f(x: real) -> real[2] {
  return [x, [1, 2]]
}`,
    `
fn f(x: real) -> real[2, 2] {
  return [[x, x], [1, 2]]
}`,
  ),
  T14: {
    title: "calls that nest too deep",
    text: "Every call is inlined, so that functions within functions may be some hundred deep, and no more. Call fewer functions from within functions.\n",
  },
};
