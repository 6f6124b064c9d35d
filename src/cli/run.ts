// `bifold run`: one function, on one backend, with arguments from a file; prints one JSON object.
import type { FunctionDef, Program, ValueType } from "../compiler/typed.js";
import { interpret } from "../ir/interpret/index.js";
import { fromNested, type HostValue, isHostArray, isHostRecord } from "../ir/interpret/value.js";
import { callKernel, type KernelArgument, type KernelResult } from "../runtime/call.js";
import type { FloatDtype } from "../runtime/dtype.js";
import { BifoldError } from "../runtime/errors.js";
import { NDArray } from "../runtime/ndarray.js";
import { disposeAll } from "../runtime/scope.js";
import { type ArgumentValue, readArguments } from "./arguments.js";
import { type Backend, deviceFor } from "./backend.js";
import { describeError, render } from "./failure.js";
import { exportNamed, openProgram, Reported } from "./source.js";

export interface RunOptions {
  readonly args: string;
  readonly backend: Backend;
  readonly dtype?: FloatDtype;
  readonly threads?: number;
  readonly repeat: number;
}

/** JSON has no NaN or infinity: they are written as text, which `ARGS.json` takes too. */
const jsonNumber = (_: string, v: unknown): unknown => (typeof v === "number" && !Number.isFinite(v) ? String(v) : v);

export async function run(file: string, name: string, options: RunOptions): Promise<number> {
  const program = openProgram(file);
  const def = exportNamed(program, name);
  const args = await readArguments(options.args, def);
  const dtype = options.dtype ?? (options.backend === "webgpu" ? "float32" : "float64");
  if (options.backend === "webgpu" && dtype === "float64")
    throw new BifoldError("dtype", "WebGPU has no float64: leave --dtype out, or run on the CPU");
  const timeMs: number[] = [];
  let result: unknown;
  try {
    result =
      options.backend === "interpreter"
        ? runInterpreter(program, def, args, dtype, options.repeat, timeMs)
        : await runDevice(program, def, args, dtype, options, timeMs);
  } catch (error) {
    if (!(error instanceof BifoldError)) throw error;
    process.stderr.write(`${describeError(error, program)}\n`);
    throw new Reported();
  }
  process.stdout.write(`${JSON.stringify({ result, backend: options.backend, dtype, timeMs }, jsonNumber)}\n`);
  return 0;
}

async function runDevice(
  program: Program,
  def: FunctionDef,
  args: readonly ArgumentValue[],
  dtype: FloatDtype,
  options: RunOptions,
  timeMs: number[],
): Promise<unknown> {
  const { artifactOf } = await import("../compile.js");
  const artifact = artifactOf(program);
  const device = await deviceFor(options.backend as "cpu" | "webgpu", options.threads);
  for (let turn = 1; ; turn++) {
    const start = performance.now();
    const result = await callKernel(artifact, def.name, args as readonly KernelArgument[], { device, dtype });
    const nested = await toNested(result);
    timeMs.push(performance.now() - start);
    disposeAll(result);
    if (turn >= options.repeat) return nested;
  }
}

async function toNested(value: KernelResult): Promise<unknown> {
  if (value instanceof NDArray) return value.toArray();
  if (typeof value !== "object") return value;
  return Object.fromEntries(
    await Promise.all(Object.entries(value).map(async ([k, v]) => [k, await toNested(v)] as const)),
  );
}

function runInterpreter(
  program: Program,
  def: FunctionDef,
  args: readonly ArgumentValue[],
  real: FloatDtype,
  repeat: number,
  timeMs: number[],
): unknown {
  const values = def.params.map((p, k) => {
    const read = toHost(args[k]!, p.type as ValueType, real);
    if ("problem" in read) throw new BifoldError("parameter", `${p.name}: ${read.problem}`);
    return read.value;
  });
  for (let turn = 1; ; turn++) {
    const start = performance.now();
    const outcome = interpret(program, def, values, { real, target: "exact" });
    timeMs.push(performance.now() - start);
    if ("error" in outcome) {
      const { code, message, at } = outcome.error;
      process.stderr.write(`${render([{ code, severity: "error", message, at }], program)}\n`);
      throw new Reported();
    }
    if (turn >= repeat) return nestedOf(outcome.value);
  }
}

function toHost(value: ArgumentValue, type: ValueType, real: FloatDtype): ReturnType<typeof fromNested> {
  if (typeof value === "object" && value !== null && !Array.isArray(value) && "data" in value && "shape" in value)
    return {
      value: { shape: value.shape as readonly number[], data: Float64Array.from(value.data as ArrayLike<number>) },
    };
  return fromNested(value, type, real);
}

function nestedOf(value: HostValue): unknown {
  if (typeof value !== "object") return value;
  if (isHostRecord(value)) return Object.fromEntries(Object.entries(value.fields).map(([k, v]) => [k, nestedOf(v)]));
  if (!isHostArray(value)) throw new Error("internal: a host value of no kind");
  const { shape, data } = value;
  const build = (axis: number, at: number): unknown => {
    const count = shape[axis];
    if (count === undefined) return data instanceof Uint8Array ? data[at] !== 0 : data[at];
    const stride = shape.slice(axis + 1).reduce((n, d) => n * d, 1);
    return Array.from({ length: count }, (_, k) => build(axis + 1, at + k * stride));
  };
  return build(0, 0);
}
