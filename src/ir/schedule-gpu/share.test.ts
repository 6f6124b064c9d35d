// Names for host expressions: made once, where all uses are still to come, out of loops that do not change them; and simpler expressions.
import { expect, test } from "vitest";
import { parsePlan } from "../plan-parse.js";
import { printPlan } from "../plan-print.js";
import { shareExpressions } from "./share.js";

const around = (arrays: string, steps: string): string => `plan "p" {
  size n.0
  size m.1
  checks 0
  control 0
${arrays}  steps {
${steps}  }
}
`;
const shared = (arrays: string, steps: string): string => printPlan(shareExpressions(parsePlan(around(arrays, steps))));

test("an expression of two branches is named before them, out of the loop that it does not depend on", () => {
  const long = "idiv:i32(add:i32(mul:i32(n.0, m.1), 63), 64)";
  const own = "mul:i32(add:i32(k.2, n.0), sub:i32(k.2, add:i32(n.0, m.1)))";
  const array = (length: string): string => `  array a: local f32 length ${length}\n`;
  const steps = `    for k.2 in 0 .. 10 {
      make 0
      if lt:bool(k.2, 5) {
        let x.3 = ${long}
      } else {
        let y.4 = ${long}
        let z.5 = ${own}
        let w.6 = ${own}
      }
    }
`;
  expect(shared(array(long), steps)).toBe(
    around(
      array("aLength"),
      `    let aLength = ${long}
    for k.2 in 0 .. 10 {
      make 0
      if lt:bool(k.2, 5) {
        let x.3 = aLength
      } else {
        let y.4 = aLength
        let common = ${own}
        let z.5 = common
        let w.6 = common
      }
    }
`,
    ),
  );
});

test("what is set in one branch is not relied on after it", () => {
  const sum = "mul:i32(add:i32(x.2, n.0), add:i32(m.1, max:i32(m.1, 7)))";
  const steps = `    if lt:bool(n.0, 5) {
      let x.2 = 3
    } else {
      let x.2 = 4
    }
    let y.3 = ${sum}
    let z.4 = ${sum}
`;
  expect(shared("", steps)).toBe(around("", steps));
});

test("constants are folded, and sizes are not held against 0", () => {
  const before = "    let x.2 = add:i32(max:i32(0, n.0), mul:i32(3, sub:i32(7, 2)))\n";
  expect(shared("", before)).toBe(around("", "    let x.2 = add:i32(n.0, 15)\n"));
  const wraps = "    let x.2 = max:i32(0, add:i32(n.0, mul:i32(65536, 65536)))\n";
  expect(shared("", wraps)).toBe(around("", wraps));
  const counts = "    let x.2 = max:int(0, add:int(n.0, mul:int(65536, 65536)))\n";
  expect(shared("", counts)).toBe(around("", "    let x.2 = add:int(n.0, 4294967296)\n"));
});
