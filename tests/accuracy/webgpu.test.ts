// The scalar functions on WebGPU against the bounds that the interpreter takes for it, at finite normal arguments and results: what
// WGSL's own functions promise, and what std/math makes of them.
import { expect, test } from "vitest";
import { accuracyOf } from "../../src/ir/interpret/ulp.js";
import { CpuDevice } from "../../src/runtime/cpu/index.js";
import { WebGpuDevice } from "../../src/runtime/webgpu/index.js";
import { measuredFunctions } from "./functions.js";
import { caller, compileFunctions } from "./measure.js";
import { partners, patterns } from "./points.js";

const step = 20011;
/** Those of std/math that are no builtins, and pow: in ulp.ts the first are what they are made of, the second is a formula. */
const others: { readonly [name: string]: (x: number, y: number) => number } = {
  hypot: () => 8,
  cbrt: () => 4,
  erfinv: () => 12,
  digamma: () => 8,
  // exp2(y log2(x)): the logarithm's error times y, and that of the exponential.
  pow: (x, y) => {
    const log = accuracyOf("wgsl", "log2", x, true);
    const exponent = y * Math.log2(x);
    const inLog = log.ulps * 2 ** -23 * Math.abs(Math.log2(x)) + (log.absolute ?? 0);
    const relative = Math.expm1(Math.LN2 * (Math.abs(y) * inLog + 2 ** -23 * Math.abs(exponent)));
    return accuracyOf("wgsl", "exp2", exponent, true).ulps + relative * 2 ** 24;
  },
};

const artifact = compileFunctions();
const onGpu = caller(artifact, await WebGpuDevice.create({ defaultLimits: true }));
const onCpu = caller(artifact, await CpuDevice.create({ threads: 1 }));
const normal = (v: number): boolean => v === 0 || (Math.abs(v) >= 2 ** -126 && Math.abs(v) < 2 ** 128 - 2 ** 104);
const worst = new Map<string, number>();

test.each(measuredFunctions)("$name is as good as promised", async (f) => {
  const count = Math.floor(2 ** 32 / step);
  const x = patterns(0, count, step);
  const y = f.arity === 2 ? partners(0, count) : undefined;
  const found = await onGpu(f, x, y, "float32");
  // The double-precision build, which is held against exact values.
  const exact = await onCpu(f, Float64Array.from(x), y && Float64Array.from(y), "float64");
  let points = 0;
  const failures: string[] = [];
  for (let k = 0; k < count; k++) {
    const a = x[k]!;
    const b = y?.[k] ?? 0;
    const wanted = exact[k]!;
    if (!normal(a) || !normal(b) || !normal(wanted) || (f.within && !f.within(a, true))) continue;
    points++;
    const own = others[f.name]?.(a, b);
    const { ulps, absolute = 0 } = own === undefined ? accuracyOf("wgsl", f.name, a, true) : { ulps: own };
    const unit = 2 ** (Math.floor(Math.log2(Math.max(Math.abs(wanted), 2 ** -126))) - 23);
    const error = Math.abs(found[k]! - wanted);
    // What is lost where a step is subnormal, which may be taken for 0.
    const flushed = 2 ** -126;
    worst.set(f.name, Math.max(worst.get(f.name) ?? 0, error / (ulps * unit + absolute + flushed)));
    if (!(error <= ulps * unit + absolute + flushed))
      failures.push(`${f.name}(${a}, ${b}) = ${found[k]}, not ${wanted}`);
  }
  console.log(`${f.name}: ${((worst.get(f.name) ?? 0) * 100).toFixed(0)} % of what is promised, ${points} points`);
  expect(failures.slice(0, 5)).toEqual([]);
  expect(points).toBeGreaterThan(20_000);
});
