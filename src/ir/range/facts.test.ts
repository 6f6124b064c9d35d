// What is known of names that were made from mutable ones: they keep what held when they were made.
import { describe, expect, it } from "vitest";
import { optimise, precisions, toNests } from "../../compile.js";
import { exportsOf, loadProgram } from "../../compiler/load.js";

/** How many checks a function with this body keeps. `end` may be anything, and changes. */
function checks(body: string): number {
  const source = `
export fn run(x: real[n], g: i32[m], start: i32) -> real {
  var end = start
  var places = g
  var total = 0
  ${body}
  return total
}
`;
  const { program } = loadProgram("facts.fold", (path) => (path === "facts.fold" ? source : undefined));
  const [def] = program ? exportsOf(program) : [];
  if (!program || !def) throw new Error("the program is not accepted");
  return optimise(toNests(program, def, "wasm", precisions.float32), "wasm").checks.length;
}

describe("a subscript is in range", () => {
  it.each([
    [
      "between bounds that a changing number is held to",
      "let k: i32 = clamp(end, 0, n - 1)\n if n > 0 { total = x[k] }",
    ],
    [
      "also after that number has changed, and in a loop that changes it",
      `let hi: i32 = min(end, n)
       end = 7
       for i in 0..hi {
 total += x[i]
 end = end + i
 total += x[i]
 }`,
    ],
    [
      "below the ends that an array told before it changed",
      `for k in 0..m {
         let lo: i32 = max(places[k], 0)
         let hi: i32 = min(places[k], n - 1)
         each j in 0..m: places[j] = 5
         if lo < hi {
 for i in lo..hi {
 total += x[i]
 end = i
 }
 total += x[hi]
 }
       }`,
    ],
  ])("%s", (_, body) => {
    expect(checks(body)).toBe(0);
  });
  it.each([
    ["of the number that has changed since", "let k: i32 = min(end, n - 1)\n end = 7\n if end >= 0 { total = x[end] }"],
    ["with nothing that bounds it from below", "let k: i32 = min(end, n - 1)\n total = x[k]"],
    [
      "known of the number alone, in a loop that changes it",
      "if end >= 0 and end < n {\n for i in 0..2 {\n total += x[end]\n end = end + 1\n }\n }",
    ],
  ])("not %s", (_, body) => {
    expect(checks(body)).toBeGreaterThan(0);
  });
});
