// For tests: runs a kernel that is written as Nest IR text through a lowering and the strict evaluator.
import { evaluateSize } from "../../../compiler/size.js";
import type { LoopFunction } from "../../loop.js";
import { evaluateFunction, type Failure, type Memory, rounded } from "../../loop-evaluate.js";
import type { ArrayVar, Kernel } from "../../nest.js";
import { parseKernel } from "../../nest-parse.js";
import { verifyKernel } from "../../nest-verify.js";
import { addSecondBuffers } from "../../passes/second-buffer.js";

export interface Run {
  readonly failure: Failure | undefined;
  /** One list for each leaf of the result. */
  readonly results: readonly (readonly number[])[];
}

/** `text` without the header and with `real` and `wide` as f32 and f64. */
export function kernelOf(text: string, real = "f32"): Kernel {
  const kernel = parseKernel(`kernel "test" real ${real} wide f64 {\n${text}\n}`);
  const problems = verifyKernel(kernel);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return addSecondBuffers(kernel);
}

/** `resultLengths`: elements of the array results whose shapes speak of more than the kernel's sizes. */
export function runKernel(
  kernel: Kernel,
  f: LoopFunction,
  sizes: readonly number[],
  scalars: readonly number[],
  params: readonly (readonly number[])[],
  resultLengths: readonly number[] = [],
): Run {
  const count = (a: ArrayVar): number =>
    a.shape.reduce((n, s) => n * evaluateSize(s, (x) => sizes[kernel.sizes.findIndex((v) => v.id === x.id)] ?? 0), 1);
  const inputs = kernel.params.map((a, i): Memory => {
    const data = params[i] ?? [];
    if (data.length !== count(a)) throw new Error(`${a.name} takes ${count(a)} elements, not ${data.length}`);
    return { scalar: a.type, data: data.map((x) => rounded(a.type, x)) };
  });
  const outputs = kernel.results.map((r, i): Memory => {
    const length = r.kind === "scalar" ? 1 : (resultLengths[i] ?? count(r.array));
    const scalar = r.kind === "scalar" ? r.value.type : r.array.type;
    return { scalar, data: Array.from({ length }, () => Number.NaN) };
  });
  const failure = evaluateFunction(f, [...sizes, ...scalars], [...inputs, ...outputs]);
  return { failure, results: outputs.map((m) => m.data) };
}

/** Where two lists of results differ; nothing where they are the same number for number. */
export function sameNumbers(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): string {
  for (const [leaf, list] of b.entries())
    for (const [i, y] of list.entries()) {
      const x = a[leaf]?.[i];
      const same = x === y || (Number.isNaN(x) && Number.isNaN(y));
      if (!same) return `result ${leaf} at ${i} is ${x}, not ${y}`;
    }
  return "";
}
