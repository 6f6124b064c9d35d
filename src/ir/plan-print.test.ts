// Plans as text: printing and parsing are inverse on the plans of our own programs, and the verifier accepts them and finds what is wrong.
import fs from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { optimise, toNests, toPlan } from "../compile.js";
import { exportsOf, loadProgram } from "../compiler/load.js";
import type { GpuPlan } from "./plan.js";
import { parsePlan } from "./plan-parse.js";
import { printPlan } from "./plan-print.js";
import { verifyPlan } from "./plan-verify.js";

const files = ["estimators", "stdlib"]
  .flatMap((dir) => fs.readdirSync(dir, { recursive: true }).map((name) => path.join(dir, String(name))))
  .filter((name) => name.endsWith(".fold"));

function plansOf(file: string): GpuPlan[] {
  const { program } = loadProgram(file, (p) => fs.readFileSync(p, "utf8"));
  if (!program) throw new Error(`${file} has errors`);
  return exportsOf(program).map((def) =>
    toPlan(optimise(toNests(program, def, "wgsl", { real: "f32", wide: "f32" }), "wgsl")),
  );
}

describe.each(files)("the plans of %s", (file) => {
  test("are verified, and are what their text says", () => {
    for (const plan of plansOf(file)) {
      expect(verifyPlan(plan), plan.name).toEqual([]);
      expect(parsePlan(printPlan(plan))).toEqual(plan);
    }
  });
});

describe("the verifier of plans", () => {
  const text = (steps: string): string => `plan "p" {
  size n
  checks 1
  control 4000
  array x: param 0 f32 length n
  array y: local f32 length n
  kernel "k" workgroup 64 {
    function "k" { scalar n.1: i32 buffer x.2: param f32 buffer y.3: result f32 body { y.3[0] = x.2[0] } }
    frame [n]
    bind x.2 = array 0
    bind y.3 = array 1 write
  }
  steps { ${steps} }
}`;
  const problems = (steps: string): string => verifyPlan(parsePlan(text(steps))).join("; ");
  test.each([
    ["make 1 dispatch 0 groups n drop 1", ""],
    ["dispatch 0 groups n", "array y has no buffer there"],
    ["make 1 drop 1 dispatch 0 groups n", "array y has no buffer there"],
    ["if n { make 1 } dispatch 0 groups n", "array y has no buffer there"],
    ["make 1 dispatch 0 groups m", "reads m, which is not known there"],
    ["let m = n make 1 dispatch 0 groups m", ""],
    ["if n { let m = n } make 1 dispatch 0 groups m", "reads m, which is not known there"],
    ["for m in 0 .. n { } make 1 dispatch 0 groups m", "reads m, which is not known there"],
    ["make 1 for m in 0 .. n { let l = m dispatch 0 groups l }", ""],
    ["make 1 dispatch 1 groups n", "there is no kernel 1"],
    ["require n check 1 with []", "there is no check 1"],
    ["read a: f32 word 1", "a is in word 1"],
  ])("%s", (steps, problem) => {
    if (problem === "") expect(problems(steps)).toBe("");
    else expect(problems(steps)).toContain(problem);
  });
});
