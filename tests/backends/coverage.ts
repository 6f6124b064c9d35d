// What of the compiler the programs bring into play: the classes that nests fall into, the passes that change a kernel, and how loops run.
// Counted in programs, where they are compiled.
import type { Plan, PlanStep } from "../../src/abi.js";
import type { LoopFunction } from "../../src/ir/loop.js";
import { walkBlock } from "../../src/ir/loop-walk.js";
import type { SiteClass } from "../../src/ir/schedule/schedule.js";

const classes = {
  map: true,
  rowReduction: true,
  columnReduction: true,
  fullReduction: true,
  contraction: true,
  scatter: true,
  scan: true,
  sequential: true,
} as const satisfies Record<SiteClass, true>;

/** Everything that must turn up. `passNames` are those of the compiler's list. */
export const covered = (passNames: readonly string[]): readonly string[] => [
  ...Object.keys(classes).map((c) => `nest: ${c}`),
  ...passNames.map((p) => `pass: ${p}`),
  "CPU loop: in lanes",
  "CPU loop: forked",
  "CPU loop: until",
  "GPU loop: for, by the host",
  "GPU loop: until, in chunks of turns",
  "GPU loop: within one workgroup",
  "GPU branch: by the host",
  "GPU crossing: host function",
  "GPU arrays: in the slab",
];

export function loopCoverage(f: LoopFunction): ReadonlySet<string> {
  const found = new Set<string>();
  walkBlock(
    f.body,
    (s) => {
      if (s.kind === "parallel") found.add("CPU loop: forked");
      if (s.kind === "while") found.add("CPU loop: until");
    },
    (e) => {
      if (e.type.lanes > 1) found.add("CPU loop: in lanes");
    },
  );
  return found;
}

export function planCoverage(plan: Plan, texts: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (steps: readonly PlanStep[]): void => {
    for (const s of steps)
      switch (s.step) {
        case "for":
          found.add("GPU loop: for, by the host");
          visit(s.body);
          break;
        case "loop":
          found.add("GPU loop: until, in chunks of turns");
          visit(s.body);
          break;
        case "if":
          found.add("GPU branch: by the host");
          visit(s.yes);
          visit(s.no);
          break;
        case "host":
          found.add("GPU crossing: host function");
          break;
        case "let":
        case "make":
        case "drop":
        case "copy":
        case "dispatch":
        case "read":
        case "require":
          break;
      }
  };
  visit(plan.steps);
  if (plan.arrays.some((a) => a.slab)) found.add("GPU arrays: in the slab");
  // A loop in a kernel that meets at barriers in each turn: all of it runs in one workgroup.
  if (texts.some((t) => /\b(for|while|loop)\b[^}]*Barrier\(\)/s.test(t))) found.add("GPU loop: within one workgroup");
  return found;
}
