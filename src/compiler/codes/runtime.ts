// R: what goes wrong when a program runs. The message names the place in the source.
import { type CodeEntry, entry } from "./entry.js";

export const runtimeCodes: Readonly<Record<string, CodeEntry>> = {
  R01: entry(
    "a requirement does not hold",
    `A \`require\` of the program was not met; what follows the code is its message. Of several failures the first in program order is
reported. The call gives no result in its place. A \`require\` may stand on data too: it then fails when a result is read, at the latest.
The right program below does not ask what it can't get.`,
    `
export fn root(x: real) -> real {
  require x >= 0 else "x must not be negative, got {x}"
  return sqrt(x)
}
test "a root" { expect root(-1) near 1 within 0.1 }`,
    `
export fn root(x: real) -> real {
  require x >= 0 else "x must not be negative, got {x}"
  return sqrt(x)
}
test "a root" { expect root(1) near 1 within 0.1 }`,
  ),
  R02: entry(
    "an index is out of range",
    `A subscript lies from 0 to the size of its axis, less one. Where the compiler can't prove that it does, it is checked when the program
runs, on every backend. The message gives the array, the index and the size. An \`if\` around the access, or \`clamp\`, keeps an index in range;
there are no negative indices that count from the end.`,
    `
export fn last(x: real[n]) -> real {
  return x[-1]
}
test "the last element" { expect last([1, 2]) == 2 }`,
    `
export fn last(x: real[n]) -> real {
  return x[n - 1]
}
test "the last element" { expect last([1, 2]) == 2 }`,
  ),
  R03: entry(
    "a slice is out of range",
    `For a slice \`x[lo..hi]\` it must hold that 0 <= lo <= hi <= size. A slice of nothing, lo == hi, is allowed; one that runs backwards or
over the end is not cut off silently.`,
    `
export fn head(x: real[n], k: size) -> real[k] {
  return x[0..k]
}
test "a head" { expect head([1, 2], 3) == [1, 2, 3] }`,
    `
export fn head(x: real[n], k: size) -> real[k] {
  require k <= n else "there are only {n} elements"
  return x[0..k]
}
test "a head" { expect head([1, 2], 2) == [1, 2] }`,
  ),
  R04: entry(
    "shapes do not agree",
    `An argument's shape is not the one that the function's type asks for, for instance since two arguments share a size name and have
different sizes there; or \`e as real[k]\` found another size than k. The message gives the axis, the size found and the size expected.`,
    `
export fn dot(x: real[n], y: real[n]) -> real {
  return sum[i](x[i] * y[i])
}
fn cut(x: real[n], y: real[m]) -> real { return dot(x, y as real[n]) }
test "a product" { expect cut([1, 2], [1, 2, 3]) == 5 }`,
    `
export fn dot(x: real[n], y: real[n]) -> real {
  return sum[i](x[i] * y[i])
}
fn cut(x: real[n], y: real[m]) -> real { return dot(x, y as real[n]) }
test "a product" { expect cut([1, 2], [1, 2]) == 5 }`,
  ),
  R05: entry(
    "division of an integer by zero",
    `\`div\` and \`%\` have no answer for a divisor of zero. Guard the division with an \`if\`: of the side that is not taken nothing is seen.
The division \`/\` of floating-point values is no error; what it gives for a zero is not promised.`,
    `
export fn share(total: i32, parts: i32) -> i32 {
  return total div parts
}
test "a share" { expect share(6, 0) == 0 }`,
    `
export fn share(total: i32, parts: i32) -> i32 {
  return if parts == 0 then 0 else total div parts
}
test "a share" { expect share(6, 0) == 0 }`,
  ),
  R06: entry(
    "an integer to a negative power",
    `\`k ^ e\` with integers is repeated multiplication, and has no integer answer for a negative \`e\`. Convert the base: \`real(k) ^ e\`.`,
    `
export fn power(k: i32, e: i32) -> real {
  return real(k ^ e)
}
test "a half" { expect power(2, -1) near 0.5 within 1e-6 }`,
    `
export fn power(k: i32, e: i32) -> real {
  return real(k) ^ e
}
test "a half" { expect power(2, -1) near 0.5 within 1e-6 }`,
  ),
  R07: entry(
    "two writes to one element",
    `An \`each\` assigns at once, so that of two values for one element neither would be the last. Where the subscripts are data, that is
found when the program runs. To add up all that hits an element, use \`+=\`.`,
    `
export fn place(at: i32[n], v: real[n]) -> real[n] {
  var out[i in 0..n] = 0.0
  each i: out[at[i]] = v[i]
  return out
}
test "two at one place" { expect place([0, 0], [1, 2]) == [3, 0] }`,
    `
export fn place(at: i32[n], v: real[n]) -> real[n] {
  var out[i in 0..n] = 0.0
  each i: out[at[i]] += v[i]
  return out
}
test "two at one place" { expect place([0, 0], [1, 2]) == [3, 0] }`,
  ),
  R08: entry(
    "a negative size",
    `A size, written in a type, in \`let m: size\` or as an argument \`k: size\`, came out below zero, at entry or where it is made. An array may
be empty, but not less. A \`require\` on the sizes says so in your own words.`,
    `
export fn inner(x: real[n]) -> real {
  let m: size = n - 2
  let between[i in 0..m] = x[i + 1]
  return sum[i](between[i])
}
test "between two ends" { expect inner([5]) == 0 }`,
    `
export fn inner(x: real[n]) -> real {
  require n >= 2 else "x has {n} elements, and two ends are left out"
  let m: size = n - 2
  let between[i in 0..m] = x[i + 1]
  return sum[i](between[i])
}
test "between two ends" { expect inner([5, 6]) == 0 }`,
  ),
  R09: entry(
    "an argument can't be taken",
    `What was handed to an exported function from TypeScript is not what its type asks for: another dtype or rank, a missing or unknown field
of a record, a number that is no integer for an \`i32\`, arrays of different floating types or on different devices. The message names
the argument, what was found and what was expected. The programs below are called with f({ k: 1.5 }) and f({ k: 1 }).`,
    `
export fn f(k: i32) -> i32 {
  return k + 1
}`,
    `
export fn f(k: i32) -> i32 {
  return k + 1
}`,
  ),
  R10: entry(
    "the device has no memory left, or is lost",
    `An array, or the scratch space of a function, is larger than what the device can hold or bind at once (4 GB in WebAssembly; on
WebGPU what the adapter says), or the GPU was taken away. Free arrays with dispose(), call with fewer rows at once, or ask for a new device: the next
call on a fresh device works. The wrong program below needs n * n numbers for an answer that needs none of them.`,
    `
export fn spread(x: real[n]) -> real {
  let d[i, j] = abs(x[i] - x[j])
  var largest = 0.0
  for i in 0..n { largest = max(largest, max[j](d[i, j])) }
  return largest
}`,
    `
export fn spread(x: real[n]) -> real {
  return max[i](x[i]) - min[i](x[i])
}`,
  ),
};
