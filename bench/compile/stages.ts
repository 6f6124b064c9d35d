// Samples of the stack by the compiler's stages: a sample is the innermost stage's that it stands in.
import type { Profiler } from "node:inspector";

/** Functions that are stages of their own, by what they are called in reports. */
const stages: ReadonlyMap<string, string> = new Map(
  Object.entries({
    loadProgram: "front end: parse and check",
    lowerFunction: "lower to Nest IR",
    prove: "proofs of ranges",
    interned: "kernels that are the same",
    runPassesInStages: "passes",
    simplify: "passes: simplify",
    dropDeadCode: "passes: dead code",
    fuse: "passes: fuse",
    hoist: "passes: hoist",
    addSecondBuffers: "passes: second buffer",
    verifyKernel: "verify Nest IR",
    scheduleKernel: "CPU: schedule",
    lowerKernel: "CPU: loops",
    vectorise: "CPU: vectorise",
    lift: "CPU: lift",
    inRegisters: "CPU: registers",
    shareNames: "CPU: names",
    scheduleGpu: "GPU: plan",
    assertPlan: "GPU: verify the plan",
    emitWgsl: "GPU: WGSL",
    emitKernel: "WASM: make Binaryen's trees",
    emitWasm: "WASM: put modules together",
    deflateRawSync: "compress",
    "(garbage collector)": "garbage collection",
  }),
);
/** Methods of Binaryen's modules, whose full names hang on its bundle. */
const binaryen: readonly (readonly [RegExp, string])[] = [
  [/\.runPasses(OnFunction)?$/, "WASM: Binaryen's passes"],
  [/\.emitBinary$/, "WASM: write"],
];

function stageNamed(name: string): string | undefined {
  return (
    stages.get(name) ?? stages.get(name.replace(/\d+$/, "")) ?? binaryen.find(([pattern]) => pattern.test(name))?.[1]
  );
}

/** Milliseconds of each stage. */
export function samplesByStage(profile: Profiler.Profile): ReadonlyMap<string, number> {
  const nodes = new Map(profile.nodes.map((n) => [n.id, n]));
  const stageOf = new Map<number, string>();
  const visit = (id: number, outer: string): void => {
    const node = nodes.get(id);
    const own = stageNamed(node?.callFrame.functionName ?? "") ?? outer;
    stageOf.set(id, own);
    for (const child of node?.children ?? []) visit(child, own);
  };
  const [root] = profile.nodes;
  if (root) visit(root.id, "the rest");
  const times = new Map<string, number>();
  profile.samples?.forEach((id, k) => {
    const stage = stageOf.get(id) ?? "the rest";
    times.set(stage, (times.get(stage) ?? 0) + (profile.timeDeltas?.[k] ?? 0) / 1000);
  });
  return times;
}
