// P: texts that can't be read: characters, words and lines that don't fit the grammar.
import { type CodeEntry, entry } from "./entry.js";

export const parseCodes: Readonly<Record<string, CodeEntry>> = {
  P01: entry(
    "a character that means nothing",
    `Fold's text is made of names, numbers, strings, comments and the operators of the grammar. Other characters may stand in strings
and comments only. The words \`and\`, \`or\` and \`not\` are written out, and a line ends without a semicolon.`,
    `
fn positive(a: real, b: real) -> bool {
  return a > 0 && b > 0
}`,
    `
fn positive(a: real, b: real) -> bool {
  return a > 0 and b > 0
}`,
  ),
  P02: entry(
    "a string that is not well formed",
    `A string stands in double quotes and ends on its line. It knows three escapes: \\" for a quote, \\\\ for a backslash and \\n for
a new line.`,
    `
fn root(x: real) -> real {
  require x >= 0 else "x is negative
  return sqrt(x)
}`,
    `
fn root(x: real) -> real {
  require x >= 0 else "x is negative"
  return sqrt(x)
}`,
  ),
  P03: entry(
    "a number that is not well formed",
    `A number is written 12, 1.5, 1e-3 or, in hexadecimal, 0x9E3779B9; the digits may be left out before the point or behind it, as in
.5 and 1. (but not where a second point follows: 0..n is a range). It has no suffix: its type comes from what it meets. A
multiplication is always written with \`*\`.`,
    `
fn twice(x: real) -> real {
  return 2x
}`,
    `
fn twice(x: real) -> real {
  return 2 * x
}`,
  ),
  P04: entry(
    "something else was expected here",
    `The text can't be read on from here: the message says what may stand in this place and what was found. The rest of the
statement is left out, and reading goes on with the next line. A line goes on only in brackets, in the braces of a record, and
behind an operator, a comma, \`if\`, \`then\` or \`else\`.`,
    `
fn larger(a: real, b: real) -> real {
  return if a > b { a } else { b }
}`,
    `
fn larger(a: real, b: real) -> real {
  return if a > b then a else b
}`,
  ),
  P05: entry(
    "a line that begins with an operator",
    `A statement ends with its line, unless the line ends with an operator. So that it is plain at a line's end whether the
statement goes on, an operator stands at the end of the line, not at the beginning of the next one. Inside ( ) and [ ] lines
are joined in any case.`,
    `
fn total(a: real, b: real) -> real {
  return a
    + b
}`,
    `
fn total(a: real, b: real) -> real {
  return a +
    b
}`,
  ),
  P06: entry(
    "a chain of comparisons",
    `\`0 < x < 1\` would compare the answer of \`0 < x\`, a \`bool\`, with 1. Two comparisons are joined by \`and\`.`,
    `
fn inside(x: real) -> bool {
  return 0 < x < 1
}`,
    `
fn inside(x: real) -> bool {
  return 0 < x and x < 1
}`,
  ),
  P07: entry(
    "a keyword where a name is needed",
    `The words of the grammar, such as \`in\`, \`test\` or \`within\`, are no names. The field of a record may be any word, since it stands
behind a dot or in braces.`,
    `
fn scaled(x: real) -> real {
  let until = 2 * x
  return x
}`,
    `
fn scaled(x: real) -> real {
  let end = 2 * x
  return end
}`,
  ),
  P08: entry(
    "a bracket without its partner",
    `Every ( [ { has its closing partner, and they don't cross. A round or square bracket that is still open where a line begins with
\`let\`, \`for\`, \`return\` or another word that only begins a statement was never closed; so was a block where a declaration begins.`,
    `
fn mean(x: real[n]) -> real {
  let total = sum[i](x[i]
  return total / n
}`,
    `
fn mean(x: real[n]) -> real {
  let total = sum[i](x[i])
  return total / n
}`,
  ),
  P09: entry(
    "a message shows something that is no name",
    `In the message of a \`require\`, {name} shows the value of a name and {name.field} that of a record's field. Expressions can't
stand there; give the value a name with \`let\`.`,
    `
fn root(x: real) -> real {
  require x >= 0 else "the double is {2 * x}"
  return sqrt(x)
}`,
    `
fn root(x: real) -> real {
  let double = 2 * x
  require x >= 0 else "the double is {double}"
  return sqrt(x)
}`,
  ),
  P10: entry(
    "too much in one expression or block",
    `Brackets, blocks and choices may stand 64 levels deep in each other, and an expression may build 500 operations one upon
another. That is more than a person can read; programs that write Fold should name parts with \`let\`, or put numbers in an array.
The programs below are shortened: the wrong one has 600 terms.`,
    `
fn long(x: real) -> real {
  return x + x + x + x
}`,
    `
fn long(x: real) -> real {
  return 600 * x
}`,
  ),
  P11: entry(
    "an import below a declaration",
    `Imports stand at the top of a file, above all declarations, so that a reader finds in one place what it builds on.`,
    `
fn twice(x: real) -> real {
  return 2 * x
}
import { hypot } from "std/math"`,
    `
import { hypot } from "std/math"

fn twice(x: real) -> real {
  return hypot(x, x)
}`,
  ),
};
