// U: what can't be used so: exports that can't cross to TypeScript, host functions in equations, `expect` outside of tests.
import { type CodeEntry, entry } from "./entry.js";

export const useCodes: Readonly<Record<string, CodeEntry>> = {
  U01: entry(
    "a function can't cross",
    "An exported function is called from TypeScript, and a host function runs apart from the kernel: neither takes a function. Inside, function parameters are bound at compile time.",
    `
export fn map(x: real[n], f: fn(real) -> real) -> real[n] {
  let y[i] = f(x[i])
  return y
}`,
    `
fn map(x: real[n], f: fn(real) -> real) -> real[n] {
  let y[i] = f(x[i])
  return y
}
export fn roots(x: real[n]) -> real[n] { return map(x, sqrt) }`,
  ),
  U02: entry(
    "`wide` can't cross",
    "`wide` is `f64` on the CPU and `f32` on the GPU: the types of an exported function speak of `real` only. Convert inside.",
    `
export fn total(x: real[n]) -> wide {
  return sum[i](wide(x[i]))
}`,
    `
export fn total(x: real[n]) -> real {
  return real(sum[i](wide(x[i])))
}`,
  ),
  U03: entry(
    "a host function inside an equation",
    "A host function runs on the CPU wherever its arrays live, and they cross for each call. It can't be called for each element: not inside an indexed equation, an `each`, a reducer or a lambda.",
    `
host fn norm(x: real[n]) -> real { return sqrt(x @ x) }
export fn norms(X: real[n, p]) -> real[n] {
  let y[i] = norm(X[i, :])
  return y
}`,
    `
fn norm(x: real[n]) -> real { return sqrt(x @ x) }
export fn norms(X: real[n, p]) -> real[n] {
  let y[i] = norm(X[i, :])
  return y
}`,
  ),
  U04: entry(
    "a host function in a loop",
    "This is a warning: in every turn the arrays cross to the CPU and the answer comes back. Make the loop a part of the host function, or call it once before.",
    `
host fn half(x: real[n]) -> real[n] { return x / 2 }
export fn f(x: real[n]) -> real[n] {
  var y = x
  for k in 0..10 { y = half(y) }
  return y
}`,
    `
host fn halves(x: real[n]) -> real[n] {
  var y = x
  for k in 0..10 { y = y / 2 }
  return y
}
export fn f(x: real[n]) -> real[n] { return halves(x) }`,
  ),
  U05: entry(
    "`expect` outside of a test",
    "`expect` says what a test finds. A function checks its arguments by `require`.",
    `
fn f(x: real) -> real {
  expect x > 0
  return log(x)
}`,
    `
fn f(x: real) -> real {
  require x > 0 else "x must be positive, got {x}"
  return log(x)
}`,
  ),
  U06: entry(
    "an array that the GPU can't bound",
    `A function that is called for each element makes its arrays in memory that is set aside before the kernel starts, one for each point in
flight. On WebGPU nothing can be set aside later, so that the host must know a bound of the array's size. Where the size is data, as here
\`g[j] * g[j]\`, ask for the bound. (A size that is a parameter, or no larger than one, has it.) \`bifold check\` and \`bifold build\` say so.`,
    `
fn last(k: size, a: real) -> real {
  var t[i in 0..k] = a
  for i in 1..k { t[i] = t[i - 1] * a }
  var total = 0
  for i in 0..k { total = total + t[k - 1 - i] * t[i] }
  return total
}
export fn lasts(x: real[n], g: i32[n]) -> real[n] {
  let y[j] = last(g[j] * g[j], x[j])
  return y
}`,
    `
fn last(k: size, a: real) -> real {
  require k <= 100 else "{k} is more than 100"
  var t[i in 0..k] = a
  for i in 1..k { t[i] = t[i - 1] * a }
  var total = 0
  for i in 0..k { total = total + t[k - 1 - i] * t[i] }
  return total
}
export fn lasts(x: real[n], g: i32[n]) -> real[n] {
  let y[j] = last(g[j] * g[j], x[j])
  return y
}`,
  ),
};
