// How work is laid out on the GPU, read off the plan: nothing large is one workgroup's, small loops are, and contractions go by tiles.
import { describe, expect, it } from "vitest";
import type { HostExpr, Plan, PlanStep } from "../../src/abi.js";
import { emitWgsl } from "../../src/codegen/wgsl/index.js";
import { optimise, precisions, toNests, toPlan } from "../../src/compile.js";
import { loadProgram } from "../../src/compiler/load.js";
import { type Size, symbolsOfSize } from "../../src/compiler/size.js";
import { evaluate } from "../../src/runtime/webgpu/host.js";

/** So much may be one workgroup's. */
const MOST = 4096;

const text = `
export fn mapped(x: real[n]) -> real[n] {
  let y[i] = 2 * x[i]
  return y
}
export fn total(x: real[n]) -> real { return sum[i](x[i]) }
export fn best(x: real[n]) -> i32 { return argmin[i](x[i]) }
export fn rows(X: real[m, n]) -> real[m] {
  let y[i] = sum[j](X[i, j] ^ 2)
  return y
}
export fn columns(X: real[n, m]) -> real[m] {
  let y[j] = max[i](X[i, j])
  return y
}
export fn maybe(X: real[n, m], centred: bool) -> real[m] {
  let y[j] = if centred then sum[i](X[i, j]) / n else 0
  return y
}
export fn gram(X: real[n, m]) -> real[m, m] { return X' @ X }
export fn product(X: real[n, m], Y: real[m, m]) -> real[n, m] { return X @ Y }
export fn bins(x: real[n], g: i32[n], m: size) -> real[m] {
  var y[k in 0..m] = 0
  each i: y[g[i]] += x[i]
  return y
}
export fn running(x: real[n]) -> real[n] {
  let y[i in 0..n] = sum[k in 0..i + 1](x[k])
  return y
}
export fn stepped(x: real[n], turns: i32) -> real[n] {
  var y = x
  for t in 0..turns {
    let most = max[i](y[i])
    each i: y[i] = y[i] / (1 + most)
  }
  return y
}
export fn halving(x: real[n], turns: i32) -> real[n] {
  var y = x
  loop t < turns {
    let most = max[i](y[i])
    each i: y[i] = y[i] / 2
  } until most < 1
  return y
}
`;
const { program } = loadProgram("plan.fold", (path) => (path === "plan.fold" ? text : undefined));
if (!program) throw new Error("the program is not accepted");

interface Dispatch {
  readonly kernel: string;
  readonly groups: number;
  readonly workgroup: number;
  /** Elements of the largest array that it touches. */
  readonly elements: number;
  readonly text: string;
}

/** The dispatches that a call with these sizes makes; `for` and `loop` take one turn. */
function dispatches(fn: string, sizes: Readonly<Record<string, number>>, scalars: readonly number[] = []): Dispatch[] {
  const def = program?.functions.find((f) => f.name === fn);
  if (!program || !def) throw new Error(`there is no ${fn}`);
  const kernel = optimise(toNests(program, def, "wgsl", precisions.gpu), "wgsl");
  const gpu = toPlan(kernel);
  const { plan, texts }: { plan: Plan; texts: readonly string[] } = emitWgsl(gpu);
  const values = new Map<string, number>([["$zero", 0]]);
  for (const [k, v] of kernel.sizes.entries()) values.set(plan.sizes[k] ?? "", sizes[v.name] ?? 0);
  for (const [k, s] of plan.scalars.entries()) values.set(s.name, scalars[k] ?? 1);
  const value = (e: HostExpr): number => evaluate(e, values);
  // Sizes here are names.
  const sizeOf = (d: Size): number => sizes[symbolsOfSize(d)[0]?.name ?? ""] ?? 0;
  const given = [...kernel.params, ...kernel.results.flatMap((r) => (r.kind === "array" ? [r.array] : []))];
  const shapes = new Map(given.map((a) => [a.name, a.shape.reduce((n, d) => n * sizeOf(d), 1)]));
  const lengths = plan.arrays.map((a) => (a.role === "local" ? 0 : (shapes.get(a.name) ?? 0)));
  const found: Dispatch[] = [];
  const run = (steps: readonly PlanStep[]): void => {
    for (const s of steps)
      switch (s.step) {
        case "let":
          values.set(s.name, value(s.value));
          break;
        case "make":
          lengths[s.array] = value(plan.arrays[s.array]?.length ?? 0);
          break;
        case "dispatch": {
          const k = plan.kernels[s.kernel];
          if (!k) throw new Error("a dispatch without a kernel");
          const touched = k.bindings.map((b) => (typeof b.array === "number" ? (lengths[b.array] ?? 0) : 0));
          found.push({
            kernel: k.name,
            groups: value(s.groups),
            workgroup: k.workgroup,
            elements: Math.max(0, ...touched),
            text: texts[s.kernel] ?? "",
          });
          break;
        }
        case "for":
          values.set(s.name, 0);
          run(s.body);
          break;
        case "loop":
          values.set(s.turn, 0);
          run(s.body);
          break;
        case "if":
          run(value(s.condition) ? s.yes : s.no);
          break;
        default:
      }
  };
  run(plan.steps);
  return found;
}

describe("what is large", () => {
  const large: readonly [string, Record<string, number>][] = [
    ["mapped", { n: 100_000 }],
    ["total", { n: 100_000 }],
    ["best", { n: 5_000_000 }],
    ["rows", { n: 100_000, m: 3 }],
    ["rows", { n: 5000, m: 5000 }],
    ["columns", { n: 100_000, m: 3 }],
    ["columns", { n: 1000, m: 100 }],
    ["maybe", { n: 100_000, m: 3 }],
    ["gram", { n: 100_000, m: 3 }],
    ["gram", { n: 100_000, m: 30 }],
    ["product", { n: 100_000, m: 30 }],
    ["bins", { n: 100_000, m: 10 }],
    ["bins", { n: 100_000, m: 10_000 }],
    ["running", { n: 100_000 }],
    ["stepped", { n: 100_000 }],
    ["halving", { n: 100_000 }],
  ];
  it.each(large)("%s over %o is spread over workgroups", (fn, sizes) => {
    const all = dispatches(fn, sizes, [3, 3]);
    expect(all.some((d) => d.elements > MOST)).toBe(true);
    for (const d of all)
      if (d.elements > MOST)
        expect(d.groups * d.workgroup, `${d.kernel}: ${d.groups} workgroups`).toBeGreaterThan(2 * 128);
  });
});

describe("what is small", () => {
  it.each(["stepped", "halving"])("%s is one dispatch, whatever its turns", (fn) => {
    const loops = dispatches(fn, { n: 500 }, [1000]).filter((d) => d.kernel.endsWith("Loop"));
    expect(loops).toHaveLength(1);
    expect(loops[0]?.groups).toBe(1);
    expect(loops[0]?.text).toContain("storageBarrier();");
  });

  it("is stepped through where it may take long", () => {
    expect(dispatches("stepped", { n: 500 }, [100_000]).filter((d) => d.kernel.endsWith("Loop"))).toEqual([]);
  });
});

describe("a contraction", () => {
  it("stages tiles in workgroup memory and keeps its sums in registers", () => {
    const [d] = dispatches("product", { n: 1000, m: 64 });
    expect(d?.workgroup).toBe(64);
    expect(d?.groups).toBe(Math.ceil(1000 / 32) * 2);
    expect(d?.text.match(/var<workgroup> \w+: array<f32, 576>/g)).toHaveLength(2);
    expect(d?.text.match(/sum(_\d+)? = sum(_\d+)? \+ left\w* \* right\w*;/g)).toHaveLength(16);
  });

  it("splits its values where there are few tiles", () => {
    const [parts, sum] = dispatches("gram", { n: 100_000, m: 32 });
    expect(parts?.groups).toBeGreaterThan(64);
    expect(sum?.kernel).toBe("result");
  });

  it("is left to the points where it is small", () => {
    expect(dispatches("product", { n: 4, m: 4 }).every((d) => !d.text.includes("var<workgroup>"))).toBe(true);
  });
});
